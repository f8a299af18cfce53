//! A device before its vault; [`super::reader`] has the requests that read, [`super::write`] those that change.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use std::time::Duration;

use super::cached::Kept;
use super::error::Error;
use super::notice::Notice;
use super::reader::{Reader, parse};
use super::uid::NO_RECORD;
use crate::cache::Cache;
use crate::crypto::signing::PublicKey;
use crate::device::Device;
use crate::foreign::Text;
use crate::http::Http;
use crate::wire::endpoint::HostName;
use crate::wire::payload::{GetFolders, GetSecret};
use crate::wire::server_key::{KeyId, ServerKey};
use crate::wire::session::{CLIENT_VERSION, Session, SessionOptions, Signer};

/// How the server is asked, and who is told of it.
#[derive(Clone)]
pub struct Connection {
    pub http: Http,
    pub client_version: String,
    /// The longest sum of throttling waits in one call.
    pub longest_wait: Duration,
    pub listener: Rc<dyn Fn(Notice)>,
}

impl Connection {
    /// Waits for no throttling, and tells nobody anything.
    pub fn quiet(http: Http) -> Self {
        Self {
            http,
            client_version: CLIENT_VERSION.to_owned(),
            longest_wait: Duration::ZERO,
            listener: Rc::new(|_| {}),
        }
    }

    pub fn session(&self, host: HostName, server_key: ServerKey, signer: Signer) -> Session {
        let listener = Rc::clone(&self.listener);
        let options = SessionOptions {
            client_version: self.client_version.clone(),
            longest_wait: self.longest_wait,
            listener: Box::new(move |event| listener(Notice::Session(event))),
        };
        Session::new(self.http.clone(), host, server_key, signer, options)
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

/// How much is shared with the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    pub records: usize,
    pub folders: usize,
}

/// Asks the server, and changes what is there. What it reads is never of the cache, since a change begins with what the
/// vault says now.
pub struct Client {
    pub(super) session: Rc<Session>,
    reader: Reader,
    pub(super) owner_key: Option<PublicKey>,
    /// Answers of earlier runs, which a change makes untrue.
    pub(super) outdated: Option<Cache>,
}

impl Deref for Client {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Client {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Client {
    pub fn new(
        connection: Connection,
        host: HostName,
        server_key: ServerKey,
        device: Device,
    ) -> Self {
        let signer = Signer {
            client_id: device.client_id,
            signing_key: device.signing_key,
        };
        let session = Rc::new(connection.session(host, server_key, signer));
        Self {
            reader: Reader {
                session: Some(Rc::clone(&session)),
                kept: None,
                app_key: device.app_key,
                listener: connection.listener,
                opened: None,
            },
            session,
            owner_key: device.owner_key,
            outdated: None,
        }
    }

    /// Removes the answers in `cache` after each change, also where this run keeps none.
    pub fn outdate(&mut self, cache: Cache) {
        self.outdated = Some(cache);
    }

    /// Takes the id of the server key to begin with next time, if it is not the one this client began with.
    pub fn take_learned_key(&self) -> Option<KeyId> {
        self.session.take_learned_key()
    }

    /// Reads through the cache, too, with the same session.
    pub fn with_cache(&self, kept: Kept) -> Reader {
        Reader {
            session: Some(Rc::clone(&self.session)),
            kept: Some(kept),
            app_key: self.reader.app_key.clone(),
            listener: Rc::clone(&self.reader.listener),
            opened: None,
        }
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

    /// Counts what is shared with the application, and opens none of it.
    pub async fn count(&self) -> Result<Shared, Error> {
        let plain = self.session.call(GetSecret::default()).await?;
        let answer = parse(&plain)?;
        // A record that was shared in several ways is one record (D5).
        let records: HashSet<&str> = answer.record_uids().collect();
        let plain = self.session.call(GetFolders::default()).await?;
        Ok(Shared {
            records: records.len(),
            folders: parse(&plain)?.folders.len(),
        })
    }
}
