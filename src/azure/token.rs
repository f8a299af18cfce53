//! Access tokens from Entra ID: for a client secret, or for an assertion of the client's own or of another issuer.

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
            Application { tenant, client }
                .token(&proof, vault, transport)
                .await
        }
        AzureIdentity::Certified {
            tenant,
            client,
            file,
        } => {
            let application = Application { tenant, client };
            let assertion = file.assertion(client, &application.endpoint(vault)?)?;
            application
                .token(&asserted(&assertion), vault, transport)
                .await
        }
        AzureIdentity::Workload {
            tenant,
            client,
            token_file,
        } => {
            let token = read_token(token_file)?;
            Application { tenant, client }
                .token(&asserted(&token), vault, transport)
                .await
        }
        AzureIdentity::Managed { giver, client } => {
            managed::token(giver, client.as_deref(), vault, transport).await
        }
    }
}

fn asserted(token: &Sensitive<String>) -> [(&'static str, &str); 2] {
    const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    [
        ("client_assertion_type", KIND),
        ("client_assertion", token.expose().trim()),
    ]
}

struct Application<'a> {
    tenant: &'a str,
    client: &'a str,
}

impl Application<'_> {
    async fn token(
        &self,
        proof: &[(&str, &str)],
        vault: &Vault,
        transport: &Transport,
    ) -> Result<AccessToken, Error> {
        let url = self.endpoint(vault)?;
        let scope = format!("{}/.default", vault.resource());
        let fixed = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client),
            ("scope", &scope),
        ];
        let parameters = [&fixed, proof].concat();
        Ok(AccessToken::ask(Cloud::Azure, &url, &parameters, transport).await?)
    }

    fn endpoint(&self, vault: &Vault) -> Result<String, OwnError> {
        let authority = vault.authority();
        match is_encrypted_or_local(authority) {
            true => Ok(format!("{authority}/{}/oauth2/v2.0/token", self.tenant)),
            false => Err(OwnError::Address(names::AZURE_AUTHORITY_HOST)),
        }
    }
}

/// It is read anew for each request, since a cluster renews it.
fn read_token(path: &Path) -> Result<Sensitive<String>, OwnError> {
    let token = input::file(path, Limit::CLOUD_CREDENTIALS).and_then(input::text);
    token.map_err(|source| OwnError::TokenFile {
        path: path.to_owned(),
        source,
    })
}
