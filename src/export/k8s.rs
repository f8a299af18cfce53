//! The manifest of a Kubernetes Secret.

use serde_json::{Map, Value, json};

use super::{ExportError, Format, NamedValue, Reason, expect};
use crate::kubernetes::{Namespace, SecretName};
use crate::sensitive::SensitiveJson;
use crate::{codec, crypto, limits, yaml};

#[derive(Debug)]
pub(super) struct Kubernetes;

/// Which Secret it is.
#[derive(Debug, Clone, Default)]
pub struct SecretIdentity {
    pub name: Option<SecretName>,
    pub namespace: Option<Namespace>,
}

impl Format for Kubernetes {
    fn name(&self) -> &'static str {
        "k8s"
    }

    fn takes(&self, name: &str, _: &[u8]) -> Result<(), Reason> {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let is_path = name == "." || name.starts_with("..");
        let is_key =
            !name.is_empty() && name.len() <= 253 && name.chars().all(is_inner) && !is_path;
        expect(is_key, Reason::Key)?;
        Ok(())
    }

    fn takes_all(&self, all: &[NamedValue]) -> Result<(), ExportError> {
        let bytes = all
            .iter()
            .map(|variable| variable.value.expose().len())
            .sum();
        match bytes > limits::KUBERNETES_SECRET {
            true => Err(ExportError::LargeSecret { bytes }),
            false => Ok(()),
        }
    }

    fn write(
        &self,
        all: &[NamedValue],
        secret: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        let mut metadata = Map::new();
        if let Some(name) = &secret.name {
            metadata.insert("name".to_owned(), name.as_str().into());
        }
        if let Some(namespace) = &secret.namespace {
            metadata.insert("namespace".to_owned(), namespace.as_str().into());
        }
        let data = all.iter().map(|NamedValue { name, value }| {
            let base64 = codec::encode(value.expose());
            (name.clone(), Value::String(base64))
        });
        let manifest = SensitiveJson::new(json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata,
            "type": "Opaque",
            "data": data.collect::<Map<_, _>>(),
        }));
        text.append(&mut yaml::document(manifest.expose()).into_bytes());
        Ok(())
    }
}
