//! A TLS proxy between `ksm` and a vault that misbehaves on demand. Requests it has no fault for pass through.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use ksm::dev::Identity;
use serde_json::{Value, json};

use super::line::{Line, Shared, trust};
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
    /// The vault gets the request with this done to it.
    Alter(fn(Vec<u8>) -> Vec<u8>),
    /// Answered with what the vault said to the last request it got. It does not hear of this one.
    Replay,
    /// A success whose body never ends.
    Endless,
    /// A success whose body never ends, and comes byte by byte.
    Drip,
    /// Answered by the vault, but the answer takes this long to come.
    Slowly(Duration),
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

    /// The requests themselves, head and body, since the last [`Door::settle`].
    pub fn requests_in_full(&self) -> Vec<Vec<u8>> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The values of a header in the requests since the last [`Door::settle`]; those without it are left out.
    pub fn header(&self, name: &str) -> Vec<String> {
        let value_of = |request: &Vec<u8>| {
            let text = String::from_utf8_lossy(request).into_owned();
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
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
        self.shared.requests.lock().unwrap().clear();
    }
}

impl Drop for Faults<'_> {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        // Wakes the listener up, so that it sees that it is over.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}
