//! A record as it arrived, and the keys of an answer, one of which opens it (protocol 9.2).

use std::collections::HashMap;

use crate::codec;
use crate::device::AppKey;
use crate::error_chain;
use crate::limits;
use crate::sensitive::Sensitive;
use crate::vault::keys::{RecordKey, Unwrapper};
use crate::vault::record::Record;
use crate::vault::{Broken, Error, SelectError, folder};
use crate::wire::reply;

#[derive(Clone, Copy)]
pub(super) struct Sealed<'a> {
    pub(super) record: &'a reply::Record<'a>,
    pub(super) folder: Option<&'a reply::Folder<'a>>,
}

impl<'a> Sealed<'a> {
    pub(super) fn all(answer: &'a reply::Secrets<'a>) -> impl Iterator<Item = Self> {
        let alone = answer.records.iter().map(|record| (record, None));
        let within = answer.folders.iter().flat_map(|folder| {
            let records = folder.records.iter();
            records.map(move |record| (record, Some(folder)))
        });
        alone
            .chain(within)
            .map(|(record, folder)| Self { record, folder })
    }

    pub(super) fn uid(self) -> &'a str {
        &self.record.record_uid
    }
}

/// The keys that wrap records' keys: the application's, and those of the shared folders.
pub(super) struct Keys<'a> {
    app: Unwrapper,
    folders: HashMap<&'a str, Result<Unwrapper, Error>>,
    guesses: usize,
}

impl<'a> Keys<'a> {
    pub(super) fn new(answer: &'a reply::Secrets<'a>, app_key: &AppKey) -> Self {
        let key = |folder: &'a reply::Folder<'a>| {
            let key = folder::shared_key(folder, app_key);
            (&*folder.folder_uid, key.map(|key| Unwrapper::new(&key)))
        };
        Self {
            app: Unwrapper::new(app_key),
            folders: answer.folders.iter().map(key).collect(),
            guesses: limits::KEY_GUESSES,
        }
    }

    pub(super) fn broken_folder(&self, uid: &str) -> Option<&Error> {
        self.folders.get(uid)?.as_ref().err()
    }

    /// A record's key and JSON.
    pub(super) fn open(
        &mut self,
        sealed: Sealed<'a>,
    ) -> Result<(RecordKey, Sensitive<Vec<u8>>), Error> {
        let wrapped = codec::decode(&sealed.record.record_key)?;
        let key = match sealed.folder {
            None => self.top_level_key(sealed.record, &wrapped)?,
            Some(folder) => self.folder_key(folder)?.unwrap(&wrapped)?,
        };
        let plain = key.open(codec::decode(&sealed.record.data)?)?;
        Ok((key, plain))
    }

    /// Whether a record differs from the first one that opened with its UID, whose content was not kept.
    pub(super) fn conflict(&mut self, first: Sealed<'a>, record: &Record) -> bool {
        let content = self.open(first);
        content.is_ok_and(|(_, plain)| !record.is_same(first.record.revision, plain.expose()))
    }

    /// Without a folder's key its records do not open either.
    fn folder_key(&self, folder: &reply::Folder<'_>) -> Result<&Unwrapper, Error> {
        let reason = match self.folders.get(&*folder.folder_uid) {
            Some(Ok(key)) => return Ok(key),
            Some(Err(error)) => error_chain::joined(error),
            None => String::new(),
        };
        let uid = folder.folder_uid.to_string();
        Err(SelectError::DamagedFolder(Broken { uid, reason }).into())
    }

    /// The app key opens most; records that other clients put into shared folders need a folder's key.
    fn top_level_key(
        &mut self,
        record: &reply::Record<'_>,
        wrapped: &[u8],
    ) -> Result<RecordKey, Error> {
        let failure = match self.app.unwrap(wrapped) {
            Ok(key) => return Ok(key),
            Err(failure) => failure,
        };
        let named = [&record.inner_folder_uid, &record.folder_uid].into_iter();
        let named = named.filter_map(|uid| self.folders.get(&**uid)).flatten();
        let others = self.folders.values().flatten().take(self.guesses);
        let found = named.chain(others).find_map(|key| key.unwrap(wrapped).ok());
        self.guesses = self.guesses.saturating_sub(self.folders.len());
        Ok(found.ok_or(failure)?)
    }
}
