//! The cache: answers kept for when the server is out of reach (K1 to K5, D39).

mod entries;
mod failures;
mod places;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod times;

use std::path::PathBuf;

use crate::support::{Home, Invocation, PASSWORD, Server, UID, Vault, login};

/// A vault with the login `db` at [`UID`], and another login.
fn vault() -> Vault {
    Vault::start()
        .with(login("db").uid(UID).password("canary-1"))
        .with(login("other").password("canary-2"))
}

/// Reads everything, since the name is a title.
fn read(home: &Home) -> Invocation<'_> {
    home.command(["--cache", "secret", "notation", PASSWORD])
}

fn offline(home: &Home) -> Invocation<'_> {
    home.command(["--offline", "secret", "notation", PASSWORD])
}

/// A home that has the answer in its cache.
fn filled(server: &impl Server) -> Home {
    let home = Home::configured_for(server);
    read(&home).run().succeeds().stdout("canary-1").stderr("");
    server.forget_requests();
    home
}

fn entries(home: &Home) -> Vec<PathBuf> {
    let directory = home.path(".cache/ksm");
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn entry(home: &Home) -> PathBuf {
    let [entry] = &entries(home)[..] else {
        panic!("one entry is there, not {:?}", entries(home));
    };
    entry.clone()
}

#[test]
fn a_stopped_vault_is_stood_in_for() {
    let vault = vault().with(crate::support::folder("shared"));
    let home = filled(&vault);
    home.ksm(["--cache", "folder", "list", "--json"]).succeeds();
    home.write("t", format!("p={PASSWORD}\n"));
    drop(vault);
    let printenv = [
        "exec",
        "-e",
        &format!("P={PASSWORD}"),
        "--",
        "printenv",
        "P",
    ];
    let password = ["secret", "get", "-t", "db", "-f", "password"];
    let record = ["secret", "get", "-t", "db"];
    for (command, expected) in [
        (&["secret", "notation", PASSWORD][..], "canary-1"),
        (&password, "canary-1"),
        (&printenv, "canary-1\n"),
        (&["interpolate", "t"], "p=canary-1\n"),
    ] {
        let run = home.ksm(["--cache"].iter().chain(command));
        run.succeeds().stdout(expected);
        run.stderr_has("Warning: the answer is from the cache and ");
        run.stderr_has(" s old: cannot connect to localhost:");
        assert_eq!(run.stderr_text().matches("cache").count(), 1, "{run}");
    }
    // That asks for links, which were not kept.
    home.ksm(["--cache"].iter().chain(&record))
        .fails(5)
        .stdout("")
        .stderr_has("Error: cannot connect to localhost:")
        .stderr_has("; the cache has no answer to this\n");
    home.ksm(["--cache", "folder", "list", "--json"])
        .succeeds()
        .stdout_has("shared")
        .stderr_has("from the cache");
    home.ksm(["secret", "notation", PASSWORD])
        .fails(5)
        .stdout("")
        .stderr_has("; the cache has answers, and is off\nHint: `--cache` lets the cache answer;");
    home.ksm(["--no-cache", "secret", "notation", PASSWORD])
        .fails(5)
        .stderr_lacks("the cache");
}

#[test]
fn an_option_a_variable_or_a_setting_enables_it() {
    let vault = vault();
    let mut home = Home::bound_to(&vault);
    let notation = ["secret", "notation", PASSWORD];
    let is_kept = |home: &Home, options: &[&str]| {
        let run = home.ksm(options.iter().chain(&notation));
        run.succeeds().stdout("canary-1").stderr("");
        let count = entries(home).len();
        let _ = std::fs::remove_dir_all(home.path(".cache"));
        count == 1
    };
    assert!(!is_kept(&home, &[]));
    assert!(is_kept(&home, &["--cache"]));
    home.ksm(["config", "cache", "--enable"]).succeeds();
    assert!(is_kept(&home, &[]));
    assert!(!is_kept(&home, &["--no-cache"]));
    home.set("KSM_CACHE", "no");
    assert!(!is_kept(&home, &[]) && is_kept(&home, &["--cache"]));
    home.ksm(["config", "cache", "--disable"]).succeeds();
    home.set("KSM_CACHE", "yes");
    assert!(is_kept(&home, &[]) && !is_kept(&home, &["--no-cache"]));
    home.set("KSM_CACHE", "perhaps");
    home.ksm(notation)
        .fails(6)
        .stdout("")
        .stderr_has("KSM_CACHE is neither true nor false");
}

#[test]
fn offline_asks_nobody() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    offline(&home).run().fails(5).stdout("").stderr_has(
        "Error: the cache has no answer to this\nHint: the same command with `--cache`",
    );
    let home = filled(&vault);
    offline(&home)
        .run()
        .succeeds()
        .stdout("canary-1")
        .stderr_has("The answer is from the cache and ")
        .stderr_has(" s old, because of `--offline`.\n");
    let token = vault.token();
    home.watch_token(&token);
    for command in [
        &["secret", "update", "-u", UID, "--field", "login=x"][..],
        &["secret", "delete", "-u", UID],
        &[
            "secret",
            "download",
            "-u",
            UID,
            "--name",
            "n",
            "--file-output",
            "f",
        ],
        &["folder", "list"],
        &["profile", "check"],
        &["profile", "init", "--token", &token],
        &["sync", "-t", "aws", "-m", "a", PASSWORD],
        &["dev", "--", "true"],
    ] {
        let run = home.ksm(["--offline"].iter().chain(command));
        run.fails(5).stderr_has("Error: ");
        run.stderr_lacks("cannot connect");
    }
    home.ksm(["--offline", "--no-cache", "version"])
        .fails(2)
        .stderr_has("mutually exclusive");
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_fresh_answer_spares_the_question() {
    let vault = vault();
    let home = filled(&vault);
    let fresh = |age: &'static str| {
        home.command([
            "--cache",
            "--fresh-for",
            age,
            "secret",
            "notation",
            PASSWORD,
        ])
    };
    fresh("10m")
        .run()
        .succeeds()
        .stdout("canary-1")
        .stderr_has("The answer is from the cache and ")
        .stderr_has(" s old, which `--fresh-for` allows.\n");
    assert_eq!(vault.requests(), [""; 0]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    fresh("1s").run().succeeds().stdout("canary-1").stderr("");
    assert_eq!(vault.requests(), ["get_secret"]);
    // Without a cache there is nothing fresh.
    home.ksm(["--fresh-for", "10m", "secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1")
        .stderr_has("Warning: `--fresh-for` changes nothing");
}

#[test]
fn an_answer_serves_what_it_holds_and_no_more() {
    let vault = vault();
    let home = filled(&vault);
    let notation = |uid: &str| format!("keeper://{uid}/field/password");
    let ask = |notation: &str| home.ksm(["--offline", "secret", "notation", notation]);
    ask(&notation(UID)).succeeds().stdout("canary-1");
    ask("keeper://other/field/password")
        .succeeds()
        .stdout("canary-2");
    // What came later than the answer is not there for sure.
    ask(&notation("AAAAAAAAAAAAAAAAAAAAAA")).fails(5).stdout("");
    home.ksm(["config", "cache", "--clear"]).succeeds();
    home.ksm(["--cache", "secret", "notation", &notation(UID)])
        .succeeds()
        .stdout("canary-1");
    ask(&notation(UID)).succeeds().stdout("canary-1");
    ask(PASSWORD).fails(5).stdout("");
    home.ksm(["--offline", "secret", "list"])
        .fails(5)
        .stdout("");
}

#[test]
fn one_answer_serves_every_question_within_it() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let other = vault.uids().into_iter().find(|uid| uid != UID).unwrap();
    let of = |uid: &str| format!("keeper://{uid}/field/password");
    let first = format!("A={}", of(UID));
    let second = format!("B={}", of(&other));
    let exec = ["--cache", "exec", "-e", &first, "-e", &second, "--", "true"];
    home.ksm(exec).succeeds();
    assert_eq!(vault.requests(), ["get_secret"]);
    let offline = |words: &[&str]| home.ksm(["--offline"].iter().chain(words));
    for uid in [UID, &other] {
        let expected = if uid == UID { "canary-1" } else { "canary-2" };
        for words in [
            &["secret", "notation", &of(uid)][..],
            &["secret", "get", uid, "-f", "password"],
        ] {
            offline(words).succeeds().stdout(expected);
        }
    }
    // Links were not asked for, nor other records.
    offline(&["secret", "get", UID]).fails(5);
    offline(&["secret", "list"]).fails(5);
    home.ksm(["--cache", "secret", "list"]).succeeds();
    offline(&["secret", "get", "-t", "other", "-f", "password"])
        .succeeds()
        .stdout("canary-2");
    assert_eq!(vault.requests(), ["get_secret", "get_secret"]);
}

#[test]
fn what_is_written_begins_with_what_the_server_says() {
    let vault = vault();
    let mut home = filled(&vault);
    home.set("KSM_CACHE", "yes");
    let json = vault.record_json(UID);
    vault.edit(UID, &json);
    let update = [
        "secret",
        "update",
        "-u",
        UID,
        "--field",
        "password=canary-3",
    ];
    let run = |options: &[&str]| home.ksm(options.iter().chain(&update));
    run(&["--fresh-for", "10m"])
        .succeeds()
        .stderr_lacks("cache");
    assert_eq!(vault.requests().first(), Some(&"get_secret"));
    drop(vault);
    run(&[]).fails(5).stderr_lacks("from the cache");
}

#[test]
fn a_shell_reads_the_cache_line_by_line() {
    let vault = vault();
    let home = filled(&vault);
    drop(vault);
    let line = format!("secret notation {PASSWORD}\n");
    let run = home
        .command(["--offline", "shell"])
        .stdin(line.repeat(2))
        .run();
    run.succeeds()
        .may_print_secrets()
        .stdout_has("canary-1canary-1");
    assert_eq!(
        run.stderr_text().matches("from the cache").count(),
        2,
        "{run}"
    );
}
