//! Azure Key Vault.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use async_trait::async_trait;

use super::calls;
use super::credentials::Labels;
use super::destination::{
    CallError, CallErrorKind, Destination, RequestToken, State, Traits, Write,
};
use super::names::{Form, NameRules, SecretName};
use super::{Error, Origin};
use crate::azure::{self, AzureIdentity, KeyVault, SecretNotes, Vault};
use crate::cloud::{self, RejectionKind};
use crate::sensitive::Sensitive;
use crate::{error_chain, http};

pub(super) const TRAITS: Traits = Traits {
    name: "azure",
    service: "Azure Key Vault",
    names: NameRules {
        punctuation: "-",
        longest: 127,
        blank: None,
        ignores_case: true,
        form: Form::Any,
        called: "Azure Key Vault secret name",
    },
    entries: None,
    takes_documents: false,
    undeletes: true,
    largest: 25 << 10,
};

/// A secret as it was read.
#[derive(Clone)]
struct Known {
    notes: SecretNotes,
    /// Its deletion could be undone.
    is_recoverable: bool,
}

struct SecretsOfVault {
    vault: KeyVault,
    known: RefCell<HashMap<SecretName, Known>>,
    /// Names of secrets whose recovery was begun, and that are neither there nor deleted for some seconds.
    recovering: RefCell<HashSet<SecretName>>,
}

/// Signs in with the client secret of a record, or as Azure's own libraries would.
pub(super) async fn open(origin: Origin<'_>) -> Result<Box<dyn Destination>, Error> {
    let environment = origin.environment;
    let (vault, identity) = match origin.credentials {
        Some(record) => {
            let mut labels = Labels::of(record);
            let vault = labels.required("Azure Key Vault Name");
            let tenant = labels.required("Azure Tenant ID");
            let client = labels.required("Azure Client ID");
            let secret = labels.required("Azure Client Secret");
            labels.check()?;
            let vault = Vault::named(vault.expose(), environment).map_err(azure::Error::from)?;
            let (tenant, client) = (tenant.expose().clone(), client.expose().clone());
            (vault, AzureIdentity::client(tenant, client, secret))
        }
        None => {
            let vault = Vault::of_variables(environment).map_err(azure::Error::from)?;
            (vault, AzureIdentity::by_default(environment))
        }
    };
    let identity = identity.map_err(azure::Error::from)?;
    let vault = KeyVault::new(origin.http, vault, identity)?;
    vault.sign_in().await?;
    Ok(Box::new(SecretsOfVault {
        vault,
        known: RefCell::default(),
        recovering: RefCell::default(),
    }))
}

/// The vault has no soft delete.
#[derive(Debug, thiserror::Error)]
#[error(
    "the secret `{0}` is not deleted, since its vault has no soft delete and could not bring it back"
)]
struct Unrecoverable(SecretName);

#[derive(Debug, thiserror::Error)]
#[error("Azure has not ended to recover the secret `{0}`")]
struct Recovering(SecretName);

#[async_trait(?Send)]
impl Destination for SecretsOfVault {
    fn describe(&self) -> String {
        format!(
            "{}, {} at {}",
            self.vault.identity(),
            TRAITS.service,
            self.vault.url()
        )
    }

    async fn read(&self, name: &SecretName) -> Result<State, CallError> {
        let found = self.vault.get(name.as_str()).await.map_err(failed)?;
        let Some(secret) = found else {
            let deleted = self.vault.is_deleted(name.as_str()).await;
            return match deleted {
                Ok(true) => Ok(State::Deleted),
                Ok(false) if self.recovering.borrow().contains(name) => {
                    let wait = CallErrorKind::Throttled { retry_after: None };
                    Err(CallError::new(wait, Recovering(name.clone())))
                }
                Ok(false) => Ok(State::Absent),
                // Whoever may not look may still write.
                Err(error) if error.rejection() == Some(RejectionKind::Denied) => Ok(State::Absent),
                Err(error) => Err(failed(error)),
            };
        };
        self.recovering.borrow_mut().remove(name);
        let known = Known {
            notes: secret.notes,
            is_recoverable: secret.is_recoverable,
        };
        self.known.borrow_mut().insert(name.clone(), known);
        Ok(secret.value.map_or(State::Opaque, State::Present))
    }

    async fn write(
        &self,
        name: &SecretName,
        value: &Sensitive<String>,
        _: Write,
        _: &RequestToken,
    ) -> Result<(), CallError> {
        let known = self.known.borrow().get(name).cloned();
        let notes = known.map(|known| known.notes).unwrap_or_default();
        let written = self.vault.set(name.as_str(), value, &notes).await;
        written.map_err(failed)
    }

    async fn delete(&self, name: &SecretName) -> Result<(), CallError> {
        let is_unrecoverable = |known: &Known| !known.is_recoverable;
        if self.known.borrow().get(name).is_some_and(is_unrecoverable) {
            let unrecoverable = Unrecoverable(name.clone());
            return Err(CallError::new(CallErrorKind::Refused, unrecoverable));
        }
        match self.vault.delete(name.as_str()).await {
            Err(error) if error.rejection() == Some(RejectionKind::NotFound) => Ok(()),
            deleted => deleted.map_err(failed),
        }
    }

    async fn restore(&self, name: &SecretName) -> Result<(), CallError> {
        self.vault.recover(name.as_str()).await.map_err(failed)?;
        self.recovering.borrow_mut().insert(name.clone());
        Ok(())
    }
}

fn failed(error: azure::Error) -> CallError {
    match error.call() {
        Some(cloud::Error::Http(http::Error::Lookup { .. })) => CallError::new(
            CallErrorKind::Unreachable,
            format!(
                "{}; check the name of the key vault",
                error_chain::joined(&error)
            ),
        ),
        _ => calls::failed(error),
    }
}
