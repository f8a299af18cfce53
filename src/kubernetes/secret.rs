//! A Secret as a cluster has it. Ours are the entries that the cluster notes for the field manager `ksm`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::Error;
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::{codec, json};

pub(super) const MANAGER: &str = "ksm";
pub(super) const LABEL: &str = "app.kubernetes.io/managed-by";

#[derive(Debug)]
pub struct StoredSecret {
    pub(super) version: String,
    /// The type, where it is ours.
    pub(super) kind: Option<String>,
    /// The label is ours.
    pub(super) is_labeled: bool,
    /// Base64 of the entries that are ours, by name.
    pub(super) ours: BTreeMap<String, Sensitive<String>>,
    /// The same of those that are not.
    pub(super) others: BTreeMap<String, Sensitive<String>>,
    /// Other managers, by the entries that they have; we may have them, too.
    holders: BTreeMap<String, String>,
}

impl StoredSecret {
    /// Reads `kubectl get secret NAME --output json --show-managed-fields`.
    pub(super) fn read(answer: &Sensitive<String>) -> Result<Self, Error> {
        let answer = json::value(answer.expose().as_bytes()).map_err(|_| Error::NoSecret)?;
        let answer = SensitiveJson::new(answer);
        let secret = answer.expose();
        let metadata = &secret["metadata"];
        let version = metadata["resourceVersion"].as_str();
        let (Some("Secret"), Some(version)) = (secret["kind"].as_str(), version) else {
            return Err(Error::NoSecret);
        };
        let managed = metadata["managedFields"].as_array();
        let (managed, foreign): (Vec<_>, Vec<_>) = (managed.into_iter().flatten())
            .partition(|entry| entry["manager"] == MANAGER && entry["operation"] == "Apply");
        let is_ours = |path: &[&str]| {
            managed.iter().any(|entry| {
                let mut path = path.iter();
                path.try_fold(&entry["fieldsV1"], |fields, name| {
                    fields.get(format!("f:{name}"))
                })
                .is_some()
            })
        };
        let mut holders = BTreeMap::new();
        for entry in foreign {
            let held = entry.pointer("/fieldsV1/f:data");
            let held = held.and_then(Value::as_object);
            for name in held.into_iter().flat_map(Map::keys) {
                if let (Some(name), Some(manager)) =
                    (name.strip_prefix("f:"), entry["manager"].as_str())
                {
                    holders.insert(name.to_owned(), manager.to_owned());
                }
            }
        }
        let (mut ours, mut others) = (BTreeMap::new(), BTreeMap::new());
        for (name, value) in secret["data"].as_object().into_iter().flatten() {
            let value = Sensitive::new(value.as_str().ok_or(Error::NoSecret)?.to_owned());
            match is_ours(&["data", name]) {
                true => drop(ours.insert(name.clone(), value)),
                false => drop(others.insert(name.clone(), value)),
            }
        }
        let kind = secret["type"].as_str().filter(|_| is_ours(&["type"]));
        Ok(Self {
            version: version.to_owned(),
            kind: kind.map(str::to_owned),
            is_labeled: is_ours(&["metadata", "labels", LABEL]),
            ours,
            others,
            holders,
        })
    }

    /// The other manager of an entry, if its value is another than `text`: the server lets us not change it.
    pub fn holder(&self, entry: &str, text: &Sensitive<String>) -> Option<&str> {
        let stored = self.ours.get(entry).or_else(|| self.others.get(entry))?;
        let stored = codec::decode(stored.expose()).map(Sensitive::new);
        let is_equal = stored.is_ok_and(|stored| stored.expose() == text.expose().as_bytes());
        let holder = self.holders.get(entry).filter(|_| !is_equal);
        holder.map(String::as_str)
    }

    /// The entries that are ours as a JSON object; `null` for one that is no text.
    pub fn entries(&self) -> Sensitive<String> {
        let entries = self.ours.iter().map(|(name, base64)| {
            let bytes = codec::decode(base64.expose()).map(Sensitive::new);
            let text = bytes.as_ref().ok();
            let text = text.and_then(|bytes| std::str::from_utf8(bytes.expose()).ok());
            (name.clone(), text.map_or(Value::Null, Value::from))
        });
        let entries = SensitiveJson::new(Value::Object(entries.collect()));
        Sensitive::new(json::compact(entries.expose()))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(in crate::kubernetes) fn stored(managed: &Value, data: &Value) -> StoredSecret {
        let secret = json!({
            "kind": "Secret",
            "type": "Opaque",
            "metadata": { "resourceVersion": "7", "managedFields": managed },
            "data": data,
        });
        StoredSecret::read(&secret.to_string().into()).unwrap()
    }

    #[test]
    fn ours_is_what_the_cluster_says() {
        let managed = json!([
            {"manager": "ksm", "operation": "Apply", "fieldsV1": {
                "f:data": {".": {}, "f:a": {}, "f:b": {}, "f:gone": {}},
                "f:metadata": {"f:labels": {"f:app.kubernetes.io/managed-by": {}}},
                "f:type": {},
            }},
            {"manager": "ksm", "operation": "Update", "fieldsV1": {"f:data": {"f:c": {}}}},
            {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:data": {"f:d": {}}}},
        ]);
        let data = json!({"a": "Y2FuYXJ5", "b": "/w==", "c": "YQ==", "d": "YQ==", "e": "YQ=="});
        let stored = stored(&managed, &data);
        assert_eq!(stored.entries().expose(), r#"{"a":"canary","b":null}"#);
        for (entry, text, holder) in [
            ("a", "other", None),
            ("d", "a", None),
            ("d", "other", Some("kubectl-edit")),
            ("e", "other", None),
        ] {
            assert_eq!(
                stored.holder(entry, &text.to_owned().into()),
                holder,
                "{entry}"
            );
        }
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        for answer in ["", "canary", "[]", "{}", r#"{"kind": "List", "items": []}"#] {
            assert!(StoredSecret::read(&answer.to_owned().into()).is_err());
        }
    }
}
