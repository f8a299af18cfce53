//! Secrets of a Kubernetes cluster. Each has entries, of which only ours are read, written and taken away.

use std::cell::RefCell;
use std::collections::HashMap;

use async_trait::async_trait;

use super::destination::{
    CallError, CallErrorKind, Destination, RequestToken, State, Traits, Write,
};
use super::names::{Form, NameRules, SecretName};
use super::{Error, Origin};
use crate::foreign::Text;
use crate::json;
use crate::kubernetes::{self, Kubectl, Manifest, RefusalKind, StoredSecret};
use crate::sensitive::{Sensitive, SensitiveJson};

pub(super) const TRAITS: Traits = Traits {
    name: "k8s",
    service: "Kubernetes",
    names: NameRules {
        punctuation: "-.",
        longest: 253,
        blank: None,
        ignores_case: false,
        form: Form::Subdomain,
        called: "Kubernetes Secret name",
    },
    entries: Some(NameRules {
        punctuation: "-._",
        longest: 253,
        blank: None,
        ignores_case: false,
        form: Form::Entry,
        called: "key of a Kubernetes Secret",
    }),
    takes_documents: true,
    undeletes: false,
    largest: usize::MAX,
};

struct SecretsOfNamespace {
    kubectl: Kubectl,
    identity: String,
    /// As they were read last.
    stored: RefCell<HashMap<SecretName, StoredSecret>>,
}

/// kubectl signs in by itself. Fails if it is not there, or finds its configuration damaged.
pub(super) async fn open(origin: &Origin<'_>) -> Result<Box<dyn Destination>, Error> {
    let kubectl = Kubectl::new(origin.environment, origin.namespace.cloned());
    let identity = match kubectl.context().await? {
        Some(context) => format!("the context `{}` of kubectl", Text::from(context)),
        None => "kubectl without a context".to_owned(),
    };
    Ok(Box::new(SecretsOfNamespace {
        kubectl,
        identity,
        stored: RefCell::default(),
    }))
}

#[derive(Debug, thiserror::Error)]
#[error("a Secret of Kubernetes loses entries, and is not deleted itself")]
struct Kept;

#[async_trait(?Send)]
impl Destination for SecretsOfNamespace {
    fn describe(&self) -> String {
        let identity = &self.identity;
        match self.kubectl.namespace() {
            Some(namespace) => {
                format!(
                    "{identity}, {} in namespace `{}`",
                    TRAITS.service,
                    namespace.as_str()
                )
            }
            None => format!("{identity}, {} in its namespace", TRAITS.service),
        }
    }

    fn objection(
        &self,
        name: &SecretName,
        member: &str,
        text: &Sensitive<String>,
    ) -> Option<String> {
        let stored = self.stored.borrow();
        let holder = Text::from(stored.get(name)?.holder(member, text)?);
        Some(format!(
            "conflict with \"{holder}\", which has `{member}` with another value"
        ))
    }

    async fn read(&self, name: &SecretName) -> Result<State, CallError> {
        let found = self.kubectl.secret(name.as_str()).await;
        // Whoever may read no Secret of a namespace may read none.
        let found = found.map_err(|error| failed(error, CallErrorKind::Identity))?;
        let mut stored = self.stored.borrow_mut();
        Ok(match found {
            Some(secret) => {
                let state = State::Present(secret.entries());
                stored.insert(name.clone(), secret);
                state
            }
            None => {
                stored.remove(name);
                State::Absent
            }
        })
    }

    async fn write(
        &self,
        name: &SecretName,
        value: &Sensitive<String>,
        _: Write,
        _: &RequestToken,
    ) -> Result<(), CallError> {
        let refused = |error| CallError::new(CallErrorKind::Refused, error);
        let entries = json::value(value.expose().as_bytes()).unwrap_or_default();
        let entries = SensitiveJson::new(entries);
        let manifest = match entries.expose().as_object() {
            Some(entries) => {
                let stored = self.stored.borrow();
                let manifest = Manifest::new(name.as_str(), stored.get(name), entries);
                manifest.map_err(refused)?
            }
            None => return Ok(()),
        };
        let applied = self.kubectl.apply(manifest).await;
        applied.map_err(|error| failed(error, CallErrorKind::Refused))
    }

    async fn delete(&self, _: &SecretName) -> Result<(), CallError> {
        Err(CallError::new(CallErrorKind::Refused, Kept))
    }

    async fn restore(&self, _: &SecretName) -> Result<(), CallError> {
        Err(CallError::new(CallErrorKind::Refused, Kept))
    }
}

fn failed(error: kubernetes::Error, forbidden: CallErrorKind) -> CallError {
    use kubernetes::Error as E;
    let kind = match &error {
        E::Missing | E::Start(_) => CallErrorKind::Identity,
        E::Deadline => CallErrorKind::Lost,
        E::Answer(_) | E::NoSecret => CallErrorKind::Refused,
        E::Refusal(refusal) => match refusal.kind {
            RefusalKind::Changed => CallErrorKind::Changed,
            RefusalKind::Forbidden => forbidden,
            RefusalKind::Namespace
            | RefusalKind::Unauthorized
            | RefusalKind::Configuration
            | RefusalKind::Old => CallErrorKind::Identity,
            RefusalKind::Throttled => CallErrorKind::Throttled { retry_after: None },
            RefusalKind::Network | RefusalKind::Server => CallErrorKind::Lost,
            RefusalKind::Conflict | RefusalKind::Other => CallErrorKind::Refused,
        },
    };
    CallError::new(kind, error)
}
