//! The requests that read.

use std::rc::Rc;

use super::cached::{Answer, Kept};
use super::error::{Error, SelectError};
use super::folder::Folders;
use super::heading::{Heading, Headings};
use super::notice::Notice;
use super::record::Record;
use super::records::{Collection, Links, RecordFilter, Records};
use super::uid::RecordUid;
use crate::buffer::Buffer;
use crate::device::AppKey;
use crate::http;
use crate::sensitive::Sensitive;
use crate::wire::payload::{GetFolders, GetSecret};
use crate::wire::reply;
use crate::wire::session::Session;

/// Reads a vault. Where it has a cache, that may answer in the place of the server.
pub struct Reader {
    /// `None` asks nobody.
    pub(super) session: Option<Rc<Session>>,
    pub(super) kept: Option<Kept>,
    pub(super) app_key: AppKey,
    pub(super) listener: Rc<dyn Fn(Notice)>,
    pub(super) opened: Option<OpenedRecord>,
}

type OpenedRecord = Box<dyn Fn(Heading<'_>)>;

impl Reader {
    /// Reads the cache alone.
    pub fn offline(kept: Kept, app_key: AppKey, listener: Rc<dyn Fn(Notice)>) -> Self {
        Self {
            session: None,
            kept: Some(kept),
            app_key,
            listener,
            opened: None,
        }
    }

    /// Shows each record that was opened to `opened`.
    pub fn show_opened(&mut self, opened: impl Fn(Heading<'_>) + 'static) {
        self.opened = Some(Box::new(opened));
    }

    pub(super) fn session(&self) -> Result<&Session, Error> {
        let session = self.session.as_deref();
        session.ok_or(http::Error::Offline.into())
    }

    pub async fn records(&self, filter: &RecordFilter, links: Links) -> Result<Records, Error> {
        let answer = self.answer(records_of(filter, links)).await?;
        let mut records = Records::open(&parse(&answer.plain)?, &self.app_key, filter);
        if answer.is_wider {
            records.narrow(links);
        }
        self.tell_of(&records);
        Ok(records)
    }

    /// What a list shows of all records. Their contents are opened one after the other, and not kept.
    pub async fn headings(&self) -> Result<Records<Headings>, Error> {
        let payload = records_of(&RecordFilter::All, Links::Without);
        let answer = self.answer(payload).await?;
        let records = Records::open_all(&parse(&answer.plain)?, &self.app_key);
        self.tell_of(&records);
        Ok(records)
    }

    async fn answer(&self, payload: GetSecret) -> Result<Answer, Error> {
        match &self.kept {
            Some(kept) => {
                let session = self.session.as_deref();
                kept.records(session, payload, &*self.listener).await
            }
            None => Ok(Answer::to_question(self.session()?.call(payload).await?)),
        }
    }

    /// A record as it is now.
    pub async fn newest(&self, uid: &RecordUid) -> Result<Record, Error> {
        let filter = RecordFilter::Uids(vec![uid.clone()]);
        let payload = records_of(&filter, Links::Without);
        let plain = self.session()?.call(payload).await?;
        let answer = Records::open(&parse(&plain)?, &self.app_key, &filter);
        self.tell_of(&answer);
        // A record that was shared in several ways is there several times.
        if let Some(record) = answer.records.into_iter().next() {
            return Ok(record);
        }
        let mut broken = answer.broken.into_iter();
        let error = match broken.find(|broken| broken.uid == uid.as_str()) {
            Some(broken) => SelectError::DamagedRecord(broken),
            None => SelectError::NoRecord {
                name: uid.as_str().to_owned(),
                unread: None,
                advice: "the record was deleted, or is not shared with this application any more"
                    .to_owned(),
            },
        };
        Err(error.into())
    }

    /// All folders, in the server's order.
    pub async fn folders(&self) -> Result<Folders, Error> {
        let payload = GetFolders::default();
        let plain = match &self.kept {
            Some(kept) => {
                let session = self.session.as_deref();
                kept.folders(session, payload, &*self.listener).await?
            }
            None => self.session()?.call(payload).await?,
        };
        let folders = Folders::open(&parse(&plain)?.folders, &self.app_key);
        let broken = folders.broken.iter().cloned();
        broken
            .map(Notice::SkippedRecord)
            .for_each(|notice| (self.listener)(notice));
        Ok(folders)
    }

    fn tell_of<C: Collection>(&self, records: &Records<C>) {
        if let Some(opened) = &self.opened {
            records.records.headings().for_each(opened);
        }
        let unasked = records.unasked.iter().cloned().map(Notice::Unasked);
        let broken = records.broken.iter().cloned().map(Notice::SkippedRecord);
        let parts = records.records.damaged();
        let parts = parts.map(|(uid, part)| Notice::SkippedPart(uid, part));
        let files = records.broken_files.iter().cloned();
        let warnings = records.warnings.iter().cloned().map(Notice::Warning);
        unasked
            .chain(broken)
            .chain(files.map(Notice::SkippedFile))
            .chain(parts)
            .chain(warnings)
            .for_each(|notice| (self.listener)(notice));
    }
}

fn records_of(filter: &RecordFilter, links: Links) -> GetSecret {
    let uids = filter.uids().iter().map(|uid| uid.as_str().to_owned());
    let uids: Vec<_> = uids.collect();
    GetSecret {
        requested_records: Some(uids).filter(|uids| !uids.is_empty()),
        request_links: (links == Links::With).then_some(true),
        ..GetSecret::default()
    }
}

pub(super) fn parse(plain: &Sensitive<Buffer>) -> Result<reply::Secrets<'_>, Error> {
    Ok(reply::read(plain.expose())?)
}
