//! Lines for `source` in fish.

use super::{Lines, Reason, expect, text};

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

impl Lines for Fish {
    fn name(&self) -> &'static str {
        "fish"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        expect(
            !SPECIAL.contains(&name) && !name.starts_with("fish_"),
            Reason::OfShell,
        )?;
        text(value).map(drop)
    }

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>) {
        text.extend_from_slice(b"set -gx ");
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b" '");
        for byte in value {
            if matches!(byte, b'\'' | b'\\') {
                text.push(b'\\');
            }
            text.push(*byte);
        }
        text.extend_from_slice(b"'\n");
    }
}
