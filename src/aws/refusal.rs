//! Refusals of the services of AWS.

use crate::cloud::{RejectionKind as Kind, Told};

/// What a service says by this code and message.
pub(super) fn told(code: &str, message: &str) -> Told {
    // `com.amazonaws.secretsmanager#ResourceNotFoundException:http://…`
    let code = code.rsplit('#').next().unwrap_or(code);
    let code = code.split(':').next().unwrap_or(code);
    Told {
        code: code.to_owned(),
        message: message.to_owned(),
        kind: kind_of(code, message),
    }
}

/// `None` where the service takes no more calls for now.
fn kind_of(code: &str, message: &str) -> Option<Kind> {
    Some(match code {
        "ResourceNotFoundException" if message.contains("staging label") => Kind::Unreadable,
        "ResourceNotFoundException" => Kind::NotFound,
        "ResourceExistsException" => Kind::Exists,
        "InvalidRequestException" => Kind::State,
        "AccessDeniedException" | "AccessDenied" if message.contains("KMS") => Kind::Key,
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => Kind::Denied,
        "ExpiredTokenException" | "ExpiredToken" => Kind::Expired,
        "RequestExpired" | "RequestTimeTooSkewed" => Kind::Clock,
        "InvalidSignatureException" | "SignatureDoesNotMatch"
            if message.contains("expired") || message.contains("not yet current") =>
        {
            Kind::Clock
        }
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "IncompleteSignature"
        | "InvalidIdentityToken"
        | "MissingAuthenticationTokenException" => Kind::Identity,
        "DecryptionFailure" | "EncryptionFailure" => Kind::Key,
        "TooManyRequestsException" | "RequestLimitExceeded" => return None,
        code if code.contains("Throttl") => return None,
        _ => Kind::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_refusal_is_told_in_words_of_the_service() {
        for (given, expected) in cases(
            "
            ResourceNotFoundException: Secrets Manager can't find the specified secret. => Some(NotFound) ResourceNotFoundException
            ResourceNotFoundException: the specified secret value for staging label: AWSCURRENT => Some(Unreadable) ResourceNotFoundException
            com.amazon.coral.service#ExpiredTokenException:http://internal/ => Some(Expired) ExpiredTokenException
            InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier => Some(Clock) InvalidSignatureException
            AccessDeniedException: Access to KMS is not allowed => Some(Key) AccessDeniedException
            ThrottlingException: Rate exceeded => None ThrottlingException
            ",
        ) {
            let (code, message) = given.split_once(": ").unwrap_or((given, ""));
            let told = told(code, message);
            assert_eq!(format!("{:?} {}", told.kind, told.code), expected);
            assert_eq!(told.message, message);
        }
    }
}
