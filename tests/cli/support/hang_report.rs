//! Where each thread of a program that does not end is waiting, and of the programs it started.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// For the message of a failed test; empty where there is no `/proc`.
pub(super) fn hang_report(id: u32) -> String {
    let mut report = String::new();
    report_into(&mut report, id, 0);
    report
}

fn report_into(report: &mut String, id: u32, depth: usize) {
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
        let _ = writeln!(
            report,
            "{:depth$}{id} {name} {state} in {place} ({call})",
            ""
        );
        for child in read("children").split_whitespace().flat_map(str::parse) {
            report_into(report, child, depth + 2);
        }
    }
}
