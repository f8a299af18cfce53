//! The notations of one run, and the records known so far.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use super::attachment::{FileRules, attachment};
use super::known::Known;
use super::{folder, pick};
use crate::limits::{self, Limit};
use crate::vault::advice::{self, Titles};
use crate::vault::attachment::Attachment;
use crate::vault::field::Field;
use crate::vault::folder::Folders;
use crate::vault::inflate;
use crate::vault::notation::{self, Notation, Target, Value};
use crate::vault::part::Part;
use crate::vault::reader::Reader;
use crate::vault::record::Record;
use crate::vault::records::{RecordFilter, Records};
use crate::vault::uid::{self, FileUid, RecordUid};
use crate::vault::{Candidate, Error, SelectError};

/// The target of a notation.
#[derive(Debug)]
pub enum Found<'r> {
    Value(Value),
    /// The attachment whose content is the value.
    File {
        record: &'r Record,
        file: &'r Attachment,
    },
}

#[derive(Debug)]
pub struct Selection<'n> {
    notations: &'n [Notation],
    /// Of these all fields are meant.
    whole: &'n [Notation],
    pub(super) known: Known,
    asked: HashSet<RecordUid>,
    complete: bool,
    folders: Option<Folders>,
    requests: usize,
}

impl<'n> Selection<'n> {
    pub fn new(notations: &'n [Notation]) -> Self {
        Self {
            notations,
            whole: &[],
            known: Known::default(),
            asked: HashSet::new(),
            complete: false,
            folders: None,
            requests: 0,
        }
    }

    /// Adds records of which all fields are meant.
    pub fn with_records(self, whole: &'n [Notation]) -> Self {
        Self { whole, ..self }
    }

    /// Answers so far.
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// The records known so far, each once.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.known.records()
    }

    /// The next records to ask for; `None` once every notation has the answer it can get. Each filter has a record that was
    /// not asked for before, or is the last.
    pub fn next_filter(&self) -> Option<RecordFilter> {
        let mut named = self.notations.iter().chain(self.whole).peekable();
        if self.complete || named.peek().is_none() {
            return None;
        }
        let Some(uids) = named.map(record_uid).collect() else {
            return Some(self.by_name());
        };
        if let Some(filter) = self.only_new(uids) {
            return Some(filter);
        }
        let fields = self.notations.iter().filter_map(|n| self.field(n));
        let whole = self.whole.iter().filter_map(|n| self.record(n).ok());
        let fields = fields.chain(whole.flat_map(Record::all_fields));
        let lookup = |uid: &RecordUid| self.known.record(uid);
        self.only_new(inflate::missing(fields, &lookup, &self.asked))
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
        let sound = |part: Part| match record.damaged().contains(&part) {
            true => Err(notation::Error::Damaged {
                record: notation.record.clone(),
                part,
            }),
            false => Ok(()),
        };
        let text = |text: &str| Value::Text(text.to_owned().into());
        let value = match &notation.target {
            Target::Type => sound(Part::Member("type")).map(|()| text(record.kind()))?,
            Target::Title => sound(Part::Member("title")).map(|()| text(record.title()))?,
            Target::Notes => {
                sound(Part::Member("notes"))?;
                record.notes().map_or(Value::Null, text)
            }
            Target::File(name) => {
                let file = self.file(record, name).map_err(in_notation)?;
                return Ok(Found::File { record, file });
            }
            Target::Field {
                section,
                name,
                pick,
            } => {
                let field = record.field(*section, name);
                let field = field.ok_or_else(|| notation::Error::FieldNotFound {
                    section: *section,
                    field: name.clone(),
                    advice: advice::field(record, Some(*section), name),
                })?;
                self.check_field(record, field, &notation.record)?;
                let lookup = |uid: &RecordUid| self.known.record(uid);
                pick::pick(field, name, pick, &lookup)?.into()
            }
        };
        Ok(Found::Value(value))
    }

    fn file<'r>(&self, record: &'r Record, name: &str) -> Result<&'r Attachment, SelectError> {
        self.known.check_file(name)?;
        attachment(record, name, FileRules::ANY).map_err(|mut error| {
            if let SelectError::NoFile { unread, .. } = &mut error {
                *unread = self.known.any_broken_file();
            }
            error
        })
    }

    /// The one record that a notation names.
    pub fn record(&self, notation: &Notation) -> Result<&Record, SelectError> {
        let name = &notation.record;
        let uid = RecordUid::from(name.as_str());
        self.known.check(name)?;
        if let Some(record) = self.known.record(&uid) {
            return Ok(record);
        }
        let absent = |unread| SelectError::NoRecord {
            name: name.clone(),
            unread,
            advice: advice::record(name, self.titles()),
        };
        if uid::is_uid(name) {
            return Err(absent(None));
        }
        match self.known.titled(name).as_slice() {
            [only] => Ok(only),
            [] => Err(absent(self.known.any_broken())),
            several => {
                let mut found: Vec<_> = several.iter().map(|one| Candidate::from(*one)).collect();
                if let Some(folders) = &self.folders {
                    folder::locate(&mut found, folders);
                }
                Err(SelectError::SeveralRecords {
                    title: Some(name.clone()),
                    found,
                })
            }
        }
    }

    fn titles(&self) -> Titles<'_> {
        let all = self.known.titles();
        Titles {
            all,
            is_large: all.len().saturating_mul(self.notations.len()) > limits::COMPARED_TITLES,
        }
    }

    /// Whether a title stands for several records, so that the folders tell them apart.
    pub(super) fn is_ambiguous(&self) -> bool {
        let several = |notation| {
            let found = self.record(notation);
            matches!(found, Err(SelectError::SeveralRecords { .. }))
        };
        self.notations.iter().chain(self.whole).any(several)
    }

    /// Takes in the folders that records lie in.
    pub(super) fn locate(&mut self, folders: Folders) {
        self.folders = Some(folders);
        self.requests += 1;
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
        let named = self.notations.iter().chain(self.whole);
        let names = named.map(|notation| notation.record.clone());
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
        reader: &Reader,
    ) -> Result<Vec<Result<Value, notation::Error>>, Error> {
        let mut values: Vec<Result<Value, notation::Error>> =
            Vec::with_capacity(self.notations.len());
        // Indexes of `values` that have the content of a file.
        let mut indexes: HashMap<&FileUid, usize> = HashMap::new();
        let mut room = Limit::REFERENCED.bytes();
        let mut take = |value: &Value| {
            room = room.checked_sub(value.size()).ok_or(Error::TooMuch)?;
            Ok::<_, Error>(())
        };
        for notation in self.notations {
            let value = match self.find(notation) {
                Ok(Found::Value(value)) => {
                    take(&value)?;
                    Ok(value)
                }
                Ok(Found::File { record, file }) => {
                    let index = indexes.entry(file.uid()).or_insert(values.len());
                    match values.get(*index) {
                        Some(content) => {
                            content.as_ref().map_or(Ok(()), &mut take)?;
                            content.clone()
                        }
                        None => Ok(Value::Bytes(reader.download(record.uid(), file).await?)),
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
