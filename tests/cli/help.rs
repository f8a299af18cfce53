//! Help, topics, version, and answers to command lines that make no sense: texts, streams, exit codes.

use std::process::Stdio;

use crate::support::{Home, Run};

fn ksm(words: &str) -> Run {
    Home::new().ksm(words.split_whitespace())
}

#[test]
fn help_goes_to_stdout() {
    for words in ["--help", "-h", "help", "?", "HELP", "-nc --Help"] {
        let run = ksm(words);
        run.succeeds()
            .stdout_has("Usage: ksm [OPTIONS] <COMMAND>")
            .stdout_lacks("\x1b")
            .stderr("");
        assert!(
            run.stdout_text()
                .starts_with("Keeper Secrets Manager CLI  Version: "),
            "{run}"
        );
    }
    let of_get = ksm("help Secret Get");
    of_get
        .succeeds()
        .stdout_has("Usage: ksm secret get [OPTIONS] [RECORD]...");
    ksm("secret get -h").stdout(of_get.stdout_bytes());
    ksm("--HELP secret").stdout_has("Usage: ksm [OPTIONS] <COMMAND>");
    ksm("profile init --help").stdout_has("-h, --hostname <HOST>");
    ksm("profile init -h")
        .fails(2)
        .stderr_has("names the host here; `ksm profile init --help` shows what there is");
}

#[test]
fn a_topic_is_shown_as_text() {
    let page = ksm("help exit-codes");
    page.succeeds()
        .stdout_has("\n  code  meaning ")
        .stdout_lacks("\x1b")
        .stderr("");
    assert!(page.stdout_text().starts_with("Exit codes\n\n"), "{page}");
    ksm("help Exit Codes").stdout(page.stdout_bytes());
    ksm("help").stdout_has("\n  exit-codes ");
    // What is a command, too, begins with its options.
    let of_exec = ksm("help exec");
    let options = ksm("exec --help");
    let (options_text, _) = options.stdout_text().split_once("Read on").unwrap();
    assert!(of_exec.stdout_text().starts_with(options_text));
    of_exec.stdout_lacks("Read on: `ksm help exec`");
    assert!(of_exec.stdout_text().len() > options.stdout_text().len() + 1000);
    for (typed, meant) in [
        ("maskin", "masking"),
        ("notation", "names-and-notation"),
        ("profil", "profile"),
    ] {
        ksm(&format!("help {typed}"))
            .fails(2)
            .stderr_has(&format!("Hint: did you mean `ksm help {meant}`?"));
    }
    ksm("help xylophone")
        .fails(2)
        .stderr("Error: No such command or topic 'xylophone'.\nHint: `ksm help` shows the commands and topics\n");
}

#[test]
fn a_group_without_command_prints_help_on_stderr() {
    for (words, usage) in [
        ("", "Usage: ksm [OPTIONS] <COMMAND>"),
        ("secret", "Usage: ksm secret <COMMAND>"),
        ("-nc", "Usage: ksm [OPTIONS] <COMMAND>"),
        ("P", "Usage: ksm profile <COMMAND>"),
        ("profile -p x", "Usage: ksm profile <COMMAND>"),
    ] {
        ksm(words)
            .fails(2)
            .stdout("")
            .stderr_has(usage)
            .stderr_lacks("Error");
    }
}

#[test]
fn the_version_is_one_line() {
    for words in ["--version", "-V", "secret --VERSION"] {
        let line = concat!("ksm ", env!("CARGO_PKG_VERSION"), "\n");
        ksm(words).succeeds().stdout(line).stderr("");
    }
}

#[test]
fn version_tells_what_scripts_look_for() {
    let start = concat!(
        "CLI Version: ",
        env!("CARGO_PKG_VERSION"),
        "\nCompatible with: 1.5.0\nConfig file: "
    );
    for words in ["version", "v", "Version"] {
        let run = ksm(words);
        run.succeeds().stderr("");
        assert!(run.stdout_text().starts_with(start), "{run}");
    }
}

#[test]
fn what_ksm_tells_of_itself_goes_to_files() {
    let home = Home::new();
    for words in [
        "version",
        "version --json",
        "help",
        "help exec",
        "help secret get",
        "completion fish",
    ] {
        let shown = home.ksm(words.split(' '));
        let kept = home.ksm(words.split(' ').chain(["-o", "kept"]));
        kept.succeeds().stdout("").stderr("");
        assert_eq!(home.read("kept"), shown.stdout_text(), "{words}");
        home.ksm(words.split(' ').chain(["-o", "/dev/full"]))
            .fails(1);
    }
}

#[test]
fn a_verbose_version_names_the_target() {
    let plain = ksm("--version");
    plain
        .succeeds()
        .stdout(concat!("ksm ", env!("CARGO_PKG_VERSION"), "\n"));
    for words in ["--version -v", "-v --version", "-V --verbose", "-vV"] {
        let run = ksm(words);
        run.succeeds()
            .stdout_has(plain.stdout_text())
            .stdout_has(&format!("\ntarget: {}", std::env::consts::ARCH))
            .stderr("");
    }
}

#[test]
fn a_wrong_command_line_repeats_no_value() {
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
        "quit",
        "quit canary",
    ] {
        let run = ksm(words);
        run.fails(2).stdout("").stderr_lacks("Usage");
        assert!(run.stderr_text().starts_with("Error: "), "{run}");
    }
}

#[test]
fn a_near_miss_is_suggested_and_not_run() {
    for (words, meant) in [
        ("secret lst", "list"),
        ("profile delte x", "delete"),
        ("profil", "profile"),
        ("secret get --titel x", "--title"),
    ] {
        ksm(words)
            .fails(2)
            .stderr_has(&format!("Hint: did you mean `{meant}`?"));
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let home = Home::new();
    let mut help = home.command(["help"]).to_command();
    let output = help.stdin(Stdio::null()).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let home = Home::new();
    let mut help = home.command(["help"]).to_command();
    let output = help.stdin(Stdio::null()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.starts_with("Error: cannot write to stdout: "),
        "{said}"
    );
}
