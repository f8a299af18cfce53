//! Secrets that are not typed on the command line (T4).

use std::io::{self, IsTerminal};
use std::path::Path;

use ksm::input::{self, Limit};
use ksm::profile::bundle;
use ksm::sensitive::Sensitive;

#[cfg(unix)]
use super::prompt::PromptGuard;
use crate::failure::{Failure, Result};

/// Whether a person can be asked for what the terminal does not show.
pub(super) fn can_ask() -> bool {
    cfg!(unix) && io::stdin().is_terminal()
}

/// Asks for a line at the terminal, which does not show it. `prompt` begins the question, and errors call it `what`.
#[cfg_attr(not(unix), expect(unused_variables, reason = "nobody is asked there"))]
pub(super) fn unseen(prompt: &str, what: &str) -> Result<Sensitive<String>> {
    #[cfg(unix)]
    let line = PromptGuard::watch().during(|| {
        let question = format!("{prompt} (it is not shown):");
        input::unseen_line(|| crate::console::note(&question))
    });
    // The terminal hands over the key, since a signal would leave it silent.
    #[cfg(unix)]
    if matches!(&line, Err(error) if error.kind() == io::ErrorKind::Interrupted) {
        let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
    }
    #[cfg(not(unix))]
    let line: io::Result<Sensitive<String>> = Err(io::Error::from(io::ErrorKind::Unsupported));
    line.map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => Failure::usage(format!("no {what} was typed")),
        _ => Failure::of_input(error).while_doing(format!("cannot read the {what}")),
    })
}

/// All of stdin.
pub(super) fn stdin() -> Result<Sensitive<String>> {
    let text = input::stdin(Limit::TOKEN).and_then(input::text);
    let text =
        text.map_err(|reason| Failure::of_input(reason).while_doing("cannot read from stdin"))?;
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
        Failure::of_input(reason).while_doing(format!("cannot read {}", path.display()))
    })?;
    let mut lines = text.expose().lines().filter(|line| !line.trim().is_empty());
    let line = lines.next().unwrap_or_default();
    Ok(Sensitive::new(line.to_owned()))
}
