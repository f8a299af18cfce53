//! The proxy settings, checked and never silently ignored (N9).

use reqwest::Url;

use super::exceptions::Exceptions;
use super::{Error, host_of};
use crate::environment::{Environment, names};

const SETTINGS: &[(&str, &str)] = &[
    (names::HTTPS_PROXY, "https_proxy"),
    (names::ALL_PROXY, "all_proxy"),
];
const EXCEPTIONS: (&str, &str) = (names::NO_PROXY, "no_proxy");

/// A proxy and the hosts that are reached without it. It prints as its variable.
#[derive(Clone)]
pub struct Proxy {
    setting: &'static str,
    url: Url,
    exceptions: Exceptions,
}

/// What messages call a proxy. Its user and password stay away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyName {
    /// The variable that names it.
    pub setting: &'static str,
    pub is_tls: bool,
    /// `host` or `host:port`.
    pub host: String,
}

impl std::fmt::Display for ProxyName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.is_tls { "https" } else { "http" };
        write!(f, "{} ({scheme}://{})", self.setting, self.host)
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({})", self.setting)
    }
}

impl Proxy {
    /// Reads `HTTPS_PROXY`, else `ALL_PROXY`, in either case.
    pub fn from_environment(environment: &Environment) -> Result<Option<Self>, Error> {
        let found = SETTINGS.iter().find_map(|(upper, lower)| {
            Some((*upper, text(environment, upper, lower).transpose()?))
        });
        let Some((setting, value)) = found else {
            return Ok(None);
        };
        let url = parse(setting, &value?)?;
        let exceptions = text(environment, EXCEPTIONS.0, EXCEPTIONS.1)?;
        Ok(Some(Self {
            setting,
            url,
            exceptions: Exceptions::parse(&exceptions.unwrap_or_default()),
        }))
    }

    /// Its name, if it stands before `url`.
    pub(super) fn before(&self, url: &Url) -> Option<Box<ProxyName>> {
        let name = || ProxyName {
            setting: self.setting,
            is_tls: self.url.scheme() == "https",
            host: host_of(self.url.as_str()),
        };
        (!self.exceptions.include(url)).then(|| Box::new(name()))
    }

    pub(super) fn to_reqwest(&self) -> reqwest::Proxy {
        let Self {
            url, exceptions, ..
        } = self.clone();
        reqwest::Proxy::custom(move |asked| (!exceptions.include(asked)).then(|| url.clone()))
    }

    /// Without exceptions.
    pub(super) fn to_reqwest_always(&self) -> reqwest::Proxy {
        let url = self.url.clone();
        reqwest::Proxy::custom(move |_| Some(url.clone()))
    }
}

fn text(
    environment: &Environment,
    upper: &'static str,
    lower: &str,
) -> Result<Option<String>, Error> {
    let Some(value) = [upper, lower]
        .into_iter()
        .find_map(|name| environment.nonempty(name))
    else {
        return Ok(None);
    };
    let text = value.to_str().ok_or(Error::Proxy {
        setting: upper,
        reason: "it is not text",
    })?;
    Ok(Some(text.to_owned()))
}

fn parse(setting: &'static str, value: &str) -> Result<Url, Error> {
    let refuse = |reason| Error::Proxy { setting, reason };
    // Other tools take a bare `host:port` for an http proxy, so people write that.
    let written = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = Url::parse(written.trim()).map_err(|_| refuse("it is not an address"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("only http and https proxies are supported"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a path or query"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        Err(refuse("it names no host"))
    } else {
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Option<Proxy>, Error> {
        Proxy::from_environment(&set.iter().copied().collect())
    }

    #[test]
    fn the_first_setting_wins() {
        type Case = (
            &'static [(&'static str, &'static str)],
            Option<&'static str>,
        );
        let cases: &[Case] = &[
            (&[], None),
            (&[("HTTPS_PROXY", "")], None),
            (
                &[("https_proxy", "http://a:1"), ("ALL_PROXY", "http://b:2")],
                Some("http://a:1/"),
            ),
            (&[("all_proxy", "b:2")], Some("http://b:2/")),
            (
                &[("HTTPS_PROXY", "https://u:p@b:2/")],
                Some("https://u:p@b:2/"),
            ),
        ];
        for (set, expected) in cases {
            assert_eq!(
                read(set)
                    .unwrap()
                    .map(|proxy| proxy.url.to_string())
                    .as_deref(),
                *expected,
                "{set:?}"
            );
        }
    }

    #[test]
    fn a_bad_proxy_is_reported_without_its_password() {
        for value in [
            "socks5://h:1",
            "http://",
            "http://u:canary@",
            "http://h/path",
            "ftp://u:canary@h",
            "http://h:99999",
            ":::",
        ] {
            let error = read(&[("HTTPS_PROXY", value)]).unwrap_err().to_string();
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
