//! Files that never end, never begin, or are larger than anything of their kind.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::support::terminal::Terminal;
use crate::support::{Home, PASSWORD, Vault};

/// Every way to name a file that is read: a variable with the command after it, or the words of a command. `FILE` stands
/// for its path.
const READERS: [&[&str]; 13] = [
    &["--ini-file", "FILE", "profile", "list"],
    &["exec", "--env-file", "FILE", "true"],
    &["interpolate", "FILE"],
    &["profile", "init", "--token-file", "FILE"],
    &["init", "default", "--token-file", "FILE"],
    &["secret", "add", "file", "--sf", "team", "--file", "FILE"],
    &[
        "secret",
        "update",
        "-u",
        "db",
        "--field-from",
        "password=FILE",
    ],
    &["secret", "upload", "-u", "db", "--file", "FILE"],
    &["dev", "--seed", "FILE", "--", "true"],
    &["KSM_CONFIG_FILE", "profile", "list"],
    &["KSM_CA_FILE", "secret", "list"],
    &["SSL_CERT_FILE", "secret", "list"],
    &["REQUESTS_CA_BUNDLE", "secret", "list"],
];

/// Too much of what is configuration is its fault (D1), and of everything else a mistake of usage.
fn code_of_too_much(words: &[&str]) -> i32 {
    match words[0] {
        "--ini-file" | "KSM_CONFIG_FILE" | "KSM_CA_FILE" | "SSL_CERT_FILE"
        | "REQUESTS_CA_BUNDLE" => 6,
        _ => 2,
    }
}

/// Starts every reader on `file`, all at once, and tells how each ended.
fn read_everywhere(vault: &Vault, file: &str, code_and_words: &[&str]) {
    let started = Instant::now();
    let running: Vec<_> = READERS
        .iter()
        // An attachment may be as large as memory.
        .filter(|words| file == "in/fifo" || words[1] != "upload")
        .map(|words| {
            let home = match words[0] {
                "KSM_CONFIG_FILE" => Home::trusting(vault),
                _ => Home::bound_to(vault),
            };
            fs::create_dir(home.path("in")).unwrap();
            home.program("mkfifo", ["in/fifo"]).run().succeeds();
            symlink("/dev/zero", home.path("in/zero")).unwrap();
            let large = fs::File::create(home.path("in/large")).unwrap();
            large.set_len(3 << 30).unwrap();
            let path = home.path(file).to_str().unwrap().to_owned();
            let filled: Vec<_> = words
                .iter()
                .map(|word| word.replace("FILE", &path))
                .collect();
            let call = match words[0].chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                true => home
                    .command(&words[1..])
                    .env(words[0], &path)
                    .without(["KSM_CA_FILE", ""][usize::from(!words[0].ends_with("BUNDLE"))]),
                false => home.command(&filled),
            };
            let run = call.timeout(Duration::from_secs(90)).spawn();
            (home, words, run)
        })
        .collect();
    let mut untold = Vec::new();
    for (home, words, run) in running {
        let run = run.wait(&home);
        run.may_write_secrets();
        let said = run.stderr_text().to_owned() + run.stdout_text();
        let is_told = code_and_words.iter().any(|words| said.contains(words));
        let is_due = match file {
            "in/zero" => run.has_code(code_of_too_much(words)),
            _ => !run.has_code(0) && !run.has_code(101),
        };
        if !is_told || !is_due {
            untold.push(format!("{words:?} {run}"));
        }
    }
    assert!(untold.is_empty(), "{}", untold.join("\n"));
    assert!(started.elapsed() < Duration::from_secs(80));
}

#[test]
fn what_nobody_writes_to_is_waited_for_in_limits() {
    let vault = Vault::with_db();
    read_everywhere(&vault, "in/fifo", &["did not end within 30 seconds"]);
}

#[test]
fn what_never_ends_is_too_much() {
    let vault = Vault::with_db();
    read_everywhere(
        &vault,
        "in/zero",
        &["is too much for", "exceeds maximum size"],
    );
}

#[test]
fn what_is_too_large_is_told_with_its_size() {
    let vault = Vault::with_db();
    let told = ["it has 3221225472 bytes", "exceeds maximum size", "larger"];
    read_everywhere(&vault, "in/large", &told);
}

/// A pipe that a program fills is a file like any other.
#[test]
fn a_pipe_is_read_as_a_file() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    let script = format!(
        "mkfifo fifo; (sleep 0.3; printf 'P={PASSWORD}\\n') > fifo & \"$0\" exec --env-file fifo sh -c 'echo ${{#P}}'"
    );
    home.program("sh", ["-c", &script, env!("CARGO_BIN_EXE_ksm")])
        .run()
        .succeeds()
        .stdout("8\n");
}

/// Nobody named these files, and a warning depends on them at most.
#[test]
fn a_gitignore_that_is_no_file_is_passed_over() {
    let vault = Vault::with_db();
    for make in ["ln -s /dev/zero .gitignore", "mkfifo .gitignore"] {
        let (home, token) = Home::with_token(&vault);
        fs::create_dir(home.path(".git")).unwrap();
        home.program("sh", ["-c", make]).run().succeeds();
        let started = Instant::now();
        home.ksm(["profile", "init", "-t", &token])
            .may_write_secrets()
            .succeeds();
        assert!(started.elapsed() < Duration::from_secs(20), "{make}");
    }
}

/// Commands that read all of stdin.
const STDIN: [&[&str]; 6] = [
    &["interpolate"],
    &["secret", "update", "-u", "db", "--field-from", "password=-"],
    &["keyring", "set", "label", "-"],
    &["profile", "import", "-"],
    &["profile", "init", "-t", "-"],
    &["init", "default", "-"],
];

#[test]
fn an_endless_stdin_is_a_mistake_of_usage() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    for words in STDIN {
        let script = "\"$@\" </dev/zero";
        let ksm = ["-c", script, "sh", env!("CARGO_BIN_EXE_ksm")];
        let run = home.program("sh", ksm.iter().chain(words)).run();
        run.fails(2).stdout("").stderr_has("is too much for");
    }
}

#[test]
fn an_empty_stdin_is_a_mistake_of_usage() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    for words in &STDIN[1..] {
        for input in ["", "\n"] {
            let run = home.command(words.iter()).stdin(input).run();
            assert!(run.has_code(2), "{run}");
        }
    }
    let set = ["keyring", "set", "label", "-"];
    home.command(set)
        .stdin("")
        .run()
        .fails(2)
        .stderr_has("stdin was empty; the secret 'label' was not set");
    // There is no keyring here.
    let allowed = home
        .command(set.iter().chain(&["--allow-empty"]))
        .stdin("")
        .run();
    allowed.fails(6);
}

const TYPED: [&str; 5] = ["secret", "update", "db", "--field-from", "password=-"];

#[test]
fn a_value_is_typed_unseen() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    home.watch("canary-typed");
    let mut terminal = Terminal::start(&home.command(TYPED));
    terminal.wait_for("Value of `password` (it is not shown):");
    terminal.press("canary-typed\n");
    let (status, shown) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
    home.ksm(["secret", "notation", "keeper://db/field/password"])
        .may_print_secrets()
        .succeeds()
        .stdout("canary-typed");
}

#[test]
fn an_aws_key_is_typed_unseen() {
    let home = Home::new();
    let words = "profile setup -t aws --secret s -c keys --store-keys --region eu-west-1 \
                 --aws-access-key-id A --aws-secret-access-key -";
    let mut terminal = Terminal::start(&home.command(words.split_whitespace()));
    terminal.wait_for("Secret of the AWS access key (it is not shown):");
    terminal.press("canary key\n");
    let (status, shown) = terminal.wait();
    assert_eq!(status.code(), Some(2), "{shown}");
    let said = "the key that was typed is no AWS key";
    assert!(shown.contains(said) && !shown.contains("canary"), "{shown}");
}

/// The first alone would be taken for the value.
#[test]
fn several_pasted_lines_change_nothing() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    for (pasted, said) in [
        ("canary-one\ncanary-two\n", "several lines came at once"),
        ("\n", "the line that was typed was empty"),
    ] {
        let mut terminal = Terminal::start(&home.command(TYPED));
        terminal.wait_for("it is not shown");
        terminal.press(pasted);
        let (status, shown) = terminal.wait();
        assert_eq!(status.code(), Some(2), "{shown}");
        assert!(shown.contains(said) && !shown.contains("canary"), "{shown}");
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn blank_lines_surround_what_a_terminal_shows() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    for words in [
        &["secret", "get", "db", "-f", "password"][..],
        &["secret", "template", "record", "login"],
    ] {
        let (_, shown) = Terminal::start(&home.command(words)).wait();
        assert!(shown.starts_with("\r\n"), "{shown}");
        let call = home.command([&["-o", "out.txt"], words].concat());
        let (status, shown) = Terminal::start(&call).wait();
        assert_eq!((status.code(), shown.as_str()), (Some(0), ""));
    }
}
