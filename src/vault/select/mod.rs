//! From a set of notations to the fewest requests (decision D21): what to ask next is worked out from what is known,
//! and only [`ask`] and [`Selection::values`] touch the network.

mod known;

use std::collections::{HashMap, HashSet};

use self::known::Known;
use super::notation::{Error, Found, Notation, Target, Value, resolve};
use super::record::Record;
use super::uid::{self, FileUid, RecordUid};
use super::{Client, Links, RecordFilter, Records, inflate};

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
    /// A selection that knows nothing yet.
    pub fn new(notations: &'n [Notation]) -> Self {
        Self {
            notations,
            known: Known::default(),
            asked: HashSet::new(),
            complete: false,
            requests: 0,
        }
    }

    /// How many answers were taken in.
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// What has to be asked next; `None` once every notation has the answer it can get. Each filter names a record
    /// that was not asked for before, or is the last.
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
            !matches!(self.record(notation), Err(Error::RecordNotFound { .. }))
        };
        if !self.notations.iter().all(is_known) {
            return Some(self.by_name());
        }
        let references = self.notations.iter().flat_map(|n| self.references(n));
        self.only_new(references.collect())
    }

    /// Takes in what the vault said to `filter`. What was not asked for is not used.
    pub fn answer(&mut self, filter: &RecordFilter, answer: Records) {
        self.asked.extend(filter.uids().iter().cloned());
        self.complete |= !matches!(filter, RecordFilter::Uids(_));
        self.requests += 1;
        let (complete, asked) = (self.complete, &self.asked);
        self.known
            .add(answer, |uid| complete || asked.contains(uid));
    }

    /// The answer to one of the notations, as far as the records hold it.
    pub fn find(&self, notation: &Notation) -> Result<Found<'_>, Error> {
        let record = self.record(notation)?;
        for uid in self.references(notation) {
            self.known.check(&uid)?;
        }
        if let Target::File(name) = &notation.target {
            self.known.check_file(name)?;
        }
        resolve::resolve(notation, record, &|uid| self.known.record(uid))
    }

    /// The one record a notation names.
    pub fn record(&self, notation: &Notation) -> Result<&Record, Error> {
        if let Some(uid) = record_uid(notation) {
            self.known.check(&uid)?;
            if let Some(record) = self.known.record(&uid) {
                return Ok(record);
            }
        }
        let titled = self.known.titled(&notation.record);
        match titled.as_slice() {
            [only] => Ok(only),
            [] => Err(Error::RecordNotFound {
                record: notation.record.clone(),
            }),
            several => Err(Error::RecordAmbiguous {
                record: notation.record.clone(),
                uids: several.iter().map(|record| record.uid().clone()).collect(),
            }),
        }
    }

    /// What may be the reason why something named by other than its UID was not found, if it is not that it is not there:
    /// what does not open has no title (security.md C5).
    pub fn doubt(&self, notation: &Notation, error: &Error) -> Option<Error> {
        match error {
            Error::RecordNotFound { .. } if record_uid(notation).is_none() => {
                self.known.any_broken()
            }
            Error::NoFiles { .. } | Error::FileNotFound { .. } => self.known.any_broken_file(),
            _ => None,
        }
    }

    /// The records whose values a notation puts in the place of their UIDs, as far as they are known.
    fn references(&self, notation: &Notation) -> Vec<RecordUid> {
        match (&notation.target, self.record(notation)) {
            (Target::Field { section, name, .. }, Ok(record)) => record
                .field(*section, name)
                .map(|field| inflate::references(field, &|uid| self.known.record(uid)))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn by_name(&self) -> RecordFilter {
        let names = self
            .notations
            .iter()
            .map(|notation| notation.record.clone());
        RecordFilter::Names(names.collect())
    }

    fn only_new(&self, uids: Vec<RecordUid>) -> Option<RecordFilter> {
        let mut seen = HashSet::new();
        let new: Vec<_> = uids
            .into_iter()
            .filter(|uid| !self.asked.contains(uid) && seen.insert(uid.clone()))
            .collect();
        (!new.is_empty()).then_some(RecordFilter::Uids(new))
    }
}

fn record_uid(notation: &Notation) -> Option<RecordUid> {
    uid::is_uid(&notation.record).then(|| RecordUid::from(notation.record.as_str()))
}

/// Asks for all that `notations` need, with as few requests as they allow; no file is downloaded yet.
pub async fn ask<'n>(
    client: &mut Client,
    notations: &'n [Notation],
) -> Result<Selection<'n>, super::Error> {
    let mut selection = Selection::new(notations);
    while let Some(filter) = selection.next_filter() {
        let answer = client.records(&filter, Links::Without).await?;
        selection.answer(&filter, answer);
    }
    Ok(selection)
}

/// Answers all `notations`, in their order.
pub async fn resolve_all(
    client: &mut Client,
    notations: &[Notation],
) -> Result<Vec<Result<Value, Error>>, super::Error> {
    ask(client, notations).await?.values(client).await
}

impl Selection<'_> {
    /// The answers to the notations, in their order; each file is downloaded once.
    pub async fn values(
        &self,
        client: &mut Client,
    ) -> Result<Vec<Result<Value, Error>>, super::Error> {
        let mut values: Vec<Result<Value, Error>> = Vec::with_capacity(self.notations.len());
        // Where the content of a file stands already; what is asked for once is there once.
        let mut places: HashMap<&FileUid, usize> = HashMap::new();
        for notation in self.notations {
            let value = match self.find(notation) {
                Ok(Found::Value(value)) => Ok(value),
                Ok(Found::File { record, file }) => {
                    let place = places.entry(file.uid()).or_insert(values.len());
                    match values.get(*place) {
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

    /// How many files [`Self::values`] downloads.
    pub fn downloads(&self) -> usize {
        let uid = |notation| match self.find(notation) {
            Ok(Found::File { file, .. }) => Some(file.uid().clone()),
            Ok(Found::Value(_)) | Err(_) => None,
        };
        let files: HashSet<_> = self.notations.iter().filter_map(uid).collect();
        files.len()
    }
}

#[cfg(test)]
mod tests;
