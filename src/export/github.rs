//! Lines for the files that `$GITHUB_ENV` and `$GITHUB_OUTPUT` name, and the commands that hide values in the log.

use super::{Format, NamedValue, Reason, SecretIdentity, expect, names, text};
use crate::codec;
use crate::crypto::{self, random};
use crate::sensitive::Sensitive;

#[derive(Debug)]
pub(super) struct GitHub;

impl Format for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        let upper = name.to_ascii_uppercase();
        let is_taken =
            upper.starts_with("GITHUB_") || upper.starts_with("RUNNER_") || upper == "NODE_OPTIONS";
        expect(!is_taken, Reason::OfRunner)?;
        // A runner on Windows takes it for a part of the line end.
        expect(!text(value)?.ends_with('\r'), Reason::FinalReturn)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        // The runner skips an empty line; a file may end in the middle of one.
        text.push(b'\n');
        for NamedValue { name, value } in all {
            let end = delimiter(value.expose())?;
            for part in [
                name.as_bytes(),
                b"<<",
                end.as_bytes(),
                b"\n",
                value.expose(),
                b"\n",
                end.as_bytes(),
                b"\n",
            ] {
                text.extend_from_slice(part);
            }
        }
        Ok(())
    }
}

/// Drawn for each value, so that none can hold its own end.
fn delimiter(value: &[u8]) -> Result<String, crypto::Error> {
    loop {
        let end = format!("ksm_{}", codec::encode_hex(&random::bytes::<16>()?));
        if !value
            .windows(end.len())
            .any(|window| window == end.as_bytes())
        {
            return Ok(end);
        }
    }
}

/// A command for each line of each value, by which the runner hides it in the log. A line end goes before: the log may be
/// in the middle of a line, where a command would be none.
pub fn masks(all: &[NamedValue]) -> Sensitive<String> {
    let room = all
        .iter()
        .map(|variable| 16 * variable.value.expose().len() + 16);
    let mut commands = Sensitive::new(String::with_capacity(room.sum::<usize>() + 1));
    for NamedValue { value, .. } in all {
        let value = text(value.expose()).unwrap_or_default();
        for line in value
            .split(['\r', '\n'])
            .filter(|line| !line.trim().is_empty())
        {
            let commands = commands.expose_mut();
            if commands.is_empty() {
                commands.push('\n');
            }
            commands.push_str("::add-mask::");
            for c in line.chars() {
                match c {
                    '%' => commands.push_str("%25"),
                    c => commands.push(c),
                }
            }
            commands.push('\n');
        }
    }
    commands
}
