//! Endpoints of services: by region, unless a variable or a profile names another, as for AWS's own tools.

use super::error::OwnError as Error;
use super::region::Region;
use super::shared_files::{SharedFiles, nested};
use crate::environment::{Environment, names};
use crate::http::local::is_local;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    SecretsManager,
    Sts,
}

impl Service {
    /// In host names and signatures.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SecretsManager => "secretsmanager",
            Self::Sts => "sts",
        }
    }

    /// The variable with its endpoint, and its key in a section `[services NAME]`.
    fn setting(self) -> (&'static str, &'static str) {
        match self {
            Self::SecretsManager => (names::AWS_ENDPOINT_URL_SECRETS_MANAGER, "secrets_manager"),
            Self::Sts => (names::AWS_ENDPOINT_URL_STS, "sts"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    secrets_manager: Option<Configured>,
    sts: Option<Configured>,
    /// Hosts with validated cryptography (FIPS 140) are used.
    fips: bool,
}

#[derive(Debug, Clone)]
struct Configured {
    url: String,
    /// The name of the setting, for errors.
    set_in: String,
}

impl Endpoints {
    /// Variables come before `profile`.
    pub(super) fn configured(
        files: &SharedFiles,
        profile: &str,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let section = files.profile(profile);
        let setting = |key| section?.text(key);
        let is_on = |variable, key| {
            let set = environment.trimmed(variable).or_else(|| setting(key));
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
                if let Some(url) = environment.trimmed(variable) {
                    let set_in = variable.to_owned();
                    return Ok(Some(Configured { url, set_in }));
                }
            }
            if let Some(name) = &services {
                let section = files.services(name);
                let section = section.ok_or_else(|| Error::NoServices(name.into()))?;
                let settings = section.get(key).map(|text| text.expose().as_str());
                if let Some(url) = settings.and_then(|text| nested(text, "endpoint_url")) {
                    return Ok(Some(Configured {
                        url: url.to_owned(),
                        set_in: format!("the endpoint_url of AWS's [services {name}]"),
                    }));
                }
            }
            Ok::<_, Error>(setting("endpoint_url").map(|url| Configured {
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

    pub(super) fn of_variables(environment: &Environment) -> Result<Self, Error> {
        Self::configured(&SharedFiles::default(), "", environment)
    }

    /// Without `/` at the end.
    pub(super) fn url(&self, service: Service, region: &Region) -> Result<String, Error> {
        let configured = match service {
            Service::SecretsManager => &self.secrets_manager,
            Service::Sts => &self.sts,
        };
        if let Some(Configured { url, set_in }) = configured {
            return match url.starts_with("https://") || is_local(url) {
                true => Ok(url.trim_end_matches('/').to_owned()),
                false => Err(Error::Address(set_in.into())),
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

/// The domain of the partition of a region.
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
