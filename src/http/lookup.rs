//! Looks names up within a time limit, and judges what they stand for (D38).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use tokio::net::lookup_host;
use tokio::time::timeout;

use super::proxy::ProxyName;
use super::url::Url;
use crate::foreign::Text;
use crate::input;
use crate::limits::{self, Limit};

/// The addresses that may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Anywhere,
    /// Neither this machine nor a private network.
    Public,
}

impl Reach {
    fn includes(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }

    /// The addresses that the host of `url` has there. One that is written as an address is not looked up.
    pub(super) async fn addresses(self, url: &Url) -> Result<Vec<SocketAddr>, Error> {
        let mut found = look_up(url.bare_host(), url.port()).await?;
        found.retain(|address| self.includes(address.ip()));
        match found.is_empty() {
            true => Err(Error::Private),
            false => Ok(found),
        }
    }

    /// Whether `url` leads there. A name that cannot be looked up here may be known to a proxy.
    pub(super) async fn allows(self, url: &Url) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public => !matches!(self.addresses(url).await, Err(Error::Private)),
        }
    }

    /// A host in a private network may send its clients to others there.
    pub(super) async fn from(host: &Url) -> Self {
        match Self::Anywhere.addresses(host).await {
            Ok(found) if found.iter().any(|address| !is_public(address.ip())) => Self::Anywhere,
            Ok(_) | Err(_) => Self::Public,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("no name server answered")]
    Silence,
    #[error(transparent)]
    Failed(#[from] io::Error),
    #[error("it is on this machine or in a private network")]
    Private,
}

impl Error {
    /// The error for whoever asked for `host`. The name is that of the proxy if there is one.
    pub(super) fn of(self, host: String, proxy: Option<Box<ProxyName>>) -> super::Error {
        match self {
            Self::Private => super::Error::PrivateLink { host },
            Self::Silence => super::Error::NameServers {
                host,
                proxy,
                asked: name_servers(),
            },
            Self::Failed(error) => super::Error::Lookup {
                host,
                proxy,
                reason: error.to_string().into(),
            },
        }
    }
}

/// Loopback, whatever a resolver would say (RFC 6761, 6.3).
pub(super) fn is_localhost(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host) == "localhost"
}

async fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
    if is_localhost(host) {
        let here = [
            IpAddr::from(Ipv4Addr::LOCALHOST),
            Ipv6Addr::LOCALHOST.into(),
        ];
        return Ok(here.map(|address| (address, port).into()).into());
    }
    let asked = async {
        match lookup_host((host, port)).await {
            // A broken search domain hides the name itself from some resolvers.
            Err(_) if host.contains('.') && !host.ends_with('.') => {
                let whole = format!("{host}.");
                lookup_host((whole.as_str(), port))
                    .await
                    .map(Vec::from_iter)
            }
            found => found.map(Vec::from_iter),
        }
    };
    Ok(timeout(limits::LOOKUP, asked)
        .await
        .map_err(|_| Error::Silence)??)
}

/// The name servers that this system says it asks.
fn name_servers() -> Text {
    let configured = input::file(Path::new("/etc/resolv.conf"), Limit::SYSTEM);
    let configured = configured.unwrap_or_default();
    let lines = str::from_utf8(configured.expose())
        .unwrap_or_default()
        .lines();
    let servers = lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == "nameserver").then(|| words.next())?
    });
    Text::from(servers.collect::<Vec<_>>().join(", "))
}

/// Whether `address` is for the whole Internet, as far as IANA's registries of special addresses say.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224.., ..]
            | [100, 64..128, ..]
            | [169, 254, ..]
            | [172, 16..32, ..]
            | [192, 168, ..]
            | [192, 0, 0 | 2, _]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // Addresses of IPv4 in the forms that systems translate.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => v4(high, low),
        [0x2001, 0..0x200 | 0xdb8, ..] => false,
        [0x2000..0x4000, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_are_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("100.63.255.255", true),
            ("100.128.0.1", true),
            ("172.15.0.1", true),
            ("172.32.0.1", true),
            ("192.0.1.1", true),
            ("2606:4700::1111", true),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::8.8.8.8", true),
            ("2002:808:808::1", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("10.0.0.1", false),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("192.0.0.8", false),
            ("198.19.0.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:10.1.2.3", false),
            ("::ffff:0:192.168.1.1", false),
            ("64:ff9b::10.0.0.1", false),
            ("64:ff9b:1::1", false),
            ("2002:7f00:1::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
            ("100::1", false),
            ("4000::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[tokio::test]
    async fn names_are_judged_by_what_they_stand_for() {
        let here = Url::parse("https://localhost.:8443/").unwrap();
        let found = Reach::Anywhere.addresses(&here).await.unwrap();
        assert_eq!(
            found,
            [
                "127.0.0.1:8443".parse().unwrap(),
                "[::1]:8443".parse().unwrap()
            ]
        );
        let refused = Reach::Public.addresses(&here).await;
        assert!(matches!(refused, Err(Error::Private)));
        for (url, reach, allowed) in [
            ("https://localhost/", Reach::Anywhere, false),
            ("https://127.0.0.1/", Reach::Anywhere, false),
            ("https://[::ffff:a00:1]/", Reach::Anywhere, false),
            ("https://8.8.8.8/", Reach::Public, true),
            ("https://[2606:4700::1111]/", Reach::Public, true),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(Reach::from(&url).await, reach, "{url:?}");
            assert_eq!(Reach::Public.allows(&url).await, allowed, "{url:?}");
            assert!(Reach::Anywhere.allows(&url).await, "{url:?}");
        }
    }
}
