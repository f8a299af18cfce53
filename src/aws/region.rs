//! The region of a secret is named by its ARN, by a variable, by a profile, or by the instance, in this order.

use std::fmt;
use std::str::FromStr;

use super::shared_files::SharedFiles;
use crate::environment::{Environment, names};
use crate::foreign::Text;

const VARIABLES: [&str; 2] = [names::AWS_REGION, names::AWS_DEFAULT_REGION];

/// Such as `eu-west-1`. It becomes a part of host names, and so has the form of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no region of AWS")]
pub struct InvalidRegion(Text);

impl Region {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Region {
    type Err = InvalidRegion;

    fn from_str(text: &str) -> Result<Self, InvalidRegion> {
        let text = text.trim();
        let formed = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text.len() <= 40
            && text.contains('-')
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        match formed {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidRegion(text.into())),
        }
    }
}

pub(super) fn of_variables(environment: &Environment) -> Result<Option<Region>, InvalidRegion> {
    let set = VARIABLES.iter().find_map(|name| environment.trimmed(name));
    set.as_deref().map(str::parse).transpose()
}

/// Variables come before the profile.
pub(super) fn configured(
    files: &SharedFiles,
    profile: &str,
    environment: &Environment,
) -> Result<Option<Region>, InvalidRegion> {
    if let Some(region) = of_variables(environment)? {
        return Ok(Some(region));
    }
    let of_profile = files.profile(profile);
    let region = of_profile.and_then(|profile| profile.get("region"));
    region.map(|region| region.expose().parse()).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::{cases, settings};

    #[test]
    fn a_region_can_be_part_of_a_host_name() {
        for (text, expected) in [
            ("us-east-1", true),
            (" eu-central-2\n", true),
            ("us-gov-west-1", true),
            ("us-iso-east-1", true),
            ("", false),
            ("eu", false),
            ("eu-", false),
            ("EU-WEST-1", false),
            ("eu-west-1.evil.example", false),
            ("evil.example/#-", false),
            ("eu west-1", false),
        ] {
            assert_eq!(text.parse::<Region>().is_ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_variable_comes_before_the_profile() {
        let files = SharedFiles::parse("[profile p]\nregion = eu-west-3\n", "").unwrap();
        let table = "
            AWS_DEFAULT_REGION=us-east-2 AWS_REGION=us-west-1 => us-west-1
            AWS_DEFAULT_REGION=us-east-2 => us-east-2
            AWS_REGION= => eu-west-3
            AWS_REGION=nowhere => error
        ";
        for (set, expected) in cases(table) {
            let found = configured(&files, "p", &settings(set).collect());
            let found = found.map(|region| region.unwrap().as_str().to_owned());
            assert_eq!(found.unwrap_or("error".into()), expected, "{set}");
        }
        let found = configured(&files, "q", &Environment::default());
        assert_eq!(found, Ok(None));
    }
}
