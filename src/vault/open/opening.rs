//! One answer on its way to records: finding each one's key, opening what is wanted, setting apart what does not open
//! (protocol.md 9.2 and 9.5).

use std::collections::{HashMap, HashSet};

use super::{Broken, Records};
use crate::codec;
use crate::device::AppKey;
use crate::sensitive::Sensitive;
use crate::vault::attachment::Attachment;
use crate::vault::folder;
use crate::vault::keys::{FolderKey, RecordKey, Wrapping};
use crate::vault::link::Link;
use crate::vault::record::{Record, Section, Surroundings};
use crate::vault::uid::RecordUid;
use crate::vault::{Error, inflate, title};
use crate::wire::reply;

/// How often a record's key is tried with the key of a folder that it does not name. The protocol wants all folders
/// tried (protocol.md 9.2), but many records that nothing opens must not cost as often as there are folders.
const MOST_GUESSES: usize = 1 << 17;

/// From a record to the address on the card that it refers to.
const STEPS: usize = 2;

pub(super) struct Opening<'a> {
    answer: &'a reply::Secrets<'a>,
    app_key: &'a AppKey,
    folders: HashMap<&'a str, Result<FolderKey, Error>>,
    guesses: usize,
    opened: Records,
    /// Where each UID first stands among the records.
    first: HashMap<&'a str, usize>,
    /// The UIDs that were opened or found broken.
    seen: HashSet<&'a str>,
    /// Those that arrived with different contents.
    conflicting: HashSet<&'a str>,
}

/// A record, and the shared folder it came in.
#[derive(Clone, Copy)]
struct Sealed<'a> {
    record: &'a reply::Record<'a>,
    folder: Option<&'a reply::Folder<'a>>,
}

impl<'a> Sealed<'a> {
    fn all(answer: &'a reply::Secrets<'a>) -> impl Iterator<Item = Self> {
        let alone = answer.records.iter().map(|record| (record, None));
        let within = answer.folders.iter().flat_map(|folder| {
            let records = folder.records.iter();
            records.map(move |record| (record, Some(folder)))
        });
        alone
            .chain(within)
            .map(|(record, folder)| Self { record, folder })
    }

    fn uid(self) -> &'a str {
        &self.record.record_uid
    }
}

impl<'a> Opening<'a> {
    pub(super) fn new(answer: &'a reply::Secrets<'a>, app_key: &'a AppKey) -> Self {
        let key = |folder: &'a reply::Folder<'a>| {
            (&*folder.folder_uid, folder::shared_key(folder, app_key))
        };
        Self {
            answer,
            app_key,
            folders: answer.folders.iter().map(key).collect(),
            guesses: MOST_GUESSES,
            opened: Records {
                warnings: answer.warnings.clone(),
                ..Records::default()
            },
            first: HashMap::new(),
            seen: HashSet::new(),
            conflicting: HashSet::new(),
        }
    }

    /// Opens the records whose UIDs are wanted.
    pub(super) fn open(&mut self, is_wanted: impl Fn(&str) -> bool) {
        for sealed in Sealed::all(self.answer).filter(|sealed| is_wanted(sealed.uid())) {
            self.add(sealed);
        }
    }

    /// Opens those with these UIDs: no record is ever shown in the place of another (security.md C6).
    pub(super) fn open_only(&mut self, uids: &[RecordUid]) {
        let asked: HashSet<&str> = uids.iter().map(RecordUid::as_str).collect();
        self.open(|uid| asked.contains(uid));
        let unasked = Sealed::all(self.answer).map(Sealed::uid);
        self.opened.unasked = unasked
            .filter(|uid| !asked.contains(uid))
            .map(RecordUid::from)
            .collect();
    }

    /// Opens those with one of these UIDs or titles, then those that their fields refer to.
    pub(super) fn open_named(&mut self, names: &HashSet<String>) {
        let named = self.named(names);
        self.open(|uid| named.contains(uid));
        for _ in 0..STEPS {
            let referred = self.references();
            let next: HashSet<&str> = Sealed::all(self.answer)
                .map(Sealed::uid)
                .filter(|uid| referred.contains(*uid) && !self.seen.contains(uid))
                .collect();
            self.open(|uid| next.contains(uid));
        }
    }

    /// What came of it all.
    pub(super) fn done(self) -> Records {
        let mut opened = self.opened;
        opened
            .records
            .retain(|record| !self.conflicting.contains(record.uid().as_str()));
        let broken = self.answer.folders.iter().filter_map(|folder| {
            let error = self.folders.get(&*folder.folder_uid)?.as_ref().err()?;
            Some(broken(&folder.folder_uid, error))
        });
        opened.broken.extend(broken);
        opened
    }

    /// The UIDs of the records with one of these names. Those that do not open have no title, and are told.
    fn named(&mut self, names: &HashSet<String>) -> HashSet<&'a str> {
        let mut named = HashSet::new();
        let mut failures = Vec::new();
        for sealed in Sealed::all(self.answer) {
            let uid = sealed.uid();
            if names.contains(uid) || named.contains(uid) {
                named.insert(uid);
                continue;
            }
            match self.has_title(sealed, names) {
                Ok(true) => drop(named.insert(uid)),
                Ok(false) => {}
                Err(error) => failures.push((uid, error)),
            }
        }
        for (uid, error) in failures {
            if !named.contains(uid) {
                self.lose(uid, chain(&error));
            }
        }
        named
    }

    fn has_title(&mut self, sealed: Sealed<'a>, titles: &HashSet<String>) -> Result<bool, Error> {
        let (_, plain) = self.plain(sealed)?;
        Ok(titles.contains(&*title::read(plain.expose())?))
    }

    /// The records that the fields of those opened so far refer to.
    fn references(&self) -> HashSet<RecordUid> {
        let fields = self.opened.records.iter().flat_map(|record| {
            let sections = [Section::Standard, Section::Custom].into_iter();
            sections.flat_map(|section| record.fields(section))
        });
        fields
            .flat_map(|field| inflate::references(field, &|_| None))
            .collect()
    }

    fn add(&mut self, sealed: Sealed<'a>) {
        let uid = sealed.uid();
        self.seen.insert(uid);
        match self.open_record(sealed) {
            // A server that sends one UID with two contents leaves open which was meant: neither is given.
            Ok(record) if self.twin(uid).is_some_and(|twin| *twin != record) => {
                self.conflicting.insert(uid);
                self.lose(uid, "it arrived twice, with different contents".to_owned());
            }
            Ok(record) => {
                self.first.entry(uid).or_insert(self.opened.records.len());
                self.opened.records.push(record);
            }
            Err(error) => self.lose(uid, chain(&error)),
        }
    }

    fn lose(&mut self, uid: &'a str, reason: String) {
        self.seen.insert(uid);
        let uid = uid.to_owned();
        self.opened.broken.push(Broken { uid, reason });
    }

    fn twin(&self, uid: &str) -> Option<&Record> {
        self.opened.records.get(*self.first.get(uid)?)
    }

    fn open_record(&mut self, sealed: Sealed<'a>) -> Result<Record, Error> {
        let (key, plain) = self.plain(sealed)?;
        let Sealed {
            record: wire,
            folder,
        } = sealed;
        let mut record = Record::from_json(sealed.uid().into(), plain.expose())?;
        let within = folder.map(|folder| &folder.folder_uid);
        let mut places = [&wire.inner_folder_uid, &wire.folder_uid]
            .into_iter()
            .chain(within);
        let links = wire.links.as_ref();
        record.surroundings = Surroundings {
            revision: wire.revision,
            editable: wire.is_editable,
            folder: places
                .find(|uid| !uid.is_empty())
                .map(|uid| (&**uid).into()),
            files: self.open_files(&wire.files, &key),
            links: links.map(|links| links.iter().map(|link| Link::open(link, &key)).collect()),
            key: Some(key),
        };
        Ok(record)
    }

    fn open_files(&mut self, files: &[reply::File<'_>], key: &RecordKey) -> Vec<Attachment> {
        let mut opened = Vec::with_capacity(files.len());
        for file in files {
            match Attachment::open(file, key) {
                Ok(file) => opened.push(file),
                Err(error) => self
                    .opened
                    .broken_files
                    .push(broken(&file.file_uid, &error)),
            }
        }
        opened
    }

    /// A record's key and JSON.
    fn plain(&mut self, sealed: Sealed<'a>) -> Result<(RecordKey, Sensitive<Vec<u8>>), Error> {
        let wrapped = codec::decode(&sealed.record.record_key)?;
        let key = match sealed.folder {
            None => self.top_level_key(sealed.record, &wrapped)?,
            Some(folder) => RecordKey::unwrap(self.folder_key(folder)?, &wrapped)?,
        };
        let plain = key.open(&codec::decode(&sealed.record.data)?)?;
        Ok((key, plain))
    }

    /// A folder without its key takes its records with it.
    fn folder_key(&self, folder: &reply::Folder<'_>) -> Result<&FolderKey, Error> {
        let reason = match self.folders.get(&*folder.folder_uid) {
            Some(Ok(key)) => return Ok(key),
            Some(Err(error)) => chain(error),
            None => String::new(),
        };
        Err(Error::DamagedFolder {
            uid: (&*folder.folder_uid).into(),
            reason,
        })
    }

    /// The app key opens most; records that other clients put into shared folders want a folder's.
    fn top_level_key(
        &mut self,
        record: &reply::Record<'_>,
        wrapped: &[u8],
    ) -> Result<RecordKey, Error> {
        let unwrap = |key: &dyn Wrapping| RecordKey::unwrap(key, wrapped);
        let failure = match unwrap(self.app_key) {
            Ok(key) => return Ok(key),
            Err(failure) => failure,
        };
        let named = [&record.inner_folder_uid, &record.folder_uid].into_iter();
        let named = named.filter_map(|uid| self.folders.get(&**uid)).flatten();
        let others = self.folders.values().flatten().take(self.guesses);
        let found = named.chain(others).find_map(|key| unwrap(key).ok());
        self.guesses = self.guesses.saturating_sub(self.folders.len());
        Ok(found.ok_or(failure)?)
    }
}

fn broken(uid: &str, error: &Error) -> Broken {
    Broken {
        uid: uid.to_owned(),
        reason: chain(error),
    }
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
