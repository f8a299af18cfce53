//! Lines for `Invoke-Expression` in PowerShell. All of them are ASCII, since what PowerShell makes of other characters of
//! a program depends on the code page, and it takes `‘ ’ ‚ ‛` for quotes. No value spans lines, which PowerShell would
//! hand on one by one.

use super::{Lines, Reason, text};
use crate::codec;

#[derive(Debug)]
pub(super) struct PowerShell;

impl Lines for PowerShell {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn takes(&self, _: &str, value: &[u8]) -> Result<(), Reason> {
        text(value).map(drop)
    }

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>) {
        text.extend_from_slice(b"$env:");
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b" = ");
        expression(value, text);
        text.push(b'\n');
    }
}

fn expression(value: &[u8], text: &mut Vec<u8>) {
    if value.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        text.push(b'\'');
        for byte in value {
            text.push(*byte);
            if *byte == b'\'' {
                text.push(*byte);
            }
        }
        text.push(b'\'');
        return;
    }
    text.extend_from_slice(b"[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('");
    text.extend_from_slice(codec::encode(value).as_bytes());
    text.extend_from_slice(b"'))");
}
