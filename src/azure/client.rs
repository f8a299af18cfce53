//! The calls of a key vault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::identity::AzureIdentity;
use super::refusal::read_told;
use super::token;
use super::vault::Vault;
use crate::cloud::{
    AccessToken, Call, Cloud, Error as CallError, Operation, RejectionKind, TokenKeeper, Transport,
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

/// What is said about a secret, which a new version takes over.
#[derive(Debug, Clone, Default)]
pub struct SecretNotes {
    content_type: Option<String>,
    tags: Option<BTreeMap<String, String>>,
}

/// The current version of a secret.
#[derive(Debug, Clone)]
pub struct VaultSecret {
    /// `None` where the secret is switched off.
    pub value: Option<Sensitive<String>>,
    /// Whether it can be recovered once it is deleted. A vault of old may be without soft delete.
    pub is_recoverable: bool,
    pub notes: SecretNotes,
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
        #[serde(rename_all = "camelCase")]
        struct Bundle {
            value: String,
            attributes: json::Object<Attributes>,
            #[serde(default)]
            content_type: Option<String>,
            #[serde(default)]
            tags: Option<BTreeMap<String, String>>,
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
                        notes: SecretNotes::default(),
                    })),
                    _ => Err(error),
                };
            }
        };
        let Bundle {
            value,
            attributes: json::Object(attributes),
            content_type,
            tags,
        } = json::object(body.expose()).map_err(|_| self.unexpected())?;
        Ok(Some(VaultSecret {
            value: Some(value.into()),
            is_recoverable: attributes.recovery_level.contains("Recoverable"),
            notes: SecretNotes { content_type, tags },
        }))
    }

    /// Adds a version. Refused for the name of a secret that is deleted and can be recovered.
    pub async fn set(
        &self,
        name: &str,
        value: &Sensitive<String>,
        notes: &SecretNotes,
    ) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Parameters<'a> {
            value: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            content_type: &'a Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            tags: &'a Option<BTreeMap<String, String>>,
        }
        let parameters = Parameters {
            value: value.expose(),
            content_type: &notes.content_type,
            tags: &notes.tags,
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
