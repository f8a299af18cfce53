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

/// Opens all folders, in the server's order, which need not be parents first; broken ones are set apart.
pub fn open_all(wire: Vec<reply::Folder>, app_key: &AppKey) -> (Vec<Folder>, Vec<Broken>) {
    let parents: HashMap<&str, &str> = wire
        .iter()
        .map(|folder| (folder.folder_uid.as_str(), folder.parent.as_str()))
        .collect();
    let roots: HashMap<&str, Result<FolderKey, Error>> = wire
        .iter()
        .filter(|folder| folder.parent.is_empty())
        .map(|folder| (folder.folder_uid.as_str(), shared_key(folder, app_key)))
        .collect();
    let mut folders = Vec::new();
    let mut broken = Vec::new();
    for folder in &wire {
        match open(folder, &parents, &roots) {
            Ok(name) => folders.push(Folder {
                uid: folder.folder_uid.as_str().into(),
                parent: Some(&folder.parent)
                    .filter(|parent| !parent.is_empty())
                    .map(|parent| parent.as_str().into()),
                name,
            }),
            Err(reason) => broken.push(Broken {
                uid: folder.folder_uid.clone(),
                reason,
            }),
        }
    }
    (folders, broken)
}

pub(super) fn shared_key(folder: &reply::Folder, app_key: &AppKey) -> Result<FolderKey, Error> {
    Ok(FolderKey::unwrap_shared(
        app_key,
        &codec::decode(&folder.folder_key)?,
    )?)
}

fn open(
    folder: &reply::Folder,
    parents: &HashMap<&str, &str>,
    roots: &HashMap<&str, Result<FolderKey, Error>>,
) -> Result<String, String> {
    let root = root_of(&folder.folder_uid, parents).ok_or("it lies in no shared folder")?;
    let root_key = match roots.get(root) {
        Some(Ok(key)) => key,
        Some(Err(error)) => return Err(error.to_string()),
        None => return Err("it lies in no shared folder".to_owned()),
    };
    if folder.folder_uid == root {
        return name(&folder.data, root_key).map_err(|error| error.to_string());
    }
    let unwrap =
        || Ok(root_key.unwrap_descendant_unauthenticated(&codec::decode(&folder.folder_key)?)?);
    unwrap()
        .and_then(|key| name(&folder.data, &key))
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
