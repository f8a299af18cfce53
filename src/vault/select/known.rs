//! The records known so far, each once, by UID and by title.

use std::collections::HashMap;

use crate::vault::Records;
use crate::vault::notation::Error;
use crate::vault::record::Record;
use crate::vault::uid::{FileUid, RecordUid};

#[derive(Debug, Default)]
pub(super) struct Known {
    records: Vec<Record>,
    by_uid: HashMap<RecordUid, usize>,
    /// Places in `records`, in the order of their titles.
    by_title: Vec<usize>,
    /// What does not open, and why.
    broken: HashMap<RecordUid, String>,
    broken_files: HashMap<FileUid, String>,
}

impl Known {
    /// Takes in those records of an answer that are wanted. Of several with one UID the first counts.
    pub(super) fn add(&mut self, answer: Records, is_wanted: impl Fn(&RecordUid) -> bool) {
        for record in answer.records {
            if is_wanted(record.uid()) && !self.by_uid.contains_key(record.uid()) {
                let place = self.records.len();
                self.by_uid.insert(record.uid().clone(), place);
                self.records.push(record);
            }
        }
        let broken = answer.broken.into_iter();
        self.broken
            .extend(broken.map(|broken| (broken.uid.into(), broken.reason)));
        let files = answer.broken_files.into_iter();
        self.broken_files
            .extend(files.map(|broken| (broken.uid.into(), broken.reason)));
        self.by_title = (0..self.records.len()).collect();
        let title = |place: &usize| self.records.get(*place).map(Record::title);
        self.by_title.sort_by_key(title);
    }

    /// The record with this UID.
    pub(super) fn record(&self, uid: &RecordUid) -> Option<&Record> {
        self.records.get(*self.by_uid.get(uid)?)
    }

    /// The records with this title, in the server's order.
    pub(super) fn titled(&self, title: &str) -> Vec<&Record> {
        let at = |place: &usize| self.records.get(*place);
        let start = self
            .by_title
            .partition_point(|place| at(place).is_some_and(|record| record.title() < title));
        let from_there = self.by_title.iter().skip(start).filter_map(at);
        from_there
            .take_while(|record| record.title() == title)
            .collect()
    }

    /// Fails for a record of which no copy opens: damaged is not missing (security.md C5).
    pub(super) fn check(&self, uid: &RecordUid) -> Result<(), Error> {
        match self.broken.get(uid) {
            Some(reason) if !self.by_uid.contains_key(uid) => Err(Error::RecordBroken {
                uid: uid.clone(),
                reason: reason.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// One of the records that do not open.
    pub(super) fn any_broken(&self) -> Option<Error> {
        let broken = self.broken.keys().filter(|uid| self.check(uid).is_err());
        self.check(broken.min()?).err()
    }

    /// One of the attachments that do not open.
    pub(super) fn any_broken_file(&self) -> Option<Error> {
        self.check_file(self.broken_files.keys().min()?.as_str())
            .err()
    }

    /// The same for an attachment named by its UID.
    pub(super) fn check_file(&self, name: &str) -> Result<(), Error> {
        let uid = FileUid::from(name);
        match self.broken_files.get(&uid) {
            Some(reason) => Err(Error::FileBroken {
                reason: reason.clone(),
                uid,
            }),
            None => Ok(()),
        }
    }
}
