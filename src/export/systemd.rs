//! A file for `EnvironmentFile=` of systemd: double quotes, between which a backslash protects four characters.

use super::{Format, NamedValue, Reason, SecretIdentity, expect, names, text};
use crate::crypto;

#[derive(Debug)]
pub(super) struct Systemd;

impl Format for Systemd {
    fn name(&self) -> &'static str {
        "systemd"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        // systemd takes such a value for damaged UTF-8, and leaves the variable out.
        expect(!text(value)?.contains(is_no_character), Reason::NoCharacter)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        for NamedValue { name, value } in all {
            text.extend_from_slice(name.as_bytes());
            text.extend_from_slice(b"=\"");
            for byte in value.expose() {
                if matches!(byte, b'"' | b'\\' | b'`' | b'$') {
                    text.push(b'\\');
                }
                text.push(*byte);
            }
            text.extend_from_slice(b"\"\n");
        }
        Ok(())
    }
}

fn is_no_character(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}
