//! Access tokens, and how long they last.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::oauth::read_oauth_refusal;
use super::rejection::Operation;
use super::transport::{Call, Transport, form};
use super::{Cloud, Error};
use crate::clock;
use crate::http::{Method, host_of};
use crate::json;
use crate::limits::{self, Limit};
use crate::sensitive::Sensitive;

/// Where the answer does not say.
const ASSUMED: Duration = Duration::from_secs(300);
/// Nobody gives a token for longer, and a longer time might be past the end of the clock.
const LONGEST: Duration = Duration::from_hours(24);

#[derive(Debug, Clone)]
pub(crate) struct AccessToken {
    value: Sensitive<String>,
    ends: Instant,
}

impl AccessToken {
    /// Asks an endpoint for a token that `parameters` describe and prove.
    pub(crate) async fn ask(
        cloud: Cloud,
        url: &str,
        parameters: &[(&str, &str)],
        transport: &Transport,
    ) -> Result<Self, Error> {
        let form_type = "application/x-www-form-urlencoded".to_owned();
        let call = Call {
            cloud,
            operation: Operation::new("to give a token for this identity"),
            method: Method::POST,
            url,
            headers: &[("content-type", form_type)],
            body: form(parameters),
            limit: Limit::CLOUD_ANSWER,
            read_told: read_oauth_refusal,
        };
        Self::of_answer(&transport.ask(&call).await?, cloud, url)
    }

    /// The token in the answer of `url`.
    pub(crate) fn of_answer(
        body: &Sensitive<Vec<u8>>,
        cloud: Cloud,
        url: &str,
    ) -> Result<Self, Error> {
        let host = host_of(url);
        Self::read(body.expose()).ok_or(Error::Unexpected { cloud, host })
    }

    /// Reads the answer of a token endpoint (RFC 6749) or of a metadata service, which gives numbers as texts. `None` for
    /// what is no token that a header can hold.
    fn read(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Answer {
            access_token: String,
            #[serde(default)]
            expires_in: Value,
            #[serde(default)]
            expires_on: Value,
        }
        let answer: Answer = json::object(body).ok()?;
        let lasts = seconds(&answer.expires_in).or_else(|| {
            let ends = seconds(&answer.expires_on)?;
            let now = clock::since_1970(clock::reading())?;
            Some(ends.saturating_sub(now))
        });
        Self::lasting(answer.access_token.into(), lasts.unwrap_or(ASSUMED))
    }

    pub(crate) fn lasting(value: Sensitive<String>, lasts: Duration) -> Option<Self> {
        let text = value.expose();
        let formed = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        formed.then(|| Self {
            ends: Instant::now() + lasts.min(LONGEST),
            value,
        })
    }

    /// Whether it lasts for one more call.
    fn is_fresh(&self) -> bool {
        Instant::now() + limits::CALL < self.ends
    }

    /// The value of the header `Authorization`.
    pub(crate) fn header(&self) -> String {
        format!("Bearer {}", self.value.expose())
    }
}

fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => number.as_f64()?,
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

/// The token in use, until it is about to end. Those who need one at the same time wait for one.
#[derive(Debug, Default)]
pub(crate) struct TokenKeeper(Mutex<Option<AccessToken>>);

impl TokenKeeper {
    /// Asks for a token where there is no fresh one.
    pub(crate) async fn get<E, F: Future<Output = Result<AccessToken, E>>>(
        &self,
        ask: impl FnOnce() -> F,
    ) -> Result<AccessToken, E> {
        let mut kept = self.0.lock().await;
        match kept.as_ref().filter(|token| token.is_fresh()) {
            Some(token) => Ok(token.clone()),
            None => Ok(kept.insert(ask().await?).clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_token_lasts_as_long_as_its_answer_says() {
        for (body, expected) in cases(
            r#"
            {"access_token":"t","expires_in":3599} => 3599
            {"access_token":"t","expires_in":"3599","expires_on":"1"} => 3599
            {"access_token":"t","expires_in":3599.5,"token_type":"Bearer"} => 3599
            {"access_token":"t","expires_on":"1"} => 0
            {"access_token":"t","expires_on":"99999999999"} => 86400
            {"access_token":"t","expires_in":1e300} => 300
            {"access_token":"t","expires_in":-5} => 300
            {"access_token":"t"} => 300
            {"access_token":""} => none
            {"access_token":"two words"} => none
            {"access_token":"line\nbreak"} => none
            {"access_token":7} => none
            {"token":"t"} => none
            <html> => none
            "#,
        ) {
            let token = AccessToken::read(body.as_bytes());
            let lasts = token.map(|token| token.ends.saturating_duration_since(Instant::now()));
            let shown = lasts.map(|lasts| (lasts.as_secs_f64() + 0.4).floor().to_string());
            assert_eq!(shown.unwrap_or("none".into()), expected, "{body}");
        }
    }

    #[tokio::test]
    async fn a_token_about_to_end_is_not_used() {
        for (seconds, expected) in [(3600, "first"), (59, "second"), (0, "second")] {
            let keeper = TokenKeeper::default();
            let token = |text: &str, seconds| {
                let lasts = Duration::from_secs(seconds);
                AccessToken::lasting(text.to_owned().into(), lasts).ok_or(())
            };
            keeper
                .get(|| async { token("first", seconds) })
                .await
                .unwrap();
            let used = keeper
                .get(|| async { token("second", 3600) })
                .await
                .unwrap();
            assert_eq!(used.header(), format!("Bearer {expected}"), "{seconds}");
        }
    }
}
