//! The requests of a device to its vault; [`super::write`] has those that change it.

use std::rc::Rc;
use std::time::Duration;

use super::Record;
use super::error::{Broken, Error, SelectError};
use super::folder::Folders;
use super::record::Part;
use super::records::{RecordFilter, Records};
use super::uid::{NO_RECORD, RecordUid};
use crate::crypto::signing::PublicKey;
use crate::device::{AppKey, Device};
use crate::foreign::Text;
use crate::http::{Http, Progress};
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;
use crate::wire::event::Event;
use crate::wire::payload::{GetFolders, GetSecret};
use crate::wire::reply;
use crate::wire::server_key::{KeyId, ServerKey};
use crate::wire::session::{Session, SessionOptions, Signer};

/// Whether records are sent with their links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    With,
    Without,
}

/// News for the user, besides the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    Session(Event),
    /// A record or folder that does not open was left out.
    SkippedRecord(Broken),
    SkippedFile(Broken),
    /// A value of a record that did open was left out.
    SkippedPart(RecordUid, Part),
    /// A record came that was not asked for, and was left out.
    Unasked(RecordUid),
    /// The server's own words.
    Warning(Text),
    Progress(Progress),
}

#[derive(Clone)]
pub struct Options {
    pub client_version: String,
    /// The longest sum of throttling waits in one call.
    pub longest_wait: Duration,
    pub listener: Rc<dyn Fn(Notice)>,
}

impl Options {
    pub(super) fn of_session(&self) -> SessionOptions {
        let listener = Rc::clone(&self.listener);
        SessionOptions {
            client_version: self.client_version.clone(),
            longest_wait: self.longest_wait,
            listener: Box::new(move |event| listener(Notice::Session(event))),
        }
    }
}

/// The answer to a ping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pong {
    /// The end of this device's access, in milliseconds since 1970.
    pub expires_on: Option<u64>,
    /// The server's own words.
    pub warnings: Vec<Text>,
    /// The key the server wants requests to be encrypted to.
    pub server_key: KeyId,
}

type OpenedRecord = Box<dyn Fn(&Record)>;

pub struct Client {
    pub(super) session: Session,
    app_key: AppKey,
    pub(super) owner_key: Option<PublicKey>,
    pub(super) listener: Rc<dyn Fn(Notice)>,
    opened: Option<OpenedRecord>,
}

impl Client {
    pub fn new(
        http: Http,
        host: HostName,
        server_key: ServerKey,
        device: Device,
        options: Options,
    ) -> Self {
        let signer = Signer {
            client_id: device.client_id,
            signing_key: device.signing_key,
        };
        Self {
            session: Session::new(http, host, server_key, signer, options.of_session()),
            app_key: device.app_key,
            owner_key: device.owner_key,
            listener: options.listener,
            opened: None,
        }
    }

    /// Shows each record that was opened to `opened`.
    pub fn show_opened(&mut self, opened: impl Fn(&Record) + 'static) {
        self.opened = Some(Box::new(opened));
    }

    /// Takes the id of the server key to begin with next time, if it is not the one this client began with.
    pub fn take_learned_key(&self) -> Option<KeyId> {
        self.session.take_learned_key()
    }

    pub async fn records(&self, filter: &RecordFilter, links: Links) -> Result<Records, Error> {
        let uids: Vec<_> = filter
            .uids()
            .iter()
            .map(|uid| uid.as_str().to_owned())
            .collect();
        let payload = GetSecret {
            requested_records: Some(uids).filter(|uids| !uids.is_empty()),
            request_links: (links == Links::With).then_some(true),
            ..GetSecret::default()
        };
        let plain = self.session.call(payload).await?;
        let records = Records::open(&parse(&plain)?, &self.app_key, filter);
        if let Some(opened) = &self.opened {
            records.records.iter().for_each(opened);
        }
        self.notify(&records);
        Ok(records)
    }

    /// A record as it is now.
    pub async fn newest(&self, uid: &RecordUid) -> Result<Record, Error> {
        let filter = RecordFilter::Uids(vec![uid.clone()]);
        let answer = self.records(&filter, Links::Without).await?;
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
            },
        };
        Err(error.into())
    }

    /// All folders, in the server's order.
    pub async fn folders(&self) -> Result<Folders, Error> {
        let plain = self.session.call(GetFolders::default()).await?;
        let folders = Folders::open(&parse(&plain)?.folders, &self.app_key);
        let broken = folders.broken.iter().cloned();
        broken
            .map(Notice::SkippedRecord)
            .for_each(|notice| (self.listener)(notice));
        Ok(folders)
    }

    /// Asks for a record that no vault has. Only a device that was bound gets an answer, and it holds no secret.
    pub async fn ping(&self) -> Result<Pong, Error> {
        let payload = GetSecret {
            requested_records: Some(vec![NO_RECORD.to_owned()]),
            ..GetSecret::default()
        };
        let plain = self.session.call(payload).await?;
        let answer = parse(&plain)?;
        Ok(Pong {
            expires_on: u64::try_from(answer.expires_on).ok().filter(|end| *end > 0),
            warnings: answer.warnings,
            server_key: self.session.server_key_id(),
        })
    }

    fn notify(&self, records: &Records) {
        let unasked = records.unasked.iter().cloned().map(Notice::Unasked);
        let broken = records.broken.iter().cloned().map(Notice::SkippedRecord);
        let parts = records.records.iter().flat_map(|record| {
            let parts = record.damaged().iter().cloned();
            parts.map(|part| Notice::SkippedPart(record.uid().clone(), part))
        });
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

pub(super) fn parse(plain: &Sensitive<Vec<u8>>) -> Result<reply::Secrets<'_>, Error> {
    Ok(reply::read(plain.expose())?)
}
