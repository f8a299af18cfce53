//! AWS, as far as a profile may rest there: identities, and a secret of Secrets Manager. The SDK would make the program
//! three times as large.
//!
//! `plan` decides in values where credentials come from. `credentials` gets them: from files and variables, by a role
//! (`sts`), or from a service of the machine (`metadata`, that of a container). `client` signs and sends the calls of
//! `sts` and `secret`.

mod client;
mod credentials;
mod endpoints;
mod error;
mod identity;
mod metadata;
mod plan;
mod region;
mod secret;
pub mod secret_id;
pub mod shared_files;
mod sigv4;
mod sts;
mod token_file;
mod transport;

pub use error::{CredentialsError, Error, MetadataError, ServiceError, ServiceErrorKind};
pub use identity::{Credentials, Identity};
pub use region::{InvalidRegion, Region};
pub use secret::{Secret, Stored};
pub use secret_id::SecretId;

use client::Client;
use endpoints::Endpoints;
use metadata::InstanceMetadata;
use plan::{CredentialPlan, CredentialSource};
use shared_files::SharedFiles;
use transport::Transport;

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
    pub async fn secret(&self, identity: &Identity, id: &SecretId) -> Result<Secret<'_>, Error> {
        let environment = self.environment;
        match identity {
            Identity::Keys {
                credentials,
                region,
            } => {
                let endpoints = Endpoints::of_variables(environment)?;
                let plan = CredentialSource::Keys(credentials.clone()).into();
                self.sign_in(plan, Some(region.clone()), endpoints, id)
                    .await
            }
            Identity::Instance => {
                let region = region::of_variables(environment)?;
                let endpoints = Endpoints::of_variables(environment)?;
                self.sign_in(CredentialSource::Instance.into(), region, endpoints, id)
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
                self.sign_in_as_profile(plan, &files, &profile, id).await
            }
        }
    }

    /// Signs in as AWS's own tools do without a choice: variables, shared files, the container, and then the instance.
    pub async fn secret_by_default(&self, id: &SecretId) -> Result<Secret<'_>, Error> {
        let files = SharedFiles::read(self.environment)?;
        let (plan, profile) = plan::by_default(&files, self.environment)?;
        let plan = plan.unwrap_or_else(|| CredentialSource::Instance.into());
        self.sign_in_as_profile(plan, &files, &profile, id).await
    }

    async fn sign_in_as_profile(
        &self,
        plan: CredentialPlan,
        files: &SharedFiles,
        profile: &str,
        id: &SecretId,
    ) -> Result<Secret<'_>, Error> {
        let region = region::configured(files, profile, self.environment)?;
        let endpoints = Endpoints::configured(files, profile, self.environment)?;
        self.sign_in(plan, region, endpoints, id).await
    }

    async fn sign_in(
        &self,
        plan: CredentialPlan,
        configured: Option<Region>,
        endpoints: Endpoints,
        id: &SecretId,
    ) -> Result<Secret<'_>, Error> {
        let metadata = match plan.needs_instance() {
            true => Some(InstanceMetadata::open(&self.transport, self.environment).await?),
            false => None,
        };
        let region = match (id.region().cloned().or(configured), &metadata) {
            (Some(region), _) => region,
            (None, Some(metadata)) => metadata.region().await?,
            (None, None) => return Err(Error::NoRegion),
        };
        let client = Client::new(&self.transport, region, endpoints);
        let client =
            credentials::sign_in(client, plan, &self.transport, metadata, self.environment).await?;
        Ok(Secret::new(client, id.clone()))
    }
}
