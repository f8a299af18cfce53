//! Waits for an editor that leaves its window to another process.

use std::thread;
use std::time::Duration;

use ksm::environment::ChildEnvironment;
#[cfg(target_os = "linux")]
use ksm::input::{self, Limit};
#[cfg(windows)]
use ksm::program::Program;

const PAUSE: Duration = Duration::from_millis(500);

pub(super) fn until_gone(process: &str, environment: &ChildEnvironment) {
    loop {
        thread::sleep(PAUSE);
        if !is_running(process, environment) {
            return;
        }
    }
}

// `comm` holds the first 15 bytes of a name.
#[cfg(target_os = "linux")]
fn is_running(process: &str, _: &ChildEnvironment) -> bool {
    let name = process.as_bytes();
    let name = name.get(..15).unwrap_or(name);
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut names =
        entries.filter_map(|entry| input::file(&entry.path().join("comm"), Limit::SYSTEM).ok());
    names.any(|known| {
        let known = known.expose();
        known.strip_suffix(b"\n").unwrap_or(known) == name
    })
}

#[cfg(windows)]
fn is_running(process: &str, environment: &ChildEnvironment) -> bool {
    let filter = format!("IMAGENAME eq {process}");
    let tasks = Program::find("tasklist.exe".as_ref(), |variable| {
        environment.get(variable)
    });
    let listed = tasks.ok().and_then(|tasks| {
        let mut tasks = tasks.command(environment);
        tasks.args(["/NH", "/FI", &filter]).output().ok()
    });
    let process = process.to_lowercase();
    listed.is_some_and(|listed| {
        String::from_utf8_lossy(&listed.stdout)
            .to_lowercase()
            .contains(&process)
    })
}

// `open -W` has waited already.
#[cfg(not(any(target_os = "linux", windows)))]
fn is_running(_: &str, _: &ChildEnvironment) -> bool {
    false
}
