//! Who we are to AWS. `plan` decides, in values, where credentials are to come from; here they are obtained from there.

mod container;
mod document;
mod error;
mod instance;
pub(super) mod plan;
mod process;

use std::path::Path;

pub use error::Error;
pub(super) use plan::Plan;

use plan::Base;

use super::endpoint::Addresses;
use super::metadata::Metadata;
use super::region::Region;
use super::{Aws, Session};
use crate::environment::Environment;
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

/// The keys of an identity.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Which keys these are.
    pub access_key_id: Sensitive<String>,
    /// What signs.
    pub secret_access_key: Sensitive<String>,
    /// What belongs to temporary keys.
    pub session_token: Option<Sensitive<String>>,
}

/// Whose credentials are used: exactly these, and no others in their place (security.md S3).
#[derive(Debug, Clone)]
pub enum Identity {
    /// The role of the instance we run on.
    Instance,
    /// A profile of AWS's shared configuration; without a name, what AWS's own tools use by themselves on a machine that
    /// is no instance.
    Profile(Option<String>),
    /// Given keys.
    Keys {
        /// The keys.
        credentials: Credentials,
        /// Where the secret is, if it is not named by an ARN.
        region: Region,
    },
}

impl Aws<'_> {
    /// Carries out `plan`: the base, and then each role with what the one before gave.
    pub(super) async fn obtain(
        &self,
        plan: Plan,
        region: &Region,
        addresses: &Addresses,
        instance: Option<&Metadata<'_>>,
    ) -> Result<Credentials, super::Error> {
        let mut credentials = match plan.base {
            Base::Keys(credentials) => credentials,
            Base::Process(command) => process::run(&command, self.environment)?,
            Base::Container => container::credentials(&self.reach, self.environment).await?,
            Base::WebIdentity(role) => {
                self.assume_with_web_identity(&role, region, addresses)
                    .await?
            }
            Base::Instance => match instance {
                Some(instance) => instance::credentials(instance).await?,
                None => {
                    let instance = Metadata::open(&self.reach, self.environment).await?;
                    instance::credentials(&instance).await?
                }
            },
        };
        for role in &plan.roles {
            let session = Session {
                credentials,
                region: region.clone(),
                addresses: addresses.clone(),
            };
            credentials = self.assume(role, &session).await?;
        }
        Ok(credentials)
    }
}

/// A token that somebody else renews in a file.
pub(super) fn token_file(path: &Path) -> Result<Sensitive<String>, Error> {
    let token = input::file(path, Limit::AWS_CREDENTIALS).and_then(input::text);
    token.map_err(|source| Error::TokenFile {
        path: path.to_owned(),
        source,
    })
}

/// A variable as text; unset, empty and unreadable are alike.
pub(super) fn text(environment: &Environment, name: &str) -> Option<String> {
    let value = environment.get(name)?.to_str()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}
