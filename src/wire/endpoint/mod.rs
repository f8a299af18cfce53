//! Region codes and host names, and the URLs of endpoints (protocol 2, D16).

use std::fmt;

/// Region code, host, and whether the server keys of this region are published ones.
const REGIONS: [(&str, &str, bool); 7] = [
    ("US", "keepersecurity.com", true),
    ("EU", "keepersecurity.eu", true),
    ("AU", "keepersecurity.com.au", true),
    ("GOV", "govcloud.keepersecurity.us", true),
    ("JP", "keepersecurity.jp", true),
    ("CA", "keepersecurity.ca", true),
    ("IL5", "il5.keepersecurity.us", false),
];

/// A token's or configuration's host of so few letters is a code that was mistyped.
const LONGEST_CODE: usize = 4;

/// Spellings of `GOV` found in public documents.
const GOV_ALIASES: &[&str] = &["US_GOV", "GOV_US"];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the host name is empty")]
    Empty,
    /// As short as a code, and without the dot or the port of a host.
    #[error("`{0}` is no region; the regions are {codes}. A host this short needs its port, as in `{0}:443`", codes = codes())]
    Region(String),
    #[error("`{0}` asks for plain http, and only https is spoken")]
    Plaintext(String),
    #[error("`{0}` is not a host name: `host` or `host:port` is wanted")]
    NotAHost(String),
    /// Stands behind the host or before it.
    #[error("`{text}` has a {part}: only `host` or `host:port` is wanted")]
    Surplus { text: String, part: &'static str },
    #[error("`{0}` has no valid port: a number from 1 to 65535 is wanted")]
    Port(String),
}

/// A checked region code or `host[:port]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName {
    written: String,
    authority: String,
    published_keys: bool,
}

impl HostName {
    /// Reads a region code in any case, a host, `host:port`, or either of these after `https://` with one final `/`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let trimmed = text.trim();
        let bare = without_decoration(trimmed);
        let code = bare.strip_suffix('.').unwrap_or(bare).to_ascii_uppercase();
        let code = if GOV_ALIASES.contains(&code.as_str()) {
            "GOV"
        } else {
            &code
        };
        if let Some((code, host, published)) = REGIONS.iter().find(|(known, ..)| *known == code) {
            return Ok(Self {
                written: (*code).to_owned(),
                authority: (*host).to_owned(),
                published_keys: *published,
            });
        }
        if (2..=LONGEST_CODE).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(Error::Region(trimmed.to_owned()));
        }
        let authority = authority(trimmed)?;
        let (host, _) = split_port(&authority);
        let published = REGIONS
            .iter()
            .any(|(_, known, published)| *published && *known == host);
        Ok(Self {
            written: authority.clone(),
            authority,
            published_keys: published,
        })
    }

    /// The form that configurations store: the upper-case region code, or the host.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// `host` or `host:port`, with region codes translated.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether the server keys of this host are the published ones, so that no custom key may replace them.
    pub fn has_published_keys(&self) -> bool {
        self.published_keys
    }

    pub fn url(&self, endpoint: &str) -> String {
        format!("https://{}/api/rest/sm/v1/{endpoint}", self.authority)
    }
}

/// The official clients mean the US when no host is given.
impl Default for HostName {
    fn default() -> Self {
        Self {
            written: "US".to_owned(),
            authority: "keepersecurity.com".to_owned(),
            published_keys: true,
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority)
    }
}

fn codes() -> String {
    REGIONS.map(|(code, ..)| code).join(", ")
}

fn authority(text: &str) -> Result<String, Error> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("http://") {
        return Err(Error::Plaintext(quotable(text)));
    }
    let bare = without_decoration(&lower);
    if bare.contains("://") {
        return Err(Error::NotAHost(quotable(text)));
    }
    for (mark, part) in [
        ('@', "user name"),
        ('?', "query"),
        ('#', "fragment"),
        ('/', "path"),
    ] {
        if bare.contains(mark) {
            let text = quotable(text);
            return Err(Error::Surplus { text, part });
        }
    }
    let (host, port) = split_port(bare);
    // A final dot marks a name as complete, and every name here counts as complete.
    let host = host.strip_suffix('.').unwrap_or(host);
    if let Some(port) = port {
        let valid = port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        if !valid {
            return Err(Error::Port(quotable(text)));
        }
    }
    if host.is_empty() {
        return Err(Error::Empty);
    }
    if !(is_host(host) && (!ends_like_ipv4(host) || is_ipv4(host)) || is_ipv6(host)) {
        return Err(Error::NotAHost(quotable(text)));
    }
    // A label that begins with `xn--` has to decode.
    if reqwest::Url::parse(&format!("https://{host}/")).is_err() {
        return Err(Error::NotAHost(quotable(text)));
    }
    Ok(match port {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Takes off what an address has before and after its host.
fn without_decoration(text: &str) -> &str {
    const SCHEME: &str = "https://";
    let scheme = text.get(..SCHEME.len()).unwrap_or_default();
    let bare = match scheme.eq_ignore_ascii_case(SCHEME) {
        true => text.get(SCHEME.len()..).unwrap_or_default(),
        false => text,
    };
    bare.strip_suffix('/').unwrap_or(bare)
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    }
}

fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}

/// Resolvers take a name that ends in a number for an IPv4 address, and not always for the one it looks like.
fn ends_like_ipv4(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_ipv4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_ipv6(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Hides a text as long as a token, since a token may stand here by mistake, and whatever stands before an `@`.
fn quotable(text: &str) -> String {
    match text.rsplit_once('@') {
        _ if text.len() > 40 => "…".to_owned(),
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
