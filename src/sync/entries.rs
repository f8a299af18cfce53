//! Records as entries of a Kubernetes Secret, by the names that its types ask for.

use super::documents;
use super::names::{NameError, NameRules};
use crate::foreign::Text;
use crate::json;
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::vault::Record;

#[derive(Debug, thiserror::Error)]
pub(super) enum EntryError {
    #[error("the field '{field}' {error}")]
    Name { field: Text, error: NameError },
    #[error("the fields '{}' and '{}' are both the entry '{entry}'", .fields.0, .fields.1)]
    Clash { entry: String, fields: (Text, Text) },
}

/// The texts of a record. The login of a `login` is `username`, the parts of an SSH key pair have entries of their own.
pub(super) fn of(
    record: &Record,
    rules: &NameRules,
) -> Result<Vec<(String, Sensitive<String>)>, EntryError> {
    let flat = documents::flattened(record);
    let mut named: Vec<(String, String, Sensitive<String>)> = Vec::new();
    for (field, value) in documents::members(&flat.value).into_iter().flatten() {
        let text = Sensitive::new(value.as_str().unwrap_or_default().to_owned());
        for (name, text) in parts(record.kind(), field, text) {
            let checked = rules.derive("", &name);
            let entry = checked.map_err(|error| EntryError::Name {
                field: field.into(),
                error,
            })?;
            let entry = entry.to_string();
            if let Some((_, other, _)) = named.iter().find(|(known, ..)| *known == entry) {
                return Err(EntryError::Clash {
                    entry,
                    fields: (other.into(), field.into()),
                });
            }
            named.push((entry, field.clone(), text));
        }
    }
    let entries = named.into_iter().map(|(entry, _, text)| (entry, text));
    Ok(entries.collect())
}

fn parts(kind: &str, field: &str, text: Sensitive<String>) -> Vec<(String, Sensitive<String>)> {
    match (kind, field) {
        ("login", "login") => vec![("username".to_owned(), text)],
        ("sshKeys", "keyPair") => {
            let pair = json::value(text.expose().as_bytes()).unwrap_or_default();
            let pair = SensitiveJson::new(pair);
            let part = |(member, name): (&str, &str)| {
                let part = pair.expose()[member].as_str()?;
                let part = (!part.is_empty()).then(|| part.to_owned().into());
                Some((name.to_owned(), part?))
            };
            let parts = [
                ("privateKey", "ssh-privatekey"),
                ("publicKey", "ssh-publickey"),
            ];
            parts.into_iter().filter_map(part).collect()
        }
        _ => vec![(field.to_owned(), text)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Kind;

    fn told(record: &str) -> String {
        let record = Record::from_json("U".into(), record.as_bytes()).unwrap();
        match of(&record, Kind::Kubernetes.traits().entries.as_ref().unwrap()) {
            Ok(entries) => {
                let shown = entries.iter();
                let shown = shown.map(|(entry, text)| format!("{entry}={}", text.expose()));
                shown.collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn fields_have_the_names_that_types_ask_for() {
        for (record, expected) in [
            (
                r#"{"title": "t", "type": "login",
                    "fields": [{"type": "login", "value": ["u"]}, {"type": "password", "value": ["p"]}],
                    "custom": [{"type": "text", "label": "API key", "value": ["k"]}]}"#,
                "username=u password=p API-key=k",
            ),
            (
                r#"{"title": "t", "type": "serverCredentials", "fields": [{"type": "login", "value": ["u"]}]}"#,
                "login=u",
            ),
            (
                r#"{"title": "t", "type": "sshKeys", "fields": [
                    {"type": "login", "value": ["u"]},
                    {"type": "keyPair", "value": [{"publicKey": "a", "privateKey": "b"}]}]}"#,
                "login=u ssh-privatekey=b ssh-publickey=a",
            ),
            (
                r#"{"title": "t", "type": "file", "custom": [
                    {"type": "text", "label": "tls.crt", "value": ["c"]},
                    {"type": "text", "label": "tls.key", "value": ["k"]}]}"#,
                "tls.crt=c tls.key=k",
            ),
            (
                r#"{"title": "t", "type": "login", "custom": [
                    {"type": "text", "label": "a b", "value": ["canary"]},
                    {"type": "text", "label": "a/b", "value": ["canary"]}]}"#,
                "the fields 'a b' and 'a/b' are both the entry 'a-b'",
            ),
            (
                r#"{"title": "t", "type": "login", "custom": [{"type": "text", "label": "Ü", "value": ["canary"]}]}"#,
                "the field 'Ü' must be between 1 and 253 characters long",
            ),
        ] {
            assert_eq!(told(record), expected);
        }
    }
}
