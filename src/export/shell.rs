//! Lines for `eval` in POSIX shells: bash, dash, zsh.

use super::{Format, NamedValue, Reason, SecretIdentity, expect, names, reserved};
use crate::{crypto, quoting};

#[derive(Debug)]
pub(super) struct Shell;

impl Format for Shell {
    fn name(&self) -> &'static str {
        "shell"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        expect(!reserved::is_of_shell(name), Reason::OfShell)?;
        expect(!value.contains(&0), Reason::Nul)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        for variable in all {
            text.extend_from_slice(b"export ");
            text.extend_from_slice(variable.name.as_bytes());
            text.push(b'=');
            quoting::shell(variable.value.expose(), text);
            text.push(b'\n');
        }
        Ok(())
    }
}
