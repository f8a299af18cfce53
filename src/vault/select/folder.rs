//! From a UID, title or path to a folder.

use std::collections::HashMap;

use crate::vault::folder::{Folder, Folders};
use crate::vault::uid::{self, FolderUid};
use crate::vault::{Candidate, SelectError, advice};

/// Folders with the way up.
pub struct FolderTree<'f> {
    folders: &'f Folders,
    by_uid: HashMap<&'f FolderUid, &'f Folder>,
}

impl<'f> FolderTree<'f> {
    pub fn new(folders: &'f Folders) -> Self {
        let list = folders.list.iter();
        Self {
            folders,
            by_uid: list.map(|folder| (&folder.uid, folder)).collect(),
        }
    }

    /// UIDs of the folders above, the nearest first. Folders that open have a shared folder above them, so the way ends.
    pub fn above(&self, folder: &'f Folder) -> impl Iterator<Item = &'f FolderUid> {
        let parent = |uid: &&'f FolderUid| self.by_uid.get(uid)?.parent.as_ref();
        std::iter::successors(folder.parent.as_ref(), parent)
    }

    /// Names from the shared folder down.
    fn names(&self, folder: &'f Folder) -> Vec<&'f str> {
        let name = |uid| Some(self.by_uid.get(uid)?.name.as_str());
        let mut path: Vec<_> = self.above(folder).filter_map(name).collect();
        path.insert(0, &folder.name);
        path.reverse();
        path
    }

    /// As [`Self::find`] reads it.
    pub fn path(&self, folder: &'f Folder) -> String {
        let names = self.names(folder).into_iter();
        let names: Vec<_> = names.map(|name| name.replace('/', "//")).collect();
        names.join("/")
    }

    /// The folder with this UID, else the one whose path ends with these names; `//` is a `/` within a name. What is a UID
    /// is nothing else (D30).
    pub fn find(&self, name: &str) -> Result<&'f Folder, SelectError> {
        if let Some(folder) = self.by_uid.get(&FolderUid::from(name)) {
            return Ok(folder);
        }
        self.folders.check(&name.into())?;
        let mut found = Vec::new();
        if !uid::is_uid(name) {
            let parts = parts(name);
            let parts: Vec<_> = parts.iter().map(String::as_str).collect();
            let list = self.folders.list.iter();
            found = list
                .clone()
                .filter(|folder| self.names(folder).ends_with(&parts))
                .collect();
            if found.is_empty() {
                found = list.filter(|folder| folder.name == name).collect();
            }
        }
        match (found.as_slice(), self.folders.broken.first()) {
            ([only], _) => Ok(only),
            // It may be the one meant.
            ([], Some(broken)) if !uid::is_uid(name) => {
                Err(SelectError::DamagedFolder(broken.clone()))
            }
            ([], _) => {
                let list = self.folders.list.iter();
                let paths: Vec<_> = list.map(|folder| self.path(folder)).collect();
                Err(SelectError::NoFolder {
                    name: name.to_owned(),
                    advice: advice::folder(name, &paths),
                })
            }
            (several, _) => Err(SelectError::SeveralFolders {
                name: name.to_owned(),
                found: several
                    .iter()
                    .map(|folder| self.candidate(folder))
                    .collect(),
            }),
        }
    }

    fn candidate(&self, folder: &'f Folder) -> Candidate {
        Candidate {
            uid: folder.uid.as_str().to_owned(),
            kind: None,
            folder: None,
            path: Some(self.path(folder)),
        }
    }
}

/// Adds the paths of their folders to records.
pub(super) fn locate(found: &mut [Candidate], folders: &Folders) {
    let tree = FolderTree::new(folders);
    for one in found {
        let folder = one.folder.as_ref().and_then(|uid| tree.by_uid.get(uid));
        one.path = folder.map(|folder| tree.path(folder));
    }
}

/// The names of a path; `//` is a `/` within a name.
fn parts(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = path.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '/' && rest.next_if_eq(&'/').is_none() {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}
