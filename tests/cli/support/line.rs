//! The inside of the proxy: takes requests off a TLS connection, lets the vault answer them, and does what was asked
//! to either.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ksm::dev::Identity;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection, StreamOwned};

use super::faults::Fault;

/// What the test and the connections have in common.
#[derive(Default)]
pub(super) struct Shared {
    /// What happens to the next requests.
    pub(super) queue: Mutex<VecDeque<Fault>>,
    /// What happens to requests whose path contains a text.
    pub(super) standing: Mutex<Vec<(String, Fault)>>,
    /// Last parts of the paths asked for.
    pub(super) seen: Mutex<Vec<String>>,
    /// The requests as they came.
    pub(super) requests: Mutex<Vec<Vec<u8>>>,
    /// The vault's last answer.
    pub(super) answer: Mutex<Vec<u8>>,
    pub(super) over: AtomicBool,
}

/// What connections need.
pub(super) struct Line {
    pub(super) vault: u16,
    pub(super) roots: Arc<ClientConfig>,
    pub(super) identity: Identity,
    pub(super) shared: Arc<Shared>,
}

impl Line {
    pub(super) fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let tls =
            ServerConnection::new(Arc::clone(&self.identity.server)).map_err(io::Error::other)?;
        let mut client = StreamOwned::new(tls, stream);
        let request = read_request(&mut client)?;
        let path = path_of(&request);
        self.shared.seen.lock().unwrap().push(name_of(&path));
        self.shared.requests.lock().unwrap().push(request.clone());
        match self.shared.fault_for(&path) {
            Fault::None => client.write_all(&self.forward(&request)?)?,
            Fault::Alter(alter) => client.write_all(&self.forward(&alter(request))?)?,
            Fault::Replay => {
                let answer = self.shared.answer.lock().unwrap().clone();
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
                while !self.shared.over.load(Ordering::Relaxed) {
                    client.write_all(&[0; 1 << 16])?;
                }
            }
            Fault::Drip => {
                client.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                while !self.shared.over.load(Ordering::Relaxed) {
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
                self.stay_silent();
            }
            Fault::HangBefore => self.stay_silent(),
            Fault::HangAfter => {
                self.forward(&request)?;
                self.stay_silent();
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

    fn stay_silent(&self) {
        while !self.shared.over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The vault's whole answer.
    fn forward(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let name = ServerName::try_from("localhost").unwrap();
        let tls = ClientConnection::new(Arc::clone(&self.roots), name).map_err(io::Error::other)?;
        let mut vault = StreamOwned::new(tls, TcpStream::connect(("127.0.0.1", self.vault))?);
        let line_end = request.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        vault.write_all(&request[..line_end])?;
        vault.write_all(b"Connection: close\r\n")?;
        vault.write_all(&request[line_end..])?;
        let mut answer = Vec::new();
        vault.read_to_end(&mut answer)?;
        self.shared.answer.lock().unwrap().clone_from(&answer);
        Ok(answer)
    }
}

impl Shared {
    fn fault_for(&self, path: &str) -> Fault {
        if let Some(fault) = self.queue.lock().unwrap().pop_front() {
            return fault;
        }
        let standing = self.standing.lock().unwrap();
        let last = standing
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

/// One request, head and body, as it came.
pub(super) fn read_request(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut piece = [0; 8192];
    loop {
        let head = request.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(head) = head
            && request.len() >= head + 4 + content_length(&request[..head])
        {
            return Ok(request);
        }
        match stream.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => request.extend_from_slice(&piece[..length]),
        }
    }
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    line.map_or(0, |length| length.trim().parse().unwrap())
}

fn path_of(request: &[u8]) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap();
    String::from_utf8_lossy(line)
        .split(' ')
        .nth(1)
        .unwrap()
        .to_owned()
}

/// The endpoint, or what kind of file is moved; a ticket would be another in each run.
fn name_of(path: &str) -> String {
    let parts: Vec<_> = path.split('/').collect();
    let at = if path.starts_with("/api/") {
        parts.len() - 1
    } else {
        1
    };
    parts[at].to_owned()
}
