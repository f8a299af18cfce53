//! The search for a `keeper.ini` (compatibility 2.2), and the places for a new one (D12).

pub mod warnings;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, System, names};
use crate::private_file::Policy;

/// The file's usual name.
const NAME: &str = "keeper.ini";

/// `otherwise`, unless `KSM_CONFIG_SKIP_MODE` turns the checks off.
pub fn policy(otherwise: Policy, environment: &Environment) -> Policy {
    match environment.flag(names::KSM_CONFIG_SKIP_MODE) {
        true => Policy::Blind,
        false => otherwise,
    }
}

/// The policy for a file that no option names. `KSM_INI_DIR` vouches for its own, by whatever name it is found.
pub fn policy_of(path: &Path, environment: &Environment) -> Policy {
    match in_ini_dir(environment) {
        Some(named) if named == path || is_same_file(&named, path) => Policy::Named,
        _ => Policy::found(environment),
    }
}

/// The only place of the search under a development vault that stores its profiles: a file that was there before leads
/// to another vault.
pub(super) fn of_development(environment: &Environment) -> Option<PathBuf> {
    environment.nonempty(names::KSM_DEV_SOCKET)?;
    in_ini_dir(environment)
}

/// All places of the search, in order.
pub fn candidates(environment: &Environment) -> Vec<PathBuf> {
    if let Some(only) = of_development(environment) {
        return vec![only];
    }
    let name = file_name(environment);
    let directories = directories(environment);
    let named = directories.iter().map(|directory| directory.join(&name));
    let mut found = Vec::new();
    // The plain name in the working directory goes before everything, also before `KSM_INI_DIR`.
    for path in here(environment).into_iter().chain(named) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// The first of the candidates that is there.
pub fn find(environment: &Environment) -> Option<PathBuf> {
    let mut candidates = candidates(environment).into_iter();
    candidates.find(|path| may_be_file(path))
}

/// A directory that is closed to us holds no store of ours. After any other failure opening it tells more.
fn may_be_file(path: &Path) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    match path.metadata() {
        Ok(found) => found.is_file(),
        Err(error) => !matches!(error.kind(), NotADirectory | NotFound | PermissionDenied),
    }
}

/// The first directory called `name` beside which an INI file would be looked for.
pub fn find_directory(name: &str, environment: &Environment) -> Option<PathBuf> {
    let directories = directories(environment).into_iter();
    let mut candidates = directories.map(|directory| directory.join(name));
    candidates.find(|path| path.is_dir())
}

/// Whether the search would take a file of this name for a store, or for what lies beside one while it is locked, saved or
/// bound. Some file systems ignore case, and dots and blanks at the end.
pub fn is_store_name(name: &str, environment: &Environment) -> bool {
    let folded = |name: &str| name.trim_matches(['.', ' ']).to_lowercase();
    let name = folded(name);
    let set = file_name(environment);
    let set = Path::new(&set).file_name().unwrap_or_default();
    [NAME, &set.to_string_lossy()].into_iter().any(|store| {
        name.strip_prefix(&folded(store)).is_some_and(|rest| {
            matches!(rest, "" | ".lock")
                || rest.starts_with('.') && (rest.ends_with(".new") || rest.ends_with(".pending"))
        })
    })
}

fn directories(environment: &Environment) -> Vec<PathBuf> {
    directories_on(System::OURS, environment)
}

/// What lies in `/etc` on Windows is on the drive of the working directory, where anybody may make it.
fn directories_on(system: System, environment: &Environment) -> Vec<PathBuf> {
    let below = |variable, below: &str| Some(environment.path(variable)?.join(below));
    let of_all = match system {
        System::Unix => ["/etc", "/etc/ksm", "/etc/keeper"]
            .map(|path| Some(path.into()))
            .to_vec(),
        System::Windows => Vec::new(),
    };
    let of_windows = [
        below(names::USERPROFILE, ""),
        below(names::APPDATA, "Keeper"),
        below(names::PROGRAMDATA, "ksm").filter(|_| system == System::Windows),
        below(names::PROGRAMDATA, "Keeper"),
        below(names::PROGRAMFILES, "Keeper"),
    ];
    [
        environment.path(names::KSM_INI_DIR),
        environment.directory().map(Path::to_owned),
        below(names::HOME, ""),
        below(names::HOME, ".config/ksm"),
        below(names::HOME, ".keeper"),
    ]
    .into_iter()
    .chain(of_all)
    .chain(of_windows)
    .flatten()
    .collect()
}

/// Whether a file lies in the working directory, by any of its paths.
pub fn lies_here(path: &Path, environment: &Environment) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let Some(here) = environment.directory().and_then(real) else {
        return false;
    };
    let directories = [
        path.parent().and_then(real),
        real(path).and_then(|path| path.parent().map(Path::to_owned)),
    ];
    directories
        .into_iter()
        .flatten()
        .any(|directory| directory == here)
}

/// The place for a new file when none is named.
pub fn new_file(environment: &Environment) -> Option<PathBuf> {
    if let Some(named) = in_ini_dir(environment) {
        return Some(named);
    }
    let elsewhere = match cfg!(target_os = "linux") {
        true => environment.directory().map(Path::to_owned),
        false => environment
            .path(names::HOME)
            .or_else(|| environment.path(names::USERPROFILE)),
    };
    Some(elsewhere?.join(file_name(environment)))
}

/// The places for the file of a start with `KSM_TOKEN`, best first.
pub fn new_file_unattended(environment: &Environment) -> Vec<PathBuf> {
    unattended_on(System::OURS, environment)
}

fn unattended_on(system: System, environment: &Environment) -> Vec<PathBuf> {
    if let Some(named) = in_ini_dir(environment) {
        return vec![named];
    }
    let home = environment.path(names::HOME);
    let of_windows = environment.path(names::USERPROFILE);
    [
        environment.directory().map(Path::to_owned),
        home.as_ref().map(|home| home.join(".config/ksm")),
        home,
        of_windows.filter(|_| system == System::Windows),
    ]
    .into_iter()
    .flatten()
    .map(|directory| directory.join(file_name(environment)))
    .collect()
}

fn here(environment: &Environment) -> Option<PathBuf> {
    environment.directory().map(|here| here.join(NAME))
}

pub(super) fn in_ini_dir(environment: &Environment) -> Option<PathBuf> {
    let directory = environment.path(names::KSM_INI_DIR)?;
    Some(directory.join(file_name(environment)))
}

fn file_name(environment: &Environment) -> OsString {
    let name = environment.nonempty(names::KSM_INI_FILE);
    name.map_or_else(|| NAME.into(), ToOwned::to_owned)
}

/// Whether two paths lead to one file that is there.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (std::fs::canonicalize(one), std::fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(all(test, unix))]
mod tests;
