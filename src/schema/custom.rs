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
use crate::password::{LENGTH, Recipe};

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
    let entries = fs::read_dir(directory).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            let problem = input::Error::from(error).into();
            let path = directory.to_owned();
            return rejected.push(RejectedFile { path, problem });
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            match depth.checked_sub(1) {
                Some(depth) => find(&path, depth, files, rejected),
                None => {
                    let problem = TypeFileError::TooMany;
                    rejected.push(RejectedFile { path, problem });
                }
            }
        } else if ends_with(&path, &["json", "yml", "yaml"]) && path.is_file() {
            if files.len() >= FILES {
                let problem = TypeFileError::TooMany;
                return rejected.push(RejectedFile { path, problem });
            }
            files.push(path);
        }
    }
}

fn ends_with(path: &Path, ends: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    ends.iter().any(|end| name.ends_with(end))
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
    let types = list(document, "data")?.iter();
    let spelling = ["type", "privacy_screen", "enforce_generation"];
    Ok(types
        .map(|item| record_type(item, "name", spelling))
        .collect())
}

fn exported(item: &Node) -> Result<RecordType, TypeFileError> {
    let content = Node::from_json(needed(item, "content")?)?;
    record_type(
        &content,
        "$id",
        ["$ref", "privacyScreen", "enforceGeneration"],
    )
}

fn record_type(item: &Node, name: &str, spelling: [&str; 3]) -> Result<RecordType, TypeFileError> {
    let name = needed(item, name)?.to_owned();
    let slots = list(item, "fields")?.iter();
    Ok(RecordType {
        name,
        slots: slots
            .map(|field| slot(field, spelling))
            .collect::<Result<_, _>>()?,
    })
}

fn slot(field: &Node, [kind, privacy, generate]: [&str; 3]) -> Result<Slot, TypeFileError> {
    Ok(Slot {
        kind: needed(field, kind)?.to_owned(),
        label: text(field, "label").map(str::to_owned),
        required: flag(field, "required"),
        // Exports have no such member.
        several: flag(field, "allow_multiple"),
        privacy_screen: flag(field, privacy),
        generate: flag(field, generate),
        password: field.get("complexity").map(password).unwrap_or_default(),
    })
}

fn password(node: &Node) -> Recipe {
    let number = |name: &str| text(node, name)?.parse::<i32>().ok();
    let counts = ["lowercase", "caps", "digits", "special"].map(|name| number(name).unwrap_or(0));
    let length = number("length").and_then(|length| length.try_into().ok());
    let without = match node.get("filter_characters") {
        Some(Node::List(items)) => items.iter().filter_map(Node::spelling).collect(),
        Some(one) => one.spelling().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    Recipe {
        without,
        ..Recipe::counted(length.unwrap_or(LENGTH), counts)
    }
}

fn needed<'n>(node: &'n Node, name: &str) -> Result<&'n str, TypeFileError> {
    text(node, name).ok_or_else(|| TypeFileError::Missing(format!("`{name}`")))
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
