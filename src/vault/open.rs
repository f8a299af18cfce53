//! From an answer to records: finding each one's key, opening what opens, setting apart what does not
//! (protocol.md 9.2 and 9.5).

use std::collections::{HashMap, HashSet};

use super::Error;
use super::attachment::Attachment;
use super::folder;
use super::keys::{FolderKey, RecordKey, Wrapping};
use super::link::Link;
use super::record::{Record, Surroundings};
use super::uid::RecordUid;
use crate::codec;
use crate::device::AppKey;
use crate::wire::reply;

/// Something that is there but does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its UID: a record's, a folder's or a file's.
    pub uid: String,
    /// What is wrong with it, without anything of its content.
    pub reason: String,
}

/// An opened answer, in the server's order: records shared one by one, then folder by folder.
#[derive(Debug, Default)]
pub struct Records {
    /// Those that opened. One that was shared in several ways is here several times.
    pub records: Vec<Record>,
    /// Records and shared folders that did not open.
    pub broken: Vec<Broken>,
    /// Attachments that did not open, of records that did.
    pub broken_files: Vec<Broken>,
    /// The server's words for the user.
    pub warnings: Vec<String>,
    /// Where each UID first stands among the records.
    first: HashMap<RecordUid, usize>,
    /// Those that arrived with different contents.
    conflicting: HashSet<RecordUid>,
}

impl Records {
    /// Opens an answer to `get_secret`.
    pub fn open(answer: reply::Secrets, app_key: &AppKey) -> Self {
        let mut opened = Self {
            warnings: answer.warnings,
            ..Self::default()
        };
        let keys: HashMap<String, Result<FolderKey, Error>> = answer
            .folders
            .iter()
            .map(|folder| {
                (
                    folder.folder_uid.clone(),
                    folder::shared_key(folder, app_key),
                )
            })
            .collect();
        for record in answer.records {
            let key = top_level_key(&record, app_key, &keys);
            opened.add(record, key, None);
        }
        for folder in answer.folders {
            match keys.get(&folder.folder_uid) {
                Some(Ok(folder_key)) => {
                    for record in folder.records {
                        let key = unwrap(&record, folder_key);
                        opened.add(record, key, Some(&folder.folder_uid));
                    }
                }
                Some(Err(error)) => opened.lose(folder, error),
                None => {}
            }
        }
        let conflicting = std::mem::take(&mut opened.conflicting);
        opened
            .records
            .retain(|record| !conflicting.contains(record.uid()));
        opened
    }

    fn add(&mut self, wire: reply::Record, key: Result<RecordKey, Error>, folder: Option<&str>) {
        let uid = wire.record_uid.clone();
        let opened = key.and_then(|key| self.open_record(wire, &key, folder));
        let reason = match opened {
            // A server that sends one UID with two contents leaves open which was meant: neither is given.
            Ok(record) if self.twin(&record).is_some_and(|twin| *twin != record) => {
                self.conflicting.insert(record.uid().clone());
                "it arrived twice, with different contents".to_owned()
            }
            Ok(record) => {
                self.first
                    .entry(record.uid().clone())
                    .or_insert(self.records.len());
                return self.records.push(record);
            }
            Err(error) => chain(&error),
        };
        self.broken.push(Broken { uid, reason });
    }

    fn twin(&self, record: &Record) -> Option<&Record> {
        self.records.get(*self.first.get(record.uid())?)
    }

    fn open_record(
        &mut self,
        wire: reply::Record,
        key: &RecordKey,
        folder: Option<&str>,
    ) -> Result<Record, Error> {
        let plain = key.open(&codec::decode(&wire.data)?)?;
        let mut record = Record::from_json(wire.record_uid.as_str().into(), plain.expose())?;
        let place = [
            wire.inner_folder_uid.as_str(),
            wire.folder_uid.as_str(),
            folder.unwrap_or_default(),
        ];
        record.surroundings = Surroundings {
            revision: wire.revision,
            key: Some(key.clone()),
            editable: wire.is_editable,
            folder: place
                .into_iter()
                .find(|uid| !uid.is_empty())
                .map(Into::into),
            files: self.open_files(wire.files, key),
            links: wire.links.map(|links| {
                links
                    .into_iter()
                    .map(|link| Link::open(link, key))
                    .collect()
            }),
        };
        Ok(record)
    }

    fn open_files(&mut self, files: Vec<reply::File>, key: &RecordKey) -> Vec<Attachment> {
        let mut opened = Vec::with_capacity(files.len());
        for file in files {
            let uid = file.file_uid.clone();
            match Attachment::open(file, key) {
                Ok(file) => opened.push(file),
                Err(error) => self.broken_files.push(Broken {
                    uid,
                    reason: chain(&error),
                }),
            }
        }
        opened
    }

    /// A folder without its key takes its records with it; each is named, so that a request for one fails.
    fn lose(&mut self, folder: reply::Folder, error: &Error) {
        let reason = format!(
            "its folder {} cannot be opened: {}",
            folder.folder_uid,
            chain(error)
        );
        self.broken
            .extend(folder.records.into_iter().map(|record| Broken {
                uid: record.record_uid,
                reason: reason.clone(),
            }));
        self.broken.push(Broken {
            uid: folder.folder_uid,
            reason: chain(error),
        });
    }
}

/// The app key opens most; records that other clients put into shared folders want a folder's.
fn top_level_key(
    record: &reply::Record,
    app_key: &AppKey,
    folders: &HashMap<String, Result<FolderKey, Error>>,
) -> Result<RecordKey, Error> {
    let first = unwrap(record, app_key);
    if first.is_ok() {
        return first;
    }
    let named = [&record.inner_folder_uid, &record.folder_uid]
        .into_iter()
        .filter_map(|uid| folders.get(uid));
    let keys = named.chain(folders.values()).flatten();
    keys.map(|key| unwrap(record, key))
        .find(Result::is_ok)
        .unwrap_or(first)
}

fn unwrap(record: &reply::Record, by: &impl Wrapping) -> Result<RecordKey, Error> {
    Ok(RecordKey::unwrap(by, &codec::decode(&record.record_key)?)?)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crypto::aead::{self, Key};

    #[test]
    fn one_record_shared_twice_is_fine_and_two_contents_are_none() {
        let app_key = AppKey::new(Key::generate().unwrap());
        let key = Key::generate().unwrap();
        let record = |title: &str| reply::Record {
            record_uid: "U".to_owned(),
            record_key: codec::encode(&aead::seal(app_key.key(), key.expose()).unwrap()),
            data: codec::encode(&aead::seal(&key, title.as_bytes()).unwrap()),
            ..reply::Record::default()
        };
        let open = |titles: [&str; 2]| {
            let records = titles.map(record).to_vec();
            let opened = Records::open(
                reply::Secrets {
                    records,
                    ..reply::Secrets::default()
                },
                &app_key,
            );
            (opened.records.len(), opened.broken.len())
        };
        let (one, other) = (r#"{"title":"a"}"#, r#"{"title":"b"}"#);
        assert_eq!(open([one, one]), (2, 0));
        assert_eq!(open([one, other]), (0, 1));
        // What cannot be read takes nothing away from what can.
        assert_eq!(open([one, "damaged"]), (1, 1));
    }
}
