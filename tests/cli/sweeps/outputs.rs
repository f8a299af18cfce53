//! Every command where stdout is full, closed, or a pipe whose reader has gone: a failure is told, and what was made is
//! told or kept.

use std::collections::BTreeSet;
use std::fs::File;
use std::process::Stdio;

use super::table::{CALLS, Call, Made, home, vault};
use crate::support::{Home, UID, Vault};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stdout {
    Full,
    /// The standard library opens the null device in its place, before anybody looks.
    Closed,
    /// The reader of the pipe has gone.
    Gone,
}

struct Ended {
    code: Option<i32>,
    said: String,
}

fn run(home: &Home, words: &[String], stdout: Stdout) -> Ended {
    let line = if stdout == Stdout::Closed {
        "exec >&-"
    } else {
        ":"
    };
    let mut command = home.after_shell(line, words).to_command();
    command.stdin(Stdio::null());
    match stdout {
        Stdout::Full => {
            let full = File::options().write(true).open("/dev/full");
            command.stdout(full.unwrap());
        }
        Stdout::Closed => {}
        Stdout::Gone => {
            let (_, writer) = std::io::pipe().unwrap();
            command.stdout(writer);
        }
    }
    let output = command.output().unwrap();
    Ended {
        code: output.status.code(),
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The UIDs of all records, folders and attachments.
fn uids(home: &Home, vault: &Vault) -> BTreeSet<String> {
    let listed = home.ksm(["folder", "list", "--json"]);
    let folders = listed.succeeds().json();
    let folders = folders.as_array().into_iter().flatten();
    let folders = folders.filter_map(|folder| folder["uid"].as_str().map(str::to_owned));
    let files = vault.inner().record_json(UID).into_iter();
    let files = files.flat_map(|record| record["fields"].as_array().cloned().unwrap_or_default());
    let files = files.filter(|field| field["type"] == "fileRef");
    let files = files.flat_map(|field| field["value"].as_array().cloned().unwrap_or_default());
    let files = files.filter_map(|file| file.as_str().map(str::to_owned));
    folders.chain(files).chain(vault.uids()).collect()
}

/// What is wrong with the end of `call`, if anything.
fn judge(call: &Call, stdout: Stdout, prints: bool) -> Vec<String> {
    let vault = vault();
    let home = home(&vault);
    let makes = matches!(call.made, Made::Record | Made::Folder);
    let before = if makes {
        uids(&home, &vault)
    } else {
        BTreeSet::new()
    };
    let words = call.words(&home, &vault);
    let ended = run(&home, &words, stdout);
    let expected: &[i32] = match stdout {
        _ if !prints => &[0],
        // What was made is told on stderr, and that is a failure of the answer.
        Stdout::Gone if call.made != Made::Nothing => &[0, 1],
        Stdout::Gone => &[0],
        Stdout::Closed => &[0, 1],
        // A dry run of `exec` is a run of ours that failed.
        Stdout::Full => &[1, 125],
    };
    let mut wrong = Vec::new();
    if !ended.code.is_some_and(|code| expected.contains(&code)) {
        wrong.push(format!("ends with {:?}, not {expected:?}", ended.code));
    }
    if prints && stdout == Stdout::Full && !ended.said.contains("Error: ") {
        wrong.push("no error is told".to_owned());
    }
    if ended.said.contains("panicked") {
        wrong.push("a panic".to_owned());
    }
    match call.made {
        Made::Nothing | Made::Deletion => {}
        Made::Record | Made::Folder => {
            let mut after = uids(&home, &vault);
            after.retain(|uid| !before.contains(uid));
            if after.is_empty() || !after.iter().all(|uid| ended.said.contains(uid)) {
                wrong.push(format!("{after:?} were made and are told nowhere"));
            }
        }
        Made::Configuration => {
            let again = home.ksm(&words);
            again.may_print_secrets().may_write_secrets();
            if !again.has_code(0) || again.stdout_bytes().is_empty() {
                wrong.push("the configuration is lost".to_owned());
            }
        }
    }
    let about = |what: String| {
        format!(
            "{} with stdout {stdout:?}: {what}; {:?}",
            call.line(),
            ended.said
        )
    };
    wrong.into_iter().map(about).collect()
}

/// Whether the answer of `call` goes to stdout, where nothing hinders.
fn prints(call: &Call) -> bool {
    let vault = vault();
    let home = home(&vault);
    let run = home.ksm(call.words(&home, &vault));
    run.may_print_secrets().may_write_secrets();
    assert!(run.has_code(0), "{run}");
    !run.stdout_bytes().is_empty()
}

const PROFILES: [&str; 3] = ["profile", "init", "config"];
const SECRETS: [&str; 1] = ["secret"];

fn sweep(is_meant: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    for call in CALLS {
        let noun = call.command.split(' ').next().unwrap();
        if is_meant(noun) {
            let prints = prints(call);
            for stdout in [Stdout::Full, Stdout::Closed, Stdout::Gone] {
                wrong.extend(judge(call, stdout, prints));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_profile_command_fails_in_silence() {
    sweep(|noun| PROFILES.contains(&noun));
}

#[test]
fn no_secret_command_fails_in_silence() {
    sweep(|noun| SECRETS.contains(&noun));
}

#[test]
fn no_other_command_fails_in_silence() {
    sweep(|noun| !PROFILES.contains(&noun) && !SECRETS.contains(&noun));
}
