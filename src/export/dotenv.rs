//! A `.env` file that Node's dotenv, python-dotenv and `--env-file` of ksm read alike.

use super::{Lines, Reason, text};
use crate::quoting::{self, Dotenv as Quoted};

#[derive(Debug)]
pub(super) struct Dotenv;

impl Lines for Dotenv {
    fn name(&self) -> &'static str {
        "dotenv"
    }

    fn takes(&self, _: &str, value: &[u8]) -> Result<(), Reason> {
        quoted(text(value)?).map(drop)
    }

    fn write(&self, name: &str, value: &[u8], out: &mut Vec<u8>) {
        let quoted = text(value).and_then(quoted).unwrap_or_default();
        out.extend_from_slice(name.as_bytes());
        out.push(b'=');
        out.extend_from_slice(quoted.as_bytes());
        out.push(b'\n');
    }
}

fn quoted(value: &str) -> Result<String, Reason> {
    // Expanded between quotes of either kind, and there is no escape.
    if value.contains("${") {
        return Err(Reason::Expandable);
    }
    match quoting::dotenv(value) {
        Quoted::ForAll(quoted) => Ok(quoted),
        Quoted::ForPython(_) => Err(Reason::Quotes),
    }
}
