//! The manifest of a Secret that holds a configuration (compatibility 12).

use serde_json::json;

use super::names::{Namespace, SecretName};
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::{codec, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    Mutable,
    /// The cluster refuses every change.
    Immutable,
}

/// The manifest of a secret with one entry, `config`: the base64 of `config`, a JSON text. No line end.
pub fn manifest(
    name: &SecretName,
    namespace: &Namespace,
    mutability: Mutability,
    config: &Sensitive<String>,
) -> Sensitive<String> {
    // Clusters read the standard alphabet only.
    let config = Sensitive::new(codec::encode(config.expose().as_bytes()));
    let immutable = match mutability {
        Mutability::Mutable => "",
        Mutability::Immutable => "\nimmutable: true",
    };
    // `1e5` and `null` are names too, so names are quoted; none has a quote in it.
    let parts = [
        "apiVersion: v1\ndata:\n  config: ",
        config.expose(),
        "\nkind: Secret\nmetadata:\n  name: '",
        name.as_str(),
        "'\n  namespace: '",
        namespace.as_str(),
        "'\ntype: Opaque",
        immutable,
    ];
    Sensitive::new(parts.concat())
}

/// The same as JSON.
pub fn json_manifest(
    name: &SecretName,
    namespace: &Namespace,
    mutability: Mutability,
    config: &Sensitive<String>,
) -> Sensitive<String> {
    let config = Sensitive::new(codec::encode(config.expose().as_bytes()));
    let mut manifest = json!({
        "apiVersion": "v1",
        "data": { "config": config.expose() },
        "kind": "Secret",
        "metadata": { "name": name.as_str(), "namespace": namespace.as_str() },
        "type": "Opaque",
    });
    if let (Mutability::Immutable, Some(members)) = (mutability, manifest.as_object_mut()) {
        members.insert("immutable".to_owned(), true.into());
    }
    let manifest = SensitiveJson::new(manifest);
    Sensitive::new(json::pretty(manifest.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
                manifest.expose(),
                &format!(
                    "apiVersion: v1\ndata:\n  config: {encoded}\nkind: Secret\nmetadata:\n  name: '{name}'\n  \
                     namespace: '1e5'\ntype: Opaque{end}"
                )
            );
            let json = json_manifest(
                &name.parse().unwrap(),
                &"1e5".parse().unwrap(),
                mutability,
                &config,
            );
            let mut expected = json!({
                "apiVersion": "v1",
                "data": { "config": encoded },
                "kind": "Secret",
                "metadata": { "name": name, "namespace": "1e5" },
                "type": "Opaque",
            });
            if !end.is_empty() {
                expected["immutable"] = true.into();
            }
            assert_eq!(json.expose(), &json::pretty(&expected));
        }
    }
}
