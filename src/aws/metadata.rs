//! What an instance can be asked about itself: the metadata service, in version 2 only. Version 1 answers anybody who can
//! make the instance fetch an address; version 2 wants a session token first, which such a request cannot bring.

use std::time::Duration;

use super::Error;
use super::credentials::text;
use super::reach::Reach;
use crate::environment::{Environment, names};
use crate::http::{self, Method, Request};
use crate::sensitive::Sensitive;

/// It is one hop away. Whoever is no instance should know so soon.
const PATIENCE: Duration = Duration::from_secs(1);
/// A busy hypervisor drops a packet now and then.
const ATTEMPTS: usize = 2;
const LARGEST: u64 = 1 << 16;

/// Why an instance cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The user said so.
    #[error("AWS_EC2_METADATA_DISABLED turns it off")]
    Disabled,
    /// A setting leads elsewhere.
    #[error("AWS_EC2_METADATA_SERVICE_ENDPOINT is no http address of this machine")]
    Address,
    /// Nobody there: this is no instance, or a container on one.
    #[error("nobody answers")]
    Silent(#[source] http::Error),
    /// Somebody there, who knows version 1 only or wants nothing to do with us.
    #[error("it gives no session token of version 2 (status {0}), and version 1 is not used")]
    NoToken(u16),
    /// An error of the service.
    #[error("it answers with status {0}")]
    Status(u16),
    /// Nobody gave the instance a role.
    #[error("this instance has no role")]
    NoRole,
    /// It has one, and no keys for it.
    #[error("it gives no keys for the role of this instance")]
    NoKeys,
}

/// The service, with a session token.
pub(super) struct Metadata<'a> {
    reach: &'a Reach,
    base: String,
    token: String,
}

impl<'a> Metadata<'a> {
    /// Asks for a session token.
    pub(super) async fn open(reach: &'a Reach, environment: &Environment) -> Result<Self, Error> {
        let base = base(environment)?;
        let url = format!("{base}/latest/api/token");
        let headers = [("x-aws-ec2-metadata-token-ttl-seconds", "60".to_owned())];
        let answer = ask(reach, Method::PUT, &url, &headers).await?;
        let token = String::from_utf8(answer.body).unwrap_or_default();
        // What cannot be a header is no token.
        let formed = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
        match answer.status == 200 && formed {
            true => Ok(Self { reach, base, token }),
            false => Err(Reason::NoToken(answer.status).into()),
        }
    }

    /// What is at `path`; nothing if there is no such path.
    pub(super) async fn get(&self, path: &str) -> Result<Option<Sensitive<String>>, Error> {
        let url = format!("{}{path}", self.base);
        let headers = [("x-aws-ec2-metadata-token", self.token.clone())];
        let answer = ask(self.reach, Method::GET, &url, &headers).await?;
        match answer.status {
            200 => {}
            404 => return Ok(None),
            status => return Err(Reason::Status(status).into()),
        }
        let text = String::from_utf8(answer.body)
            .map_err(|_| Error::Unexpected("the metadata service".to_owned()))?;
        Ok(Some(text.into()).filter(|text: &Sensitive<String>| !text.expose().trim().is_empty()))
    }
}

async fn ask(
    reach: &Reach,
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
            limit: LARGEST,
        };
        match reach.ask_local(request, PATIENCE).await {
            Ok(answer) if answer.status < 500 || attempt == ATTEMPTS => return Ok(answer),
            Err(error) if attempt == ATTEMPTS || !error.may_pass() => {
                return Err(Reason::Silent(error).into());
            }
            Ok(_) | Err(_) => attempt += 1,
        }
    }
}

/// Where it is: the link-local address of every instance, or what a setting of AWS's own tools says, on this machine.
fn base(environment: &Environment) -> Result<String, Error> {
    let says = |name, word: &str| {
        text(environment, name).is_some_and(|set| set.eq_ignore_ascii_case(word))
    };
    if says(names::AWS_EC2_METADATA_DISABLED, "true") {
        return Err(Reason::Disabled.into());
    }
    let url = match text(environment, names::AWS_EC2_METADATA_SERVICE_ENDPOINT) {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if says(names::AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, "ipv6") => {
            "http://[fd00:ec2::254]".to_owned()
        }
        None => "http://169.254.169.254".to_owned(),
    };
    match http::local::is_local(&url) {
        true => Ok(url),
        false => Err(Reason::Address.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_on_this_machine_whatever_a_setting_says() {
        type Case = (
            &'static [(&'static str, &'static str)],
            Option<&'static str>,
        );
        let cases: [Case; 5] = [
            (&[], Some("http://169.254.169.254")),
            (
                &[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")],
                Some("http://[fd00:ec2::254]"),
            ),
            (
                &[(
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                    "http://127.0.0.1:1338/",
                )],
                Some("http://127.0.0.1:1338"),
            ),
            (
                &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://evil.example")],
                None,
            ),
            (&[("AWS_EC2_METADATA_DISABLED", "TRUE")], None),
        ];
        for (set, expected) in cases {
            let environment = set.iter().copied().collect();
            assert_eq!(base(&environment).ok().as_deref(), expected, "{set:?}");
        }
    }
}
