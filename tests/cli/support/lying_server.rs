//! A server that has the right keys and answers whatever a test makes it answer: authentic replies that no honest vault
//! gives.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use ksm::codec;
use ksm::crypto::aead::{self, Key};
use ksm::crypto::ecies;
use ksm::crypto::signing::SigningKey;
use ksm::dev::ServerCertificate;
use rustls::{ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::Server;
use super::request::read_request;

/// Is in no published table of server keys.
const KEY_ID: u32 = 20;

pub struct LyingServer {
    port: u16,
    certificate: ServerCertificate,
    server_key: SigningKey,
    pub client_key: Key,
    pub app_key: Key,
    answer: Arc<Mutex<Vec<u8>>>,
    payloads: Arc<Mutex<Vec<Value>>>,
}

impl LyingServer {
    /// Listens, and answers everything with an empty object.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            certificate: ServerCertificate::generate(&["localhost"]).unwrap(),
            server_key: SigningKey::generate().unwrap(),
            client_key: Key::generate().unwrap(),
            app_key: Key::generate().unwrap(),
            answer: Arc::new(Mutex::new(b"{}".to_vec())),
            payloads: Arc::default(),
        };
        let responder = Responder {
            certificate: server.certificate.clone(),
            key: server.server_key.clone(),
            answer: Arc::clone(&server.answer),
            payloads: Arc::clone(&server.payloads),
        };
        // Ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                // Some tests hang up.
                let _ = responder.answer(stream.unwrap());
            }
        });
        server
    }

    /// Answers every request with this from now on, JSON or not.
    pub fn answer(&self, text: impl Into<Vec<u8>>) -> &Self {
        *self.answer.lock().unwrap() = text.into();
        self
    }

    pub fn payloads(&self) -> Vec<Value> {
        self.payloads.lock().unwrap().clone()
    }

    /// A member of `records`, under the application key; `document` may be no JSON.
    pub fn record(&self, uid: &str, document: &impl ToString) -> Value {
        let key = Key::generate().unwrap();
        json!({
            "recordUid": uid,
            "recordKey": self.sealed(key.expose()),
            "data": codec::encode(&aead::seal(&key, document.to_string().as_bytes()).unwrap()),
            "revision": 1,
        })
    }

    /// Sealed with the application key, in base64.
    pub fn sealed(&self, plain: &[u8]) -> String {
        codec::encode(&aead::seal(&self.app_key, plain).unwrap())
    }

    /// The `KSM_CONFIG` of a device that is bound to this server.
    pub fn config(&self) -> String {
        let device = SigningKey::generate().unwrap();
        json!({
            "hostname": format!("localhost:{}", self.port),
            "clientId": codec::encode(&[7; 64]),
            "privateKey": codec::encode(device.to_pkcs8_der().expose()),
            "appKey": codec::encode(self.app_key.expose()),
            "serverPublicKeyId": KEY_ID.to_string(),
            "serverPublicKey": codec::encode_url(&self.server_key.public_key().to_bytes()),
        })
        .to_string()
    }
}

impl Server for LyingServer {
    fn token(&self) -> String {
        format!(
            "localhost:{}:{}:{KEY_ID}:{}",
            self.port,
            codec::encode_url(self.client_key.expose()),
            codec::encode_url(&self.server_key.public_key().to_bytes())
        )
    }

    fn ca_pem(&self) -> String {
        self.certificate.ca_pem.clone()
    }

    fn forget_requests(&self) {
        self.payloads.lock().unwrap().clear();
    }
}

struct Responder {
    certificate: ServerCertificate,
    key: SigningKey,
    answer: Arc<Mutex<Vec<u8>>>,
    payloads: Arc<Mutex<Vec<Value>>>,
}

impl Responder {
    fn answer(&self, stream: TcpStream) -> io::Result<()> {
        let tls = ServerConnection::new(Arc::clone(&self.certificate.config))
            .map_err(io::Error::other)?;
        let mut client = StreamOwned::new(tls, stream);
        let request = read_request(&mut client)?;
        let head = request
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let lines = String::from_utf8_lossy(&request[..head]).to_string();
        let wrapped = lines
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("TransmissionKey"))
            .map(|(_, value)| codec::decode(value).unwrap())
            .unwrap();
        let reply_key =
            Key::from_bytes(ecies::open(&self.key, &wrapped).unwrap().expose()).unwrap();
        let payload = aead::open(&reply_key, &request[head + 4..]).unwrap();
        self.payloads
            .lock()
            .unwrap()
            .push(serde_json::from_slice(payload.expose()).unwrap());
        let body = aead::seal(&reply_key, &self.answer.lock().unwrap()).unwrap();
        let length = body.len();
        write!(
            client,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )?;
        client.write_all(&body)?;
        client.conn.send_close_notify();
        client.flush()
    }
}
