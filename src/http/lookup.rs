//! Looks names up within a time limit, and judges what they stand for (D38).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::thread;

use reqwest::Url;
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::sync::oneshot;
use tokio::time::timeout;

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

    /// Whether `url` leads there. A name that cannot be looked up here may be known to a proxy.
    pub(super) async fn allows(self, url: &Url) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public => match addresses(url).await {
                Ok(found) => found.into_iter().any(|address| self.includes(address.ip())),
                Err(_) => true,
            },
        }
    }

    /// A host in a private network may send its clients to others there.
    pub(super) async fn from(host: &Url) -> Self {
        match addresses(host).await {
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
    #[error("no thread can be started")]
    NoThread(#[source] io::Error),
    #[error("it is on this machine or in a private network")]
    Private,
}

/// An address that is written as one is not looked up.
pub(super) async fn addresses(url: &Url) -> Result<Vec<SocketAddr>, Error> {
    let host = url.host_str().unwrap_or_default();
    // An address of IPv6 stands in brackets there.
    look_up(host.trim_matches(['[', ']'])).await
}

/// Loopback, whatever a resolver would say (RFC 6761, 6.3).
pub(super) fn is_localhost(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host) == "localhost"
}

async fn look_up(host: &str) -> Result<Vec<SocketAddr>, Error> {
    if is_localhost(host) {
        let here = [
            IpAddr::from(Ipv4Addr::LOCALHOST),
            Ipv6Addr::LOCALHOST.into(),
        ];
        return Ok(here.map(|address| (address, 0).into()).into());
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![(address, 0).into()]);
    }
    let asked = async {
        match ask(host.to_owned()).await {
            // A broken search domain hides the name itself from some resolvers.
            Err(Error::Failed(_)) if host.contains('.') && !host.ends_with('.') => {
                ask(format!("{host}.")).await
            }
            found => found,
        }
    };
    timeout(limits::LOOKUP, asked)
        .await
        .map_err(|_| Error::Silence)?
}

/// Asks the system in a thread of its own, which may be left alone. Tokio's threads panic where there is no room for one.
async fn ask(host: String) -> Result<Vec<SocketAddr>, Error> {
    let (tell, told) = oneshot::channel();
    let asking = move || {
        let found = (host.as_str(), 0).to_socket_addrs();
        // Nobody waits any more once the time is over.
        drop(tell.send(found.map(Vec::from_iter)));
    };
    thread::Builder::new()
        .spawn(asking)
        .map_err(Error::NoThread)?;
    let found = told.await.map_err(io::Error::other)?;
    Ok(found?)
}

/// The name servers that this system says it asks; empty where that is not known.
pub(super) fn name_servers() -> Text {
    let configured = input::file(Path::new("/etc/resolv.conf"), Limit::SYSTEM);
    let configured = configured.unwrap_or_default();
    let text = str::from_utf8(configured.expose()).unwrap_or_default();
    let servers = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == "nameserver").then(|| words.next())?
    });
    Text::from(servers.collect::<Vec<_>>().join(", "))
}

/// The names of a client's connections.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = *self;
        Box::pin(async move {
            let mut found = look_up(name.as_str()).await?;
            found.retain(|address| reach.includes(address.ip()));
            if found.is_empty() {
                return Err(Error::Private.into());
            }
            Ok(Box::new(found.into_iter()) as Box<_>)
        })
    }
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
        let resolve = |reach: Reach| reach.resolve("localhost".parse().unwrap());
        let found = resolve(Reach::Anywhere).await.unwrap();
        let found: Vec<_> = found.map(|address| address.ip().to_string()).collect();
        assert_eq!(found, ["127.0.0.1", "::1"]);
        let refused = resolve(Reach::Public).await.err().unwrap();
        assert!(matches!(refused.downcast_ref(), Some(Error::Private)));
        for (url, reach, allowed) in [
            ("https://localhost/", Reach::Anywhere, false),
            ("https://127.1/", Reach::Anywhere, false),
            ("https://[::ffff:a00:1]/", Reach::Anywhere, false),
            ("https://8.8.8.8/", Reach::Public, true),
            ("https://[2606:4700::1111]/", Reach::Public, true),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(Reach::from(&url).await, reach, "{url}");
            assert_eq!(Reach::Public.allows(&url).await, allowed, "{url}");
            assert!(Reach::Anywhere.allows(&url).await, "{url}");
        }
    }
}
