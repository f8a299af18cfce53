//! Large attachments and large vaults: in memory once, and files shown on their way to whoever waits.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::terminal::Terminal;
use crate::support::{Fault, FaultProxy, Home, Invocation, UID, Vault, login};

const SIZE: usize = 32 << 20;
/// Memory that a command may take besides the file.
const REST: usize = 32 << 20;

fn peak(call: Invocation<'_>) -> usize {
    let (most, status) = measured(call);
    assert!(status.success(), "{status}");
    most
}

/// The most memory that a run was seen to hold, in bytes, as the system counts it, and its end. On a busy machine the last
/// look may come long before the end, so a limit may be asserted, and a difference may not.
pub fn measured(call: Invocation<'_>) -> (usize, ExitStatus) {
    let (cost, status) = watched(call);
    (cost.memory, status)
}

/// What a run costs, as the system counts it.
#[derive(Default)]
pub struct Cost {
    /// The most bytes at any time.
    pub memory: usize,
    pub processor: Duration,
}

pub fn watched(call: Invocation<'_>) -> (Cost, ExitStatus) {
    let mut command = call.to_command();
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    let mut most = Cost::default();
    loop {
        let now = cost_of(child.id());
        most.memory = most.memory.max(now.memory);
        most.processor = most.processor.max(now.processor);
        match child.try_wait().unwrap() {
            Some(status) => return (most, status),
            None => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// What a process has cost so far; nothing once it is over.
pub fn cost_of(id: u32) -> Cost {
    let read = |name: &str| fs::read_to_string(format!("/proc/{id}/{name}")).unwrap_or_default();
    let status = read("status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    let stat = read("stat");
    // The name before it may hold anything. The times follow the state and ten numbers, in hundredths of a second.
    let numbers = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let times = numbers.split_whitespace().skip(11).take(2);
    let hundredths: u64 = times.filter_map(|time| time.parse::<u64>().ok()).sum();
    Cost {
        memory: kilobytes.unwrap_or_default() << 10,
        processor: Duration::from_millis(hundredths * 10),
    }
}

#[test]
fn a_file_is_in_memory_once_on_both_ways() {
    let vault = Vault::start().with(login("papers").uid(UID));
    let home = Home::configured_for(&vault);
    let content: Vec<u8> = (0..SIZE)
        .map(|at| ((at * 2_654_435_761) >> 16) as u8)
        .collect();
    home.write("large.bin", &content);
    let upload = ["secret", "upload", "-u", UID, "-f", "large.bin"];
    let download = [
        "secret",
        "download",
        "-u",
        UID,
        "--name",
        "large.bin",
        "--file-output",
        "back.bin",
    ];
    let answer = [
        "-o",
        "answer.bin",
        "secret",
        "download",
        "-u",
        UID,
        "--name",
        "large.bin",
        "--file-output",
        "-",
    ];
    let notation = format!("keeper://{UID}/file/large.bin");
    let value = ["-o", "value.bin", "secret", "notation", &notation];
    for call in [
        home.command(upload),
        home.command(download),
        home.command(answer),
        home.command(value),
    ] {
        let most = peak(call);
        assert!((1..SIZE + REST).contains(&most), "{} MiB", most >> 20);
    }
    for file in ["back.bin", "answer.bin", "value.bin"] {
        assert!(fs::read(home.path(file)).unwrap() == content, "{file}");
    }
}

#[test]
fn of_a_large_vault_one_record_is_kept() {
    const MANY: usize = 2_000;
    const EACH: usize = 3 << 10;
    // Base64 makes four bytes of three.
    const ANSWER: usize = MANY * EACH / 3 * 4;
    let record =
        |at| login(&format!("title {at}")).password(&format!("canary {}", "x".repeat(EACH)));
    let vault = (0..MANY).map(record).fold(Vault::start(), Vault::with);
    let home = Home::configured_for(&vault);
    for command in [
        &["secret", "get", "-t", "title 0", "-f", "password"][..],
        &["secret", "notation", "keeper://title 0/field/password"],
    ] {
        let most = peak(home.command(command.iter().copied()));
        assert!(most < REST + ANSWER * 3 / 2, "{} MiB", most >> 20);
    }
}

#[test]
fn progress_shows_on_a_terminal_and_not_in_pipes() {
    let vault = Vault::start().with(
        login("papers")
            .uid(UID)
            .file("slow.txt", &"canary ".repeat(100_000)),
    );
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.on("/files/", Fault::Slowly(Duration::from_secs(3)));
    let args = [
        "secret",
        "download",
        "-u",
        UID,
        "--name",
        "slow.txt",
        "--file-output",
        "slow.txt",
    ];
    let terminal = Terminal::start(&home.command(args).env("TERM", "xterm"));
    terminal.wait_for("of 683.6");
    terminal.wait_for("left");
    let (status, shown) = terminal.wait();
    assert!(status.success(), "{shown}");
    // The line is gone in the end.
    let after = shown.rsplit("left").next().unwrap();
    assert!(
        after.contains("\u{1b}[2K") && !after.contains('\n'),
        "{after:?}"
    );
    home.ksm(args)
        .may_write_secrets()
        .succeeds()
        .stdout("")
        .stderr("");
    assert_eq!(home.read("slow.txt").len(), 700_000);
}
