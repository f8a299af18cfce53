//! Starts a program as our child, and keeps a key that comes at that moment from stopping us for ever.

use std::io;
use std::os::fd::OwnedFd;
#[cfg(target_os = "linux")]
use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread::{self, Builder},
    time::Duration,
};

use pty_process::blocking::Pts;
use rustix::process::Pid;

use super::pty::Terminal;
use crate::exec::launch::Launch;

/// Longer than a start takes that nothing stops.
#[cfg(target_os = "linux")]
const START: Duration = Duration::from_millis(20);

/// Which processes a program belongs to.
pub(super) enum Group<'t> {
    Ours,
    Own,
    /// A session of its own, on a terminal that we made, of which it gets the other end. Ours becomes raw.
    Session(&'t Terminal, Pts),
}

pub(super) enum Redirect {
    /// Ours, or the terminal of a session.
    Unchanged,
    /// To us.
    Pipe,
    To(OwnedFd),
}

/// Our ends of the pipes to a program's stdin, stdout and stderr.
pub(super) type Pipes = [Option<OwnedFd>; 3];

pub(super) struct Started {
    pub(super) program: Pid,
    pub(super) pipes: Pipes,
}

/// Starts a program that a key may stop before it runs. The C library has every signal wait until just before the child
/// becomes the program, and meanwhile has us wait for it as nobody can who is to stop, too. So such a child goes on, and
/// the signal is passed on to the program.
pub(super) fn spawn(launch: &Launch, group: Group, streams: [Redirect; 3]) -> io::Result<Started> {
    let terminal = match &group {
        Group::Session(terminal, _) => Some(*terminal),
        Group::Ours | Group::Own => None,
    };
    let child = match &group {
        Group::Ours => watched(|| start(launch, group, streams)),
        Group::Session(..) | Group::Own => start(launch, group, streams),
    };
    // Before its first output is read, whose line ends are those of the program's terminal.
    if let (Ok(_), Some(terminal)) = (&child, terminal) {
        terminal.make_raw();
    }
    child
}

/// Has a thread look after the start. It has ended when this returns: it wakes nobody any more, and a signal that the system
/// gave to it is noted.
#[cfg(target_os = "linux")]
fn watched<T>(start: impl FnOnce() -> T) -> T {
    let (starting, started) = mpsc::channel::<()>();
    let watch = move || {
        while started.recv_timeout(START) == Err(RecvTimeoutError::Timeout) {
            wake_stopped();
        }
    };
    thread::scope(|scope| {
        // Without a thread the key is dangerous, and nothing else.
        let _ = Builder::new().spawn_scoped(scope, watch);
        let child = start();
        drop(starting);
        child
    })
}

// Elsewhere starting a program is one system call.
#[cfg(not(target_os = "linux"))]
fn watched<T>(start: impl FnOnce() -> T) -> T {
    start()
}

/// The standard library's way, and with entries of the environment that it cannot hold.
#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "the strings are those of the launch"
)]
fn start(launch: &Launch, group: Group, streams: [Redirect; 3]) -> io::Result<Started> {
    use std::os::fd::AsRawFd;

    use nix::fcntl::OFlag;
    use nix::libc;
    use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
    use nix::sys::signal::{SigSet, Signal};
    use nix::sys::stat::Mode;

    let mut attributes = PosixSpawnAttr::init()?;
    let mut actions = PosixSpawnFileActions::init()?;
    // The standard library ignores it.
    attributes.set_sigdefault(&SigSet::from(Signal::SIGPIPE))?;
    let mut flags = PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF;
    match &group {
        Group::Ours => {}
        Group::Own => {
            flags |= PosixSpawnFlags::POSIX_SPAWN_SETPGROUP;
            attributes.set_pgroup(nix::unistd::Pid::from_raw(0))?;
        }
        Group::Session(terminal, pts) => {
            flags |= PosixSpawnFlags::from_bits_retain(libc::POSIX_SPAWN_SETSID.into());
            // The first terminal that the leader of a session opens becomes that session's.
            let path = terminal.path()?;
            actions.add_open(0, &*path, OFlag::O_RDWR, Mode::empty())?;
            for stream in [1, 2] {
                actions.add_dup2(pts.as_raw_fd(), stream)?;
            }
        }
    }
    attributes.set_flags(flags)?;
    let mut pipes = [const { None }; 3];
    let mut theirs = Vec::new();
    for ((stream, redirect), pipe) in (0..).zip(streams).zip(&mut pipes) {
        let end = match redirect {
            Redirect::Unchanged => continue,
            Redirect::To(end) => end,
            Redirect::Pipe => {
                let (reader, writer) = io::pipe()?;
                let (their, our): (OwnedFd, OwnedFd) = match stream {
                    0 => (reader.into(), writer.into()),
                    _ => (writer.into(), reader.into()),
                };
                *pipe = Some(our);
                their
            }
        };
        actions.add_dup2(end.as_raw_fd(), stream)?;
        theirs.push(end);
    }
    let program = launch.attempt(|strings| {
        posix_spawn(
            &*strings.path,
            &actions,
            &attributes,
            &strings.arguments,
            &strings.environment,
        )
    })?;
    let program = Pid::from_raw(program.as_raw()).ok_or(io::ErrorKind::Other)?;
    Ok(Started { program, pipes })
}

// Where the system does not tell which entries of the environment are no variables, there is nothing to add to the
// standard library's way.
#[cfg(not(target_os = "linux"))]
fn start(launch: &Launch, group: Group, streams: [Redirect; 3]) -> io::Result<Started> {
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;

    let stdio = |redirect| match redirect {
        Redirect::Unchanged => None,
        Redirect::Pipe => Some(Stdio::piped()),
        Redirect::To(end) => Some(end.into()),
    };
    let [stdin, stdout, stderr] = streams.map(stdio);
    let mut command = launch.command();
    let mut child = match group {
        Group::Session(_, pts) => {
            let mut command = pty_process::blocking::Command::from(command);
            if let Some(stdin) = stdin {
                command = command.stdin(stdin);
            }
            if let Some(stdout) = stdout {
                command = command.stdout(stdout);
            }
            if let Some(stderr) = stderr {
                command = command.stderr(stderr);
            }
            command.spawn(pts).map_err(|error| match error {
                pty_process::Error::Io(error) => error,
                pty_process::Error::Rustix(error) => error.into(),
            })?
        }
        Group::Ours | Group::Own => {
            if matches!(group, Group::Own) {
                command.process_group(0);
            }
            command
                .stdin(stdin.unwrap_or_else(Stdio::inherit))
                .stdout(stdout.unwrap_or_else(Stdio::inherit))
                .stderr(stderr.unwrap_or_else(Stdio::inherit))
                .spawn()?
        }
    };
    Ok(Started {
        program: Pid::from_child(&child),
        pipes: [
            child.stdin.take().map(OwnedFd::from),
            child.stdout.take().map(OwnedFd::from),
            child.stderr.take().map(OwnedFd::from),
        ],
    })
}

#[cfg(target_os = "linux")]
fn wake_stopped() {
    use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
    use rustix::process::{Pid, Signal, kill_process};

    // What is only looked at is told to who waits for it, too.
    let look = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    if let Ok(WaitStatus::Stopped(child, _)) = waitid(Id::All, look)
        && let Some(child) = Pid::from_raw(child.as_raw())
    {
        let _ = kill_process(child, Signal::CONT);
    }
}
