//! From names to what they stand for: UIDs, titles and notations to records, attachments and values.
//!
//! [`Selection`] works out what to ask next from what is known; only the functions that take a [`Reader`] use the network,
//! with as few requests as the names allow (D21).

mod attachment;
mod folder;
mod known;
mod names;
mod pick;
mod selection;
mod whole;

pub use self::attachment::{FileRules, attachment, attachment_uid, attachment_with_uid};
pub use self::folder::FolderTree;
pub use self::names::{NamedRecords, RecordNames};
pub use self::selection::{Found, Selection};
pub use self::whole::WholeField;

use std::collections::{HashMap, HashSet};
use std::slice;

use super::error::{Error, SelectError};
use super::field::Field;
use super::inflate;
use super::notation::{self, Notation, Value};
use super::reader::Reader;
use super::record::Record;
use super::records::{Links, RecordFilter, Records};
use super::uid::{self, FolderUid, RecordUid};

/// Asks for the records that `notations` need; downloads no files.
pub async fn ask<'n>(reader: &Reader, notations: &'n [Notation]) -> Result<Selection<'n>, Error> {
    let mut selection = Selection::new(notations);
    complete(reader, &mut selection).await?;
    Ok(selection)
}

/// Asks for what `selection` still needs. Folders are asked for only to tell records of one title apart.
pub async fn complete(reader: &Reader, selection: &mut Selection<'_>) -> Result<(), Error> {
    while let Some(filter) = selection.next_filter() {
        let answer = reader.records(&filter, Links::Without).await?;
        selection.answer(&filter, answer);
    }
    if selection.is_ambiguous()
        && let Ok(folders) = reader.folders().await
    {
        selection.locate(folders);
    }
    Ok(())
}

/// Adds to an error of several records the folders they lie in.
pub async fn located(reader: &Reader, mut error: SelectError) -> SelectError {
    if let SelectError::SeveralRecords { found, .. } = &mut error
        && let Ok(folders) = reader.folders().await
    {
        folder::locate(found, &folders);
    }
    error
}

/// The folder with this UID, title or path.
pub async fn folder(reader: &Reader, name: &str) -> Result<FolderUid, Error> {
    if uid::is_uid(name) {
        return Ok(name.into());
    }
    let folders = reader.folders().await?;
    Ok(FolderTree::new(&folders).find(name)?.uid.clone())
}

/// The values of all `notations`, in their order.
pub async fn values(
    reader: &Reader,
    notations: &[Notation],
) -> Result<Vec<Result<Value, notation::Error>>, Error> {
    ask(reader, notations).await?.values(reader).await
}

/// The one record that a notation names.
pub async fn record(reader: &Reader, notation: &Notation) -> Result<Record, Error> {
    let selection = ask(reader, slice::from_ref(notation)).await?;
    Ok(selection.record(notation)?.clone())
}

/// The records that `fields` refer to and `answer`, which came for `filter`, lacks; with one request for each step of the
/// way.
pub async fn references(
    reader: &Reader,
    filter: &RecordFilter,
    answer: &Records,
    fields: &[&Field],
) -> Result<Vec<Record>, Error> {
    let mut fetched = Vec::new();
    let mut asked = HashSet::new();
    // Without a filter everything was sent.
    while !filter.uids().is_empty() {
        let known = index(answer.records.iter().chain(&fetched));
        let lookup = |uid: &RecordUid| known.get(uid).copied();
        let missing = inflate::missing(fields.iter().copied(), &lookup, &asked);
        if missing.is_empty() {
            break;
        }
        asked.extend(missing.iter().cloned());
        let filter = RecordFilter::Uids(missing);
        let answer = reader.records(&filter, Links::Without).await?;
        fetched.extend(answer.records);
    }
    Ok(fetched)
}

pub fn index<'r>(records: impl Iterator<Item = &'r Record>) -> HashMap<&'r RecordUid, &'r Record> {
    records.map(|record| (record.uid(), record)).collect()
}
