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

/// Types that are hidden wholly: the official list, and the seed of a tunnel.
const TYPES: [&str; 7] = [
    "password",
    "secret",
    "pinCode",
    "securityQuestion",
    "oneTimeCode",
    "cardRef",
    "trafficEncryptionSeed",
];

/// Members that are hidden in values of other types (D4).
const MEMBERS: [&str; 4] = [
    "privateKey",
    "cardNumber",
    "cardSecurityCode",
    "trafficEncryptionSeed",
];

/// What the names of secret members end with in fields whose type begins with `pam`. Clients nest settings of connections
/// there, each in its own way.
const PAM_ENDINGS: [&str; 8] = [
    "password",
    "passphrase",
    "secret",
    "token",
    "privatekey",
    "clientkey",
    "accesskey",
    "secretkey",
];

pub(super) fn hides_all(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| TYPES.contains(&kind))
}

/// The value with its secrets hidden; `None` if it has none.
pub(super) fn masked(kind: Option<&str>, value: &Value) -> Option<Value> {
    if hides_all(kind) {
        return Some(hidden(value));
    }
    let mut value = value.clone();
    let is_pam = kind.is_some_and(|kind| kind.starts_with("pam"));
    hide_members(&mut value, is_pam).then_some(value)
}

/// Hides every value and keeps the lists and objects around them. What is empty hides nothing.
fn hidden(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(hidden).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), hidden(value)))
            .collect(),
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() => value.clone(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => MARK.into(),
    }
}

/// Hides the members at any depth; returns whether there were any.
fn hide_members(value: &mut Value, is_pam: bool) -> bool {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| hide_members(item, is_pam) | found),
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, value)| {
            if MEMBERS.contains(&name.as_str()) || is_pam && is_secret_of_pam(name, value) {
                *value = hidden(value);
                return true;
            }
            hide_members(value, is_pam) | found
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A flag, such as `allowSupplyPassword`, is a setting.
fn is_secret_of_pam(name: &str, value: &Value) -> bool {
    let name = name.to_ascii_lowercase();
    !value.is_boolean() && PAM_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::masked;

    #[test]
    fn secrets_are_hidden_and_their_shape_is_not() {
        let table = r#"
            password | ["canary-1"] | ["****"]
            password | [] | []
            password | "canary-1" | "****"
            password | null | null
            password | [""] | [""]
            secret | [1, true, null] | ["****", "****", null]
            pinCode | ["canary-1"] | ["****"]
            oneTimeCode | ["otpauth://canary"] | ["****"]
            cardRef | ["canary-uid"] | ["****"]
            securityQuestion | [{"question": "canary-1", "answer": "canary-2"}] | [{"question": "****", "answer": "****"}]
            paymentCard | [{"cardNumber": "canary-1", "cardExpirationDate": "01/2030"}] | [{"cardNumber": "****", "cardExpirationDate": "01/2030"}]
            paymentCard | [{"cardSecurityCode": "canary-2"}] | [{"cardSecurityCode": "****"}]
            keyPair | [{"publicKey": "ssh-rsa", "privateKey": "canary-1"}] | [{"publicKey": "ssh-rsa", "privateKey": "****"}]
            passkey | [{"privateKey": {"d": "canary-1", "key_ops": ["canary-2"]}, "userId": "u"}] | [{"privateKey": {"d": "****", "key_ops": ["****"]}, "userId": "u"}]
             | {"a": [{"cardNumber": "canary-1"}]} | {"a": [{"cardNumber": "****"}]}
            pamSettings | [{"connection": {"clientKey": "canary-1", "protocol": "ssh"}}] | [{"connection": {"clientKey": "****", "protocol": "ssh"}}]
            pamSettings | [{"connection": [{"sftp": {"sftpPassword": "canary-1"}}, {"passphrase": "canary-2"}]}] | [{"connection": [{"sftp": {"sftpPassword": "****"}}, {"passphrase": "****"}]}]
            pamResources | [{"clientSecret": "canary-1", "folderUid": "u"}] | [{"clientSecret": "****", "folderUid": "u"}]
            pamSettings | [{"trafficEncryptionSeed": "canary-1"}] | [{"trafficEncryptionSeed": "****"}]
            trafficEncryptionSeed | ["canary-1"] | ["****"]
            pamSettings | [{"allowSupplyPassword": true, "publicKey": "ssh-rsa"}] |
            pamRemoteBrowserSettings | [{"connection": {"httpCredentialsUid": "u"}}] |
            login | ["me"] |
            Password | ["x"] |
            text | [{"password": "x"}] |
             | null |
        "#;
        for row in table.lines().filter(|row| row.contains('|')) {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            let value = |cell: &str| serde_json::from_str::<Value>(cell).ok();
            let kind = Some(cells[0]).filter(|kind| !kind.is_empty());
            assert_eq!(
                masked(kind, &value(cells[1]).unwrap()),
                value(cells[2]),
                "{row}"
            );
        }
    }
}
