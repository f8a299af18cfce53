//! Every way in which AWS says no, or nothing. What it answers is quoted only where it is its own words about a refusal.

use std::fmt;

use super::{credentials, metadata, secret_id, shared_files};
use crate::{crypto, http};

/// Why a secret could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// No randomness.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// A setting names an address without TLS.
    #[error("the address in {0} is neither https nor on this machine")]
    Address(String),
    /// A profile names a section that says where services are, and there is none.
    #[error("AWS's shared configuration has no section [services {0}]")]
    NoServices(String),
    /// A text that is no region.
    #[error("`{0}` is no region of AWS")]
    Region(String),
    /// Neither ARN nor variable nor profile nor instance says where the secret is.
    #[error("nothing says in which region of AWS the secret is")]
    NoRegion,
    /// No name of a secret.
    #[error(transparent)]
    SecretId(#[from] secret_id::Error),
    /// The shared configuration does not serve.
    #[error("AWS's shared configuration cannot be used")]
    SharedFile(#[from] shared_files::Error),
    /// No credentials.
    #[error(transparent)]
    Credentials(#[from] credentials::Error),
    /// The machine says nothing about itself.
    #[error("the instance metadata service cannot be used")]
    Metadata(#[from] metadata::Reason),
    /// The service is out of order.
    #[error("{host} fails with status {status}")]
    Server {
        /// Whom we asked.
        host: String,
        /// HTTP status.
        status: u16,
    },
    /// An answer of somebody else, or of another kind.
    #[error("{0} does not answer as AWS does")]
    Unexpected(String),
    /// The service says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The secret is there and has no text in it.
    #[error("there is no text in it")]
    NoText,
}

impl Error {
    /// Whether the secret is not there, for whoever has to make it then.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.kind == Kind::NotFound)
    }

    /// Whether somebody else, asking the same, might be answered.
    pub fn is_about_the_identity(&self) -> bool {
        match self {
            Self::Credentials(_) | Self::Metadata(_) | Self::NoRegion => true,
            Self::Refused(refusal) => refusal.kind != Kind::Throttled,
            Self::Http(_)
            | Self::Crypto(_)
            | Self::Address(_)
            | Self::NoServices(_)
            | Self::Region(_)
            | Self::SecretId(_)
            | Self::SharedFile(_)
            | Self::Server { .. }
            | Self::Unexpected(_)
            | Self::NoText => false,
        }
    }

    /// Whether the same question may fare better in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Http(error) => error.may_pass(),
            Self::Server { .. } => true,
            Self::Refused(refusal) => refusal.kind == Kind::Throttled,
            _ => false,
        }
    }
}

/// A refusal in the service's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was asked, `GetSecretValue`.
    pub operation: &'static str,
    /// The service's name for it.
    pub code: String,
    /// The service's sentence about it, which names users and secrets and holds no value.
    pub message: String,
    /// What it means.
    pub kind: Kind,
}

/// What a refusal means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is no such secret, or none for us.
    NotFound,
    /// Known, and not allowed to.
    Denied,
    /// Temporary credentials whose time is over.
    Expired,
    /// Keys that are not known, or wrong.
    Unknown,
    /// The clocks differ.
    Clock,
    /// The key that the secret is encrypted under.
    Key,
    /// Too many questions.
    Throttled,
    /// Something else.
    Other,
}

impl Refusal {
    /// Longer than any sentence of AWS.
    const LONGEST: usize = 600;

    pub(super) fn new(operation: &'static str, code: &str, message: &str) -> Self {
        // `com.amazonaws.secretsmanager#ResourceNotFoundException:http://…`
        let code = code.rsplit('#').next().unwrap_or(code);
        let code = code.split(':').next().unwrap_or(code);
        Self {
            operation,
            code: code.chars().take(80).collect(),
            message: message.chars().take(Self::LONGEST).collect(),
            kind: Kind::of(code, message),
        }
    }
}

impl Kind {
    fn of(code: &str, message: &str) -> Self {
        match code {
            "ResourceNotFoundException" => Self::NotFound,
            "AccessDeniedException" | "AccessDenied" if message.contains("KMS") => Self::Key,
            "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => Self::Denied,
            "ExpiredTokenException" | "ExpiredToken" => Self::Expired,
            "RequestExpired" | "RequestTimeTooSkewed" => Self::Clock,
            "InvalidSignatureException" | "SignatureDoesNotMatch"
                if message.contains("expired") || message.contains("not yet current") =>
            {
                Self::Clock
            }
            "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "IncompleteSignature"
            | "InvalidIdentityToken"
            | "MissingAuthenticationTokenException" => Self::Unknown,
            "DecryptionFailure" | "EncryptionFailure" => Self::Key,
            code if code.contains("Throttl")
                || code == "TooManyRequestsException"
                || code == "RequestLimitExceeded" =>
            {
                Self::Throttled
            }
            _ => Self::Other,
        }
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS refuses {}: {}", self.operation, self.code)?;
        match self.message.trim_end_matches('.') {
            "" => Ok(()),
            message => write!(f, ", {message}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_services_words_and_known_by_its_kind() {
        for (code, message, kind, shown) in [
            (
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
                Kind::NotFound,
                "AWS refuses GetSecretValue: ResourceNotFoundException, Secrets Manager can't find the specified secret",
            ),
            (
                "com.amazon.coral.service#ExpiredTokenException:http://internal/",
                "",
                Kind::Expired,
                "AWS refuses GetSecretValue: ExpiredTokenException",
            ),
            (
                "InvalidSignatureException",
                "Signature expired: 20150830T123600Z is now earlier than 20261122T000000Z",
                Kind::Clock,
                "AWS refuses GetSecretValue: InvalidSignatureException, Signature expired: 20150830T123600Z is now earlier than 20261122T000000Z",
            ),
            (
                "AccessDeniedException",
                "Access to KMS is not allowed",
                Kind::Key,
                "AWS refuses GetSecretValue: AccessDeniedException, Access to KMS is not allowed",
            ),
            (
                "ThrottlingException",
                "Rate exceeded",
                Kind::Throttled,
                "AWS refuses GetSecretValue: ThrottlingException, Rate exceeded",
            ),
        ] {
            let refusal = Refusal::new("GetSecretValue", code, message);
            assert_eq!((refusal.kind, refusal.to_string().as_str()), (kind, shown));
        }
    }
}
