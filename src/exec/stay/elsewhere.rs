//! Where there are neither signals nor terminals of our own making: the program shares our console, whose keys reach it
//! by themselves.

use std::io::{self, Read, Write};
use std::process::Stdio;
use std::thread;

use super::{Ended, Stay};
use crate::exec::launch::{Launch, LaunchError};
use crate::exec::mask::Masker;

pub(super) fn stay(launch: &Launch, mode: &Stay) -> Result<Ended, LaunchError> {
    let mut command = launch.command();
    if mode.reads_output() {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| launch.explain(error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let start = || mode.mask.as_ref().map(|mask| mask.start());
    let status = thread::scope(|scope| {
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
        let kept = said.and_then(|said| said.join().ok()).unwrap_or_default();
        let _ = io::stdout().write_all(&kept);
        let kept = told.and_then(|told| told.join().ok()).unwrap_or_default();
        let _ = io::stderr().write_all(&kept);
        status
    });
    let status = status.map_err(LaunchError::Preparation)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Ended::Exited(code.unwrap_or(1)))
}

/// Carries one stream to its end; gives what is to be kept.
fn relay(
    mut from: impl Read,
    mut to: impl Write,
    mut masker: Option<Masker>,
    keep: bool,
) -> Vec<u8> {
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
        if deliver(shown).is_err() {
            return Vec::new();
        }
    }
    if let Some(masker) = &mut masker {
        let _ = deliver(masker.release());
    }
    kept
}
