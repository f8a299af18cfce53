//! What happens while a call is under way, as values: the core does not speak, whoever listens finds the words.

use std::time::Duration;

use super::Error;
use super::server_key::KeyId;
use super::transport::PostOutcome;

/// Something worth telling before the answer is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request went out and came to its end, good or bad.
    Attempt(Attempt),
    /// The server demands a pause of this length.
    Throttled(Duration),
    /// There was no answer, and after this pause the same is asked again.
    Repeated(Duration),
    /// The server answered under another of its keys than the configuration names.
    KeyChanged(KeyId),
}

/// One request, told without anything of its content: a link is a credential, and so is a signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The last part of an endpoint's path, such as `get_secret`; `download` for a file.
    pub endpoint: &'static str,
    /// Who was asked: `host` or `host:port`.
    pub host: String,
    /// How often this has been asked by now, from 1.
    pub number: u32,
    /// The HTTP status, or why there is none.
    pub end: Result<u16, String>,
    /// From before the connection to after the last byte.
    pub took: Duration,
}

/// What a post came to, in short.
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
