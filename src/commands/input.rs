//! Secrets that are not typed on the command line (security T4).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ksm::sensitive::Sensitive;

use crate::failure::{Code, Failure};

/// More than any token or configuration needs.
const LIMIT: u64 = 1 << 20;

/// All of stdin.
pub(super) fn stdin() -> Result<Sensitive<String>, Failure> {
    read(io::stdin().lock())
        .map_err(|reason| Failure::new(Code::Failed, reason).while_doing("cannot read from stdin"))
}

/// The first line of a file.
pub(super) fn first_line(path: &Path) -> Result<Sensitive<String>, Failure> {
    let text = File::open(path).and_then(read).map_err(|reason| {
        Failure::new(Code::Local, reason).while_doing(format!("cannot read {}", path.display()))
    })?;
    let line = text.expose().lines().next().unwrap_or_default();
    Ok(Sensitive::new(line.to_owned()))
}

fn read(from: impl Read) -> io::Result<Sensitive<String>> {
    let mut text = Sensitive::new(String::with_capacity(8192));
    let read = from.take(LIMIT + 1).read_to_string(text.expose_mut())?;
    if read as u64 > LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}
