//! Names of secrets in Secrets Manager: a name, or an ARN, which contains the region.

use std::fmt;
use std::str::FromStr;

use super::region::Region;
use crate::foreign::Text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretId {
    text: String,
    region: Option<Region>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "`{0}` is no name of an AWS secret: 1 to 512 letters, digits and characters of `/_+=.@-`"
    )]
    Name(Text),
    #[error("`{0}` is no ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME")]
    Arn(Text),
}

impl SecretId {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `None` for a name.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// A new secret can be given a name only.
    pub fn is_name(&self) -> bool {
        self.region.is_none()
    }
}

/// The default of the official CLI.
impl Default for SecretId {
    fn default() -> Self {
        Self {
            text: "ksm-config".to_owned(),
            region: None,
        }
    }
}

impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for SecretId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let named = |name: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
            (1..=512).contains(&name.len()) && name.chars().all(allowed)
        };
        if !text.to_ascii_lowercase().starts_with("arn:") {
            return match named(text) {
                true => Ok(Self {
                    text: text.to_owned(),
                    region: None,
                }),
                false => Err(Error::Name(text.into())),
            };
        }
        let parts: Vec<&str> = text.splitn(7, ':').collect();
        match parts.as_slice() {
            [
                _,
                partition,
                "secretsmanager",
                region,
                account,
                "secret",
                name,
            ] if partition.starts_with("aws")
                && account.chars().all(|c| c.is_ascii_digit())
                && named(name) =>
            {
                let region = region.parse().map_err(|_| Error::Arn(text.into()))?;
                Ok(Self {
                    text: text.to_owned(),
                    region: Some(region),
                })
            }
            _ => Err(Error::Arn(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_name_has_no_region_and_an_arn_has() {
        let table = "
            ksm-config => -
            prod/ksm@1+2=3_4.5 => -
            arn:aws:secretsmanager:eu-west-1:123456789012:secret:ksm-config-AbCdEf => eu-west-1
            arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-AbCdEf => cn-north-1
            arn:aws-us-gov:secretsmanager:us-gov-west-1:1:secret:x => us-gov-west-1
        ";
        for (text, region) in cases(table) {
            let id: SecretId = format!(" {text} ").parse().unwrap();
            assert_eq!(id.region().map_or("-", Region::as_str), region, "{text}");
            assert_eq!(id.as_str(), text);
        }
    }

    #[test]
    fn names_that_aws_refuses_are_refused_first() {
        for text in [
            "",
            "ksm config",
            "käse",
            "name\n",
            "a:b",
            "arn:aws:s3:::bucket",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:",
            "arn:aws:secretsmanager::123456789012:secret:x",
            "arn:aws:secretsmanager:evil.example/#:123456789012:secret:x",
            "arn:evil:secretsmanager:eu-west-1:123456789012:secret:x",
            "ARN:aws:secretsmanager:eu-west-1:12x:secret:x",
        ] {
            let parsed = text.parse::<SecretId>();
            // A line end is trimmed like any blank around a name.
            assert_eq!(parsed.is_ok(), text == "name\n", "{text:?}");
        }
        assert!("x".repeat(513).parse::<SecretId>().is_err());
    }
}
