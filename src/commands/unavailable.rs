//! The commands of the official CLI that this version does not have (decision D8).

use crate::failure::Failure;

/// Answers `ksm sync`.
pub(super) fn sync() -> Failure {
    Failure::usage("`sync` is not in this version")
        .hint("`ksm secret get --json` prints what another tool can store")
}

/// Answers `ksm shell`.
pub(super) fn shell() -> Failure {
    Failure::usage("`shell` is not in this version")
        .hint("every command can be run as `ksm COMMAND` from the shell you are in")
}

/// Answers `ksm quit`.
pub(super) fn quit() -> Failure {
    Failure::usage("there is nothing to quit: `shell` is not in this version")
}
