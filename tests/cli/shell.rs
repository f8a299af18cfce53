//! `ksm shell`: lines from a pipe and from a terminal.

use crate::support::{ConnectProxy, Home, Run, Server, UID, Vault, login};

fn vault() -> Vault {
    let record = login("My Database").uid(UID).password("first-canary");
    Vault::start().with(record)
}

fn lines(home: &Home, options: &[&str], lines: &str) -> Run {
    let words = options.iter().chain(&["shell"]).copied();
    home.command(words).stdin(lines).run()
}

/// What came behind the greeting.
fn answers(run: &Run) -> &str {
    let (_, answers) = run
        .stdout_text()
        .split_once("Running in shell mode. Type 'quit' to exit.\n\n")
        .unwrap();
    answers
}

#[test]
fn lines_run_in_order_until_quit() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    for end in ["quit", "exit", "q", ":q", "QUIT"] {
        let script = format!(
            "secret notation keeper://{UID}/field/password\n\n  \nversion\n{end}\nversion\n"
        );
        let run = lines(&home, &[], &script);
        run.succeeds().may_print_secrets();
        let version = format!("first-canaryCLI Version: {}\n", env!("CARGO_PKG_VERSION"));
        assert!(answers(&run).starts_with(&version), "{run}");
        assert_eq!(answers(&run).matches("CLI Version").count(), 1, "{run}");
    }
    lines(&home, &[], "version")
        .succeeds()
        .stdout_has("CLI Version");
    lines(&home, &[], "").succeeds();
}

#[test]
fn habits_of_other_shells_are_met() {
    let home = Home::new();
    let run = lines(
        &home,
        &[],
        "# a comment\n#another\nksm version\nversion > file\nksm\n",
    );
    run.exits(2).stdout_has("CLI Version");
    assert_eq!(run.stderr_text().matches("Error: ").count(), 2, "{run}");
    run.stderr_has("nothing is redirected or chained here");
    assert!(home.files().is_empty());
}

#[test]
fn a_quiet_shell_prints_answers_only() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let records = lines(&home, &["-q"], "secret list --json")
        .succeeds()
        .json();
    assert_eq!(records[0]["title"], "My Database");
}

#[test]
fn an_error_ends_nothing_unless_it_is_to() {
    let home = Home::new();
    let script = "frob\nsecret get 'open\nsecret\nshell\nversion\n";
    let run = lines(&home, &[], script);
    run.succeeds().stdout_has("CLI Version");
    for told in [
        "No such command 'frob'.",
        "a quote is opened and not closed",
        "Usage: ksm secret <COMMAND>",
        "this is the shell",
    ] {
        run.stderr_has(told);
    }
    for (line, code) in [("frob", 2), ("secret get 'open", 2), ("secret list", 6)] {
        let run = home
            .command(["shell", "--fail"])
            .stdin(format!("{line}\nversion\n"))
            .run();
        run.exits(code).stdout_lacks("CLI Version");
    }
}

#[test]
fn a_pipe_ends_with_the_last_commands_code() {
    let home = Home::new();
    for (script, code) in [
        ("frob\n", 2),
        ("secret list\n# a comment\n\nquit\n", 6),
        ("frob\nversion\n", 0),
        ("!exit 7\n", 7),
        ("", 0),
    ] {
        let run = lines(&home, &[], script);
        run.exits(code);
    }
}

#[test]
fn options_before_shell_count_where_lines_have_none() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    home.ksm(["profile", "init", "-p", "other", "-t", &vault.token()])
        .succeeds();
    let script = "-p _default secret list --json\nprofile delete other\nsecret list --json\n-p gone secret list --json\n";
    let run = lines(&home, &["-p", "other"], script);
    run.exits(3)
        .stderr_has("profile `other` is not in ")
        .stderr_has("gone")
        .stdout_has("My Database");
    let script = "secret list --json\n-o stdout version\n-o stdout secret list --json\n";
    let run = lines(&home, &["-o", "stderr"], script);
    run.succeeds().stderr_has(UID).stdout_has(UID);
}

/// Each line would replace what the one before wrote.
#[test]
fn a_missing_profile_ends_the_shell_at_once() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    lines(&home, &["-p", "nosuch"], "version")
        .fails(3)
        .stdout("")
        .stderr_has("profile `nosuch` is not in ");
    // The first profile may be made in the shell.
    lines(&Home::new(), &["-p", "nosuch"], "version").succeeds();
}

#[test]
fn a_file_takes_the_answer_of_one_line() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    lines(&home, &["-o", "out"], "secret list --json\n")
        .exits(2)
        .stdout("")
        .stderr_has("`-o out` before `shell`, each line");
    assert!(!home.path("out").exists());
    lines(&home, &[], "-o out secret list --json\n").succeeds();
    assert!(home.read("out").contains(UID));
}

#[test]
fn one_connection_serves_all_lines() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let proxy = ConnectProxy::start();
    let run = home
        .command(["shell"])
        .env("HTTPS_PROXY", format!("http://{}", proxy.address()))
        .stdin("secret list\n".repeat(5));
    run.run().succeeds();
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn a_profile_that_changes_is_read_again() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let script = format!(
        "secret list\nprofile delete _default\nsecret list\nprofile init -t {}\nsecret list --json\n",
        vault.token()
    );
    let run = lines(&home, &[], &script);
    run.succeeds().stdout_has(UID);
    assert_eq!(run.stderr_text().matches("Error: ").count(), 1, "{run}");
}

#[test]
fn nobody_reads_lines_that_are_meant_for_the_shell() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let script = format!(
        "secret update -u {UID} --field-from password=-\nexec cat\n!cat\nsecret notation keeper://{UID}/field/password\n"
    );
    let run = lines(&home, &[], &script);
    run.succeeds()
        .may_print_secrets()
        .stderr_has("stdin was empty; `password` was not changed");
    assert_eq!(answers(&run), "first-canary");
}

#[cfg(unix)]
#[test]
fn a_program_gets_its_secrets_and_gives_its_code() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let script =
        format!("exec -e P=keeper://{UID}/field/password sh -c 'echo $P; exit 7'\nversion\n");
    let run = lines(&home, &[], &script);
    run.succeeds().may_print_secrets();
    assert!(answers(&run).starts_with("first-canary\nCLI"), "{run}");
    for (line, code) in [
        ("exec sh -c 'exit 7'", 7),
        ("exec sh -c 'kill -9 $$'", 137),
        ("!exit 3", 3),
    ] {
        let run = home
            .command(["shell", "--fail"])
            .stdin(format!("{line}\n"))
            .run();
        run.exits(code);
    }
    lines(&home, &["--ephemeral"], "exec true\n")
        .exits(2)
        .stderr_has("a shell whose profile is in memory only");
}

#[test]
fn a_byte_order_mark_belongs_to_no_command() {
    let home = Home::new();
    let marked = "\u{feff}version\n\u{feff}version\n";
    let plain = lines(&home, &[], &marked.replace('\u{feff}', ""));
    let run = lines(&home, &[], marked);
    run.succeeds()
        .stdout(plain.succeeds().stdout_text())
        .stderr("");
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let home = Home::new();
    let script = format!("version {}\nversion\n", "x".repeat(2 << 20));
    lines(&home, &[], &script)
        .succeeds()
        .stdout_has("CLI Version")
        .stderr_has("more than 1 MiB is too much for a line of the shell");
    let run = home.command(["shell"]).stdin(b"\xff\xfe\nversion\n").run();
    run.succeeds()
        .stdout_has("CLI Version")
        .stderr_has("it is not text in UTF-8");
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::support::terminal::Terminal;

    const PROMPT: &str = "KSM Shell (? for help) > ";

    fn start(home: &Home) -> Terminal {
        let terminal = Terminal::start(&home.command(["shell"]).env("TERM", "xterm"));
        terminal.wait_for(PROMPT);
        terminal
    }

    #[test]
    fn tab_completes_titles_that_were_seen() {
        let vault = vault();
        let home = Home::bound_to(&vault);
        let mut terminal = start(&home);
        terminal.press("sec\tli\t\r");
        terminal.wait_for(UID);
        terminal.press("secret get -t M\t --json\r");
        terminal.wait_for("'My Database' ");
        terminal.wait_for("\"links\"");
        terminal.press("quit\r");
        let (status, text) = terminal.wait();
        assert!(status.success(), "{text}");
    }

    #[test]
    fn pasted_lines_run_one_by_one() {
        let home = Home::new();
        let mut terminal = start(&home);
        terminal.press("\x1b[200~!echo one\n!echo 'two\nthree'\nversion\x1b[201~\r");
        terminal.wait_for("\r\none\r\ntwo\r\nthree\r\nCLI Version");
        terminal.press("quit\r");
        let (status, text) = terminal.wait();
        assert!(status.success(), "{text}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_signal_at_the_prompt_gives_the_terminal_back() {
        use std::os::unix::process::ExitStatusExt;

        use rustix::process::{Pid, Signal, kill_process};
        use rustix::termios::LocalModes;

        for signal in [Signal::TERM, Signal::HUP] {
            let home = Home::new();
            let mut terminal = start(&home);
            // Once a command ran, signals have been handled in another way, too.
            terminal.press("version\r");
            terminal.wait_for("CLI Version");
            let is_usual = |terminal: &Terminal| {
                let modes = terminal.settings().local_modes;
                modes.contains(LocalModes::ICANON | LocalModes::ECHO)
            };
            let wait_until = |usual: bool| {
                let mut waits = 0..400;
                while is_usual(&terminal) != usual {
                    waits.next().expect("the terminal changes");
                    std::thread::sleep(std::time::Duration::from_millis(25));
                }
            };
            wait_until(false);
            let id = i32::try_from(terminal.id()).unwrap();
            kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
            wait_until(true);
            let (status, text) = terminal.wait();
            assert_eq!(status.signal(), Some(signal.as_raw()), "{text}");
        }
    }

    #[test]
    fn ctrl_c_cancels_a_line_and_a_command() {
        let home = Home::new();
        let mut terminal = start(&home);
        terminal.press("half a li\x03");
        terminal.wait_for("half a li\u{1b}[?2004l\r\n\u{1b}[?2004h");
        terminal.press("version\r");
        terminal.wait_for("CLI Version");
        terminal.press("exec sleep 60\r");
        std::thread::sleep(std::time::Duration::from_millis(700));
        terminal.press("\x03");
        terminal.press("secret password\r!echo still $((40 + 2))\r");
        // Ctrl-D is the end of a file to a terminal whose program is still running, so the prompt comes first.
        terminal.wait_for("still 42\r\n\u{1b}[?2004h");
        terminal.press("\x04");
        let (status, text) = terminal.wait();
        assert!(status.success(), "{text}");
    }
}
