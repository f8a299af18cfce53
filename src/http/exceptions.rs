//! The hosts that are reached without a proxy, as curl and requests read them.

use std::net::IpAddr;

use reqwest::Url;

/// The entries of `NO_PROXY`, between commas or blanks. One that means nothing excepts nothing.
#[derive(Clone, Default)]
pub(super) struct Exceptions(Vec<Exception>);

#[derive(Clone)]
struct Exception {
    hosts: Hosts,
    /// Any if there is none.
    port: Option<u16>,
}

#[derive(Clone)]
enum Hosts {
    All,
    /// An address with the number of bits that count.
    Network(IpAddr, u32),
    /// A name, and all below it.
    Domain(String),
}

impl Exceptions {
    pub(super) fn parse(text: &str) -> Self {
        let entries = text.split(|c: char| c == ',' || c.is_whitespace());
        Self(entries.filter_map(Exception::parse).collect())
    }

    pub(super) fn include(&self, url: &Url) -> bool {
        self.0.iter().any(|exception| exception.includes(url))
    }
}

impl Exception {
    fn parse(entry: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::parse(entry) {
            return Some(Self { hosts, port: None });
        }
        let (host, port) = entry.rsplit_once(':')?;
        Some(Self {
            hosts: Hosts::parse(host)?,
            port: Some(port.parse().ok()?),
        })
    }

    fn includes(&self, url: &Url) -> bool {
        self.hosts.include(url.host_str().unwrap_or_default())
            && (self.port.is_none() || self.port == url.port_or_known_default())
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some(address) = address(text) {
            return Some(Self::Network(address, width(address)));
        }
        if let Some((network, bits)) = text.split_once('/') {
            let (network, bits) = (address(network)?, bits.parse().ok()?);
            return (bits <= width(network)).then_some(Self::Network(network, bits));
        }
        let name = text.strip_prefix('*').unwrap_or(text);
        let name = name.trim_matches('.').to_ascii_lowercase();
        let is_name = !name.is_empty() && !name.contains([':', '[', ']', '*']);
        is_name.then_some(Self::Domain(name))
    }

    fn include(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Network(network, bits) => {
                address(host).is_some_and(|address| shares(address, *network, *bits))
            }
            Self::Domain(name) => {
                let host = host.trim_end_matches('.').to_ascii_lowercase();
                let above = host.strip_suffix(name.as_str());
                above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
        }
    }
}

/// Without the brackets of IPv6, and as IPv4 where it stands for that.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let address: IpAddr = bare.unwrap_or(text).parse().ok()?;
    Some(address.to_canonical())
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn shares(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    let differing = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    differing >= bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::rows;

    #[test]
    fn exceptions_are_read_as_curl_and_requests_do() {
        let table = "
            | | a.example 10.0.0.1
            * | a.example 10.0.0.1 [::1] a.example:8443 |
            x,* | a.example 10.0.0.1 |
            a.example | a.example A.EXAMPLE a.example. b.a.example a.example:8443 | ba.example example a.example.b
            .a.example | a.example b.a.example | ba.example
            *.a.example | b.a.example | ba.example
            a.example. | a.example |
            A.Example , b.example c.example | a.example b.example c.example | d.example
            a.example:8443 | a.example:8443 b.a.example:8443 | a.example a.example:8444
            a.example:443 | a.example | a.example:8443
            10.0.0.1 | 10.0.0.1 10.0.0.1:8443 | 10.0.0.2 1.10.0.0.1.example
            10.0.0.1:8443 | 10.0.0.1:8443 | 10.0.0.1
            10.0.0.0/8 | 10.255.0.1 | 11.0.0.1
            10.0.0.0/8:8443 | 10.1.1.1:8443 | 10.1.1.1
            0.0.0.0/0 | 8.8.8.8 | a.example [::1]
            192.168.2.128/25 | 192.168.2.200 | 192.168.2.1
            ::1 | [::1] | [::2]
            [::1] | [::1] [::1]:8443 |
            [::1]:8443 | [::1]:8443 | [::1]
            fd00::/8 | [fd12::1] | [fe80::1]
            127.0.0.1 | [::ffff:127.0.0.1] |
            10.0.0.0/33,a.example:x,[::1,.,*. | | 10.0.0.1 a.example [::1]
        ";
        for [text, excepted, others] in rows(table) {
            let exceptions = Exceptions::parse(text);
            for (hosts, expected) in [(excepted, true), (others, false)] {
                for host in hosts.split_whitespace() {
                    let url = Url::parse(&format!("https://{host}/")).unwrap();
                    assert_eq!(exceptions.include(&url), expected, "{text}: {host}");
                }
            }
        }
    }
}
