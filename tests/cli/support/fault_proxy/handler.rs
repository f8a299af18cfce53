//! One connection to the proxy: takes the request, lets the vault answer it, and applies the fault to either.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ksm::dev::ServerCertificate;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection, StreamOwned};

use super::Fault;
use crate::support::request::read_request;

/// Shared by the test and all connections.
#[derive(Default)]
pub(super) struct State {
    /// Each request takes the first.
    pub(super) queue: Mutex<VecDeque<Fault>>,
    /// By a part of the path; apply once the queue is empty.
    pub(super) by_path: Mutex<Vec<(String, Fault)>>,
    /// See [`name_of`].
    pub(super) names: Mutex<Vec<String>>,
    /// Head and body of each.
    pub(super) requests: Mutex<Vec<Vec<u8>>>,
    pub(super) last_answer: Mutex<Vec<u8>>,
    pub(super) over: AtomicBool,
}

pub(super) struct Handler {
    pub(super) vault_port: u16,
    pub(super) roots: Arc<ClientConfig>,
    pub(super) certificate: ServerCertificate,
    pub(super) state: Arc<State>,
}

impl Handler {
    pub(super) fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let tls = ServerConnection::new(Arc::clone(&self.certificate.config))
            .map_err(io::Error::other)?;
        let mut client = StreamOwned::new(tls, stream);
        let request = read_request(&mut client)?;
        let path = path_of(&request);
        self.state.names.lock().unwrap().push(name_of(&path));
        self.state.requests.lock().unwrap().push(request.clone());
        match self.state.fault_for(&path) {
            Fault::None => client.write_all(&self.forward(&request)?)?,
            Fault::Alter(alter) => client.write_all(&self.forward(&alter(request))?)?,
            Fault::Replay => {
                let answer = self.state.last_answer.lock().unwrap().clone();
                client.write_all(&answer)?;
            }
            Fault::Spoil(spoil) => client.write_all(&spoil(self.forward(&request)?))?,
            Fault::Answer {
                status,
                headers,
                body,
            } => {
                let length = body.len();
                write!(
                    client,
                    "HTTP/1.1 {status} Fault\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
                )?;
                client.write_all(&body)?;
            }
            Fault::Endless => {
                client.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                while !self.state.over.load(Ordering::Relaxed) {
                    client.write_all(&[0; 1 << 16])?;
                }
            }
            Fault::Drip => {
                client.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                while !self.state.over.load(Ordering::Relaxed) {
                    client.write_all(&[0])?;
                    thread::sleep(Duration::from_millis(500));
                }
            }
            Fault::Slowly(duration) => {
                const PIECES: usize = 32;
                let answer = self.forward(&request)?;
                for piece in answer.chunks(answer.len().div_ceil(PIECES)) {
                    client.write_all(piece)?;
                    client.flush()?;
                    thread::sleep(duration / PIECES as u32);
                }
            }
            Fault::Announce(length) => {
                write!(
                    client,
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                )?;
                client.write_all(&[0; 1 << 10])?;
                self.wait_until_over();
            }
            Fault::HangBefore => self.wait_until_over(),
            Fault::HangAfter => {
                self.forward(&request)?;
                self.wait_until_over();
            }
            Fault::Drop => return Ok(()),
            Fault::LoseAnswer => {
                self.forward(&request)?;
                return Ok(());
            }
        }
        client.conn.send_close_notify();
        client.flush()
    }

    fn wait_until_over(&self) {
        while !self.state.over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The vault's whole answer.
    fn forward(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let name = ServerName::try_from("localhost").unwrap();
        let tls = ClientConnection::new(Arc::clone(&self.roots), name).map_err(io::Error::other)?;
        let mut vault = StreamOwned::new(tls, TcpStream::connect(("127.0.0.1", self.vault_port))?);
        let line_end = request.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        vault.write_all(&request[..line_end])?;
        vault.write_all(b"Connection: close\r\n")?;
        vault.write_all(&request[line_end..])?;
        let mut answer = Vec::new();
        vault.read_to_end(&mut answer)?;
        self.state.last_answer.lock().unwrap().clone_from(&answer);
        Ok(answer)
    }
}

impl State {
    fn fault_for(&self, path: &str) -> Fault {
        if let Some(fault) = self.queue.lock().unwrap().pop_front() {
            return fault;
        }
        let by_path = self.by_path.lock().unwrap();
        let last = by_path
            .iter()
            .rev()
            .find(|(part, _)| path.contains(part.as_str()));
        last.map_or(Fault::None, |(_, fault)| fault.clone())
    }
}

pub(super) fn trust(ca_pem: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn path_of(request: &[u8]) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap();
    String::from_utf8_lossy(line)
        .split(' ')
        .nth(1)
        .unwrap()
        .to_owned()
}

/// The endpoint of the API, or `files` or `uploads`: what follows these differs from run to run.
fn name_of(path: &str) -> String {
    let parts: Vec<_> = path.split('/').collect();
    let at = if path.starts_with("/api/") {
        parts.len() - 1
    } else {
        1
    };
    parts[at].to_owned()
}
