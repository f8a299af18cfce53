//! Calls of AWS's services by one identity in one region.

use super::endpoints::{Endpoints, Service};
use super::error::{Error, OwnError};
use super::identity::Credentials;
use super::region::Region;
use super::sigv4::{self, Scope, Timestamp};
use crate::cloud::{self, Cloud, Operation, Told, Transport};
use crate::http::{Method, host_of};
use crate::limits::Limit;
use crate::sensitive::Sensitive;

pub(super) struct Client {
    transport: Transport,
    region: Region,
    endpoints: Endpoints,
    /// Calls without credentials are not signed.
    credentials: Option<Credentials>,
}

pub(super) struct Call {
    pub(super) service: Service,
    pub(super) operation: &'static str,
    /// With names in lower case.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) limit: Limit,
    /// Reads the refusal in an answer.
    pub(super) read_told: fn(u16, &[u8]) -> Option<Told>,
}

/// How often a call is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempts {
    One,
    /// Until it is answered. For calls that change nothing (N7).
    Several,
}

impl Client {
    pub(super) fn new(transport: Transport, region: Region, endpoints: Endpoints) -> Self {
        Self {
            transport,
            region,
            endpoints,
            credentials: None,
        }
    }

    /// The same client, whose calls are those of the owner of `credentials`.
    pub(super) fn signing_with(self, credentials: Credentials) -> Self {
        Self {
            credentials: Some(credentials),
            ..self
        }
    }

    pub(super) fn region(&self) -> &Region {
        &self.region
    }

    /// The error for an answer of `service` that is not understood.
    pub(super) fn unexpected(&self, service: Service) -> Error {
        let named = |host| cloud::Error::Unexpected {
            cloud: Cloud::Aws,
            host,
        };
        self.host(service)
            .map_or_else(Into::into, |host| named(host).into())
    }

    /// The same for the answer to a change.
    pub(super) fn unconfirmed(&self, service: Service) -> Error {
        let named = |host| cloud::Error::Unconfirmed {
            cloud: Cloud::Aws,
            host,
        };
        self.host(service)
            .map_or_else(Into::into, |host| named(host).into())
    }

    fn host(&self, service: Service) -> Result<String, OwnError> {
        let url = self.endpoints.url(service, &self.region)?;
        Ok(host_of(&url))
    }

    /// The body of a successful answer.
    pub(super) async fn call(
        &self,
        call: Call,
        attempts: Attempts,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let Call {
            service,
            operation,
            mut headers,
            body,
            limit,
            read_told,
        } = call;
        let url = self.endpoints.url(service, &self.region)?;
        if let Some(credentials) = &self.credentials {
            let scope = Scope {
                method: Method::POST,
                host: &host_of(&url),
                region: &self.region,
                service: service.name(),
                at: Timestamp::now()?,
            };
            headers = sigv4::sign(&scope, credentials, headers, &body);
        }
        let call = cloud::Call {
            cloud: Cloud::Aws,
            operation: Operation::new(operation),
            method: Method::POST,
            url: &format!("{url}/"),
            headers: &headers,
            body: body.into(),
            limit,
            read_told,
        };
        Ok(match attempts {
            Attempts::One => self.transport.call(&call).await?,
            // A signature serves for minutes.
            Attempts::Several => self.transport.ask(&call).await?,
        })
    }
}
