//! Posts one envelope, and tells answers, refusals and lost answers apart.

use super::Error;
use super::endpoint::HostName;
use super::envelope::Envelope;
use super::reply::Refusal;
use crate::buffer::Buffer;
use crate::http::{Answer, Http, Method, Request};
use crate::limits::Limit;

#[derive(Debug)]
pub enum PostOutcome {
    /// Status 200 and a body, still encrypted.
    Answer(Buffer),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn failing_answers_are_told_apart() {
        let table = r#"
            403 no {"error":"key"} => key
            403 no {"error":"throttled","retry_after":4} => throttled after 4
            403 no <html> => lost
            429 no <html> => throttled
            429 9 [] => throttled after 9
            429 9 {"retry_after":4} => throttled after 4
            429 9 {"error":"key"} => key
            500 9 {"error":"key"} => key
            500 9 {"error":"throttled"} => throttled
            500 9 {"error":"other"} => lost
            503 9 {"error":"other"} => throttled after 9
            503 no {"error":"other"} => lost
            302 9 {"error":"key"} => lost
        "#;
        for (given, expected) in cases(table) {
            let mut words = given.splitn(3, ' ');
            let mut word = || words.next().unwrap();
            let answer = Answer {
                status: word().parse().unwrap(),
                retry_after: word().parse().ok(),
                body: Vec::from(word()).into(),
            };
            let refusal = refusal(&answer).filter(|told| is_refusal(answer.status, &told.code));
            assert!(
                refusal.iter().all(|told| told.status == answer.status),
                "{given}"
            );
            let said = refusal.map(|told| match told.retry_after {
                Some(seconds) => format!("{} after {seconds}", told.code),
                None => told.code,
            });
            assert_eq!(said.as_deref().unwrap_or("lost"), expected, "{given}");
        }
    }
}
