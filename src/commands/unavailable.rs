//! The commands of the official CLI that are not there: in this version (D8), or on this system.

use crate::failure::Failure;

#[cfg(not(target_os = "linux"))]
pub(super) fn keyring() -> Failure {
    Failure::new(
        crate::failure::Code::Local,
        "`keyring` works with the keyring of Linux desktops, and this is another system",
    )
    .hint("profiles can be kept in this system's: `ksm profile init --storage keyring`")
}

pub(super) fn shell() -> Failure {
    Failure::usage("`shell` is not in this version")
        .hint("every command can be run as `ksm COMMAND` from the shell you are in")
}

pub(super) fn quit() -> Failure {
    Failure::usage("there is nothing to quit: `shell` is not in this version")
}
