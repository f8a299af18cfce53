//! A container's start: nothing but `KSM_TOKEN`, and the secret in the same run.

use std::fs;

use crate::support::{Fault, FaultProxy, Home, PASSWORD, Server, Vault};

fn home(server: &impl Server) -> Home {
    let (mut home, token) = Home::with_token(server);
    home.set("KSM_TOKEN", token);
    home
}

#[test]
fn the_first_run_binds_and_the_next_finds_it() {
    let vault = Vault::with_db();
    let home = home(&vault);
    let read = || home.ksm(["secret", "notation", PASSWORD]);
    read()
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1")
        .stderr_has("Added profile _default");
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
    assert_eq!(vault.requests().len(), 3);
    vault.forget_requests();
    read().succeeds().stdout("canary-1").stderr("");
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[cfg(unix)]
#[test]
fn a_program_is_started_in_the_same_run() {
    let vault = Vault::with_db();
    let home = home(&vault);
    home.command(["exec", "--", "sh", "-c", "echo \"$P-${KSM_TOKEN-none}\""])
        .env("P", PASSWORD)
        .run()
        .may_print_secrets()
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1-none\n");
}

/// An image with nothing in it: no home, no search path, no place for temporary files, no roots for TLS.
#[cfg(unix)]
#[test]
fn nothing_but_the_token_is_needed() {
    let vault = Vault::with_db();
    let mut home = home(&vault);
    for name in ["HOME", "PATH", "TMPDIR"] {
        home.unset(name);
    }
    let line = "echo \"$P|${HOME-}|${PATH:+a path}|${TMPDIR-}\"";
    for _ in 0..2 {
        home.command(["exec", "--", "/bin/sh", "-c", line])
            .env("P", PASSWORD)
            .env("KSM_INI_DIR", home.path("volume"))
            .run()
            .may_print_secrets()
            .may_write_secrets()
            .succeeds()
            .stdout_has("canary-1||")
            .stdout_has("|\n");
    }
    // The second start found what the first one saved.
    assert_eq!(vault.requests().len(), 4);
    assert_eq!(
        home.files(),
        ["volume/keeper.ini", "volume/keeper.ini.lock"]
    );
    assert_eq!(
        (home.mode("volume"), home.mode("volume/keeper.ini")),
        (0o700, 0o600)
    );

    let token = vault.token();
    home.watch_token(&token);
    home.command(["--ephemeral", "exec", "--", "/bin/sh", "-c", line])
        .env("P", PASSWORD)
        .env("KSM_TOKEN", token)
        .dir("/")
        .run()
        .may_print_secrets()
        .succeeds()
        .stdout_has("canary-1|");
    assert_eq!(
        home.files(),
        ["volume/keeper.ini", "volume/keeper.ini.lock"]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_run_starts_its_program_unchanged() {
    let vault = Vault::with_db();
    let home = home(&vault);
    let seen = "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; umask; ls /proc/self/fd";
    let direct = home.program("sh", ["-c", seen]).run();
    // By way of a shell, as the other was.
    home.after_shell(":", ["exec", "--", "sh", "-c", seen])
        .env("P", PASSWORD)
        .run()
        .may_write_secrets()
        .succeeds()
        .stdout(direct.stdout_bytes());
}

/// The token itself is in no file afterwards, whichever way it was spelt.
#[test]
fn a_token_is_not_kept() {
    let vault = Vault::with_db();
    let home = home(&vault);
    let token = home.environment()[std::ffi::OsStr::new("KSM_TOKEN")].clone();
    let token = token.to_str().unwrap();
    let key = token.rsplit(':').nth(2).unwrap();
    let bytes = ksm::codec::decode(key).unwrap();
    home.ksm(["secret", "notation", PASSWORD])
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    for file in home.files() {
        let text = home.read(&file);
        for spelling in [
            key,
            &ksm::codec::encode(&bytes),
            &ksm::codec::encode_url(&bytes),
        ] {
            assert!(!text.contains(spelling), "{file}");
        }
    }
}

#[test]
fn an_existing_profile_keeps_the_token_unused() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    home.set("KSM_TOKEN", "US:not a token at all");
    home.ksm(["secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), [] as [&str; 0]);
}

#[test]
fn without_a_place_to_save_the_token_is_kept() {
    let vault = Vault::with_db();
    let mut home = home(&vault);
    // Below a file no directory can be made, not even by root.
    let file = home.write("tmp/file", "");
    home.set("KSM_INI_DIR", file.join("below"));
    home.ksm(["secret", "notation", PASSWORD])
        .fails(6)
        .stdout("")
        .stderr_has("KSM_TOKEN was not used")
        .stderr_has("--ephemeral");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    home.ksm(["--ephemeral", "secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), ["tmp/file"]);
}

// `/proc` takes no files, whoever asks.
#[cfg(target_os = "linux")]
#[test]
fn the_next_best_place_is_taken() {
    let vault = Vault::with_db();
    let home = home(&vault);
    home.command(["secret", "notation", PASSWORD])
        .dir("/proc")
        .run()
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(
        home.files(),
        [".config/ksm/keeper.ini", ".config/ksm/keeper.ini.lock"]
    );
    assert_eq!(home.mode(".config/ksm"), 0o700);
}

#[test]
fn the_next_start_recovers_from_a_lost_answer() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = home(&faults);
    faults.always(Fault::LoseAnswer);
    home.ksm(["secret", "notation", PASSWORD])
        .may_write_secrets()
        .fails(5);
    faults.clear();
    home.ksm(["secret", "notation", PASSWORD])
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
}

/// Where the first attempt began there is the key that the server knows by now.
#[cfg(target_os = "linux")]
#[test]
fn recovery_uses_the_store_of_the_first_start() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = home(&faults);
    faults.always(Fault::LoseAnswer);
    home.command(["secret", "notation", PASSWORD])
        .dir("/proc")
        .run()
        .may_write_secrets()
        .fails(5);
    faults.clear();
    // This directory would take a store, too, and would have been asked first.
    home.ksm(["secret", "notation", PASSWORD])
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(
        home.files(),
        [".config/ksm/keeper.ini", ".config/ksm/keeper.ini.lock"]
    );
}

#[test]
fn two_starts_at_once_both_come_up() {
    let vault = Vault::with_db();
    let home = home(&vault);
    let runs = [(); 2].map(|()| home.command(["secret", "notation", PASSWORD]).spawn());
    for run in runs {
        run.wait(&home)
            .may_write_secrets()
            .succeeds()
            .stdout("canary-1");
    }
    assert_eq!(home.read("keeper.ini").matches("clientid").count(), 1);
}

/// Two containers on one volume, each with a token of its own: the second finds what the first made.
#[test]
fn a_profile_made_meanwhile_keeps_the_token_unused() {
    let vault = Vault::with_db();
    let (first, second) = (home(&vault), home(&vault));
    let read = ["secret", "notation", PASSWORD];
    first
        .ksm(read)
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    vault.forget_requests();
    let lock = fs::File::create(second.path("keeper.ini.lock")).unwrap();
    lock.lock().unwrap();
    let run = second.command(read).spawn();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let made = first.read("keeper.ini");
    second.write("keeper.ini", &made);
    drop(lock);
    run.wait(&second)
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(second.read("keeper.ini"), made);
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[test]
fn a_refused_token_says_so_and_leaves_nothing() {
    let vault = Vault::with_db();
    let home = home(&vault);
    home.ksm(["secret", "notation", PASSWORD])
        .may_write_secrets()
        .succeeds()
        .stdout("canary-1");
    fs::remove_file(home.path("keeper.ini")).unwrap();
    home.ksm(["secret", "notation", PASSWORD])
        .fails(4)
        .stdout("")
        .stderr_has("Could not init the profile");
    assert_eq!(home.files(), ["keeper.ini.lock"]);
}
