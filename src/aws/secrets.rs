//! One secret of Secrets Manager: read it, or put a new version in its place.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::endpoint::Service;
use super::sigv4::{self, Scope, Stamp};
use super::{Aws, Error, Refusal, SecretId, Session};
use crate::codec;
use crate::crypto::random;
use crate::http::{Answer, Method, Request, host_of};
use crate::sensitive::Sensitive;

/// A secret has at most 64 KiB; JSON may escape each character of it.
const LARGEST: u64 = 1 << 19;

/// How often a question is asked that was not understood (security.md N7).
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(400);

/// What became of a secret that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// There was none.
    Created,
    /// It has a new version.
    Replaced,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Read<'a> {
    secret_id: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Value {
    secret_string: Option<String>,
    /// B64.
    secret_binary: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Write<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    client_request_token: &'a str,
    secret_string: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<&'a str>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct No {
    #[serde(rename = "__type")]
    code: String,
    #[serde(alias = "Message")]
    message: String,
}

impl Aws<'_> {
    /// The text of `secret` in its current version.
    pub async fn secret(
        &self,
        session: &Session,
        secret: &SecretId,
    ) -> Result<Sensitive<String>, Error> {
        let question = Read {
            secret_id: secret.as_str(),
        };
        let mut attempt = 1;
        let answer = loop {
            match self.ask_secrets(session, "GetSecretValue", &question).await {
                Err(error) if error.may_pass() && attempt < ATTEMPTS => {
                    tokio::time::sleep(pause(attempt)?).await;
                    attempt += 1;
                }
                answered => break answered?,
            }
        };
        let body = Sensitive::new(answer.body);
        let unexpected = |_| Error::Unexpected("Secrets Manager".to_owned());
        let value: Value = serde_json::from_slice(body.expose()).map_err(unexpected)?;
        let (string, binary) = (
            value.secret_string.map(Sensitive::new),
            value.secret_binary.map(Sensitive::new),
        );
        let text = match (string, binary) {
            (Some(text), _) => text,
            (None, Some(binary)) => {
                let bytes = codec::decode(binary.expose()).map_err(|_| Error::NoText)?;
                String::from_utf8(bytes).map_err(|_| Error::NoText)?.into()
            }
            (None, None) => return Err(Error::NoText),
        };
        Ok(text)
    }

    /// Puts `text` into `secret` as a new version, under `kms_key` if one is named, or makes the secret. Nothing is sent
    /// twice after a lost answer.
    pub async fn put_secret(
        &self,
        session: &Session,
        secret: &SecretId,
        text: &Sensitive<String>,
        kms_key: Option<&str>,
    ) -> Result<Stored, Error> {
        let token = codec::encode_hex(&random::bytes::<16>()?);
        let new_version = Write {
            secret_id: Some(secret.as_str()),
            name: None,
            client_request_token: &token,
            secret_string: text.expose(),
            kms_key_id: kms_key,
        };
        // The key can be changed by an update only, which writes the version under it as well.
        let operation = match kms_key {
            Some(_) => "UpdateSecret",
            None => "PutSecretValue",
        };
        match self.ask_secrets(session, operation, &new_version).await {
            Ok(_) => return Ok(Stored::Replaced),
            Err(error) if error.is_not_found() && secret.is_name() => {}
            Err(error) => return Err(error),
        }
        let new_secret = Write {
            secret_id: None,
            name: Some(secret.as_str()),
            ..new_version
        };
        self.ask_secrets(session, "CreateSecret", &new_secret)
            .await?;
        Ok(Stored::Created)
    }

    async fn ask_secrets<Q: Serialize>(
        &self,
        session: &Session,
        operation: &'static str,
        question: &Q,
    ) -> Result<Answer, Error> {
        let url = session
            .addresses
            .of(Service::SecretsManager, &session.region)?;
        let host = host_of(&url);
        let body = serde_json::to_vec(question).map_err(|_| Error::NoText)?;
        let scope = Scope {
            method: Method::POST,
            host: &host,
            region: &session.region,
            service: Service::SecretsManager.name(),
            at: Stamp::now(),
        };
        let headers = vec![
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("x-amz-target", format!("secretsmanager.{operation}")),
        ];
        let headers = sigv4::sign(&scope, &session.credentials, headers, &body);
        let url = format!("{url}/");
        let answer = self.reach.ask(Request {
            method: Method::POST,
            url: &url,
            headers: &headers,
            body,
            limit: LARGEST,
        });
        judge(operation, host, answer.await?)
    }
}

/// An answer that says yes, or what it says instead.
fn judge(operation: &'static str, host: String, answer: Answer) -> Result<Answer, Error> {
    match answer.status {
        200 => Ok(answer),
        status if status >= 500 => Err(Error::Server { host, status }),
        _ => match serde_json::from_slice::<No>(&answer.body) {
            Ok(no) if !no.code.is_empty() => {
                Err(Refusal::new(operation, &no.code, &no.message).into())
            }
            _ => Err(Error::Unexpected(host)),
        },
    }
}

/// Doubling, and spread by up to a half.
fn pause(attempt: u32) -> Result<Duration, Error> {
    let [spread] = random::bytes::<1>()?;
    let pause = FIRST_PAUSE * 2_u32.pow(attempt - 1);
    Ok(pause + pause * u32::from(spread) / 512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_by_its_class() {
        for (status, body, expected) in [
            (200, "{}", None),
            (
                400,
                r#"{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}"#,
                Some(
                    "AWS refuses GetSecretValue: ResourceNotFoundException, Secrets Manager can't find the specified secret",
                ),
            ),
            (
                400,
                r#"{"__type":"X","message":"lower"}"#,
                Some("AWS refuses GetSecretValue: X, lower"),
            ),
            (
                404,
                "<html>canary</html>",
                Some("sm.example does not answer as AWS does"),
            ),
            (301, "", Some("sm.example does not answer as AWS does")),
            (
                500,
                r#"{"__type":"InternalServiceError"}"#,
                Some("sm.example fails with status 500"),
            ),
        ] {
            let answer = Answer {
                status,
                body: body.into(),
            };
            let said = judge("GetSecretValue", "sm.example".into(), answer);
            assert_eq!(
                said.err().map(|error| error.to_string()).as_deref(),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn pauses_grow_and_are_bounded() {
        for (attempt, least, most) in [(1, 400, 600), (2, 800, 1200)] {
            let pause = pause(attempt).unwrap().as_millis();
            assert!((least..=most).contains(&pause), "{attempt}: {pause}");
        }
    }
}
