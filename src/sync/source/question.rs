//! What the vault is asked, and what is wrong with the answer.

use crate::sync::folders::Depth;
use crate::sync::kind::Kind as StoreKind;
use crate::sync::maps::Map;
use crate::sync::plan::Item;
use crate::vault::notation::Notation;
use crate::vault::{self, Kind, Record};

/// What a command line asks the vault for.
#[derive(Debug)]
pub struct Question {
    pub kind: StoreKind,
    pub maps: Vec<Map>,
    /// UIDs or titles.
    pub records: Vec<Named>,
    /// UIDs, paths or names.
    pub folders: Vec<String>,
    /// The same, with all folders below.
    pub folders_recursive: Vec<String>,
    /// Before titles, which become names of secrets.
    pub prefix: String,
    pub form: Form,
    pub untitled: Untitled,
    pub credentials: Option<Notation>,
}

/// A record as it was named.
#[derive(Debug, Clone)]
pub struct Named {
    pub typed: String,
    pub notation: Notation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Flattened,
    /// The whole record, as its owner's client wrote it.
    Whole,
}

/// What a title in a map is that no record has. A slip of the pen looks like a record that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untitled {
    Refused,
    Missing,
}

/// The vault's answer.
#[derive(Debug)]
pub struct Answer {
    pub items: Vec<Item>,
    pub credentials: Option<Record>,
    /// For people.
    pub log: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
}

/// Names that stand for nothing readable, or for several things.
#[derive(Debug, thiserror::Error)]
#[error("{}", .lines.join("; "))]
pub struct Unresolved {
    pub kind: Kind,
    pub lines: Vec<String>,
    /// One of them is a title in a map that no record has.
    pub is_untitled: bool,
}

/// Problems of several kinds. Damage weighs most: what is there may be the thing that is missing elsewhere.
#[derive(Default)]
pub(super) struct Problems {
    kind: Option<Kind>,
    lines: Vec<String>,
    pub(super) is_untitled: bool,
}

impl Problems {
    pub(super) fn add(&mut self, heading: &str, found: Vec<(Kind, String)>) {
        if found.is_empty() {
            return;
        }
        self.lines.push(heading.to_owned());
        for (kind, line) in found {
            if self.kind != Some(Kind::Damaged) {
                self.kind = Some(kind);
            }
            self.lines.push(format!("  - {line}"));
        }
    }

    pub(super) fn check(self) -> Result<(), Unresolved> {
        match self.kind {
            None => Ok(()),
            Some(kind) => Err(Unresolved {
                kind,
                lines: self.lines,
                is_untitled: self.is_untitled,
            }),
        }
    }
}

impl Question {
    pub(super) fn names_folders(&self) -> bool {
        !self.folders.is_empty() || !self.folders_recursive.is_empty()
    }

    /// Those of the maps come first.
    pub(super) fn notations(&self) -> Vec<Notation> {
        let maps = self.maps.iter().map(|map| map.notation.clone());
        let records = self.records.iter().map(|named| named.notation.clone());
        maps.chain(records)
            .chain(self.credentials.clone())
            .collect()
    }
}

/// The option that names a record.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    Record,
    Folder(Depth),
}

impl Origin {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Folder(Depth::Own) => "folder",
            Self::Folder(Depth::All) => "folder-recursive",
        }
    }
}
