//! Starts the program on a terminal of its own or on pipes, and sees it through to its end.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use rustix::stdio::{stderr, stdout};
use rustix::termios::isatty;

use super::life::{Life, Place};
use super::output::{Finished, Outputs};
use super::pty::{self, Terminal};
use super::relay::{Source, Stream};
use super::signals::Signals;
use super::spawn::{Group, Pipes, Redirect, Started, spawn};
use super::{Completion, Exit, OutputOptions};
use crate::exec::launch::{Launch, LaunchError};
use crate::signals::leave_to_caller;

/// Runs a program to its end, and drops `files` then, or whatever else is the program's alone. Signals that reach us
/// meanwhile are the program's, and end us again afterwards.
pub fn run<F>(
    launch: Launch,
    files: F,
    options: &OutputOptions,
) -> Result<Completion, LaunchError> {
    // Caught before the start, so that no signal gets lost or ends us in between.
    let signals = Signals::catch().map_err(LaunchError::Preparation)?;
    // Moved here, the files go before signals can end us.
    let files = files;
    if let Some(signal) = leave_to_caller() {
        // The signal came while files were written for the program. Without the wait for them it would have ended us.
        return Ok(Completion {
            exit: Exit::Signal(signal),
            output_error: None,
        });
    }
    let mut outputs = Outputs::new(options).map_err(LaunchError::Preparation)?;
    let (program, place) = start(&launch, options, &mut outputs)?;
    // What the program got is needed no more.
    drop(launch);
    let mut life = Life::new(program, place, signals);
    let exit = life.until_exit();
    let finished = outputs.finish(&mut life);
    drop(files);
    Ok(match finished {
        Finished::Interrupted(signal) => Completion {
            exit: Exit::Signal(signal.as_raw()),
            output_error: None,
        },
        Finished::All(output_error) => Completion { exit, output_error },
    })
}

fn start(
    launch: &Launch,
    options: &OutputOptions,
    outputs: &mut Outputs,
) -> Result<(Pid, Place), LaunchError> {
    // Captured output is not on a terminal, and without a mask the program has ours.
    let is_shown = options.mask.is_some() && !options.capture;
    if !is_shown || !isatty(stdout()) || !pty::in_foreground() {
        let output = || match options.needs_pipes() {
            true => Redirect::Pipe,
            false => Redirect::Unchanged,
        };
        let streams = [Redirect::Unchanged, output(), output()];
        // A group of its own would be in the background of our terminal, and stopped for reading from it.
        let (group, place) = match pty::is_controlled() {
            true => (Group::Ours, Place::OurGroup(None)),
            false => (Group::Own, Place::OwnGroup),
        };
        let started = spawn(launch, group, streams).map_err(|error| explain(launch, error))?;
        let program = kill_unless(|pipes| attach(pipes, outputs, None), started)?;
        return Ok((program, place));
    }
    let (terminal, pts) = Terminal::open().map_err(LaunchError::Preparation)?;
    let master = terminal.master().map_err(LaunchError::Preparation)?;
    let has_stderr = isatty(stderr());
    if pty::has_keyboard() {
        let stderr = match has_stderr {
            true => Redirect::Unchanged,
            false => Redirect::Pipe,
        };
        let streams = [Redirect::Unchanged, Redirect::Unchanged, stderr];
        let group = Group::Session(&terminal, pts);
        let started = spawn(launch, group, streams).map_err(|error| explain(launch, error))?;
        let attach = |pipes| {
            outputs.type_into(terminal.master()?)?;
            attach(pipes, outputs, Some(master))
        };
        let program = kill_unless(attach, started)?;
        Ok((program, Place::OwnSession(terminal)))
    } else {
        // Only our terminal can ask the user, so that one stays in control.
        let duplicate = || pts.as_fd().try_clone_to_owned().map(Redirect::To);
        let stdout = duplicate().map_err(LaunchError::Preparation)?;
        let stderr = match has_stderr {
            true => duplicate().map_err(LaunchError::Preparation)?,
            false => Redirect::Pipe,
        };
        let streams = [Redirect::Unchanged, stdout, stderr];
        let started =
            spawn(launch, Group::Ours, streams).map_err(|error| explain(launch, error))?;
        let program = kill_unless(|pipes| attach(pipes, outputs, Some(master)), started)?;
        Ok((program, Place::OurGroup(Some(terminal))))
    }
}

/// The pipes to a program are ours, and so is what they lack.
fn explain(launch: &Launch, error: io::Error) -> LaunchError {
    match Errno::from_io_error(&error) {
        Some(Errno::MFILE | Errno::NFILE) => LaunchError::Preparation(error),
        _ => launch.explain(error),
    }
}

/// Relays what the program writes to pipes and to the terminal we made.
fn attach(
    [_, stdout, stderr]: Pipes,
    outputs: &mut Outputs,
    terminal: Option<OwnedFd>,
) -> io::Result<()> {
    if let Some(master) = terminal {
        outputs.relay(Source::Terminal, master, Stream::Stdout)?;
    }
    if let Some(pipe) = stdout {
        outputs.relay(Source::Pipe, pipe, Stream::Stdout)?;
    }
    if let Some(pipe) = stderr {
        outputs.relay(Source::Pipe, pipe, Stream::Stderr)?;
    }
    Ok(())
}

fn kill_unless(
    attach: impl FnOnce(Pipes) -> io::Result<()>,
    Started { program, pipes }: Started,
) -> Result<Pid, LaunchError> {
    attach(pipes).map(|()| program).map_err(|error| {
        let _ = kill_process(program, Signal::KILL);
        let _ = waitpid(Some(program), WaitOptions::empty());
        LaunchError::Preparation(error)
    })
}
