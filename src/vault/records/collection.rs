//! What is kept of the records of an answer: the records, or their headings.

use super::sealed::Sealed;
use crate::vault::Error;
use crate::vault::attachment::Attachment;
use crate::vault::heading::{Heading, Headings};
use crate::vault::keys::RecordKey;
use crate::vault::link::Link;
use crate::vault::outline::Outline;
use crate::vault::part::Part;
use crate::vault::record::{Record, ServerData};
use crate::vault::uid::RecordUid;

/// A record that opened.
pub struct Opened<'a> {
    pub(super) sealed: Sealed<'a>,
    pub(super) key: &'a RecordKey,
    /// Its JSON.
    pub(super) plain: &'a [u8],
    pub(super) files: Vec<Attachment>,
}

pub trait Collection: Default {
    /// Adds one, unless it is no record.
    fn add(&mut self, opened: Opened<'_>) -> Result<(), Error>;

    /// Makes room for so many.
    fn make_room(&mut self, count: usize);

    /// Takes back the last one.
    fn take_back(&mut self);

    fn count(&self) -> usize;

    /// Keeps the records whose UID passes.
    fn keep(&mut self, is_kept: impl Fn(&str) -> bool);

    fn headings(&self) -> impl Iterator<Item = Heading<'_>>;

    fn damaged(&self) -> impl Iterator<Item = (RecordUid, Part)>;
}

impl Collection for Vec<Record> {
    fn add(&mut self, opened: Opened<'_>) -> Result<(), Error> {
        let Opened {
            sealed,
            key,
            plain,
            files,
        } = opened;
        let mut record = Record::from_json(sealed.uid().into(), plain)?;
        let links = sealed.record.links.as_ref();
        record.server = ServerData {
            revision: sealed.record.revision,
            editable: sealed.record.is_editable,
            folder: sealed.place().map(Into::into),
            files,
            links: links.map(|links| links.iter().map(|link| Link::open(link, key)).collect()),
            key: Some(key.clone()),
        };
        self.push(record);
        Ok(())
    }

    fn make_room(&mut self, count: usize) {
        self.reserve(count);
    }

    fn take_back(&mut self) {
        self.pop();
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn keep(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.retain(|record| is_kept(record.uid().as_str()));
    }

    fn headings(&self) -> impl Iterator<Item = Heading<'_>> {
        self.iter().map(Record::heading)
    }

    fn damaged(&self) -> impl Iterator<Item = (RecordUid, Part)> {
        self.iter().flat_map(damaged)
    }
}

impl Collection for Headings {
    fn add(&mut self, opened: Opened<'_>) -> Result<(), Error> {
        let Opened { sealed, plain, .. } = opened;
        if let Some(outline) = Outline::of(plain) {
            self.push(Heading {
                uid: sealed.uid(),
                title: &outline.title,
                kind: &outline.kind,
                folder: sealed.place(),
            });
            return Ok(());
        }
        let record = Record::from_json(sealed.uid().into(), plain)?;
        self.push(Heading {
            folder: sealed.place(),
            ..record.heading()
        });
        self.damaged.extend(damaged(&record));
        Ok(())
    }

    fn make_room(&mut self, count: usize) {
        self.reserve(count);
    }

    fn take_back(&mut self) {
        self.pop();
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn keep(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.retain(is_kept);
    }

    fn headings(&self) -> impl Iterator<Item = Heading<'_>> {
        self.iter()
    }

    fn damaged(&self) -> impl Iterator<Item = (RecordUid, Part)> {
        self.damaged.iter().cloned()
    }
}

fn damaged(record: &Record) -> impl Iterator<Item = (RecordUid, Part)> {
    let parts = record.damaged().iter().cloned();
    parts.map(|part| (record.uid().clone(), part))
}
