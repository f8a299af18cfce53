//! The entries of a section that refers to a secret of AWS (compatibility 2.4).

use super::{AwsSecret, Error};
use crate::aws::{Credentials, Identity, InvalidRegion};
use crate::environment::boolean;
use crate::profile::ini::Document;
use crate::profile::store::StoreContext;
use crate::sensitive::Sensitive;

const PROVIDER: &str = "provider";
const NAME: &str = "secret";
const FALLBACK: &str = "fallback";
const PROFILE: &str = "profile";
const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const REGION: &str = "region";

pub(super) const ENTRIES: [&str; 7] = [PROVIDER, NAME, FALLBACK, PROFILE, ID, SECRET, REGION];

impl AwsSecret {
    pub(super) fn of_section(
        document: &Document,
        name: &str,
        context: &StoreContext,
    ) -> Result<Self, Error> {
        let secret = |key| document.get(name, key).cloned();
        let text = |key| secret(key).map(|value| value.expose().clone());
        let identity = match text(PROVIDER).as_deref() {
            None | Some("ec2instance") => Identity::Instance,
            Some("profile") => Identity::Profile(text(PROFILE)),
            // The official CLI writes the one and reads the other (FIX 29).
            Some("keys" | "custom") => Identity::Keys {
                credentials: Credentials {
                    access_key_id: secret(ID).ok_or(Error::Missing(ID))?,
                    secret_access_key: secret(SECRET).ok_or(Error::Missing(SECRET))?,
                    session_token: None,
                },
                region: text(REGION)
                    .ok_or(Error::Missing(REGION))?
                    .parse()
                    .map_err(|error: InvalidRegion| Error::Region(Box::new(error.into())))?,
            },
            Some(other) => return Err(Error::Provider(other.into())),
        };
        let falls_back = match text(FALLBACK) {
            Some(value) => boolean(&value).ok_or(Error::Fallback)?,
            None => false,
        };
        let secret = text(NAME).map(|secret| secret.parse()).transpose()?;
        Ok(Self {
            secret: secret.unwrap_or_default(),
            identity,
            falls_back,
            kms_key: None,
            context: context.clone(),
        })
    }

    pub(super) fn section(&self) -> Vec<(&'static str, Sensitive<String>)> {
        let text = |text: &str| Sensitive::new(text.to_owned());
        let mut entries = Vec::new();
        match &self.identity {
            Identity::Instance => entries.push((PROVIDER, text("ec2instance"))),
            Identity::Profile(name) => {
                entries.push((PROVIDER, text("profile")));
                entries.extend(name.as_deref().map(|name| (PROFILE, text(name))));
            }
            Identity::Keys {
                credentials,
                region,
            } => entries.extend([
                (PROVIDER, text("keys")),
                (ID, credentials.access_key_id.clone()),
                (SECRET, credentials.secret_access_key.clone()),
                (REGION, text(region.as_str())),
            ]),
        }
        entries.push((NAME, text(self.secret.as_str())));
        if self.falls_back {
            entries.push((FALLBACK, text("True")));
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::profile::store::Store;
    use crate::test_table::cases;

    fn section(body: &str) -> Result<AwsSecret, Error> {
        let document = Document::parse(format!("[p]\n{body}").as_bytes()).unwrap();
        AwsSecret::of_section(&document, "p", &Environment::default().into())
    }

    fn written(secret: &AwsSecret) -> String {
        let lines = secret.reference().into_iter();
        let lines = lines.map(|(key, value)| format!("{key} = {}\n", value.expose()));
        format!(
            "storage = {}\n{}",
            secret.storage(),
            lines.collect::<String>()
        )
    }

    #[test]
    fn written_references_and_the_official_spelling_are_read() {
        let table = "
            storage = aws => INSTANCE|USUAL
            PROFILE|secret = a/b|fallback = True => PROFILE|secret = a/b|fallback = True
            PROFILE|profile = p|fallback = no => PROFILE|profile = p|USUAL
            provider = custom|KEYS => storage = aws|provider = keys|KEYS|USUAL
            secret = ARN => INSTANCE|secret = ARN
            fallback = 1 => INSTANCE|USUAL|fallback = True
        ";
        let table = table
            .replace("PROFILE", "storage = aws|provider = profile")
            .replace("INSTANCE", "storage = aws|provider = ec2instance")
            .replace("USUAL", "secret = ksm-config")
            .replace(
                "KEYS",
                "aws_access_key_id = A|aws_secret_access_key = canary|region = eu-west-1",
            )
            .replace("ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:x");
        for (body, expected) in cases(&table) {
            let expected = expected.replace('|', "\n") + "\n";
            for body in [&body.replace('|', "\n"), &expected] {
                assert_eq!(written(&section(body).unwrap()), expected, "{body}");
            }
        }
    }

    #[test]
    fn an_incomplete_section_is_told_what_it_lacks() {
        let table = "
            provider = azure => Failed to load profile from AWS secret - unknown provider 'azure'
            provider = keys => it has no aws_access_key_id
            KEYS => it has no region
            KEYS|region = x => `x` is no region of AWS
            fallback = perhaps => its fallback is neither true nor false
            secret = a b => `a b` is no name of an AWS secret: 1 to 512 letters, digits and characters of `/_+=.@-`
        ";
        let keys = "provider = keys|aws_access_key_id = A|aws_secret_access_key = canary";
        for (body, expected) in cases(&table.replace("KEYS", keys)) {
            let refused = section(&body.replace('|', "\n")).unwrap_err();
            assert_eq!(refused.to_string(), expected, "{body}");
        }
    }
}
