//! The metadata server of a machine of Google: its project, and tokens of its service account.

use super::error::{Error, OwnError};
use crate::cloud::{Call, Cloud, Error as CallError, Operation, Transport, read_metadata_refusal};
use crate::environment::{Environment, names};
use crate::http::Method;
use crate::http::local::is_local;
use crate::limits::{self, Limit};
use crate::sensitive::Sensitive;

const ADDRESS: &str = "169.254.169.254";
/// Has that address on each machine of Google.
const NAME: &str = "metadata.google.internal";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MetadataServer {
    base: String,
}

impl MetadataServer {
    /// Asks nobody.
    pub(super) fn of_variables(environment: &Environment) -> Result<Self, OwnError> {
        if environment.flag(names::NO_GCE_CHECK) {
            return Err(OwnError::Nowhere(None));
        }
        let host = environment.trimmed(names::GCE_METADATA_HOST);
        let host = host.filter(|host| host != NAME);
        let base = format!("http://{}", host.as_deref().unwrap_or(ADDRESS));
        match is_local(&base) {
            true => Ok(Self {
                base: base.trim_end_matches('/').to_owned(),
            }),
            false => Err(OwnError::MetadataAddress),
        }
    }

    /// Fails where nobody answers at once.
    pub(super) async fn knock(&self, transport: &Transport) -> Result<(), Error> {
        let headers = flavor();
        let there = transport.knock(&self.base, &headers, limits::METADATA);
        there
            .await
            .map_err(|error| OwnError::Nowhere(Some(error.into())).into())
    }

    /// The answer of a token endpoint.
    pub(super) async fn token(&self, transport: &Transport) -> Result<Sensitive<Vec<u8>>, Error> {
        let path = "instance/service-accounts/default/token";
        let token = self.get(path, "to give a token of this machine", transport);
        match token.await {
            // Other clouds have a service of their own there; and a machine may have no service account.
            Err(Error::Call(error @ CallError::Unexpected { .. })) => {
                Err(OwnError::Nowhere(Some(error)).into())
            }
            asked => asked,
        }
    }

    pub(super) async fn project(&self, transport: &Transport) -> Result<String, Error> {
        let body = self.get("project/project-id", "to name the project", transport);
        Ok(String::from_utf8_lossy(body.await?.expose()).into_owned())
    }

    async fn get(
        &self,
        path: &str,
        operation: &'static str,
        transport: &Transport,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let call = Call {
            cloud: Cloud::Google,
            operation: Operation::new(operation),
            method: Method::GET,
            url: &format!("{}/computeMetadata/v1/{path}", self.base),
            headers: &flavor(),
            body: Sensitive::default(),
            limit: Limit::CLOUD_ANSWER,
            read_told: read_metadata_refusal,
        };
        Ok(transport.ask(&call).await?)
    }
}

/// Without this header the server refuses, so that no redirect can ask it.
fn flavor() -> [(&'static str, String); 1] {
    [("metadata-flavor", "Google".to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn the_metadata_server_is_on_this_machine() {
        for (set, expected) in cases(
            "
            X=1 => http://169.254.169.254
            GCE_METADATA_HOST=metadata.google.internal => http://169.254.169.254
            GCE_METADATA_HOST=127.0.0.1:99 => http://127.0.0.1:99
            GCE_METADATA_HOST=evil.example => the address in GCE_METADATA_HOST is none of this machine
            GCE_METADATA_HOST=127.0.0.1@evil.example => the address in GCE_METADATA_HOST is none of this machine
            NO_GCE_CHECK=true => no credentials for Google were found: no file, and no metadata server of Google
            ",
        ) {
            let set = set.split(' ').map(|one| one.split_once('=').unwrap());
            let shown = match MetadataServer::of_variables(&set.collect()) {
                Ok(server) => server.base,
                Err(error) => error.to_string(),
            };
            assert_eq!(shown, expected);
        }
    }
}
