//! The calls of Secret Manager.

use serde::{Deserialize, Serialize};

use super::checksum::crc32c;
use super::error::{Error, OwnError};
use super::identity::{GoogleIdentity, Source};
use super::project::Project;
use super::refusal::read_told;
use super::token;
use crate::cloud::{
    AccessToken, BearerService, Cloud, Error as CallError, Operation, RejectionKind, TokenSource,
    Transport, is_encrypted_or_local,
};
use crate::codec::{self, Case};
use crate::environment::{Environment, names};
use crate::http::{Http, Method};
use crate::json;
use crate::sensitive::Sensitive;

const ENDPOINT: &str = names::CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER;

/// The secrets of a project, asked by one identity.
pub struct SecretManager {
    service: BearerService<GoogleIdentity>,
    project: Project,
}

impl TokenSource for GoogleIdentity {
    type Error = OwnError;

    async fn token(&self, transport: &Transport) -> Result<AccessToken, Error> {
        token::of(self, transport).await
    }

    fn header(&self) -> Option<(&'static str, String)> {
        let project = self.quota_project()?;
        Some(("x-goog-user-project", project.to_owned()))
    }
}

/// The answer of a change that made something; another one is somebody else's.
#[derive(Deserialize)]
struct Made {
    #[serde(rename = "name")]
    _name: String,
}

/// The newest version of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPayload {
    Bytes(Sensitive<Vec<u8>>),
    /// It is switched off or destroyed.
    Unreadable,
}

impl SecretManager {
    /// Signs in. Without `project`, the one of a variable, of the identity or of the machine is meant.
    pub async fn sign_in(
        http: Http,
        identity: GoogleIdentity,
        project: Option<Project>,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let base = environment.trimmed(ENDPOINT);
        let base = base.unwrap_or_else(|| "https://secretmanager.googleapis.com".to_owned());
        if !is_encrypted_or_local(&base) {
            return Err(OwnError::Address(ENDPOINT).into());
        }
        let base = format!("{}/v1", base.trim_end_matches('/'));
        let service = BearerService::new(http, Cloud::Google, base, read_told, identity)?;
        service.sign_in().await?;
        let project = match project {
            Some(project) => project,
            None => default_project(service.source(), service.transport(), environment).await?,
        };
        Ok(Self { service, project })
    }

    pub fn identity(&self) -> &GoogleIdentity {
        self.service.source()
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Reads the newest version. `None` for a secret that is not there, or has no version.
    pub async fn access(&self, name: &str) -> Result<Option<SecretPayload>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Payload {
            /// An empty payload has none.
            #[serde(default)]
            data: String,
            /// A number as text.
            #[serde(default)]
            data_crc32c: Option<String>,
        }
        #[derive(Deserialize)]
        struct Version {
            payload: json::Object<Payload>,
        }
        let read = Operation::on("to read", name);
        let path = format!("{}/versions/latest:access", self.path(name));
        let body = match self.service.call(read, Method::GET, &path, None).await {
            Ok(body) => body,
            Err(error) => {
                return match error.rejection() {
                    Some(RejectionKind::NotFound) => Ok(None),
                    Some(RejectionKind::Unreadable) => Ok(Some(SecretPayload::Unreadable)),
                    _ => Err(error),
                };
            }
        };
        let Version {
            payload: json::Object(payload),
        } = self.service.read(&body)?;
        let data = Sensitive::new(payload.data);
        let bytes = codec::decode(data.expose()).map_err(|_| self.service.unexpected())?;
        let bytes = Sensitive::new(bytes);
        match payload.data_crc32c {
            Some(sum) if sum.parse() != Ok(crc32c(bytes.expose())) => Err(CallError::Damaged {
                cloud: Cloud::Google,
                secret: name.into(),
            }
            .into()),
            _ => Ok(Some(SecretPayload::Bytes(bytes))),
        }
    }

    /// Whether there is such a secret, with a version or without.
    pub async fn exists(&self, name: &str) -> Result<bool, Error> {
        let look = Operation::on("to look for", name);
        match self
            .service
            .call(look, Method::GET, &self.path(name), None)
            .await
        {
            Ok(_) => Ok(true),
            Err(error) if error.rejection() == Some(RejectionKind::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes a secret without a version.
    pub async fn create(&self, name: &str) -> Result<(), Error> {
        let create = Operation::on("to create", name);
        let path = format!("{}?secretId={}", self.path_of_all(), escape(name));
        let body = br#"{"replication":{"automatic":{}}}"#.to_vec();
        let made = self.service.change(create, Method::POST, &path, Some(body));
        let Made { .. } = made.await?;
        Ok(())
    }

    pub async fn add_version(&self, name: &str, value: &Sensitive<String>) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Payload {
            data: String,
            data_crc32c: String,
        }
        #[derive(Serialize)]
        struct NewVersion {
            payload: Payload,
        }
        let bytes = value.expose().as_bytes();
        let payload = Payload {
            data: codec::encode(bytes),
            data_crc32c: crc32c(bytes).to_string(),
        };
        let body =
            serde_json::to_vec(&NewVersion { payload }).map_err(|_| self.service.unexpected())?;
        let write = Operation::on("to write", name);
        let path = format!("{}:addVersion", self.path(name));
        let made = self.service.change(write, Method::POST, &path, Some(body));
        let Made { .. } = made.await?;
        Ok(())
    }

    /// Deletes a secret with all its versions, for good.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        let delete = Operation::on("to delete", name);
        #[derive(Deserialize)]
        struct Deleted {}
        let path = self.path(name);
        let deleted = self.service.change(delete, Method::DELETE, &path, None);
        let Deleted {} = deleted.await?;
        Ok(())
    }

    fn path_of_all(&self) -> String {
        format!("projects/{}/secrets", escape(&self.project.to_string()))
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{}", self.path_of_all(), escape(name))
    }
}

async fn default_project(
    identity: &GoogleIdentity,
    transport: &Transport,
    environment: &Environment,
) -> Result<Project, Error> {
    let variables = [names::GOOGLE_CLOUD_PROJECT, names::GCLOUD_PROJECT];
    let set = variables.iter().find_map(|name| environment.trimmed(name));
    let named = match (set.or_else(|| identity.project.clone()), &identity.source) {
        (Some(named), _) => named,
        (None, Source::Machine(server)) => server.project(transport).await?,
        (None, _) => return Err(OwnError::NoProject.into()),
    };
    Ok(named.parse().map_err(OwnError::from)?)
}

fn escape(text: &str) -> String {
    codec::encode_percent(text.as_bytes(), b"-_.:", Case::Upper)
}
