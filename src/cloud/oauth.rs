//! Refusals of endpoints that give tokens (RFC 6749), and of services that have an object in the place of the code.

use serde::Deserialize;
use serde_json::Value;

use crate::json;

use super::rejection::{RejectionKind, Told};

/// `None` for an answer of another kind.
pub(crate) fn read_oauth_refusal(status: u16, body: &[u8]) -> Option<Told> {
    #[derive(Deserialize)]
    struct Refused {
        error: Value,
        #[serde(default)]
        error_description: String,
    }
    let Refused {
        error,
        error_description,
    } = json::object(body).ok()?;
    let member = |name| error.get(name)?.as_str().map(str::to_owned);
    let (code, message) = match &error {
        Value::String(code) => (code.clone(), error_description),
        Value::Object(_) => {
            let code = member("status").or_else(|| member("code"))?;
            (code, member("message").unwrap_or_default())
        }
        _ => return None,
    };
    let is_about_time = ["AADSTS700024", "short-lived token", "iat and exp"]
        .iter()
        .any(|words| message.contains(words));
    let kind = match status {
        _ if is_about_time => RejectionKind::Clock,
        403 => RejectionKind::Denied,
        _ => RejectionKind::Identity,
    };
    Some(Told {
        code,
        message,
        kind: Some(kind),
    })
}

/// Refusals of a service that gives tokens to its machine.
pub(crate) fn read_metadata_refusal(status: u16, body: &[u8]) -> Option<Told> {
    Some(Told {
        kind: Some(RejectionKind::Machine),
        ..read_oauth_refusal(status, body)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_token_endpoints_are_read() {
        use RejectionKind::{Clock, Denied, Identity};
        for (status, body, expected) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret.\r\nTrace ID: 1","error_codes":[7000215]}"#,
                Some((
                    "invalid_client",
                    "AADSTS7000215: Invalid client secret.\r\nTrace ID: 1",
                    Identity,
                )),
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."}"#,
                Some((
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
                    Clock,
                )),
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"Permission denied.","status":"PERMISSION_DENIED"}}"#,
                Some(("PERMISSION_DENIED", "Permission denied.", Denied)),
            ),
            (400, r#"{"error":"x"}"#, Some(("x", "", Identity))),
            (400, r#"{"error":{"message":"no code"}}"#, None),
            (400, r#"{"error":7}"#, None),
            (400, "<html>canary</html>", None),
        ] {
            let expected = expected.map(|(code, message, kind)| Told {
                code: code.to_owned(),
                message: message.to_owned(),
                kind: Some(kind),
            });
            assert_eq!(
                read_oauth_refusal(status, body.as_bytes()),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn a_machine_without_an_identity_is_told() {
        let not_found = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
        for (status, body, expected) in [
            (400, not_found, Some("invalid_request")),
            (404, "<html>", None),
            (400, "<html>", None),
        ] {
            let told = read_metadata_refusal(status, body.as_bytes());
            assert_eq!(
                told.as_ref().map(|told| told.code.as_str()),
                expected,
                "{body}"
            );
            assert!(told.is_none_or(|told| told.kind == Some(RejectionKind::Machine)));
        }
    }
}
