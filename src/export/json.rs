//! A JSON object.

use serde_json::{Map, Value};

use super::{Format, NamedValue, Reason, SecretIdentity};
use crate::sensitive::SensitiveJson;
use crate::{crypto, json};

#[derive(Debug)]
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
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
        text.append(&mut json::pretty(object(all).expose()).into_bytes());
        Ok(())
    }
}

pub(super) fn object(all: &[NamedValue]) -> SensitiveJson {
    let members = all.iter().map(|NamedValue { name, value }| {
        let text = String::from_utf8_lossy(value.expose());
        (name.clone(), Value::String(text.into_owned()))
    });
    SensitiveJson::new(Value::Object(members.collect::<Map<_, _>>()))
}
