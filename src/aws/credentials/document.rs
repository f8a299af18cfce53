//! The JSON in which instances, containers and programs hand over credentials.

use serde::{Deserialize, Deserializer};

use crate::aws::error::CredentialsError;
use crate::aws::identity::Credentials;
use crate::json;
use crate::sensitive::Sensitive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CredentialDocument {
    #[serde(default, deserialize_with = "secret")]
    access_key_id: Option<Sensitive<String>>,
    #[serde(default, deserialize_with = "secret")]
    secret_access_key: Option<Sensitive<String>>,
    /// `Token` from instances and containers.
    #[serde(default, alias = "Token", deserialize_with = "secret")]
    session_token: Option<Sensitive<String>>,
}

/// An error names `whose` answer it is, and does not quote it.
pub(super) fn read(text: &str, whose: &'static str) -> Result<Credentials, CredentialsError> {
    let document: CredentialDocument =
        json::object(text.as_bytes()).map_err(|_| CredentialsError::Document(whose))?;
    let missing = || CredentialsError::Document(whose);
    Ok(Credentials {
        access_key_id: document.access_key_id.ok_or_else(missing)?,
        secret_access_key: document.secret_access_key.ok_or_else(missing)?,
        session_token: document.session_token,
    })
}

/// Keys and tokens become parts of headers. An empty one is absent.
fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Sensitive<String>>, D::Error> {
    let text = Option::<String>::deserialize(from)?.map(Sensitive::new);
    let text = text.filter(|text| !text.expose().is_empty());
    match &text {
        Some(text) if !text.expose().chars().all(|c| c.is_ascii_graphic()) => {
            Err(serde::de::Error::custom("not a key"))
        }
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn both_names_of_the_token_are_known() {
        let table = r#"
            {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "canary"} => -
            {"AccessKeyId": "A", "SecretAccessKey": "canary", "SessionToken": "T"} => T
            {"Code": "Success", "AccessKeyId": "A", "SecretAccessKey": "canary", "Token": "T"} => T
            {"AccessKeyId": "A", "SecretAccessKey": "canary", "SessionToken": null} => -
        "#;
        for (text, token) in cases(table) {
            let found = read(text, "it").unwrap().session_token;
            assert_eq!(
                found.as_ref().map_or("-", |found| found.expose()),
                token,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_set_of_credentials_is_not_quoted() {
        for text in [
            "",
            "canary",
            "[]",
            r#"["A", "canary", null]"#,
            r#"{"AccessKeyId": "canary"}"#,
            r#"{"AccessKeyId": "A", "SecretAccessKey": ""}"#,
            r#"{"AccessKeyId": "A", "SecretAccessKey": "canary\r\nhost: x"}"#,
        ] {
            let error = read(text, "it").unwrap_err().to_string();
            assert_eq!(
                error,
                "it gives something that is no set of AWS credentials"
            );
        }
    }
}
