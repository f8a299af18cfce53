//! A user's terminal: the program in its foreground, what it shows, and keys to press.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use pty_process::Size;
use pty_process::blocking::{Command, open};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};

use super::hang_report::hang_report;
use super::{Invocation, WaitBudget};

/// Longer than anything takes that shows at all, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

pub struct Terminal {
    keys: File,
    child: Child,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: thread::JoinHandle<()>,
}

impl Terminal {
    /// Starts a program as the leader of a session on a terminal of 31 lines of 97 columns.
    pub fn start(call: &Invocation<'_>) -> Self {
        let (ours, theirs) = open().unwrap();
        ours.resize(Size::new(31, 97)).unwrap();
        let child = Command::from(call.to_command()).spawn(theirs).unwrap();
        let keys = File::from(OwnedFd::from(ours));
        let mut screen = keys.try_clone().unwrap();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&shown);
        let reader = thread::spawn(move || {
            let mut piece = [0; 4096];
            // Ends with an error once nobody has the terminal open.
            while let Ok(length @ 1..) = screen.read(&mut piece) {
                seen.lock().unwrap().extend_from_slice(&piece[..length]);
            }
        });
        Self {
            keys,
            child,
            shown,
            reader,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    pub fn resize(&self, lines: u16, columns: u16) {
        let size = Winsize {
            ws_row: lines,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&self.keys, size).unwrap();
    }

    /// How the terminal is set at this moment.
    pub fn settings(&self) -> Termios {
        tcgetattr(&self.keys).unwrap()
    }

    /// Waits until this shows.
    #[track_caller]
    pub fn wait_for(&self, part: &str) {
        let mut timeout = WaitBudget::new(TIMEOUT);
        loop {
            let shown = self.text();
            if shown.contains(part) {
                return;
            }
            assert!(timeout.wait(), "no {part:?} in {shown:?}");
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    /// Waits for the end, and returns all that showed.
    #[track_caller]
    pub fn wait(mut self) -> (ExitStatus, String) {
        let mut timeout = WaitBudget::new(TIMEOUT);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if !timeout.wait() {
                panic!("no end after {:?}\n{}", self.text(), hang_report(self.id()));
            }
        };
        self.reader.join().unwrap();
        let shown = String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned();
        (status, shown)
    }
}
