//! Several records, each by its UID or exact title, as `secret get` and `secret list` take them.

use std::collections::{HashMap, HashSet};

use crate::limits;
use crate::vault::advice::{self, Titles};
use crate::vault::record::Record;
use crate::vault::records::{RecordFilter, Records};
use crate::vault::uid::{self, RecordUid};
use crate::vault::{Broken, Candidate, MissingRecords, SelectError};

#[derive(Debug)]
pub struct RecordNames<'a> {
    /// UIDs, else titles of one record each.
    names: Vec<&'a str>,
    /// Each stands for every record with this title.
    titles: &'a [String],
}

/// The records of an answer that have one of the names, in its order.
#[derive(Debug)]
pub struct NamedRecords<'r> {
    pub records: Vec<&'r Record>,
    /// The names that none has.
    pub missing: Option<MissingRecords>,
}

impl<'a> RecordNames<'a> {
    pub fn new(names: impl IntoIterator<Item = &'a str>, titles: &'a [String]) -> Self {
        let mut seen = HashSet::new();
        let names = names.into_iter().filter(|name| seen.insert(*name));
        Self {
            names: names.collect(),
            titles,
        }
    }

    /// Without names, everything.
    pub fn filter(&self) -> RecordFilter {
        let names = self.names.iter().copied();
        if self.titles.is_empty() && names.clone().all(uid::is_uid) {
            let uids: Vec<_> = names.map(RecordUid::from).collect();
            return RecordFilter::of(&uids);
        }
        let titles = self.titles.iter().map(String::as_str);
        RecordFilter::Names(names.chain(titles).map(str::to_owned).collect())
    }

    /// Fails if no record has any of the names, or if several have one that is not said to be a title.
    pub fn find_in<'r>(&self, answer: &'r Records) -> Result<NamedRecords<'r>, SelectError> {
        let known = Index::new(answer);
        let mut wanted: HashSet<&RecordUid> = HashSet::new();
        let broken: HashSet<&str> = answer.broken.iter().map(|broken| &*broken.uid).collect();
        let (mut known_names, mut unknown) = (Vec::new(), Vec::new());
        for name in &self.names {
            match known.one(name)? {
                Some(uid) => {
                    wanted.insert(uid);
                    known_names.push(*name);
                }
                None if broken.contains(name) => {}
                None => unknown.push(*name),
            }
        }
        let titles: HashSet<&str> = self.titles.iter().map(String::as_str).collect();
        let is_wanted =
            |record: &&Record| wanted.contains(record.uid()) || titles.contains(record.title());
        let records: Vec<_> = answer.records.iter().filter(is_wanted).collect();
        if records.is_empty() {
            self.check(answer)?;
            let by_title = self.filter().uids().is_empty();
            let mut broken = answer.broken.iter().filter(|_| by_title);
            let unread = broken.next().cloned().map(Box::new);
            return Err(SelectError::NoneOfRecords {
                names: self.all().map(str::to_owned).collect(),
                unread,
                advice: advice::records(&self.all().collect::<Vec<_>>(), titles_of(answer)),
            });
        }
        // A field was given as one record more.
        let printing = match (&*known_names, &*unknown, &*records) {
            ([title], [name], [record]) => advice::printing(record, title, name),
            _ => None,
        };
        let lacks = |title: &&str| records.iter().all(|record| record.title() != *title);
        unknown.extend(self.titles.iter().map(String::as_str).filter(lacks));
        let missing = (!unknown.is_empty()).then(|| MissingRecords {
            names: unknown.iter().copied().map(str::to_owned).collect(),
            advice: printing.unwrap_or_else(|| advice::records(&unknown, titles_of(answer))),
        });
        Ok(NamedRecords { records, missing })
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let titles = self.titles.iter().map(String::as_str);
        self.names.iter().copied().chain(titles)
    }

    /// Fails if a record named by its UID is there and does not open (C5).
    pub fn check(&self, answer: &Records) -> Result<(), SelectError> {
        let is_named = |broken: &&Broken| self.names.contains(&broken.uid.as_str());
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

fn titles_of(answer: &Records) -> Titles<'_> {
    Titles {
        all: &answer.titles,
        is_large: answer.titles.len() > limits::COMPARED_TITLES,
    }
}

/// The records of an answer, each once.
struct Index<'r> {
    by_uid: HashMap<&'r str, &'r Record>,
    by_title: HashMap<&'r str, Vec<&'r Record>>,
}

impl<'r> Index<'r> {
    fn new(answer: &'r Records) -> Self {
        let mut index = Self {
            by_uid: HashMap::new(),
            by_title: HashMap::new(),
        };
        for record in &answer.records {
            if index.by_uid.insert(record.uid().as_str(), record).is_none() {
                index
                    .by_title
                    .entry(record.title())
                    .or_default()
                    .push(record);
            }
        }
        index
    }

    /// The UID of the record that `name` stands for. What is a UID is no title (D30).
    fn one(&self, name: &str) -> Result<Option<&'r RecordUid>, SelectError> {
        if let Some(record) = self.by_uid.get(name) {
            return Ok(Some(record.uid()));
        }
        let titled = self.by_title.get(name).filter(|_| !uid::is_uid(name));
        match titled.map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([only]) => Ok(Some(only.uid())),
            Some(several) => Err(SelectError::SeveralRecords {
                title: Some(name.to_owned()),
                found: several.iter().map(|one| Candidate::from(*one)).collect(),
            }),
        }
    }
}
