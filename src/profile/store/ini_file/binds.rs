//! The files beside a `keeper.ini` that keep binds under way.

use std::path::{Path, PathBuf};

use crate::private_file::{self, Lock, Policy};
use crate::profile::pending;
use crate::sensitive::Sensitive;

/// `.<ini name>.<id>.pending`.
pub(super) fn file(file: &Path, id: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{id}{}", pending::SUFFIX))
}

/// A file that does not serve is as good as none: it is written again.
pub(super) fn read(path: &Path) -> Option<Sensitive<String>> {
    if is_old(path) {
        return None;
    }
    let (bytes, _) = private_file::read(path, Policy::Found).ok()?;
    let text = std::str::from_utf8(bytes.expose()).ok()?;
    Some(text.to_owned().into())
}

/// Removes what nobody came back for.
pub(super) fn sweep(lock: &Lock) {
    let name = lock.path().file_name().unwrap_or_default();
    let prefix = format!(".{}.", name.to_string_lossy());
    let directory = lock.path().parent();
    let directory = directory.filter(|at| !at.as_os_str().is_empty());
    let Ok(entries) = std::fs::read_dir(directory.unwrap_or(Path::new("."))) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&prefix) && name.ends_with(pending::SUFFIX) && is_old(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_old(path: &Path) -> bool {
    std::fs::symlink_metadata(path)
        .and_then(|found| found.modified())
        .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > pending::LIFETIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_contains_store_and_device() {
        // printf %s client | sha256sum
        assert_eq!(
            file(Path::new("/x/my.ini"), &pending::id("client")),
            Path::new("/x/.my.ini.948fe603f61dc036.pending")
        );
    }
}
