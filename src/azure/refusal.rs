//! Refusals of a key vault.

use serde::Deserialize;

use crate::cloud::{RejectionKind, Told};
use crate::json::{self, Object};

pub(super) fn read_told(status: u16, body: &[u8]) -> Option<Told> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Inner {
        code: String,
    }
    #[derive(Deserialize)]
    struct Reason {
        code: String,
        #[serde(default)]
        message: String,
        #[serde(default, rename = "innererror")]
        inner: Option<Object<Inner>>,
    }
    #[derive(Deserialize)]
    struct Body {
        error: Object<Reason>,
    }
    let Body {
        error: Object(error),
    } = json::object(body).ok()?;
    let Object(Inner { code: inner }) = error.inner.unwrap_or_default();
    let kind = match (status, inner.as_str()) {
        (404, _) if error.code == "SecretNotFound" => RejectionKind::NotFound,
        (409, "ObjectIsDeletedButRecoverable") => RejectionKind::Deleted,
        (409, "ObjectIsBeingDeleted" | "ObjectIsBeingRecovered" | "ObjectIsBeingPurged") => {
            RejectionKind::Settling
        }
        (403, "SecretDisabled") => RejectionKind::Unreadable,
        (403, "ForbiddenByFirewall" | "ForbiddenByConnection") => RejectionKind::Network,
        (403, _) => RejectionKind::Denied,
        (401, _) => RejectionKind::Identity,
        _ => RejectionKind::Other,
    };
    let code = match inner.is_empty() {
        true => error.code,
        false => inner,
    };
    Some(Told {
        code,
        message: error.message,
        kind: Some(kind),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn refusals_of_a_vault_are_told_apart() {
        for (given, expected) in cases(
            "
            404 SecretNotFound => NotFound
            404 ResourceNotFound => Other
            409 Conflict/ObjectIsDeletedButRecoverable => Deleted
            409 Conflict/ObjectIsBeingDeleted => Settling
            409 Conflict/ObjectIsBeingRecovered => Settling
            409 Conflict => Other
            403 Forbidden/SecretDisabled => Unreadable
            403 Forbidden/ForbiddenByFirewall => Network
            403 Forbidden/ForbiddenByRbac => Denied
            403 Forbidden => Denied
            401 Unauthorized => Identity
            400 BadParameter => Other
            ",
        ) {
            let (status, codes) = given.split_once(' ').unwrap();
            let (code, inner) = codes.split_once('/').unwrap_or((codes, ""));
            let inner = match inner {
                "" => "null".to_owned(),
                inner => format!(r#"{{"code":"{inner}"}}"#),
            };
            let body =
                format!(r#"{{"error":{{"code":"{code}","message":"Why.","innererror":{inner}}}}}"#);
            let told = read_told(status.parse().unwrap(), body.as_bytes()).unwrap();
            assert_eq!(format!("{:?}", told.kind.unwrap()), expected, "{given}");
        }
        for body in ["", "{}", r#"{"error":"x"}"#, "<html>"] {
            assert_eq!(read_told(403, body.as_bytes()), None, "{body}");
        }
    }
}
