//! Names of secrets, by the rules of each service.

use std::fmt;

use crate::foreign::Text;

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
    /// Such as `AWS secret name`.
    pub called: &'static str,
}

/// Completes "KEY: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("contains invalid characters: {}", quoted(.0))]
    Characters(Vec<char>),
    #[error("{called} must be between 1 and {longest} character long")]
    Length {
        called: &'static str,
        longest: usize,
    },
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
                called: self.called,
                longest: self.longest,
            });
        }
        Ok(SecretName(name))
    }
}

fn quoted(characters: &[char]) -> String {
    let quoted = characters
        .iter()
        .map(|c| format!("'{}'", Text::from(c.to_string().as_str())));
    quoted.collect::<Vec<_>>().join(", ")
}
