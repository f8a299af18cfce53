//! The records at hand, each once, by UID and by title.

use std::collections::HashMap;

use crate::vault::record::Record;
use crate::vault::records::Records;
use crate::vault::uid::RecordUid;
use crate::vault::{Broken, SelectError};

#[derive(Debug, Default)]
pub(super) struct Known {
    records: Vec<Record>,
    by_uid: HashMap<RecordUid, usize>,
    /// Indexes of `records` in the order of titles.
    by_title: Vec<usize>,
    /// Of all records, if the server was asked for them and a title is missing.
    titles: Vec<String>,
    /// By UID.
    broken: HashMap<String, Broken>,
    broken_files: HashMap<String, Broken>,
}

impl Known {
    /// Of several records with one UID the first counts.
    pub(super) fn add(&mut self, answer: Records, is_wanted: impl Fn(&RecordUid) -> bool) {
        self.titles.extend(answer.titles);
        for record in answer.records {
            if is_wanted(record.uid()) && !self.by_uid.contains_key(record.uid()) {
                let index = self.records.len();
                self.by_uid.insert(record.uid().clone(), index);
                self.records.push(record);
            }
        }
        let by_uid = |broken: Broken| (broken.uid.clone(), broken);
        self.broken.extend(answer.broken.into_iter().map(by_uid));
        let files = answer.broken_files.into_iter();
        self.broken_files.extend(files.map(by_uid));
        self.by_title = (0..self.records.len()).collect();
        let title = |index: &usize| self.records.get(*index).map(Record::title);
        self.by_title.sort_by_key(title);
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter()
    }

    pub(super) fn titles(&self) -> &[String] {
        &self.titles
    }

    pub(super) fn record(&self, uid: &RecordUid) -> Option<&Record> {
        self.records.get(*self.by_uid.get(uid)?)
    }

    /// In the server's order.
    pub(super) fn titled(&self, title: &str) -> Vec<&Record> {
        let at = |index: &usize| self.records.get(*index);
        let start = self
            .by_title
            .partition_point(|index| at(index).is_some_and(|record| record.title() < title));
        let from_there = self.by_title.iter().skip(start).filter_map(at);
        from_there
            .take_while(|record| record.title() == title)
            .collect()
    }

    /// Fails for a record of which no copy opens: damaged is not missing (C5).
    pub(super) fn check(&self, uid: &str) -> Result<(), SelectError> {
        match self.broken.get(uid) {
            Some(broken) if !self.by_uid.contains_key(uid) => {
                Err(SelectError::DamagedRecord(broken.clone()))
            }
            _ => Ok(()),
        }
    }

    /// A record of which no copy opens.
    pub(super) fn any_broken(&self) -> Option<Box<Broken>> {
        let broken = self.broken.values();
        least(broken.filter(|broken| !self.by_uid.contains_key(broken.uid.as_str())))
    }

    pub(super) fn any_broken_file(&self) -> Option<Box<Broken>> {
        least(self.broken_files.values())
    }

    /// Fails for an attachment that does not open, if `name` is its UID.
    pub(super) fn check_file(&self, name: &str) -> Result<(), SelectError> {
        match self.broken_files.get(name) {
            Some(broken) => Err(SelectError::DamagedFile(broken.clone())),
            None => Ok(()),
        }
    }
}

/// The one with the least UID, so that messages are stable.
fn least<'b>(broken: impl Iterator<Item = &'b Broken>) -> Option<Box<Broken>> {
    let least = broken.min_by_key(|broken| broken.uid.as_str());
    least.cloned().map(Box::new)
}
