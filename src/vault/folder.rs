//! Folders: shared ones, and those below them, whose keys their root wraps (protocol 9.3).

use std::collections::{HashMap, HashSet};

use super::error::{Broken, Error, SelectError};
use super::keys::FolderKey;
use super::uid::FolderUid;
use crate::codec;
use crate::device::AppKey;
use crate::json;
use crate::wire::object::object;
use crate::wire::reply;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    pub uid: FolderUid,
    /// None for a shared folder.
    pub parent: Option<FolderUid>,
    /// Empty if the server did not say.
    pub name: String,
}

/// All folders an application sees, in the server's order, which need not be parents first.
#[derive(Debug, Default)]
pub struct Folders {
    pub list: Vec<Folder>,
    pub broken: Vec<Broken>,
    /// Of the folders in `list`.
    keys: HashMap<FolderUid, FolderKey>,
    /// The shared folder that each folder lies in; a shared folder is its own root.
    roots: HashMap<FolderUid, FolderUid>,
}

impl Folders {
    /// Opens an answer to `get_folders`.
    pub fn open(wire: &[reply::Folder<'_>], app_key: &AppKey) -> Self {
        let parents = wire
            .iter()
            .map(|folder| (&*folder.folder_uid, &*folder.parent));
        let roots = roots(&parents.collect());
        let root_keys: HashMap<&str, Result<FolderKey, Error>> = wire
            .iter()
            .filter(|folder| folder.parent.is_empty())
            .map(|folder| (&*folder.folder_uid, shared_key(folder, app_key)))
            .collect();
        let mut folders = Self::default();
        for folder in wire {
            let uid = FolderUid::from(&*folder.folder_uid);
            let root = roots.get(uid.as_str()).copied().flatten();
            if let Some(root) = root {
                folders.roots.insert(uid.clone(), root.into());
            }
            match open(folder, root, &root_keys) {
                Ok((key, name)) => {
                    folders.keys.insert(uid.clone(), key);
                    folders.list.push(Folder {
                        uid,
                        parent: Some(&*folder.parent)
                            .filter(|parent| !parent.is_empty())
                            .map(FolderUid::from),
                        name,
                    });
                }
                Err(reason) => folders.broken.push(Broken {
                    uid: folder.folder_uid.to_string(),
                    reason,
                }),
            }
        }
        folders
    }

    /// The folders below `folder`, at any depth.
    pub fn descendants(&self, folder: &FolderUid) -> HashSet<FolderUid> {
        descendants(folder, &self.list)
    }

    /// Whether a folder of this name lies in `parent`, or is a shared one without it, besides `uid`.
    pub fn has_namesake(
        &self,
        uid: Option<&FolderUid>,
        parent: Option<&FolderUid>,
        name: &str,
    ) -> bool {
        self.list.iter().any(|folder| {
            folder.name == name && folder.parent.as_ref() == parent && Some(&folder.uid) != uid
        })
    }

    /// Fails if the folder is there and does not open.
    pub fn check(&self, uid: &FolderUid) -> Result<(), SelectError> {
        let mut broken = self.broken.iter();
        match broken.find(|broken| broken.uid == uid.as_str()) {
            Some(broken) => Err(SelectError::DamagedFolder(broken.clone())),
            None => Ok(()),
        }
    }

    /// A folder's own key.
    pub(super) fn key(&self, uid: &FolderUid) -> Result<&FolderKey, SelectError> {
        self.keys.get(uid).ok_or_else(|| self.without_key(uid))
    }

    /// The shared folder that `uid` lies in, at whatever depth, or is.
    pub(super) fn root(&self, uid: &FolderUid) -> Result<(&FolderUid, &FolderKey), SelectError> {
        let root = self.roots.get(uid).ok_or_else(|| self.without_key(uid))?;
        Ok((root, self.key(root)?))
    }

    /// Damaged is not the same as missing (C5).
    fn without_key(&self, uid: &FolderUid) -> SelectError {
        let damaged = self.check(uid).err();
        damaged.unwrap_or_else(|| SelectError::NoFolder {
            name: uid.as_str().to_owned(),
            advice: "it lies in no shared folder".to_owned(),
        })
    }
}

fn descendants(folder: &FolderUid, folders: &[Folder]) -> HashSet<FolderUid> {
    let mut children: HashMap<&FolderUid, Vec<&FolderUid>> = HashMap::new();
    for folder in folders {
        if let Some(parent) = &folder.parent {
            children.entry(parent).or_default().push(&folder.uid);
        }
    }
    let mut descendants = HashSet::new();
    let mut pending = vec![folder];
    while let Some(folder) = pending.pop() {
        // Removing visited folders terminates on cycles.
        for child in children.remove(folder).unwrap_or_default() {
            descendants.insert(child.clone());
            pending.push(child);
        }
    }
    descendants
}

pub(super) fn shared_key(folder: &reply::Folder<'_>, app_key: &AppKey) -> Result<FolderKey, Error> {
    Ok(FolderKey::unwrap_shared(
        app_key,
        &codec::decode(&folder.folder_key)?,
    )?)
}

fn open(
    folder: &reply::Folder<'_>,
    root: Option<&str>,
    root_keys: &HashMap<&str, Result<FolderKey, Error>>,
) -> Result<(FolderKey, String), String> {
    let nowhere = "it lies in no shared folder";
    let root = root.ok_or(nowhere)?;
    let root_key = root_keys.get(root).ok_or(nowhere)?;
    let root_key = root_key.as_ref().map_err(ToString::to_string)?;
    let key = if *folder.folder_uid == *root {
        Ok(root_key.clone())
    } else {
        codec::decode(&folder.folder_key)
            .map_err(Error::from)
            .and_then(|wrapped| Ok(root_key.unwrap_descendant_unauthenticated(&wrapped)?))
    };
    key.and_then(|key| Ok((name(&folder.data, &key)?, key)))
        .map(|(name, key)| (key, name))
        .map_err(|error: Error| error.to_string())
}

/// The folder without parent that each one lies in or is; `None` if the way up leaves the list or goes in a circle. Takes
/// linear time, however deep the folders lie.
fn roots<'a>(parents: &HashMap<&'a str, &'a str>) -> HashMap<&'a str, Option<&'a str>> {
    let mut roots = HashMap::new();
    for uid in parents.keys() {
        let mut way = Vec::new();
        let mut at = *uid;
        let root = loop {
            if let Some(known) = roots.get(at) {
                break *known;
            }
            // Coming back here is a circle.
            roots.insert(at, None);
            way.push(at);
            match parents.get(at) {
                None => break None,
                Some(&"") => break Some(at),
                Some(parent) => at = parent,
            }
        };
        roots.extend(way.into_iter().map(|uid| (uid, root)));
    }
    roots
}

object! {
    Data {
        name: String = "name",
    }
}

fn name(data: &str, key: &FolderKey) -> Result<String, Error> {
    if data.is_empty() {
        return Ok(String::new());
    }
    let plain = key.open_unauthenticated(&codec::decode(data)?)?;
    let data: Data =
        json::object(plain.expose()).map_err(|error| Error::malformed("a folder", &error))?;
    Ok(data.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::is_linear;

    #[test]
    fn a_circle_of_parents_has_no_root() {
        let parents = HashMap::from([
            ("root", ""),
            ("a", "root"),
            ("b", "a"),
            ("x", "y"),
            ("y", "x"),
            ("lost", "gone"),
        ]);
        let cases = [
            ("root", Some("root")),
            ("b", Some("root")),
            ("x", None),
            ("lost", None),
            ("gone", None),
        ];
        let roots = roots(&parents);
        for (uid, expected) in cases {
            assert_eq!(roots.get(uid).copied().flatten(), expected, "{uid}");
        }
    }

    #[test]
    fn depth_costs_no_more_than_breadth() {
        let uids = |count| (0..count).map(|at: usize| at.to_string()).collect();
        let find = |uids: &Vec<String>| {
            let pairs = uids.windows(2);
            let mut parents: HashMap<_, _> = pairs.map(|pair| (&*pair[1], &*pair[0])).collect();
            parents.insert("0", "");
            assert!(roots(&parents).values().all(|root| *root == Some("0")));
            parents.insert("0", &uids[uids.len() - 1]);
            assert!(roots(&parents).values().all(Option::is_none));
        };
        assert!(is_linear(8_000, uids, find));
        // Deeper than a stack.
        find(&uids(100_000));
    }

    #[test]
    fn descendants_are_found_at_any_depth_despite_cycles() {
        let folder = |uid: &str, parent: &str| Folder {
            uid: uid.into(),
            parent: Some(parent)
                .filter(|parent| !parent.is_empty())
                .map(Into::into),
            name: String::new(),
        };
        let folders = [
            folder("leaf", "middle"),
            folder("root", ""),
            folder("middle", "root"),
            folder("other", ""),
            folder("x", "y"),
            folder("y", "x"),
        ];
        for (uid, expected) in [
            ("root", &["leaf", "middle"][..]),
            ("middle", &["leaf"]),
            ("leaf", &[]),
            ("unknown", &[]),
            ("x", &["x", "y"]),
        ] {
            let found = descendants(&uid.into(), &folders);
            let mut found: Vec<_> = found.iter().map(FolderUid::as_str).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{uid}");
        }
    }
}
