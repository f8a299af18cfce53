//! A configuration as a Kubernetes secret: what it may be called, and its manifest (cli-reference.md 12).

use std::str::FromStr;

use serde::Serialize;
use serde_saphyr::{SingleQuoted, ser_options};

use crate::codec;
use crate::sensitive::Sensitive;

/// The name of a secret: an RFC 1123 subdomain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretName(String);

/// The name of a namespace: an RFC 1123 label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace(String);

/// Why a cluster would not take a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not a subdomain.
    #[error(
        "must consist of lowercase alphanumeric characters, '-' or '.', with each '.'-separated label starting and \
         ending with an alphanumeric character, and be at most 253 characters total."
    )]
    Subdomain,
    /// Not a label.
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

/// Whether a secret can be changed once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// It can.
    Mutable,
    /// Its cluster refuses every change.
    Immutable,
}

// Members in the order they are written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    api_version: &'static str,
    data: Data<'a>,
    kind: &'static str,
    metadata: Metadata<'a>,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    immutable: Option<bool>,
}

#[derive(Serialize)]
struct Data<'a> {
    config: &'a str,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: SingleQuoted<&'a str>,
    namespace: SingleQuoted<&'a str>,
}

/// The manifest of a secret whose one entry, `config`, is `config`, a JSON text. No line end.
pub fn manifest(
    name: &SecretName,
    namespace: &Namespace,
    mutability: Mutability,
    config: &Sensitive<String>,
) -> Result<Sensitive<String>, serde_saphyr::ser::Error> {
    // In the standard alphabet, which is the only one that clusters read.
    let config = Sensitive::new(codec::encode(config.expose().as_bytes()));
    let manifest = Manifest {
        api_version: "v1",
        data: Data {
            config: config.expose(),
        },
        kind: "Secret",
        // Quoted whatever they are: `1e5` and `null` are names, too.
        metadata: Metadata {
            name: SingleQuoted(&name.0),
            namespace: SingleQuoted(&namespace.0),
        },
        r#type: "Opaque",
        immutable: (mutability == Mutability::Immutable).then_some(true),
    };
    let options = ser_options! { prefer_block_scalars: false };
    let mut text = Sensitive::new(String::with_capacity(4096));
    serde_saphyr::to_fmt_writer_with_options(text.expose_mut(), &manifest, options)?;
    let end = text.expose().trim_end().len();
    text.expose_mut().truncate(end);
    Ok(text)
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

    #[test]
    fn the_manifest_is_the_official_one() {
        let config = Sensitive::new("{\n    \"clientId\": \"canary\"\n}".repeat(40));
        let encoded = codec::encode(config.expose().as_bytes());
        for (name, mutability, end) in [
            ("ksm-config", Mutability::Mutable, ""),
            ("null", Mutability::Immutable, "\nimmutable: true"),
        ] {
            let manifest = manifest(
                &name.parse().unwrap(),
                &"1e5".parse().unwrap(),
                mutability,
                &config,
            );
            assert_eq!(
                manifest.unwrap().expose(),
                &format!(
                    "apiVersion: v1\ndata:\n  config: {encoded}\nkind: Secret\nmetadata:\n  name: '{name}'\n  \
                     namespace: '1e5'\ntype: Opaque{end}"
                )
            );
        }
    }
}
