//! The store of a cloud behind one trait. A cloud is one file that implements it.

use async_trait::async_trait;

use super::names::{NameRules, SecretName};
use crate::codec;
use crate::crypto::{self, random};
use crate::sensitive::Sensitive;

/// What is fixed about the stores of one kind.
#[derive(Debug)]
pub struct Traits {
    pub name: &'static str,
    /// For people: `AWS Secrets Manager`.
    pub service: &'static str,
    pub names: NameRules,
    /// A secret consists of entries with such names, and a key is always `NAME+MEMBER`.
    pub entries: Option<NameRules>,
    /// A key may be `NAME+MEMBER`, and whole records may be stored.
    pub takes_documents: bool,
    /// What was deleted can be brought back.
    pub undeletes: bool,
    /// The most bytes of a value, where the destination does not count them itself.
    pub largest: usize,
}

/// A secret of the store, as it was when it was read.
#[derive(Debug)]
pub enum State {
    Absent,
    Present(Sensitive<String>),
    /// It is there, and no text.
    Opaque,
    /// It was deleted and can be restored. Its value cannot be read until then.
    Deleted,
}

/// Whether a write makes a secret or adds a version to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    Create,
    Update,
}

/// Names one write to a service that drops its repetitions: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestToken(String);

impl RequestToken {
    pub fn generate() -> Result<Self, crypto::Error> {
        Ok(Self(codec::encode_hex(&random::bytes::<16>()?)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A signed-in identity at one store. Each method sends its call once: waits and repetitions are those of [`super::apply`].
#[async_trait(?Send)]
pub trait Destination {
    /// The identity and the store, for people: `the keys of record UID, AWS Secrets Manager in eu-west-1`.
    fn describe(&self) -> String;

    /// Why a member of a secret that was read cannot be given this text, as far as reading tells. For what is shown before.
    fn objection(
        &self,
        _name: &SecretName,
        _member: &str,
        _text: &Sensitive<String>,
    ) -> Option<String> {
        None
    }

    async fn read(&self, name: &SecretName) -> Result<State, CallError>;

    /// A secret that turns out to be there or not to be there, against `how`, is [`CallErrorKind::Changed`].
    async fn write(
        &self,
        name: &SecretName,
        value: &Sensitive<String>,
        how: Write,
        token: &RequestToken,
    ) -> Result<(), CallError>;

    /// Deletes so that [`Self::restore`] can bring the secret back, where the service can. One that is gone already is no
    /// error.
    async fn delete(&self, name: &SecretName) -> Result<(), CallError>;

    /// Brings a deleted secret back, with the value it had.
    async fn restore(&self, name: &SecretName) -> Result<(), CallError>;
}

/// A call that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct CallError {
    pub kind: CallErrorKind,
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl CallError {
    pub fn new(
        kind: CallErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CallErrorKind {
    /// Nothing was done. The same call may succeed after a wait, in seconds if the service named one.
    Throttled { retry_after: Option<f64> },
    /// The call did not reach the service.
    Unreachable,
    /// The answer is lost, or tells of a failure of the service itself: it may have acted.
    Lost,
    /// The secret is not as it was when it was read. Nothing was done.
    Changed,
    /// The identity is unknown, or its credentials have expired: no call of it will succeed.
    Identity,
    /// The service refuses this call, and nothing was done.
    Refused,
}
