//! AWS, as far as a profile may rest there: who we are to it, and one secret of its Secrets Manager. By hand rather than
//! by the SDK, which would make the program three times as large.
//!
//! `credentials` says in values whose identity is to be used and then obtains it, from files and variables, a role
//! (`sts`), or a service of the machine (`metadata`, `credentials::container`); `region` finds where the secret lies;
//! `secrets` reads and writes it with requests signed by `sigv4`; `reach` carries all of it.

pub mod credentials;
mod endpoint;
mod error;
pub mod metadata;
mod reach;
mod region;
pub mod secret_id;
mod secrets;
pub mod shared_files;
mod sigv4;
mod sts;

pub use credentials::{Credentials, Identity};
pub use error::{Error, Kind, Refusal};
pub use region::Region;
pub use secret_id::SecretId;
pub use secrets::Stored;

use credentials::{Plan, plan};
use endpoint::Addresses;
use metadata::Metadata;
use reach::Reach;
use shared_files::SharedFiles;

use crate::environment::Environment;
use crate::http::{self, Http};

/// The way to AWS from this machine.
pub struct Aws<'a> {
    reach: Reach,
    environment: &'a Environment,
}

/// Who we are to AWS, in which region, and where its services are.
#[derive(Debug, Clone)]
pub struct Session {
    credentials: Credentials,
    region: Region,
    addresses: Addresses,
}

impl<'a> Aws<'a> {
    /// Prepares connections; nothing is sent.
    pub fn new(http: Http, environment: &'a Environment) -> Result<Self, http::Error> {
        Ok(Self {
            reach: Reach::new(http)?,
            environment,
        })
    }

    /// Becomes `identity`, and nobody else, in the region of `secret`.
    pub async fn sign_in(&self, identity: &Identity, secret: &SecretId) -> Result<Session, Error> {
        let (plan, region, addresses) = match identity {
            Identity::Keys {
                credentials,
                region,
            } => {
                return Ok(Session {
                    credentials: credentials.clone(),
                    region: secret.region().unwrap_or(region).clone(),
                    addresses: Addresses::of_variables(self.environment)?,
                });
            }
            Identity::Instance => (
                Plan::instance(),
                region::of_variables(self.environment)?,
                Addresses::of_variables(self.environment)?,
            ),
            Identity::Profile(name) => {
                let files = SharedFiles::read(self.environment)?;
                let (plan, profile) = match name {
                    Some(name) => (
                        plan::of_profile(&files, name, self.environment)?,
                        name.clone(),
                    ),
                    None => plan::by_default(&files, self.environment)?,
                };
                (
                    plan,
                    region::configured(&files, &profile, self.environment)?,
                    Addresses::configured(&files, &profile, self.environment)?,
                )
            }
        };
        self.follow(plan, region, addresses, secret).await
    }

    /// Becomes whom AWS's own tools would take us for: variables, shared files, the container, and at last the instance.
    pub async fn sign_in_by_default(&self, secret: &SecretId) -> Result<Session, Error> {
        let files = SharedFiles::read(self.environment)?;
        let (plan, profile) = plan::by_default_or_instance(&files, self.environment)?;
        let region = region::configured(&files, &profile, self.environment)?;
        let addresses = Addresses::configured(&files, &profile, self.environment)?;
        self.follow(plan, region, addresses, secret).await
    }

    async fn follow(
        &self,
        plan: Plan,
        configured: Option<Region>,
        addresses: Addresses,
        secret: &SecretId,
    ) -> Result<Session, Error> {
        let instance = match plan.needs_instance() {
            true => Some(Metadata::open(&self.reach, self.environment).await?),
            false => None,
        };
        let region = match (secret.region().cloned().or(configured), &instance) {
            (Some(region), _) => region,
            (None, Some(instance)) => region::of_instance(instance).await?,
            (None, None) => return Err(Error::NoRegion),
        };
        let credentials = self
            .obtain(plan, &region, &addresses, instance.as_ref())
            .await?;
        Ok(Session {
            credentials,
            region,
            addresses,
        })
    }
}
