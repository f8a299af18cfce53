//! Starts the program on a terminal of its own or on pipes, and sees it through to its end.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

use pty_process::blocking::Pts;
use rustix::io::Errno;
use rustix::process::Pid;
use rustix::stdio::{stderr, stdout};
use rustix::termios::isatty;

use super::life::{Life, Place};
use super::output::{Finished, Outputs};
use super::pty::{self, Terminal};
use super::relay::{Source, Stream};
use super::signals::Signals;
use super::spawn::spawn;
use super::{Completion, Exit, OutputOptions};
use crate::exec::launch::{Launch, LaunchError};
use crate::private_file::signals::leave_to_caller;

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
        let mut command = launch.command();
        if options.needs_pipes() {
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
        }
        // A group of its own would be in the background of our terminal, and stopped for reading from it.
        let (child, place) = match pty::is_controlled() {
            true => (spawn(&mut command), Place::OurGroup(None)),
            false => (command.process_group(0).spawn(), Place::OwnGroup),
        };
        return Ok((relay(child, launch, outputs, None)?, place));
    }
    let (terminal, pts) = Terminal::open().map_err(LaunchError::Preparation)?;
    if pty::has_keyboard() {
        let program = spawn_session(launch, outputs, &terminal, pts)?;
        terminal.make_raw();
        Ok((program, Place::OwnSession(terminal)))
    } else {
        // Only our terminal can ask the user, so that one stays in control.
        let duplicate = || pts.as_fd().try_clone_to_owned();
        let mut command = launch.command();
        command.stdout(duplicate().map_err(LaunchError::Preparation)?);
        match isatty(stderr()) {
            true => command.stderr(duplicate().map_err(LaunchError::Preparation)?),
            false => command.stderr(Stdio::piped()),
        };
        let master = terminal.master().map_err(LaunchError::Preparation)?;
        let program = relay(spawn(&mut command), launch, outputs, Some(master))?;
        Ok((program, Place::OurGroup(Some(terminal))))
    }
}

/// Starts the program as the leader of a session on the terminal.
fn spawn_session(
    launch: &Launch,
    outputs: &mut Outputs,
    terminal: &Terminal,
    pts: Pts,
) -> Result<Pid, LaunchError> {
    let mut command = pty_process::blocking::Command::from(launch.command());
    if !isatty(stderr()) {
        command = command.stderr(Stdio::piped());
    }
    let child = command.spawn(pts).map_err(|error| {
        let error = match error {
            pty_process::Error::Io(error) => error,
            pty_process::Error::Rustix(error) => error.into(),
        };
        explain(launch, error)
    })?;
    let attach = |child: &mut Child| {
        outputs.type_into(terminal.master()?)?;
        attach(child, outputs, Some(terminal.master()?))
    };
    kill_unless(attach, child)
}

fn relay(
    started: io::Result<Child>,
    launch: &Launch,
    outputs: &mut Outputs,
    terminal: Option<OwnedFd>,
) -> Result<Pid, LaunchError> {
    let child = started.map_err(|error| explain(launch, error))?;
    kill_unless(|child| attach(child, outputs, terminal), child)
}

/// The pipes to a program are ours, and so is what they lack.
fn explain(launch: &Launch, error: io::Error) -> LaunchError {
    match Errno::from_io_error(&error) {
        Some(Errno::MFILE | Errno::NFILE) => LaunchError::Preparation(error),
        _ => launch.explain(error),
    }
}

/// Relays what the program writes to pipes and to the terminal we made.
fn attach(child: &mut Child, outputs: &mut Outputs, terminal: Option<OwnedFd>) -> io::Result<()> {
    if let Some(master) = terminal {
        outputs.relay(Source::Terminal, master, Stream::Stdout)?;
    }
    if let Some(pipe) = child.stdout.take() {
        outputs.relay(Source::Pipe, pipe.into(), Stream::Stdout)?;
    }
    if let Some(pipe) = child.stderr.take() {
        outputs.relay(Source::Pipe, pipe.into(), Stream::Stderr)?;
    }
    Ok(())
}

fn kill_unless(
    attach: impl FnOnce(&mut Child) -> io::Result<()>,
    mut child: Child,
) -> Result<Pid, LaunchError> {
    match attach(&mut child) {
        Ok(()) => Ok(Pid::from_child(&child)),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(LaunchError::Preparation(error))
        }
    }
}
