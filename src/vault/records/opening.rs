//! Opens what is wanted of one answer, and collects what does not open.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Records;
use super::collection::{Collection, Opened};
use super::sealed::{Keys, Room, Sealed};
use crate::device::AppKey;
use crate::error_chain;
use crate::sensitive::{self, Sensitive};
use crate::vault::attachment::Attachment;
use crate::vault::error::Broken;
use crate::vault::keys::RecordKey;
use crate::vault::raw::RawObject;
use crate::vault::record::Record;
use crate::vault::uid::{self, RecordUid};
use crate::vault::{Error, inflate, outline};
use crate::wire::reply;
use crate::wire::text::AnswerText;

/// The stack below us that ciphers take, and more, in bytes.
const CIPHERS: usize = 16 << 10;

pub(super) struct Opening<'a, C> {
    answer: &'a reply::Secrets<'a>,
    pub(super) keys: Keys<'a>,
    /// The record at hand.
    room: Room,
    opened: Records<C>,
    /// By UID, the records that were opened or found broken. Where all are opened, only those that arrived several times.
    seen: HashMap<&'a str, Seen<'a>>,
}

#[derive(Default)]
struct Seen<'a> {
    /// The first record that opens.
    first: Option<First<'a>>,
    /// Whether others arrived with different contents.
    conflicts: bool,
}

struct First<'a> {
    sealed: Sealed<'a>,
    key: RecordKey,
    index: usize,
    /// Read once another arrives.
    members: Option<Box<RawObject>>,
}

impl<'a> First<'a> {
    /// Whether another copy, with this revision and JSON, is the same record: being shared in two ways does not make two.
    /// The JSON of the first one was not kept. It is opened again once, however many copies there are.
    fn is(&mut self, revision: i64, plain: &[u8]) -> bool {
        let read = |plain: &[u8]| RawObject::of_record(plain).ok();
        if self.members.is_none() {
            let mut first = Sensitive::default();
            let opened = self.sealed.open_with(&self.key, &mut first).ok();
            self.members = opened.and_then(|()| read(first.expose())).map(Box::new);
        }
        self.sealed.record.revision == revision && read(plain).as_ref() == self.members.as_deref()
    }
}

impl<'a, C: Collection> Opening<'a, C> {
    pub(super) fn new(answer: &'a reply::Secrets<'a>, app_key: &AppKey) -> Self {
        Self {
            answer,
            keys: Keys::new(answer, app_key),
            room: Room::new(),
            opened: Records {
                warnings: answer.warnings.clone(),
                ..Records::default()
            },
            seen: HashMap::new(),
        }
    }

    pub(super) fn open_all(&mut self) {
        let count = Sealed::all(self.answer).count();
        let repeated = self.repeated(count);
        self.opened.records.make_room(count);
        for sealed in Sealed::all(self.answer) {
            let index = self.opened.records.count();
            if self.add(sealed) && repeated.contains(sealed.uid()) {
                self.compare(sealed, index);
            }
        }
    }

    /// The UIDs that `count` records have several times. Others need not be remembered.
    fn repeated(&self, count: usize) -> HashSet<&'a str> {
        let mut seen = HashSet::with_capacity(count);
        let uids = self.answer.record_uids();
        uids.filter(|uid| !seen.insert(*uid)).collect()
    }

    fn open(&mut self, is_wanted: impl Fn(&str) -> bool) {
        for sealed in Sealed::all(self.answer).filter(|sealed| is_wanted(sealed.uid())) {
            let index = self.opened.records.count();
            if self.add(sealed) {
                self.compare(sealed, index);
            }
        }
    }

    pub(super) fn done(self) -> Records<C> {
        sensitive::overwrite_dead_frames::<CIPHERS>();
        let mut opened = self.opened;
        if self.seen.values().any(|seen| seen.conflicts) {
            let conflicts = |uid: &str| self.seen.get(uid).is_some_and(|seen| seen.conflicts);
            opened.records.keep(|uid| !conflicts(uid));
        }
        let folders = self.answer.folders.iter();
        opened.broken.extend(folders.filter_map(|folder| {
            let error = self.keys.broken_folder(&folder.folder_uid)?;
            Some(Broken::new(&folder.folder_uid, error))
        }));
        opened
    }

    /// Whether it opens.
    fn add(&mut self, sealed: Sealed<'a>) -> bool {
        let opened = self.open_record(sealed);
        if let Err(error) = &opened {
            self.lose(sealed.uid(), error_chain::joined(error));
        }
        opened.is_ok()
    }

    /// Compares the record that was added last, at `index`, with the first of its UID.
    fn compare(&mut self, sealed: Sealed<'a>, index: usize) {
        let uid = sealed.uid();
        let seen = self.seen.entry(uid).or_default();
        let revision = sealed.record.revision;
        let Some(first) = &mut seen.first else {
            seen.first = Some(First {
                sealed,
                key: self.room.key.clone(),
                index,
                members: None,
            });
            return;
        };
        if !first.is(revision, self.room.plain.expose()) {
            // With two contents for one UID, nobody knows which is meant: neither is given.
            seen.conflicts = true;
            self.opened.records.take_back();
            self.lose(uid, "it arrived twice, with different contents".to_owned());
        }
    }

    fn lose(&mut self, uid: &'a str, reason: String) {
        self.seen.entry(uid).or_default();
        let uid = uid.to_owned();
        self.opened.broken.push(Broken { uid, reason });
    }

    fn open_record(&mut self, sealed: Sealed<'a>) -> Result<(), Error> {
        self.keys.open(sealed, &mut self.room)?;
        let files = self.open_files(&sealed.record.files);
        self.opened.records.add(Opened {
            sealed,
            key: &self.room.key,
            plain: self.room.plain.expose(),
            files,
        })
    }

    fn open_files(&mut self, files: &[reply::File<'_>]) -> Vec<Attachment> {
        let mut opened = Vec::with_capacity(files.len());
        for file in files {
            match Attachment::open(file, &self.room.key) {
                Ok(file) => opened.push(file),
                Err(error) => {
                    let broken = Broken::new(&file.file_uid, &error);
                    self.opened.broken_files.push(broken);
                }
            }
        }
        opened
    }
}

impl<'a> Opening<'a, Vec<Record>> {
    /// Other records stay sealed, so that none is ever shown in the place of another (C6).
    pub(super) fn open_uids(&mut self, uids: &[RecordUid]) {
        let asked: HashSet<&str> = uids.iter().map(RecordUid::as_str).collect();
        self.open(|uid| asked.contains(uid));
        let unasked = self.answer.record_uids();
        self.opened.unasked = unasked
            .filter(|uid| !asked.contains(uid))
            .map(RecordUid::from)
            .collect();
    }

    /// Opens the records with one of these UIDs or titles, then those that their fields refer to.
    pub(super) fn open_named(&mut self, names: &BTreeSet<String>) {
        let named = self.named(names);
        self.open(|uid| named.contains(uid));
        let count = self.opened.records.len();
        let mut asked = HashSet::new();
        loop {
            let fields = self.opened.records.iter().take(count);
            let fields = fields.flat_map(Record::all_fields);
            let missing = inflate::missing(fields, &|uid| self.first(uid.as_str()), &asked);
            if missing.is_empty() {
                return;
            }
            asked.extend(missing);
            let next: HashSet<&str> = Sealed::all(self.answer)
                .map(Sealed::uid)
                .filter(|uid| asked.contains(*uid) && !self.seen.contains_key(uid))
                .collect();
            self.open(|uid| next.contains(uid));
        }
    }

    /// The UIDs of the records with one of these names. A record that does not open has no title: it goes to the broken
    /// ones, unless another copy of it has the name.
    fn named(&mut self, names: &BTreeSet<String>) -> BTreeSet<&'a str> {
        let mut named = BTreeSet::new();
        let mut failures = Vec::new();
        let mut missing: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        missing.retain(|name| !uid::is_uid(name));
        for sealed in Sealed::all(self.answer) {
            let uid = sealed.uid();
            if names.contains(uid) || named.contains(uid) {
                missing.remove(uid);
                named.insert(uid);
                continue;
            }
            match self.title(sealed) {
                Ok(title) if names.contains(&*title) => {
                    missing.remove(&*title);
                    named.insert(uid);
                }
                Ok(_) => {}
                Err(error) => failures.push((uid, error)),
            }
        }
        if !missing.is_empty() {
            let mut seen = HashSet::new();
            let all = Sealed::all(self.answer).filter(|sealed| seen.insert(sealed.uid()));
            let titles = all.filter_map(|sealed| Some(self.title(sealed).ok()?.to_string()));
            self.opened.titles = titles.collect();
        }
        for (uid, error) in failures {
            if !named.contains(uid) {
                self.lose(uid, error_chain::joined(&error));
            }
        }
        named
    }

    fn title(&mut self, sealed: Sealed<'a>) -> Result<AnswerText<'_>, Error> {
        self.keys.open(sealed, &mut self.room)?;
        outline::title(self.room.plain.expose())
    }

    fn first(&self, uid: &str) -> Option<&Record> {
        let first = self.seen.get(uid)?.first.as_ref()?;
        self.opened.records.get(first.index)
    }
}
