//! One run of a program in a home: described, started, and brought to its end.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::WaitBudget;
use super::hang_report::hang_report;
use super::home::{Home, Stamps, leaks};
use super::run::Run;

/// No program that ends at all takes longer, even on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Lets programs start with the signals a terminal or a service would start them with, even if whoever started the tests
/// ignores some, as `nohup` does: what is ignored is handed down, what is handled is not.
fn reset_ignored_signals() {
    #[cfg(target_os = "linux")]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
            let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
            for signal in (1..32).filter(|signal| ignored >> (signal - 1) & 1 == 1) {
                // The standard library's own ignoring of SIGPIPE is undone by itself.
                let _ = signal_hook::flag::register(signal, Arc::default());
            }
        });
    }
}

/// A program with its arguments, environment and input, to be run.
pub struct Invocation<'a> {
    home: &'a Home,
    program: OsString,
    args: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    directory: PathBuf,
    stdin: Vec<u8>,
    timeout: Duration,
}

impl<'a> Invocation<'a> {
    pub(super) fn new(home: &'a Home, program: OsString, args: Vec<OsString>) -> Self {
        Self {
            home,
            program,
            args,
            environment: home.environment().clone(),
            directory: home.path(""),
            stdin: Vec::new(),
            timeout: TIMEOUT,
        }
    }

    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.environment.remove(OsStr::new(name));
        self
    }

    pub fn stdin(mut self, input: impl AsRef<[u8]>) -> Self {
        self.stdin = input.as_ref().to_vec();
        self
    }

    /// Runs in another directory than the home.
    pub fn dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = directory.as_ref().to_owned();
        self
    }

    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The program and all it is given, for tests that run it their own way.
    pub fn to_command(&self) -> Command {
        reset_ignored_signals();
        let mut command = Command::new(self.found_in_path());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.program);
        command.args(&self.args).current_dir(&self.directory);
        command.env_clear().envs(&self.environment);
        command
    }

    /// The file that a bare name stands for. The standard library searches another `PATH` than its own only after a
    /// fork, and to fork the process of all tests takes longer than most runs.
    fn found_in_path(&self) -> PathBuf {
        let program = Path::new(&self.program);
        let is_name = program.components().count() == 1;
        let path = self.environment.get(OsStr::new("PATH"));
        let folders = path.into_iter().flat_map(std::env::split_paths);
        folders
            .filter(|folder| is_name && folder.is_absolute())
            .map(|folder| folder.join(program))
            .find(|file| is_program(file))
            .unwrap_or_else(|| program.to_owned())
    }

    /// Starts the program without waiting for it.
    pub fn spawn(self) -> Running {
        let mut command = self.to_command();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let before = self.home.stamps();
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = self.stdin;
        // A program that does not read its input closes the pipe, which is its right.
        thread::spawn(move || stdin.write_all(&input));
        let stdout = collect(child.stdout.take().unwrap());
        let stderr = collect(child.stderr.take().unwrap());
        let words = std::iter::once(&self.program).chain(&self.args);
        Running {
            command_line: words
                .map(|word| word.to_string_lossy())
                .collect::<Vec<_>>()
                .join(" "),
            home: self.home.path(""),
            watched: self.home.watched.borrow().clone(),
            before,
            child,
            stdout,
            stderr,
            timeout: self.timeout,
        }
    }

    /// Runs the program to its end.
    #[track_caller]
    pub fn run(self) -> Run {
        let home = self.home;
        self.spawn().wait(home)
    }
}

pub struct Running {
    command_line: String,
    home: PathBuf,
    watched: Vec<String>,
    before: Stamps,
    child: Child,
    stdout: Stream,
    stderr: Stream,
    timeout: Duration,
}

type Stream = (Arc<Mutex<Vec<u8>>>, thread::JoinHandle<()>);

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until this shows on stdout, and returns all that is there by then.
    #[track_caller]
    pub fn wait_for(&self, part: &str) -> String {
        let mut timeout = WaitBudget::new(self.timeout);
        loop {
            let so_far = String::from_utf8_lossy(&self.stdout.0.lock().unwrap()).into_owned();
            if so_far.contains(part) {
                return so_far;
            }
            let waited = timeout.wait();
            assert!(
                waited,
                "`{}` does not show {part:?}: {so_far}",
                self.command_line
            );
        }
    }

    /// Sends a signal, by its number.
    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the end; a program that does not come to one is killed, and the test fails.
    #[track_caller]
    pub fn wait(mut self, home: &Home) -> Run {
        assert_eq!(self.home, home.path(""));
        let mut timeout = WaitBudget::new(self.timeout);
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if timeout.wait() => {}
                None => {
                    let report = hang_report(self.id());
                    self.child.kill().unwrap();
                    let stderr = finished(self.stderr);
                    let stderr = String::from_utf8_lossy(&stderr);
                    panic!("`{}` does not end:\n{report}{stderr}", self.command_line);
                }
            }
        };
        let leaked_to = leaks(&self.before, &home.stamps());
        Run {
            command_line: self.command_line,
            code: status.code(),
            signal: signal(status),
            stdout: finished(self.stdout),
            stderr: finished(self.stderr),
            leaked_to,
            watched: self.watched,
            may_print: Cell::new(false),
            may_write: Cell::new(false),
        }
    }
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let about = file.metadata();
    about.is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

fn collect(mut stream: impl Read + Send + 'static) -> Stream {
    let collected = Arc::<Mutex<Vec<u8>>>::default();
    let sink = Arc::clone(&collected);
    let reader = thread::spawn(move || {
        let mut piece = [0; 8192];
        while let Ok(length @ 1..) = stream.read(&mut piece) {
            sink.lock().unwrap().extend_from_slice(&piece[..length]);
        }
    });
    (collected, reader)
}

fn finished((collected, reader): Stream) -> Vec<u8> {
    reader.join().unwrap();
    std::mem::take(&mut collected.lock().unwrap())
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
