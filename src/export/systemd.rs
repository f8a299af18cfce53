//! A file for `EnvironmentFile=` of systemd: double quotes, between which a backslash protects four characters.

use super::{Lines, Reason, expect, text};

#[derive(Debug)]
pub(super) struct Systemd;

impl Lines for Systemd {
    fn name(&self) -> &'static str {
        "systemd"
    }

    fn takes(&self, _: &str, value: &[u8]) -> Result<(), Reason> {
        // systemd takes such a value for damaged UTF-8, and leaves the variable out.
        expect(!text(value)?.contains(is_no_character), Reason::NoCharacter)
    }

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>) {
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b"=\"");
        for byte in value {
            if matches!(byte, b'"' | b'\\' | b'`' | b'$') {
                text.push(b'\\');
            }
            text.push(*byte);
        }
        text.extend_from_slice(b"\"\n");
    }
}

fn is_no_character(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}
