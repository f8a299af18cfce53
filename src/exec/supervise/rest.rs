//! Output of processes that the program leaves behind: it goes nowhere (supervision 4).

use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::Stdio;

use rustix::process::{Pid, getpid};

use super::descriptors::has_writers;
use crate::environment::ChildEnvironment;
use crate::program::Program;

/// Leaves a `cat` that reads on for as long as somebody writes, since our end of the pipe closes with us, and whoever
/// writes then would be ended by SIGPIPE. Where there is no `cat`, that happens. With process 1 all others end.
pub(super) fn swallow_rest(from: impl AsFd) {
    if getpid() == Pid::INIT || !has_writers(&from) {
        return;
    }
    let Ok(from) = from.as_fd().try_clone_to_owned() else {
        return;
    };
    let _ = Program::at("/bin/cat")
        .command(&ChildEnvironment::default())
        .current_dir("/")
        .stdin(from)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // The keys of a terminal are not meant for it.
        .process_group(0)
        .spawn();
}
