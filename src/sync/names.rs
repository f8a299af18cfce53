//! Names of secrets, by the rules of each service.

use std::fmt;

use crate::foreign::Text;
use crate::kubernetes;

/// A name that its service takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(String);

impl SecretName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a service takes as a name.
#[derive(Debug)]
pub struct NameRules {
    /// Besides ASCII letters and digits.
    pub punctuation: &'static str,
    /// In characters.
    pub longest: usize,
    /// Stands for each blank; none leaves blanks wrong.
    pub blank: Option<&'static str>,
    /// `a` and `A` are one name.
    pub ignores_case: bool,
    pub form: Form,
    /// Such as `AWS KMS secret name`.
    pub called: &'static str,
}

/// What else a name has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Any,
    Subdomain,
    /// That of an entry of a Kubernetes Secret, which becomes a file where it is mounted.
    Entry,
}

/// Completes "KEY: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("contains invalid characters: {}", quoted(.0))]
    Characters(Vec<char>),
    #[error("must be between 1 and {longest} characters long")]
    Length { longest: usize },
    #[error(
        "must be lower-case letters, digits, '-' and '.', with a letter or digit at both ends and beside each '.'"
    )]
    Subdomain,
    #[error("must not be '.' or begin with '..'")]
    Entry,
}

impl NameRules {
    pub fn check(&self, typed: &str) -> Result<SecretName, NameError> {
        let name = match self.blank {
            Some(blank) => typed.replace(' ', blank),
            None => typed.to_owned(),
        };
        let is_wrong = |c: &char| !c.is_ascii_alphanumeric() && !self.punctuation.contains(*c);
        let mut wrong: Vec<char> = name.chars().filter(is_wrong).collect();
        wrong.sort_unstable();
        wrong.dedup();
        if !wrong.is_empty() {
            return Err(NameError::Characters(wrong));
        }
        if name.is_empty() || name.len() > self.longest {
            return Err(NameError::Length {
                longest: self.longest,
            });
        }
        match self.form {
            Form::Subdomain if name.parse::<kubernetes::SecretName>().is_err() => {
                Err(NameError::Subdomain)
            }
            Form::Entry if name == "." || name.starts_with("..") => Err(NameError::Entry),
            Form::Any | Form::Subdomain | Form::Entry => Ok(SecretName(name)),
        }
    }

    /// The name that a title or a label becomes, behind a prefix. For a subdomain letters are made lower-case; for it and
    /// for an entry a run of other characters becomes a hyphen, and none is left at an end.
    pub fn derive(&self, prefix: &str, title: &str) -> Result<SecretName, NameError> {
        let derived = match self.form {
            Form::Any => title.to_owned(),
            Form::Entry => self.hyphenated(title),
            Form::Subdomain => {
                let lower = title.to_lowercase();
                let labels = lower.split('.').map(|label| self.hyphenated(label));
                let labels = labels.filter(|label| !label.is_empty());
                labels.collect::<Vec<_>>().join(".")
            }
        };
        self.check(&format!("{prefix}{derived}"))
    }

    fn hyphenated(&self, text: &str) -> String {
        let is_kept =
            |c: char| c.is_ascii_alphanumeric() || (c != '-' && self.punctuation.contains(c));
        let parts = text.split(|c| !is_kept(c)).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("-")
    }

    /// The same for all spellings of one name.
    pub fn identity(&self, name: &SecretName) -> String {
        match self.ignores_case {
            true => name.0.to_ascii_lowercase(),
            false => name.0.clone(),
        }
    }
}

fn quoted(characters: &[char]) -> String {
    let quoted = characters
        .iter()
        .map(|c| format!("'{}'", Text::from(c.to_string().as_str())));
    quoted.collect::<Vec<_>>().join(", ")
}

/// Whether AWS may take the name for the end of an ARN: a hyphen and six characters.
pub fn resembles_arn(name: &SecretName) -> bool {
    let end = name.0.rsplit_once('-').map(|(_, end)| end);
    end.is_some_and(|end| end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_name_is_told_what_is_wrong_with_it() {
        let long = "x".repeat(513);
        let rules = &Kind::Aws.traits().names;
        for (typed, expected) in cases(
            "a => a
             a b/_+=.@-Z9 => a_b/_+=.@-Z9
             a!b:c! => contains invalid characters: '!', ':'
             é => contains invalid characters: 'é'",
        )
        .chain([
            ("", "must be between 1 and 512 characters long"),
            (&*long, "must be between 1 and 512 characters long"),
        ]) {
            let checked = rules.check(typed);
            let told = checked.map_or_else(|error| error.to_string(), |name| name.to_string());
            assert_eq!(told, expected, "{typed}");
        }
    }

    #[test]
    fn a_title_becomes_a_name_that_clusters_take() {
        let rules = &Kind::Kubernetes.traits().names;
        for (title, expected) in cases(
            "Shop => shop
             Payment  API (live) => payment-api-live
             -Übung_1- => bung-1
             a..b.-c.  => a.b.c
             Ü => must be between 1 and 253 characters long",
        ) {
            let name = rules.derive("", title);
            let told = name.map_or_else(|error| error.to_string(), |name| name.to_string());
            assert_eq!(told, expected, "{title}");
        }
        assert_eq!(rules.derive("app-", "DB").unwrap().as_str(), "app-db");
        assert_eq!(rules.derive("App-", "DB"), Err(NameError::Subdomain));
        let entries = Kind::Kubernetes.traits().entries.as_ref().unwrap();
        for (label, expected) in cases(
            "tls.crt => tls.crt
             .dockerconfigjson => .dockerconfigjson
             API key: 2 => API-key-2
             url:2 => url-2
             ..x => must not be '.' or begin with '..'",
        ) {
            let name = entries.derive("", label);
            let told = name.map_or_else(|error| error.to_string(), |name| name.to_string());
            assert_eq!(told, expected, "{label}");
        }
    }

    #[test]
    fn a_hyphen_and_six_characters_resemble_an_arn() {
        for (name, expected) in [
            ("db-a1B2c3", true),
            ("db-a1B2c", false),
            ("db-a1B2c3d", false),
            ("a1B2c3", false),
            ("db-a1B2c_", false),
        ] {
            assert_eq!(resembles_arn(&SecretName(name.into())), expected, "{name}");
        }
    }
}
