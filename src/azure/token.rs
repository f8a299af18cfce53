//! Access tokens from Entra ID: for a client secret, or for the token of another issuer.

use std::path::Path;

use super::error::{Error, OwnError};
use super::identity::AzureIdentity;
use super::managed;
use super::vault::Vault;
use crate::cloud::{AccessToken, Cloud, Transport, is_encrypted_or_local};
use crate::environment::names;
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

pub(super) async fn of(
    identity: &AzureIdentity,
    vault: &Vault,
    transport: &Transport,
) -> Result<AccessToken, Error> {
    match identity {
        AzureIdentity::Client {
            tenant,
            client,
            secret,
        } => {
            let proof = [("client_secret", secret.expose().as_str())];
            ask(tenant, client, &proof, vault, transport).await
        }
        AzureIdentity::Workload {
            tenant,
            client,
            token_file,
        } => {
            let token = read_token(token_file)?;
            let proof = [
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ),
                ("client_assertion", token.expose().trim()),
            ];
            ask(tenant, client, &proof, vault, transport).await
        }
        AzureIdentity::Managed { giver, client } => {
            managed::token(giver, client.as_deref(), vault, transport).await
        }
    }
}

async fn ask(
    tenant: &str,
    client: &str,
    proof: &[(&str, &str)],
    vault: &Vault,
    transport: &Transport,
) -> Result<AccessToken, Error> {
    let authority = vault.authority();
    if !is_encrypted_or_local(authority) {
        return Err(OwnError::Address(names::AZURE_AUTHORITY_HOST).into());
    }
    let url = format!("{authority}/{tenant}/oauth2/v2.0/token");
    let scope = format!("{}/.default", vault.resource());
    let fixed = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("scope", &scope),
    ];
    let parameters = [&fixed, proof].concat();
    Ok(AccessToken::ask(Cloud::Azure, &url, &parameters, transport).await?)
}

/// It is read anew for each request, since a cluster renews it.
fn read_token(path: &Path) -> Result<Sensitive<String>, OwnError> {
    let token = input::file(path, Limit::CLOUD_CREDENTIALS).and_then(input::text);
    token.map_err(|source| OwnError::TokenFile {
        path: path.to_owned(),
        source,
    })
}
