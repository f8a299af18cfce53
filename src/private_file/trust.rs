//! Judges a store by its owner, its writers and its readers (D14).

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::facts::Facts;
#[cfg(unix)]
use super::facts::Kind;
use crate::environment::{Environment, System, names};
use crate::input::{self, Limit};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nobody named the file: one that others control is refused. What belongs to the user who called `sudo` is ours.
    Found { invoker: Option<u32> },
    /// The user named the file and vouches for it: concerns are warnings.
    Named,
    /// No question is asked: `KSM_CONFIG_SKIP_MODE`.
    Blind,
}

impl Policy {
    pub fn found(environment: &Environment) -> Self {
        let invoker = environment.text(names::SUDO_UID);
        let invoker = invoker.and_then(|text| text.parse().ok());
        Self::Found {
            invoker: invoker.filter(|user| us() == 0 && !is_overflow(*user)),
        }
    }

    /// Whether what belongs to this user may be changed for them, where they own its directory, too.
    pub(super) fn is_for(self, owner: u32) -> bool {
        match self {
            Self::Found { invoker } => invoker == Some(owner),
            Self::Named | Self::Blind => true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern {
    /// Others can read it; the next save repairs that.
    Readable { path: PathBuf, mode: u32 },
    /// Others could have written it.
    Writable { path: PathBuf, mode: u32 },
    /// Neither ours nor root's. `path` may be that of a link.
    Stranger { path: PathBuf, owner: u32 },
}

impl Concern {
    /// Whether others control the content.
    pub(super) fn is_grave(&self) -> bool {
        match self {
            Self::Readable { .. } => false,
            Self::Writable { .. } | Self::Stranger { .. } => true,
        }
    }
}

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match System::OURS {
            System::Unix => self.by_mode(f),
            System::Windows => self.by_list(f),
        }
    }
}

impl Concern {
    fn by_list(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Readable { path, .. } => write!(
                f,
                "The config file mode is too open for '{0}': others can read it. `icacls \"{0}\" /inheritance:r /grant:r \
                 *S-1-3-4:F` closes it. To disable this warning, set the environment variable \
                 'KSM_CONFIG_SKIP_MODE_WARNING' to 'TRUE'.",
                path.display()
            ),
            Self::Writable { path, .. } => write!(f, "{} can be changed by others", path.display()),
            Self::Stranger { path, .. } => write!(f, "{} belongs to another user", path.display()),
        }
    }

    fn by_mode(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The official CLI's words (compatibility 2.3).
            Self::Readable { path, mode } => write!(
                f,
                "The config file mode, {mode:04o}, is too open. It is recommended to execute 'chmod 0600 {}' to remove \
                 group and user access. To disable this warning, set the environment variable \
                 'KSM_CONFIG_SKIP_MODE_WARNING' to 'TRUE'.",
                path.display()
            ),
            Self::Writable { path, mode } => write!(
                f,
                "{} can be changed by others (its mode is {mode:04o})",
                path.display()
            ),
            Self::Stranger { path, owner } => {
                write!(f, "{} belongs to user {owner}", path.display())
            }
        }
    }
}

/// The user we act as. Elsewhere than on Unix all files are said to be this one's.
#[cfg(unix)]
pub(super) fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(super) fn us() -> u32 {
    0
}

#[cfg(unix)]
fn our_group() -> u32 {
    rustix::process::getegid().as_raw()
}

#[cfg(not(unix))]
fn our_group() -> u32 {
    0
}

#[cfg(unix)]
const STICKY: u32 = 0o1000;

/// Only root replaces these.
#[cfg(unix)]
const SHARED: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// The user that stands for every user whom this process's user namespace does not know.
const OVERFLOW: u32 = 65534;

/// Where the namespace knows a user of this number, that is a user like any other.
pub(super) fn is_overflow(owner: u32) -> bool {
    static IS_UNMAPPED: OnceLock<bool> = OnceLock::new();
    owner == OVERFLOW
        && *IS_UNMAPPED.get_or_init(|| {
            let map = input::file(Path::new("/proc/self/uid_map"), Limit::SYSTEM);
            let map = map.and_then(input::text);
            map.is_ok_and(|map| !maps(map.expose(), OVERFLOW))
        })
}

/// Whether a `/proc/<pid>/uid_map` has a line for this user. One that cannot be read has.
pub(super) fn maps(map: &str, user: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(first)), Some(Ok(_)), Some(Ok(count))) => {
                (first..first.saturating_add(count)).contains(&user.into())
            }
            _ => true,
        }
    })
}

/// Us and root. What is written, and where, is theirs. Where the namespace does not know us either, we are the overflow
/// user, and so is everybody else.
pub fn is_trusted(owner: u32) -> bool {
    (owner == us() || owner == 0) && !is_overflow(owner)
}

/// Whether something may be root's of the host. Where everybody makes files, it may be anybody's.
pub(super) fn is_stand_in(found: &Facts, holder: &Facts) -> bool {
    is_overflow(found.owner) && !is_open_to_all(holder)
}

pub(super) fn is_trusted_link(link: &Facts, holder: &Facts) -> bool {
    is_trusted(link.owner) || is_stand_in(link, holder)
}

/// Whether a directory may be one of root's of the host, such as `/`, that nobody else changes.
#[cfg(unix)]
pub(super) fn is_passable(found: &Facts) -> bool {
    is_overflow(found.owner) && !is_open_to_others(found)
}

/// Whether something that a link of ours leads to may be written to, as far as the way there goes. The sticky directory
/// of a stranger looks like the host's `/tmp`. No stranger makes devices.
#[cfg(unix)]
pub(super) fn is_trusted_target(found: &Facts) -> bool {
    is_trusted(found.owner)
        || is_passable(found)
        || (is_overflow(found.owner) && (found.mode & STICKY != 0 || found.kind == Kind::Other))
}

/// Whether what we make in this directory stays ours. The owner of a sticky directory may replace what is in it: one of
/// an unknown owner is root's of the host only where the system has its own.
#[cfg(unix)]
pub(super) fn keeps_ours(path: &Path, found: &Facts) -> bool {
    let is_sticky = found.mode & STICKY != 0;
    let is_systems = || SHARED.iter().any(|shared| path == Path::new(shared));
    match found.owner {
        0 => is_sticky || !is_open_to_others(found),
        owner if is_trusted(owner) => !is_open_to_others(found),
        owner => is_sticky && is_overflow(owner) && is_systems(),
    }
}

fn is_open_to_all(found: &Facts) -> bool {
    found.mode & 0o002 != 0
}

/// Whether others than its owner may put something into it, or take its content away.
pub(super) fn is_open_to_others(found: &Facts) -> bool {
    is_open_to_all(found) || (found.mode & 0o020 != 0 && found.group != our_group())
}

/// Whether the effective user could take away what others may do with a file: it is theirs, and its mount is not
/// read-only.
#[cfg(unix)]
pub fn can_be_closed(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{StatVfsMountFlags, statvfs};
    let is_ours = std::fs::metadata(path).is_ok_and(|found| found.uid() == us());
    let is_fixed =
        || statvfs(path).is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::RDONLY));
    is_ours && !is_fixed()
}

/// Modes are nothing to be warned of there.
#[cfg(not(unix))]
pub fn can_be_closed(_: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_of_users_tells_who_is_known() {
        for (map, expected) in [
            ("         0          0 4294967295\n", true),
            ("0 1000 1\n", false),
            ("0 1000 1\n1 100000 65536\n", true),
            ("0 100000 65534\n", false),
            ("65534 100000 1\n", true),
            ("0 0\n", true),
            ("0 x 1\n", true),
            ("", false),
        ] {
            assert_eq!(maps(map, OVERFLOW), expected, "{map:?}");
        }
    }
}
