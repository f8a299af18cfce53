//! Google Secret Manager.

use async_trait::async_trait;

use super::calls::failed;
use super::credentials::Labels;
use super::destination::{
    CallError, CallErrorKind, Destination, RequestToken, State, Traits, Write,
};
use super::names::{Form, NameRules, SecretName};
use super::{Error, Origin};
use crate::cloud::RejectionKind;
use crate::google::{self, SecretManager, SecretPayload};
use crate::sensitive::Sensitive;

pub(super) const TRAITS: Traits = Traits {
    name: "gcp",
    service: "Google Secret Manager",
    names: NameRules {
        punctuation: "-_",
        longest: 255,
        blank: None,
        ignores_case: false,
        form: Form::Any,
        called: "GCP Secret Manager secret id",
    },
    entries: None,
    takes_documents: false,
    undeletes: false,
    largest: 64 << 10,
};

struct SecretsOfProject(SecretManager);

/// Signs in with the credentials of a record, or by the application default credentials.
pub(super) async fn open(origin: Origin<'_>) -> Result<Box<dyn Destination>, Error> {
    let environment = origin.environment;
    let (project, credentials) = match origin.credentials {
        Some(record) => {
            let mut labels = Labels::of(record);
            let project = labels.required("Google Cloud Project ID");
            let credentials = labels.optional("Google Application Credentials");
            labels.check()?;
            let project = project.expose().parse().map_err(google::OwnError::from);
            let project = project.map_err(google::Error::from)?;
            (Some(project), credentials)
        }
        None => (None, None),
    };
    let identity = match credentials {
        Some(text) => google::of_record(&text, environment),
        None => google::by_default(environment),
    };
    let identity = identity.map_err(google::Error::from)?;
    let manager = SecretManager::sign_in(origin.http, identity, project, environment).await?;
    Ok(Box::new(SecretsOfProject(manager)))
}

/// Nothing brings a deleted secret back.
#[derive(Debug, thiserror::Error)]
#[error("Google brings no deleted secret back")]
struct NoRestoring;

#[async_trait(?Send)]
impl Destination for SecretsOfProject {
    fn describe(&self) -> String {
        let Self(manager) = self;
        format!(
            "{}, {} of {}",
            manager.identity(),
            TRAITS.service,
            manager.project()
        )
    }

    async fn read(&self, name: &SecretName) -> Result<State, CallError> {
        match self.0.access(name.as_str()).await.map_err(failed)? {
            Some(SecretPayload::Bytes(bytes)) => {
                let text = String::from_utf8(bytes.expose().clone());
                Ok(text.map_or(State::Opaque, |text| State::Present(text.into())))
            }
            Some(SecretPayload::Unreadable) => Ok(State::Opaque),
            // A run that was killed, or Terraform, leaves a secret without a version.
            None => match self.0.exists(name.as_str()).await {
                Ok(true) => Ok(State::Opaque),
                Ok(false) => Ok(State::Absent),
                // Whoever may not look may still add a version.
                Err(error) if error.rejection() == Some(RejectionKind::Denied) => Ok(State::Opaque),
                Err(error) => Err(failed(error)),
            },
        }
    }

    async fn write(
        &self,
        name: &SecretName,
        value: &Sensitive<String>,
        how: Write,
        _: &RequestToken,
    ) -> Result<(), CallError> {
        if how == Write::Create {
            self.0.create(name.as_str()).await.map_err(failed)?;
        }
        let added = self.0.add_version(name.as_str(), value).await;
        added.map_err(failed)
    }

    async fn delete(&self, name: &SecretName) -> Result<(), CallError> {
        match self.0.delete(name.as_str()).await {
            Err(error) if error.rejection() == Some(RejectionKind::NotFound) => Ok(()),
            deleted => deleted.map_err(failed),
        }
    }

    async fn restore(&self, _: &SecretName) -> Result<(), CallError> {
        Err(CallError::new(CallErrorKind::Refused, NoRestoring))
    }
}
