//! Judges a store by its owner, its writers and its readers (D14).

use std::fmt;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nobody named the file: one that others control is refused.
    Found,
    /// The user named the file and vouches for it: concerns are warnings.
    Named,
    /// No question is asked: `KSM_CONFIG_SKIP_MODE`.
    Blind,
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

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

#[cfg(unix)]
#[derive(Clone, Copy)]
struct Facts {
    owner: u32,
    group: u32,
    mode: u32,
    us: u32,
    our_group: u32,
    /// The overflow user is trusted only where we cannot write.
    writable_by_us: bool,
}

#[cfg(unix)]
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    Readable,
    Writable,
    Stranger,
}

/// The user that stands for every user outside a container's own range.
#[cfg(unix)]
const OVERFLOW: u32 = 65534;

#[cfg(unix)]
fn judge(facts: Facts) -> Verdict {
    let overflow = facts.owner == OVERFLOW && !facts.writable_by_us;
    if facts.owner != facts.us && facts.owner != 0 && !overflow {
        Verdict::Stranger
    } else if facts.mode & 0o002 != 0 || (facts.mode & 0o020 != 0 && facts.group != facts.our_group)
    {
        Verdict::Writable
    } else if facts.mode & 0o077 != 0 {
        Verdict::Readable
    } else {
        Verdict::Fine
    }
}

#[cfg(unix)]
pub(super) fn concern(path: &Path, found: &Metadata) -> Option<Concern> {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let mode = found.mode() & 0o7777;
    let verdict = judge(Facts {
        owner: found.uid(),
        group: found.gid(),
        mode,
        us: super::effective_user(),
        our_group: rustix::process::getegid().as_raw(),
        writable_by_us: accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok(),
    });
    let path = path.to_owned();
    match verdict {
        Verdict::Fine => None,
        Verdict::Readable => Some(Concern::Readable { path, mode }),
        Verdict::Writable => Some(Concern::Writable { path, mode }),
        Verdict::Stranger => Some(Concern::Stranger {
            path,
            owner: found.uid(),
        }),
    }
}

/// Whether the effective user could take away what others may do with a file: it is theirs, and its mount is not
/// read-only.
#[cfg(unix)]
pub fn can_be_closed(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{StatVfsMountFlags, statvfs};
    let is_ours = std::fs::metadata(path).is_ok_and(|found| found.uid() == super::effective_user());
    let is_fixed =
        || statvfs(path).is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::RDONLY));
    is_ours && !is_fixed()
}

/// A link somebody else planted may lead to a profile of ours that we did not mean.
#[cfg(unix)]
pub(super) fn link_concern(path: &Path) -> Option<Concern> {
    use std::os::unix::fs::MetadataExt;
    let link = std::fs::symlink_metadata(path).ok()?;
    let stranger =
        link.is_symlink() && ![super::effective_user(), 0, OVERFLOW].contains(&link.uid());
    stranger.then(|| Concern::Stranger {
        path: path.to_owned(),
        owner: link.uid(),
    })
}

/// Modes are nothing to be warned of there.
#[cfg(not(unix))]
pub fn can_be_closed(_: &Path) -> bool {
    true
}

/// Access there is by lists that files inherit from the user's own directory.
#[cfg(not(unix))]
pub(super) fn concern(_: &Path, _: &Metadata) -> Option<Concern> {
    None
}

#[cfg(not(unix))]
pub(super) fn link_concern(_: &Path) -> Option<Concern> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn owners_and_modes_are_judged() {
        let ours = Facts {
            owner: 1000,
            group: 100,
            mode: 0o600,
            us: 1000,
            our_group: 100,
            writable_by_us: true,
        };
        let cases = [
            ("ours", ours, Verdict::Fine),
            ("root's", Facts { owner: 0, ..ours }, Verdict::Fine),
            (
                "overflow, read-only",
                Facts {
                    owner: OVERFLOW,
                    writable_by_us: false,
                    ..ours
                },
                Verdict::Fine,
            ),
            (
                "overflow, writable",
                Facts {
                    owner: OVERFLOW,
                    ..ours
                },
                Verdict::Stranger,
            ),
            (
                "a neighbour's",
                Facts {
                    owner: 1001,
                    ..ours
                },
                Verdict::Stranger,
            ),
            (
                "0644",
                Facts {
                    mode: 0o644,
                    ..ours
                },
                Verdict::Readable,
            ),
            (
                "0640",
                Facts {
                    mode: 0o640,
                    ..ours
                },
                Verdict::Readable,
            ),
            (
                "0660, our group",
                Facts {
                    mode: 0o660,
                    ..ours
                },
                Verdict::Readable,
            ),
            (
                "0660, another group",
                Facts {
                    mode: 0o660,
                    group: 50,
                    ..ours
                },
                Verdict::Writable,
            ),
            (
                "0666",
                Facts {
                    mode: 0o666,
                    ..ours
                },
                Verdict::Writable,
            ),
            (
                "0602",
                Facts {
                    mode: 0o602,
                    ..ours
                },
                Verdict::Writable,
            ),
        ];
        for (name, facts, expected) in cases {
            assert_eq!(judge(facts), expected, "{name}");
        }
    }
}
