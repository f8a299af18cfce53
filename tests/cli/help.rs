//! What `ksm` says about itself, and what it answers to a command line that makes no sense: texts, streams, exit codes.

use std::fs::File;
use std::process::{Command, Output, Stdio};

fn ksm(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ksm"));
    command
        .args(words.split_whitespace())
        .env_clear()
        .stdin(Stdio::null());
    command
}

fn run(words: &str) -> Output {
    ksm(words).output().unwrap()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn help_goes_to_stdout() {
    for words in ["--help", "-h", "help", "?", "HELP", "-nc --Help"] {
        let output = run(words);
        assert_eq!(code(&output), Some(0), "{words}");
        assert!(
            text(&output.stdout).starts_with("Keeper Secrets Manager CLI  Version: "),
            "{words}"
        );
        assert!(!text(&output.stdout).contains('\x1b'), "{words}");
        assert_eq!(text(&output.stderr), "", "{words}");
    }
    let of_get = run("help Secret Get");
    assert_eq!(of_get.stdout, run("secret get -h").stdout);
    assert!(text(&of_get.stdout).contains("Usage: ksm secret get [OPTIONS] [UID]..."));
}

#[test]
fn a_group_without_a_command_prints_its_help_on_stderr() {
    for (words, usage) in [
        ("", "Usage: ksm [OPTIONS] <COMMAND>"),
        ("secret", "Usage: ksm secret <COMMAND>"),
        ("P", "Usage: ksm profile <COMMAND>"),
        ("profile -p x", "Usage: ksm profile <COMMAND>"),
    ] {
        let output = run(words);
        assert_eq!(code(&output), Some(2), "{words}");
        assert_eq!(text(&output.stdout), "", "{words}");
        assert!(text(&output.stderr).contains(usage), "{words}");
    }
}

#[test]
fn the_version_is_one_line() {
    for words in ["--version", "-V", "secret --VERSION"] {
        let output = run(words);
        assert_eq!(code(&output), Some(0), "{words}");
        assert_eq!(
            text(&output.stdout),
            concat!("ksm ", env!("CARGO_PKG_VERSION"), "\n"),
            "{words}"
        );
    }
}

#[test]
fn version_tells_what_scripts_look_for() {
    for words in ["version", "v", "Version -o ignored"] {
        let output = run(words);
        assert_eq!(code(&output), Some(0), "{words}");
        let said = text(&output.stdout);
        let own = concat!(
            "CLI Version: ",
            env!("CARGO_PKG_VERSION"),
            "\nCompatible with: 1.5.0\nConfig file: "
        );
        assert!(said.starts_with(own), "{words}: {said}");
    }
}

#[test]
fn a_wrong_command_line_is_exit_2_and_repeats_no_value() {
    for words in [
        "US:canary",
        "secret list canary",
        "secret canary-canary-canary-canary",
        "secret get --canary-canary-canary-canary",
        "profile active one US:canary",
        "profile export --file-format canary",
        "--log-level canary version",
        "--max-wait canary version",
        "secret list --json=canary",
        "secret list -u canary -f canary",
        "exec --canary-canary-canary-canary=canary",
        "sync canary",
        "shell canary",
        "quit canary",
    ] {
        let output = run(words);
        assert_eq!(code(&output), Some(2), "{words}");
        assert_eq!(text(&output.stdout), "", "{words}");
        let said = text(&output.stderr);
        assert!(said.starts_with("Error: "), "{words}: {said}");
        assert!(!said.contains("canary"), "{words}: {said}");
        assert!(!said.contains("Usage"), "{words}: {said}");
    }
}

#[test]
fn a_near_miss_is_suggested_and_not_run() {
    for (words, meant) in [
        ("secret lst", "list"),
        ("profile del x", "delete"),
        ("profil", "profile"),
        ("secret get --titel x", "--title"),
    ] {
        let output = run(words);
        assert_eq!(code(&output), Some(2), "{words}");
        let said = text(&output.stderr);
        assert!(
            said.contains(&format!("Hint: did you mean `{meant}`?")),
            "{words}: {said}"
        );
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = ksm("help").stdout(writer).output().unwrap();
    assert_eq!(code(&output), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = ksm("help").stdout(full).output().unwrap();
    assert_eq!(code(&output), Some(1));
    assert!(text(&output.stderr).starts_with("Error: cannot write to stdout: "));
}
