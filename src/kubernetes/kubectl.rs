//! `kubectl` for one call: without a shell and without our credentials, the manifest on its stdin, output and time bounded.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::error::{Error, Refusal};
use super::manifest::Manifest;
use super::names::Namespace;
use super::secret::StoredSecret;
use crate::environment::{ChildEnvironment, Environment, OwnConfig};
use crate::input::{self, Limit};
use crate::limits;
use crate::program::{Program, ProgramError};
use crate::sensitive::Sensitive;

/// Applied by the server, a Secret has no copy of its entries in the annotation `last-applied-configuration`.
const APPLY: &str = "apply --server-side --field-manager ksm -f -";
/// For `super::config`. The server takes away what a manager leaves out, so two writers are two managers.
pub const APPLY_CONFIG: &str = "apply --server-side --field-manager ksm-init -f -";

/// The program, with the cluster and the identity that it finds by itself.
pub struct Kubectl {
    environment: ChildEnvironment,
    namespace: Option<Namespace>,
}

impl Kubectl {
    /// Without a namespace, that of kubectl's context counts.
    pub fn new(environment: &Environment, namespace: Option<Namespace>) -> Self {
        Self {
            environment: environment.for_child(OwnConfig::Withheld),
            namespace,
        }
    }

    pub fn namespace(&self) -> Option<&Namespace> {
        self.namespace.as_ref()
    }

    /// The name of the context; no cluster is asked. A pod has none.
    pub async fn context(&self) -> Result<Option<String>, Error> {
        use super::RefusalKind::Configuration;
        let command = self.command("config current-context".split(' '))?;
        match call(command, None).await {
            Ok(name) => Ok(Some(name.expose().trim().to_owned())),
            Err(Error::Refusal(refusal)) if refusal.kind != Configuration => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn secret(&self, name: &str) -> Result<Option<StoredSecret>, Error> {
        let options = "--output json --show-managed-fields --ignore-not-found";
        let words = ["get", "secret", name].into_iter();
        let answer = call(self.command(words.chain(options.split(' ')))?, None).await?;
        match answer.expose().trim().is_empty() {
            true => Ok(None),
            false => StoredSecret::read(&answer).map(Some),
        }
    }

    pub async fn apply(&self, manifest: Manifest) -> Result<(), Error> {
        // The manifest is ours, and validating it here costs the description of the whole interface.
        let words = APPLY.split(' ').chain(["--validate=false"]);
        call(self.command(words)?, Some(manifest)).await.map(drop)
    }

    fn command<'w>(&self, words: impl Iterator<Item = &'w str>) -> Result<Command, Error> {
        let environment = &self.environment;
        let program = Program::find(OsStr::new("kubectl"), |variable| environment.get(variable));
        let program = program.map_err(|error| match error {
            ProgramError::NotFound { .. } => Error::Missing,
            ProgramError::NotExecutable { .. } | ProgramError::OutOfReach { .. } => {
                Error::Start(io::Error::other(error))
            }
        })?;
        let mut command = program.command(environment);
        command.args(words);
        if let Some(namespace) = &self.namespace {
            command.args(["--namespace", namespace.as_str()]);
        }
        Ok(command)
    }
}

/// What the program printed.
async fn call(command: Command, manifest: Option<Manifest>) -> Result<Sensitive<String>, Error> {
    let called = tokio::task::spawn_blocking(|| run(command, manifest, limits::KUBECTL));
    let called = called.await;
    called.unwrap_or_else(|error| Err(Error::Start(io::Error::other(error))))
}

fn run(
    mut command: Command,
    manifest: Option<Manifest>,
    patience: Duration,
) -> Result<Sensitive<String>, Error> {
    command
        .stdin(match manifest {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn();
    let mut child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing,
        _ => Error::Start(error),
    })?;
    let deadline = Instant::now() + patience;
    let ended = until_end(&mut child, manifest.as_ref(), deadline);
    if ended.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    let (status, printed, said) = ended?;
    // Whoever writes too much is ended by it.
    let (printed, said) = (
        printed.map_err(Error::Answer)?,
        said.map_err(Error::Answer)?,
    );
    if status.success() {
        return input::text(printed).map_err(Error::Answer);
    }
    let said = Sensitive::new(String::from_utf8_lossy(said.expose()).into_owned());
    let values = manifest.map(|manifest| manifest.values).unwrap_or_default();
    Err(Refusal::of(said.expose(), &values).into())
}

type Bytes = Result<Sensitive<Vec<u8>>, input::Error>;

/// The end of the program, and what it wrote to stdout and stderr.
fn until_end(
    child: &mut Child,
    manifest: Option<&Manifest>,
    deadline: Instant,
) -> Result<(ExitStatus, Bytes, Bytes), Error> {
    let printed = reading(child.stdout.take(), Limit::KUBECTL_ANSWER)?;
    let said = reading(child.stderr.take(), Limit::KUBECTL_WORDS)?;
    if let (Some(manifest), Some(mut stdin)) = (manifest, child.stdin.take()) {
        let text = manifest.text.clone();
        // A program that does not read reports that by its exit.
        let write = move || drop(stdin.write_all(text.expose().as_bytes()));
        start(write)?;
    }
    let until = |receiver: Receiver<Bytes>| {
        let left = deadline.saturating_duration_since(Instant::now());
        receiver.recv_timeout(left).map_err(|_| Error::Deadline)
    };
    let (printed, said) = (until(printed)?, until(said)?);
    loop {
        match child.try_wait().map_err(Error::Start)? {
            Some(status) => return Ok((status, printed, said)),
            None if Instant::now() < deadline => thread::sleep(Duration::from_millis(2)),
            None => return Err(Error::Deadline),
        }
    }
}

fn reading(
    output: Option<impl Read + Send + 'static>,
    limit: Limit,
) -> Result<Receiver<Bytes>, Error> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let read = output.map_or(Ok(Sensitive::default()), |output| {
            input::stream(output, limit)
        });
        let _ = sender.send(read);
    };
    start(read)?;
    Ok(receiver)
}

fn start(work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let started = thread::Builder::new().spawn(work);
    started.map(drop).map_err(Error::Start)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What comes of a program that is a script.
    fn told(script: &str) -> String {
        let mut command = Program::at("/bin/sh").command(&ChildEnvironment::default());
        command.args(["-c", script]);
        let told = run(command, None, Duration::from_secs(2));
        told.map_or_else(
            |error| crate::error_chain::joined(&error),
            |text| text.expose().clone(),
        )
    }

    #[test]
    fn output_and_time_are_bounded() {
        for (script, expected) in [
            ("echo canary; echo canary >&2", "canary\n"),
            ("cat", ""),
            ("echo canary; echo no >&2; exit 3", "kubectl: no"),
            ("exit 3", "kubectl: it failed without a word"),
            ("kill -9 $$", "kubectl: it failed without a word"),
            (
                "/usr/bin/yes canary",
                "the answer of `kubectl` cannot be read: more than 8 MiB is too much for an answer of kubectl",
            ),
            (
                "/usr/bin/yes canary >&2; exit 1",
                "the answer of `kubectl` cannot be read: more than 64 KiB is too much for messages of kubectl",
            ),
            (
                "printf '\\377canary'",
                "the answer of `kubectl` cannot be read: it is not text in UTF-8",
            ),
            ("/bin/sleep 30", "`kubectl` did not end within 60 s"),
            (
                "/bin/sleep 3 & exec >&- 2>&-; /bin/sleep 30",
                "`kubectl` did not end within 60 s",
            ),
        ] {
            let began = Instant::now();
            assert_eq!(told(script), expected, "{script}");
            assert!(began.elapsed() < Duration::from_secs(20), "{script}");
        }
        let command = Program::at("/nowhere/kubectl").command(&ChildEnvironment::default());
        assert!(matches!(
            run(command, None, limits::KUBECTL),
            Err(Error::Missing)
        ));
    }
}
