//! The vault's end of the line: one question, and everything resolved before anything is written.

use std::collections::HashMap;

use super::documents::{self, Document};
use super::folders::{Choice, Depth};
use super::kind::Kind as StoreKind;
use super::maps::{Map, Place};
use super::plan::{Item, Source};
use crate::foreign::Text;
use crate::json;
use crate::sensitive::Sensitive;
use crate::vault::folder::Folders;
use crate::vault::notation::{self, Notation, Value};
use crate::vault::select::Selection;
use crate::vault::{self, Client, Kind, Links, Record, RecordFilter, SelectError, uid};

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
}

/// Problems of several kinds. Damage weighs most: what is there may be the thing that is missing elsewhere.
#[derive(Default)]
struct Problems {
    kind: Option<Kind>,
    lines: Vec<String>,
}

impl Problems {
    fn add(&mut self, heading: &str, found: Vec<(Kind, String)>) {
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

    fn check(self) -> Result<(), Unresolved> {
        match self.kind {
            None => Ok(()),
            Some(kind) => Err(Unresolved {
                kind,
                lines: self.lines,
            }),
        }
    }
}

/// Asks for all that is needed, and resolves it. Fails unless the answer tells of every name whether it is there.
pub async fn resolve(client: &Client, question: &Question) -> Result<Answer, Error> {
    let notations = question.notations();
    let mut selection = Selection::new(&notations);
    let folders = match question.names_folders() {
        false => Folders::default(),
        true => {
            let folders = client.folders().await?;
            let answer = client.records(&RecordFilter::All, Links::Without).await?;
            selection.answer(&RecordFilter::All, answer);
            folders
        }
    };
    while let Some(filter) = selection.next_filter() {
        let answer = client.records(&filter, Links::Without).await?;
        selection.answer(&filter, answer);
    }
    let mut resolving = Resolving {
        question,
        selection: &selection,
        problems: Problems::default(),
        log: Vec::new(),
    };
    let credentials = resolving.credentials();
    let records = resolving.records(&folders);
    resolving.maps();
    let Resolving {
        problems, mut log, ..
    } = resolving;
    problems.check()?;
    let values = selection.values(client).await?;
    let mapped = question.maps.iter().zip(values);
    let mut items: Vec<Item> = mapped
        .map(|(map, value)| item(map, value, &mut log))
        .collect();
    items.extend(question.documents(&records, &mut log)?);
    Ok(Answer {
        items,
        credentials: credentials.cloned(),
        log,
    })
}

impl Question {
    fn names_folders(&self) -> bool {
        !self.folders.is_empty() || !self.folders_recursive.is_empty()
    }

    /// Those of the maps come first.
    fn notations(&self) -> Vec<Notation> {
        let maps = self.maps.iter().map(|map| map.notation.clone());
        let records = self.records.iter().map(|named| named.notation.clone());
        maps.chain(records)
            .chain(self.credentials.clone())
            .collect()
    }

    /// An item for each record. Fails for titles that make no name, and for names that are there already.
    fn documents(
        &self,
        records: &[(&Record, Origin)],
        log: &mut Vec<String>,
    ) -> Result<Vec<Item>, Unresolved> {
        let rules = &self.kind.traits().names;
        let (mut wrong, mut doubled) = (Vec::new(), Vec::new());
        let mut taken: HashMap<String, String> = HashMap::new();
        for map in &self.maps {
            let by = format!("--map '{}'", Text::from(&map.key));
            taken.insert(rules.identity(&map.place.name), by);
        }
        let mut items = Vec::new();
        for (record, origin) in records {
            let called = format!("'{}' (UID: {})", Text::from(record.title()), record.uid());
            let title = record.title().trim_start_matches('/');
            let checked = match title.split('/').any(|part| part == "..") {
                true => Err(
                    "title contains '..' path segment, which is not allowed with --prefix"
                        .to_owned(),
                ),
                false => rules
                    .check(&format!("{}{title}", self.prefix))
                    .map_err(|error| error.to_string()),
            };
            let name = match checked {
                Ok(name) => name,
                Err(error) => {
                    wrong.push((Kind::Ambiguous, format!("{called}: {error}")));
                    continue;
                }
            };
            if let Some(other) = taken.insert(rules.identity(&name), called.clone()) {
                let line = format!("secret name '{name}' maps to both {other} and {called}");
                doubled.push((Kind::Ambiguous, line));
                continue;
            }
            let Document { value, doubled } = match self.form {
                Form::Flattened => documents::flattened(record),
                Form::Whole => documents::whole(record),
            };
            if !doubled.is_empty() {
                let names = doubled.iter().map(|name| format!("'{}'", Text::from(name)));
                log.push(format!(
                    "Duplicate keys found in record '{}': {} - added suffixes (:2, :3, etc.)",
                    Text::from(record.title()),
                    names.collect::<Vec<_>>().join(", ")
                ));
            }
            items.push(Item {
                key: name.to_string(),
                origin: format!("{}:{}", origin.word(), record.uid()),
                place: Place { name, member: None },
                source: Source::Document(value),
            });
        }
        let mut problems = Problems::default();
        problems.add(&format!("{} validation errors:", rules.called), wrong);
        problems.add("Duplicate secret names after conversion:", doubled);
        problems.check()?;
        Ok(items)
    }
}

/// The option that names a record.
#[derive(Debug, Clone, Copy)]
enum Origin {
    Record,
    Folder(Depth),
}

impl Origin {
    fn word(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Folder(Depth::Own) => "folder",
            Self::Folder(Depth::All) => "folder-recursive",
        }
    }
}

struct Resolving<'q> {
    question: &'q Question,
    selection: &'q Selection<'q>,
    problems: Problems,
    log: Vec<String>,
}

impl<'q> Resolving<'q> {
    fn credentials(&mut self) -> Option<&'q Record> {
        let notation = self.question.credentials.as_ref()?;
        match self.sound(notation) {
            Ok(record) => Some(record),
            Err((kind, reason)) => {
                let name = Text::from(&notation.record);
                let store = self.question.kind.traits().name.to_ascii_uppercase();
                let heading = format!("Cannot find the record with {store} credentials {name}");
                self.problems.add(&heading, vec![(kind, reason)]);
                None
            }
        }
    }

    /// The records of `--record` and of folders, each once.
    fn records(&mut self, folders: &'q Folders) -> Vec<(&'q Record, Origin)> {
        let mut found: Vec<(&Record, Origin)> = Vec::new();
        let mut unresolved = Vec::new();
        for named in &self.question.records {
            match self.sound(&named.notation) {
                Ok(record) => {
                    self.note_title(named, record);
                    match found.iter().any(|(known, _)| known.uid() == record.uid()) {
                        true => self.log.push(format!(
                            "Duplicate UIDs found in resolved records - removed duplicates: {}",
                            record.uid()
                        )),
                        false => found.push((record, Origin::Record)),
                    }
                }
                Err(error) => unresolved.push(error),
            }
        }
        self.problems.add("Record resolution errors:", unresolved);
        if self.question.names_folders() {
            let of_folders = self.of_folders(folders);
            for (record, depth) in of_folders {
                match found.iter().any(|(known, _)| known.uid() == record.uid()) {
                    true => self.log.push(format!(
                        "Records found in both --record and --folder/--folder-recursive: '{}' (UID: {}) - will keep only \
                         one copy",
                        Text::from(record.title()),
                        record.uid()
                    )),
                    false => found.push((record, Origin::Folder(depth))),
                }
            }
        }
        found
    }

    fn of_folders(&mut self, folders: &'q Folders) -> Vec<(&'q Record, Depth)> {
        let question = self.question;
        let choice = Choice::of(folders, &question.folders, &question.folders_recursive);
        let records = choice.records(folders, self.selection.records());
        self.log.extend(choice.log);
        let unresolved = choice.unresolved.into_iter();
        let unresolved = unresolved.map(|unresolved| (unresolved.kind, unresolved.line));
        self.problems
            .add("Folder resolution errors:", unresolved.collect());
        // Where it lies is not known, so it may belong to these folders.
        let mut unread: Vec<_> = folders
            .broken
            .iter()
            .map(|broken| (Kind::Damaged, format!("the folder {broken}")))
            .collect();
        if let Some(broken) = self.selection.any_broken() {
            unread.push((Kind::Damaged, format!("the record {broken}")));
        }
        for (record, _) in &records {
            unread.extend(damage(record));
        }
        self.problems
            .add("Not all of the folders can be read:", unread);
        records
    }

    fn maps(&mut self) {
        let mut unread = Vec::new();
        for map in &self.question.maps {
            let Err(error) = self.selection.find(&map.notation) else {
                continue;
            };
            let error = error.doubting();
            if error.kind() != Kind::Missing {
                unread.push((
                    error.kind(),
                    format!("Key '{}': {error}", Text::from(&map.key)),
                ));
            }
        }
        self.problems.add(
            "Nothing was written, since not all values can be read:",
            unread,
        );
    }

    /// The record, if nothing of it is damaged.
    fn sound(&self, notation: &Notation) -> Result<&'q Record, (Kind, String)> {
        let name = Text::from(&notation.record);
        let record = self
            .selection
            .record(notation)
            .map_err(SelectError::doubting);
        let record = record.map_err(|error| match error.kind() {
            Kind::Missing => (
                Kind::Missing,
                format!("No record found matching token: '{name}'"),
            ),
            kind => (kind, format!("'{name}': {error}")),
        })?;
        match damage(record) {
            Some(damage) => Err(damage),
            None => Ok(record),
        }
    }

    fn note_title(&mut self, named: &Named, record: &Record) {
        if !uid::is_uid(&named.notation.record) {
            self.log.push(format!(
                "Warning: record '{}' resolved by title to UID {}; titles are mutable, prefer the record UID for \
                 scheduled syncs",
                Text::from(&named.typed),
                record.uid()
            ));
        }
    }
}

fn damage(record: &Record) -> Option<(Kind, String)> {
    let part = record.damaged().first()?;
    let line = format!(
        "record {} is damaged: {part} has no value that JSON knows",
        record.uid()
    );
    Some((Kind::Damaged, line))
}

fn item(map: &Map, value: Result<Value, notation::Error>, log: &mut Vec<String>) -> Item {
    let source = match value {
        Ok(value) => source(value),
        Err(error) if lacks_record_or_field(&error) => {
            log.push(format!(
                "The vault has no value for key={}: {error}",
                Text::from(&map.key)
            ));
            Source::Missing
        }
        Err(error) => Source::Unusable(error.to_string()),
    };
    Item {
        key: map.key.clone(),
        origin: map.typed.clone(),
        place: map.place.clone(),
        source,
    }
}

fn source(value: Value) -> Source {
    match value {
        Value::Null => Source::Missing,
        Value::Text(text) => Source::Text(text),
        Value::Json(value) => Source::Text(Sensitive::new(json::line(value.expose()))),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes.expose()) {
            Ok(text) => Source::Text(Sensitive::new(text.to_owned())),
            Err(_) => Source::Unusable("the attachment is no text in UTF-8".to_owned()),
        },
    }
}

/// An index or a member that is not there may be a mistake in the notation, so its destination stays.
fn lacks_record_or_field(error: &notation::Error) -> bool {
    match error {
        notation::Error::Select { error, .. } => error.kind() == Kind::Missing,
        notation::Error::FieldNotFound { .. } => true,
        notation::Error::Damaged { .. }
        | notation::Error::IndexOutOfRange { .. }
        | notation::Error::PropertyNotFound { .. } => false,
    }
}
