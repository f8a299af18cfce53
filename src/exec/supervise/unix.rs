//! Starts the program on a terminal of its own or on pipes, and sees it through to its end.

use std::io;
use std::process::{Child, ChildStderr, Stdio};

use rustix::process::Pid;
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::isatty;

use super::output::{Finished, Outputs};
use super::pty::{self, Terminal};
use super::relay::{Source, Stream};
use super::signals::Signals;
use super::wait::{ProcessGroup, until_exit};
use super::{Completion, Exit, OutputOptions};
use crate::exec::launch::{Launch, LaunchError};
use crate::private_file::signals::leave_to_caller;

/// Runs a program to its end. Signals that reach us meanwhile are the program's; from here on they no longer end us.
pub fn run(launch: &Launch, options: &OutputOptions) -> Result<Completion, LaunchError> {
    // Caught before the start, so that no signal gets lost or ends us in between.
    let mut signals = Signals::catch().map_err(LaunchError::Preparation)?;
    if let Some(signal) = leave_to_caller() {
        // The signal came while files were written for the program. Without the wait for them it would have ended us.
        return Ok(Completion {
            exit: Exit::Signal(signal),
            output_error: None,
        });
    }
    let mut outputs = Outputs::new(options).map_err(LaunchError::Preparation)?;
    // Captured output is not on a terminal.
    let on_terminal = !options.capture && isatty(stdout()) && pty::in_foreground();
    let (child, group) = if on_terminal {
        start_on_terminal(launch, options, &mut outputs)?
    } else {
        start_on_pipes(launch, options, &mut outputs)?
    };
    let exit = until_exit(Pid::from_child(&child), &group, &mut signals);
    let finished = outputs.finish(&mut signals);
    // Restores our terminal.
    drop(group);
    Ok(match finished {
        Finished::Interrupted(signal) => Completion {
            exit: Exit::Signal(signal.as_raw()),
            output_error: None,
        },
        Finished::All(output_error) => Completion { exit, output_error },
    })
}

fn start_on_terminal(
    launch: &Launch,
    options: &OutputOptions,
    outputs: &mut Outputs,
) -> Result<(Child, ProcessGroup), LaunchError> {
    let (terminal, pts) = Terminal::open().map_err(LaunchError::Preparation)?;
    let mut command = pty_process::blocking::Command::from(launch.command());
    if !isatty(stdin()) {
        command = command.stdin(Stdio::inherit());
    }
    if !isatty(stderr()) {
        command = command.stderr(output(options));
    }
    let mut child = command.spawn(pts).map_err(|error| {
        launch.explain(match error {
            pty_process::Error::Io(error) => error,
            pty_process::Error::Rustix(error) => error.into(),
        })
    })?;
    terminal.make_raw();
    let stderr = child.stderr.take();
    let attached = attach(outputs, &terminal, stderr);
    let child = kill_unless(attached, child)?;
    Ok((child, ProcessGroup::OwnTerminal(terminal)))
}

fn attach(
    outputs: &mut Outputs,
    terminal: &Terminal,
    stderr: Option<ChildStderr>,
) -> io::Result<()> {
    outputs.relay(Source::Terminal, terminal.master()?, Stream::Stdout)?;
    if let Some(pipe) = stderr {
        outputs.relay(Source::Pipe, pipe.into(), Stream::Stderr)?;
    }
    if terminal.has_keyboard() {
        outputs.type_into(terminal.master()?)?;
    }
    Ok(())
}

fn start_on_pipes(
    launch: &Launch,
    options: &OutputOptions,
    outputs: &mut Outputs,
) -> Result<(Child, ProcessGroup), LaunchError> {
    let mut command = launch.command();
    command.stdout(output(options)).stderr(output(options));
    // A group of its own would be in the background of our terminal, and stopped for reading from it.
    let group = if pty::is_controlled() {
        ProcessGroup::Ours
    } else {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        ProcessGroup::Own
    };
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    let stdout = child
        .stdout
        .take()
        .map(|pipe| (pipe.into(), Stream::Stdout));
    let stderr = child
        .stderr
        .take()
        .map(|pipe| (pipe.into(), Stream::Stderr));
    let attached = stdout
        .into_iter()
        .chain(stderr)
        .try_for_each(|(pipe, stream)| outputs.relay(Source::Pipe, pipe, stream));
    Ok((kill_unless(attached, child)?, group))
}

fn output(options: &OutputOptions) -> Stdio {
    if options.needs_pipes() {
        Stdio::piped()
    } else {
        Stdio::inherit()
    }
}

fn kill_unless(attached: io::Result<()>, mut child: Child) -> Result<Child, LaunchError> {
    match attached {
        Ok(()) => Ok(child),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(LaunchError::Preparation(error))
        }
    }
}
