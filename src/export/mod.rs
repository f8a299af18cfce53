//! Variables written for the programs that read them.
//!
//! `fields` makes variables of a record's fields and `names` their names; `reserved` knows the names that shells and
//! programs act on. [`FORMATS`] lists the formats, a file each. A value that the reader of a format would not give back as
//! it is, is an error that names the formats that can hold it.

mod docker;
mod document;
mod dotenv;
mod fields;
mod fish;
mod github;
mod gitlab;
mod k8s;
mod names;
mod powershell;
mod reserved;
mod shell;
mod systemd;
#[cfg(test)]
mod tests;

use std::fmt;

pub use fields::{FieldError, FieldSource, Naming, of_field};
pub use github::masks;
pub use k8s::SecretIdentity;
pub use names::is_identifier;

use crate::sensitive::Sensitive;
use crate::{crypto, limits};

/// In the order of the help.
pub static FORMATS: [&dyn Format; 11] = [
    &shell::Shell,
    &fish::Fish,
    &powershell::PowerShell,
    &dotenv::Dotenv,
    &document::JSON,
    &document::YAML,
    &docker::Docker,
    &systemd::Systemd,
    &github::GitHub,
    &gitlab::GitLab,
    &k8s::Kubernetes,
];

/// A name, and the value that programs are to find under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValue {
    pub name: String,
    pub value: Sensitive<Vec<u8>>,
}

/// One way to write variables.
pub trait Format: Sync {
    fn name(&self) -> &'static str;

    /// Fails for a variable that a reader would not give back as it is.
    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason>;

    /// Fails for what no single value is to blame for.
    fn takes_all(&self, _: &[NamedValue]) -> Result<(), ExportError> {
        Ok(())
    }

    /// Appends variables that passed the other checks.
    fn write(
        &self,
        all: &[NamedValue],
        secret: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error>;
}

/// A format in which each variable stands for itself, under a name that every reader takes.
trait Lines: Sync {
    fn name(&self) -> &'static str;

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason>;

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>);
}

impl<T: Lines> Format for T {
    fn name(&self) -> &'static str {
        Lines::name(self)
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        Lines::takes(self, name, value)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        for NamedValue { name, value } in all {
            Lines::write(self, name, value.expose(), text);
        }
        Ok(())
    }
}

impl fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a format cannot hold a variable. Tells nothing of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("the name is not made of A-Z, a-z, 0-9 and `_`, or begins with a digit")]
    Name,
    #[error(
        "a shell has a variable of this name that acts on what it is given, or keeps its own value"
    )]
    OfShell,
    #[error("the runner sets variables of this name itself, or refuses them")]
    OfRunner,
    #[error("Kubernetes takes keys of at most 253 letters, digits, `-`, `_` and `.`")]
    Key,
    #[error("the value contains a NUL byte")]
    Nul,
    #[error("the value is not valid UTF-8")]
    NotText,
    #[error("the value contains a code that Unicode keeps free of characters, such as U+FFFE")]
    NoCharacter,
    #[error("the value has more than one line")]
    Lines,
    #[error("the value ends with a carriage return")]
    FinalReturn,
    #[error("the value begins or ends with a blank")]
    OuterBlank,
    #[error("the value contains `$`, which the reader expands")]
    Dollar,
    #[error("the value contains `${{`, which python-dotenv expands")]
    Expandable,
    #[error("the readers differ on the quotes and backslashes in the value")]
    Quotes,
    #[error("the line is longer than {} bytes", limits::DOCKER_LINE)]
    LongLine,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("`{format}` cannot hold the variable `{}`: {reason}", .variable.escape_debug())]
    Unwritable {
        variable: String,
        format: &'static str,
        reason: Reason,
        /// Formats that can.
        alternatives: Vec<&'static str>,
    },
    #[error(
        "the Secret would have {bytes} bytes, and Kubernetes takes {}",
        limits::KUBERNETES_SECRET
    )]
    LargeSecret { bytes: usize },
    #[error(transparent)]
    Random(#[from] crypto::Error),
}

pub fn format(name: &str) -> Option<&'static dyn Format> {
    FORMATS.into_iter().find(|format| format.name() == name)
}

/// Writes all variables, or none.
pub fn encode(
    format: &dyn Format,
    all: &[NamedValue],
    secret: &SecretIdentity,
) -> Result<Sensitive<Vec<u8>>, ExportError> {
    for variable in all {
        if let Err(reason) = takes(format, variable) {
            let others = FORMATS.into_iter();
            let others = others.filter(|other| takes(*other, variable).is_ok());
            return Err(ExportError::Unwritable {
                variable: variable.name.clone(),
                format: format.name(),
                reason,
                alternatives: others.map(Format::name).collect(),
            });
        }
    }
    format.takes_all(all)?;
    // Room for the longest forms, since a reallocation would leave a copy behind.
    let room = all
        .iter()
        .map(|variable| 6 * (variable.name.len() + variable.value.expose().len()) + 128);
    let mut text = Sensitive::new(Vec::with_capacity(room.sum::<usize>() + 256));
    format.write(all, secret, text.expose_mut())?;
    Ok(text)
}

fn takes(format: &dyn Format, NamedValue { name, value }: &NamedValue) -> Result<(), Reason> {
    format.takes(name, value.expose())
}

/// The value as text without NUL, which is what most formats hold.
fn text(value: &[u8]) -> Result<&str, Reason> {
    match std::str::from_utf8(value) {
        Ok(text) if text.contains('\0') => Err(Reason::Nul),
        Ok(text) => Ok(text),
        Err(_) => Err(Reason::NotText),
    }
}

fn expect(holds: bool, reason: Reason) -> Result<(), Reason> {
    holds.then_some(()).ok_or(reason)
}
