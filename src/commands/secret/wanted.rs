//! Which records were asked for, and what becomes of those that are not there or do not open.

use std::collections::HashSet;

use ksm::vault::uid::RecordUid;
use ksm::vault::{Broken, Record, RecordFilter, Records};

use crate::console::Console;
use crate::failure::{Code, Failure};

/// Records asked for one by one.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    uids: Vec<RecordUid>,
    titles: &'a [String],
}

impl<'a> Wanted<'a> {
    pub(super) fn new<'u>(
        uids: impl IntoIterator<Item = &'u RecordUid>,
        titles: &'a [String],
    ) -> Self {
        let mut seen = HashSet::new();
        let uids = uids
            .into_iter()
            .filter(|uid| seen.insert(*uid))
            .cloned()
            .collect();
        Self { uids, titles }
    }

    /// What to ask the vault; everything, if nothing is asked for by name.
    pub(super) fn filter(&self) -> RecordFilter {
        if self.titles.is_empty() {
            return RecordFilter::about(&self.uids);
        }
        let uids = self.uids.iter().map(ToString::to_string);
        RecordFilter::Names(uids.chain(self.titles.iter().cloned()).collect())
    }

    /// Picks them from an answer, in its order. Where there is none, that is a failure; where one of several is
    /// missing, a warning.
    pub(super) fn pick<'r>(
        &self,
        answer: &'r Records,
        console: &Console,
    ) -> Result<Vec<&'r Record>, Failure> {
        let uids: HashSet<&RecordUid> = self.uids.iter().collect();
        let is_wanted = |record: &&Record| {
            uids.contains(record.uid()) || self.titles.iter().any(|title| title == record.title())
        };
        let picked: Vec<_> = answer.records.iter().filter(is_wanted).collect();
        if picked.is_empty() {
            self.all_open(answer)?;
            let failure = Failure::new(Code::Missing, "Cannot find requested record(s).");
            let may_be_broken = !self.titles.is_empty() && !answer.broken.is_empty();
            return Err(if may_be_broken {
                failure.hint("records that do not open were left out; theirs may be the title")
            } else {
                failure
            });
        }
        let found: HashSet<&RecordUid> = picked.iter().map(|record| record.uid()).collect();
        let broken: HashSet<&str> = answer
            .broken
            .iter()
            .map(|broken| broken.uid.as_str())
            .collect();
        for uid in self
            .uids
            .iter()
            .filter(|uid| !found.contains(uid) && !broken.contains(uid.as_str()))
        {
            console.warn(&format!("there is no record with the UID `{uid}`"));
        }
        for title in self
            .titles
            .iter()
            .filter(|title| picked.iter().all(|record| record.title() != title.as_str()))
        {
            console.warn(&format!("there is no record with the title `{title}`"));
        }
        Ok(picked)
    }

    /// Fails if a record that was asked for by its UID is there and does not open (security.md C5).
    pub(super) fn all_open(&self, answer: &Records) -> Result<(), Failure> {
        let opened = |broken: &Broken| {
            answer
                .records
                .iter()
                .any(|record| record.uid().as_str() == broken.uid)
        };
        let wanted = |broken: &&Broken| self.uids.iter().any(|uid| uid.as_str() == broken.uid);
        match answer
            .broken
            .iter()
            .filter(wanted)
            .find(|broken| !opened(broken))
        {
            Some(Broken { uid, reason }) => Err(Failure::new(
                Code::Failed,
                format!("the record `{uid}` does not open: {reason}"),
            )),
            None => Ok(()),
        }
    }
}
