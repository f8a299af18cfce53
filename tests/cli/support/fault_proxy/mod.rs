//! A TLS proxy between `ksm` and a vault that misbehaves on demand. Requests it has no fault for pass through.

mod fault;
mod handler;

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use super::{Server, Vault};
pub use fault::Fault;
use handler::{Handler, State, trust};
use ksm::dev::ServerCertificate;

/// Listens at `localhost` on a port of its own; its tokens name that port.
pub struct FaultProxy<'a> {
    vault: &'a Vault,
    port: u16,
    ca_pem: String,
    state: Arc<State>,
}

impl<'a> FaultProxy<'a> {
    pub fn before(vault: &'a Vault) -> Self {
        let certificate = ServerCertificate::generate(&["localhost"]).unwrap();
        let trusted = format!("{}{}", vault.ca_pem(), certificate.ca_pem);
        Self::with(vault, certificate, trusted)
    }

    /// The certificate, of a trusted authority, is for another name.
    pub fn with_another_name(vault: &'a Vault) -> Self {
        let certificate = ServerCertificate::generate(&["other.example"]).unwrap();
        let trusted = certificate.ca_pem.clone();
        Self::with(vault, certificate, trusted)
    }

    /// No authority that `ksm` trusts has signed the certificate.
    pub fn with_unknown_authority(vault: &'a Vault) -> Self {
        Self::with(
            vault,
            ServerCertificate::generate(&["localhost"]).unwrap(),
            vault.ca_pem(),
        )
    }

    fn with(vault: &'a Vault, certificate: ServerCertificate, ca_pem: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let handler = Arc::new(Handler {
            vault_port: vault.port(),
            roots: trust(&vault.ca_pem()),
            certificate,
            state: Arc::clone(&state),
        });
        thread::spawn(move || {
            for stream in listener.incoming() {
                if handler.state.over.load(Ordering::Relaxed) {
                    break;
                }
                let handler = Arc::clone(&handler);
                // Many tests end connections early.
                thread::spawn(move || handler.serve(stream.unwrap()));
            }
        });
        Self {
            vault,
            port,
            ca_pem,
            state,
        }
    }

    /// Adds a fault to the queue; each request takes one.
    pub fn next(&self, fault: Fault) -> &Self {
        self.state.queue.lock().unwrap().push_back(fault);
        self
    }

    /// Once the queue is empty, befalls each request whose path contains `part`.
    pub fn on(&self, part: &str, fault: Fault) -> &Self {
        self.state
            .by_path
            .lock()
            .unwrap()
            .push((part.to_owned(), fault));
        self
    }

    /// Once the queue is empty, befalls each request.
    pub fn always(&self, fault: Fault) -> &Self {
        self.on("/", fault)
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.state.queue.lock().unwrap().clear();
        self.state.by_path.lock().unwrap().clear();
    }

    /// The endpoint of each request since [`Server::forget_requests`]; `files` and `uploads` for attachments.
    pub fn requests(&self) -> Vec<String> {
        self.state.names.lock().unwrap().clone()
    }

    /// Head and body of each request since [`Server::forget_requests`].
    pub fn requests_in_full(&self) -> Vec<Vec<u8>> {
        self.state.requests.lock().unwrap().clone()
    }

    /// The values of a header in the requests since [`Server::forget_requests`] that have it.
    pub fn header(&self, name: &str) -> Vec<String> {
        let value_of = |request: &Vec<u8>| {
            let text = String::from_utf8_lossy(request).into_owned();
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let mut lines = head.lines().filter_map(|handler| handler.split_once(": "));
            let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_owned())
        };
        self.requests_in_full()
            .iter()
            .filter_map(value_of)
            .collect()
    }

    pub fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }
}

impl Server for FaultProxy<'_> {
    fn token(&self) -> String {
        self.vault.token().replace(&self.vault.host(), &self.host())
    }

    fn ca_pem(&self) -> String {
        self.ca_pem.clone()
    }

    fn forget_requests(&self) {
        self.vault.forget_requests();
        self.state.names.lock().unwrap().clear();
        self.state.requests.lock().unwrap().clear();
    }
}

impl Drop for FaultProxy<'_> {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
        // A connection makes the listener look whether it is over.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}
