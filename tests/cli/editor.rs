//! `ksm secret add editor` on a terminal, with scripts that edit.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::{fs, thread, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::home::KSM;
use crate::support::terminal::Terminal;
use crate::support::{Fault, FaultProxy, Home, Invocation, Server, Vault, folder};

const FOLDER: &str = "FolderAAAAAAAAAAAAAAAA";

fn vault() -> Vault {
    Vault::start().with(folder("Team").uid(FOLDER))
}

/// A home in which records are edited below `tmp`, and nowhere else.
fn at_home(server: &impl Server) -> Home {
    let mut home = Home::configured_for(server);
    let path = home.path("tmp");
    home.set("XDG_RUNTIME_DIR", path);
    home
}

/// A program in the home, to be named as an editor.
fn script(home: &Home, name: &str, lines: &str) -> PathBuf {
    let path = home.write(name, format!("#!/bin/sh\n{lines}\n"));
    fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
    path
}

/// `add editor` with more arguments; the answer goes to a file, as it would to a script.
fn call<'h>(home: &'h Home, more: &[&str]) -> Invocation<'h> {
    let start = [
        "-o", "uids", "secret", "add", "editor", "--sf", FOLDER, "--rt", "login", "-t", "Edited",
    ];
    home.command([&start, more].concat())
}

/// Nothing that was edited is left.
fn nothing_left(home: &Home) {
    let left: Vec<_> = fs::read_dir(home.path("tmp")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

const FILL: &str = r#"stat -c '%a' "$1" "$(dirname "$1")" > modes
cp "$1" seen
cat > "$1" <<END
{"version": "v3", "kind": "KeeperRecord", "data": [{"recordType": "login", "title": "Edited",
 "fields": [{"type": "password", "value": ["canary-1"]}]}]}
END"#;

#[test]
fn what_the_editor_saves_becomes_a_record() {
    let vault = vault();
    let mut home = at_home(&vault);
    let editor = script(&home, "my editor", FILL);
    home.set("EDITOR", editor.as_os_str());
    let (status, shown) = Terminal::start(&call(&home, &[])).wait();
    assert!(status.success(), "{shown}");
    let uids: Vec<String> = serde_json::from_str(&home.read("uids")).unwrap();
    let record = vault.record_json(&uids[0]);
    assert_eq!(record["fields"][2]["value"], json!(["canary-1"]));
    assert_eq!(home.read("modes"), "600\n700\n");
    assert!(home.read("seen").contains("\"title\": \"Edited\""));
    nothing_left(&home);
}

#[test]
fn quotes_hold_the_words_of_an_editor_together() {
    let vault = vault();
    let mut home = at_home(&vault);
    script(&home, "my editor", "printf '<%s>' \"$@\" > words\nexit 1");
    let editor = home.path("my editor");
    home.set(
        "EDITOR",
        format!("'{}' --title 'two words'", editor.display()),
    );
    Terminal::start(&call(&home, &[])).wait_for("Do you wish to edit?");
    assert!(home.read("words").starts_with("<--title><two words><"));
    home.set("EDITOR", "'open");
    home.ksm(["secret", "add", "editor", "--sf", FOLDER, "--rt", "login"])
        .fails(6)
        .stderr("Error: the editor `'open` is no program with arguments\nHint: each quote needs another that closes it\n");
}

/// What lies in a directory may be anybody's, so it names no program (D32).
#[test]
fn a_store_that_was_only_found_names_no_program() {
    let vault = vault();
    let mut home = Home::bound_to(&vault);
    let (tmp, named) = (home.path("tmp"), home.path(""));
    home.set("XDG_RUNTIME_DIR", tmp);
    script(&home, "planted", &format!("touch planted-ran\n{FILL}"));
    home.set("EDITOR", script(&home, "mine", FILL));
    home.ksm(["config", "editor", "--app", "./planted"])
        .succeeds();
    fs::create_dir(home.path("below")).unwrap();
    fs::copy(home.path("keeper.ini"), home.path("below/keeper.ini")).unwrap();
    for (variable, directory, runs) in [
        (None, "", false),
        (Some("KSM_CONFIG_SKIP_MODE"), "", false),
        (None, "below", false),
        (Some("KSM_INI_DIR"), "", true),
    ] {
        let mut call = call(&home, &[]).dir(home.path(directory));
        if let Some(name) = variable {
            let value = if runs {
                named.as_os_str()
            } else {
                "TRUE".as_ref()
            };
            call = call.env(name, value);
        }
        let (status, shown) = Terminal::start(&call).wait();
        assert!(status.success(), "{shown}");
        let said = shown.contains("the setting `editor` in");
        let ran = home.path("planted-ran").exists();
        assert_eq!(
            (said, ran),
            (!runs, runs),
            "{variable:?} {directory}\n{shown}"
        );
    }
}

#[test]
fn placeholders_and_mistakes_lead_back_to_the_editor() {
    let vault = vault();
    let home = at_home(&vault);
    // First nothing, then rubbish, then a record.
    let editor = script(
        &home,
        "e",
        r#"echo x >> runs
case "$(wc -l < runs)" in
*1) ;;
*2) echo 'version: v3' > "$1" ;;
*) printf 'version: v3\nkind: KeeperRecord\ndata: [{recordType: login, title: T, fields: []}]\n' > "$1" ;;
esac"#,
    );
    let editor = editor.to_str().unwrap();
    let mut terminal = Terminal::start(&call(&home, &["-e", editor, "-o", "yaml"]));
    terminal.wait_for("Do you wish to edit? Y/n/r/q: ");
    terminal.press("r\n");
    thread::sleep(Duration::from_millis(200));
    terminal.press("\n");
    terminal.wait_for("Could not create the record: .kind is not 'KeeperRecord'");
    terminal.wait_for("Do you wish to edit and try again? Y/n/q: ");
    terminal.press("y\n");
    let (status, shown) = terminal.wait();
    assert!(status.success(), "{shown}");
    assert_eq!(home.read("runs"), "x\nx\nx\n");
    assert_eq!(vault.uids().len(), 1);
    nothing_left(&home);
}

#[test]
fn giving_up_adds_nothing() {
    let vault = vault();
    let home = at_home(&vault);
    let rubbish = script(&home, "rubbish", r#"echo rubbish > "$1""#);
    let rubbish = rubbish.to_str().unwrap();
    for (editor, answer, code, said) in [
        ("true", "q\n", 0, "Not adding record."),
        (rubbish, "q\n", 0, "Not adding record."),
        (rubbish, "n\n", 1, "The JSON had problems"),
    ] {
        let mut terminal = Terminal::start(&call(&home, &["-e", editor]));
        terminal.wait_for("q: ");
        terminal.press(answer);
        let (status, shown) = terminal.wait();
        assert_eq!(status.code(), Some(code), "{shown}");
        assert!(shown.contains(said), "{shown}");
        nothing_left(&home);
    }
    // Nobody is there to answer.
    call(&home, &["-e", "true"])
        .run()
        .fails(1)
        .stderr_has("Could not edit the record template file: EOF when reading a line");
    call(&home, &["-e", "no-such-editor"])
        .run()
        .fails(6)
        .stderr_has("there is no program `no-such-editor`");
    assert!(vault.uids().is_empty());
    nothing_left(&home);
}

#[test]
fn signals_leave_nothing_behind() {
    let vault = vault();
    let home = at_home(&vault);
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let terminal = Terminal::start(&call(&home, &["-e", "true"]));
        terminal.wait_for("q: ");
        kill_process(Pid::from_raw(terminal.id() as i32).unwrap(), signal).unwrap();
        let (status, shown) = terminal.wait();
        assert_eq!(status.signal(), Some(signal.as_raw()), "{shown}");
        nothing_left(&home);
    }
}

#[test]
fn the_keys_of_the_editor_are_its_own() {
    let vault = vault();
    let home = at_home(&vault);
    // An editor that takes Ctrl-C for a command of its own.
    let editor = script(
        &home,
        "e",
        &format!(
            "trap 'echo caught > caught' INT\necho ready\nuntil read line; do :; done\n{FILL}"
        ),
    );
    let mut terminal = Terminal::start(&call(&home, &["-e", editor.to_str().unwrap()]));
    terminal.wait_for("ready");
    terminal.press("\x03");
    thread::sleep(Duration::from_millis(300));
    terminal.press("go on\n");
    let (status, shown) = terminal.wait();
    assert!(status.success(), "{shown}");
    assert_eq!(home.read("caught"), "caught\n");
    assert_eq!(vault.uids().len(), 1);
    nothing_left(&home);
}

#[test]
fn an_edit_the_server_refuses_is_not_lost() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = at_home(&faults);
    let editor = script(
        &home,
        "e",
        &format!("echo x >> runs\n[ -e seen ] || {{\n{FILL}\n}}"),
    );
    let call = || call(&home, &["-e", editor.to_str().unwrap()]);
    // The folders are told, and then the record is refused.
    faults.next(Fault::None).next(Fault::denied());
    let mut terminal = Terminal::start(&call());
    terminal.wait_for("access_denied");
    terminal.wait_for("Do you wish to edit and try again? Y/n/q: ");
    terminal.press("y\n");
    let (status, shown) = terminal.wait();
    assert!(status.success(), "{shown}");
    assert_eq!(home.read("runs"), "x\nx\n");
    assert_eq!(vault.uids().len(), 1);
    // Nobody is there to answer: the refusal is what happened.
    fs::remove_file(home.path("seen")).unwrap();
    faults.next(Fault::None).next(Fault::denied());
    call().run().fails(4).stdout("");
    nothing_left(&home);
}

#[test]
fn the_next_run_removes_what_killed_ones_left() {
    let vault = vault();
    let home = at_home(&vault);
    let terminal = Terminal::start(&call(&home, &["-e", "true"]));
    terminal.wait_for("q: ");
    kill_process(Pid::from_raw(terminal.id() as i32).unwrap(), Signal::KILL).unwrap();
    terminal.wait();
    assert_eq!(fs::read_dir(home.path("tmp")).unwrap().count(), 1);
    let terminal = Terminal::start(&call(&home, &["-e", "true"]));
    terminal.wait_for("q: ");
    assert_eq!(fs::read_dir(home.path("tmp")).unwrap().count(), 1);
    kill_process(Pid::from_raw(terminal.id() as i32).unwrap(), Signal::KILL).unwrap();
    terminal.wait();
    // `exec` shares the editor's private directory, so either sweeps for both.
    home.command(["exec", "--", "true"]).run().succeeds();
    nothing_left(&home);
}

#[test]
fn an_editor_has_the_terminal_though_stdout_is_captured() {
    let vault = vault();
    let home = at_home(&vault);
    let editor = script(&home, "e", &format!("echo drawing\n{FILL}"));
    let command = format!(
        "uids=$('{KSM}' secret add editor --sf {FOLDER} --rt login -e {}); echo \"caught: $uids\"",
        editor.display()
    );
    let (status, shown) = Terminal::start(&home.program("/bin/sh", ["-c", &command])).wait();
    assert!(status.success(), "{shown}");
    assert!(shown.contains("drawing"), "{shown}");
    let caught = shown.split_once("caught: ").unwrap().1.trim();
    let uids: Vec<String> = serde_json::from_str(caught).unwrap();
    assert_eq!(vault.uids(), uids.into_iter().collect());
}
