//! The answer to `get_secret`: which records it is asked for, and what of it opens (protocol 9.2, 9.5).

mod collection;
mod opening;
mod sealed;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub(super) use self::collection::Collection;
use self::opening::Opening;
use super::error::Broken;
use super::record::Record;
use super::uid::RecordUid;
use crate::device::AppKey;
use crate::foreign::Text;
use crate::wire::reply;

/// Whether records are sent with their links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    With,
    Without,
}

/// The records to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordFilter {
    All,
    /// Never empty. Records with other UIDs stay sealed, whatever the server sends.
    Uids(Vec<RecordUid>),
    /// UIDs or titles; the records their fields refer to come along. Titles are sealed, so the server is asked for
    /// everything. Every record is looked up among them, and to compare with a few is cheaper than a hash.
    Names(BTreeSet<String>),
}

impl RecordFilter {
    /// Asks for everything if `uids` is empty.
    pub fn of(uids: &[RecordUid]) -> Self {
        match uids {
            [] => Self::All,
            uids => Self::Uids(uids.to_vec()),
        }
    }

    /// The filter the server is sent; empty asks for everything.
    pub fn uids(&self) -> &[RecordUid] {
        match self {
            Self::All | Self::Names(_) => &[],
            Self::Uids(uids) => uids,
        }
    }
}

/// An opened answer in the server's order: records shared one by one, then folder by folder, then those that the named
/// ones refer to. `C` is what is kept of the records.
#[derive(Debug, Default)]
pub struct Records<C = Vec<Record>> {
    /// A record that was shared in several ways is here several times.
    pub records: C,
    /// Records and shared folders.
    pub broken: Vec<Broken>,
    /// Attachments of records that did open.
    pub broken_files: Vec<Broken>,
    /// Records that were not asked for by their UID; they stay sealed.
    pub unasked: Vec<RecordUid>,
    /// The titles of all records, if one of the titles asked for is not among them.
    pub titles: Vec<String>,
    /// The server's words for the user.
    pub warnings: Vec<Text>,
}

impl<C: Collection> Records<C> {
    pub(super) fn open_all(answer: &reply::Secrets<'_>, app_key: &AppKey) -> Self {
        let mut opening = Opening::new(answer, app_key);
        opening.open_all();
        opening.done()
    }
}

impl Records {
    /// Opens what `filter` asked for.
    pub fn open(answer: &reply::Secrets<'_>, app_key: &AppKey, filter: &RecordFilter) -> Self {
        let mut opening = Opening::new(answer, app_key);
        match filter {
            RecordFilter::All => return Self::open_all(answer, app_key),
            RecordFilter::Uids(uids) => opening.open_uids(uids),
            RecordFilter::Names(names) => opening.open_named(names),
        }
        opening.done()
    }

    /// Leaves out what an answer to a wider question has besides.
    pub(super) fn narrow(&mut self, links: Links) {
        self.unasked.clear();
        if links == Links::Without {
            let records = self.records.iter_mut();
            records.for_each(|record| record.server.links = None);
        }
    }
}
