//! Runs a program that reads its stdin from us and talks to the user itself.

#[cfg(not(unix))]
use std::io;
use std::io::Write;

use super::Exit;
use crate::exec::launch::{Launch, LaunchError};

/// Runs the program with `input`, which must fit into a pipe, on its stdin, and our stderr as its stdout: our stdout is
/// for our own answer. Signals that reach us meanwhile are the program's, and end us again afterwards.
#[cfg(unix)]
pub fn feed(launch: &Launch, input: &[u8]) -> Result<Exit, LaunchError> {
    use std::fs::File;

    use super::life::{Life, Place};
    use super::signals::Signals;
    use super::spawn::{Group, Redirect, Started, spawn};

    // Caught before the start, so that no signal gets lost or ends us in between.
    let signals = Signals::catch().map_err(LaunchError::Preparation)?;
    if let Some(signal) = crate::signals::leave_to_caller() {
        return Ok(Exit::Signal(signal));
    }
    let stderr = rustix::stdio::stderr().try_clone_to_owned();
    let stdout = Redirect::To(stderr.map_err(LaunchError::Preparation)?);
    let streams = [Redirect::Pipe, stdout, Redirect::Unchanged];
    let started = spawn(launch, Group::Ours, streams).map_err(|error| launch.explain(error))?;
    let Started {
        program,
        pipes: [stdin, ..],
    } = started;
    if let Some(stdin) = stdin {
        // A program that does not read reports that by its exit.
        let _ = File::from(stdin).write_all(input);
    }
    Ok(Life::new(program, Place::OurGroup(None), signals).until_exit())
}

#[cfg(not(unix))]
pub fn feed(launch: &Launch, input: &[u8]) -> Result<Exit, LaunchError> {
    use std::process::Stdio;

    use crate::signals::{Keys, leave_to_caller};

    let _keys = Keys::catch().map_err(LaunchError::Preparation)?;
    if let Some(signal) = leave_to_caller() {
        return Ok(Exit::Signal(signal));
    }
    let mut command = launch.command();
    command.stdin(Stdio::piped()).stdout(io::stderr());
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read reports that by its exit.
        let _ = stdin.write_all(input);
    }
    let status = child.wait().map_err(LaunchError::Preparation)?;
    Ok(Exit::of(status))
}
