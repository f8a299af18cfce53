//! Entries of the environment without `=`. No shell makes them, but a program can.
#![cfg(target_os = "linux")]

use crate::support::home::KSM;
use crate::support::terminal::Terminal;
use crate::support::{Home, Vault, record};

#[test]
fn entries_of_the_environment_without_names_are_passed_on() {
    let vault = Vault::start().with(record("login", "db").password("pass-canary"));
    let home = Home::configured_for(&vault);
    let ways: [(&[&str], &str); 5] = [
        (&[], "A=pass-canary"),
        (&["--capture-output"], "A=pass-canary"),
        (
            &["-e", "FILE=@file:keeper://db/field/password"],
            "A=pass-canary",
        ),
        (
            &["--file", "secret=keeper://db/field/password"],
            "A=pass-canary",
        ),
        (&["--mask"], "A=****"),
    ];
    for (way, variable) in ways {
        let run = home.program("python3", with_nameless(way)).run();
        let run = run.may_print_secrets().may_write_secrets();
        shows(run.succeeds().stdout_text(), variable);
    }
}

#[test]
fn entries_without_names_reach_programs_on_a_terminal() {
    let vault = Vault::start().with(record("login", "db").password("pass-canary"));
    let home = Home::configured_for(&vault);
    // A session of its own, and our group.
    for stdin in ["", "</dev/null"] {
        let quoted = |word: String| format!("'{}'", word.replace('\'', r"'\''"));
        let words = with_nameless(&["--mask"]).into_iter().map(quoted);
        let line = format!("python3 {} {stdin}", Vec::from_iter(words).join(" "));
        let call = home.program("sh", ["-c", &line]);
        let (status, shown) = Terminal::start(&call).wait();
        assert!(status.success(), "{shown}");
        shows(&shown, "A=****");
    }
}

/// Arguments of Python that start ksm with entries of the environment beyond ours.
fn with_nameless(way: &[&str]) -> Vec<String> {
    let script = "import ctypes, os, sys\n\
        entries = [b'NAMELESS', b'A=keeper://db/field/password'] + [k + b'=' + v for k, v in os.environb.items()]\n\
        argv = [os.fsencode(word) for word in sys.argv[1:]]\n\
        array = lambda texts: (ctypes.c_char_p * (len(texts) + 1))(*texts, None)\n\
        ctypes.CDLL(None).execve(argv[0], array(argv), array(entries))";
    let environ = "tr '\\0' '\\n' </proc/self/environ; grep SigIgn /proc/self/status";
    let before = ["-c", script, KSM, "exec"];
    let after = ["--", "sh", "-c", environ];
    let words = before.iter().chain(way).chain(&after);
    words.map(|word| word.to_string()).collect()
}

fn shows(shown: &str, variable: &str) {
    let has = |line: &str| shown.lines().any(|shown| shown.trim_end() == line);
    assert!(has("NAMELESS") && has(variable), "{shown:?}");
    // Python ignores SIGPIPE, and the standard library of ours does; the program does not.
    let ignored = shown.split("SigIgn:").nth(1).unwrap().trim();
    let ignored = u64::from_str_radix(ignored, 16).unwrap();
    assert_eq!(ignored >> 12 & 1, 0, "{shown}");
}
