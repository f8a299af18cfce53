//! Signals to other processes, without unsafe code.

use std::process::Command;

/// To a process, or with `-` before its number to a group.
pub fn send(signal: i32, id: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{signal}"), "--", id])
        .status();
    assert!(sent.unwrap().success(), "{signal} to {id}");
}
