//! The verbs: what a device can ask its vault.

use std::rc::Rc;
use std::time::Duration;

use super::Error;
use super::attachment::Attachment;
use super::download::Download;
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
use crate::wire::server_key::ServerKey;
use crate::wire::session::Session;
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
        let session = Session {
            http,
            host,
            server_key,
            key_changed: false,
            client_id: device.client_id,
            signing_key: device.signing_key,
            client_version: options.client_version,
            longest_wait: options.longest_wait,
            listener: events(&options.listener),
        };
        Self {
            session,
            app_key: device.app_key,
            owner_key: device.owner_key,
            listener: options.listener,
        }
    }

    /// The records with these UIDs, or all if none is named. Unknown UIDs are left out of the answer.
    pub async fn records(&mut self, filter: &[RecordUid], links: Links) -> Result<Records, Error> {
        let filtered = (!filter.is_empty())
            .then(|| filter.iter().map(|uid| uid.as_str().to_owned()).collect());
        let payload = GetSecret {
            requested_records: filtered,
            request_links: (links == Links::With).then_some(true),
            ..GetSecret::default()
        };
        let answer = parse(&self.session.call(payload).await?)?;
        let mut records = Records::open(answer, &self.app_key);
        if !filter.is_empty() {
            self.keep_requested(&mut records, filter);
        }
        self.tell(&records);
        Ok(records)
    }

    /// All folders, in the server's order.
    pub async fn folders(&mut self) -> Result<Folders, Error> {
        let answer = parse(&self.session.call(GetFolders::default()).await?)?;
        let folders = Folders::open(answer.folders, &self.app_key);
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
            let fresh = self
                .records(std::slice::from_ref(record), Links::Without)
                .await?;
            let same = |candidate: &&Attachment| candidate.uid() == file.uid();
            if let Some(file) = fresh
                .records
                .iter()
                .flat_map(|record| record.files())
                .find(same)
            {
                answer = download.fetch(file).await?;
            }
        }
        match answer.status {
            200 => checked(file, file.open_content(answer.body)?),
            status => Err(Error::Download {
                uid: file.uid().clone(),
                status,
            }),
        }
    }

    /// No record is ever shown in the place of another (security.md C6).
    fn keep_requested(&self, records: &mut Records, filter: &[RecordUid]) {
        let (asked, unasked) = records
            .records
            .drain(..)
            .partition(|record: &super::Record| filter.contains(record.uid()));
        records.records = asked;
        unasked.into_iter().for_each(|record: super::Record| {
            (self.listener)(Notice::Unasked(record.uid().clone()))
        });
    }

    fn tell(&self, records: &Records) {
        let broken = records.broken.iter().cloned().map(Notice::SkippedRecord);
        let files = records
            .broken_files
            .iter()
            .cloned()
            .map(Notice::SkippedFile);
        let warnings = records.warnings.iter().cloned().map(Notice::Warning);
        broken
            .chain(files)
            .chain(warnings)
            .for_each(|notice| (self.listener)(notice));
    }
}

/// The content, if it is as long as the metadata says.
fn checked(file: &Attachment, content: Sensitive<Vec<u8>>) -> Result<Sensitive<Vec<u8>>, Error> {
    let length = content.expose().len() as u64;
    match file.size() {
        Some(size) if size != length => Err(Error::Size {
            uid: file.uid().clone(),
            size,
            length,
        }),
        _ => Ok(content),
    }
}

/// Passes the session's events on as notices.
pub(super) fn events(listener: &Rc<dyn Fn(Notice)>) -> Box<dyn Fn(Event)> {
    let listener = Rc::clone(listener);
    Box::new(move |event| listener(Notice::Session(event)))
}

pub(super) fn parse(plain: &Sensitive<Vec<u8>>) -> Result<reply::Secrets, Error> {
    let malformed = |error| Error::from(wire::Error::malformed("the answer", &error));
    serde_json::from_slice(plain.expose()).map_err(malformed)
}
