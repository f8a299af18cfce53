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

#[derive(Debug)]
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
    pub(crate) read_told: fn(u16, &[u8]) -> Option<Told>,
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
        self.attempt(call, Instant::now() + limits::CALL).await
    }

    /// Sends a call that changes nothing until it is answered (N7, D18).
    pub(crate) async fn ask(&self, call: &Call<'_>) -> Result<Sensitive<Vec<u8>>, Error> {
        let deadline = Instant::now() + limits::CALL;
        let mut repeats = 0;
        loop {
            let error = match self.attempt(call, deadline).await {
                Ok(body) => return Ok(body),
                Err(error) => error,
            };
            let Some(pause) = pause_after(&error, repeats)? else {
                return Err(error);
            };
            if repeats == limits::REPEATS || Instant::now() + pause >= deadline {
                return Err(error);
            }
            sleep(pause).await;
            repeats += 1;
        }
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        deadline: Instant,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let request = Request {
            method: call.method.clone(),
            url: call.url,
            headers: call.headers,
            body: call.body.expose().clone(),
            limit: call.limit.bytes(),
        };
        let asked = async {
            // The address decides about the way.
            match is_local(call.url) {
                true => self.local.ask(request, limits::SILENCE).await,
                false => self.http.ask(request).await,
            }
        };
        let host = host_of(call.url);
        match timeout_at(deadline, asked).await {
            Ok(answered) => judge(call, host, answered?),
            Err(_) => Err(Error::Deadline { host }),
        }
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
        self.local.ask(request, patience).await.map(drop)
    }
}

fn judge(call: &Call<'_>, host: String, answer: Answer) -> Result<Sensitive<Vec<u8>>, Error> {
    let Answer {
        status,
        retry_after,
        body,
    } = answer;
    match status {
        200..=204 => Ok(body.into()),
        // D34.
        429 => Err(Error::Throttled { host, retry_after }),
        503 if retry_after.is_some() => Err(Error::Throttled { host, retry_after }),
        500.. => Err(Error::Server { host, status }),
        _ => match (call.read_told)(status, &body) {
            Some(told) => {
                let rejection = Rejection::new(call.cloud, call.operation.clone(), told);
                Err(Box::new(rejection).into())
            }
            None => Err(Error::Unexpected {
                cloud: call.cloud,
                host,
            }),
        },
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
