//! AWS, as far as a profile may rest there and `sync` writes: identities, and the secrets of Secrets Manager. The SDK would make the program
//! three times as large.
//!
//! `plan` decides in values where credentials come from. `credentials` gets them: from files and variables, by a role
//! (`sts`), or from a service of the machine (`metadata`, that of a container). `client` signs and sends the calls of
//! `sts` and `secrets_manager`.

mod client;
mod credentials;
mod endpoints;
mod error;
mod identity;
mod metadata;
mod plan;
mod refusal;
mod region;
mod secret;
pub mod secret_id;
mod secrets_manager;
pub mod shared_files;
mod sigv4;
mod sts;
mod token_file;

pub use error::{CredentialsError, Error, MetadataError, OwnError};
pub use identity::{Credentials, Identity};
pub use region::{InvalidRegion, Region};
pub use secret::{Secret, Stored};
pub use secret_id::SecretId;
pub use secrets_manager::{Change, NewVersion, SecretValue, SecretsManager};

use client::Client;
use endpoints::Endpoints;
use metadata::InstanceMetadata;
use plan::{CredentialPlan, CredentialSource};
use shared_files::SharedFiles;

use crate::cloud::Transport;
use crate::environment::Environment;
use crate::http::{self, Http};

pub struct Aws<'a> {
    transport: Transport,
    environment: &'a Environment,
}

impl<'a> Aws<'a> {
    /// Sends nothing.
    pub fn new(http: Http, environment: &'a Environment) -> Result<Self, http::Error> {
        Ok(Self {
            transport: Transport::new(http)?,
            environment,
        })
    }

    /// Signs in as `identity`, and as no other.
    pub async fn secret(&self, identity: &Identity, id: &SecretId) -> Result<Secret, Error> {
        let service = self.sign_in(identity, id.region()).await?;
        Ok(Secret::new(service, id.clone()))
    }

    /// Signs in as AWS's own tools do without a choice: variables, shared files, the container, and then the instance.
    pub async fn secret_by_default(&self, id: &SecretId) -> Result<Secret, Error> {
        let service = self.sign_in_by_default(id.region()).await?;
        Ok(Secret::new(service, id.clone()))
    }

    /// All secrets of a region, as `identity`, or as [`Self::secret_by_default`] if there is none.
    pub async fn secrets(&self, identity: Option<&Identity>) -> Result<SecretsManager, Error> {
        match identity {
            Some(identity) => self.sign_in(identity, None).await,
            None => self.sign_in_by_default(None).await,
        }
    }

    async fn sign_in(
        &self,
        identity: &Identity,
        region: Option<&Region>,
    ) -> Result<SecretsManager, Error> {
        let environment = self.environment;
        match identity {
            Identity::Keys {
                credentials,
                region: of_keys,
            } => {
                let endpoints = Endpoints::of_variables(environment)?;
                let plan = CredentialSource::Keys(credentials.clone()).into();
                let region = region.or(Some(of_keys)).cloned();
                self.sign_in_with(plan, region, endpoints).await
            }
            Identity::Instance => {
                let of_variables = region::of_variables(environment)?;
                let endpoints = Endpoints::of_variables(environment)?;
                let region = region.cloned().or(of_variables);
                self.sign_in_with(CredentialSource::Instance.into(), region, endpoints)
                    .await
            }
            Identity::Profile(name) => {
                let files = SharedFiles::read(environment)?;
                let (plan, profile) = match name {
                    Some(name) => (plan::of_profile(&files, name, environment)?, name.clone()),
                    None => match plan::by_default(&files, environment)? {
                        (Some(plan), profile) => (plan, profile),
                        (None, _) => return Err(CredentialsError::Nowhere(plan::PLACES).into()),
                    },
                };
                self.sign_in_as_profile(plan, &files, &profile, region)
                    .await
            }
        }
    }

    async fn sign_in_by_default(&self, region: Option<&Region>) -> Result<SecretsManager, Error> {
        let files = SharedFiles::read(self.environment)?;
        let (plan, profile) = plan::by_default(&files, self.environment)?;
        let is_last_resort = plan.is_none();
        let plan = plan.unwrap_or_else(|| CredentialSource::Instance.into());
        let signed_in = self.sign_in_as_profile(plan, &files, &profile, region);
        signed_in.await.map_err(|error| match error {
            Error::Own(OwnError::Metadata(
                reason @ (MetadataError::Silent(_) | MetadataError::Disabled),
            )) if is_last_resort => CredentialsError::NowhereAtAll(plan::PLACES, reason).into(),
            error => error,
        })
    }

    async fn sign_in_as_profile(
        &self,
        plan: CredentialPlan,
        files: &SharedFiles,
        profile: &str,
        region: Option<&Region>,
    ) -> Result<SecretsManager, Error> {
        let configured = region::configured(files, profile, self.environment)?;
        let endpoints = Endpoints::configured(files, profile, self.environment)?;
        self.sign_in_with(plan, region.cloned().or(configured), endpoints)
            .await
    }

    async fn sign_in_with(
        &self,
        plan: CredentialPlan,
        region: Option<Region>,
        endpoints: Endpoints,
    ) -> Result<SecretsManager, Error> {
        let metadata = match plan.needs_instance() {
            true => Some(InstanceMetadata::open(&self.transport, self.environment).await?),
            false => None,
        };
        let region = match (region, &metadata) {
            (Some(region), _) => region,
            (None, Some(metadata)) => metadata.region().await?,
            (None, None) => return Err(OwnError::NoRegion.into()),
        };
        let identity = plan.to_string();
        let client = Client::new(self.transport.clone(), region, endpoints);
        let client =
            credentials::sign_in(client, plan, &self.transport, metadata, self.environment).await?;
        Ok(SecretsManager::new(client, identity))
    }
}
