//! Which build this is.

use std::env::consts::{ARCH, OS};
use std::ffi::OsString;

/// The commit of a release.
pub(crate) const COMMIT: Option<&str> = option_env!("KSM_BUILD_COMMIT");

pub(crate) fn target() -> String {
    let of_system = || format!("{ARCH}-{OS}");
    option_env!("KSM_BUILD_TARGET").map_or_else(of_system, ToOwned::to_owned)
}

/// The answer to `--version`, with the origin of the program where `-v` stands beside it.
pub(super) fn answer(line: String, typed: &[OsString]) -> String {
    let verbose = ["-v", "--verbose", "-vV", "-Vv"];
    if !typed.iter().any(|word| verbose.iter().any(|v| word == v)) {
        return line;
    }
    let commit = COMMIT.map_or_else(String::new, |commit| format!("commit: {commit}\n"));
    format!("{line}{commit}target: {}\n", target())
}
