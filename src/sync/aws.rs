//! AWS Secrets Manager.

use async_trait::async_trait;

use super::calls::failed;
use super::credentials::Labels;
use super::destination::{CallError, Destination, RequestToken, State, Traits, Write};
use super::names::{Form, NameRules, SecretName};
use super::{Error, Origin};
use crate::aws::{
    self, Aws, Change, Credentials, Identity, NewVersion, OwnError, SecretValue, SecretsManager,
};
use crate::cloud::RejectionKind;
use crate::sensitive::Sensitive;

pub(super) const TRAITS: Traits = Traits {
    name: "aws",
    service: "AWS Secrets Manager",
    names: NameRules {
        punctuation: "/_+=.@-",
        longest: 512,
        blank: Some("_"),
        ignores_case: false,
        form: Form::Any,
        called: "AWS KMS secret name",
    },
    entries: None,
    takes_documents: true,
    undeletes: true,
    largest: 65_536,
};

struct SecretsOfRegion(SecretsManager);

/// Signs in with the keys of a record, or as AWS's own tools would.
pub(super) async fn open(origin: Origin<'_>) -> Result<Box<dyn Destination>, Error> {
    let identity = match origin.credentials {
        Some(record) => {
            let mut labels = Labels::of(record);
            let credentials = Credentials {
                access_key_id: labels.required("AWS Access Key ID"),
                secret_access_key: labels.required("AWS Secret Access Key"),
                session_token: labels.optional("AWS Session Token"),
            };
            let region = labels.required("AWS Region Name");
            labels.check()?;
            let region = region.expose().parse().map_err(aws::Error::from)?;
            Some(Identity::Keys {
                credentials,
                region,
            })
        }
        None => None,
    };
    let aws = Aws::new(origin.http, origin.environment)?;
    let secrets = aws.secrets(identity.as_ref()).await?;
    Ok(Box::new(SecretsOfRegion(secrets)))
}

#[async_trait(?Send)]
impl Destination for SecretsOfRegion {
    fn describe(&self) -> String {
        let Self(secrets) = self;
        format!(
            "{}, {} in {}",
            secrets.identity(),
            TRAITS.service,
            secrets.region()
        )
    }

    async fn read(&self, name: &SecretName) -> Result<State, CallError> {
        let error = match self.0.value(name.as_str()).await {
            Ok(SecretValue::Text(text)) => return Ok(State::Present(text)),
            Ok(SecretValue::Bytes) | Err(aws::Error::Own(OwnError::NoText)) => {
                return Ok(State::Opaque);
            }
            Err(error) => error,
        };
        match error.rejection() {
            Some(RejectionKind::NotFound) => Ok(State::Absent),
            // Terraform makes secrets without a value, for others to fill.
            Some(RejectionKind::Unreadable) => Ok(State::Present(Sensitive::default())),
            Some(RejectionKind::State) => match self.0.is_deleted(name.as_str()).await {
                Ok(true) => Ok(State::Deleted),
                Ok(false) => Err(failed(error)),
                Err(error) => Err(failed(error)),
            },
            _ => Err(failed(error)),
        }
    }

    async fn write(
        &self,
        name: &SecretName,
        value: &Sensitive<String>,
        how: Write,
        token: &RequestToken,
    ) -> Result<(), CallError> {
        let change = match how {
            Write::Create => Change::Create,
            Write::Update => Change::Put,
        };
        let version = NewVersion {
            secret: name.as_str(),
            token: token.as_str(),
            text: value,
            kms_key: None,
        };
        self.0.write(change, &version).await.map_err(failed)
    }

    async fn delete(&self, name: &SecretName) -> Result<(), CallError> {
        match self.0.delete(name.as_str()).await {
            Err(error) if error.is_not_found() => Ok(()),
            deleted => deleted.map_err(failed),
        }
    }

    async fn restore(&self, name: &SecretName) -> Result<(), CallError> {
        self.0.restore(name.as_str()).await.map_err(failed)
    }
}
