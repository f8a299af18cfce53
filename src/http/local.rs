//! Plain HTTP to services of this machine (N2). The clouds give the identity of a machine or a container at such
//! addresses.
//!
//! [`super::Http`] cannot serve: it knows no plaintext, and may use a proxy, which must never see this.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::lookup::{Reach, is_localhost};
use super::request::ask_within;
use super::{Answer, Error, Request};

/// `fd00:ec2::254` and `fd00:ec2::23`: the metadata service and the credentials of pods where there is no IPv4.
const UNIQUE_LOCAL: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
];

#[derive(Debug, Clone)]
pub struct LocalHttp(Client);

impl LocalHttp {
    pub fn new() -> Result<Self, Error> {
        // It trusts nobody, so that it cannot be used for TLS by mistake.
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            // A resolver cannot lead `localhost` elsewhere.
            .dns_resolver(Reach::Anywhere)
            .user_agent(concat!("ksm/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self(
            client.map_err(|error| Error::Client(error.without_url()))?,
        ))
    }

    /// Sends `request` once and waits at most `patience` for the whole answer. Refuses addresses of other
    /// machines.
    pub async fn ask(&self, request: Request<'_>, patience: Duration) -> Result<Answer, Error> {
        if !is_local(request.url) {
            return Err(Error::Plaintext(super::host_of(request.url)));
        }
        ask_within(&self.0, request, patience).await
    }
}

/// Whether `url` is plain HTTP to an address that stays on this machine: loopback, link-local, or one of the
/// two that AWS uses for the same purpose. `localhost` is the only name.
pub fn is_local(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let here = match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || UNIQUE_LOCAL.contains(&address),
        Err(_) => is_localhost(host),
    };
    here && url.scheme() == "http" && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_reached_without_tls() {
        for (url, expected) in [
            ("http://169.254.169.254/latest", true),
            ("http://169.254.170.2", true),
            ("http://127.0.0.1:5000/", true),
            ("http://[::1]:5000/", true),
            ("http://localhost:5000/", true),
            ("http://[fd00:ec2::254]/", true),
            ("http://[fd00:ec2::23]/v1/credentials", true),
            ("http://[fd00:ec2::1]/", false),
            ("http://[fe80::1]/", false),
            ("http://10.0.0.1/", false),
            ("http://2852039166/", true),
            ("http://localhost.evil.example/", false),
            ("http://169.254.169.254.evil.example/", false),
            ("http://169.254.169.254@evil.example/", false),
            ("http://user:canary@127.0.0.1/", false),
            ("https://127.0.0.1/", false),
            ("file:///etc/passwd", false),
            ("127.0.0.1", false),
            ("", false),
        ] {
            assert_eq!(is_local(url), expected, "{url}");
        }
    }
}
