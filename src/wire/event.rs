//! The events of a call. The library prints nothing; a listener words them.

use std::time::Duration;

use super::Error;
use super::server_key::KeyId;
use super::transport::PostOutcome;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request ended, well or badly.
    Attempt(Attempt),
    /// The server demands this pause.
    Throttled(Duration),
    /// The answer was lost; the request is repeated after this pause.
    Repeated(Duration),
    /// The server answered under another of its keys than the configuration names.
    KeyChanged(KeyId),
}

/// One request. It holds no link and no signature, since both are credentials.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The last part of the endpoint's path, such as `get_secret`; `download` for a file.
    pub endpoint: &'static str,
    /// `host` or `host:port`.
    pub host: String,
    /// Counts from 1.
    pub number: u32,
    /// The HTTP status, or the reason why there is none.
    pub end: Result<u16, String>,
    /// From before the connection to after the last byte.
    pub took: Duration,
}

pub(super) fn end_of(outcome: Result<&PostOutcome, &Error>) -> Result<u16, String> {
    match outcome {
        Ok(PostOutcome::Answer(_)) => Ok(200),
        Ok(PostOutcome::Refused(refusal)) => Ok(refusal.status),
        Ok(PostOutcome::Lost(error)) | Err(error) => match error {
            Error::Server { status, .. } | Error::Unexpected { status, .. } => Ok(*status),
            other => Err(other.to_string()),
        },
    }
}
