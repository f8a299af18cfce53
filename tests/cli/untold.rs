//! Commands that made something, and whose answer reaches nobody (O7): stderr says what was made, and the code is 1.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;

use crate::support::{Home, Run, UID, Vault, folder, login};

const FOLDER: &str = "FbCdEfGhIjKlMnOpQrStUw";

/// The answers that reach nobody, as what a shell does before.
const NOWHERE: [&str; 3] = ["exec >/dev/full", "exec >&-", "exec > >(exit)"];

fn home(vault: &Vault) -> Home {
    let home = Home::configured_for(vault);
    home.write(
        "records.json",
        r#"{"version": "v3", "kind": "KeeperRecord", "data": [
        {"recordType": "login", "title": "one", "fields": []}, {"recordType": "login", "title": "two", "fields": []}]}"#,
    );
    home.write("note.txt", "text");
    home
}

fn vault() -> Vault {
    Vault::start().with(folder("folder").uid(FOLDER).with(login("db").uid(UID)))
}

fn run(home: &Home, nowhere: &str, args: &[&str]) -> Run {
    let line = format!("{nowhere}; sleep 0.1");
    let words = [
        "-c".to_owned(),
        format!("{line}\nexec \"$0\" \"$@\""),
        env!("CARGO_BIN_EXE_ksm").to_owned(),
    ];
    home.program(
        "bash",
        words
            .into_iter()
            .chain(args.iter().map(|arg| (*arg).to_owned())),
    )
    .run()
}

#[test]
fn what_was_made_is_told_where_stdout_takes_nothing() {
    for nowhere in NOWHERE {
        for args in [
            &[
                "secret", "add", "field", "--sf", FOLDER, "--rt", "login", "-t", "new",
            ][..],
            &[
                "secret", "add", "field", "--sf", FOLDER, "--rt", "login", "-t", "new", "--json",
            ],
            &[
                "secret",
                "add",
                "file",
                "--sf",
                FOLDER,
                "-f",
                "records.json",
            ],
            &["secret", "add", "clone", "-u", UID],
            &["secret", "add", "clone", "-u", UID, "--json"],
            &["folder", "add", "-f", FOLDER, "-t", "new"],
            &["folder", "add", "-f", FOLDER, "-t", "new", "--json"],
        ] {
            let vault = vault();
            let home = home(&vault);
            let before: BTreeSet<_> = vault.uids();
            let run = run(&home, nowhere, args);
            run.fails(1)
                .stdout("")
                .stderr_has("but the answer went astray: ");
            let made: Vec<_> = vault.uids().difference(&before).cloned().collect();
            assert!(args[0] == "folder" || !made.is_empty(), "{run}");
            for uid in made {
                run.stderr_has(&format!("record {uid} was created"));
            }
            if args[0] == "folder" {
                run.stderr_has("Error: folder ").stderr_has(" was created");
            }
        }
        for args in [
            &["secret", "upload", "-u", UID, "-f", "note.txt"][..],
            &["secret", "upload", "-u", UID, "-f", "note.txt", "--json"],
        ] {
            let vault = vault();
            let run = run(&home(&vault), nowhere, args);
            run.fails(1).stdout("").stderr_has(&format!(
                "was attached to record {UID}, but the answer went astray: "
            ));
        }
    }
}

#[test]
fn what_was_made_is_told_where_files_take_nothing() {
    let vault = vault();
    let home = home(&vault);
    let line = "trap '' XFSZ; ulimit -f 0";
    let args = ["-o", "answer", "folder", "add", "-f", FOLDER, "-t", "new"];
    let run = home.after_shell(line, args).run();
    run.fails(1)
        .stderr_has("Error: folder ")
        .stderr_has(" was created, but the answer went astray: ");
    assert!(!home.path("answer").exists());
}

/// Who closed stdout asked for these things and learns from the code that all of them are gone.
#[test]
fn what_was_deleted_is_told_where_stdout_takes_nothing() {
    let inner = "InnerFolderAAAAAAAAAAA";
    let root = || folder("root").with_folder(folder("inner").uid(inner));
    for nowhere in [NOWHERE[0], NOWHERE[2]] {
        for (what, uid, args) in [
            ("record", UID, &["secret", "delete", "-u", UID][..]),
            ("record", UID, &["secret", "delete", UID, "--json"]),
            ("folder", inner, &["folder", "delete", inner]),
            ("folder", inner, &["folder", "delete", inner, "--json"]),
        ] {
            let vault = vault().with(root());
            let run = run(&home(&vault), nowhere, args);
            run.fails(1).stdout("").stderr_has(&format!(
                "Error: {what} {uid} was deleted, but the answer went astray: "
            ));
        }
    }
    let vault = vault();
    let run = run(&home(&vault), "exec >&-", &["secret", "delete", "-u", UID]);
    run.succeeds().stderr("");
}

/// `/dev/null` is a wish.
#[test]
fn an_answer_nobody_wants_is_no_failure() {
    let vault = vault();
    let home = home(&vault);
    for nowhere in ["exec >/dev/null", "exec >/dev/null 2>&1"] {
        let run = run(
            &home,
            nowhere,
            &["folder", "add", "-f", FOLDER, "-t", "new", "--json"],
        );
        run.succeeds().stderr("");
    }
}

/// The answer of `init` is the only copy of the keys, so it is not sent for where nobody takes it.
#[test]
fn a_closed_stdout_costs_no_token() {
    let vault = vault();
    let (home, token) = Home::with_token(&vault);
    let run = run(&home, "exec >&-", &["init", "default", &token]);
    run.fails(1).stderr("Error: stdout is closed\n");
    assert_eq!(vault.requests(), [""; 0]);
}

/// The exit code, and the token that still works, tell where no stream does.
#[test]
fn the_code_tells_of_closed_streams() {
    for nowhere in [
        "exec >&- 2>&-",
        "exec <&- >&- 2>&-",
        "exec 1<>/dev/null 2<>/dev/null",
    ] {
        for args in [
            &[
                "secret", "add", "field", "--sf", FOLDER, "--rt", "login", "-t", "new",
            ][..],
            &["secret", "upload", "-u", UID, "-f", "note.txt"],
            &["folder", "add", "-f", FOLDER, "-t", "new"],
        ] {
            let vault = vault();
            run(&home(&vault), nowhere, args).exits(1);
        }
        for args in [&["default"][..], &["k8s"], &["k8s", "--apply"]] {
            let vault = vault();
            let (home, token) = Home::with_token(&vault);
            home.write("kubectl", "#!/bin/sh\nexit 1\n");
            // Without kubectl, the manifest would go to stdout.
            let line = format!("chmod +x kubectl; PATH=$PWD:$PATH; {nowhere}");
            let words = [&["init"], args, &[&token]].concat();
            run(&home, &line, &words).exits(1);
            assert_eq!(vault.requests(), [""; 0], "{nowhere} {args:?}");
        }
    }
    let vault = vault();
    let (home, token) = Home::with_token(&vault);
    for (closed, target) in [
        ("exec 2>&-", "stderr"),
        ("exec 2>&-", "/dev/stderr"),
        ("exec >&-", "/dev/stdout"),
    ] {
        run(&home, closed, &["-o", target, "init", "default", &token]).exits(1);
        assert_eq!(vault.requests(), [""; 0], "{closed} {target}");
    }
}
