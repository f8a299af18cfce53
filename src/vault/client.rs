//! The verbs: what a device can ask its vault.

use std::rc::Rc;
use std::time::Duration;

use super::Error;
use super::attachment::Attachment;
use super::download::Download;
use super::filter::RecordFilter;
use super::folder::Folders;
use super::open::{Broken, Records};
use super::uid::RecordUid;
use crate::crypto::signing::PublicKey;
use crate::device::{AppKey, Device};
use crate::http::{Http, Progress};
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;
use crate::wire::event::Event;
use crate::wire::payload::{GetFolders, GetSecret};
use crate::wire::server_key::{KeyId, ServerKey};
use crate::wire::session::{self, Identity, Session};
use crate::wire::{self, reply};

/// Whether the records' links are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// They are.
    With,
    /// They are not.
    Without,
}

/// Something worth telling the user, besides the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// From the line to the server.
    Session(Event),
    /// A record or folder that does not open was left out.
    SkippedRecord(Broken),
    /// An attachment that does not open was left out.
    SkippedFile(Broken),
    /// A record that was not asked for came instead, and was left out.
    Unasked(RecordUid),
    /// The server's own words.
    Warning(String),
    /// A file is on its way, until the attempt to move it comes to its end.
    Progress(Progress),
}

/// How to talk, besides to whom.
#[derive(Clone)]
pub struct Options {
    /// What we say we are.
    pub client_version: String,
    /// Longest sum of throttling waits in one call.
    pub longest_wait: Duration,
    /// Who hears notices.
    pub listener: Rc<dyn Fn(Notice)>,
}

impl Options {
    pub(super) fn of_session(&self) -> session::Options {
        let listener = Rc::clone(&self.listener);
        session::Options {
            client_version: self.client_version.clone(),
            longest_wait: self.longest_wait,
            listener: Box::new(move |event| listener(Notice::Session(event))),
        }
    }
}

/// A device's view of its vault.
pub struct Client {
    pub(super) session: Session,
    app_key: AppKey,
    pub(super) owner_key: Option<PublicKey>,
    pub(super) listener: Rc<dyn Fn(Notice)>,
}

impl Client {
    /// Makes ready to ask; nothing is sent.
    pub fn new(
        http: Http,
        host: HostName,
        server_key: ServerKey,
        device: Device,
        options: Options,
    ) -> Self {
        let identity = Identity {
            client_id: device.client_id,
            signing_key: device.signing_key,
        };
        Self {
            session: Session::new(http, host, server_key, identity, options.of_session()),
            app_key: device.app_key,
            owner_key: device.owner_key,
            listener: options.listener,
        }
    }

    /// Takes the id of the server key to begin with next time, if it is not the one this client began with.
    pub fn take_learned_key(&mut self) -> Option<KeyId> {
        self.session.take_learned_key()
    }

    /// The records that `filter` asks for, as far as there are such.
    pub async fn records(&mut self, filter: &RecordFilter, links: Links) -> Result<Records, Error> {
        let uids: Vec<_> = filter.uids().iter().map(ToString::to_string).collect();
        let payload = GetSecret {
            requested_records: Some(uids).filter(|uids| !uids.is_empty()),
            request_links: (links == Links::With).then_some(true),
            ..GetSecret::default()
        };
        let plain = self.session.call(payload).await?;
        let records = Records::open(&parse(&plain)?, &self.app_key, filter);
        self.tell(&records);
        Ok(records)
    }

    /// One record; it is there several times if it was shared in several ways.
    pub(super) async fn record(&mut self, uid: &RecordUid) -> Result<Records, Error> {
        let filter = RecordFilter::Uids(vec![uid.clone()]);
        self.records(&filter, Links::Without).await
    }

    /// All folders, in the server's order.
    pub async fn folders(&mut self) -> Result<Folders, Error> {
        let plain = self.session.call(GetFolders::default()).await?;
        let folders = Folders::open(&parse(&plain)?.folders, &self.app_key);
        folders
            .broken
            .iter()
            .cloned()
            .map(Notice::SkippedRecord)
            .for_each(|notice| (self.listener)(notice));
        Ok(folders)
    }

    /// The content of an attachment of `record`. A link that has run out is replaced once.
    pub async fn download(
        &mut self,
        record: &RecordUid,
        file: &Attachment,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let http = self.session.http.clone();
        let listener = Rc::clone(&self.listener);
        let mut download = Download::new(&http, &*listener);
        let mut answer = download.fetch(file).await?;
        if answer.status == 403 {
            let fresh = self.record(record).await?;
            let mut files = fresh.records.iter().flat_map(|record| record.files());
            if let Some(file) = files.find(|fresh| fresh.uid() == file.uid()) {
                answer = download.fetch(file).await?;
            }
        }
        match answer.status {
            200 => file.open_download(answer.body),
            status => Err(Error::Download {
                uid: file.uid().clone(),
                status,
            }),
        }
    }

    fn tell(&self, records: &Records) {
        let unasked = records.unasked.iter().cloned().map(Notice::Unasked);
        let broken = records.broken.iter().cloned().map(Notice::SkippedRecord);
        let files = records
            .broken_files
            .iter()
            .cloned()
            .map(Notice::SkippedFile);
        let warnings = records.warnings.iter().cloned().map(Notice::Warning);
        unasked
            .chain(broken)
            .chain(files)
            .chain(warnings)
            .for_each(|notice| (self.listener)(notice));
    }
}

pub(super) fn parse(plain: &Sensitive<Vec<u8>>) -> Result<reply::Secrets<'_>, Error> {
    let malformed = |error| Error::from(wire::Error::malformed("the answer", &error));
    serde_json::from_slice(plain.expose()).map_err(malformed)
}
