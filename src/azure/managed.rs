//! Access tokens of a managed identity: from the service beside an app, or from the metadata service of a machine.

use super::error::{Error, OwnError};
use super::vault::Vault;
use crate::cloud::{
    AccessToken, Call, Cloud, Error as CallError, Operation, Transport, read_metadata_refusal,
};
use crate::codec::{self, Case};
use crate::environment::{Environment, names};
use crate::http::Method;
use crate::http::local::is_local;
use crate::limits::{self, Limit};
use crate::sensitive::Sensitive;

const ENDPOINT: &str = names::IDENTITY_ENDPOINT;
const HEADER: &str = names::IDENTITY_HEADER;
const METADATA: &str = names::AZURE_POD_IDENTITY_AUTHORITY_HOST;

/// Who gives tokens here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenGiver {
    /// The service beside an app on App Service or Container Apps.
    App {
        endpoint: String,
        header: Sensitive<String>,
    },
    /// The metadata service of a virtual machine.
    Metadata { base: String },
}

impl TokenGiver {
    pub(super) fn of_variables(environment: &Environment) -> Result<Self, OwnError> {
        if let Some(endpoint) = environment.trimmed(ENDPOINT) {
            let header = header(environment)?.into();
            return match is_local(&endpoint) {
                true => Ok(Self::App { endpoint, header }),
                false => Err(OwnError::NotLocal(ENDPOINT)),
            };
        }
        let base = environment.trimmed(METADATA);
        let base = base.as_deref().unwrap_or("http://169.254.169.254");
        match is_local(base) {
            true => Ok(Self::Metadata {
                base: base.trim_end_matches('/').to_owned(),
            }),
            false => Err(OwnError::NotLocal(METADATA)),
        }
    }
}

pub(super) async fn token(
    giver: &TokenGiver,
    client: Option<&str>,
    vault: &Vault,
    transport: &Transport,
) -> Result<AccessToken, Error> {
    match giver {
        TokenGiver::App { endpoint, header } => {
            let url = with_query(endpoint, "2019-08-01", vault, client);
            let header = ("x-identity-header", header.expose().clone());
            ask(&url, header, transport).await
        }
        TokenGiver::Metadata { base } => {
            let path = format!("{base}/metadata/identity/oauth2/token");
            let url = with_query(&path, "2018-02-01", vault, client);
            // Where there is such a service it refuses at once what lacks its header. A token may take longer.
            let there = transport.knock(&url, &[], limits::METADATA).await;
            there.map_err(|error| OwnError::Nowhere(error.into()))?;
            match ask(&url, ("metadata", "true".to_owned()), transport).await {
                // Other clouds have a service of their own there.
                Err(Error::Call(error @ CallError::Unexpected { .. })) => {
                    Err(OwnError::Nowhere(error).into())
                }
                asked => asked,
            }
        }
    }
}

/// The header tells the service of an app from those that want something else.
fn header(environment: &Environment) -> Result<String, OwnError> {
    if environment
        .trimmed(names::IDENTITY_SERVER_THUMBPRINT)
        .is_some()
    {
        return Err(OwnError::Endpoint("Service Fabric"));
    }
    if environment.trimmed(names::IMDS_ENDPOINT).is_some() {
        return Err(OwnError::Endpoint("Azure Arc"));
    }
    let header = environment.trimmed(HEADER);
    let header = header.ok_or(OwnError::HalfSet {
        set: ENDPOINT,
        missing: HEADER,
    })?;
    match header.chars().all(|c| c.is_ascii_graphic()) {
        true => Ok(header),
        false => Err(OwnError::Header),
    }
}

fn with_query(path: &str, version: &str, vault: &Vault, client: Option<&str>) -> String {
    let escape = |text: &str| codec::encode_percent(text.as_bytes(), b"-._~", Case::Upper);
    let resource = escape(&vault.resource());
    let mut url = format!("{path}?api-version={version}&resource={resource}");
    if let Some(client) = client {
        url.push_str(&format!("&client_id={}", escape(client)));
    }
    url
}

async fn ask(
    url: &str,
    header: (&'static str, String),
    transport: &Transport,
) -> Result<AccessToken, Error> {
    let call = Call {
        cloud: Cloud::Azure,
        operation: Operation::new("to give a token for the managed identity"),
        method: Method::GET,
        url,
        headers: &[header],
        body: Sensitive::default(),
        limit: Limit::CLOUD_ANSWER,
        read_told: read_metadata_refusal,
    };
    let body = transport.ask(&call).await?;
    Ok(AccessToken::of_answer(&body, Cloud::Azure, url)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn variables_say_who_gives_tokens() {
        for (set, expected) in cases(
            "
            X=1 => Metadata { base: \"http://169.254.169.254\" }
            AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:99/ => Metadata { base: \"http://127.0.0.1:99\" }
            AZURE_POD_IDENTITY_AUTHORITY_HOST=http://10.0.0.1 => the address in AZURE_POD_IDENTITY_AUTHORITY_HOST is no http address of this machine
            IDENTITY_ENDPOINT=http://127.0.0.1:41/msi/token IDENTITY_HEADER=canary => App { endpoint: \"http://127.0.0.1:41/msi/token\", header: [sensitive] }
            IDENTITY_ENDPOINT=http://127.0.0.1:41/msi/token => IDENTITY_ENDPOINT is set and IDENTITY_HEADER is not
            IDENTITY_ENDPOINT=http://msi.example/ IDENTITY_HEADER=canary => the address in IDENTITY_ENDPOINT is no http address of this machine
            IDENTITY_ENDPOINT=http://127.0.0.1:41/ IDENTITY_HEADER=canary IMDS_ENDPOINT=http://127.0.0.1 => IDENTITY_ENDPOINT is that of Azure Arc, which ksm does not ask
            IDENTITY_ENDPOINT=http://127.0.0.1:41/ IDENTITY_HEADER=canary IDENTITY_SERVER_THUMBPRINT=0 => IDENTITY_ENDPOINT is that of Service Fabric, which ksm does not ask
            IDENTITY_ENDPOINT=http://127.0.0.1:41/ IDENTITY_HEADER=can\u{7f}ary => IDENTITY_HEADER holds something that no header can
            ",
        ) {
            let set = set.split(' ').map(|one| one.split_once('=').unwrap());
            let shown = match TokenGiver::of_variables(&set.collect()) {
                Ok(giver) => format!("{giver:?}"),
                Err(error) => error.to_string(),
            };
            assert_eq!(shown, expected);
        }
    }
}
