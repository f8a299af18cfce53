//! Posting one envelope, and telling an answer from a refusal from a mishap.

use super::Error;
use super::endpoint::HostName;
use super::envelope::Envelope;
use super::reply::Refusal;
use crate::http::Http;

/// Largest answer that is read: some 300,000 records of ordinary size.
const LARGEST_ANSWER: u64 = 512 << 20;

/// What one post brought.
#[derive(Debug)]
pub enum PostOutcome {
    /// Status 200 and a body, still encrypted.
    Answer(Vec<u8>),
    /// The server said no; nothing was done.
    Refused(Refusal),
    /// No answer, a cut one, or the server's own failure: what was asked may have been done.
    Lost(Error),
}

/// Posts `envelope` to `endpoint` at `host`.
pub async fn post(
    http: &Http,
    host: &HostName,
    endpoint: &str,
    envelope: Envelope,
) -> Result<PostOutcome, Error> {
    let headers = [
        ("Content-Type", "application/octet-stream".to_owned()),
        ("PublicKeyId", envelope.key_id.to_string()),
        ("TransmissionKey", envelope.transmission_key),
        ("Authorization", envelope.authorization),
    ];
    let answer = match http
        .post(&host.url(endpoint), headers, envelope.body, LARGEST_ANSWER)
        .await
    {
        Ok(answer) => answer,
        Err(error) if error.may_pass() => return Ok(PostOutcome::Lost(error.into())),
        Err(error) => return Err(error.into()),
    };
    let status = answer.status;
    if status == 200 {
        return Ok(PostOutcome::Answer(answer.body));
    }
    match Refusal::parse(status, &answer.body) {
        Some(refusal) if is_refusal(status, &refusal.code) => Ok(PostOutcome::Refused(refusal)),
        _ if status >= 500 => Ok(PostOutcome::Lost(Error::Server {
            host: host.to_string(),
            status,
        })),
        _ => Err(Error::Unexpected {
            host: host.to_string(),
            status,
        }),
    }
}

/// The two refusals that say what to do next are taken under any status that is a failure.
fn is_refusal(status: u16, code: &str) -> bool {
    match status {
        400..500 => true,
        500.. => matches!(code, "key" | "throttled"),
        _ => false,
    }
}
