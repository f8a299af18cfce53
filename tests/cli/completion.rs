//! `ksm completion`, and what shells ask for: names of the configuration and the cache, without a request.

use crate::support::{Home, UID, Vault, login};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// The words that bash is offered for the last of `line`.
fn offered(home: &Home, line: &[&str]) -> Vec<String> {
    offered_in(home, "bash", line)
}

fn offered_in(home: &Home, shell: &str, line: &[&str]) -> Vec<String> {
    let index = (line.len() - 1).to_string();
    let asked = || {
        let run = home
            .command(["--"].iter().chain(line))
            .env("_KSM_COMPLETE", shell)
            .env("_CLAP_COMPLETE_INDEX", &index)
            .env("_CLAP_IFS", "\n")
            .run();
        run.succeeds().stderr("");
        run.stdout_text().lines().map(str::to_owned).collect()
    };
    // A busy machine may find nothing in time.
    let tries = [0; 3].into_iter().map(|_| asked());
    tries
        .reduce(|one: Vec<_>, next| if one.is_empty() { next } else { one })
        .unwrap_or_default()
}

#[test]
fn each_shell_has_a_script_under_both_names() {
    let home = Home::new();
    let asked = |what: String| {
        let run = home.command([""; 0]).env("_KSM_COMPLETE", what).run();
        run.succeeds().stderr("");
        run.stdout_text().to_owned()
    };
    for shell in SHELLS {
        let script = home.ksm(["completion", shell]);
        script.succeeds().stdout_has("_KSM_COMPLETE");
        assert_eq!(asked(format!("{shell}_source")), script.stdout_text());
        // The script of the official CLI, kept in a file, asks so.
        assert_eq!(asked(format!("{shell}_complete")), "");
    }
    home.ksm(["completion", "tcsh"])
        .fails(2)
        .stderr_has("elvish");
}

#[test]
fn names_are_those_of_configuration_and_cache() {
    let vault = Vault::start().with(login("My database").uid(UID).password("canary"));
    let home = Home::configured_for(&vault);
    let profiles = offered(&home, &["ksm", "-p", ""]);
    assert!(!profiles.is_empty());
    // Nothing was kept yet.
    assert!(!offered(&home, &["ksm", "secret", "get", "M"]).contains(&r"My\ database".to_owned()));
    home.ksm(["--cache", "secret", "list"]).succeeds();
    let asked = vault.requests().len();
    for (line, expected) in [
        (&["ksm", "secret", "get", "M"][..], r"My\ database"),
        // The shell keeps a quote that is open.
        (&["ksm", "secret", "get", "'My d"], "My database"),
        (&["ksm", "secret", "get", "\"My d"], "My database"),
        (&["ksm", "secret", "get", "'My d'"], r"My\ database"),
        (&["ksm", "secret", "download", "-u", "M"], r"My\ database"),
        (
            &["ksm", "secret", "get", "My database", "-f", "pass"],
            "password",
        ),
        (&["ksm", "secret", "get", "--uns"], ""),
        (&["ksm", "secret", "get", "--unm"], "--unmask"),
        (&["ksm", "secret", "get", "--cac"], "--cache"),
        (&["ksm", "sec"], "secret"),
    ] {
        let found = offered(&home, line).join(" ");
        assert_eq!(found, expected, "{line:?}");
    }
    for shell in ["zsh", "fish", "elvish"] {
        let found = offered_in(&home, shell, &["ksm", "secret", "get", "M"]).join(" ");
        assert!(found.starts_with("My database"), "{shell}: {found}");
    }
    let all = offered(&home, &["ksm", "secret", "get", "My database", "-f", ""]);
    assert!(!all.join(" ").contains("canary"), "{all:?}");
    assert_eq!(vault.requests().len(), asked);
}

#[test]
fn help_offers_commands_and_topics() {
    let home = Home::new();
    for (typed, expected) in [
        ("con", "config configuration containers"),
        ("mask", "masking"),
        ("exe", "exec"),
        ("xy", ""),
    ] {
        let found = offered(&home, &["ksm", "help", typed]).join(" ");
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn types_are_offered_where_one_is_wanted() {
    let home = Home::new();
    for (line, expected) in [
        (&["sync", "-t", "a"][..], "aws azure"),
        (&["secret", "template", "record", "lo"], "login"),
        (&["secret", "template", "field", "pho"], "phone phoneItem"),
        (
            &["secret", "add", "field", "--record-type", "sshK"],
            "sshKeys",
        ),
        (
            &["secret", "add", "editor", "--record-type", "sshK"],
            "sshKeys",
        ),
        (&["env", "--format", "do"], "dotenv docker"),
    ] {
        let found = offered(&home, &[&["ksm"], line].concat()).join(" ");
        assert_eq!(found, expected, "{line:?}");
    }
}

#[test]
fn a_hostile_title_is_no_command() {
    let title = r#"x; touch harm $(touch harm) `touch harm` '"; touch harm '' \! ' !! touch harm"#;
    let vault = Vault::start()
        .with(login(title))
        .with(login("x\u{1b}[2J"))
        .with(login("-x"));
    let home = Home::configured_for(&vault);
    home.ksm(["--cache", "secret", "list"]).succeeds();
    let found = offered(&home, &["ksm", "secret", "get", "x"]);
    assert_eq!(found.len(), 1, "{found:?}");
    let line = format!("printf %s {}", found[0]);
    home.program("bash", ["-c", &line]).run().stdout(title);
    for quote in ["'", "\""] {
        let found = offered(&home, &["ksm", "secret", "get", &format!("{quote}x")]);
        let line = format!("printf %s {quote}{}{quote}", found[0]);
        home.program("bash", ["-c", &line]).run().stdout(title);
    }
    assert!(!home.files().contains(&"harm".to_owned()));
}

/// What is in a FIFO is there once, and somebody may never write it.
#[cfg(unix)]
#[test]
fn a_press_of_tab_waits_for_nobody() {
    let home = Home::new();
    let fifo = home.path("fifo");
    home.program("mkfifo", [&fifo]).run().succeeds();
    let started = std::time::Instant::now();
    let fifo = fifo.to_str().unwrap();
    for line in [
        ["ksm", "--ini-file", fifo, "-p", ""],
        ["ksm", "--ini-file", fifo, "exec", "--prof"],
    ] {
        offered(&home, &line);
    }
    let other = home.command(["--", "ksm", "-p", ""]);
    let other = other
        .env("KSM_CONFIG_FILE", fifo)
        .env("_KSM_COMPLETE", "bash");
    other.env("_CLAP_COMPLETE_INDEX", "2").run().succeeds();
    assert!(started.elapsed() < std::time::Duration::from_secs(15));
}

#[cfg(target_os = "linux")]
#[test]
fn a_press_of_tab_without_files_says_nothing() {
    let home = Home::new();
    for files in 5..=10 {
        let line = format!("ulimit -n {files}");
        let asked = home.after_shell(&line, ["--", "ksm", "-p", ""]);
        let asked = asked.env("_KSM_COMPLETE", "bash");
        asked
            .env("_CLAP_COMPLETE_INDEX", "2")
            .run()
            .succeeds()
            .stderr("");
    }
}
