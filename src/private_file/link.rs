//! Follows the symbolic links that may be followed (D4, F5).

use std::path::{Path, PathBuf};

use super::Error;

/// The file behind `path`, which need not exist yet. Links are followed where link and target are ours or root's.
#[cfg(unix)]
pub(super) fn resolve(path: &Path) -> Result<PathBuf, Error> {
    use std::os::unix::fs::MetadataExt;

    /// As many as the kernel follows.
    const LINKS: usize = 40;
    let ours = |owner: u32| owner == super::effective_user() || owner == 0;
    let mut at = path.to_owned();
    for followed in 0..LINKS {
        let Ok(found) = std::fs::symlink_metadata(&at) else {
            return Ok(at); // Not there: to be created, or for the caller's own attempt to fail on.
        };
        if !found.is_symlink() {
            if followed > 0 && !ours(found.uid()) {
                return Err(Error::LinkTarget {
                    path: at,
                    owner: found.uid(),
                });
            }
            return Ok(at);
        }
        if !ours(found.uid()) {
            return Err(Error::Link {
                link: at,
                owner: found.uid(),
            });
        }
        let next = std::fs::read_link(&at).map_err(Error::io("follow", &at))?;
        at = super::directory_of(&at).join(next);
    }
    Err(Error::Circle {
        path: path.to_owned(),
    })
}

/// Making a link there takes a right that strangers do not have.
#[cfg(not(unix))]
pub(super) fn resolve(path: &Path) -> Result<PathBuf, Error> {
    Ok(std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
}
