//! Stores on disks and in hands that do not cooperate: killed saves, full disks, stale drafts, links.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Home, Server, Vault};

const BOUND: [&str; 2] = ["keeper.ini", "keeper.ini.lock"];

/// A home with the profiles `_default` and `two`.
fn home(vault: &Vault) -> Home {
    let home = Home::bound_to(vault);
    let token = vault.token();
    home.watch_token(&token);
    home.ksm(["profile", "init", "-t", &token, "-p", "two"])
        .may_write_secrets()
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
fn a_killed_save_leaves_the_old_or_new_store() {
    let vault = Vault::start();
    let home = home(&vault);
    cut_off_saves(&home, Signal::KILL);
    // The next run clears away the remainders of killed ones.
    home.write(".keeper.ini.aB3dE6gH.new", "canary");
    home.ksm(["profile", "active", "two"])
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.files(), BOUND);
}

#[test]
fn a_terminated_save_leaves_nothing_behind() {
    let vault = Vault::start();
    let home = home(&vault);
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let left = cut_off_saves(&home, signal);
        // Before the handlers stand there is no draft, and afterwards it is renamed or removed.
        assert_eq!(left, BOUND, "{signal:?}");
    }
}

/// A shell line that makes every file end after so many blocks of 512 bytes, as a full disk would.
fn room_for(blocks: u32) -> String {
    format!("trap '' XFSZ; ulimit -f {blocks}")
}

#[test]
fn a_full_disk_keeps_both_store_and_token() {
    let vault = Vault::start();
    let home = home(&vault);
    vault.forget_requests();
    let before = home.read("keeper.ini");
    let token = vault.token();
    home.watch_token(&token);
    let mut blocks = 0;
    loop {
        let init = ["profile", "init", "-p", "three", "-t", &token];
        let run = home.after_shell(&room_for(blocks), init).run();
        run.may_write_secrets();
        if vault.requests().is_empty() {
            run.fails(6).stdout("").stderr_has("keeper.ini");
            assert_eq!(home.read("keeper.ini"), before);
            assert_eq!(home.files(), BOUND);
        } else {
            run.succeeds();
            break;
        }
        if blocks == 0 {
            home.after_shell(&room_for(0), ["profile", "active", "two"])
                .run()
                .fails(6);
            home.after_shell(&room_for(0), ["profile", "delete", "two"])
                .run()
                .fails(6);
            assert_eq!(home.read("keeper.ini"), before);
        }
        blocks += 1;
    }
    assert!(blocks > 1, "the limit was none");
    assert_eq!(home.files(), BOUND);
}

#[test]
fn files_are_private_from_birth_whatever_the_umask() {
    let vault = Vault::start();
    for mask in ["000", "022", "077", "277", "777"] {
        let (home, token) = Home::with_token(&vault);
        home.after_shell(&format!("umask {mask}"), ["profile", "init", "-t", &token])
            .run()
            .may_write_secrets()
            .succeeds();
        for file in home.files() {
            assert_eq!(home.mode(&file) & 0o077, 0, "{file} under umask {mask}");
        }
        assert_eq!(home.mode("keeper.ini"), 0o600, "umask {mask}");
        home.ksm(["profile", "active", "_default"]).succeeds();
    }
}

/// Binds under an open umask, each time killed a little later: what lies there is private and complete, and the same
/// token ends in a profile.
#[test]
fn the_same_token_finishes_a_killed_bind() {
    const CUTS: u32 = 24;
    let vault = Vault::start();
    let bind = |home: &Home, token: &str| {
        home.watch_token(token);
        let args = ["profile", "init", "-t", token];
        home.after_shell("umask 000", args).to_command()
    };
    let started = Instant::now();
    let whole = Home::trusting(&vault);
    assert!(
        bind(&whole, &vault.token())
            .output()
            .unwrap()
            .status
            .success()
    );
    let duration = started.elapsed();
    for cut in 0..CUTS {
        let home = Home::trusting(&vault);
        let token = vault.token();
        let mut child = bind(&home, &token).stderr(Stdio::null()).spawn().unwrap();
        sleep(duration * cut / (CUTS - 4));
        child.kill().unwrap();
        child.wait().unwrap();
        for file in home.files() {
            assert_eq!(home.mode(&file) & 0o177, 0, "{file} after cut {cut}");
        }
        let run = home.ksm(["profile", "init", "-t", &token]);
        run.may_write_secrets();
        if !run
            .stderr_text()
            .contains("already redeemed: it made the profile _default")
        {
            run.succeeds();
        }
        home.ksm(["profile", "list"])
            .succeeds()
            .stdout_has("_default");
        assert_eq!(home.files(), BOUND, "after cut {cut}");
    }
}

#[test]
fn what_is_not_a_store_is_not_replaced() {
    let vault = Vault::start();
    let (home, token) = Home::with_token(&vault);
    let init = |file: &str| home.ksm(["profile", "init", "-t", &token, "--ini-file", file]);
    fs::create_dir(home.path("directory.ini")).unwrap();
    init("directory.ini")
        .fails(6)
        .stderr_has("not a regular file");
    home.program("mkfifo", ["-m", "400", "fifo.ini"])
        .run()
        .succeeds();
    init("fifo.ini").fails(6).stderr_has("not a regular file");
    symlink("circle.ini", home.path("circle.ini")).unwrap();
    init("circle.ini").fails(6).stderr_has("leads nowhere");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    // A link that points to nothing yet says where the store is to be.
    symlink("tmp/real.ini", home.path("link.ini")).unwrap();
    init("link.ini").may_write_secrets().succeeds();
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
    run.wait(&home).may_write_secrets().succeeds();
}

#[test]
fn a_locked_store_is_waited_for_ten_seconds() {
    let vault = Vault::start();
    let home = home(&vault);
    vault.forget_requests();
    let token = vault.token();
    home.watch_token(&token);
    let lock = fs::File::open(home.path("keeper.ini.lock")).unwrap();
    lock.lock().unwrap();
    let started = Instant::now();
    home.ksm(["profile", "init", "-p", "three", "-t", &token])
        .fails(6)
        .stderr_has("another ksm is still changing")
        .stderr_has("keeper.ini after 10 seconds");
    assert!(started.elapsed() >= Duration::from_secs(10));
    assert_eq!(vault.requests(), [] as [&str; 0]);
    assert_eq!(home.files(), BOUND);
}

#[test]
fn writers_at_once_lose_nothing_of_each_other() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let config = home.bind(&vault);
    let names: Vec<String> = (0..8).map(|number| format!("p{number}")).collect();
    let runs: Vec<_> = names
        .iter()
        .map(|name| {
            home.command(["profile", "import", "-p", name, "-"])
                .stdin(&config)
                .spawn()
        })
        .collect();
    for run in runs {
        run.wait(&home).may_write_secrets().succeeds();
    }
    let list = home.ksm(["profile", "list"]);
    for name in &names {
        list.stdout_has(name);
    }
    assert_eq!(home.files(), BOUND);
}

#[test]
fn a_deleted_profile_leaves_its_keys_nowhere() {
    let vault = Vault::start();
    let home = home(&vault);
    let keys = |text: &str, section: &str| -> Vec<String> {
        let section = text.split(&format!("[{section}]")).nth(1).unwrap();
        let lines = section.lines().take_while(|line| !line.starts_with('['));
        let members = lines.filter_map(|line| line.split_once(" = "));
        members
            .filter(|(name, _)| ["privatekey", "appkey", "clientid"].contains(name))
            .map(|(_, value)| value.to_owned())
            .collect()
    };
    let gone = keys(&home.read("keeper.ini"), "two");
    assert_eq!(gone.len(), 3);
    home.ksm(["profile", "delete", "two"])
        .may_write_secrets()
        .succeeds();
    for file in home.files() {
        let text = home.read(&file);
        // The application's key is the other profile's too.
        let kept = keys(&home.read("keeper.ini"), "_default");
        for key in gone.iter().filter(|key| !kept.contains(key)) {
            assert!(!text.contains(key), "{file} holds {key}");
        }
    }
    assert_eq!(home.files(), BOUND);
}
