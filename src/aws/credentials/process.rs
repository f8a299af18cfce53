//! Credentials that a program of the user prints (`credential_process`). It starts without a shell, has a minute, and
//! inherits stderr.

use std::ffi::OsStr;
use std::io;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::document;
use crate::aws::error::CredentialsError as Error;
use crate::aws::identity::Credentials;
use crate::environment::{Environment, OwnConfig};
use crate::input::{self, Limit};
use crate::limits;
use crate::program::{self, Program, ProgramError};
use crate::sensitive::Sensitive;

pub(super) fn run(
    command: &Sensitive<String>,
    environment: &Environment,
) -> Result<Credentials, Error> {
    let failed = |what: String| Error::Process(what);
    let words = program::words(command.expose())
        .ok_or_else(|| failed("has unbalanced quotes".to_owned()))?;
    let Some((name, arguments)) = words.split_first() else {
        return Err(failed("is not named".to_owned()));
    };
    let environment = environment.for_child(OwnConfig::Withheld);
    let program = Program::find(OsStr::new(name), |variable| environment.get(variable));
    // Any word may be a secret.
    let program = program.map_err(|error| {
        failed(match error {
            ProgramError::NotFound { .. } => "does not start: it was not found".to_owned(),
            ProgramError::NotExecutable { .. } => {
                "does not start: it is no executable file".to_owned()
            }
            ProgramError::OutOfReach { reason, .. } => format!("does not start: {reason}"),
        })
    })?;
    let mut command = program.command(&environment);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let child = command.spawn();
    let mut child = child.map_err(|error| failed(format!("does not start: {error}")))?;
    let deadline = Instant::now() + limits::CREDENTIAL_PROCESS;
    let printed = printed(&mut child);
    let ended = match printed {
        Some(Ok(_)) => ended(&mut child, deadline),
        _ => Ok(None),
    };
    if !matches!(ended, Ok(Some(_))) {
        let _ = child.kill();
        let _ = child.wait();
    }
    let ended = ended.map_err(|error| failed(format!("cannot be waited for: {error}")))?;
    match (printed, ended) {
        (Some(Ok(printed)), Some(ended)) if ended.success() => {
            document::read(printed.expose(), "the program of credential_process")
        }
        (Some(_), Some(ended)) => Err(failed(format!("failed ({ended})"))),
        (Some(Err(reason)), None) => Err(failed(format!("prints no credentials: {reason}"))),
        _ => Err(failed("takes longer than a minute".to_owned())),
    }
}

/// Waits for the end of a program that has closed its output; `None` if that takes too long.
fn ended(child: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        match child.try_wait()? {
            None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            ended => return Ok(ended),
        }
    }
}

/// Waits until the program closes its output; `None` if that takes too long.
fn printed(child: &mut Child) -> Option<Result<Sensitive<String>, input::Error>> {
    let output = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let text = input::stream(output, Limit::AWS_CREDENTIALS).and_then(input::text);
        let _ = sender.send(text);
    };
    thread::Builder::new().spawn(read).ok()?;
    receiver.recv_timeout(limits::CREDENTIAL_PROCESS).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(command: &str) -> Result<Credentials, Error> {
        super::run(&command.to_owned().into(), &Environment::of_process())
    }

    #[test]
    fn a_program_is_started_without_a_shell() {
        let found = run(
            r#"printf %s '{"Version": 1, "AccessKeyId": "$HOME", "SecretAccessKey": "canary;ls"}'"#,
        );
        let found = found.unwrap();
        assert_eq!(found.access_key_id.expose(), "$HOME");
        assert_eq!(found.secret_access_key.expose(), "canary;ls");
    }

    #[test]
    fn a_failing_program_is_told_without_its_output() {
        for (command, expected) in [
            ("", "is not named"),
            ("echo 'canary", "has unbalanced quotes"),
            ("/nowhere/canary-program", "does not start"),
            ("sh -c 'echo canary; exit 3'", "failed (exit status: 3)"),
            ("echo canary", "no set of AWS credentials"),
            ("yes canary", "more than 64 KiB is too much"),
            ("printf '\\377canary'", "not text in UTF-8"),
        ] {
            let error = run(command).unwrap_err().to_string();
            assert!(error.contains(expected), "{command}: {error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
