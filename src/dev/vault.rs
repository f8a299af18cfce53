//! The handle of a running development vault, which serves from a thread of its own until the handle is dropped.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::issued_token::IssuedToken;
use super::request_auth::RequestAuth;
use super::seal_seed::padded;
use super::seed::RecordSeed;
use super::seed::{FolderSeed, Seed};
use super::server::Server;
use super::state::{RecordChange, State};
use super::tls::{self, LOOPBACK, ServerCertificate};
use crate::crypto::{self, aead};
use crate::environment::{Environment, names};
use crate::http::trust::Trust;
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;
use crate::vault::uid::RecordUid;
use crate::{clock, codec, http, json};

pub struct Vault {
    server: Arc<Server>,
    address: SocketAddr,
    ca_pem: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("`{0}` is not an address of loopback")]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("there is no thread for the vault to serve from")]
    Thread(#[source] io::Error),
    #[error(transparent)]
    Clock(#[from] clock::Error),
    #[error(transparent)]
    Tls(#[from] tls::Error),
    #[error("cannot make the vault's keys")]
    Crypto(#[from] crypto::Error),
}

/// A runtime that may go within another one, where waiting for its end would panic.
struct Inner(Option<Runtime>);

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Vault {
    /// Starts a vault on a free port.
    pub fn start(seed: Seed) -> Result<Self, Error> {
        Self::listen(seed, SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// Fails if `address` is not one of loopback.
    pub fn listen(seed: Seed, address: SocketAddr) -> Result<Self, Error> {
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback(address));
        }
        // The HTTP of its answers has no other date.
        clock::now()?;
        let ip = address.ip().to_string();
        let certificate = ServerCertificate::generate(&[&LOOPBACK[..], &[&ip]].concat())?;
        let server = Arc::new(Server::new(
            RequestAuth::generate()?,
            State::from_seed(seed)?,
        ));
        let failed = |source| Error::Listen { address, source };
        let listener = std::net::TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let runtime = Inner(Some(runtime));
        let listener = {
            let _inside = runtime.0.as_ref().map(Runtime::enter);
            TcpListener::from_std(listener).map_err(failed)?
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = Arc::clone(&server).accept(listener, TlsAcceptor::from(certificate.config));
        let serve = move || {
            let until_stopped = async {
                tokio::select! {
                    () = serving => {}
                    _ = stopped => {}
                }
            };
            if let Some(runtime) = &runtime.0 {
                runtime.block_on(until_stopped);
            }
        };
        let thread = std::thread::Builder::new()
            .name("vault".into())
            .spawn(serve)
            .map_err(Error::Thread)?;
        Ok(Self {
            server,
            address: bound,
            ca_pem: certificate.ca_pem,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The host setting of its clients: a name in its certificate, and the port.
    pub fn host(&self) -> String {
        match self.address {
            SocketAddr::V4(address) if address.ip().octets() == [127, 0, 0, 1] => {
                format!("localhost:{}", address.port())
            }
            address => address.to_string(),
        }
    }

    /// The authority that clients have to trust.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The PEM of all whom a program trusts that does as ksm in `ours`, or Node, and of the vault's authority.
    pub fn roots_pem(&self, ours: &Environment) -> Result<String, http::Error> {
        let mut pem = Trust::from_environment(ours).pem()?;
        if let Some(path) = ours.nonempty(names::NODE_EXTRA_CA_CERTS) {
            // Node warns of one that it cannot read, and goes on.
            let added = input::file(Path::new(path), Limit::CERTIFICATES).unwrap_or_default();
            pem.push_str(&String::from_utf8_lossy(added.expose()));
            pem.push('\n');
        }
        pem.push_str(&self.ca_pem);
        Ok(pem)
    }

    /// A new one-time token in the four-part form.
    pub fn token(&self) -> Result<Sensitive<String>, Error> {
        Ok(self.issue_token()?.text())
    }

    /// A new one-time token.
    pub fn issue_token(&self) -> Result<IssuedToken, Error> {
        let auth = &self.server.auth;
        Ok(IssuedToken {
            host: self.host(),
            client_key: self.server.state().devices.issue()?,
            server_key_id: auth.key_id,
            server_key: codec::encode_url(&auth.key.public_key().to_bytes()),
        })
    }

    /// Shares one more record with the application.
    pub fn add(&self, record: RecordSeed) -> Result<(), Error> {
        let record = record.seal(None)?;
        self.server.state().records.push(record);
        Ok(())
    }

    /// Shares one more folder with the application.
    pub fn add_folder(&self, folder: FolderSeed) -> Result<(), Error> {
        Ok(self.server.state().seal_folder(folder, None)?)
    }

    /// Works for a device that is not bound yet, too.
    pub fn revoke(&self, client_id: &str) {
        self.server.state().devices.revoke(client_id);
    }

    /// The requests since the start: names of endpoints, `download` or `upload`.
    pub fn requests(&self) -> Vec<&'static str> {
        self.server.requests().clone()
    }

    pub fn record_json(&self, uid: &str) -> Option<Value> {
        let state = self.server.state();
        let record = state.record(&uid.to_owned().into()).ok()?;
        let plain = aead::open(&record.key, &record.data).ok()?;
        json::value(plain.expose()).ok()
    }

    /// In the order the records came.
    pub fn record_uids(&self) -> Vec<RecordUid> {
        self.server
            .state()
            .records
            .iter()
            .map(|record| record.uid.clone())
            .collect()
    }

    /// Changes a record, as another client of the vault would; `false` if there is no such record.
    pub fn edit(&self, uid: &str, document: &Value) -> bool {
        self.change(uid, |key| aead::seal(key, &padded(document.to_string())))
    }

    /// Replaces a record's sealed JSON by what no key opens, as a broken client would.
    pub fn garble(&self, uid: &str) -> bool {
        self.change(uid, |_| Ok(vec![0; 64]))
    }

    fn change(
        &self,
        uid: &str,
        seal: impl Fn(&aead::Key) -> Result<Vec<u8>, crypto::Error>,
    ) -> bool {
        let mut state = self.server.state();
        let Ok(record) = state.record_mut(&uid.to_owned().into()) else {
            return false;
        };
        let Ok(data) = seal(&record.key) else {
            return false;
        };
        record.apply(RecordChange {
            data,
            remove: Vec::new(),
        });
        true
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
