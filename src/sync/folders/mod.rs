//! Folders by UID, path or name, and which of their records are meant.

use std::collections::{HashMap, HashSet};

use crate::foreign::Text;
use crate::vault::folder::{Folder, Folders};
use crate::vault::record::Record;
use crate::vault::select::FolderTree;
use crate::vault::uid::{FolderUid, RecordUid};
use crate::vault::{Broken, Kind, Records, SelectError};

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
        let tree = FolderTree::new(folders);
        let mut choice = Self::default();
        for (tokens, depth) in [(own, Depth::Own), (all, Depth::All)] {
            for token in tokens {
                match tree.find(token) {
                    Ok(folder) => choice.choose(token, folder, depth),
                    Err(error) => choice.unresolved.push(in_words(token, &error)),
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
    fn drop_nested(&mut self, tree: &FolderTree<'_>) {
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

fn in_words(token: &str, error: &SelectError) -> Unresolved {
    let shown = Text::from(token);
    let what = match error.kind() {
        Kind::Damaged => format!("'{shown}' may be a folder that cannot be read"),
        Kind::Missing => format!("No folder found matching token: '{shown}'"),
        Kind::Ambiguous => format!("Multiple folders found matching '{shown}'"),
    };
    let why = match error {
        SelectError::DamagedFolder(broken) => broken.to_string(),
        error => error.advice().unwrap_or_default(),
    };
    Unresolved {
        kind: error.kind(),
        line: format!("{what}: {why}"),
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

#[cfg(test)]
mod tests;
