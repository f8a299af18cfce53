//! The calls of a key vault.

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::identity::AzureIdentity;
use super::token;
use super::vault::Vault;
use crate::cloud::{
    AccessToken, Call, Cloud, Error as CallError, Operation, RejectionKind, TokenKeeper, Told,
    Transport,
};
use crate::codec::{self, Case};
use crate::http::{Http, Method, host_of};
use crate::json;
use crate::limits::Limit;
use crate::sensitive::Sensitive;

/// Of the interface. Every cloud of Azure has it.
const VERSION: &str = "7.4";

/// A key vault, asked by one identity.
pub struct KeyVault {
    vault: Vault,
    identity: AzureIdentity,
    transport: Transport,
    token: TokenKeeper,
}

/// The current version of a secret.
#[derive(Debug, Clone)]
pub struct VaultSecret {
    /// `None` where the secret is switched off.
    pub value: Option<Sensitive<String>>,
    /// Whether it can be recovered once it is deleted. A vault of old may be without soft delete.
    pub is_recoverable: bool,
}

impl KeyVault {
    /// Sends nothing.
    pub fn new(http: Http, vault: Vault, identity: AzureIdentity) -> Result<Self, Error> {
        Ok(Self {
            vault,
            identity,
            transport: Transport::new(http)?,
            token: TokenKeeper::default(),
        })
    }

    pub fn identity(&self) -> &AzureIdentity {
        &self.identity
    }

    /// Without `/` at the end.
    pub fn url(&self) -> &str {
        self.vault.url()
    }

    /// Gets a token, so that wrong credentials are found out before anything else is asked.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.token.get(|| self.ask_for_token()).await.map(drop)
    }

    async fn ask_for_token(&self) -> Result<AccessToken, Error> {
        token::of(&self.identity, &self.vault, &self.transport).await
    }

    /// Reads the current version.
    pub async fn get(&self, name: &str) -> Result<Option<VaultSecret>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Attributes {
            #[serde(default)]
            recovery_level: String,
        }
        #[derive(Deserialize)]
        struct Bundle {
            value: String,
            attributes: Attributes,
        }
        let read = Operation::on("read", name);
        let path = secret_path(name);
        let call = self.call(read, Method::GET, &path, None);
        let body = match call.await {
            Ok(body) => body,
            Err(error) => {
                return match error.rejection() {
                    Some(RejectionKind::NotFound) => Ok(None),
                    Some(RejectionKind::Unreadable) => Ok(Some(VaultSecret {
                        value: None,
                        is_recoverable: false,
                    })),
                    _ => Err(error),
                };
            }
        };
        let Bundle { value, attributes } =
            json::object(body.expose()).map_err(|_| self.unexpected())?;
        Ok(Some(VaultSecret {
            value: Some(value.into()),
            is_recoverable: attributes.recovery_level.contains("Recoverable"),
        }))
    }

    /// Adds a version. Refused for the name of a secret that is deleted and can be recovered.
    pub async fn set(&self, name: &str, value: &Sensitive<String>) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Parameters<'a> {
            value: &'a str,
        }
        let parameters = Parameters {
            value: value.expose(),
        };
        let body = serde_json::to_vec(&parameters).map_err(|_| self.unexpected())?;
        let write = Operation::on("write", name);
        let path = secret_path(name);
        self.change(write, Method::PUT, &path, Some(body)).await
    }

    /// Whether a secret of this name was deleted and can be recovered.
    pub async fn is_deleted(&self, name: &str) -> Result<bool, Error> {
        let look = Operation::on("look for the deleted", name);
        let path = format!("deleted{}", secret_path(name));
        match self.call(look, Method::GET, &path, None).await {
            Ok(_) => Ok(true),
            Err(error) if error.rejection() == Some(RejectionKind::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        let delete = Operation::on("delete", name);
        let path = secret_path(name);
        self.change(delete, Method::DELETE, &path, None).await
    }

    pub async fn recover(&self, name: &str) -> Result<(), Error> {
        let recover = Operation::on("recover", name);
        let path = format!("deleted{}/recover", secret_path(name));
        self.change(recover, Method::POST, &path, None).await
    }

    /// The answer of a change is the secret; another one is somebody else's.
    async fn change(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Changed {
            #[serde(rename = "id")]
            _id: String,
        }
        let call = self.call(operation, method, path, body);
        match json::object::<Changed>(call.await?.expose()) {
            Ok(Changed { .. }) => Ok(()),
            Err(_) => Err(self.unexpected().into()),
        }
    }

    async fn call(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let token = self.token.get(|| self.ask_for_token()).await?;
        let mut headers = vec![("authorization", token.header())];
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let call = Call {
            cloud: Cloud::Azure,
            operation,
            method,
            url: &format!("{}/{path}?api-version={VERSION}", self.vault.url()),
            headers: &headers,
            body: body.unwrap_or_default().into(),
            limit: Limit::CLOUD_SECRET,
            read_told,
        };
        Ok(self.transport.call(&call).await?)
    }

    fn unexpected(&self) -> CallError {
        CallError::Unexpected {
            cloud: Cloud::Azure,
            host: host_of(self.vault.url()),
        }
    }
}

fn secret_path(name: &str) -> String {
    let name = codec::encode_percent(name.as_bytes(), b"-", Case::Upper);
    format!("secrets/{name}")
}

fn read_told(status: u16, body: &[u8]) -> Option<Told> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Inner {
        code: String,
    }
    #[derive(Deserialize)]
    struct Reason {
        code: String,
        #[serde(default)]
        message: String,
        #[serde(default, rename = "innererror")]
        inner: Option<Inner>,
    }
    #[derive(Deserialize)]
    struct Body {
        error: Reason,
    }
    let Body { error } = json::object(body).ok()?;
    let inner = error.inner.unwrap_or_default().code;
    let kind = match (status, inner.as_str()) {
        (404, _) if error.code == "SecretNotFound" => RejectionKind::NotFound,
        (409, "ObjectIsDeletedButRecoverable") => RejectionKind::Deleted,
        (409, "ObjectIsBeingDeleted" | "ObjectIsBeingRecovered" | "ObjectIsBeingPurged") => {
            RejectionKind::Settling
        }
        (403, "SecretDisabled") => RejectionKind::Unreadable,
        (403, "ForbiddenByFirewall" | "ForbiddenByConnection") => RejectionKind::Network,
        (403, _) => RejectionKind::Denied,
        (401, _) => RejectionKind::Identity,
        _ => RejectionKind::Other,
    };
    let code = match inner.is_empty() {
        true => error.code,
        false => inner,
    };
    Some(Told {
        code,
        message: error.message,
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn refusals_of_a_vault_are_told_apart() {
        for (given, expected) in cases(
            "
            404 SecretNotFound => NotFound
            404 ResourceNotFound => Other
            409 Conflict/ObjectIsDeletedButRecoverable => Deleted
            409 Conflict/ObjectIsBeingDeleted => Settling
            409 Conflict/ObjectIsBeingRecovered => Settling
            409 Conflict => Other
            403 Forbidden/SecretDisabled => Unreadable
            403 Forbidden/ForbiddenByFirewall => Network
            403 Forbidden/ForbiddenByRbac => Denied
            403 Forbidden => Denied
            401 Unauthorized => Identity
            400 BadParameter => Other
            ",
        ) {
            let (status, codes) = given.split_once(' ').unwrap();
            let (code, inner) = codes.split_once('/').unwrap_or((codes, ""));
            let inner = match inner {
                "" => "null".to_owned(),
                inner => format!(r#"{{"code":"{inner}"}}"#),
            };
            let body =
                format!(r#"{{"error":{{"code":"{code}","message":"Why.","innererror":{inner}}}}}"#);
            let told = read_told(status.parse().unwrap(), body.as_bytes()).unwrap();
            assert_eq!(format!("{:?}", told.kind), expected, "{given}");
        }
        for body in ["", "{}", r#"{"error":"x"}"#, "<html>"] {
            assert_eq!(read_told(403, body.as_bytes()), None, "{body}");
        }
    }
}
