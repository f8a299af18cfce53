//! Mishaps of one request on its way to the vault and back.

use std::time::Duration;

use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub enum Fault {
    /// Not answered by the vault but with this status and body.
    Answer {
        status: u16,
        headers: String,
        body: Vec<u8>,
    },
    /// Answered by the vault, with this done to the answer.
    Spoil(fn(Vec<u8>) -> Vec<u8>),
    /// The vault gets the request with this done to it.
    Alter(fn(Vec<u8>) -> Vec<u8>),
    /// Answered with what the vault said to the last request it got. It does not hear of this one.
    Replay,
    /// A success whose body never ends.
    Endless,
    /// A success whose body never ends, and comes byte by byte.
    Drip,
    /// Answered by the vault, but the answer takes this long to come.
    Slowly(Duration),
    /// A success that announces this many bytes, and begins to send them.
    Announce(u64),
    /// Read, and then silence. The vault never hears of it.
    HangBefore,
    /// Carried out by the vault, and then silence.
    HangAfter,
    /// The connection ends without an answer; the vault never hears of it.
    Drop,
    /// Carried out by the vault, but the connection ends before the answer.
    LoseAnswer,
    /// Nothing is wrong with this one.
    None,
}

impl Fault {
    /// An error in the shape of the protocol.
    pub fn refuse(status: u16, body: Value) -> Self {
        Self::answer(status, body.to_string())
    }

    pub fn denied() -> Self {
        Self::refuse(
            403,
            json!({"result_code": "access_denied", "message": "Signature is invalid"}),
        )
    }

    /// The server asks for this key instead.
    pub fn other_key(id: u32) -> Self {
        Self::refuse(401, json!({"error": "key", "key_id": id}))
    }

    /// Too many requests; wait this many seconds.
    pub fn throttled(retry_after: f64) -> Self {
        Self::refuse(
            403,
            json!({"error": "throttled", "retry_after": retry_after}),
        )
    }

    /// Any status and body, JSON or not.
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: String::new(),
            body: body.into(),
        }
    }

    pub fn redirect(to: &str) -> Self {
        Self::Answer {
            status: 307,
            headers: format!("Location: {to}\r\n"),
            body: Vec::new(),
        }
    }

    /// The answer ends in the middle of its body.
    pub fn truncated() -> Self {
        Self::Spoil(|answer| answer[..answer.len() - 10].to_vec())
    }

    /// One bit of the body's last byte is another.
    pub fn garbled() -> Self {
        Self::Spoil(|mut answer| {
            *answer.last_mut().unwrap() ^= 1;
            answer
        })
    }
}
