//! Posts one envelope, and tells answers, refusals and lost answers apart.

use super::Error;
use super::endpoint::HostName;
use super::envelope::Envelope;
use super::reply::Refusal;
use crate::http::{Answer, Http, Method, Request};
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
    match refusal(&answer) {
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

/// Machines in front of the server throttle too, with a body of their own or none (protocol 6.3).
fn refusal(answer: &Answer) -> Option<Refusal> {
    let told = Refusal::parse(answer.status, &answer.body);
    let throttles = match answer.status {
        429 => told.as_ref().is_none_or(|told| told.code != "key"),
        503 => answer.retry_after.is_some(),
        _ => false,
    };
    if !throttles {
        return told;
    }
    let told = told.unwrap_or_default();
    Some(Refusal {
        status: answer.status,
        code: "throttled".to_owned(),
        retry_after: told.retry_after.or(answer.retry_after),
        ..told
    })
}

/// The two refusals that name the next step are taken under any failing status.
fn is_refusal(status: u16, code: &str) -> bool {
    match status {
        400..500 => true,
        500.. => matches!(code, "key" | "throttled"),
        _ => false,
    }
}
