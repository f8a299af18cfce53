//! The calls of Secrets Manager, each sent once.

use serde::{Deserialize, Serialize};

use super::client::{Attempts, Call, Client};
use super::endpoints::Service;
use super::error::{Error, OwnError};
use super::refusal;
use super::region::Region;
use crate::cloud::Told;
use crate::codec;
use crate::json;
use crate::limits::Limit;
use crate::sensitive::Sensitive;

/// A client that signs its calls. It shows the identity in words.
pub struct SecretsManager {
    client: Client,
    identity: String,
}

/// The value of a secret's current version.
#[derive(Debug)]
pub enum SecretValue {
    Text(Sensitive<String>),
    Bytes,
}

/// The change that a call makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Create,
    Put,
    /// Changes the KMS key, too.
    Update,
}

/// The body of [`Change`].
#[derive(Debug)]
pub struct NewVersion<'a> {
    /// A name, or an ARN.
    pub secret: &'a str,
    /// Repetitions with the same token and text are dropped.
    pub token: &'a str,
    pub text: &'a Sensitive<String>,
    pub kms_key: Option<&'a str>,
}

/// How long a deleted secret can be restored.
const RECOVERY_DAYS: u32 = 30;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Named<'a> {
    secret_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Deletion<'a> {
    secret_id: &'a str,
    recovery_window_in_days: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewVersionBody<'a> {
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
#[serde(rename_all = "PascalCase", default)]
struct ValueBody {
    /// Tells an answer about a secret from another one.
    name: Option<String>,
    secret_string: Option<String>,
    /// Base64.
    secret_binary: Option<String>,
}

/// The answer to whatever changes a secret.
#[derive(Deserialize)]
struct Changed {
    #[serde(rename = "ARN")]
    _arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    deleted_date: Option<serde::de::IgnoredAny>,
}

impl SecretsManager {
    pub(super) fn new(client: Client, identity: String) -> Self {
        Self { client, identity }
    }

    pub fn identity(&self) -> &str {
        &self.identity
    }

    pub fn region(&self) -> &Region {
        self.client.region()
    }

    /// `GetSecretValue`.
    pub async fn value(&self, secret: &str) -> Result<SecretValue, Error> {
        self.value_after(secret, Attempts::One).await
    }

    pub(super) async fn value_after(
        &self,
        secret: &str,
        attempts: Attempts,
    ) -> Result<SecretValue, Error> {
        let parameters = Named { secret_id: secret };
        let body = self.call("GetSecretValue", &parameters, attempts).await?;
        let value: ValueBody = json::object(body.expose()).map_err(|_| self.unexpected())?;
        let (text, binary) = (
            value.secret_string.map(Sensitive::new),
            value.secret_binary.map(Sensitive::new),
        );
        match (text, binary) {
            (Some(text), _) => Ok(SecretValue::Text(text)),
            (None, Some(binary)) => {
                let bytes = codec::decode(binary.expose()).map_err(|_| OwnError::NoText)?;
                Ok(String::from_utf8(bytes).map_or(SecretValue::Bytes, |text| {
                    SecretValue::Text(Sensitive::new(text))
                }))
            }
            (None, None) if value.name.is_none() => Err(self.unexpected()),
            (None, None) => Err(OwnError::NoText.into()),
        }
    }

    /// `DescribeSecret`: whether the secret was deleted and can be restored.
    pub async fn is_deleted(&self, secret: &str) -> Result<bool, Error> {
        let parameters = Named { secret_id: secret };
        let call = self.call("DescribeSecret", &parameters, Attempts::One);
        let body = call.await?;
        let description: Description =
            json::object(body.expose()).map_err(|_| self.unexpected())?;
        Ok(description.deleted_date.is_some())
    }

    /// `CreateSecret`, `PutSecretValue` or `UpdateSecret`.
    pub async fn write(&self, change: Change, version: &NewVersion<'_>) -> Result<(), Error> {
        let (operation, is_new) = match change {
            Change::Create => ("CreateSecret", true),
            Change::Put => ("PutSecretValue", false),
            Change::Update => ("UpdateSecret", false),
        };
        let body = NewVersionBody {
            secret_id: (!is_new).then_some(version.secret),
            name: is_new.then_some(version.secret),
            client_request_token: version.token,
            secret_string: version.text.expose(),
            kms_key_id: version.kms_key,
        };
        self.change(operation, &body).await
    }

    /// `DeleteSecret`, so that the secret can be restored for 30 days.
    pub async fn delete(&self, secret: &str) -> Result<(), Error> {
        let deletion = Deletion {
            secret_id: secret,
            recovery_window_in_days: RECOVERY_DAYS,
        };
        self.change("DeleteSecret", &deletion).await
    }

    /// `RestoreSecret`.
    pub async fn restore(&self, secret: &str) -> Result<(), Error> {
        let secret = Named { secret_id: secret };
        self.change("RestoreSecret", &secret).await
    }

    async fn change(
        &self,
        operation: &'static str,
        parameters: &impl Serialize,
    ) -> Result<(), Error> {
        let answer = self.call(operation, parameters, Attempts::One).await?;
        match json::object::<Changed>(answer.expose()) {
            Ok(Changed { .. }) => Ok(()),
            Err(_) => Err(self.client.unconfirmed(Service::SecretsManager)),
        }
    }

    fn unexpected(&self) -> Error {
        self.client.unexpected(Service::SecretsManager)
    }

    async fn call(
        &self,
        operation: &'static str,
        parameters: &impl Serialize,
        attempts: Attempts,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let call = Call {
            service: Service::SecretsManager,
            operation,
            headers: vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", format!("secretsmanager.{operation}")),
            ],
            body: serde_json::to_vec(parameters).map_err(|_| OwnError::NoText)?,
            limit: Limit::AWS_SECRET,
            read_told,
        };
        self.client.call(call, attempts).await
    }
}

fn read_told(_: u16, body: &[u8]) -> Option<Told> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(rename = "__type")]
        code: String,
        #[serde(default, alias = "Message")]
        message: String,
    }
    let Body { code, message } = json::object(body).ok()?;
    (!code.is_empty()).then(|| refusal::told(&code, &message))
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
            (r#"["X", "a"]"#, None),
            ("<html>canary</html>", None),
            ("", None),
        ] {
            let expected = expected.map(|(code, message)| refusal::told(code, message));
            assert_eq!(read_told(400, body.as_bytes()), expected, "{body}");
        }
    }
}
