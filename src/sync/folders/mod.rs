//! Folders by UID, path or name, and which of their records are meant.

use std::collections::{HashMap, HashSet};

use crate::foreign::Text;
use crate::vault::folder::{Folder, Folders};
use crate::vault::record::Record;
use crate::vault::uid::{self, FolderUid, RecordUid};
use crate::vault::{Broken, Kind, Records};

/// Whether the folders below count, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Own,
    All,
}

#[derive(Debug)]
pub(super) struct Chosen<'f> {
    pub(super) folder: &'f Folder,
    pub(super) depth: Depth,
}

/// A token that stands for no folder, or for several.
#[derive(Debug)]
pub(super) struct Unresolved {
    pub(super) kind: Kind,
    pub(super) line: String,
}

/// The folders that tokens stand for, each once, and what there is to tell.
#[derive(Debug, Default)]
pub(super) struct Choice<'f> {
    pub(super) chosen: Vec<Chosen<'f>>,
    pub(super) unresolved: Vec<Unresolved>,
    pub(super) log: Vec<String>,
}

impl<'f> Choice<'f> {
    pub(super) fn of(folders: &'f Folders, own: &[String], all: &[String]) -> Self {
        let tree = Tree::new(folders);
        let mut choice = Self::default();
        for (tokens, depth) in [(own, Depth::Own), (all, Depth::All)] {
            for token in tokens {
                match tree.find(token) {
                    Ok(folder) => choice.choose(token, folder, depth),
                    Err(unresolved) => choice.unresolved.push(unresolved),
                }
            }
        }
        choice.check_depths();
        choice.drop_nested(&tree);
        choice
    }

    fn choose(&mut self, token: &str, folder: &'f Folder, depth: Depth) {
        if folder.uid.as_str() != token {
            self.log.push(format!(
                "Warning: folder '{}' resolved by name or path to UID {}; names and paths are mutable, prefer the folder \
                 UID for scheduled syncs",
                Text::from(token),
                folder.uid
            ));
        }
        let same = |chosen: &&Chosen<'_>| chosen.folder.uid == folder.uid && chosen.depth == depth;
        match self.chosen.iter().find(same) {
            Some(_) => self.log.push(format!(
                "Duplicate folder UIDs found - removed duplicates: {}",
                folder.uid
            )),
            None => self.chosen.push(Chosen { folder, depth }),
        }
    }

    fn check_depths(&mut self) {
        let with = |depth| {
            let chosen = self.chosen.iter();
            chosen.filter(move |chosen| chosen.depth == depth)
        };
        let own: HashSet<_> = with(Depth::Own).map(|chosen| &chosen.folder.uid).collect();
        let both = with(Depth::All).filter(|chosen| own.contains(&chosen.folder.uid));
        let lines: Vec<_> = both
            .map(|Chosen { folder, .. }| Unresolved {
                kind: Kind::Ambiguous,
                line: format!(
                    "Same folder(s) specified in both --folder and --folder-recursive: {} (UID: {})",
                    Text::from(&folder.name),
                    folder.uid
                ),
            })
            .collect();
        self.unresolved.extend(lines);
    }

    /// A folder within one that counts whole is left out.
    fn drop_nested(&mut self, tree: &Tree<'_>) {
        let whole: HashMap<_, _> = self
            .chosen
            .iter()
            .filter(|chosen| chosen.depth == Depth::All)
            .map(|chosen| (&chosen.folder.uid, chosen.folder))
            .collect();
        let log = &mut self.log;
        self.chosen.retain(|Chosen { folder, depth }| {
            let mut above = tree.above(folder);
            let Some(outer) = above.find_map(|uid| whole.get(uid)) else {
                return true;
            };
            let what = match depth {
                Depth::Own => "Folder",
                Depth::All => "Recursive folder",
            };
            let (inner, outer) = (Text::from(&folder.name), Text::from(&outer.name));
            log.push(format!(
                "{what} '{inner}' is within recursive folder '{outer}' - will skip '{inner}'"
            ));
            false
        });
    }

    /// The records of the chosen folders, each once, with the depth of the folder they were found by.
    pub(super) fn records<'p>(
        &self,
        folders: &Folders,
        places: &'p Places,
    ) -> Vec<(&'p RecordUid, Depth)> {
        let mut seen: HashSet<&RecordUid> = HashSet::new();
        let mut found = Vec::new();
        for Chosen { folder, depth } in &self.chosen {
            let mut within = match depth {
                Depth::Own => HashSet::new(),
                Depth::All => folders.descendants(&folder.uid),
            };
            within.insert(folder.uid.clone());
            for (record, place) in &places.known {
                if within.contains(place) && seen.insert(record) {
                    found.push((record, *depth));
                }
            }
        }
        found
    }
}

/// The folders that records lie in. A record that was shared in several ways lies in several.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: Vec<(RecordUid, FolderUid)>,
    /// A copy that does not open, of which nobody knows where it lies.
    pub(super) broken: Option<Broken>,
}

impl Places {
    pub(super) fn of(answer: &Records) -> Self {
        let place = |record: &Record| Some((record.uid().clone(), record.folder()?.clone()));
        Self {
            known: answer.records.iter().filter_map(place).collect(),
            broken: answer.broken.first().cloned(),
        }
    }
}

/// Folders with the way up.
struct Tree<'f> {
    folders: &'f [Folder],
    broken: Option<&'f Broken>,
    by_uid: HashMap<&'f FolderUid, &'f Folder>,
}

impl<'f> Tree<'f> {
    fn new(folders: &'f Folders) -> Self {
        let list = folders.list.iter();
        Self {
            folders: &folders.list,
            broken: folders.broken.first(),
            by_uid: list.map(|folder| (&folder.uid, folder)).collect(),
        }
    }

    /// UIDs of the folders above, the nearest first. Folders that open have a shared folder above them, so the way ends.
    fn above(&self, folder: &'f Folder) -> impl Iterator<Item = &'f FolderUid> {
        let parent = |uid: &&'f FolderUid| self.by_uid.get(uid)?.parent.as_ref();
        std::iter::successors(folder.parent.as_ref(), parent)
    }

    /// Names from the shared folder down.
    fn path(&self, folder: &'f Folder) -> Vec<&'f str> {
        let name = |uid| Some(self.by_uid.get(uid)?.name.as_str());
        let mut path: Vec<_> = self.above(folder).filter_map(name).collect();
        path.insert(0, &folder.name);
        path.reverse();
        path
    }

    fn find(&self, token: &str) -> Result<&'f Folder, Unresolved> {
        if uid::has_form(token)
            && let Some(folder) = self.by_uid.get(&FolderUid::from(token))
        {
            return Ok(folder);
        }
        let parts = parts(token);
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        let by_path = |folder: &&'f Folder| self.path(folder).ends_with(&parts);
        let by_name = |folder: &&'f Folder| folder.name == token;
        let mut found: Vec<_> = self.folders.iter().filter(by_path).collect();
        if found.is_empty() {
            found = self.folders.iter().filter(by_name).collect();
        }
        let shown = Text::from(token);
        match (found.as_slice(), self.broken) {
            ([only], _) => Ok(only),
            // It may be the one meant.
            ([], Some(broken)) => Err(Unresolved {
                kind: Kind::Damaged,
                line: format!("'{shown}' may be a folder that cannot be read: {broken}"),
            }),
            ([], None) => Err(Unresolved {
                kind: Kind::Missing,
                line: format!("No folder found matching token: '{shown}'"),
            }),
            (several, _) => {
                let several = several.iter().map(|folder| {
                    let path = self.path(folder).join("/");
                    format!("{} (UID: {})", Text::from(path), folder.uid)
                });
                let several: Vec<_> = several.collect();
                Err(Unresolved {
                    kind: Kind::Ambiguous,
                    line: format!(
                        "Multiple folders found matching '{shown}': {}",
                        several.join(", ")
                    ),
                })
            }
        }
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

#[cfg(test)]
mod tests;
