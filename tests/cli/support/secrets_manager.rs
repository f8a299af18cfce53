//! AWS Secrets Manager on loopback, in memory: the calls that `sync` makes, with mishaps on demand.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::Home;
use super::request::read_request;

/// What befalls a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The connection ends without an answer, and nothing is done.
    LoseRequest,
    /// It is carried out, and the connection ends without an answer.
    LoseAnswer,
    /// Status 500, and nothing is done.
    Fail,
    Throttle,
    /// The identity may not do this.
    Deny,
    /// The identity is not known.
    Disown,
    /// No answer ever, and nothing is done. [`SecretsManager::wait_for_silence`] tells of it.
    Hang,
    /// The same, carried out.
    HangAfter,
}

/// The calls that a mishap befalls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The first, the second, …
    Nth(usize),
    /// Each of this operation on this secret.
    Each(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    pub text: String,
    pub versions: usize,
    pub deleted: bool,
    token: String,
}

pub struct SecretsManager {
    port: u16,
    state: Arc<Mutex<State>>,
    silences: Mutex<Receiver<()>>,
}

#[derive(Default)]
struct State {
    secrets: BTreeMap<String, Stored>,
    calls: Vec<String>,
    heads: Vec<String>,
    mishap: Option<(Which, Mishap)>,
}

impl SecretsManager {
    /// With secrets and their texts.
    pub fn with(secrets: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        for (name, text) in secrets {
            let stored = Stored {
                text: (*text).to_owned(),
                versions: 1,
                ..Stored::default()
            };
            let secrets = &mut state.lock().unwrap().secrets;
            secrets.insert((*name).to_owned(), stored);
        }
        let (sender, silences) = channel();
        let shared = Arc::clone(&state);
        // Ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (state, sender) = (Arc::clone(&shared), sender.clone());
                // Some tests hang up.
                thread::spawn(move || serve(stream.unwrap(), &state, &sender));
            }
        });
        Self {
            port,
            state,
            silences: Mutex::new(silences),
        }
    }

    /// Deletes a secret so that it can be restored.
    pub fn delete(&self, name: &str) {
        let mut state = self.state.lock().unwrap();
        state.secrets.get_mut(name).unwrap().deleted = true;
    }

    pub fn on(&self, which: Which, mishap: Mishap) {
        self.state.lock().unwrap().mishap = Some((which, mishap));
    }

    pub fn mend(&self) {
        self.state.lock().unwrap().mishap = None;
    }

    pub fn wait_for_silence(&self) {
        self.silences.lock().unwrap().recv().unwrap();
    }

    /// Each call since the last time this was asked, as `GetSecretValue name`.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().calls)
    }

    /// The head of each request.
    pub fn heads(&self) -> Vec<String> {
        self.state.lock().unwrap().heads.clone()
    }

    pub fn secrets(&self) -> BTreeMap<String, Stored> {
        self.state.lock().unwrap().secrets.clone()
    }

    /// The text of a secret that is there and not deleted.
    pub fn text(&self, name: &str) -> Option<String> {
        let stored = self.secrets().remove(name)?;
        (!stored.deleted).then_some(stored.text)
    }

    /// Leads the runs in `home` here.
    pub fn lead(&self, home: &mut Home) {
        home.set("AWS_ENDPOINT_URL", self.url());
        home.set("AWS_REGION", "eu-west-1");
        home.set("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00");
        home.set("AWS_SECRET_ACCESS_KEY", "the-secret-key");
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A connection is kept where no mishap is to come, since there are not enough ports for one of each call.
fn serve(mut stream: TcpStream, state: &Mutex<State>, silences: &Sender<()>) -> io::Result<()> {
    while serve_one(&mut stream, state, silences)? {}
    Ok(())
}

/// Whether the connection is kept.
fn serve_one(
    mut stream: &mut TcpStream,
    state: &Mutex<State>,
    silences: &Sender<()>,
) -> io::Result<bool> {
    let request = read_request(&mut stream)?;
    let request = String::from_utf8_lossy(&request).into_owned();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let target = "x-amz-target: secretsmanager.";
    let mut lines = head.lines();
    let operation = lines
        .find_map(|line| {
            line.to_ascii_lowercase()
                .starts_with(target)
                .then(|| &line[target.len()..])
        })
        .unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let name = body["SecretId"].as_str().or(body["Name"].as_str()).unwrap();
    let (mishap, answer) = {
        let mut state = state.lock().unwrap();
        let call = format!("{operation} {name}");
        state.calls.push(call.clone());
        state.heads.push(head.to_owned());
        let is_meant = |which: &Which| match which {
            Which::Nth(count) => *count == state.calls.len(),
            Which::Each(one) => *one == call,
        };
        let mishap = state.mishap.clone().filter(|(which, _)| is_meant(which));
        let mishap = mishap.map(|(_, mishap)| mishap);
        let answer = match mishap {
            None | Some(Mishap::LoseAnswer | Mishap::HangAfter) => {
                state.carry_out(operation, name, &body)
            }
            Some(Mishap::Throttle) => Err("ThrottlingException"),
            Some(Mishap::Deny) => Err("AccessDeniedException"),
            Some(Mishap::Disown) => Err("UnrecognizedClientException"),
            Some(Mishap::LoseRequest | Mishap::Fail | Mishap::Hang) => Err("InternalServiceError"),
        };
        (mishap, answer)
    };
    match mishap {
        Some(Mishap::LoseRequest | Mishap::LoseAnswer) => return Ok(false),
        Some(Mishap::Hang | Mishap::HangAfter) => {
            let _ = silences.send(());
            loop {
                thread::park();
            }
        }
        _ => {}
    }
    let (status, body) = match answer {
        Ok(body) => (200, body),
        Err("InternalServiceError") => (500, json!({})),
        Err(code) => (400, json!({"__type": code, "Message": "why"})),
    };
    let body = body.to_string();
    let length = body.len();
    let is_kept = state.lock().unwrap().mishap.is_none();
    let connection = if is_kept { "keep-alive" } else { "close" };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: {connection}\r\n\r\n{body}"
    )?;
    Ok(is_kept)
}

impl State {
    /// The answer, or the code of a refusal.
    fn carry_out(
        &mut self,
        operation: &str,
        name: &str,
        body: &Value,
    ) -> Result<Value, &'static str> {
        let changed = Ok(json!({"ARN": format!("arn:{name}"), "Name": name}));
        let text = |body: &Value| body["SecretString"].as_str().unwrap().to_owned();
        let token = |body: &Value| body["ClientRequestToken"].as_str().unwrap().to_owned();
        let stored = self.secrets.get_mut(name);
        if operation == "CreateSecret" {
            return match stored {
                Some(stored) if stored.deleted => Err("InvalidRequestException"),
                Some(stored) if stored.token == token(body) => changed,
                Some(_) => Err("ResourceExistsException"),
                None => {
                    let stored = Stored {
                        text: text(body),
                        versions: 1,
                        deleted: false,
                        token: token(body),
                    };
                    self.secrets.insert(name.to_owned(), stored);
                    changed
                }
            };
        }
        let stored = stored.ok_or("ResourceNotFoundException")?;
        match operation {
            "DescribeSecret" if stored.deleted => {
                return Ok(json!({"ARN": "arn", "DeletedDate": 1.5}));
            }
            "DescribeSecret" => return changed,
            "RestoreSecret" => stored.deleted = false,
            _ if stored.deleted => return Err("InvalidRequestException"),
            "GetSecretValue" => return Ok(json!({"ARN": "arn", "SecretString": stored.text})),
            "PutSecretValue" if stored.token == token(body) => {}
            "PutSecretValue" => {
                stored.text = text(body);
                stored.token = token(body);
                stored.versions += 1;
            }
            "DeleteSecret" => {
                assert_eq!(body["RecoveryWindowInDays"], 30);
                stored.deleted = true;
            }
            other => panic!("{other}"),
        }
        changed
    }
}
