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

    /// Opens its JSON into `plain`.
    pub(super) fn open_with(
        self,
        key: &RecordKey,
        plain: &mut Sensitive<Vec<u8>>,
    ) -> Result<(), Error> {
        codec::decode_into(&self.record.data, plain)?;
        Ok(key.open_in(plain)?)
    }

    /// The UID of the folder that contains it.
    pub(super) fn place(self) -> Option<&'a str> {
        let within = self.folder.map(|folder| &folder.folder_uid);
        let places = [&self.record.inner_folder_uid, &self.record.folder_uid];
        let mut places = places.into_iter().chain(within);
        places.find(|uid| !uid.is_empty()).map(|uid| &**uid)
    }
}

/// Room for a record, which the next one uses again: a vault has thousands.
pub(super) struct Room {
    pub(super) key: RecordKey,
    /// Its JSON.
    pub(super) plain: Sensitive<Vec<u8>>,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            key: RecordKey::zero(),
            plain: Sensitive::default(),
        }
    }
}

/// The keys that wrap records' keys: the application's, and those of the shared folders.
pub(super) struct Keys<'a> {
    app: Unwrapper,
    folders: HashMap<&'a str, Result<Unwrapper, Error>>,
    pub(super) guesses: usize,
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

    pub(super) fn open(&mut self, sealed: Sealed<'a>, room: &mut Room) -> Result<(), Error> {
        let Room { key, plain } = room;
        codec::decode_into(&sealed.record.record_key, plain)?;
        match sealed.folder {
            None => self.top_level_key(sealed.record, plain.expose(), key)?,
            Some(folder) => self.folder_key(folder)?.unwrap_in(plain.expose(), key)?,
        }
        sealed.open_with(key, plain)
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
        key: &mut RecordKey,
    ) -> Result<(), Error> {
        let failure = match self.app.unwrap_in(wrapped, key) {
            Ok(()) => return Ok(()),
            Err(failure) => failure,
        };
        let named = [&record.inner_folder_uid, &record.folder_uid].into_iter();
        let named = named.filter_map(|uid| self.folders.get(&**uid)).flatten();
        let others = self.folders.values().flatten().take(self.guesses);
        let mut candidates = named.chain(others);
        let is_found = candidates.any(|folder| folder.unwrap_in(wrapped, key).is_ok());
        self.guesses = self.guesses.saturating_sub(self.folders.len());
        is_found.then_some(()).ok_or(failure.into())
    }
}
