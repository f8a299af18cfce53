//! The errors of the development vault, in the shape of protocol 6.1.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::crypto;

pub(super) type Result<T, E = ErrorReply> = std::result::Result<T, E>;

/// Sent unencrypted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ErrorReply {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl ErrorReply {
    fn coded(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let body = json!({"result_code": code, "message": message.into()});
        Self { status, body }
    }

    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::coded(StatusCode::FORBIDDEN, "access_denied", message)
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::coded(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// `member` of the request cannot be opened or read.
    pub(super) fn member(member: &str, why: impl std::fmt::Display) -> Self {
        Self::bad(format!("{member}: {why}"))
    }

    /// `kind` is `record` or `folder`.
    pub(super) fn not_found(kind: &str, uid: impl std::fmt::Display) -> Self {
        let code = format!("{kind}_uid_not_found");
        Self::coded(StatusCode::BAD_REQUEST, &code, format!("no {kind} {uid}"))
    }

    /// Names the key to use instead (protocol 6.2).
    pub(super) fn other_key(id: u32) -> Self {
        let body = json!({"error": "key", "key_id": id, "message": "unknown key id"});
        Self {
            status: StatusCode::UNAUTHORIZED,
            body,
        }
    }

    pub(super) fn client_version(version: &str) -> Self {
        let body = json!({
            "result_code": "invalid_client_version",
            "error": "client_version",
            "additional_info": format!("invalid client version: {version}"),
            "message": "a client version is two letters and three numbers, such as mr17.3.0",
        });
        Self {
            status: StatusCode::FORBIDDEN,
            body,
        }
    }

    pub(super) fn no_endpoint() -> Self {
        Self::coded(StatusCode::NOT_FOUND, "not_found", "no such endpoint")
    }

    pub(super) fn silent() -> Self {
        Self::coded(
            StatusCode::REQUEST_TIMEOUT,
            "bad_request",
            "the request stopped coming",
        )
    }

    pub(super) fn too_large() -> Self {
        Self::coded(
            StatusCode::PAYLOAD_TOO_LARGE,
            "bad_request",
            "the request is too large",
        )
    }
}

/// Sealing fails only for want of randomness, which is not the client's fault.
impl From<crypto::Error> for ErrorReply {
    fn from(error: crypto::Error) -> Self {
        Self::coded(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            error.to_string(),
        )
    }
}
