//! Secrets that are not typed on the command line (T4).

use std::path::Path;

use ksm::input::{self, Limit};
use ksm::profile::bundle;
use ksm::sensitive::Sensitive;

use crate::failure::{Code, Failure, Result};

/// All of stdin.
pub(super) fn stdin() -> Result<Sensitive<String>> {
    let text = input::stdin(Limit::TOKEN).and_then(input::text);
    let text = text.map_err(|reason| {
        Failure::of_input(Code::Failed, reason).while_doing("cannot read from stdin")
    })?;
    // The program before it in a pipeline may have failed (D31).
    match text.expose().trim().is_empty() {
        true => Err(Failure::usage("stdin was empty")),
        false => Ok(text),
    }
}

/// The first line of a file that says something.
pub(super) fn first_line(path: &Path) -> Result<Sensitive<String>> {
    if bundle::is_content(path) {
        return Err(
            Failure::usage("a token was given where the path of its file is wanted")
                .hint("`--token-file` names a file, and `--token -` reads stdin"),
        );
    }
    let text = input::file(path, Limit::TOKEN).and_then(input::text);
    let text = text.map_err(|reason| {
        Failure::of_input(Code::Local, reason)
            .while_doing(format!("cannot read {}", path.display()))
    })?;
    let mut lines = text.expose().lines().filter(|line| !line.trim().is_empty());
    let line = lines.next().unwrap_or_default();
    Ok(Sensitive::new(line.to_owned()))
}
