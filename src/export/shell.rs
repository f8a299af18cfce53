//! Lines for `eval` in POSIX shells: bash, dash, zsh.

use super::{Lines, Reason, expect, reserved};
use crate::quoting;

#[derive(Debug)]
pub(super) struct Shell;

impl Lines for Shell {
    fn name(&self) -> &'static str {
        "shell"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        expect(!reserved::is_of_shell(name), Reason::OfShell)?;
        expect(!value.contains(&0), Reason::Nul)
    }

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>) {
        text.extend_from_slice(b"export ");
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        quoting::shell(value, text);
        text.push(b'\n');
    }
}
