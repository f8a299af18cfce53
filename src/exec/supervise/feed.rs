//! Runs a program that reads something from us and talks to the user itself.

use std::io::{self, Write};
use std::process::Stdio;

use super::Exit;
use crate::exec::launch::{Launch, LaunchError};

/// Starts the program, gives it `input` on its stdin, less than a pipe holds, and waits for its end. What it prints goes
/// to stderr: stdout is for our own answer. Signals that reach us meanwhile are the program's; from here on they no
/// longer end us.
pub fn feed(launch: &Launch, input: &[u8]) -> Result<Exit, LaunchError> {
    // Before the start, so that no signal gets lost or ends us in between.
    #[cfg(unix)]
    let mut signals = super::signals::Signals::catch().map_err(LaunchError::Preparation)?;
    #[cfg(unix)]
    if let Some(signal) = crate::private_file::signals::leave_to_caller() {
        return Ok(Exit::Signal(signal));
    }
    let mut command = launch.command();
    command.stdin(Stdio::piped()).stdout(io::stderr());
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read is known by its end.
        let _ = stdin.write_all(input);
    }
    #[cfg(unix)]
    {
        use super::reap::{Standing, until_end};
        let program = rustix::process::Pid::from_child(&child);
        Ok(until_end(program, &Standing::Beside, &mut signals))
    }
    #[cfg(not(unix))]
    {
        let status = child.wait().map_err(LaunchError::Preparation)?;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(Exit::Status(code.unwrap_or(1)))
    }
}
