//! Who asks Azure, decided before anybody is asked. A choice that does not work is an error, and never leads to the next
//! possibility (S3).

use std::fmt;
use std::path::PathBuf;

use super::certificate::CertificateFile;
use super::error::OwnError as Error;
use super::managed::TokenGiver;
use crate::environment::{Environment, names};
use crate::sensitive::Sensitive;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AzureIdentity {
    Client {
        tenant: String,
        client: String,
        secret: Sensitive<String>,
    },
    Certified {
        tenant: String,
        client: String,
        file: CertificateFile,
    },
    /// The token of another issuer, in a file that a cluster renews, proves the identity.
    Workload {
        tenant: String,
        client: String,
        token_file: PathBuf,
    },
    /// The identity of a machine or an app.
    Managed {
        giver: TokenGiver,
        /// Where there are several.
        client: Option<String>,
    },
}

impl AzureIdentity {
    pub fn client(
        tenant: String,
        client: String,
        secret: Sensitive<String>,
    ) -> Result<Self, Error> {
        Ok(Self::Client {
            tenant: checked(tenant)?,
            client,
            secret,
        })
    }

    /// As Azure's own libraries choose without being told: a client's secret or certificate, a workload's token,
    /// the machine.
    pub fn by_default(environment: &Environment) -> Result<Self, Error> {
        const SECRET: &str = names::AZURE_CLIENT_SECRET;
        const FILE: &str = names::AZURE_FEDERATED_TOKEN_FILE;
        let needed = |set, missing| {
            let value = environment.trimmed(missing);
            value.ok_or(Error::HalfSet { set, missing })
        };
        let both = |set| -> Result<_, Error> {
            let tenant = checked(needed(set, names::AZURE_TENANT_ID)?)?;
            Ok((tenant, needed(set, names::AZURE_CLIENT_ID)?))
        };
        if let Some(secret) = environment.trimmed(SECRET) {
            let (tenant, client) = both(SECRET)?;
            return Self::client(tenant, client, secret.into());
        }
        const CERTIFICATE: &str = names::AZURE_CLIENT_CERTIFICATE_PATH;
        if let Some(path) = environment.path(CERTIFICATE) {
            let (tenant, client) = both(CERTIFICATE)?;
            let sends_chain = environment.flag(names::AZURE_CLIENT_SEND_CERTIFICATE_CHAIN);
            let file = CertificateFile { path, sends_chain };
            return Ok(Self::Certified {
                tenant,
                client,
                file,
            });
        }
        if let Some(token_file) = environment.path(FILE) {
            let (tenant, client) = both(FILE)?;
            return Ok(Self::Workload {
                tenant,
                client,
                token_file,
            });
        }
        Ok(Self::Managed {
            giver: TokenGiver::of_variables(environment)?,
            client: environment.trimmed(names::AZURE_CLIENT_ID),
        })
    }
}

/// For the log.
impl fmt::Display for AzureIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::foreign::Text;
        let text = |text: &String| Text::from(text);
        match self {
            Self::Client { tenant, client, .. } => {
                let (client, tenant) = (text(client), text(tenant));
                write!(f, "the client {client} of the tenant {tenant}")
            }
            Self::Certified { tenant, client, .. } => {
                let (client, tenant) = (text(client), text(tenant));
                write!(
                    f,
                    "the certificate of the client {client} of the tenant {tenant}"
                )
            }
            Self::Workload { tenant, client, .. } => {
                let (client, tenant) = (text(client), text(tenant));
                write!(f, "the workload identity {client} of the tenant {tenant}")
            }
            Self::Managed { client: None, .. } => {
                f.write_str("the managed identity of this machine")
            }
            Self::Managed {
                client: Some(client),
                ..
            } => write!(f, "the managed identity {}", text(client)),
        }
    }
}

/// The tenant becomes a part of the path of the authority.
fn checked(tenant: String) -> Result<String, Error> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let is_name = !tenant.is_empty() && tenant.chars().all(letters) && !tenant.contains("..");
    match is_name && !tenant.starts_with('.') {
        true => Ok(tenant),
        false => Err(Error::Tenant(tenant.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn the_first_identity_that_is_named_is_used() {
        for (set, expected) in cases(
            "
            TENANT_ID=t CLIENT_ID=c CLIENT_SECRET=canary => the client c of the tenant t
            TENANT_ID=t CLIENT_ID=c CLIENT_SECRET=canary FEDERATED_TOKEN_FILE=/f => the client c of the tenant t
            TENANT_ID=t.example.com CLIENT_ID=c FEDERATED_TOKEN_FILE=/f => the workload identity c of the tenant t.example.com
            CLIENT_ID=c => the managed identity c
            TENANT_ID=t => the managed identity of this machine
            CLIENT_SECRET=canary CLIENT_ID=c => AZURE_CLIENT_SECRET is set and AZURE_TENANT_ID is not
            CLIENT_SECRET=canary TENANT_ID=t => AZURE_CLIENT_SECRET is set and AZURE_CLIENT_ID is not
            FEDERATED_TOKEN_FILE=/f TENANT_ID=t => AZURE_FEDERATED_TOKEN_FILE is set and AZURE_CLIENT_ID is not
            TENANT_ID=t CLIENT_ID=c CLIENT_CERTIFICATE_PATH=/f => the certificate of the client c of the tenant t
            TENANT_ID=t CLIENT_ID=c CLIENT_CERTIFICATE_PATH=/f FEDERATED_TOKEN_FILE=/f => the certificate of the client c of the tenant t
            TENANT_ID=t CLIENT_ID=c CLIENT_CERTIFICATE_PATH=/f CLIENT_SECRET=canary => the client c of the tenant t
            CLIENT_ID=c CLIENT_CERTIFICATE_PATH=/f => AZURE_CLIENT_CERTIFICATE_PATH is set and AZURE_TENANT_ID is not
            TENANT_ID=../x CLIENT_ID=c CLIENT_SECRET=canary => the tenant `../x` of Azure is neither an id nor a domain
            TENANT_ID=a?b CLIENT_ID=c CLIENT_SECRET=canary => the tenant `a?b` of Azure is neither an id nor a domain
            ",
        ) {
            let pairs = set.split(' ').map(|one| one.split_once('=').unwrap());
            let environment: Environment = pairs
                .map(|(name, value)| (format!("AZURE_{name}"), value))
                .collect();
            let shown = match AzureIdentity::by_default(&environment) {
                Ok(identity) => identity.to_string(),
                Err(error) => error.to_string(),
            };
            assert_eq!(shown, expected, "{set}");
        }
    }
}
