//! Where the answer ends up: terminals, streams that are closed or full, and files the user named.
#![cfg(unix)]

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;

use crate::support::invocation::Invocation;
use crate::support::{Fault, FaultProxy, Home, UID, Vault, login};

/// A UID that no record has: titles are not offered for one.
const ABSENT: &str = "AbCdEfGhIjKlMnOpQrStUg";
/// Clears the screen, rings, writes over the line, sets a title in one byte, turns the writing direction.
const NASTY: &str = "canary\x1b[2J\x07\rover\u{9b}31m\u{202e}";

fn vault() -> Vault {
    Vault::start().with(
        login(&format!("title {NASTY}"))
            .uid(UID)
            .login(NASTY)
            .password(NASTY)
            .notes(NASTY)
            .custom("text", NASTY, json!([NASTY]))
            .file(NASTY, "canary")
            .file("nasty.txt", NASTY),
    )
}

/// Runs on a terminal of its own, and returns what that terminal was sent.
fn on_terminal(call: &Invocation<'_>) -> String {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let terminal = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let reader = thread::spawn(move || {
        let (mut shown, mut piece) = (Vec::new(), [0; 4096]);
        let mut controller = File::from(controller);
        // Ends with an error once nobody has the terminal open.
        while let Ok(length @ 1..) = controller.read(&mut piece) {
            shown.extend_from_slice(&piece[..length]);
        }
        String::from_utf8(shown).unwrap()
    });
    let stream = || Stdio::from(terminal.try_clone().unwrap());
    let mut command = call.to_command();
    command.stdin(stream()).stdout(stream()).stderr(stream());
    command.spawn().unwrap().wait().unwrap();
    drop(command);
    drop(terminal);
    reader.join().unwrap()
}

/// Control characters that drive a terminal, apart from the line ends it makes itself.
#[track_caller]
fn drives_nothing(shown: &str) {
    let plain = shown.replace("\r\n", "\n");
    let drives = |c: &char| (c.is_control() && !"\n\t".contains(*c)) || *c == '\u{202e}';
    let found: Vec<_> = plain.chars().filter(drives).collect();
    assert!(found.is_empty(), "{found:?} in {plain:?}");
}

#[test]
fn a_terminal_is_not_driven_by_what_others_wrote() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (args, shows) in [
        (&["secret", "list"][..], "title canary\\u{1b}[2J"),
        (&["secret", "list", "--json"], "title canary\\u001b[2J"),
        (&["secret", "get", UID, "--unmask"], "canary\\u{1b}[2J"),
        (&["secret", "get", UID, "--json"], "canary\\u001b[2J"),
        (
            &["secret", "get", UID, "-f", "login"],
            "canary\\u{1b}[2J\\u{7}\\u{d}over\\u{9b}31m\\u{202e}",
        ),
        (
            &["secret", "get", UID, "-q", "$.notes", "--raw"],
            "canary\\u{1b}[2J",
        ),
        (
            &[
                "secret",
                "notation",
                &format!("keeper://{UID}/field/password"),
            ],
            "canary\\u{1b}[2J",
        ),
        // In messages.
        (
            &["secret", "get", UID, "-f", "none"],
            "record title canary\\u{1b}[2J",
        ),
        (&["secret", "get", UID, "\x1b[2J"], "\\u{1b}[2J"),
        (&["-p", "\x1b[2J", "secret", "list"], "\\u{1b}[2J"),
    ] {
        let args = ["--no-color"].iter().chain(args);
        let shown = on_terminal(&home.command(args.copied()));
        assert!(shown.contains(shows), "{shown:?} lacks {shows:?}");
        drives_nothing(&shown);
    }
    // Colors are ours, and all there is.
    let shown = on_terminal(&home.command(["secret", "get", UID]));
    assert!(shown.contains("\x1b["), "{shown:?}");
    let mut pieces = shown.split('\x1b');
    pieces.next();
    for piece in pieces {
        let (number, _) = piece.strip_prefix('[').unwrap().split_once('m').unwrap();
        assert!(
            number.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{piece:?}"
        );
    }
}

/// Whatever name leads to it.
#[test]
fn no_name_of_a_terminal_lets_text_drive_it() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("t", format!("keeper://{UID}/field/password"));
    symlink("/dev/fd/1", home.path("here")).unwrap();
    for name in [
        "-",
        "/dev/stdout",
        "/dev/stderr",
        "/dev/fd/0",
        "/dev/fd/1",
        "/proc/self/fd/2",
        "here",
    ] {
        if name.starts_with("/proc") && !fs::exists(name).unwrap() {
            continue;
        }
        for args in [
            &[
                "secret",
                "download",
                "-u",
                UID,
                "--name",
                "nasty.txt",
                "--file-output",
                name,
            ][..],
            &["interpolate", "t", "--allow-unsafe-for-eval", "-o", name],
        ] {
            let shown = on_terminal(&home.command(args.iter().copied()));
            assert!(shown.contains("canary\\u{1b}[2J"), "{args:?}: {shown:?}");
            drives_nothing(&shown);
        }
        if name != "-" {
            // Colors are ours, here too.
            let shown = on_terminal(&home.command(["-o", name, "secret", "get", UID]));
            assert!(
                shown.contains("\x1b[") && !shown.contains("\x1b[2J"),
                "{name}: {shown:?}"
            );
        }
    }
}

#[test]
fn a_server_drives_no_terminal_and_no_log() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let message = "no\x1b[2J\x07\u{9b}31m";
    faults.always(Fault::refuse(
        403,
        json!({"result_code": "access_denied\x1b[2J", "message": message}),
    ));
    let call = home.command(["--no-color", "secret", "list"]);
    drives_nothing(&on_terminal(&call));
    let run = call.run();
    run.fails(4).stderr_has("no\\u{1b}[2J\\u{7}\\u{9b}31m");
    drives_nothing(run.stderr_text());
}

#[test]
fn a_pipe_gets_the_bytes() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "get", UID, "-f", "password"])
        .succeeds()
        .stdout(NASTY);
    home.ksm(["-o", "out", "secret", "get", UID, "-f", "login"])
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.read("out"), NASTY);
}

#[test]
fn the_program_has_our_terminal() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("NAME", format!("keeper://{UID}/type"));
    let line = "test -t 0 && test -t 1 && test -t 2 && echo \"all three, $NAME\"";
    let shown = on_terminal(&home.command(["exec", "sh", "-c", line]));
    assert_eq!(shown, "all three, login\r\n");
}

#[test]
fn a_closed_pipe_succeeds_and_a_full_device_fails() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let password = format!("keeper://{UID}/field/password");
    for args in [
        &["secret", "list"][..],
        &["secret", "get", UID, "--json"],
        &["secret", "notation", &password],
        &["profile", "list"],
        &["profile", "export"],
    ] {
        let run = |stdout: Stdio| {
            let mut command = home.command(args.iter().copied()).to_command();
            let output = command
                .stdin(Stdio::null())
                .stdout(stdout)
                .output()
                .unwrap();
            (
                output.status.code(),
                String::from_utf8(output.stderr).unwrap(),
            )
        };
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(run(writer.into()), (Some(0), String::new()), "{args:?}");
        if let Ok(full) = File::options().write(true).open("/dev/full") {
            let (code, said) = run(full.into());
            assert_eq!(code, Some(1), "{args:?}: {said}");
            assert!(
                said.starts_with("Error: cannot write to stdout: "),
                "{said}"
            );
        }
    }
    // Nobody can be told; the exit code still tells.
    if let Ok(full) = File::options().write(true).open("/dev/full") {
        let mut command = home.command(["secret", "get", "none"]).to_command();
        let status = command.stderr(full).status().unwrap();
        assert_eq!(status.code(), Some(3));
    }
}

/// A file opened while a stream is closed must not be taken for that stream.
#[test]
fn with_closed_streams_nothing_is_written_into_files() {
    let vault = vault();
    let (home, token) = Home::with_token(&vault);
    let closed = "exec <&- >&- 2>&-";
    home.after_shell(closed, ["profile", "init", "-t", &token])
        .run()
        .may_write_secrets()
        .succeeds();
    let before = home.read("keeper.ini");
    assert!(before.starts_with("[_config]\n"), "{before}");
    home.ksm(["profile", "list"]).succeeds();
    let password = format!("keeper://{UID}/field/password");
    for args in [
        &["secret", "get", UID, "--unmask"][..],
        &["secret", "notation", &password],
        &["secret", "get", "none"],
        &["profile", "active", "_default"],
    ] {
        home.after_shell(closed, args.iter().copied())
            .run()
            .stderr("");
        assert_eq!(home.read("keeper.ini"), before, "{args:?}");
    }
    home.after_shell(closed, ["-o", "out", "secret", "notation", &password])
        .run()
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.read("out"), NASTY);
}

#[test]
fn an_output_file_is_private_and_complete() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let password = format!("keeper://{UID}/field/password");
    let save = |to: &str| {
        let run = home
            .after_shell("umask 000", ["-o", to, "secret", "notation", &password])
            .run();
        run.may_write_secrets();
        run
    };
    save("new").succeeds().stdout("");
    assert_eq!(home.mode("new"), 0o600);
    home.write("old", "before");
    fs::set_permissions(home.path("old"), Permissions::from_mode(0o646)).unwrap();
    save("old").succeeds();
    assert_eq!(
        (home.read("old").as_str(), home.mode("old")),
        (NASTY, 0o640)
    );
    home.write("target", "before");
    symlink("target", home.path("link")).unwrap();
    save("link").succeeds();
    assert_eq!(home.read("target"), NASTY);
    assert!(
        fs::symlink_metadata(home.path("link"))
            .unwrap()
            .is_symlink()
    );

    // A failure leaves the old file and nothing else.
    home.write("kept", "before");
    let failing = |line: &str, args: &[&str]| {
        let before = home.files();
        let run = home.after_shell(line, args.iter().copied()).run();
        assert_eq!(home.files(), before, "{run}");
        assert_eq!(home.read("kept"), "before", "{run}");
        run
    };
    for to in ["kept", "absent"] {
        failing(":", &["-o", to, "secret", "get", ABSENT]).fails(3);
    }
    let full = "trap '' XFSZ; ulimit -f 0";
    for to in ["kept", "absent"] {
        failing(full, &["-o", to, "secret", "notation", &password])
            .fails(1)
            .stdout("")
            .stderr_has(to);
    }
    failing(
        ":",
        &["-o", "no/such/place", "secret", "notation", &password],
    )
    .fails(1)
    .stderr_has("no/such/place");
    failing(":", &["-o", "tmp", "secret", "notation", &password]).fails(1);
    if fs::exists("/dev/full").unwrap() {
        failing(":", &["-o", "/dev/full", "secret", "notation", &password])
            .fails(1)
            .stderr_has("/dev/full");
    }
}

#[test]
fn a_dash_is_stdout_for_every_answer() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    for words in [
        "-o - secret get db -f password",
        "secret notation -o - keeper://db/field/password",
        "version -o -",
    ] {
        let run = home.ksm(words.split(' '));
        run.may_print_secrets().succeeds();
        assert!(!run.stdout_bytes().is_empty(), "{words}");
    }
    assert_eq!(home.files(), [""; 0]);
}
