//! From a field of a record to variables (D40).

use std::fmt;

use serde_json::Value;

use super::NamedValue;
use super::names::clean;
use super::reserved::steers_programs;
use crate::foreign::Text;
use crate::json;
use crate::sensitive::Sensitive;
use crate::vault::Record;
use crate::vault::select::WholeField;

/// What stands before the name of a field.
#[derive(Debug, Clone, Copy, Default)]
pub struct Naming<'a> {
    /// Put in front as it is.
    pub prefix: &'a str,
    /// Whether the title of the record comes first.
    pub titled: bool,
}

/// A field, or a member of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSource {
    record: String,
    field: String,
}

impl fmt::Display for FieldSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (field, record) = (Text::from(&self.field), Text::from(&self.record));
        write!(f, "the field `{field}` of `{record}`")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error("{source_field} gives no name: it has no letter of A-Z and no digit")]
    Nameless { source_field: FieldSource },
    #[error("{source_field} would set `{name}`, which programs act on")]
    Steering {
        source_field: FieldSource,
        name: String,
    },
    #[error("{first} and {second} would both be `{name}`")]
    Clash {
        first: FieldSource,
        second: FieldSource,
        name: String,
    },
}

/// The variables of one field: one for each value that is not empty, or for each member of it.
pub fn of_field(
    record: &Record,
    field: &WholeField<'_>,
    naming: Naming<'_>,
) -> Result<Vec<(FieldSource, NamedValue)>, FieldError> {
    let mut variables = Vec::new();
    let own = field.field.name();
    for (at, value) in field.values().iter().enumerate() {
        let number = (at > 0).then(|| (at + 1).to_string());
        let mut parts = Vec::new();
        parts.extend(naming.titled.then_some(record.title()));
        parts.push(own);
        parts.extend(number.as_deref());
        for (member, text) in texts(value) {
            let source_field = FieldSource {
                record: record.title().to_owned(),
                field: match member {
                    Some(member) => format!("{own}[{member}]"),
                    None => own.to_owned(),
                },
            };
            let parts: Vec<_> = parts.iter().copied().chain(member).collect();
            // A title gives no name to a field that has none.
            let name = clean(&[own]).or(member.and_then(|member| clean(&[member])));
            let name = name
                .and_then(|_| clean(&parts))
                .map(|name| prefixed(naming.prefix, &name));
            let Some(name) = name else {
                return Err(FieldError::Nameless { source_field });
            };
            if steers_programs(&name) {
                return Err(FieldError::Steering { source_field, name });
            }
            let value = Sensitive::new(text.into_bytes());
            variables.push((source_field, NamedValue { name, value }));
        }
    }
    Ok(variables)
}

fn prefixed(prefix: &str, name: &str) -> String {
    match prefix {
        "" => name.to_owned(),
        // What kept a digit from the beginning is not needed any more.
        _ => format!("{prefix}{}", digit_first(name).unwrap_or(name)),
    }
}

fn digit_first(name: &str) -> Option<&str> {
    let rest = name.strip_prefix('_')?;
    rest.starts_with(|c: char| c.is_ascii_digit())
        .then_some(rest)
}

/// The texts of a value that are not empty, by the member of an object that holds them.
fn texts(value: &Value) -> Vec<(Option<&str>, String)> {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let texts = members.map(|(name, value)| (Some(name.as_str()), text(value)));
            texts.filter(|(_, text)| !text.is_empty()).collect()
        }
        value => {
            let text = text(value);
            if text.is_empty() {
                Vec::new()
            } else {
                vec![(None, text)]
            }
        }
    }
}

/// As a notation gives it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Object(members) if members.is_empty() => String::new(),
        value => json::line(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn variables(fields: &Value, naming: Naming<'_>) -> Result<String, FieldError> {
        let plain = json!({"title": "My DB", "type": "any", "fields": fields}).to_string();
        let record = Record::from_json("U".into(), plain.as_bytes()).unwrap();
        let mut shown = Vec::new();
        for field in record.all_fields() {
            for (_, variable) in of_field(&record, &WholeField::of(field), naming)? {
                let value = String::from_utf8_lossy(variable.value.expose()).into_owned();
                shown.push(format!("{}={value}", variable.name));
            }
        }
        Ok(shown.join(" "))
    }

    #[test]
    fn each_value_becomes_a_variable() {
        let plain = Naming::default();
        let titled = Naming {
            prefix: "",
            titled: true,
        };
        let prefixed = Naming {
            prefix: "X_",
            titled: false,
        };
        for (fields, naming, expected) in [
            (json!([{"type": "login", "value": ["a"]}]), plain, "LOGIN=a"),
            (
                json!([{"type": "text", "label": "API Key", "value": ["a"]}]),
                plain,
                "API_KEY=a",
            ),
            (
                json!([{"type": "login", "value": ["a"]}]),
                titled,
                "MY_DB_LOGIN=a",
            ),
            (
                json!([{"type": "login", "label": "2FA", "value": ["a"]}]),
                plain,
                "_2FA=a",
            ),
            (
                json!([{"type": "login", "label": "2FA", "value": ["a"]}]),
                prefixed,
                "X_2FA=a",
            ),
            (
                json!([{"type": "host", "value": [{"hostName": "h", "port": "1"}, {"hostName": "i", "port": ""}]}]),
                plain,
                "HOST_HOSTNAME=h HOST_PORT=1 HOST_2_HOSTNAME=i",
            ),
            (
                json!([{"type": "url", "value": ["a", "", "c"]}]),
                plain,
                "URL=a URL_3=c",
            ),
            (
                json!([{"type": "url", "value": []}, {"type": "x", "value": [null, {}, []]}]),
                plain,
                "",
            ),
            (
                json!([{"type": "date", "value": [17]}, {"type": "checkbox", "value": [false]}]),
                plain,
                "DATE=17 CHECKBOX=false",
            ),
            (
                json!([{"type": "script", "value": [{"args": ["a", "b"], "none": []}]}]),
                plain,
                r#"SCRIPT_ARGS=["a", "b"]"#,
            ),
            (
                json!([{"type": "text", "value": "bare"}]),
                plain,
                "TEXT=bare",
            ),
        ] {
            assert_eq!(
                variables(&fields, naming).as_deref(),
                Ok(expected),
                "{fields}"
            );
        }
    }

    #[test]
    fn names_that_are_none_or_dangerous_are_errors() {
        for (label, titled, expected) in [
            (
                "密码",
                false,
                "the field `密码` of `My DB` gives no name: it has no letter of A-Z and no digit",
            ),
            (
                "密码",
                true,
                "the field `密码` of `My DB` gives no name: it has no letter of A-Z and no digit",
            ),
            (
                "ld preload",
                false,
                "the field `ld preload` of `My DB` would set `LD_PRELOAD`, which programs act on",
            ),
            ("ld preload", true, "MY_DB_LD_PRELOAD=canary"),
        ] {
            let fields = json!([{"type": "text", "label": label, "value": ["canary"]}]);
            let naming = Naming { prefix: "", titled };
            let shown = variables(&fields, naming).unwrap_or_else(|error| error.to_string());
            assert_eq!(shown, expected);
        }
    }
}
