//! Calls of AWS's services by one identity in one region.

use super::endpoints::{Endpoints, Service};
use super::error::{Error, ServiceError};
use super::identity::Credentials;
use super::region::Region;
use super::sigv4::{self, Scope, Timestamp};
use super::transport::{Deadline, Transport};
use crate::http::{Answer, Method, Request, host_of};
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
    /// The most bytes of an answer.
    pub(super) limit: u64,
    /// Reads code and message of an error of the service.
    pub(super) read_error: fn(&[u8]) -> Option<(String, String)>,
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
        match self.endpoints.url(service, &self.region) {
            Ok(url) => Error::Unexpected(host_of(&url)),
            Err(error) => error,
        }
    }

    /// Sends a call once and returns the body of a successful answer.
    pub(super) async fn call(
        &self,
        call: Call,
        deadline: Deadline,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let Call {
            service,
            operation,
            mut headers,
            body,
            limit,
            read_error,
        } = call;
        let url = self.endpoints.url(service, &self.region)?;
        let host = host_of(&url);
        if let Some(credentials) = &self.credentials {
            let scope = Scope {
                method: Method::POST,
                host: &host,
                region: &self.region,
                service: service.name(),
                at: Timestamp::now()?,
            };
            headers = sigv4::sign(&scope, credentials, headers, &body);
        }
        let url = format!("{url}/");
        let request = Request {
            method: Method::POST,
            url: &url,
            headers: &headers,
            body,
            limit,
        };
        let answer = self.transport.ask(request, deadline);
        judge(operation, host, answer.await?, read_error)
    }
}

fn judge(
    operation: &'static str,
    host: String,
    answer: Answer,
    read_error: fn(&[u8]) -> Option<(String, String)>,
) -> Result<Sensitive<Vec<u8>>, Error> {
    match answer.status {
        200 => Ok(answer.body.into()),
        status if status >= 500 => Err(Error::Server { host, status }),
        _ => match read_error(&answer.body) {
            Some((code, message)) => Err(ServiceError::new(operation, &code, &message).into()),
            None => Err(Error::Unexpected(host)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_by_its_status() {
        const LEGIBLE: fn(&[u8]) -> Option<(String, String)> =
            |body| Some((String::from_utf8(body.to_vec()).ok()?, "Why.".to_owned()));
        for (status, read_error, expected) in [
            (200, LEGIBLE, Ok("canary")),
            (400, LEGIBLE, Err("AWS refuses GetSecretValue: canary, Why")),
            (404, |_| None, Err("sm.example does not answer as AWS does")),
            (301, |_| None, Err("sm.example does not answer as AWS does")),
            (500, LEGIBLE, Err("sm.example fails with status 500")),
        ] {
            let answer = Answer {
                retry_after: None,
                status,
                body: "canary".into(),
            };
            let judged = judge("GetSecretValue", "sm.example".into(), answer, read_error);
            let body = judged.map(|body| String::from_utf8(body.expose().clone()).unwrap());
            let told = body.map_err(|error| error.to_string());
            assert_eq!(
                told,
                expected.map(str::to_owned).map_err(str::to_owned),
                "{status}"
            );
        }
    }
}
