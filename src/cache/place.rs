//! The directory of the cache (K1).

use std::path::PathBuf;

use crate::environment::{Environment, names};

/// `KSM_CACHE_DIR`, else `ksm` in the place that the system has for caches of a user. `None` where nothing names one, and
/// below a home directory that does not exist, which is nobody's to make.
pub fn directory(environment: &Environment) -> Option<PathBuf> {
    let named = environment.path(names::KSM_CACHE_DIR);
    named.or_else(|| Some(usual(environment)?.join("ksm")))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn usual(environment: &Environment) -> Option<PathBuf> {
    // A relative path there does not count, says the standard of freedesktop.org.
    let named = environment
        .nonempty(names::XDG_CACHE_HOME)
        .map(PathBuf::from);
    let named = named.filter(|path| path.is_absolute());
    named.or_else(|| Some(home(environment)?.join(".cache")))
}

#[cfg(target_os = "macos")]
fn usual(environment: &Environment) -> Option<PathBuf> {
    Some(home(environment)?.join("Library").join("Caches"))
}

#[cfg(not(windows))]
fn home(environment: &Environment) -> Option<PathBuf> {
    environment.home().filter(|home| home.is_dir())
}

#[cfg(windows)]
fn usual(environment: &Environment) -> Option<PathBuf> {
    environment.path(names::LOCALAPPDATA)
}

#[cfg(all(test, not(any(target_os = "macos", windows))))]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_is_named_counts() {
        for (variables, expected) in [
            ("KSM_CACHE_DIR=/c HOME=/", Some("/c")),
            ("KSM_CACHE_DIR= HOME=/", Some("/.cache/ksm")),
            ("XDG_CACHE_HOME=/x HOME=/", Some("/x/ksm")),
            ("XDG_CACHE_HOME=x HOME=/", Some("/.cache/ksm")),
            ("KSM_CACHE_DIR=c", Some("/w/c")),
            ("HOME=/dev/null/home", None),
            ("", None),
        ] {
            let pairs = variables
                .split_whitespace()
                .filter_map(|pair| pair.split_once('='));
            let environment = Environment::from_iter(pairs);
            let found = directory(&environment.in_directory("/w"));
            assert_eq!(found, expected.map(PathBuf::from), "{variables}");
        }
    }
}
