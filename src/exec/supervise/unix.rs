//! Starts the program where it is to stand, and sees it through to its end.

use std::io;
use std::process::{Child, ChildStderr, Stdio};

use rustix::process::Pid;
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::isatty;

use super::output::{Delivery, Outputs, Stream};
use super::pty::{self, Terminal};
use super::reap::{Standing, until_end};
use super::relay::Source;
use super::signals::Signals;
use super::{Completion, Exit, OutputOptions};
use crate::exec::launch::{Launch, LaunchError};
use crate::private_file::signals::leave_to_caller;

/// A program that runs.
struct Started {
    child: Child,
    standing: Standing,
}

/// Runs a program to its end. Signals that reach us meanwhile are the program's; from here on they no longer end us.
pub fn run(launch: &Launch, mode: &OutputOptions) -> Result<Completion, LaunchError> {
    // Before the start, so that no signal gets lost or ends us in between.
    let mut signals = Signals::catch().map_err(LaunchError::Preparation)?;
    if let Some(signal) = leave_to_caller() {
        // It came while files were written for the program, and would have ended that.
        return Ok(Completion {
            exit: Exit::Signal(signal),
            output_error: None,
        });
    }
    let mut outputs = Outputs::new(mode).map_err(LaunchError::Preparation)?;
    // What is kept for later is not on a terminal.
    let on_terminal = !mode.capture && isatty(stdout()) && pty::in_foreground();
    let started = if on_terminal {
        on_own_terminal(launch, mode, &mut outputs)?
    } else {
        on_pipes(launch, mode, &mut outputs)?
    };
    let program = Pid::from_child(&started.child);
    let exit = until_end(program, &started.standing, &mut signals);
    let delivery = outputs.finish(&mut signals);
    // Our terminal is ours again.
    drop(started.standing);
    Ok(match delivery {
        Delivery::Interrupted(signal) => Completion {
            exit: Exit::Signal(signal.as_raw()),
            output_error: None,
        },
        Delivery::Over(output_error) => Completion { exit, output_error },
    })
}

fn on_own_terminal(
    launch: &Launch,
    mode: &OutputOptions,
    outputs: &mut Outputs,
) -> Result<Started, LaunchError> {
    let (terminal, pts) = Terminal::open().map_err(LaunchError::Preparation)?;
    let mut command = pty_process::blocking::Command::from(launch.command());
    if !isatty(stdin()) {
        command = command.stdin(Stdio::inherit());
    }
    if !isatty(stderr()) {
        command = command.stderr(piped_if(mode.reads_output()));
    }
    let mut child = command
        .spawn(pts)
        .map_err(|error| launch.explain(plain(error)))?;
    terminal.take();
    let stderr = child.stderr.take();
    let attached = attach(outputs, &terminal, stderr);
    let child = unless_lost(child, attached)?;
    Ok(Started {
        child,
        standing: Standing::Within(terminal),
    })
}

fn attach(
    outputs: &mut Outputs,
    terminal: &Terminal,
    stderr: Option<ChildStderr>,
) -> io::Result<()> {
    outputs.show(Source::Terminal, terminal.master()?, Stream::Stdout)?;
    if let Some(pipe) = stderr {
        outputs.show(Source::Pipe, pipe.into(), Stream::Stderr)?;
    }
    if terminal.has_keyboard() {
        outputs.type_into(terminal.master()?)?;
    }
    Ok(())
}

fn on_pipes(
    launch: &Launch,
    mode: &OutputOptions,
    outputs: &mut Outputs,
) -> Result<Started, LaunchError> {
    let mut command = launch.command();
    command
        .stdout(piped_if(mode.reads_output()))
        .stderr(piped_if(mode.reads_output()));
    // A group of its own would be in the background of our terminal, and stopped for reading from it.
    let standing = if pty::is_controlled() {
        Standing::Beside
    } else {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Standing::Apart
    };
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    let pipes = [
        child
            .stdout
            .take()
            .map(|pipe| (pipe.into(), Stream::Stdout)),
        child
            .stderr
            .take()
            .map(|pipe| (pipe.into(), Stream::Stderr)),
    ];
    let attached = pipes
        .into_iter()
        .flatten()
        .try_for_each(|(pipe, stream)| outputs.show(Source::Pipe, pipe, stream));
    let child = unless_lost(child, attached)?;
    Ok(Started { child, standing })
}

fn piped_if(wanted: bool) -> Stdio {
    if wanted {
        Stdio::piped()
    } else {
        Stdio::inherit()
    }
}

/// A program nobody listens to is not left running.
fn unless_lost(mut child: Child, attached: io::Result<()>) -> Result<Child, LaunchError> {
    match attached {
        Ok(()) => Ok(child),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(LaunchError::Preparation(error))
        }
    }
}

fn plain(error: pty_process::Error) -> io::Error {
    match error {
        pty_process::Error::Io(error) => error,
        pty_process::Error::Rustix(error) => error.into(),
    }
}
