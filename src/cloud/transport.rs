//! Calls over TLS, or to a service of this machine. Each has an end, however slowly the answer comes.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::rejection::{Operation, Rejection, Told};
use super::{Cloud, Error};
use crate::codec::{self, Case};
use crate::crypto::{self, random};
use crate::http::local::is_local;
use crate::http::{self, Answer, Http, LocalHttp, Method, Request, host_of};
use crate::limits::{self, Limit};
use crate::sensitive::Sensitive;

const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// Clones share their connections.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: Http,
    local: LocalHttp,
}

/// One call of a service.
pub(crate) struct Call<'a> {
    pub(crate) cloud: Cloud,
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(&'a str, String)],
    pub(crate) body: Sensitive<Vec<u8>>,
    pub(crate) limit: Limit,
    /// Reads the refusal in an answer with this status.
    pub(crate) read_told: ReadTold,
}

pub(crate) type ReadTold = fn(u16, &[u8]) -> Option<Told>;

/// The end of a call, with all its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    pub(crate) fn of_call() -> Self {
        Self(Instant::now() + limits::CALL)
    }

    /// Whether it comes before the end of a pause, which may be any length.
    fn is_before(self, pause: Duration) -> bool {
        self.0.saturating_duration_since(Instant::now()) <= pause
    }
}

impl Transport {
    pub(crate) fn new(http: Http) -> Result<Self, http::Error> {
        Ok(Self {
            http,
            local: LocalHttp::new()?,
        })
    }

    /// Sends a call once and returns the body of a successful answer.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Sensitive<Vec<u8>>, Error> {
        self.attempt(call, Deadline::of_call()).await
    }

    /// Sends a call that changes nothing until it is answered (N7, D18).
    pub(crate) async fn ask(&self, call: &Call<'_>) -> Result<Sensitive<Vec<u8>>, Error> {
        let deadline = Deadline::of_call();
        let mut repeats = 0;
        loop {
            let error = match self.attempt(call, deadline).await {
                Ok(body) => return Ok(body),
                Err(error) => error,
            };
            let Some(pause) = pause_after(&error, repeats)? else {
                return Err(error);
            };
            if repeats == limits::REPEATS || deadline.is_before(pause) {
                return Err(error);
            }
            sleep(pause).await;
            repeats += 1;
        }
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        deadline: Deadline,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let request = Request {
            method: call.method.clone(),
            url: call.url,
            headers: call.headers,
            body: call.body.expose().clone(),
            limit: call.limit.bytes(),
        };
        let host = host_of(call.url);
        judge(call, host, self.answer(request, deadline).await?)
    }

    /// The answer, whatever its status says. The address decides about the way.
    pub(crate) async fn answer(
        &self,
        request: Request<'_>,
        deadline: Deadline,
    ) -> Result<Answer, Error> {
        let host = host_of(request.url);
        let asked = async {
            match is_local(request.url) {
                // The address may be that of an emulator, which has to start.
                true => self.local.ask(request, limits::SILENCE).await,
                false => self.http.ask(request).await,
            }
        };
        match timeout_at(deadline.0, asked).await {
            Ok(answered) => Ok(answered?),
            Err(_) => Err(Error::Deadline { host }),
        }
    }

    /// The answer of a service of this machine, which is silent for `patience` at most.
    pub(crate) async fn answer_of_machine(
        &self,
        request: Request<'_>,
        patience: Duration,
    ) -> Result<Answer, http::Error> {
        self.local.ask(request, patience).await
    }

    /// Whether anybody answers at an address of this machine within `patience`.
    pub(crate) async fn knock(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        patience: Duration,
    ) -> Result<(), http::Error> {
        let request = Request {
            method: Method::GET,
            url,
            headers,
            body: Vec::new(),
            limit: Limit::CLOUD_ANSWER.bytes(),
        };
        self.answer_of_machine(request, patience).await.map(drop)
    }
}

fn judge(call: &Call<'_>, host: String, answer: Answer) -> Result<Sensitive<Vec<u8>>, Error> {
    let Answer {
        status,
        retry_after,
        body,
    } = answer;
    match status {
        200..=204 => Ok(body.into_vec().into()),
        // D34.
        429 => Err(Error::Throttled { host, retry_after }),
        503 if retry_after.is_some() => Err(Error::Throttled { host, retry_after }),
        500.. => Err(Error::Server { host, status }),
        _ => {
            let unexpected = || Error::Unexpected {
                cloud: call.cloud,
                host: host.clone(),
            };
            let told = (call.read_told)(status, &body).ok_or_else(unexpected)?;
            Err(match told.kind {
                Some(kind) => {
                    let operation = call.operation.clone();
                    Box::new(Rejection::new(call.cloud, operation, told, kind)).into()
                }
                None => Error::Throttled { host, retry_after },
            })
        }
    }
}

/// `None` where a repetition does not help. A pause doubles with each repeat, and is spread by up to as much again.
fn pause_after(error: &Error, repeats: u32) -> Result<Option<Duration>, crypto::Error> {
    let [spread] = random::bytes::<1>()?;
    let pause = FIRST_PAUSE * 2_u32.pow(repeats);
    let pause = pause + pause * u32::from(spread) / 256;
    Ok(match error {
        Error::Throttled { retry_after, .. } => {
            let asked = retry_after.and_then(|wait| Duration::try_from_secs_f64(wait).ok());
            Some(asked.unwrap_or_default().max(pause))
        }
        error => error.may_pass().then_some(pause),
    })
}

/// `a=b&c=d`, with all but unreserved characters encoded.
pub(crate) fn form(parameters: &[(&str, &str)]) -> Sensitive<Vec<u8>> {
    let mut form = Sensitive::new(Vec::new());
    for (name, value) in parameters {
        let value = codec::encode_percent(value.as_bytes(), b"-._~", Case::Upper);
        if !form.expose().is_empty() {
            form.expose_mut().push(b'&');
        }
        form.expose_mut()
            .extend_from_slice(format!("{name}={value}").as_bytes());
    }
    form
}

/// Whether a secret may be sent to `url`: over TLS, or within this machine (N2). An address with a user name in it is
/// none of ours.
pub(crate) fn is_encrypted_or_local(url: &str) -> bool {
    is_local(url) || http::host_over_tls(url).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::RejectionKind;
    use super::*;

    #[test]
    fn no_wait_is_too_long_to_be_compared() {
        for seconds in [1e19, f64::MAX, f64::INFINITY, f64::NAN, -1.0] {
            let error = Error::Throttled {
                host: "sm.example".into(),
                retry_after: Some(seconds),
            };
            let pause = pause_after(&error, 0).unwrap().unwrap();
            let is_too_long = Deadline::of_call().is_before(pause);
            assert_eq!(is_too_long, seconds == 1e19, "{seconds}");
        }
    }

    #[test]
    fn a_form_is_encoded_whole() {
        let parameters = [("A", "a b&c=d/ü"), ("C", "~x")];
        let encoded = form(&parameters);
        assert_eq!(encoded.expose(), b"A=a%20b%26c%3Dd%2F%C3%BC&C=~x");
    }

    #[test]
    fn an_answer_is_told_by_its_status() {
        fn told(_: u16, body: &[u8]) -> Option<Told> {
            let code = String::from_utf8(body.to_vec()).ok()?;
            let kind = (code != "slow").then_some(RejectionKind::Other);
            let message = "Why.".to_owned();
            Some(Told {
                code,
                message,
                kind,
            })
        }
        let throttled = Err("sm.example takes no more requests for now");
        for (status, retry_after, body, expected) in [
            (200, None, "canary", Ok("canary")),
            (400, None, "No", Err("AWS refuses GetSecretValue: No, Why")),
            (
                400,
                None,
                "\u{fffd}",
                Err("AWS refuses GetSecretValue: \u{fffd}, Why"),
            ),
            (400, None, "slow", throttled),
            (429, None, "", throttled),
            (503, Some(1.0), "", throttled),
            (503, None, "No", Err("sm.example fails with status 503")),
            (500, None, "No", Err("sm.example fails with status 500")),
        ] {
            let answer = Answer {
                retry_after,
                status,
                body: Vec::from(body).into(),
            };
            let call = Call {
                cloud: Cloud::Aws,
                operation: Operation::new("GetSecretValue"),
                method: Method::POST,
                url: "https://sm.example/",
                headers: &[],
                body: Sensitive::default(),
                limit: Limit::CLOUD_ANSWER,
                read_told: told,
            };
            let judged = judge(&call, "sm.example".into(), answer);
            let text = judged.map(|body| String::from_utf8(body.expose().clone()).unwrap());
            let told = text.map_err(|error| error.to_string());
            assert_eq!(
                told.as_deref().map_err(String::as_str),
                expected,
                "{status} {body:?}"
            );
        }
    }
}
