//! Runs the command against the vault, and forwards signals to it.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::process::{Child, Command, ExitStatus};

use ksm::dev::ClientEnvironment;
use ksm::environment::Environment;
use ksm::exec::supervise::Exit;

use super::not_prepared;
use super::signals::Signals;
use crate::failure::{Code, Failure};

pub(super) async fn run(
    program: &OsStr,
    words: &[OsString],
    variables: &ClientEnvironment,
    ours: &Environment,
    signals: &mut Signals,
) -> Result<Exit, Failure> {
    let mut command = variables.for_child(ours).command(program);
    command.args(words);
    let status = supervise(start(&mut command, program)?, signals).await?;
    Ok(Exit::Status(code(status)))
}

fn start(command: &mut Command, program: &OsStr) -> Result<Child, Failure> {
    command.spawn().map_err(|error| {
        let name = program.to_string_lossy();
        match error.kind() {
            ErrorKind::NotFound => {
                Failure::new(Code::NotFound, format!("program `{name}` was not found"))
            }
            _ => {
                Failure::new(Code::NotExecutable, error).while_doing(format!("cannot run `{name}`"))
            }
        }
    })
}

/// The status itself, or 128 and the number of the signal, as in a shell.
#[cfg(unix)]
fn code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal().map(|signal| signal + 128);
    status
        .code()
        .or(signal)
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> u8 {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}

#[cfg(unix)]
async fn supervise(mut child: Child, signals: &mut Signals) -> Result<ExitStatus, Failure> {
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let Some(pid) = pid else {
        return child.wait().map_err(not_prepared);
    };
    // Left unreaped until signals are no longer sent to it, so that its number cannot become another process's.
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let wait = move || waitid(WaitId::Pid(pid), options).is_ok();
    let mut ended = tokio::task::spawn_blocking(wait);
    loop {
        tokio::select! {
            _ = &mut ended => return child.wait().map_err(not_prepared),
            number = signals.next() => {
                if let Some(signal) = Signal::from_named_raw(number).filter(|_| !comes_from_terminal(number)) {
                    let _ = kill_process(pid, signal);
                }
            }
        }
    }
}

/// A terminal sends these to all processes in its foreground, the command included.
#[cfg(unix)]
fn comes_from_terminal(number: i32) -> bool {
    use rustix::process::{Signal, getpgrp};
    use rustix::stdio::{stderr, stdin, stdout};
    use rustix::termios::tcgetpgrp;

    let keyboard = [Signal::INT, Signal::QUIT]
        .iter()
        .any(|signal| signal.as_raw() == number);
    let in_foreground =
        || [tcgetpgrp(stdin()), tcgetpgrp(stdout()), tcgetpgrp(stderr())].contains(&Ok(getpgrp()));
    keyboard && in_foreground()
}

// The console gives Ctrl-C to the command as well; we only have to outlive it.
#[cfg(not(unix))]
async fn supervise(mut child: Child, _: &mut Signals) -> Result<ExitStatus, Failure> {
    let waiting = tokio::task::spawn_blocking(move || child.wait());
    waiting
        .await
        .map_err(std::io::Error::other)
        .and_then(|status| status)
        .map_err(not_prepared)
}
