//! The calls of a key vault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::{Error, OwnError};
use super::identity::AzureIdentity;
use super::refusal::read_told;
use super::token;
use super::vault::Vault;
use crate::cloud::{
    AccessToken, BearerService, Cloud, Operation, RejectionKind, TokenSource, Transport,
};
use crate::codec::{self, Case};
use crate::http::{Http, Method};
use crate::json;
use crate::sensitive::Sensitive;

/// Of the interface. Every cloud of Azure has it.
const VERSION: &str = "7.4";

/// A key vault, asked by one identity.
pub struct KeyVault(BearerService<VaultTokens>);

struct VaultTokens {
    identity: AzureIdentity,
    vault: Vault,
}

impl TokenSource for VaultTokens {
    type Error = OwnError;

    async fn token(&self, transport: &Transport) -> Result<AccessToken, Error> {
        token::of(&self.identity, &self.vault, transport).await
    }
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
        let base = vault.url().to_owned();
        let tokens = VaultTokens { identity, vault };
        let service = BearerService::new(http, Cloud::Azure, base, read_told, tokens)?;
        Ok(Self(service))
    }

    pub fn identity(&self) -> &AzureIdentity {
        &self.0.source().identity
    }

    /// Without `/` at the end.
    pub fn url(&self) -> &str {
        self.0.base()
    }

    /// See `BearerService::sign_in`.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.0.sign_in().await
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
        let read = Operation::on("to read", name);
        let path = secret_path(name);
        let call = self.0.call(read, Method::GET, &path, None);
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
        } = self.0.read(&body)?;
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
        let body = serde_json::to_vec(&parameters).map_err(|_| self.0.unexpected())?;
        let write = Operation::on("to write", name);
        let path = secret_path(name);
        self.change(write, Method::PUT, &path, Some(body)).await
    }

    /// Whether a secret of this name was deleted and can be recovered.
    pub async fn is_deleted(&self, name: &str) -> Result<bool, Error> {
        let look = Operation::on("to look for the deleted", name);
        let path = deleted_path(name, "");
        match self.0.call(look, Method::GET, &path, None).await {
            Ok(_) => Ok(true),
            Err(error) if error.rejection() == Some(RejectionKind::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        let delete = Operation::on("to delete", name);
        let path = secret_path(name);
        self.change(delete, Method::DELETE, &path, None).await
    }

    pub async fn recover(&self, name: &str) -> Result<(), Error> {
        let recover = Operation::on("to recover", name);
        let path = deleted_path(name, "/recover");
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
        let Changed { .. } = self.0.change(operation, method, path, body).await?;
        Ok(())
    }
}

fn secret_path(name: &str) -> String {
    path_below("secrets", name, "")
}

fn deleted_path(name: &str, call: &str) -> String {
    path_below("deletedsecrets", name, call)
}

fn path_below(list: &str, name: &str, call: &str) -> String {
    let name = codec::encode_percent(name.as_bytes(), b"-", Case::Upper);
    format!("{list}/{name}{call}?api-version={VERSION}")
}
