//! The manifest that changes what of a Secret is ours.
//!
//! It names all entries of ours, because the server removes what a manager applied before and leaves out now: so runs with
//! different entries do not take each other's away. It names the version that was read, so that it is refused if another run
//! has changed the Secret meanwhile.

use serde_json::{Map, Value, json};

use super::secret::{LABEL, MANAGER, StoredSecret};
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::{codec, json, limits};

/// A manifest, and the values that are in it, as they are and as base64.
#[derive(Debug)]
pub struct Manifest {
    pub(super) text: Sensitive<String>,
    pub(super) values: Vec<Sensitive<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the Secret would have {bytes} bytes, and Kubernetes takes {}",
    limits::KUBERNETES_SECRET
)]
pub struct TooLarge {
    bytes: usize,
}

impl Manifest {
    /// Makes `entries`, a JSON object, the ones of ours. Those that are no texts stay as they are in `stored`.
    pub fn new(
        name: &str,
        stored: Option<&StoredSecret>,
        entries: &Map<String, Value>,
    ) -> Result<Self, TooLarge> {
        let mut data: Vec<(&str, Sensitive<String>)> = Vec::new();
        let mut values = Vec::new();
        for (name, value) in entries {
            let before = stored.and_then(|stored| stored.ours.get(name));
            let base64 = match (value, before) {
                (Value::String(text), _) => {
                    values.push(text.clone().into());
                    codec::encode(text.as_bytes()).into()
                }
                (_, Some(base64)) => base64.clone(),
                (_, None) => continue,
            };
            values.push(base64.clone());
            data.push((name, base64));
        }
        let others = stored.map(|stored| stored.others.iter());
        let others = others.into_iter().flatten();
        let others = others.filter(|(name, _)| !entries.contains_key(*name));
        let others: usize = others.map(|(_, value)| bytes_of(value)).sum();
        let bytes = others + data.iter().map(|(_, value)| bytes_of(value)).sum::<usize>();
        if bytes > limits::KUBERNETES_SECRET {
            return Err(TooLarge { bytes });
        }
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), name.into());
        if let Some(stored) = stored {
            metadata.insert("resourceVersion".to_owned(), stored.version.as_str().into());
        }
        if stored.is_none_or(|stored| stored.is_labeled) {
            metadata.insert("labels".to_owned(), json!({ LABEL: MANAGER }));
        }
        let kind = match stored {
            None => Some(kind_of(&data)),
            Some(stored) => stored.kind.as_deref(),
        };
        let data = data.iter().map(|(name, base64)| {
            let base64 = Value::from(base64.expose().as_str());
            ((*name).to_owned(), base64)
        });
        let mut manifest = Map::new();
        manifest.insert("apiVersion".to_owned(), "v1".into());
        manifest.insert("kind".to_owned(), "Secret".into());
        manifest.insert("metadata".to_owned(), metadata.into());
        if let Some(kind) = kind {
            manifest.insert("type".to_owned(), kind.into());
        }
        manifest.insert("data".to_owned(), Value::Object(data.collect()));
        let manifest = SensitiveJson::new(manifest.into());
        Ok(Self {
            text: Sensitive::new(json::compact(manifest.expose())),
            values,
        })
    }
}

/// The length of what a base64 text stands for.
fn bytes_of(base64: &Sensitive<String>) -> usize {
    base64.expose().trim_end_matches('=').len() * 3 / 4
}

/// The type of a new Secret, which nobody can change later. The first row counts whose names are all there.
fn kind_of(data: &[(&str, Sensitive<String>)]) -> &'static str {
    const KINDS: &[(&[&str], &str)] = &[
        (&["tls.crt", "tls.key"], "kubernetes.io/tls"),
        (&[".dockerconfigjson"], "kubernetes.io/dockerconfigjson"),
        (&["ssh-privatekey"], "kubernetes.io/ssh-auth"),
        (&["username", "password"], "kubernetes.io/basic-auth"),
    ];
    let has = |name: &&str| data.iter().any(|(known, _)| known == name);
    let mut kinds = KINDS.iter();
    let found = kinds.find(|(names, _)| names.iter().all(has));
    found.map_or("Opaque", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::super::secret::tests::stored;
    use super::*;
    use crate::test_table::cases;

    fn manifest(stored: Option<&StoredSecret>, entries: &str) -> Value {
        let entries = json::value(entries.as_bytes()).unwrap();
        let manifest = Manifest::new("a", stored, entries.as_object().unwrap()).unwrap();
        json::value(manifest.text.expose().as_bytes()).unwrap()
    }

    #[test]
    fn all_entries_of_ours_are_named() {
        let managed = json!([{"manager": "ksm", "operation": "Apply", "fieldsV1": {
            "f:data": {".": {}, "f:a": {}, "f:b": {}},
            "f:metadata": {"f:labels": {"f:app.kubernetes.io/managed-by": {}}},
            "f:type": {},
        }}]);
        let stored = stored(
            &managed,
            &json!({"a": "Y2FuYXJ5", "b": "/w==", "c": "YQ=="}),
        );
        assert_eq!(
            manifest(Some(&stored), r#"{"a":"canary","b":null,"x":"\u00e9"}"#),
            json!({
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "a", "resourceVersion": "7", "labels": {"app.kubernetes.io/managed-by": "ksm"}},
                "type": "Opaque",
                "data": {"a": "Y2FuYXJ5", "b": "/w==", "x": "w6k="},
            })
        );
    }

    #[test]
    fn a_secret_of_others_gains_entries_only() {
        let stored = stored(&Value::Null, &json!({"d": "YQ=="}));
        assert_eq!(
            manifest(Some(&stored), r#"{"x":"y"}"#),
            json!({
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "a", "resourceVersion": "7"},
                "data": {"x": "eQ=="},
            })
        );
    }

    #[test]
    fn the_names_decide_the_type_of_a_new_secret() {
        for (names, kind) in cases(
            "tls.crt tls.key password => kubernetes.io/tls
             tls.crt => Opaque
             .dockerconfigjson => kubernetes.io/dockerconfigjson
             ssh-privatekey username password => kubernetes.io/ssh-auth
             username password url => kubernetes.io/basic-auth
             password => Opaque",
        ) {
            let names = names.split(' ').map(|name| (name.to_owned(), json!("x")));
            let made = manifest(None, &Value::Object(names.collect()).to_string());
            assert_eq!(made["type"], kind);
            assert_eq!(made["metadata"]["labels"][LABEL], MANAGER);
            assert!(made["metadata"].get("resourceVersion").is_none());
        }
    }

    #[test]
    fn entries_of_others_count_for_the_size() {
        let half = codec::encode(&vec![0; limits::KUBERNETES_SECRET / 2]);
        let stored = stored(&Value::Null, &json!({ "d": half }));
        let fits = "x".repeat(limits::KUBERNETES_SECRET / 2);
        let manifest = |text: &str| {
            let entries = json!({ "a": text });
            Manifest::new("a", Some(&stored), entries.as_object().unwrap()).is_ok()
        };
        assert!(manifest(&fits));
        assert!(!manifest(&format!("{fits}x")));
    }
}
