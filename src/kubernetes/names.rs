//! What clusters take as names.

use std::str::FromStr;

/// An RFC 1123 subdomain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretName(String);

/// An RFC 1123 label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace(String);

impl SecretName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Namespace {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error(
        "must consist of lowercase alphanumeric characters, '-' or '.', with each '.'-separated label starting and \
         ending with an alphanumeric character, and be at most 253 characters total."
    )]
    Subdomain,
    #[error(
        "must consist of lowercase alphanumeric characters or '-', start and end with an alphanumeric character, and \
         be at most 63 characters."
    )]
    Label,
}

impl FromStr for SecretName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() <= 253 && text.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Subdomain)
        }
    }
}

impl FromStr for Namespace {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() <= 63 && is_label(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Label)
        }
    }
}

fn is_label(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_clusters_take() {
        let (longest, label) = (["a"; 127].join("."), "a".repeat(63));
        for (name, is_name, is_namespace) in [
            ("ksm-config", true, true),
            ("a.b-c.1", true, false),
            ("1e5", true, true),
            (longest.as_str(), true, false),
            (label.as_str(), true, true),
            ("", false, false),
            (".", false, false),
            ("a..b", false, false),
            ("-a", false, false),
            ("a-", false, false),
            ("a.-b", false, false),
            ("A", false, false),
            ("a_b", false, false),
            ("a b", false, false),
            ("a\n", false, false),
            ("é", false, false),
            (&format!("{longest}.a"), false, false),
            (&format!("{label}a"), true, false),
        ] {
            assert_eq!(name.parse::<SecretName>().is_ok(), is_name, "{name:?}");
            assert_eq!(name.parse::<Namespace>().is_ok(), is_namespace, "{name:?}");
        }
    }
}
