//! What a list shows of records.

use std::fmt;

use super::part::Part;
use super::uid::RecordUid;

/// A record without its content. Prints as its UID and type.
#[derive(Clone, Copy)]
pub struct Heading<'a> {
    pub uid: &'a str,
    /// Empty if there is none.
    pub title: &'a str,
    /// The type, such as `login`; empty if there is none.
    pub kind: &'a str,
    /// None if the record was shared on its own.
    pub folder: Option<&'a str>,
}

impl fmt::Debug for Heading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({}, {})", RecordUid::from(self.uid), self.kind)
    }
}

/// Bytes of a heading.
const USUAL: usize = 64;

/// The headings of all records, of which there may be thousands.
#[derive(Debug, Default)]
pub struct Headings {
    /// Heading by heading: UID, title, type and folder.
    text: String,
    /// Where each of them ends.
    ends: Vec<[usize; 4]>,
    pub(super) damaged: Vec<(RecordUid, Part)>,
}

impl Headings {
    pub fn iter(&self) -> impl Iterator<Item = Heading<'_>> + Clone {
        let mut start = 0;
        self.ends.iter().map(move |ends| {
            let [uid, title, kind, folder] = ends.map(|end| {
                let text = self.text.get(start..end).unwrap_or_default();
                start = end;
                text
            });
            Heading {
                uid,
                title,
                kind,
                folder: (!folder.is_empty()).then_some(folder),
            }
        })
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Makes room for so many of the usual length.
    pub(super) fn reserve(&mut self, count: usize) {
        self.text.reserve(count.saturating_mul(USUAL));
        self.ends.reserve(count);
    }

    pub(super) fn push(&mut self, heading: Heading<'_>) {
        let folder = heading.folder.unwrap_or_default();
        let ends = [heading.uid, heading.title, heading.kind, folder].map(|text| {
            self.text.push_str(text);
            self.text.len()
        });
        self.ends.push(ends);
    }

    /// Removes the last one.
    pub(super) fn pop(&mut self) {
        self.ends.pop();
        let end = self.ends.last().map_or(0, |[.., end]| *end);
        self.text.truncate(end);
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        let mut kept = Self::default();
        let headings = self.iter().filter(|heading| is_kept(heading.uid));
        headings.for_each(|heading| kept.push(heading));
        (self.text, self.ends) = (kept.text, kept.ends);
        self.damaged.retain(|(uid, _)| is_kept(uid.as_str()));
    }
}
