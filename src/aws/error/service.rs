//! Errors in the words of a service.

use std::fmt;

use crate::foreign::Text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// Such as `GetSecretValue`.
    pub operation: &'static str,
    pub code: Text,
    /// Names users and secrets, and holds no value of one.
    pub message: Text,
    pub kind: ServiceErrorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceErrorKind {
    NotFound,
    /// The secret is there, and has no value.
    NoValue,
    /// The identity is known, and not allowed to.
    Denied,
    /// Temporary credentials have expired.
    Expired,
    /// The keys are not known, or wrong.
    Unknown,
    /// The clocks differ.
    Clock,
    /// There is a secret of this name.
    Exists,
    /// The secret is in a state that does not allow the call, such as deleted.
    State,
    /// The KMS key of the secret cannot be used.
    Key,
    Throttled,
    Other,
}

impl ServiceError {
    pub(in super::super) fn new(operation: &'static str, code: &str, message: &str) -> Self {
        // `com.amazonaws.secretsmanager#ResourceNotFoundException:http://…`
        let code = code.rsplit('#').next().unwrap_or(code);
        let code = code.split(':').next().unwrap_or(code);
        Self {
            operation,
            code: code.into(),
            message: message.trim_end_matches('.').into(),
            kind: ServiceErrorKind::of(code, message),
        }
    }
}

impl ServiceErrorKind {
    fn of(code: &str, message: &str) -> Self {
        match code {
            "ResourceNotFoundException" if message.contains("staging label") => Self::NoValue,
            "ResourceNotFoundException" => Self::NotFound,
            "ResourceExistsException" => Self::Exists,
            "InvalidRequestException" => Self::State,
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

impl std::error::Error for ServiceError {}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS refuses {}: {}", self.operation, self.code)?;
        match self.message.is_empty() {
            true => Ok(()),
            false => write!(f, ", {}", self.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn an_error_is_told_in_words_of_the_service() {
        let table = "
            ResourceNotFoundException: Secrets Manager can't find the specified secret. => NotFound ResourceNotFoundException, Secrets Manager can't find the specified secret
            com.amazon.coral.service#ExpiredTokenException:http://internal/ => Expired ExpiredTokenException
            InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier => Clock InvalidSignatureException, Signature expired: 20150830T123600Z is now earlier
            AccessDeniedException: Access to KMS is not allowed => Key AccessDeniedException, Access to KMS is not allowed
            ThrottlingException: Rate exceeded => Throttled ThrottlingException, Rate exceeded
        ";
        for (given, expected) in cases(table) {
            let (code, message) = given.split_once(": ").unwrap_or((given, ""));
            let (kind, shown) = expected.split_once(' ').unwrap();
            let error = ServiceError::new("GetSecretValue", code, message);
            assert_eq!(format!("{:?}", error.kind), kind);
            assert_eq!(
                error.to_string(),
                format!("AWS refuses GetSecretValue: {shown}")
            );
        }
    }
}
