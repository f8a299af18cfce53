//! Which address a service has in a region, and who may say otherwise: variables, then the profile, as for AWS's own
//! tools.

use super::Error;
use super::credentials::text;
use super::region::Region;
use super::shared_files::SharedFiles;
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

    /// The variable that says where it is, and the key of its settings in a section `[services NAME]`.
    fn setting(self) -> (&'static str, &'static str) {
        match self {
            Self::SecretsManager => ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "secrets_manager"),
            Self::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
        }
    }
}

/// What was configured about the addresses of services.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    secrets_manager: Option<Address>,
    sts: Option<Address>,
    /// Whether an agreement demands validated cryptography, for which there are hosts of their own.
    fips: bool,
}

#[derive(Debug, Clone)]
struct Address {
    url: String,
    /// Who says so.
    set_in: String,
}

impl Addresses {
    /// What variables say, and where they say nothing, `profile`.
    pub(super) fn configured(
        files: &SharedFiles,
        profile: &str,
        var: Lookup,
    ) -> Result<Self, Error> {
        let section = files.profile(profile);
        let setting = |key| Some(section?.get(key)?.expose().clone());
        let is_on = |variable, key| {
            let set = text(var, variable).or_else(|| setting(key));
            set.is_some_and(|set| set.eq_ignore_ascii_case("true"))
        };
        let fips = is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
        if is_on(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        ) {
            return Ok(Self {
                secrets_manager: None,
                sts: None,
                fips,
            });
        }
        let services = setting("services");
        let address = |service: Service| {
            let (variable, key) = service.setting();
            for variable in [variable, "AWS_ENDPOINT_URL"] {
                if let Some(url) = text(var, variable) {
                    let set_in = variable.to_owned();
                    return Ok(Some(Address { url, set_in }));
                }
            }
            if let Some(name) = &services {
                let nested = files.service(name, key);
                let nested = nested.ok_or_else(|| Error::NoServices(name.clone()))?;
                if let Some(url) = nested.get("endpoint_url") {
                    return Ok(Some(Address {
                        url: url.to_owned(),
                        set_in: format!("the endpoint_url of AWS's [services {name}]"),
                    }));
                }
            }
            Ok::<_, Error>(setting("endpoint_url").map(|url| Address {
                url,
                set_in: format!("the endpoint_url of the AWS profile `{profile}`"),
            }))
        };
        Ok(Self {
            secrets_manager: address(Service::SecretsManager)?,
            sts: address(Service::Sts)?,
            fips,
        })
    }

    /// What variables say.
    pub(super) fn of_variables(var: Lookup) -> Result<Self, Error> {
        Self::configured(&SharedFiles::default(), "", var)
    }

    /// The address to post to, without `/` at its end.
    pub(super) fn of(&self, service: Service, region: &Region) -> Result<String, Error> {
        let configured = match service {
            Service::SecretsManager => &self.secrets_manager,
            Service::Sts => &self.sts,
        };
        if let Some(Address { url, set_in }) = configured {
            return match url.starts_with("https://") || is_local(url) {
                true => Ok(url.trim_end_matches('/').to_owned()),
                false => Err(Error::Address(set_in.clone())),
            };
        }
        let fips = if self.fips { "-fips" } else { "" };
        Ok(format!(
            "https://{}{fips}.{region}.{}",
            service.name(),
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
        told(service, region, set, "").ok()
    }

    fn told(
        service: Service,
        region: &str,
        set: &[(&str, &str)],
        config: &str,
    ) -> Result<String, String> {
        let var = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let files = SharedFiles::parse(config, "").unwrap();
        Addresses::configured(&files, "p", &var)
            .and_then(|addresses| addresses.of(service, &region.parse().unwrap()))
            .map_err(|error| error.to_string())
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

    #[test]
    fn a_profile_says_where_services_are_unless_a_variable_does() {
        type Case<'a> = (
            &'a [(&'a str, &'a str)],
            &'a str,
            Service,
            Result<&'a str, &'a str>,
        );
        use Service::{SecretsManager, Sts};
        let both = "[profile p]\nservices = s\nendpoint_url = https://all.example/\n\
                    [services s]\nsecrets_manager =\n  endpoint_url = https://secrets.example\ns3 =\n  x = y\n";
        let cases: [Case; 11] = [
            (&[], both, SecretsManager, Ok("https://secrets.example")),
            (&[], both, Sts, Ok("https://all.example")),
            (
                &[("AWS_ENDPOINT_URL", "https://v.example")],
                both,
                SecretsManager,
                Ok("https://v.example"),
            ),
            (
                &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")],
                both,
                Sts,
                Ok("https://sts.eu-west-1.amazonaws.com"),
            ),
            (
                &[("AWS_ENDPOINT_URL", "https://v.example")],
                "[profile p]\nignore_configured_endpoint_urls = true\n",
                Sts,
                Ok("https://sts.eu-west-1.amazonaws.com"),
            ),
            (
                &[],
                "[profile p]\nuse_fips_endpoint = true\n",
                Sts,
                Ok("https://sts-fips.eu-west-1.amazonaws.com"),
            ),
            (
                &[("AWS_USE_FIPS_ENDPOINT", "false")],
                "[profile p]\nuse_fips_endpoint = true\n",
                Sts,
                Ok("https://sts.eu-west-1.amazonaws.com"),
            ),
            // What belongs to another profile is none of this one's.
            (
                &[],
                "[default]\nendpoint_url = https://all.example\nuse_fips_endpoint = true\n",
                Sts,
                Ok("https://sts.eu-west-1.amazonaws.com"),
            ),
            (
                &[],
                "[profile p]\nservices = gone\n",
                Sts,
                Err("AWS's shared configuration has no section [services gone]"),
            ),
            (
                &[],
                "[profile p]\nendpoint_url = http://all.example\n",
                Sts,
                Err(
                    "the address in the endpoint_url of the AWS profile `p` is neither https nor on this machine",
                ),
            ),
            (
                &[],
                "[profile p]\nservices = s\n[services s]\nsts =\n  endpoint_url = ftp://x\n",
                Sts,
                Err(
                    "the address in the endpoint_url of AWS's [services s] is neither https nor on this machine",
                ),
            ),
        ];
        for (set, config, service, expected) in cases {
            let told = told(service, "eu-west-1", set, config);
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(told, expected, "{set:?} {config}");
        }
    }
}
