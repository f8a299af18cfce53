//! The errors of a call.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::reply::Refusal;
use super::server_key::KeyId;
use crate::foreign::Text;
use crate::{crypto, http};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the request could not be encrypted")]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Http(#[from] http::Error),
    /// A status of 500 and above, still there after the repeats.
    #[error("{host} answered with status {status}")]
    Server { host: String, status: u16 },
    /// An answer outside the protocol, such as a redirect or a web page.
    #[error("{host} answered with status {status} and no reason a Keeper server would give")]
    Unexpected { host: String, status: u16 },
    /// The body of a success does not open with the reply key.
    #[error("the answer was not made for this request, or was changed on the way")]
    Unauthentic,
    /// The text is not quoted, since it may be a secret. Lines and columns count from 1.
    #[error("{what} is not the JSON it should be (line {line}, column {column})")]
    Malformed {
        what: &'static str,
        line: usize,
        column: usize,
    },
    #[error(
        "the answer lists {count} things in {kib} KiB, and at most {limit} are accepted for that length"
    )]
    Items {
        count: usize,
        limit: usize,
        kib: usize,
    },
    #[error("{}", refusal_text(.0))]
    Refused(Box<Refusal>),
    #[error("the server does not accept the client version `{}`: {}", Text::from(.version), explanation(.refusal))]
    ClientVersion {
        version: String,
        refusal: Box<Refusal>,
    },
    #[error("throttled: the server is throttling requests; gave up {}", patience(*.waits, *.waited))]
    Throttled { waits: u32, waited: Duration },
    #[error("the server wants its key {0}, which is not among the published ones")]
    UnknownKey(KeyId),
    #[error("the server refused its key {0} and named no other")]
    KeyNotNamed(KeyId),
    #[error("the server refused the configuration's own server key {0}")]
    CustomKeyRefused(KeyId),
    #[error("the server keeps asking for another of its keys")]
    KeyLoop,
    #[error("{host} gave no answer within {} seconds", .limit.as_secs())]
    Deadline { host: String, limit: Duration },
}

/// The state of the server by a read that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerState {
    /// It is out of reach, fails itself, or throttles for longer than is waited for.
    Away,
    /// It said no to this device or this program.
    Refuses,
    /// Somebody answers, but not the server or not by the protocol; or the failure is ours.
    Unknown,
}

impl Error {
    /// Says whether a cache may answer instead: only for a server that is away (K4). Nothing else decides that.
    pub fn server_state(&self) -> ServerState {
        match self {
            Self::Http(error) if error.is_about_reach() => ServerState::Away,
            Self::Server { .. } | Self::Deadline { .. } | Self::Throttled { .. } => {
                ServerState::Away
            }
            Self::Refused(_) | Self::ClientVersion { .. } => ServerState::Refuses,
            Self::Http(_)
            | Self::Crypto(_)
            | Self::Unexpected { .. }
            | Self::Unauthentic
            | Self::Malformed { .. }
            | Self::Items { .. }
            | Self::UnknownKey(_)
            | Self::KeyNotNamed(_)
            | Self::CustomKeyRefused(_)
            | Self::KeyLoop => ServerState::Unknown,
        }
    }

    /// Keeps the position and drops the text that serde would repeat.
    pub fn malformed(what: &'static str, error: &serde_json::Error) -> Self {
        Self::Malformed {
            what,
            line: error.line(),
            column: error.column(),
        }
    }

    /// Whether the server may have received the request and acted on it.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Http(error) => error.may_have_acted(),
            Self::Server { .. }
            | Self::Unexpected { .. }
            | Self::Unauthentic
            | Self::Malformed { .. }
            | Self::Items { .. }
            | Self::Deadline { .. } => true,
            Self::Crypto(_)
            | Self::Refused(_)
            | Self::ClientVersion { .. }
            | Self::Throttled { .. }
            | Self::UnknownKey(_)
            | Self::KeyNotNamed(_)
            | Self::CustomKeyRefused(_)
            | Self::KeyLoop => false,
        }
    }

    /// Whether the server itself said no, so that repeating the request later is no use.
    pub fn is_refusal(&self) -> bool {
        self.server_state() == ServerState::Refuses
    }
}

fn patience(waits: u32, waited: Duration) -> String {
    let seconds = waited.as_secs_f64().ceil();
    match waits {
        0 => "without waiting".to_owned(),
        1 => format!("after 1 wait of {seconds} s"),
        _ => format!("after {waits} waits of {seconds} s in all"),
    }
}

/// Scripts look for the official client's form: `<code>, message=<text>` (compatibility 1.1).
fn refusal_text(refusal: &Refusal) -> String {
    let code = match refusal.code.as_str() {
        "" => "NA",
        code => code,
    };
    format!("{}, message={}", Text::from(code), explanation(refusal))
}

fn explanation(refusal: &Refusal) -> Text {
    let texts = [&refusal.message, &refusal.additional_info];
    let said = texts.into_iter().find(|text| !text.is_empty());
    said.cloned().unwrap_or_else(|| "NA".into())
}
