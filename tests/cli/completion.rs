//! `ksm completion`, and what shells ask for: names of the configuration and the cache, without a request.

use crate::support::{Home, UID, Vault, login};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// The words that bash is offered at the end of `line`, of which it completes what is behind the bar or the last break.
fn offered(home: &Home, line: &str) -> Vec<String> {
    let part = line.split_once('|').map(|(_, part)| part);
    let part = part.or_else(|| line.rsplit([' ', '\'', '"', '=', ':']).next());
    let line = line.replace('|', "");
    let (kind, words) = answered(home, "bash", &["9", &line, part.unwrap()]);
    assert!(["", "words"].contains(&kind.as_str()), "{line}: {kind}");
    words
}

/// What a shell is answered: words or files, and the words.
fn answered(home: &Home, shell: &str, words: &[&str]) -> (String, Vec<String>) {
    let asked = || {
        let run = home
            .command(["--"].iter().chain(words))
            .env("_KSM_COMPLETE", shell)
            .run();
        run.succeeds().stderr("");
        let mut lines = run.stdout_text().lines().map(str::to_owned);
        let kind = lines.next().unwrap_or_default();
        (kind, lines.collect::<Vec<_>>())
    };
    // A busy machine may find nothing in time.
    let mut tries = [0; 3].into_iter().map(|_| asked());
    tries.find(|(kind, _)| !kind.is_empty()).unwrap_or_default()
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
    assert!(!offered(&home, "ksm -p ").is_empty());
    // Nothing was kept yet.
    assert_eq!(offered(&home, "ksm secret get M"), [""; 0]);
    home.ksm(["--cache", "secret", "list"]).succeeds();
    let asked = vault.requests().len();
    for (line, expected) in [
        ("ksm secret get M", r"My\ database"),
        // The shell keeps a quote that is open.
        ("ksm secret get 'My", "My database"),
        ("ksm secret get \"My", "My database"),
        ("ksm secret download -u M", r"My\ database"),
        (r"ksm secret get My\ database -f pass", "password"),
        ("ksm secret get 'My database' --field=pass", "password"),
        ("ksm secret get --uns", ""),
        ("ksm secret get --unm", "--unmask"),
        ("ksm secret get --cac", "--cache"),
        // An option is for who asks for one.
        ("ksm secret list ", ""),
        ("ksm sec", "secret"),
        (
            "ksm secret notation k",
            r"keeper://My\ database/field/ keeper://My\ database/title keeper://My\ database/type",
        ),
        (
            "ksm secret notation 'keeper:|//My database/field/p",
            "//My database/field/password",
        ),
        (
            "ksm secret notation keeper:",
            r"//My\ database/field/ //My\ database/title //My\ database/type",
        ),
        (
            "ksm secret get keeper:",
            r"//My\ database/field/ //My\ database/title //My\ database/type",
        ),
        (
            r"ksm sync -m key keeper:|//My\ database/ti",
            "//My\\ database/title",
        ),
        (
            "ksm exec -e DB=k",
            r"keeper://My\ database/field/ keeper://My\ database/title keeper://My\ database/type",
        ),
        (
            "ksm exec -e DB='|keeper://My database/field/p",
            "keeper://My database/field/password",
        ),
        (
            "ksm env DB=k",
            r"keeper://My\ database/field/ keeper://My\ database/title keeper://My\ database/type",
        ),
        ("ksm secret update 'My database' --field pass", "password="),
    ] {
        let found = offered(&home, line).join(" ");
        assert_eq!(found, expected, "{line:?}");
    }
    for shell in ["zsh", "fish", "elvish"] {
        let (_, found) = answered(&home, shell, &["ksm", "secret", "get", "M"]);
        assert_eq!(found, ["My database"], "{shell}");
    }
    let (_, found) = answered(&home, "powershell", &["=ksm", "=secret", "=get", "='My"]);
    assert_eq!(found, ["'My database'"]);
    let all = offered(&home, r"ksm secret get My\ database -f ");
    assert!(!all.join(" ").contains("canary"), "{all:?}");
    assert_eq!(vault.requests().len(), asked);
}

#[test]
fn where_a_file_fits_the_shell_looks_for_it() {
    let home = Home::new();
    for (line, expected) in [
        (&["interpolate", ""][..], "files "),
        (&["-o", "x"], "files "),
        (&["exec", "--env-file=x"], "files --env-file="),
        (&["exec", "--file", "x"], "files "),
        (&["exec", "--", "/bin/s"], "files "),
        (&["exec", "--", "cat", "x"], "files "),
        (&["exec", "cat", "-x"], "files "),
        (
            &["secret", "update", "x", "--field-from", "a=x"],
            "files a=",
        ),
        (&["secret", "upload", "-f", "x"], "files "),
        (&["interpolate", "--"], "words"),
        (&["secret", "get", ""], "words"),
    ] {
        let (kind, _) = answered(&home, "fish", &[&["ksm"], line].concat());
        assert_eq!(kind, expected, "{line:?}");
    }
    let (kind, _) = answered(&home, "bash", &["9", "ksm secret list > x", "x"]);
    assert_eq!(kind, "files ");
    // It looks for files where it is told nothing.
    let nothing = (String::new(), Vec::new());
    assert_eq!(
        answered(&home, "powershell", &["=ksm", "=interpolate", "="]),
        nothing
    );
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
        let found = offered(&home, &format!("ksm help {typed}")).join(" ");
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn types_are_offered_where_one_is_wanted() {
    let home = Home::new();
    for (line, expected) in [
        ("sync -t a", "aws azure"),
        ("secret template record lo", "login"),
        ("secret template field pho", "phone phoneItem"),
        ("secret add field --record-type sshK", "sshKeys"),
        ("secret add editor --record-type sshK", "sshKeys"),
        ("env --format do", "dotenv docker"),
    ] {
        let found = offered(&home, &format!("ksm {line}")).join(" ");
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
    let found = offered(&home, "ksm secret get x");
    assert_eq!(found.len(), 1, "{found:?}");
    let line = format!("printf %s {}", found[0]);
    home.program("bash", ["-c", &line]).run().stdout(title);
    for quote in ["'", "\""] {
        let found = offered(&home, &format!("ksm secret get {quote}x"));
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
    for line in ["-p ", "exec --prof"] {
        offered(&home, &format!("ksm --ini-file {fifo} {line}"));
    }
    let other = home.command(["--", "9", "ksm -p ", ""]);
    let other = other
        .env("KSM_CONFIG_FILE", fifo)
        .env("_KSM_COMPLETE", "bash");
    other.run().succeeds();
    assert!(started.elapsed() < std::time::Duration::from_secs(15));
}

#[cfg(target_os = "linux")]
#[test]
fn a_press_of_tab_without_files_says_nothing() {
    let home = Home::new();
    for files in 5..=10 {
        let line = format!("ulimit -n {files}");
        let asked = home.after_shell(&line, ["--", "9", "ksm -p ", ""]);
        asked
            .env("_KSM_COMPLETE", "bash")
            .run()
            .succeeds()
            .stderr("");
    }
}
