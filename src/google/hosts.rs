//! Addresses in files of credentials. They are outside data, and what is sent there is a credential: so each has to be
//! that of the Google service it is for.

use super::error::CredentialsError as Error;
use crate::cloud::is_encrypted_or_local;
use crate::environment::{Environment, names};
use crate::http::{host_of, host_over_tls};

/// What an address of a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// Takes assertions and refresh tokens.
    Token,
    /// Takes tokens of other issuers.
    Exchange,
    /// Gives tokens of a service account to those who may act as it.
    Impersonation,
}

impl Endpoint {
    pub(super) const DEFAULT_TOKEN: &str = "https://oauth2.googleapis.com/token";
    pub(super) const DEFAULT_EXCHANGE: &str = "https://sts.googleapis.com/v1/token";

    fn member(self) -> &'static str {
        match self {
            Self::Token => "token_uri",
            Self::Exchange => "token_url",
            Self::Impersonation => "service_account_impersonation_url",
        }
    }

    /// The variable with an address that takes the place of the one in the file.
    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::Token => names::CLOUDSDK_AUTH_TOKEN_HOST,
            Self::Exchange => names::CLOUDSDK_API_ENDPOINT_OVERRIDES_STS,
            Self::Impersonation => names::CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS,
        }
    }

    fn is_host(self, host: &str) -> bool {
        const TOKEN: [&str; 3] = [
            "oauth2.googleapis.com",
            "accounts.google.com",
            "www.googleapis.com",
        ];
        match self {
            Self::Token => TOKEN.contains(&host),
            Self::Exchange => is_of_service(host, "sts"),
            Self::Impersonation => is_of_service(host, "iamcredentials"),
        }
    }

    /// The address to ask: that of a variable, or `written` if Google is there.
    pub(super) fn address(self, written: &str, environment: &Environment) -> Result<String, Error> {
        if let Some(set) = environment.trimmed(self.variable()) {
            if !is_encrypted_or_local(&set) {
                return Err(Error::Plaintext(self.variable()));
            }
            return Ok(match self {
                // The variable has the whole address, as for `gcloud`.
                Self::Token => set,
                Self::Exchange | Self::Impersonation => {
                    format!("{}{}", set.trim_end_matches('/'), path_of(written))
                }
            });
        }
        // A port makes another host of it.
        let host = host_over_tls(written).filter(|host| *host == host_of(written));
        match host.is_some_and(|host| self.is_host(&host)) {
            true => Ok(written.to_owned()),
            false => Err(Error::Host {
                member: self.member(),
                host: host_of(written),
            }),
        }
    }
}

/// A service is at hosts of regions, too: `sts.europe-west1.rep.googleapis.com`, `europe-west1-sts.googleapis.com`.
fn is_of_service(host: &str, service: &str) -> bool {
    let Some(name) = host.strip_suffix(".googleapis.com") else {
        return false;
    };
    let (first, last) = (name.split('.').next(), name.rsplit(['.', '-']).next());
    first == Some(service) || last == Some(service)
}

fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_google_gets_what_a_file_proves() {
        use Endpoint::{Exchange, Impersonation, Token};
        for (endpoint, url, allowed) in [
            (Token, Endpoint::DEFAULT_TOKEN, true),
            (Token, "https://accounts.google.com/o/oauth2/token", true),
            (Token, "https://www.googleapis.com/oauth2/v4/token", true),
            (Token, "https://evil.example/token", false),
            (
                Token,
                "https://oauth2.googleapis.com.evil.example/token",
                false,
            ),
            (
                Token,
                "https://oauth2.googleapis.com@evil.example/token",
                false,
            ),
            (
                Token,
                "https://evil.example\\@oauth2.googleapis.com/",
                false,
            ),
            (Token, "https://user@oauth2.googleapis.com/token", false),
            (Token, "https://oauth2.googleapis.com:8443/token", false),
            (Token, "https://storage.googleapis.com/bucket", false),
            (Token, "http://oauth2.googleapis.com/token", false),
            (Token, "http://127.0.0.1/token", false),
            (Token, "", false),
            (Exchange, Endpoint::DEFAULT_EXCHANGE, true),
            (
                Exchange,
                "https://sts.europe-west1.rep.googleapis.com/v1/token",
                true,
            ),
            (
                Exchange,
                "https://europe-west1-sts.googleapis.com/v1/token",
                true,
            ),
            (
                Exchange,
                "https://europe-west1.sts.googleapis.com/v1/token",
                true,
            ),
            (Exchange, "https://evilsts.googleapis.com/v1/token", false),
            (
                Exchange,
                "https://sts.googleapis.com.evil.example/v1/token",
                false,
            ),
            (Exchange, "https://sts.evil.example/v1/token", false),
            (
                Impersonation,
                "https://iamcredentials.googleapis.com/v1/x",
                true,
            ),
            (Impersonation, "https://sts.googleapis.com/v1/x", false),
        ] {
            let address = endpoint.address(url, &Environment::default());
            assert_eq!(address.is_ok(), allowed, "{url}");
        }
    }

    #[test]
    fn a_variable_takes_the_place_of_an_address() {
        for (endpoint, set, expected) in [
            (
                Endpoint::Token,
                "https://localhost:1/t",
                Some("https://localhost:1/t"),
            ),
            (
                Endpoint::Exchange,
                "http://127.0.0.1:1/",
                Some("http://127.0.0.1:1/v1/x"),
            ),
            (
                Endpoint::Impersonation,
                "https://h.example",
                Some("https://h.example/v1/x"),
            ),
            (Endpoint::Token, "http://h.example/t", None),
        ] {
            let environment = Environment::default().with(endpoint.variable(), set);
            let address = endpoint.address("https://evil.example/v1/x", &environment);
            assert_eq!(address.ok().as_deref(), expected, "{set}");
        }
    }
}
