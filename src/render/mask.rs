//! Hides secrets in tables.

use ksm::vault::field::Field;
use serde_json::Value;

/// Stands for a hidden value of any length.
pub(crate) const MARK: &str = "****";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Masking {
    Hidden,
    Shown,
}

impl Masking {
    /// Whether anything of the field's values is shown.
    pub(crate) fn shows_some_of(self, field: &Field) -> bool {
        self == Self::Shown || !hides_all(field.kind())
    }
}

/// The official list of types that are hidden wholly.
const TYPES: [&str; 6] = [
    "password",
    "secret",
    "pinCode",
    "securityQuestion",
    "oneTimeCode",
    "cardRef",
];

/// Members that are hidden in values of other types (D4).
const MEMBERS: [&str; 3] = ["privateKey", "cardNumber", "cardSecurityCode"];

pub(super) fn hides_all(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| TYPES.contains(&kind))
}

/// The value with its secrets hidden; `None` if it has none.
pub(super) fn masked(kind: Option<&str>, value: &Value) -> Option<Value> {
    if hides_all(kind) {
        return Some(hidden(value));
    }
    let mut value = value.clone();
    hide_members(&mut value).then_some(value)
}

/// Hides every value and keeps the lists and objects around them.
fn hidden(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(hidden).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), hidden(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => MARK.into(),
    }
}

/// Hides the members at any depth; returns whether there were any.
fn hide_members(value: &mut Value) -> bool {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| hide_members(item) | found),
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, value)| {
            if MEMBERS.contains(&name.as_str()) {
                *value = hidden(value);
                return true;
            }
            hide_members(value) | found
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::masked;

    #[test]
    fn secrets_are_hidden_and_their_shape_is_not() {
        for (kind, value, expected) in [
            (Some("password"), json!(["canary-1"]), Some(json!(["****"]))),
            (Some("password"), json!([]), Some(json!([]))),
            (Some("password"), json!("canary-1"), Some(json!("****"))),
            (Some("password"), json!(null), Some(json!("****"))),
            (
                Some("secret"),
                json!([1, true, null]),
                Some(json!(["****", "****", "****"])),
            ),
            (Some("pinCode"), json!(["canary-1"]), Some(json!(["****"]))),
            (
                Some("oneTimeCode"),
                json!(["otpauth://canary"]),
                Some(json!(["****"])),
            ),
            (
                Some("cardRef"),
                json!(["canary-uid"]),
                Some(json!(["****"])),
            ),
            (
                Some("securityQuestion"),
                json!([{"question": "canary-1", "answer": "canary-2"}]),
                Some(json!([{"question": "****", "answer": "****"}])),
            ),
            (
                Some("paymentCard"),
                json!([{"cardNumber": "canary-1", "cardExpirationDate": "01/2030", "cardSecurityCode": "canary-2"}]),
                Some(
                    json!([{"cardNumber": "****", "cardExpirationDate": "01/2030", "cardSecurityCode": "****"}]),
                ),
            ),
            (
                Some("keyPair"),
                json!([{"publicKey": "ssh-rsa", "privateKey": "canary-1"}]),
                Some(json!([{"publicKey": "ssh-rsa", "privateKey": "****"}])),
            ),
            (
                Some("passkey"),
                json!([{"privateKey": {"d": "canary-1", "key_ops": ["canary-2"]}, "userId": "u"}]),
                Some(json!([{"privateKey": {"d": "****", "key_ops": ["****"]}, "userId": "u"}])),
            ),
            (
                None,
                json!({"a": [{"cardNumber": "canary-1"}]}),
                Some(json!({"a": [{"cardNumber": "****"}]})),
            ),
            (Some("login"), json!(["me"]), None),
            (Some("Password"), json!(["x"]), None),
            (Some("text"), json!([{"password": "x"}]), None),
            (None, json!(null), None),
        ] {
            assert_eq!(masked(kind, &value), expected, "{kind:?} {value}");
        }
    }
}
