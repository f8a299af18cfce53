//! A file for `docker run --env-file`: lines as they are, without quotes or escapes.

use super::{Lines, Reason, expect, text};
use crate::limits;

#[derive(Debug)]
pub(super) struct Docker;

impl Lines for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        let value = text(value)?;
        expect(!value.contains('\n'), Reason::Lines)?;
        // A line may end in both.
        expect(!value.ends_with('\r'), Reason::FinalReturn)?;
        let line = name.len() + "=".len() + value.len() + "\n".len();
        expect(line <= limits::DOCKER_LINE, Reason::LongLine)
    }

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>) {
        line(name, value, text);
    }
}

pub(super) fn line(name: &str, value: &[u8], text: &mut Vec<u8>) {
    text.extend_from_slice(name.as_bytes());
    text.push(b'=');
    text.extend_from_slice(value);
    text.push(b'\n');
}
