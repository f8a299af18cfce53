//! Where there are neither signals nor terminals of our own making: the program shares our console, whose keys reach it
//! by themselves.

use std::io::{self, Read, Write};
use std::process::Stdio;
use std::thread;

use super::{Completion, Exit, OutputError, OutputOptions};
use crate::exec::launch::{Launch, LaunchError};
use crate::exec::mask::Masker;

/// Runs a program to its end. Signals that reach us meanwhile are the program's; from here on they no longer end us.
pub fn run(launch: &Launch, mode: &OutputOptions) -> Result<Completion, LaunchError> {
    let mut command = launch.command();
    if mode.reads_output() {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let start = || mode.mask.as_ref().map(|mask| mask.start());
    let (status, output_error) = thread::scope(|scope| {
        let capture = mode.capture;
        let said = stdout.map(|pipe| {
            let masker = start();
            scope.spawn(move || relay(pipe, io::stdout(), masker, capture))
        });
        let told = stderr.map(|pipe| {
            let masker = start();
            scope.spawn(move || relay(pipe, io::stderr(), masker, capture))
        });
        let status = child.wait();
        // What was kept shows in this order.
        let said = said.and_then(|said| deliver("stdout", io::stdout(), said.join().ok()?));
        let told = told.and_then(|told| deliver("stderr", io::stderr(), told.join().ok()?));
        (status, said.or(told))
    });
    let status = status.map_err(LaunchError::Preparation)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Completion {
        exit: Exit::Status(code.unwrap_or(1)),
        output_error,
    })
}

/// Writes what was kept of a stream. Who does not want to read on has read enough.
fn deliver(
    stream: &'static str,
    mut to: impl Write,
    kept: io::Result<Vec<u8>>,
) -> Option<OutputError> {
    let source = kept.and_then(|kept| to.write_all(&kept)).err()?;
    (source.kind() != io::ErrorKind::BrokenPipe).then_some(OutputError { stream, source })
}

/// Carries one stream to its end; gives what is to be kept.
fn relay(
    mut from: impl Read,
    mut to: impl Write,
    mut masker: Option<Masker>,
    keep: bool,
) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    let mut deliver = |bytes: &[u8]| {
        if keep {
            kept.extend_from_slice(bytes);
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
    Ok(kept)
}
