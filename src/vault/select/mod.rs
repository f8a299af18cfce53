//! From names to what they stand for: UIDs, titles and notations to records, attachments and values.
//!
//! [`Selection`] works out what to ask next from what is known; only the functions that take a [`Client`] use the network,
//! with as few requests as the names allow (D21).

mod attachment;
mod known;
mod names;
mod resolve;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::slice;

pub use self::attachment::{FileRules, attachment, attachment_uid, attachment_with_uid};
use self::known::Known;
pub use self::names::{Picked, RecordNames};
pub use self::resolve::Found;
use super::client::{Client, Links};
use super::field::Field;
use super::inflate;
use super::notation::{self, Notation, Target, Value};
use super::record::Record;
use super::records::{RecordFilter, Records};
use super::uid::{self, FileUid, RecordUid};
use super::{Error, SelectError};

/// Notations and the records known so far.
#[derive(Debug)]
pub struct Selection<'n> {
    notations: &'n [Notation],
    known: Known,
    asked: HashSet<RecordUid>,
    complete: bool,
    requests: usize,
}

impl<'n> Selection<'n> {
    pub fn new(notations: &'n [Notation]) -> Self {
        Self {
            notations,
            known: Known::default(),
            asked: HashSet::new(),
            complete: false,
            requests: 0,
        }
    }

    /// Answers so far.
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// The next records to ask for; `None` once every notation has the answer it can get. Each filter has a record that was
    /// not asked for before, or is the last.
    pub fn next_filter(&self) -> Option<RecordFilter> {
        if self.complete || self.notations.is_empty() {
            return None;
        }
        let Some(uids) = self.notations.iter().map(record_uid).collect() else {
            return Some(self.by_name());
        };
        if let Some(filter) = self.only_new(uids) {
            return Some(filter);
        }
        // A text that looks like a UID and is none may be a title.
        let is_known = |notation: &Notation| {
            !matches!(self.record(notation), Err(SelectError::NoRecord { .. }))
        };
        if !self.notations.iter().all(is_known) {
            return Some(self.by_name());
        }
        let fields = self.notations.iter().filter_map(|n| self.field(n));
        self.only_new(inflate::missing(
            fields,
            &|uid| self.known.record(uid),
            &self.asked,
        ))
    }

    /// Takes in the answer to `filter`, without what was not asked for.
    pub fn answer(&mut self, filter: &RecordFilter, answer: Records) {
        self.asked.extend(filter.uids().iter().cloned());
        self.complete |= !matches!(filter, RecordFilter::Uids(_));
        self.requests += 1;
        let (complete, asked) = (self.complete, &self.asked);
        self.known
            .add(answer, |uid| complete || asked.contains(uid));
    }

    /// The value, or the attachment that holds it, as far as it is known.
    pub fn find(&self, notation: &Notation) -> Result<Found<'_>, notation::Error> {
        let in_notation = |error| notation::Error::Select {
            record: notation.record.clone(),
            error,
        };
        let record = self.record(notation).map_err(in_notation)?;
        let lookup = |uid: &RecordUid| self.known.record(uid);
        let references = self
            .field(notation)
            .map(|field| inflate::references(field, &lookup));
        for uid in references.unwrap_or_default() {
            self.known.check(uid.as_str()).map_err(in_notation)?;
        }
        if let Target::File(name) = &notation.target {
            let file = self
                .known
                .check_file(name)
                .and_then(|()| attachment(record, name, FileRules::ANY));
            let file = file.map_err(|error| self.with_unread_file(error));
            return Ok(Found::File {
                record,
                file: file.map_err(in_notation)?,
            });
        }
        resolve::value(&notation.target, record, &lookup).map(Found::Value)
    }

    /// The one record that a notation names.
    pub fn record(&self, notation: &Notation) -> Result<&Record, SelectError> {
        let name = &notation.record;
        let uid = record_uid(notation);
        if let Some(uid) = &uid {
            self.known.check(uid.as_str())?;
            if let Some(record) = self.known.record(uid) {
                return Ok(record);
            }
        }
        match self.known.titled(name).as_slice() {
            [only] => Ok(only),
            [] => Err(SelectError::NoRecord {
                name: name.clone(),
                unread: self.known.any_broken().filter(|_| uid.is_none()),
            }),
            several => Err(SelectError::SeveralRecords {
                title: Some(name.clone()),
                uids: several.iter().map(|record| record.uid().clone()).collect(),
            }),
        }
    }

    fn with_unread_file(&self, error: SelectError) -> SelectError {
        match error {
            SelectError::NoFile {
                record,
                name,
                has_others,
                ..
            } => SelectError::NoFile {
                record,
                name,
                has_others,
                unread: self.known.any_broken_file(),
            },
            error => error,
        }
    }

    /// The field a notation names, if its record is known.
    fn field(&self, notation: &Notation) -> Option<&Field> {
        match &notation.target {
            Target::Field { section, name, .. } => {
                self.record(notation).ok()?.field(*section, name)
            }
            Target::Type | Target::Title | Target::Notes | Target::File(_) => None,
        }
    }

    fn by_name(&self) -> RecordFilter {
        let names = self
            .notations
            .iter()
            .map(|notation| notation.record.clone());
        RecordFilter::Names(names.collect())
    }

    fn only_new(&self, mut uids: Vec<RecordUid>) -> Option<RecordFilter> {
        let mut seen = HashSet::new();
        uids.retain(|uid| !self.asked.contains(uid) && seen.insert(uid.clone()));
        (!uids.is_empty()).then_some(RecordFilter::Uids(uids))
    }

    /// The values in the order of the notations; each file is downloaded once.
    pub async fn values(
        &self,
        client: &mut Client,
    ) -> Result<Vec<Result<Value, notation::Error>>, Error> {
        let mut values: Vec<Result<Value, notation::Error>> =
            Vec::with_capacity(self.notations.len());
        // Where in `values` the content of a file is already.
        let mut indexes: HashMap<&FileUid, usize> = HashMap::new();
        for notation in self.notations {
            let value = match self.find(notation) {
                Ok(Found::Value(value)) => Ok(value),
                Ok(Found::File { record, file }) => {
                    let index = indexes.entry(file.uid()).or_insert(values.len());
                    match values.get(*index) {
                        Some(content) => content.clone(),
                        None => Ok(Value::Bytes(client.download(record.uid(), file).await?)),
                    }
                }
                Err(error) => Err(error),
            };
            values.push(value);
        }
        Ok(values)
    }

    /// The number of files that [`Self::values`] downloads.
    pub fn downloads(&self) -> usize {
        let uid = |notation| match self.find(notation) {
            Ok(Found::File { file, .. }) => Some(file.uid().clone()),
            Ok(Found::Value(_)) | Err(_) => None,
        };
        let files: HashSet<_> = self.notations.iter().filter_map(uid).collect();
        files.len()
    }
}

fn record_uid(notation: &Notation) -> Option<RecordUid> {
    uid::is_uid(&notation.record).then(|| RecordUid::from(notation.record.as_str()))
}

/// Asks for the records that `notations` need; downloads no files.
pub async fn ask<'n>(
    client: &mut Client,
    notations: &'n [Notation],
) -> Result<Selection<'n>, Error> {
    let mut selection = Selection::new(notations);
    while let Some(filter) = selection.next_filter() {
        let answer = client.records(&filter, Links::Without).await?;
        selection.answer(&filter, answer);
    }
    Ok(selection)
}

/// The values of all `notations`, in their order.
pub async fn values(
    client: &mut Client,
    notations: &[Notation],
) -> Result<Vec<Result<Value, notation::Error>>, Error> {
    ask(client, notations).await?.values(client).await
}

/// The one record that a notation names, whatever the notation says after the record.
pub async fn record(client: &mut Client, notation: &Notation) -> Result<Record, Error> {
    let notation = Notation {
        record: notation.record.clone(),
        target: Target::Title,
    };
    let selection = ask(client, slice::from_ref(&notation)).await?;
    Ok(selection.record(&notation)?.clone())
}

/// The records that `fields` refer to and `answer`, which came for `filter`, lacks; with one request for each step of the
/// way.
pub async fn references(
    client: &mut Client,
    filter: &RecordFilter,
    answer: &Records,
    fields: &[&Field],
) -> Result<Vec<Record>, Error> {
    let mut fetched = Vec::new();
    let mut asked = HashSet::new();
    // Without a filter everything was sent.
    while !filter.uids().is_empty() {
        let known = index(answer.records.iter().chain(&fetched));
        let lookup = |uid: &RecordUid| known.get(uid).copied();
        let missing = inflate::missing(fields.iter().copied(), &lookup, &asked);
        if missing.is_empty() {
            break;
        }
        asked.extend(missing.iter().cloned());
        let filter = RecordFilter::Uids(missing);
        let answer = client.records(&filter, Links::Without).await?;
        fetched.extend(answer.records);
    }
    Ok(fetched)
}

pub fn index<'r>(records: impl Iterator<Item = &'r Record>) -> HashMap<&'r RecordUid, &'r Record> {
    records.map(|record| (record.uid(), record)).collect()
}
