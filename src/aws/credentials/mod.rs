//! Credentials, from where the plan says.

mod container;
mod document;
mod instance;
mod process;

use super::client::Client;
use super::error::Error;
use super::metadata::InstanceMetadata;
use super::plan::{CredentialPlan, CredentialSource};
use super::sts;
use crate::cloud::Transport;
use crate::environment::Environment;

/// Signs in as the source of `plan`, and then takes each role as the one before. `metadata` is there for plans that need
/// the instance.
pub(super) async fn sign_in(
    client: Client,
    plan: CredentialPlan,
    transport: &Transport,
    metadata: Option<InstanceMetadata<'_>>,
    environment: &Environment,
) -> Result<Client, Error> {
    let credentials = match plan.source {
        CredentialSource::Keys(credentials) => credentials,
        CredentialSource::Process(command) => process::run(&command, environment)?,
        CredentialSource::Container => container::credentials(transport, environment).await?,
        CredentialSource::WebIdentity(role) => {
            sts::assume_with_web_identity(&client, &role).await?
        }
        CredentialSource::Instance => match &metadata {
            Some(metadata) => instance::credentials(metadata).await?,
            None => {
                let metadata = InstanceMetadata::open(transport, environment).await?;
                instance::credentials(&metadata).await?
            }
        },
    };
    let mut client = client.signing_with(credentials);
    for role in &plan.roles {
        let credentials = sts::assume(&client, role).await?;
        client = client.signing_with(credentials);
    }
    Ok(client)
}
