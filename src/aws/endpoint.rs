//! Which address a service has in a region, and who may say otherwise.

use super::Error;
use super::credentials::text;
use super::region::Region;
use crate::http::Lookup;
use crate::http::local::is_local;

/// The services we ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    SecretsManager,
    Sts,
}

impl Service {
    /// Its name in host names and signatures.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SecretsManager => "secretsmanager",
            Self::Sts => "sts",
        }
    }

    /// The variables that say where it is, in order, as for AWS's own tools.
    fn settings(self) -> [&'static str; 2] {
        let own = match self {
            Self::SecretsManager => "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            Self::Sts => "AWS_ENDPOINT_URL_STS",
        };
        [own, "AWS_ENDPOINT_URL"]
    }

    /// The address to post to, without `/` at its end.
    pub(super) fn url(self, region: &Region, var: Lookup) -> Result<String, Error> {
        for setting in self.settings() {
            if let Some(url) = text(var, setting) {
                let url = url.trim_end_matches('/').to_owned();
                return match url.starts_with("https://") || is_local(&url) {
                    true => Ok(url),
                    false => Err(Error::Address(setting)),
                };
            }
        }
        // Where an agreement demands validated cryptography, these are the hosts that have it.
        let fips =
            text(var, "AWS_USE_FIPS_ENDPOINT").is_some_and(|set| set.eq_ignore_ascii_case("true"));
        let fips = if fips { "-fips" } else { "" };
        Ok(format!(
            "https://{}{fips}.{region}.{}",
            self.name(),
            domain(region)
        ))
    }
}

/// The domain of the partition that a region belongs to.
fn domain(region: &Region) -> &'static str {
    const PARTITIONS: [(&str, &str); 6] = [
        ("cn-", "amazonaws.com.cn"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("eusc-", "amazonaws.eu"),
    ];
    let mut partitions = PARTITIONS.iter();
    let found = partitions.find(|(prefix, _)| region.as_str().starts_with(prefix));
    found.map_or("amazonaws.com", |(_, domain)| domain)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn url(service: Service, region: &str, set: &[(&str, &str)]) -> Option<String> {
        let var = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        service.url(&region.parse().unwrap(), &var).ok()
    }

    #[test]
    fn each_partition_has_its_domain() {
        for (region, expected) in [
            (
                "us-east-1",
                "https://secretsmanager.us-east-1.amazonaws.com",
            ),
            (
                "cn-north-1",
                "https://secretsmanager.cn-north-1.amazonaws.com.cn",
            ),
            (
                "us-gov-west-1",
                "https://secretsmanager.us-gov-west-1.amazonaws.com",
            ),
            (
                "us-iso-east-1",
                "https://secretsmanager.us-iso-east-1.c2s.ic.gov",
            ),
            (
                "us-isob-east-1",
                "https://secretsmanager.us-isob-east-1.sc2s.sgov.gov",
            ),
        ] {
            assert_eq!(url(Service::SecretsManager, region, &[]).unwrap(), expected);
        }
        assert_eq!(
            url(
                Service::Sts,
                "us-gov-east-1",
                &[("AWS_USE_FIPS_ENDPOINT", "true")]
            )
            .unwrap(),
            "https://sts-fips.us-gov-east-1.amazonaws.com"
        );
    }

    #[test]
    fn a_variable_names_another_address_but_none_without_tls_elsewhere() {
        type Case = (
            &'static [(&'static str, &'static str)],
            Option<&'static str>,
        );
        let cases: [Case; 6] = [
            (
                &[("AWS_ENDPOINT_URL", "http://127.0.0.1:5000/")],
                Some("http://127.0.0.1:5000"),
            ),
            (
                &[("AWS_ENDPOINT_URL", "http://localhost:4566")],
                Some("http://localhost:4566"),
            ),
            (
                &[
                    ("AWS_ENDPOINT_URL", "https://a.example"),
                    ("AWS_ENDPOINT_URL_STS", "https://b.example"),
                ],
                Some("https://b.example"),
            ),
            (
                &[("AWS_ENDPOINT_URL_SECRETS_MANAGER", "https://c.example")],
                Some("https://sts.eu-west-1.amazonaws.com"),
            ),
            (
                &[("AWS_ENDPOINT_URL_STS", "http://proxy.example:5000")],
                None,
            ),
            (&[("AWS_ENDPOINT_URL", "sts.example")], None),
        ];
        for (set, expected) in cases {
            assert_eq!(
                url(Service::Sts, "eu-west-1", set).as_deref(),
                expected,
                "{set:?}"
            );
        }
    }
}
