//! One finished run of `ksm` and what a test says about it. A secret that shows where the test did not ask for it
//! fails the test when the run is dropped, whatever else was asserted.

use std::cell::Cell;
use std::path::PathBuf;

use serde_json::Value;

/// Part of every secret in fixtures.
pub const CANARY: &str = "canary";

pub struct Run {
    pub(super) command_line: String,
    /// The exit code; `None` if a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    /// Files of the home that are new or changed and hold a secret.
    pub(super) leaked_to: Vec<PathBuf>,
    /// Further texts that must not show: tokens and keys.
    pub(super) watched: Vec<String>,
    pub(super) may_print: Cell<bool>,
    pub(super) may_write: Cell<bool>,
}

impl Run {
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        self.exits(0)
    }

    /// Ends with this exit code, which is not 0.
    #[track_caller]
    pub fn fails(&self, code: i32) -> &Self {
        assert_ne!(code, 0);
        self.exits(code)
    }

    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// For tests in which several ends are proper.
    pub fn has_code(&self, code: i32) -> bool {
        self.code == Some(code)
    }

    #[track_caller]
    pub fn dies_of(&self, signal: i32) -> &Self {
        assert_eq!(self.signal, Some(signal), "{self}");
        self
    }

    /// Prints exactly this; a secret in it is one that was asked for.
    #[track_caller]
    pub fn stdout(&self, expected: impl AsRef<[u8]>) -> &Self {
        self.may_print_secrets();
        assert_eq!(lossy(&self.stdout), lossy(expected.as_ref()), "{self}");
        assert_eq!(self.stdout, expected.as_ref(), "{self}");
        self
    }

    #[track_caller]
    pub fn stdout_has(&self, part: &str) -> &Self {
        assert!(
            self.stdout_text().contains(part),
            "stdout lacks {part:?}\n{self}"
        );
        self
    }

    #[track_caller]
    pub fn stdout_lacks(&self, part: &str) -> &Self {
        assert!(
            !self.stdout_text().contains(part),
            "stdout has {part:?}\n{self}"
        );
        self
    }

    #[track_caller]
    pub fn stderr(&self, expected: &str) -> &Self {
        assert_eq!(lossy(&self.stderr), expected, "{self}");
        self
    }

    #[track_caller]
    pub fn stderr_has(&self, part: &str) -> &Self {
        assert!(
            self.stderr_text().contains(part),
            "stderr lacks {part:?}\n{self}"
        );
        self
    }

    #[track_caller]
    pub fn stderr_lacks(&self, part: &str) -> &Self {
        assert!(
            !self.stderr_text().contains(part),
            "stderr has {part:?}\n{self}"
        );
        self
    }

    /// Secrets may show on stdout: the test asked for them.
    pub fn may_print_secrets(&self) -> &Self {
        self.may_print.set(true);
        self
    }

    /// Secrets may lie in files afterwards.
    pub fn may_write_secrets(&self) -> &Self {
        self.may_write.set(true);
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    #[track_caller]
    pub fn stdout_text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    #[track_caller]
    pub fn stderr_text(&self) -> &str {
        std::str::from_utf8(&self.stderr).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    pub fn stdout_bytes(&self) -> &[u8] {
        &self.stdout
    }

    /// The secrets that show where they should not, each with its place.
    fn leaks(&self) -> Vec<String> {
        let mut leaks = Vec::new();
        for (place, bytes, asked_for) in [
            ("stdout", &self.stdout, self.may_print.get()),
            ("stderr", &self.stderr, false),
        ] {
            let text = lossy(bytes);
            if !asked_for && text.contains(CANARY) {
                leaks.push(format!("a secret on {place}"));
            }
            // A test that prints a key or token on purpose has said so as well.
            if !asked_for && self.watched.iter().any(|secret| text.contains(secret)) {
                leaks.push(format!("a token or key on {place}"));
            }
        }
        if !self.may_write.get() {
            leaks.extend(
                self.leaked_to
                    .iter()
                    .map(|path| format!("a secret in {}", path.display())),
            );
        }
        leaks
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let leaks = self.leaks();
            assert!(leaks.is_empty(), "{}\n{self}", leaks.join(", "));
        }
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "$ {}", self.command_line)?;
        match (self.code, self.signal) {
            (Some(code), _) => writeln!(f, "exit code {code}")?,
            (None, signal) => writeln!(f, "signal {signal:?}")?,
        }
        writeln!(
            f,
            "--- stdout\n{}\n--- stderr\n{}",
            lossy(&self.stdout),
            lossy(&self.stderr)
        )
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
