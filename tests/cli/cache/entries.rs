//! The files of the cache: private, sealed, whole (K1, K2).

use std::fs;

use super::{entries, entry, filled, offline, read, vault};
use crate::support::{Home, Server, UID};

#[test]
#[cfg(unix)]
fn files_and_directories_are_private() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let umask = home.after_shell("umask 0", ["--cache", "secret", "list"]);
    umask.run().succeeds();
    let name = entry(&home).file_name().unwrap().to_owned();
    let name = name.into_string().unwrap();
    for (path, mode) in [
        (".cache", 0o700),
        (".cache/ksm", 0o700),
        (&format!(".cache/ksm/{name}"), 0o600),
    ] {
        assert_eq!(home.mode(path), mode, "{path}");
    }
}

#[test]
fn neither_names_nor_contents_tell_anything() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let home = &home;
    read(home).run().succeeds().stdout("canary-1");
    home.ksm(["--cache", "folder", "list"]).succeeds();
    let ini = home.read("keeper.ini");
    let mut secrets = vec!["canary", UID, "localhost", "get_secret", "db", "other"];
    let values = ini.lines().filter_map(|line| line.split_once('='));
    // Two letters come about by chance.
    secrets.retain(|secret| secret.len() > 2);
    secrets.extend(
        values
            .map(|(_, value)| value.trim())
            .filter(|value| value.len() > 8),
    );
    assert!(secrets.len() > 8, "{ini}");
    let entries = entries(home);
    assert_eq!(entries.len(), 2);
    for path in entries {
        let content = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for secret in &secrets {
            let within = |text: &[u8]| {
                let mut parts = text.windows(secret.len());
                parts.any(|part| part == secret.as_bytes())
            };
            assert!(
                !within(&content) && !within(name.as_bytes()),
                "{secret} in {name}"
            );
        }
        // Besides heads, nonces and tags.
        let padded = content.len() - 21 - 28 - 28;
        assert_eq!(padded % 256, 0, "the lengths are rough");
    }
}

#[test]
fn a_change_outdates_what_was_kept() {
    let vault = vault();
    let home = filled(&vault);
    // One that changes nothing leaves the answers.
    home.ksm(["secret", "update", "-u", UID, "--field", "nothing.such=x"])
        .exits(3);
    assert_eq!(entries(&home).len(), 1);
    home.ksm([
        "secret",
        "update",
        "-u",
        UID,
        "--field",
        "password=canary-3",
    ])
    .succeeds();
    assert_eq!(entries(&home).len(), 0);
    offline(&home).run().fails(5);
    read(&home).run().succeeds().stdout("canary-3");
}

#[test]
fn another_devices_profile_opens_nothing() {
    let vault = vault();
    let (home, other) = (filled(&vault), Home::configured_for(&vault));
    let place = home.path(".cache/ksm");
    offline(&other)
        .env("KSM_CACHE_DIR", &place)
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("the cache has no answer");
    // Under the name that the other device would give it.
    read(&other).run().succeeds().stdout("canary-1");
    fs::copy(entry(&home), entry(&other)).unwrap();
    offline(&other)
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("Warning: the cache is of no use: the answer in ")
        .stderr_has(" is damaged\n");
}

#[test]
fn every_damage_counts_as_absence_and_is_told_once() {
    let vault = vault();
    let home = filled(&vault);
    let path = entry(&home);
    let whole = fs::read(&path).unwrap();
    // Each byte has its turn in the tests of the library.
    let places = (0..30)
        .chain((30..whole.len()).step_by(331))
        .chain([whole.len() - 1]);
    for at in places {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        home.write(path.to_str().unwrap(), &damaged);
        let run = offline(&home).run();
        run.fails(5).stdout("").stderr_has("is damaged\n");
        assert_eq!(
            run.stderr_text().matches("damaged").count(),
            1,
            "byte {at} {run}"
        );
        offline(&home)
            .run()
            .fails(5)
            .stdout("")
            .stderr_lacks("damaged");
    }
    for length in [0, 1, 16, 17, 45, whole.len() - 1] {
        home.write(path.to_str().unwrap(), &whole[..length]);
        offline(&home)
            .run()
            .fails(5)
            .stdout("")
            .stderr_has("damaged");
    }
    home.write(path.to_str().unwrap(), &whole);
    offline(&home).run().succeeds().stdout("canary-1");
}

#[test]
fn several_runs_at_once_leave_a_whole_entry() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for _ in 0..3 {
        let runs: Vec<_> = (0..8).map(|_| read(&home).spawn()).collect();
        for run in runs {
            run.wait(&home).succeeds().stdout("canary-1").stderr("");
        }
        entry(&home);
        offline(&home).run().succeeds().stdout("canary-1");
    }
}

#[test]
fn clearing_removes_answers_and_nothing_else() {
    let vault = vault();
    let home = filled(&vault);
    home.write(".cache/ksm/ksm_cache.bin", "theirs");
    let clear = ["config", "cache", "--clear"];
    home.ksm(clear).succeeds().stdout("").stderr(&format!(
        "Removed 1 answer from {}.\n",
        home.path(".cache/ksm").display()
    ));
    assert_eq!(home.read(".cache/ksm/ksm_cache.bin"), "theirs");
    offline(&home).run().fails(5).stdout("");
    home.ksm(clear)
        .succeeds()
        .stderr_has("There are no answers in ");
    // Both at once; there is no store for the setting.
    home.ksm(["config", "cache", "--clear", "--disable"])
        .fails(6)
        .stderr_has("Nothing was stored");
}

#[test]
fn the_state_of_the_cache_is_shown() {
    let vault = vault();
    let mut home = Home::bound_to(&vault);
    let state = |home: &Home| {
        let run = home.ksm(["config", "cache"]);
        run.succeeds().stdout_text().to_owned()
    };
    let place = home.path(".cache/ksm");
    assert_eq!(
        state(&home),
        format!(
            "The cache is disabled: `ksm config cache --enable`, `--disable` or `--clear` changes that.\n\
             It lies in {} and has 0 answers.\n",
            place.display()
        )
    );
    home.ksm(["config", "cache", "--enable"]).succeeds();
    home.ksm(["secret", "list"]).succeeds();
    let shown = state(&home);
    assert!(shown.starts_with("The cache is enabled: "), "{shown}");
    assert!(
        shown.contains(" and has 1 answer, 5 KiB, the least recent use "),
        "{shown}"
    );
    home.set("KSM_CACHE", "no");
    assert!(state(&home).starts_with("The cache is disabled: "));
    vault.forget_requests();
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_profile_that_goes_takes_its_answers_along() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let token = vault.token();
    home.watch_token(&token);
    home.ksm(["profile", "init", "-p", "second", "--token", &token])
        .succeeds();
    for profile in ["_default", "second"] {
        let list = ["--cache", "-p", profile, "secret", "list"];
        home.ksm(list).succeeds();
    }
    assert_eq!(entries(&home).len(), 2);
    home.ksm(["profile", "rename", "second", "third"])
        .succeeds();
    let offline = |profile: &'static str| home.ksm(["--offline", "-p", profile, "secret", "list"]);
    offline("third").succeeds().stdout_has("db");
    home.ksm(["profile", "delete", "third"]).succeeds();
    assert_eq!(entries(&home).len(), 1);
    offline("_default").succeeds().stdout_has("db");
    let token = vault.token();
    home.watch_token(&token);
    home.ksm(["profile", "init", "--force", "--token", &token])
        .succeeds();
    assert_eq!(entries(&home).len(), 0);
}
