//! Windows: the program shares our console, which gives its keys to both. We leave them to the program.

use std::io::{self, Read, Write};
use std::process::Stdio;
use std::thread;

use super::{Completion, Exit, OutputError, OutputOptions};
use crate::exec::launch::{Launch, LaunchError};
use crate::exec::mask::Masker;
use crate::signals::{Keys, leave_to_caller};

/// Runs a program to its end, and drops `files` then, or whatever else is the program's alone. Keys that are pressed
/// meanwhile are the program's, and end us again afterwards.
pub fn run<F>(
    launch: Launch,
    files: F,
    options: &OutputOptions,
) -> Result<Completion, LaunchError> {
    // Caught before the start, so that no key ends us in between.
    let _keys = Keys::catch().map_err(LaunchError::Preparation)?;
    // Moved here, the files go before keys can end us.
    let files = files;
    if let Some(signal) = leave_to_caller() {
        return Ok(Completion {
            exit: Exit::Signal(signal),
            output_error: None,
        });
    }
    let mut command = launch.command();
    if options.needs_pipes() {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let masker = || options.mask.as_ref().map(|mask| mask.start());
    let capture = options.capture;
    let (status, output_error) = thread::scope(|scope| {
        let stdout = stdout.map(|pipe| {
            let masker = masker();
            scope.spawn(move || relay(pipe, io::stdout(), masker, capture))
        });
        let stderr = stderr.map(|pipe| {
            let masker = masker();
            scope.spawn(move || relay(pipe, io::stderr(), masker, capture))
        });
        let status = child.wait();
        // Captured output shows in this order.
        let stdout = stdout.and_then(|relay| deliver("stdout", io::stdout(), relay.join().ok()?));
        let stderr = stderr.and_then(|relay| deliver("stderr", io::stderr(), relay.join().ok()?));
        (status, stdout.or(stderr))
    });
    drop(files);
    Ok(Completion {
        exit: Exit::of(status.map_err(LaunchError::Preparation)?),
        output_error,
    })
}

fn deliver(
    stream: &'static str,
    mut to: impl Write,
    captured: io::Result<Vec<u8>>,
) -> Option<OutputError> {
    let source = captured
        .and_then(|captured| to.write_all(&captured))
        .err()?;
    (source.kind() != io::ErrorKind::BrokenPipe).then_some(OutputError { stream, source })
}

/// Carries one stream to its end; returns what was captured of it.
fn relay(
    mut from: impl Read,
    mut to: impl Write,
    mut masker: Option<Masker>,
    capture: bool,
) -> io::Result<Vec<u8>> {
    let mut captured = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    let mut deliver = |bytes: &[u8]| {
        if capture {
            captured.extend_from_slice(bytes);
            Ok(())
        } else {
            to.write_all(bytes).and_then(|()| to.flush())
        }
    };
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        let bytes = chunk.get(..length).unwrap_or_default();
        let shown = masker.as_mut().map_or(bytes, |masker| masker.push(bytes));
        deliver(shown)?;
    }
    if let Some(masker) = &mut masker {
        deliver(masker.release())?;
    }
    Ok(captured)
}
