//! Stores on disks and in hands that do not cooperate: killed saves, full disks, stale drafts, links.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Door, Home, Vault};

const BOUND: [&str; 2] = ["keeper.ini", "keeper.ini.lock"];

/// A home with the profiles `_default` and `two`.
fn home(vault: &Vault) -> Home {
    let home = Home::bound_to(vault);
    let token = vault.token();
    home.watch_token(&token);
    home.ksm(["profile", "init", "-t", &token, "-p", "two"])
        .writes_secrets()
        .succeeds();
    home
}

/// Saves again and again, each time cut off a little later by `signal`.
fn cut_off_saves(home: &Home, signal: Signal) -> Vec<String> {
    for step in 0..60_u64 {
        let name = if step % 2 == 0 { "two" } else { "_default" };
        let mut command = home.command(["profile", "active", name]).to_command();
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_micros(step * 150));
        let _ = kill_process(Pid::from_child(&child), signal);
        child.wait().unwrap();
        assert_eq!(home.mode("keeper.ini"), 0o600);
        home.ksm(["profile", "list"]).succeeds().stdout_has("two");
    }
    home.files()
}

#[test]
fn a_save_killed_at_any_moment_leaves_the_old_store_or_the_new() {
    let vault = Vault::start();
    let home = home(&vault);
    cut_off_saves(&home, Signal::KILL);
    // What the killed ones left, the next one clears away.
    home.write(".keeper.ini.aB3dE6gH.new", "canary");
    home.ksm(["profile", "active", "two"])
        .writes_secrets()
        .succeeds();
    assert_eq!(home.files(), BOUND);
}

#[test]
fn a_save_that_is_told_to_end_leaves_nothing_behind() {
    let vault = Vault::start();
    let home = home(&vault);
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let left = cut_off_saves(&home, signal);
        // Before the handlers stand there is no draft, and afterwards it is renamed or removed.
        assert_eq!(left, BOUND, "{signal:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_neither_the_store_nor_the_token() {
    let vault = Vault::start();
    let home = home(&vault);
    let probe = home
        .program("unshare", ["-rm", "true"])
        .to_command()
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        return; // A machine that lets nobody mount cannot show this.
    }
    vault.settle();
    let token = vault.token();
    home.watch_token(&token);
    let script = "mkdir full && mount -t tmpfs -o size=8k none full && cp keeper.ini full && cd full || exit 99
        head -c 99999 /dev/zero > fill 2>/dev/null
        \"$0\" profile init -p three -t \"$1\"; echo $?
        \"$0\" profile active two; echo $?
        cmp keeper.ini ../keeper.ini && ls -A && cd .. && umount full && rmdir full";
    home.program(
        "unshare",
        ["-rm", "sh", "-c", script, env!("CARGO_BIN_EXE_ksm"), &token],
    )
    .run()
    .succeeds()
    .stdout("6\n6\nfill\nkeeper.ini\nkeeper.ini.lock\n")
    .stderr_has("No space left on device");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    home.ksm(["profile", "init", "-p", "three", "-t", &token])
        .writes_secrets()
        .succeeds();
}

#[cfg(target_os = "linux")]
#[test]
fn a_store_mounted_by_itself_is_refused_before_the_token_is_sent() {
    let vault = Vault::start();
    let home = home(&vault);
    let probe = home
        .program("unshare", ["-rm", "true"])
        .to_command()
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        return;
    }
    vault.settle();
    let token = vault.token();
    home.watch_token(&token);
    home.write("other.ini", home.read("keeper.ini"));
    let script =
        "mount --bind other.ini keeper.ini && \"$0\" profile init -p three -t \"$1\"; echo $?";
    home.program(
        "unshare",
        ["-rm", "sh", "-c", script, env!("CARGO_BIN_EXE_ksm"), &token],
    )
    .run()
    .succeeds()
    .stdout("6\n")
    .stderr_has("mount its directory instead");
    assert_eq!(vault.requests(), [] as [&str; 0]);
}

#[test]
fn what_stands_in_the_place_of_a_store_is_left_alone() {
    let vault = Vault::start();
    let home = Home::before(&vault);
    let token = vault.token();
    home.watch_token(&token);
    let init = |file: &str| home.ksm(["profile", "init", "-t", &token, "--ini-file", file]);
    fs::create_dir(home.path("directory.ini")).unwrap();
    init("directory.ini")
        .fails(6)
        .stderr_has("not a regular file");
    init("/dev/null").fails(6).stderr_has("not a regular file");
    symlink("circle.ini", home.path("circle.ini")).unwrap();
    init("circle.ini").fails(6).stderr_has("leads nowhere");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    // A link that points to nothing yet says where the store is to be.
    symlink("tmp/real.ini", home.path("link.ini")).unwrap();
    init("link.ini").writes_secrets().succeeds();
    assert_eq!(home.mode("tmp/real.ini"), 0o600);
}

#[test]
fn another_writer_is_waited_for() {
    let vault = Vault::start();
    let home = home(&vault);
    let lock = fs::File::open(home.path("keeper.ini.lock")).unwrap();
    lock.lock().unwrap();
    let run = home.command(["profile", "active", "two"]).spawn();
    sleep(Duration::from_millis(300));
    drop(lock);
    run.ends(&home).writes_secrets().succeeds();
}
