//! The metadata service of an EC2 instance, in version 2 only: version 1 answers anybody who can make the instance fetch
//! an address, while version 2 wants a session token, which such a request cannot bring.

use serde::Deserialize;

use super::error::{Error, MetadataError, OwnError};
use super::region::Region;
use crate::cloud::{self, Cloud, Transport};
use crate::environment::{Environment, names};
use crate::http::{self, Method, Request};
use crate::json;
use crate::limits::{self, Limit};
use crate::sensitive::Sensitive;

/// A busy hypervisor drops a packet now and then.
const ATTEMPTS: usize = 2;

pub(super) struct InstanceMetadata<'a> {
    transport: &'a Transport,
    base: String,
    token: String,
}

impl<'a> InstanceMetadata<'a> {
    /// Gets a session token.
    pub(super) async fn open(
        transport: &'a Transport,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let base = base(environment)?;
        let url = format!("{base}/latest/api/token");
        let headers = [("x-aws-ec2-metadata-token-ttl-seconds", "60".to_owned())];
        let answer = ask(transport, Method::PUT, &url, &headers).await?;
        let token = String::from_utf8(answer.body.into_vec()).unwrap_or_default();
        // The token becomes a header.
        let formed = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
        match answer.status == 200 && formed {
            true => Ok(Self {
                transport,
                base,
                token,
            }),
            false => Err(MetadataError::NoToken(answer.status).into()),
        }
    }

    /// `None` for a path that does not exist or is blank.
    pub(super) async fn get(&self, path: &str) -> Result<Option<Sensitive<String>>, Error> {
        let url = format!("{}{path}", self.base);
        let headers = [("x-aws-ec2-metadata-token", self.token.clone())];
        let answer = ask(self.transport, Method::GET, &url, &headers).await?;
        match answer.status {
            200 => {}
            404 => return Ok(None),
            status => return Err(MetadataError::Status(status).into()),
        }
        let text = String::from_utf8(answer.body.into_vec()).map_err(|_| unexpected())?;
        Ok(Some(text.into()).filter(|text: &Sensitive<String>| !text.expose().trim().is_empty()))
    }

    /// The placement of the instance or, on old ones, its identity document.
    pub(super) async fn region(&self) -> Result<Region, Error> {
        #[derive(Deserialize)]
        struct IdentityDocument {
            region: String,
        }
        if let Some(region) = self.get("/latest/meta-data/placement/region").await? {
            return Ok(region.expose().parse()?);
        }
        let document = self.get("/latest/dynamic/instance-identity/document");
        let document = document.await?.ok_or(OwnError::NoRegion)?;
        let document: IdentityDocument =
            json::object(document.expose().as_bytes()).map_err(|_| unexpected())?;
        Ok(document.region.parse()?)
    }
}

fn unexpected() -> cloud::Error {
    cloud::Error::Unexpected {
        cloud: Cloud::Aws,
        host: "the metadata service".to_owned(),
    }
}

async fn ask(
    transport: &Transport,
    method: Method,
    url: &str,
    headers: &[(&'static str, String)],
) -> Result<http::Answer, Error> {
    let mut attempt = 1;
    loop {
        let request = Request {
            method: method.clone(),
            url,
            headers,
            body: Vec::new(),
            limit: Limit::AWS_ANSWER.bytes(),
        };
        match transport.answer_of_machine(request, limits::METADATA).await {
            Ok(answer) if answer.status < 500 || attempt == ATTEMPTS => return Ok(answer),
            Err(error) if !error.may_pass() => return Err(error.into()),
            Err(error) if attempt == ATTEMPTS => return Err(MetadataError::Silent(error).into()),
            Ok(_) | Err(_) => attempt += 1,
        }
    }
}

/// The link-local address of every instance, or a setting of AWS's own tools. Either is an address of this machine.
fn base(environment: &Environment) -> Result<String, Error> {
    let says = |name, word: &str| {
        environment
            .trimmed(name)
            .is_some_and(|set| set.eq_ignore_ascii_case(word))
    };
    if says(names::AWS_EC2_METADATA_DISABLED, "true") {
        return Err(MetadataError::Disabled.into());
    }
    let url = match environment.trimmed(names::AWS_EC2_METADATA_SERVICE_ENDPOINT) {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if says(names::AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, "ipv6") => {
            "http://[fd00:ec2::254]".to_owned()
        }
        None => "http://169.254.169.254".to_owned(),
    };
    match http::local::is_local(&url) {
        true => Ok(url),
        false => Err(MetadataError::Address.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::{cases, settings};

    #[test]
    fn it_is_on_this_machine_whatever_a_setting_says() {
        let table = "
            - => http://169.254.169.254
            SERVICE_ENDPOINT_MODE=IPv6 => http://[fd00:ec2::254]
            SERVICE_ENDPOINT=http://127.0.0.1:1338/ => http://127.0.0.1:1338
            SERVICE_ENDPOINT=http://evil.example => refused
            DISABLED=TRUE => refused
        ";
        for (set, expected) in cases(table) {
            let set = format!("AWS_EC2_METADATA_{set}");
            let found = base(&settings(&set).collect());
            assert_eq!(found.as_deref().unwrap_or("refused"), expected, "{set}");
        }
    }
}
