//! What can be told of a program that does not end: where each of its threads waits, and what it started.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A paragraph for whoever reads the failure; empty where the system does not tell.
pub(super) fn describe(id: u32) -> String {
    let mut told = String::new();
    describe_into(&mut told, id, 0);
    told
}

fn describe_into(told: &mut String, id: u32, depth: usize) {
    let process = Path::new("/proc").join(id.to_string());
    for thread in fs::read_dir(process.join("task"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let read = |name| fs::read_to_string(thread.path().join(name)).unwrap_or_default();
        let (name, place, call) = (read("comm"), read("wchan"), read("syscall"));
        let status = read("status");
        let state = status.lines().find(|line| line.starts_with("State:"));
        let (name, state, call) = (name.trim(), state.unwrap_or_default(), call.trim());
        let _ = writeln!(told, "{:depth$}{id} {name} {state} in {place} ({call})", "");
        for child in read("children").split_whitespace().flat_map(str::parse) {
            describe_into(told, child, depth + 2);
        }
    }
}
