//! Which address a service has in a region, and who may say otherwise: variables, then the profile, as for AWS's own
//! tools.

use super::Error;
use super::credentials::text;
use super::region::Region;
use super::shared_files::SharedFiles;
use crate::environment::{Environment, names};
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
            Self::SecretsManager => (names::AWS_ENDPOINT_URL_SECRETS_MANAGER, "secrets_manager"),
            Self::Sts => (names::AWS_ENDPOINT_URL_STS, "sts"),
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
        environment: &Environment,
    ) -> Result<Self, Error> {
        let section = files.profile(profile);
        let setting = |key| Some(section?.get(key)?.expose().clone());
        let is_on = |variable, key| {
            let set = text(environment, variable).or_else(|| setting(key));
            set.is_some_and(|set| set.eq_ignore_ascii_case("true"))
        };
        let fips = is_on(names::AWS_USE_FIPS_ENDPOINT, "use_fips_endpoint");
        if is_on(
            names::AWS_IGNORE_CONFIGURED_ENDPOINT_URLS,
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
            for variable in [variable, names::AWS_ENDPOINT_URL] {
                if let Some(url) = text(environment, variable) {
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
    pub(super) fn of_variables(environment: &Environment) -> Result<Self, Error> {
        Self::configured(&SharedFiles::default(), "", environment)
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
mod tests;
