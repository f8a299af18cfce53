//! A record as it arrived, and the keys of an answer, one of which opens it (protocol 9.2).

use std::collections::HashMap;

use crate::codec;
use crate::device::AppKey;
use crate::error_chain;
use crate::limits;
use crate::sensitive::Sensitive;
use crate::vault::keys::{RecordKey, Unwrapper};
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

    /// The UID of the folder that contains it.
    pub(super) fn place(self) -> Option<&'a str> {
        let within = self.folder.map(|folder| &folder.folder_uid);
        let places = [&self.record.inner_folder_uid, &self.record.folder_uid];
        let mut places = places.into_iter().chain(within);
        places.find(|uid| !uid.is_empty()).map(|uid| &**uid)
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

    /// Opens a record into `plain`, and returns its key. The room is used again, since a vault has thousands of records.
    pub(super) fn open(
        &mut self,
        sealed: Sealed<'a>,
        plain: &mut Sensitive<Vec<u8>>,
    ) -> Result<RecordKey, Error> {
        codec::decode_into(&sealed.record.record_key, plain)?;
        let key = match sealed.folder {
            None => self.top_level_key(sealed.record, plain.expose())?,
            Some(folder) => self.folder_key(folder)?.unwrap(plain.expose())?,
        };
        codec::decode_into(&sealed.record.data, plain)?;
        key.open_in(plain)?;
        Ok(key)
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
