//! Folders: shared ones, and those below them, whose keys their root wraps (protocol.md 9.3).

use std::collections::HashMap;

use serde::Deserialize;

use super::Error;
use super::keys::FolderKey;
use super::open::Broken;
use super::uid::FolderUid;
use crate::codec;
use crate::device::AppKey;
use crate::wire::reply;

/// A folder, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its UID.
    pub uid: FolderUid,
    /// The folder it lies in; none for a shared folder.
    pub parent: Option<FolderUid>,
    /// What people call it; empty if the server did not say.
    pub name: String,
}

/// All folders an application sees, in the server's order, which need not be parents first.
#[derive(Debug, Default)]
pub struct Folders {
    /// Those that opened.
    pub list: Vec<Folder>,
    /// Those that did not.
    pub broken: Vec<Broken>,
    /// The keys of those that opened.
    keys: HashMap<FolderUid, FolderKey>,
    /// The shared folder that each lies in, itself for a shared one.
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

    /// A folder's own key.
    pub(super) fn key(&self, uid: &FolderUid) -> Result<&FolderKey, Error> {
        self.keys.get(uid).ok_or_else(|| self.without_key(uid))
    }

    /// The shared folder that `uid` lies in, at whatever depth, or is.
    pub(super) fn root(&self, uid: &FolderUid) -> Result<(&FolderUid, &FolderKey), Error> {
        let root = self.roots.get(uid).ok_or_else(|| self.without_key(uid))?;
        Ok((root, self.key(root)?))
    }

    /// Damaged is not the same as missing (security.md C5).
    fn without_key(&self, uid: &FolderUid) -> Error {
        let mut broken = self.broken.iter();
        match broken.find(|broken| broken.uid == uid.as_str()) {
            Some(broken) => Error::DamagedFolder {
                uid: uid.clone(),
                reason: broken.reason.clone(),
            },
            None => Error::NoFolder(uid.clone()),
        }
    }
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
    let root = root.ok_or("it lies in no shared folder")?;
    let root_key = match root_keys.get(root) {
        Some(Ok(key)) => key,
        Some(Err(error)) => return Err(error.to_string()),
        None => return Err("it lies in no shared folder".to_owned()),
    };
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

/// The folder without parent that each one lies in or is; `None` if the way up leaves the list or turns in a circle. No
/// step is taken twice, however deep the folders lie.
fn roots<'a>(parents: &HashMap<&'a str, &'a str>) -> HashMap<&'a str, Option<&'a str>> {
    let mut roots = HashMap::new();
    for uid in parents.keys() {
        let mut way = Vec::new();
        let mut at = *uid;
        let root = loop {
            if let Some(known) = roots.get(at) {
                break *known;
            }
            // Whoever comes back here has gone in a circle.
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

fn name(data: &str, key: &FolderKey) -> Result<String, Error> {
    #[derive(Default, Deserialize)]
    struct Data {
        #[serde(default)]
        name: Option<String>,
    }
    if data.is_empty() {
        return Ok(String::new());
    }
    let plain = key.open_unauthenticated(&codec::decode(data)?)?;
    let data: Data = serde_json::from_slice(plain.expose())
        .map_err(|error| Error::malformed("a folder", &error))?;
    Ok(data.name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let uids: Vec<_> = (0..100_000).map(|at| at.to_string()).collect();
        let mut parents: HashMap<&str, &str> = uids
            .windows(2)
            .map(|pair| (pair[1].as_str(), pair[0].as_str()))
            .collect();
        parents.insert("0", "");
        assert!(roots(&parents).values().all(|root| *root == Some("0")));
        parents.insert("0", "99999");
        assert!(roots(&parents).values().all(Option::is_none));
    }
}
