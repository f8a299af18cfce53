//! A YAML mapping.

use super::{Format, NamedValue, Reason, SecretIdentity, json};
use crate::{crypto, yaml};

#[derive(Debug)]
pub(super) struct Yaml;

impl Format for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn takes(&self, _: &str, value: &[u8]) -> Result<(), Reason> {
        std::str::from_utf8(value)
            .map(drop)
            .map_err(|_| Reason::NotText)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        text.append(&mut yaml::document(json::object(all).expose()).into_bytes());
        Ok(())
    }
}
