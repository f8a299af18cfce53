//! `ksm exec`: what the program gets, what it does not, and what happens when it cannot be started.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::support::{FaultProxy, Home, Server, UID, Vault, database, record};

fn vault() -> Vault {
    Vault::start().with(
        database(UID, "canary's $(id) \"pw\" é")
            .custom("checkbox", "Flag", json!([true]))
            .custom("text", "Empty", json!([]))
            .custom("text", "Tricky", json!(["keeper://db/field/login#canary"])),
    )
}

#[test]
fn the_program_finds_secrets_where_references_were() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let script = r#"printf '%s|' "$A" "$B" "$C" "$D" "$E" "$F" "$G" "$_A-""#;
    home.command(["exec", "--", "sh", "-c", script])
        .env("A", format!("keeper://{UID}/field/password"))
        .env("B", format!("KEEPER://{UID}/custom_field/Flag"))
        .env("C", format!("keeper://{UID}/custom_field/Empty"))
        .env("D", format!("keeper://{UID}/custom_field/Tricky"))
        .env("E", format!("keeper://{UID}/file/key.pem"))
        .env("F", "keeperABC")
        .env("G", format!("{UID}/field/login"))
        .run()
        .succeeds()
        .stdout(format!(
            "canary's $(id) \"pw\" é|true||keeper://db/field/login#canary|canary-file\n|keeperABC|{UID}/field/login|-|"
        ))
        .stderr(&format!(
            "Warning: variable `C`: `custom_field/Empty` of `{UID}` is empty\n"
        ));
}

#[test]
fn everything_takes_one_request() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let by_uid = |field: &str| format!("keeper://{UID}/field/{field}");
    home.command(["exec", "true"])
        .env("A", by_uid("login"))
        .env("B", by_uid("password"))
        .run()
        .succeeds();
    assert_eq!(vault.requests(), ["get_secret"]);
    vault.forget_requests();
    home.command(["exec", "true"])
        .env("A", by_uid("login"))
        .env("B", "keeper://db/title")
        .run()
        .succeeds();
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[test]
fn without_references_no_profile_is_needed() {
    let home = Home::new();
    let run = home.ksm(["exec", "--", "echo", "-N", "A: b", "keeper://not/inline"]);
    run.succeeds()
        .stdout("-N A: b keeper://not/inline\n")
        .stderr_has("Warning: an argument is a reference, and the program gets it as it is; ");
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn arguments_are_replaced_only_when_asked() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let login = format!("user=keeper://{UID}/field/login");
    home.ksm(["exec", "--", "echo", &login])
        .succeeds()
        .stdout(format!("{login}\n"))
        .stderr("");
    assert_eq!(vault.requests(), [""; 0]);
    home.ksm(["exec", "--inline", "--", "echo", "--", &login])
        .succeeds()
        .stdout("-- user=admin-canary\n")
        .stderr_has("Warning: other users of this machine can see");
}

#[test]
fn an_output_file_takes_answers_of_ours_only() {
    let home = Home::new();
    home.ksm(["-o", "out", "exec", "--", "echo", "said"])
        .succeeds()
        .stdout("said\n")
        .stderr_has("Warning: `--output` does not concern what a program prints");
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn all_or_nothing() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let run = home
        .command(["exec", "--", "touch", "started"])
        .env("GOOD", format!("keeper://{UID}/field/password"))
        .env("BAD", format!("keeper://{UID}/field/nothing"))
        .env("WORSE", "keeper://no such record/type")
        .run();
    run.fails(125).stdout("").stderr(
        "Error: variable `BAD`: Cannot find standard field 'nothing'; `db` has login, password; custom: Flag, Empty, Tricky\n\
         variable `WORSE`: Notation error - no records match record UID/Title: 'no such record'; there is `db`\n",
    );
    assert!(!home.path("started").exists());
}

#[test]
fn what_claims_to_be_a_notation_must_be_one() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for notation in [
        "keeper://",
        "keeper://U/fields/login",
        "Keeper://U/field/x[0]y",
    ] {
        let run = home.command(["exec", "true"]).env("NAME", notation).run();
        run.fails(125).stderr_has("variable `NAME`");
        home.ksm(["exec", "--inline", "true", notation])
            .fails(2)
            .stderr_has("argument 1");
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn credentials_stay_behind() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    for name in [
        "KSM_TOKEN",
        "KSM_CLI_TOKEN",
        "KSM_CONFIG_BASE64_7",
        "KSM_CONFIG_BASE64_DESC_7",
    ] {
        home.set(name, "canary");
    }
    home.set("KSM_CLI_PROFILE", "p");
    home.set("NAME", format!("keeper://{UID}/title"));
    let names = |args: &[&str]| {
        let run = home.ksm(args.iter().copied().chain(["env"]));
        run.succeeds().may_print_secrets();
        let ours = run
            .stdout_text()
            .lines()
            .filter_map(|line| line.split_once('='));
        ours.map(|(name, _)| name)
            .filter(|name| name.starts_with("KSM_"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&["exec", "--"]), ["KSM_CA_FILE", "KSM_CLI_PROFILE"]);
    assert_eq!(
        names(&["exec", "--keep-config", "--"]),
        [
            "KSM_CA_FILE",
            "KSM_CLI_PROFILE",
            "KSM_CONFIG",
            "KSM_CONFIG_BASE64_7",
            "KSM_CONFIG_BASE64_DESC_7"
        ]
    );
}

#[test]
fn the_program_takes_our_place() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("NAME", format!("keeper://{UID}/field/login"));
    let running = home
        .command(["exec", "sh", "-c", "echo $$; echo $0; exec sleep 60"])
        .spawn();
    let id = running.id();
    running.wait_for(&format!("{id}\nsh\n"));
    running.signal(rustix::process::Signal::TERM);
    running.wait(&home).dies_of(15);

    for code in [0, 1, 7, 125, 255] {
        home.ksm(["exec", "sh", "-c", &format!("exit {code}")])
            .exits(code);
    }
    home.command(["exec", "cat"])
        .stdin("to the program")
        .run()
        .succeeds()
        .stdout("to the program");
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_starts_as_if_started_directly() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("NAME", format!("keeper://{UID}/field/login"));
    let seen = "grep -E '^(Sig(Blk|Ign|Cgt)|Cpus_allowed)' /proc/self/status; umask; ulimit -c; ulimit -n; ls /proc/self/fd";
    let direct = home.program("sh", ["-c", seen]).run();
    // Started by a shell as well: how a test starts a program depends on its name, down to signals of the C library.
    let ours = home
        .after_shell(":", ["exec", "--", "sh", "-c", seen])
        .run();
    ours.succeeds().stdout(direct.stdout_bytes());
    // Ended by SIGPIPE, which we ignore ourselves.
    let status = "sh -c 'kill -PIPE $$; echo still here'; echo $?";
    home.ksm(["exec", "--", "sh", "-c", status])
        .succeeds()
        .stdout("141\n");
}

#[test]
fn the_program_is_looked_for_before_anything_is_fetched() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("NAME", format!("keeper://{UID}/field/login"));
    home.write("plain", "no program");
    home.ksm(["exec", "no-such-program"])
        .fails(127)
        .stderr("Error: program `no-such-program` was not found\n");
    let here = home.write("here", "#!/bin/sh\n");
    fs::set_permissions(here, Permissions::from_mode(0o700)).unwrap();
    home.ksm(["exec", "here"]).fails(127).stderr(
        "Error: program `here` was not found\nHint: `./here` is the one in this directory\n",
    );
    home.ksm(["exec", "./plain"])
        .fails(126)
        .stderr_has("./plain");
    home.ksm(["exec", "./tmp"]).fails(126).stderr_has("./tmp");
    home.ksm(["exec"]).fails(2);
    assert_eq!(vault.requests(), [""; 0]);

    let script = home.write("script", "#!/no/such/interpreter\n");
    fs::set_permissions(script, Permissions::from_mode(0o700)).unwrap();
    home.ksm(["exec", "./script"])
        .fails(127)
        .stderr_has("./script");
}

#[test]
fn a_script_without_an_interpreter_runs_with_sh() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let executable = |name: &str, content: &[u8]| {
        let path = home.write(name, content);
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    };
    executable("script", b"echo \"$0 $1 $#\"\nexit 3\n");
    executable("empty", b"");
    executable("binary", b"\x7fELF\0\necho run\n");
    let mut path = OsString::from(home.path(""));
    path.push(":/bin:/usr/bin");
    let file = format!("FILE=@file:keeper://{UID}/field/login");
    let destination = format!("secret=keeper://{UID}/field/login");
    for way in [
        &[][..],
        &["--capture-output"],
        &["--mask"],
        &["-e", &file],
        &["--file", &destination],
    ] {
        let exec = |words: &[&str]| {
            let words = ["exec"].iter().chain(way).chain(&["--"]).chain(words);
            home.command(words.copied())
        };
        exec(&["./script", "a b", "c"])
            .run()
            .exits(3)
            .stdout("./script a b 2\n");
        let found = exec(&["script", "a", "b"]).env("PATH", path.clone()).run();
        found.exits(3).stdout_has("/script a 2\n");
        exec(&["./empty"]).run().succeeds().stdout("").stderr("");
        exec(&["./binary"])
            .run()
            .fails(126)
            .stdout("")
            .stderr_has("cannot execute `./binary`: ");
    }
}

#[test]
fn values_that_cannot_be_passed_on_are_errors() {
    let long = format!("canary{}", "x".repeat(200_000));
    let vault = Vault::start().with(
        record("login", "odd")
            .custom("text", "nul", json!(["canary\u{0}"]))
            .custom("text", "long", json!([long])),
    );
    let home = Home::configured_for(&vault);
    let with = |label: &str| {
        let reference = format!("keeper://odd/custom_field/{label}");
        home.command(["exec", "true"]).env("NAME", reference).run()
    };
    with("nul")
        .fails(125)
        .stderr_has("variable `NAME`")
        .stderr_has("NUL");
    if cfg!(target_os = "linux") {
        with("long")
            .fails(125)
            .stderr_has("variable `NAME` with 200011 bytes")
            .stderr_has("too large for a new program: 200")
            .stderr_has(", and the limit is ")
            .stderr_has(", and 131071 for each part");
    }
}

#[test]
fn a_vault_that_cannot_be_asked_starts_nothing() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let mut home = Home::configured_for(&faults);
    home.set("NAME", format!("keeper://{UID}/field/login"));
    faults.always(crate::support::Fault::denied());
    home.ksm(["exec", "touch", "started"])
        .fails(125)
        .stderr_has("access_denied");
    home.ksm(["secret", "notation", "keeper://db/type"])
        .fails(4);
    assert!(!home.path("started").exists());
}
