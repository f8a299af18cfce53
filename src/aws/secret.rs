//! One secret of Secrets Manager.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::client::{Call, Client};
use super::endpoints::Service;
use super::error::Error;
use super::secret_id::SecretId;
use super::transport::Deadline;
use crate::codec;
use crate::crypto::random;
use crate::limits::Limit;
use crate::sensitive::Sensitive;

/// Reads are repeated (N7); writes are not.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(400);

/// A secret, and a client that signs its calls.
pub struct Secret<'a> {
    client: Client<'a>,
    id: SecretId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Created,
    /// It was there, and has a new version.
    Replaced,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetSecretValue<'a> {
    secret_id: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct SecretValue {
    secret_string: Option<String>,
    /// Base64.
    secret_binary: Option<String>,
}

/// The answer to a change.
#[derive(Deserialize)]
struct Changed {
    #[serde(rename = "ARN")]
    _arn: String,
}

/// The body of `PutSecretValue`, `UpdateSecret` and `CreateSecret`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewVersion<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    client_request_token: &'a str,
    secret_string: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<&'a str>,
}

impl<'a> Secret<'a> {
    pub(super) fn new(client: Client<'a>, id: SecretId) -> Self {
        Self { client, id }
    }

    /// Reads the text of the current version.
    pub async fn read(&self) -> Result<Sensitive<String>, Error> {
        let parameters = GetSecretValue {
            secret_id: self.id.as_str(),
        };
        let deadline = Deadline::of_call();
        let mut attempt = 1;
        let body = loop {
            let pause = pause(attempt)?;
            match self.call("GetSecretValue", &parameters, deadline).await {
                Err(error) if error.may_pass() && attempt < ATTEMPTS && deadline.leaves(pause) => {
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
                answered => break answered?,
            }
        };
        let value: SecretValue = serde_json::from_slice(body.expose())
            .map_err(|_| Error::Unexpected("Secrets Manager".to_owned()))?;
        let (string, binary) = (
            value.secret_string.map(Sensitive::new),
            value.secret_binary.map(Sensitive::new),
        );
        match (string, binary) {
            (Some(text), _) => Ok(text),
            (None, Some(binary)) => {
                let bytes = codec::decode(binary.expose()).map_err(|_| Error::NoText)?;
                Ok(String::from_utf8(bytes).map_err(|_| Error::NoText)?.into())
            }
            (None, None) => Err(Error::NoText),
        }
    }

    /// Adds a version under the key `kms_key`, or under the one it has. A secret that is named, and not there, is created.
    pub async fn write(
        &self,
        text: &Sensitive<String>,
        kms_key: Option<&str>,
    ) -> Result<Stored, Error> {
        let token = codec::encode_hex(&random::bytes::<16>()?);
        let new_version = NewVersion {
            secret_id: Some(self.id.as_str()),
            name: None,
            client_request_token: &token,
            secret_string: text.expose(),
            kms_key_id: kms_key,
        };
        // Only an update changes the key. It writes the version under it as well.
        let operation = match kms_key {
            Some(_) => "UpdateSecret",
            None => "PutSecretValue",
        };
        match self.change(operation, &new_version).await {
            Ok(()) => return Ok(Stored::Replaced),
            Err(error) if error.is_not_found() && self.id.is_name() => {}
            Err(error) => return Err(error),
        }
        let new_secret = NewVersion {
            secret_id: None,
            name: Some(self.id.as_str()),
            ..new_version
        };
        self.change("CreateSecret", &new_secret).await?;
        Ok(Stored::Created)
    }

    /// A lost answer leaves open whether the change was made. So does one that names no secret.
    async fn change(
        &self,
        operation: &'static str,
        parameters: &NewVersion<'_>,
    ) -> Result<(), Error> {
        let uncertain = |source| {
            let source = Box::new(source);
            Error::Uncertain { operation, source }
        };
        let called = self.call(operation, parameters, Deadline::of_call()).await;
        let answer = called.map_err(|error| match error.may_have_acted() {
            true => uncertain(error),
            false => error,
        })?;
        match serde_json::from_slice::<Changed>(answer.expose()) {
            Ok(Changed { .. }) => Ok(()),
            Err(_) => Err(uncertain(self.client.unexpected(Service::SecretsManager))),
        }
    }

    async fn call(
        &self,
        operation: &'static str,
        parameters: &impl Serialize,
        deadline: Deadline,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let call = Call {
            service: Service::SecretsManager,
            operation,
            headers: vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", format!("secretsmanager.{operation}")),
            ],
            body: serde_json::to_vec(parameters).map_err(|_| Error::NoText)?,
            limit: Limit::AWS_SECRET.bytes(),
            read_error,
        };
        self.client.call(call, deadline).await
    }
}

fn read_error(body: &[u8]) -> Option<(String, String)> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(rename = "__type")]
        code: String,
        #[serde(default, alias = "Message")]
        message: String,
    }
    let Body { code, message } = serde_json::from_slice(body).ok()?;
    (!code.is_empty()).then_some((code, message))
}

/// Doubles with each attempt, and is spread by up to a half.
fn pause(attempt: u32) -> Result<Duration, Error> {
    let [spread] = random::bytes::<1>()?;
    let pause = FIRST_PAUSE * 2_u32.pow(attempt - 1);
    Ok(pause + pause * u32::from(spread) / 512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_service_are_read() {
        for (body, expected) in [
            (
                r#"{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}"#,
                Some((
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret.",
                )),
            ),
            (r#"{"__type":"X","message":"lower"}"#, Some(("X", "lower"))),
            (r#"{"__type":"X"}"#, Some(("X", ""))),
            ("{}", None),
            ("<html>canary</html>", None),
            ("", None),
        ] {
            let expected = expected.map(|(code, message)| (code.to_owned(), message.to_owned()));
            assert_eq!(read_error(body.as_bytes()), expected, "{body}");
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
