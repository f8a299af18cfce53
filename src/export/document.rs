//! A JSON object, and the same as a YAML mapping.

use serde_json::{Map, Value};

use super::{Format, NamedValue, Reason, SecretIdentity};
use crate::sensitive::SensitiveJson;
use crate::{crypto, json, yaml};

#[derive(Debug)]
pub(super) struct Document {
    name: &'static str,
    written: fn(&Value) -> String,
}

pub(super) static JSON: Document = Document {
    name: "json",
    written: json::pretty,
};

pub(super) static YAML: Document = Document {
    name: "yaml",
    written: yaml::document,
};

impl Format for Document {
    fn name(&self) -> &'static str {
        self.name
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
        let members = all.iter().map(|NamedValue { name, value }| {
            let text = String::from_utf8_lossy(value.expose());
            (name.clone(), Value::String(text.into_owned()))
        });
        let object = SensitiveJson::new(Value::Object(members.collect::<Map<_, _>>()));
        text.append(&mut (self.written)(object.expose()).into_bytes());
        Ok(())
    }
}
