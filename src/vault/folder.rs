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
    pub fn open(wire: Vec<reply::Folder>, app_key: &AppKey) -> Self {
        let parents: HashMap<&str, &str> = wire
            .iter()
            .map(|folder| (folder.folder_uid.as_str(), folder.parent.as_str()))
            .collect();
        let roots: HashMap<&str, Result<FolderKey, Error>> = wire
            .iter()
            .filter(|folder| folder.parent.is_empty())
            .map(|folder| (folder.folder_uid.as_str(), shared_key(folder, app_key)))
            .collect();
        let mut folders = Self::default();
        for folder in &wire {
            let uid = FolderUid::from(folder.folder_uid.as_str());
            let root = root_of(&folder.folder_uid, &parents);
            if let Some(root) = root {
                folders.roots.insert(uid.clone(), root.into());
            }
            match open(folder, root, &roots) {
                Ok((key, name)) => {
                    folders.keys.insert(uid.clone(), key);
                    folders.list.push(Folder {
                        uid,
                        parent: Some(&folder.parent)
                            .filter(|parent| !parent.is_empty())
                            .map(|parent| parent.as_str().into()),
                        name,
                    });
                }
                Err(reason) => folders.broken.push(Broken {
                    uid: folder.folder_uid.clone(),
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

pub(super) fn shared_key(folder: &reply::Folder, app_key: &AppKey) -> Result<FolderKey, Error> {
    Ok(FolderKey::unwrap_shared(
        app_key,
        &codec::decode(&folder.folder_key)?,
    )?)
}

fn open(
    folder: &reply::Folder,
    root: Option<&str>,
    roots: &HashMap<&str, Result<FolderKey, Error>>,
) -> Result<(FolderKey, String), String> {
    let root = root.ok_or("it lies in no shared folder")?;
    let root_key = match roots.get(root) {
        Some(Ok(key)) => key,
        Some(Err(error)) => return Err(error.to_string()),
        None => return Err("it lies in no shared folder".to_owned()),
    };
    let key = if folder.folder_uid == root {
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

/// Walks up to the folder without parent; `None` if the way leaves the list or turns in a circle.
fn root_of<'a>(uid: &'a str, parents: &HashMap<&'a str, &'a str>) -> Option<&'a str> {
    let mut uid = uid;
    for _ in 0..=parents.len() {
        match *parents.get(uid)? {
            "" => return Some(uid),
            parent => uid = parent,
        }
    }
    None
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
        for (uid, expected) in cases {
            assert_eq!(root_of(uid, &parents), expected, "{uid}");
        }
    }
}
