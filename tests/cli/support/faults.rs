//! A TLS proxy between `ksm` and a vault that misbehaves on demand. Requests it has no fault for pass through.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ksm::dev::Identity;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::{Door, Vault};

/// What happens to one request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Not answered by the vault but with this status and body.
    Answer {
        status: u16,
        headers: String,
        body: Vec<u8>,
    },
    /// Answered by the vault, with this done to the answer.
    Spoil(fn(Vec<u8>) -> Vec<u8>),
    /// A success whose body never ends.
    Endless,
    /// A success that announces this many bytes, and begins to send them.
    Announce(u64),
    /// Read, and then silence. The vault never hears of it.
    HangBefore,
    /// Carried out by the vault, and then silence.
    HangAfter,
    /// The connection ends without an answer; the vault never hears of it.
    Drop,
    /// Carried out by the vault, but the connection ends before the answer.
    LoseAnswer,
    /// Nothing is wrong with this one.
    None,
}

impl Fault {
    /// An error in the shape of the protocol.
    pub fn refuse(status: u16, body: Value) -> Self {
        Self::answer(status, body.to_string())
    }

    pub fn denied() -> Self {
        Self::refuse(
            403,
            json!({"result_code": "access_denied", "message": "Signature is invalid"}),
        )
    }

    /// The server asks for this key instead.
    pub fn other_key(id: u32) -> Self {
        Self::refuse(401, json!({"error": "key", "key_id": id}))
    }

    /// Too many requests; wait this many seconds.
    pub fn throttled(retry_after: f64) -> Self {
        Self::refuse(
            403,
            json!({"error": "throttled", "retry_after": retry_after}),
        )
    }

    /// Any status and body, JSON or not.
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: String::new(),
            body: body.into(),
        }
    }

    pub fn redirect(to: &str) -> Self {
        Self::Answer {
            status: 307,
            headers: format!("Location: {to}\r\n"),
            body: Vec::new(),
        }
    }

    /// The answer ends in the middle of its body.
    pub fn truncated() -> Self {
        Self::Spoil(|answer| answer[..answer.len() - 10].to_vec())
    }

    /// One bit of the body's last byte is another.
    pub fn garbled() -> Self {
        Self::Spoil(|mut answer| {
            *answer.last_mut().unwrap() ^= 1;
            answer
        })
    }
}

/// The proxy. It is at `localhost` with a port of its own, and its tokens lead through it.
pub struct Faults<'a> {
    vault: &'a Vault,
    port: u16,
    ca_pem: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// What happens to the next requests.
    queue: Mutex<VecDeque<Fault>>,
    /// What happens to requests whose path contains a text.
    standing: Mutex<Vec<(String, Fault)>>,
    /// Last parts of the paths asked for.
    seen: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl<'a> Faults<'a> {
    pub fn before(vault: &'a Vault) -> Self {
        let identity = Identity::generate(&["localhost"]).unwrap();
        let trusted = format!("{}{}", vault.ca_pem(), identity.ca_pem);
        Self::with(vault, identity, trusted)
    }

    /// A proxy whose certificate, of a trusted authority, is for another name.
    pub fn with_another_name(vault: &'a Vault) -> Self {
        let identity = Identity::generate(&["other.example"]).unwrap();
        let trusted = identity.ca_pem.clone();
        Self::with(vault, identity, trusted)
    }

    /// A proxy whose certificate is of an authority that nobody trusts.
    pub fn with_unknown_authority(vault: &'a Vault) -> Self {
        Self::with(
            vault,
            Identity::generate(&["localhost"]).unwrap(),
            vault.ca_pem(),
        )
    }

    fn with(vault: &'a Vault, identity: Identity, ca_pem: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let line = Arc::new(Line {
            vault: vault.port(),
            roots: trust(&vault.ca_pem()),
            identity,
            shared: Arc::clone(&shared),
        });
        thread::spawn(move || {
            for stream in listener.incoming() {
                if line.shared.over.load(Ordering::Relaxed) {
                    break;
                }
                let line = Arc::clone(&line);
                // What ends a connection early is what the test is about.
                thread::spawn(move || line.serve(stream.unwrap()));
            }
        });
        Self {
            vault,
            port,
            ca_pem,
            shared,
        }
    }

    /// Adds a fault to the queue: each request takes one from it.
    pub fn next(&self, fault: Fault) -> &Self {
        self.shared.queue.lock().unwrap().push_back(fault);
        self
    }

    /// What happens to all requests whose path contains `part`, once the queue is empty.
    pub fn on(&self, part: &str, fault: Fault) -> &Self {
        self.shared
            .standing
            .lock()
            .unwrap()
            .push((part.to_owned(), fault));
        self
    }

    /// What happens to all requests once the queue is empty.
    pub fn always(&self, fault: Fault) -> &Self {
        self.on("/", fault)
    }

    /// No more faults.
    pub fn heal(&self) {
        self.shared.queue.lock().unwrap().clear();
        self.shared.standing.lock().unwrap().clear();
    }

    /// What came here since the last [`Door::settle`]: the last parts of the paths, for files their kind.
    pub fn requests(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }
}

impl Door for Faults<'_> {
    fn token(&self) -> String {
        self.vault.token().replace(&self.vault.host(), &self.host())
    }

    fn ca_pem(&self) -> String {
        self.ca_pem.clone()
    }

    fn settle(&self) {
        self.vault.settle();
        self.shared.seen.lock().unwrap().clear();
    }
}

impl Drop for Faults<'_> {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        // Wakes the listener up, so that it sees that it is over.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// What connections need.
struct Line {
    vault: u16,
    roots: Arc<ClientConfig>,
    identity: Identity,
    shared: Arc<Shared>,
}

impl Line {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let tls =
            ServerConnection::new(Arc::clone(&self.identity.server)).map_err(io::Error::other)?;
        let mut client = StreamOwned::new(tls, stream);
        let request = read_request(&mut client)?;
        let path = path_of(&request);
        self.shared.seen.lock().unwrap().push(name_of(&path));
        match self.shared.fault_for(&path) {
            Fault::None => client.write_all(&self.forward(&request)?)?,
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

fn trust(ca_pem: &str) -> Arc<ClientConfig> {
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
fn read_request(stream: &mut impl Read) -> io::Result<Vec<u8>> {
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
