//! Lines for `source` in fish.

use super::{Format, NamedValue, Reason, SecretIdentity, expect, names, text};
use crate::crypto;

#[derive(Debug)]
pub(super) struct Fish;

/// Variables that fish keeps for itself.
const SPECIAL: &[&str] = &[
    "_",
    "FISH_VERSION",
    "PWD",
    "SHLVL",
    "history",
    "hostname",
    "pipestatus",
    "status",
    "status_generation",
    "umask",
    "version",
];

impl Format for Fish {
    fn name(&self) -> &'static str {
        "fish"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        expect(
            !SPECIAL.contains(&name) && !name.starts_with("fish_"),
            Reason::OfShell,
        )?;
        text(value).map(drop)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        for variable in all {
            text.extend_from_slice(b"set -gx ");
            text.extend_from_slice(variable.name.as_bytes());
            text.extend_from_slice(b" '");
            for byte in variable.value.expose() {
                if matches!(byte, b'\'' | b'\\') {
                    text.push(b'\\');
                }
                text.push(*byte);
            }
            text.extend_from_slice(b"'\n");
        }
        Ok(())
    }
}
