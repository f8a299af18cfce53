//! Several records, each by its UID or exact title, as `secret get` and `secret list` take them.

use std::collections::HashSet;

use crate::vault::record::Record;
use crate::vault::records::{RecordFilter, Records};
use crate::vault::uid::RecordUid;
use crate::vault::{Broken, SelectError};

#[derive(Debug)]
pub struct RecordNames<'a> {
    uids: Vec<RecordUid>,
    titles: &'a [String],
}

/// The records of an answer that have one of the names, in its order, and the names that none has.
#[derive(Debug)]
pub struct NamedRecords<'r, 'n> {
    pub records: Vec<&'r Record>,
    pub unknown_uids: Vec<&'n RecordUid>,
    pub unknown_titles: Vec<&'n str>,
}

impl<'a> RecordNames<'a> {
    pub fn new<'u>(uids: impl IntoIterator<Item = &'u RecordUid>, titles: &'a [String]) -> Self {
        let mut seen = HashSet::new();
        let uids = uids.into_iter().filter(|uid| seen.insert(*uid));
        Self {
            uids: uids.cloned().collect(),
            titles,
        }
    }

    /// Without names, everything.
    pub fn filter(&self) -> RecordFilter {
        if self.titles.is_empty() {
            return RecordFilter::of(&self.uids);
        }
        let uids = self.uids.iter().map(|uid| uid.as_str().to_owned());
        RecordFilter::Names(uids.chain(self.titles.iter().cloned()).collect())
    }

    /// Fails if no record has any of the names.
    pub fn find_in<'r>(&self, answer: &'r Records) -> Result<NamedRecords<'r, '_>, SelectError> {
        let uids: HashSet<&RecordUid> = self.uids.iter().collect();
        let is_wanted = |record: &&Record| {
            uids.contains(record.uid()) || self.titles.iter().any(|title| title == record.title())
        };
        let records: Vec<_> = answer.records.iter().filter(is_wanted).collect();
        if records.is_empty() {
            self.check(answer)?;
            let mut broken = answer.broken.iter().filter(|_| !self.titles.is_empty());
            let unread = broken.next().cloned().map(Box::new);
            return Err(SelectError::NoneOfRecords { unread });
        }
        let found: HashSet<&str> = records.iter().map(|record| record.uid().as_str()).collect();
        let broken: HashSet<&str> = answer.broken.iter().map(|broken| &*broken.uid).collect();
        let is_unknown =
            |uid: &&RecordUid| !found.contains(uid.as_str()) && !broken.contains(uid.as_str());
        let titles = self.titles.iter().map(String::as_str);
        Ok(NamedRecords {
            unknown_uids: self.uids.iter().filter(is_unknown).collect(),
            unknown_titles: titles
                .filter(|title| records.iter().all(|record| record.title() != *title))
                .collect(),
            records,
        })
    }

    /// Fails if a record named by its UID is there and does not open (C5).
    pub fn check(&self, answer: &Records) -> Result<(), SelectError> {
        let is_named = |broken: &&Broken| self.uids.iter().any(|uid| uid.as_str() == broken.uid);
        let opens = |broken: &Broken| {
            let mut records = answer.records.iter();
            records.any(|record| record.uid().as_str() == broken.uid)
        };
        let mut named = answer.broken.iter().filter(is_named);
        match named.find(|broken| !opens(broken)) {
            Some(broken) => Err(SelectError::DamagedRecord(broken.clone())),
            None => Ok(()),
        }
    }
}
