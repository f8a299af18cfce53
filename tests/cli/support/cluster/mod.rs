//! A made-up `kubectl` before a made-up cluster. The program on PATH is a script that hands its arguments and stdin over;
//! the cluster answers from memory, and keeps as a real one does who has which entry.

mod secrets;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use super::Home;
use secrets::{Secret, Secrets};

const SCRIPT: &str = r#"#!/bin/sh
call=$(mktemp -d "STORE/call.XXXXXX")
mkfifo "$call/done"
printf '%s\n' "$@" > "$call/arguments"
env | cut -d= -f1 > "$call/names"
cat > "$call/stdin"
echo "$call" > "STORE/calls"
read -r status < "$call/done" || exit 1
cat "$call/stdout"
cat "$call/stderr" >&2
exit "$status"
"#;

pub struct Cluster {
    directory: tempfile::TempDir,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    has_called: Condvar,
}

#[derive(Default)]
struct State {
    secrets: Secrets,
    calls: Vec<Call>,
    mishap: Option<(usize, Trouble)>,
    /// Calls that wait for their answers.
    held: Vec<PathBuf>,
    refusal: Option<String>,
    refusal_of_writes: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Call {
    pub arguments: Vec<String>,
    pub stdin: String,
    /// Names of its variables.
    pub names: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trouble {
    /// It says nothing, and nothing is done.
    Hang,
    /// It says nothing when it is done.
    HangAfter,
    /// Nothing is done, and the connection is refused.
    Lose,
    /// It is done, and the connection is cut.
    LoseAnswer,
    /// It is done and answered when it is released.
    Hold,
}

impl Cluster {
    /// `home` gets its `kubectl`, and no other program but those of the system.
    pub fn of(home: &mut Home) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().to_str().unwrap();
        let script = directory.path().join("kubectl");
        fs::write(&script, SCRIPT.replace("STORE", store)).unwrap();
        fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
        let calls = directory.path().join("calls");
        let made = std::process::Command::new("mkfifo").arg(&calls).status();
        assert!(made.unwrap().success());
        home.set("PATH", format!("{store}:/usr/bin:/bin"));
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        // Open for writing, too, so that it never ends.
        let calls = File::options().read(true).write(true).open(calls).unwrap();
        thread::spawn(move || {
            for line in BufReader::new(calls).lines() {
                let line = line.unwrap();
                if line == "stop" {
                    return;
                }
                serving.serve(Path::new(&line));
            }
        });
        Self { directory, shared }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
    }

    /// An entry that another manager has, in text.
    pub fn edit(&self, name: &str, entry: &str, text: &str, manager: &str) {
        self.state().secrets.edit(name, entry, text, manager);
    }

    pub fn secrets(&self) -> BTreeMap<String, Secret> {
        self.state().secrets.by_name.clone()
    }

    /// The entries of a Secret, as texts.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let secrets = self.secrets();
        let data = secrets.get(name).map(|secret| secret.data.iter());
        let texts = data.into_iter().flatten().map(|(entry, base64)| {
            let text = ksm::codec::decode(base64).unwrap();
            format!("{entry}={}", String::from_utf8(text).unwrap())
        });
        texts.collect()
    }

    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The words that begin each call, such as `get secret db`.
    pub fn words(&self) -> Vec<String> {
        let words = |call: &Call| {
            let options = |word: &&String| !word.starts_with('-');
            let words = call.arguments.iter().take_while(options).cloned();
            words.collect::<Vec<_>>().join(" ")
        };
        self.calls().iter().map(words).collect()
    }

    /// Calls are counted from 1.
    pub fn on(&self, call: usize, trouble: Trouble) {
        self.state().mishap = Some((call, trouble));
    }

    /// What every call but that for the context says from now on.
    pub fn refuse(&self, stderr: &str) {
        self.state().refusal = Some(stderr.to_owned());
    }

    pub fn refuse_writes(&self, stderr: &str) {
        self.state().refusal_of_writes = Some(stderr.to_owned());
    }

    /// Lets a call go on that was held.
    pub fn release(&self) {
        let held = self.state().held.pop();
        self.shared.serve(&held.unwrap());
    }

    /// Waits until a call hangs.
    pub fn wait_for_silence(&self) {
        let mut state = self.state();
        while state.mishap.is_some() {
            let waited = self
                .shared
                .has_called
                .wait_timeout(state, Duration::from_secs(30));
            let (next, timeout) = waited.unwrap();
            assert!(!timeout.timed_out(), "no call hangs");
            state = next;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for held in self.state().held.drain(..) {
            // Nothing is left to wait for an answer.
            let _ = reply(held.join("done"), 1).recv_timeout(Duration::from_secs(2));
        }
        let calls = self.directory.path().join("calls");
        let calls = File::options().read(true).write(true).open(calls);
        let _ = calls.and_then(|mut calls| writeln!(calls, "stop"));
    }
}

impl Shared {
    fn serve(&self, directory: &Path) {
        let read = |name: &str| fs::read_to_string(directory.join(name)).unwrap_or_default();
        let lines = |name: &str| read(name).lines().map(str::to_owned).collect();
        let call = Call {
            arguments: lines("arguments"),
            stdin: read("stdin"),
            names: lines("names"),
        };
        let mut state = self.state.lock().unwrap();
        state.calls.push(call.clone());
        let count = state.calls.len();
        let trouble = match state.mishap {
            Some((at, trouble)) if at == count => Some(trouble),
            _ => None,
        };
        let cut = (
            1,
            String::new(),
            "Unable to connect to the server: EOF\n".to_owned(),
        );
        let answer = match trouble {
            Some(Trouble::Hang | Trouble::Hold) => None,
            Some(Trouble::Lose) => Some(cut),
            Some(Trouble::HangAfter) => {
                state.answer(&call);
                None
            }
            Some(Trouble::LoseAnswer) => {
                state.answer(&call);
                Some(cut)
            }
            None => Some(state.answer(&call)),
        };
        if trouble.is_some() {
            state.mishap = None;
            self.has_called.notify_all();
        }
        if answer.is_none() {
            state.held.push(directory.to_owned());
        }
        drop(state);
        let Some((status, stdout, stderr)) = answer else {
            return;
        };
        fs::write(directory.join("stdout"), stdout).unwrap();
        fs::write(directory.join("stderr"), stderr).unwrap();
        let _ = reply(directory.join("done"), status);
    }
}

/// Opening waits for the script, which may have ended.
fn reply(fifo: PathBuf, status: i32) -> Receiver<()> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        if let Ok(mut fifo) = File::options().write(true).open(fifo) {
            let _ = writeln!(fifo, "{status}");
        }
        let _ = sender.send(());
    });
    receiver
}

impl State {
    fn answer(&mut self, call: &Call) -> (i32, String, String) {
        let words: Vec<_> = call.arguments.iter().map(String::as_str).collect();
        if words.first() == Some(&"config") {
            return (0, "made-up\n".to_owned(), String::new());
        }
        if let Some(refusal) = &self.refusal {
            return (1, String::new(), refusal.clone());
        }
        match *words.as_slice() {
            ["get", "secret", name, ..] => {
                let secret = self.secrets.by_name.get(name);
                let told = secret.map_or(String::new(), |secret| secret.told(name).to_string());
                (0, told, String::new())
            }
            ["apply", ..] => match self
                .refusal_of_writes
                .clone()
                .map_or_else(|| self.secrets.apply(&call.stdin), Err)
            {
                Ok(()) => (0, "secret serverside-applied\n".to_owned(), String::new()),
                Err(stderr) => (1, String::new(), stderr),
            },
            _ => (
                1,
                String::new(),
                format!("error: unknown command {words:?}\n"),
            ),
        }
    }
}
