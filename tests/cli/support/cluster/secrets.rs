//! The Secrets of a made-up cluster, and the rules of applying.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

#[derive(Default)]
pub(super) struct Secrets {
    pub(super) by_name: BTreeMap<String, Secret>,
    versions: u64,
}

#[derive(Debug, Clone, Default)]
pub struct Secret {
    pub version: u64,
    pub kind: String,
    pub labels: BTreeMap<String, String>,
    /// Base64.
    pub data: BTreeMap<String, String>,
    managers: BTreeMap<String, BTreeSet<String>>,
    is_labeled_by_us: bool,
}

impl Secrets {
    pub(super) fn edit(&mut self, name: &str, entry: &str, text: &str, manager: &str) {
        self.versions += 1;
        let secret = self.by_name.entry(name.to_owned()).or_default();
        secret.version = self.versions;
        if secret.kind.is_empty() {
            secret.kind = "Opaque".to_owned();
        }
        let base64 = ksm::codec::encode(text.as_bytes());
        secret.data.insert(entry.to_owned(), base64);
        let managers = BTreeSet::from([manager.to_owned()]);
        secret.managers.insert(entry.to_owned(), managers);
    }

    /// As a server applies for the manager `ksm`, without force.
    pub(super) fn apply(&mut self, manifest: &str) -> Result<(), String> {
        let manifest: Value = serde_json::from_str(manifest).unwrap();
        let name = manifest["metadata"]["name"].as_str().unwrap();
        let none = Map::new();
        let data = manifest["data"].as_object().unwrap_or(&none);
        let existing = self.by_name.get(name).cloned();
        if let Some(version) = manifest["metadata"]["resourceVersion"].as_str()
            && existing
                .as_ref()
                .map(|secret| secret.version.to_string())
                .as_deref()
                != Some(version)
        {
            return Err(format!(
                "error: Operation cannot be fulfilled on secrets \"{name}\": the object has been modified; please apply \
                 your changes to the latest version and try again\nPlease review the fields above--they\n"
            ));
        }
        let mut secret = existing.clone().unwrap_or_default();
        for (entry, value) in data {
            let others = secret.managers.get(entry).into_iter().flatten();
            let other = others.into_iter().find(|manager| *manager != "ksm");
            if let Some(other) = other
                && secret.data.get(entry).map(String::as_str) != value.as_str()
            {
                return Err(format!(
                    "error: Apply failed with 1 conflict: conflict with \"{other}\" using v1: .data.{entry}\n\
                     Please review the fields above--they currently have other managers. Here\n"
                ));
            }
        }
        let owned: Vec<_> = secret.managers.keys().cloned().collect();
        for entry in owned {
            let managers = secret.managers.get_mut(&entry).unwrap();
            if !data.contains_key(&entry) && managers.remove("ksm") && managers.is_empty() {
                secret.managers.remove(&entry);
                secret.data.remove(&entry);
            }
        }
        for (entry, value) in data {
            let value = value.as_str().unwrap().to_owned();
            secret.data.insert(entry.clone(), value);
            let managers = secret.managers.entry(entry.clone()).or_default();
            managers.insert("ksm".to_owned());
        }
        match manifest["type"].as_str() {
            Some(kind) if secret.kind.is_empty() => secret.kind = kind.to_owned(),
            Some(kind) => assert_eq!(secret.kind, kind, "a type never changes"),
            None => assert!(!secret.kind.is_empty(), "a new Secret has a type"),
        }
        if let Some(labels) = manifest["metadata"]["labels"].as_object() {
            let text = |(name, value): (&String, &Value)| {
                (name.clone(), value.as_str().unwrap().to_owned())
            };
            secret.labels.extend(labels.iter().map(text));
            secret.is_labeled_by_us = true;
        }
        self.versions += 1;
        secret.version = self.versions;
        self.by_name.insert(name.to_owned(), secret);
        Ok(())
    }
}

impl Secret {
    pub(super) fn told(&self, name: &str) -> Value {
        let mut managed: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for (entry, managers) in &self.managers {
            for manager in managers {
                let fields = managed.entry(manager).or_default();
                fields.insert(format!("f:{entry}"), json!({}));
            }
        }
        let managed = managed.into_iter().map(|(manager, data)| {
            let mut fields = json!({ "f:data": data });
            if manager == "ksm" && self.is_labeled_by_us {
                fields["f:type"] = json!({});
                fields["f:metadata"] =
                    json!({"f:labels": {"f:app.kubernetes.io/managed-by": {}}});
            }
            let operation = if manager == "ksm" { "Apply" } else { "Update" };
            json!({"manager": manager, "operation": operation, "fieldsType": "FieldsV1", "fieldsV1": fields})
        });
        let managed: Vec<_> = managed.collect();
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": name,
                "resourceVersion": self.version.to_string(),
                "labels": self.labels,
                "managedFields": managed,
            },
            "type": self.kind,
            "data": self.data,
        })
    }
}
