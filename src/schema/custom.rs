//! The record types of the user, from the files below a directory (compatibility 9.3). A file lists types as the official
//! helper spells them (`kind: KeeperRecordType`), or as the vendor's admin tool exports them (`recordTypeId`, with the
//! type as JSON text in `content`).

use std::fs;
use std::path::{Path, PathBuf};

use super::{RecordType, RecordTypes, Slot, UnknownType, field_type};
use crate::document::{self, Node};
use crate::environment::boolean;
use crate::input::{self, Limit};
use crate::limits::{RECORD_TYPE_DEPTH as DEPTH, RECORD_TYPE_FILES as FILES};
use crate::password::Complexity;

/// A file, directory or type that is skipped.
#[derive(Debug)]
pub struct RejectedFile {
    pub path: PathBuf,
    pub problem: TypeFileError,
}

#[derive(Debug, thiserror::Error)]
pub enum TypeFileError {
    #[error(transparent)]
    Read(#[from] input::Error),
    #[error(transparent)]
    Document(#[from] document::Error),
    #[error("it has neither `kind: KeeperRecordType` nor a `recordTypeId`")]
    Kind,
    #[error("{0} is missing, or is not what it should be")]
    Missing(String),
    #[error("there is a record type {0} already, and it stays")]
    Replaces(String),
    #[error("record type {name}")]
    Field { name: String, source: UnknownType },
    #[error("only the first {FILES} files, {DEPTH} directories deep, are looked at")]
    TooMany,
}

impl RecordTypes {
    /// Adds the types in the files below `directory` and returns those it skips.
    pub fn load(&mut self, directory: &Path) -> Vec<RejectedFile> {
        let mut rejected = Vec::new();
        let mut files = Vec::new();
        find(directory, DEPTH, &mut files, &mut rejected);
        for path in files {
            let found = read(&path).unwrap_or_else(|problem| vec![Err(problem)]);
            for kind in found {
                if let Err(problem) = kind.and_then(|kind| self.add(kind)) {
                    let path = path.clone();
                    rejected.push(RejectedFile { path, problem });
                }
            }
        }
        rejected
    }

    fn add(&mut self, kind: RecordType) -> Result<(), TypeFileError> {
        if self.get(&kind.name).is_ok() {
            return Err(TypeFileError::Replaces(kind.name));
        }
        for slot in &kind.slots {
            field_type(&slot.kind).map_err(|source| TypeFileError::Field {
                name: kind.name.clone(),
                source,
            })?;
        }
        self.types.push(kind);
        Ok(())
    }
}

/// Collects the files of types in the order of their names. Links to directories are not followed.
fn find(
    directory: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
    rejected: &mut Vec<RejectedFile>,
) {
    let mut reject = |path: &Path, problem| {
        let path = path.to_owned();
        rejected.push(RejectedFile { path, problem });
    };
    let entries = fs::read_dir(directory).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return reject(directory, input::Error::from(error).into()),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            match depth.checked_sub(1) {
                Some(depth) => find(&path, depth, files, rejected),
                None => rejected.push(RejectedFile {
                    path,
                    problem: TypeFileError::TooMany,
                }),
            }
        } else if is_type_file(&path) {
            if files.len() >= FILES {
                rejected.push(RejectedFile {
                    path,
                    problem: TypeFileError::TooMany,
                });
                return;
            }
            files.push(path);
        }
    }
}

fn ends_with(path: &Path, ends: &[&str]) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase());
    name.is_some_and(|name| ends.iter().any(|end| name.ends_with(end)))
}

fn is_type_file(path: &Path) -> bool {
    ends_with(path, &["json", "yml", "yaml"]) && path.is_file()
}

fn read(path: &Path) -> Result<Vec<Result<RecordType, TypeFileError>>, TypeFileError> {
    let text = input::file(path, Limit::RECORD_TYPE).and_then(input::text)?;
    let text = text.expose();
    let document = if ends_with(path, &["json"]) {
        Node::from_json(text)?
    } else {
        Node::from_yaml(text)?
    };
    let items = match &document {
        Node::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if document.get("kind").is_some() {
        return official(&document);
    }
    if items
        .first()
        .is_some_and(|item| item.get("recordTypeId").is_some())
    {
        return Ok(items.iter().map(exported).collect());
    }
    Err(TypeFileError::Kind)
}

fn official(document: &Node) -> Result<Vec<Result<RecordType, TypeFileError>>, TypeFileError> {
    let says = |name: &str, wanted: &str| text(document, name) == Some(wanted);
    if !says("kind", "KeeperRecordType") {
        return Err(TypeFileError::Kind);
    }
    if !says("version", "v3") {
        return Err(TypeFileError::Missing("`version: v3`".into()));
    }
    let types = list(document, "data")?.iter().map(|item| {
        let name = text(item, "name").ok_or_else(|| TypeFileError::Missing("`name`".into()))?;
        let slot = |field: &Node| {
            Ok(Slot {
                kind: text(field, "type")
                    .ok_or_else(|| TypeFileError::Missing("`type`".into()))?
                    .to_owned(),
                several: flag(field, "allow_multiple"),
                privacy_screen: flag(field, "privacy_screen"),
                generate: flag(field, "enforce_generation"),
                ..slot(field)
            })
        };
        record_type(name, list(item, "fields")?, slot)
    });
    Ok(types.collect())
}

fn exported(item: &Node) -> Result<RecordType, TypeFileError> {
    let content =
        text(item, "content").ok_or_else(|| TypeFileError::Missing("`content`".into()))?;
    let content = Node::from_json(content)?;
    let name = text(&content, "$id").ok_or_else(|| TypeFileError::Missing("`$id`".into()))?;
    let slot = |field: &Node| {
        Ok(Slot {
            kind: text(field, "$ref")
                .ok_or_else(|| TypeFileError::Missing("`$ref`".into()))?
                .to_owned(),
            privacy_screen: flag(field, "privacyScreen"),
            generate: flag(field, "enforceGeneration"),
            ..slot(field)
        })
    };
    record_type(name, list(&content, "fields")?, slot)
}

fn record_type(
    name: &str,
    fields: &[Node],
    slot: impl Fn(&Node) -> Result<Slot, TypeFileError>,
) -> Result<RecordType, TypeFileError> {
    Ok(RecordType {
        name: name.to_owned(),
        slots: fields.iter().map(slot).collect::<Result<_, _>>()?,
    })
}

/// The members that both forms spell alike.
fn slot(field: &Node) -> Slot {
    Slot {
        label: text(field, "label").map(str::to_owned),
        required: flag(field, "required"),
        complexity: field.get("complexity").map(complexity),
        ..Slot::default()
    }
}

fn complexity(node: &Node) -> Complexity {
    let number = |name: &str| text(node, name)?.parse::<i32>().ok();
    let usual = Complexity::default();
    let count = |name: &str| number(name).unwrap_or(0);
    Complexity {
        length: number("length")
            .and_then(|length| length.try_into().ok())
            .unwrap_or(usual.length),
        caps: count("caps"),
        lowercase: count("lowercase"),
        digits: count("digits"),
        special: count("special"),
        filter_characters: match node.get("filter_characters") {
            Some(Node::List(items)) => items
                .iter()
                .filter_map(Node::spelling)
                .map(str::to_owned)
                .collect(),
            Some(one) => one.spelling().map(str::to_owned).into_iter().collect(),
            None => Vec::new(),
        },
    }
}

fn text<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name)?.spelling().filter(|text| !text.is_empty())
}

fn flag(node: &Node, name: &str) -> bool {
    text(node, name).and_then(boolean) == Some(true)
}

fn list<'n>(node: &'n Node, name: &str) -> Result<&'n [Node], TypeFileError> {
    match node.get(name) {
        Some(Node::List(items)) => Ok(items),
        _ => Err(TypeFileError::Missing(format!("the list `{name}`"))),
    }
}
