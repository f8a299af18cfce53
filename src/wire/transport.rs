//! Posts one envelope, and tells answers, refusals and lost answers apart.

use super::Error;
use super::endpoint::HostName;
use super::envelope::Envelope;
use super::reply::Refusal;
use crate::http::{Http, Method, Request};
use crate::limits::Limit;

#[derive(Debug)]
pub enum PostOutcome {
    /// Status 200 and a body, still encrypted.
    Answer(Vec<u8>),
    /// Nothing was done.
    Refused(Refusal),
    /// A missing or cut answer, or a failure of the server itself: the request may have been carried out.
    Lost(Error),
}

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
    let request = Request {
        method: Method::POST,
        url: &host.url(endpoint),
        headers: &headers,
        body: envelope.body,
        limit: Limit::ANSWER.bytes(),
    };
    let answer = match http.ask(request).await {
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

/// The two refusals that name the next step are taken under any failing status.
fn is_refusal(status: u16, code: &str) -> bool {
    match status {
        400..500 => true,
        500.. => matches!(code, "key" | "throttled"),
        _ => false,
    }
}
