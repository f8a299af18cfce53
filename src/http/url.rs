//! Addresses of http and https, as far as connections need them. A host in another alphabet than ours is written in ASCII
//! (`xn--…`), and a number stands for an address of IPv4 only in the usual form.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::codec;
use crate::sensitive::Sensitive;

/// It prints without user, path and query, since a link may be a credential.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Url {
    scheme: Scheme,
    /// User and password, as they are written.
    user: Option<Sensitive<String>>,
    /// In lower case, and IPv6 in brackets.
    host: String,
    /// Where it is not the usual one.
    port: Option<u16>,
    /// Path and query.
    target: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({:?}, {})", self.scheme, self.host_and_port())
    }
}

impl Url {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        Self::after(scheme, rest)
    }

    /// What follows the two slashes.
    fn after(scheme: Scheme, text: &str) -> Option<Self> {
        let end = text.find(['/', '?', '#', '\\']).unwrap_or(text.len());
        let (authority, target) = text.split_at_checked(end)?;
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (place, ""),
        };
        let port = match port {
            "" => None,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            _ => return None,
        };
        Some(Self {
            scheme,
            user: user.map(|user| Sensitive::new(user.to_owned())),
            host: host_of(host)?,
            port: port.filter(|port| *port != scheme.port()),
            target: target_of(target)?,
        })
    }

    /// The address that `reference` is, seen from this one (RFC 3986, 5.2).
    pub(super) fn join(&self, reference: &str) -> Option<Self> {
        let reference = reference.trim();
        if let Some(rest) = reference.strip_prefix("//") {
            return Self::after(self.scheme, rest);
        }
        // A colon before any slash ends a scheme.
        let first = reference.split(['/', '?', '#']).next().unwrap_or_default();
        if first.contains(':') {
            return Self::parse(reference);
        }
        let path = self.target.split('?').next().unwrap_or_default();
        let target = match reference.chars().next() {
            Some('/') => reference.to_owned(),
            Some('?') => format!("{path}{reference}"),
            _ => {
                let (directory, _) = path.rsplit_once('/').unwrap_or_default();
                format!("{directory}/{reference}")
            }
        };
        Some(Self {
            user: None,
            target: target_of(&target)?,
            ..self.clone()
        })
    }

    pub(super) fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(super) fn has_user(&self) -> bool {
        self.user.is_some()
    }

    /// `user:password`, decoded.
    pub(super) fn user(&self) -> Option<Sensitive<String>> {
        let user = self.user.as_ref()?;
        Some(codec::decode_percent(user.expose()).map_or_else(|| user.clone(), Sensitive::new))
    }

    /// In lower case, and IPv6 in brackets.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The host as resolvers and certificates have it: IPv6 without its brackets.
    pub(super) fn bare_host(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(self.scheme.port())
    }

    /// The port only where it is not the usual one.
    pub(super) fn host_and_port(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Path and query; never empty.
    pub(super) fn target(&self) -> &str {
        &self.target
    }
}

fn host_of(text: &str) -> Option<String> {
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    if let Some(address) = inner {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let host = text.to_ascii_lowercase();
    let bare = host.strip_suffix('.').unwrap_or(&host);
    let last = bare.rsplit('.').next().unwrap_or_default();
    // Resolvers take a name that ends in a number for an address, and not always for the one it looks like.
    let is_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = !bare.split('.').any(str::is_empty) && host.bytes().all(is_of_host);
    (is_name && (!is_number || bare.parse::<Ipv4Addr>().is_ok())).then_some(host)
}

/// Without the fragment, and with what must not be in a request in percent-encoding.
fn target_of(text: &str) -> Option<String> {
    let text = text.split('#').next().unwrap_or_default();
    let mut target = String::with_capacity(text.len() + 1);
    if !text.starts_with('/') {
        target.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'\\' | b'\r' | b'\n' | 0 => return None,
            b'!'..=b'~' if !matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}') => {
                target.push(char::from(byte));
            }
            _ => target.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::rows;

    #[test]
    fn addresses_are_taken_apart_or_refused() {
        let table = "
            https://A.example | a.example | 443 | /
            https://a.example:443/x?y=z#f | a.example | 443 | /x?y=z
            https://a.example:8443?q | a.example:8443 | 8443 | /?q
            http://u:p@a.example./ | a.example. | 80 | /
            HTTPS://u@b@xn--mller-kva.example/ü%2f | xn--mller-kva.example | 443 | /%C3%BC%2f
            https://[2001:DB8::1]:1/ | [2001:db8::1]:1 | 1 | /
            https://127.0.0.1/<a> | 127.0.0.1 | 443 | /%3Ca%3E
        ";
        for [text, place, port, target] in rows(table) {
            let url = Url::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(url.host_and_port(), place, "{text}");
            assert_eq!(url.port().to_string(), port, "{text}");
            assert_eq!(url.target(), target, "{text}");
        }
        for text in [
            "",
            "a.example",
            "https:a.example",
            "ftp://a.example",
            "https://",
            "https://:443",
            "https://a b/",
            "https://müller.example/",
            "https://a.example:99999",
            "https://a.example:+1",
            "https://127.1/",
            "https://2852039166/",
            "https://0x7f.1",
            "https://[::1",
            "https://[1]/",
            "https://a..b/",
            "https://./",
            "https://a.example\\@b.example/",
            "https://a%2eb/",
            "https://a.example/\r\nx: y",
        ] {
            assert_eq!(Url::parse(text), None, "{text}");
        }
    }

    #[test]
    fn users_are_decoded_and_never_printed() {
        let url = Url::parse("https://me%40home:canary%2F@h:1/canary").unwrap();
        assert_eq!(url.user().unwrap().expose(), "me@home:canary/");
        assert_eq!(format!("{url:?}"), "Url(Https, h:1)");
        assert!(!Url::parse("https://h/a@b").unwrap().has_user());
    }

    #[test]
    fn references_lead_where_browsers_go() {
        let table = "
            https://b.example/c?d | https://b.example/c?d
            //b.example:1/c | https://b.example:1/c
            /c?d=e#f | https://a.example:8443/c?d=e
            ?d | https://a.example:8443/x/y?d
            c/d:e | https://a.example:8443/x/c/d:e
            http://b.example | http://b.example/
        ";
        let from = Url::parse("https://u:p@a.example:8443/x/y?z=/").unwrap();
        for [reference, expected] in rows(table) {
            assert_eq!(from.join(reference), Url::parse(expected), "{reference}");
        }
        for wrong in ["ftp://b.example", "mailto:x", "https:/x", "//"] {
            assert_eq!(from.join(wrong), None, "{wrong}");
        }
    }
}
