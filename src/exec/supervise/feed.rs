//! Runs a program that reads its stdin from us and talks to the user itself.

use std::io::{self, Write};
use std::process::Stdio;

use super::Exit;
use crate::exec::launch::{Launch, LaunchError};

/// Runs the program with `input`, which must fit into a pipe, on its stdin, and our stderr as its stdout: our stdout is
/// for our own answer. Signals that reach us meanwhile are the program's, and end us again afterwards.
pub fn feed(launch: &Launch, input: &[u8]) -> Result<Exit, LaunchError> {
    // Caught before the start, so that no signal gets lost or ends us in between.
    #[cfg(unix)]
    let signals = super::signals::Signals::catch().map_err(LaunchError::Preparation)?;
    #[cfg(unix)]
    if let Some(signal) = crate::private_file::signals::leave_to_caller() {
        return Ok(Exit::Signal(signal));
    }
    let mut command = launch.command();
    command.stdin(Stdio::piped()).stdout(io::stderr());
    #[cfg(unix)]
    let child = super::spawn::spawn(&mut command);
    #[cfg(not(unix))]
    let child = command.spawn();
    let mut child = child.map_err(|error| launch.explain(error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read reports that by its exit.
        let _ = stdin.write_all(input);
    }
    #[cfg(unix)]
    {
        use super::life::{Life, Place};
        let program = rustix::process::Pid::from_child(&child);
        Ok(Life::new(program, Place::OurGroup(None), signals).until_exit())
    }
    #[cfg(not(unix))]
    {
        let status = child.wait().map_err(LaunchError::Preparation)?;
        Ok(Exit::of(status))
    }
}
