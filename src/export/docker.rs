//! A file for `docker run --env-file`: lines as they are, without quotes or escapes.

use super::{Format, NamedValue, Reason, SecretIdentity, expect, names, text};
use crate::{crypto, limits};

#[derive(Debug)]
pub(super) struct Docker;

impl Format for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        let value = text(value)?;
        expect(!value.contains('\n'), Reason::Lines)?;
        // A line may end in both.
        expect(!value.ends_with('\r'), Reason::FinalReturn)?;
        let line = name.len() + "=".len() + value.len() + "\n".len();
        expect(line <= limits::DOCKER_LINE, Reason::LongLine)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        lines(all, text);
        Ok(())
    }
}

pub(super) fn lines(all: &[NamedValue], text: &mut Vec<u8>) {
    for NamedValue { name, value } in all {
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend_from_slice(value.expose());
        text.push(b'\n');
    }
}
