//! Refusals of Secret Manager.

use serde::Deserialize;

use crate::cloud::{RejectionKind, Told};
use crate::json::{self, Object};

pub(super) fn read_told(status: u16, body: &[u8]) -> Option<Told> {
    #[derive(Deserialize)]
    struct Detail {
        #[serde(default)]
        reason: String,
    }
    #[derive(Deserialize)]
    struct Reason {
        status: String,
        #[serde(default)]
        message: String,
        #[serde(default)]
        details: Vec<Object<Detail>>,
    }
    #[derive(Deserialize)]
    struct Body {
        error: Object<Reason>,
    }
    let Body {
        error: Object(error),
    } = json::object(body).ok()?;
    let is_off = |Object(detail): &Object<Detail>| detail.reason == "SERVICE_DISABLED";
    let kind = match error.status.as_str() {
        "NOT_FOUND" if status == 404 => RejectionKind::NotFound,
        "ALREADY_EXISTS" => RejectionKind::Exists,
        "FAILED_PRECONDITION" if is_about_state(&error.message) => RejectionKind::Unreadable,
        "PERMISSION_DENIED" if error.details.iter().any(is_off) => RejectionKind::SwitchedOff,
        "PERMISSION_DENIED" => RejectionKind::Denied,
        "UNAUTHENTICATED" => RejectionKind::Identity,
        _ => RejectionKind::Other,
    };
    Some(Told {
        code: error.status,
        message: error.message,
        kind: Some(kind),
    })
}

fn is_about_state(message: &str) -> bool {
    let states = ["DISABLED", "DESTROYED"];
    states.iter().any(|state| message.contains(state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn refusals_of_secret_manager_are_told_apart() {
        for (given, expected) in cases(
            "
            404 NOT_FOUND Secret [projects/1/secrets/x] not found or has no versions. => NotFound
            409 ALREADY_EXISTS Secret [projects/1/secrets/x] already exists. => Exists
            400 FAILED_PRECONDITION Secret Version [projects/1/secrets/x/versions/1] is in DISABLED state. => Unreadable
            400 FAILED_PRECONDITION Secret Version [projects/1/secrets/x/versions/1] is in DESTROYED state. => Unreadable
            400 FAILED_PRECONDITION Constraint constraints/gcp.resourceLocations violated. => Other
            403 PERMISSION_DENIED Permission denied. => Denied
            403 PERMISSION_DENIED off SERVICE_DISABLED => SwitchedOff
            401 UNAUTHENTICATED Request had invalid authentication credentials. => Identity
            400 INVALID_ARGUMENT Why. => Other
            ",
        ) {
            let (status, rest) = given.split_once(' ').unwrap();
            let (code, message) = rest.split_once(' ').unwrap();
            let reason = message.rsplit(' ').next().unwrap();
            let body = serde_json::json!({"error": {
                "code": 1, "status": code, "message": message,
                "details": [{"@type": "x"}, {"@type": "y", "reason": reason}],
            }});
            let body = body.to_string();
            let told = read_told(status.parse().unwrap(), body.as_bytes()).unwrap();
            assert_eq!(format!("{:?}", told.kind.unwrap()), expected, "{given}");
        }
        for body in ["", "{}", r#"{"error":"x"}"#, "<html>"] {
            assert_eq!(read_told(403, body.as_bytes()), None, "{body}");
        }
    }
}
