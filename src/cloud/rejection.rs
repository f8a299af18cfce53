//! Refusals, in the words of a service.

use std::fmt;

use super::Cloud;
use crate::foreign::Text;

/// Completes "refuses to".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    verb: &'static str,
    secret: Option<Text>,
}

impl Operation {
    /// The verb has its object: `give a token`.
    pub(crate) const fn new(verb: &'static str) -> Self {
        Self { verb, secret: None }
    }

    /// `read`, and the name of the secret.
    pub(crate) fn on(verb: &'static str, secret: &str) -> Self {
        Self {
            verb,
            secret: Some(secret.into()),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.secret {
            Some(secret) => write!(f, "{} the secret `{secret}`", self.verb),
            None => f.write_str(self.verb),
        }
    }
}

/// An answer of a service that says no, as it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) kind: RejectionKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub cloud: Cloud,
    pub operation: Operation,
    pub code: Text,
    /// Names identities and secrets, and holds no value of one.
    pub message: Text,
    pub kind: RejectionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionKind {
    NotFound,
    Exists,
    /// The secret is deleted and can be recovered; its name is taken.
    Deleted,
    /// The secret is on its way between being there and being deleted.
    Settling,
    /// The secret is there, and its value is switched off.
    Unreadable,
    /// The identity is known, and not allowed to.
    Denied,
    /// The service does not take requests from this network.
    Network,
    /// The identity is not known, or does not prove itself.
    Identity,
    /// The clocks differ.
    Clock,
    /// The service is not switched on in the project.
    SwitchedOff,
    Other,
}

impl Rejection {
    pub(super) fn new(cloud: Cloud, operation: Operation, told: Told) -> Self {
        // A message of several lines has the reason in the first.
        let reason = told.message.lines().next().unwrap_or_default();
        Self {
            cloud,
            operation,
            code: told.code.into(),
            message: reason.trim_end_matches(['.', ' ']).into(),
            kind: told.kind,
        }
    }
}

impl std::error::Error for Rejection {}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cloud,
            operation,
            code,
            message,
            ..
        } = self;
        write!(f, "{cloud} refuses to {operation}: {code}")?;
        match message.is_empty() {
            true => Ok(()),
            false => write!(f, ", {message}"),
        }
    }
}
