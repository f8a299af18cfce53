//! An upload that is cut off at any point leaves the record as it was, or says what is left and how it is taken away.

use serde_json::Value;

use crate::support::{Fault, FaultProxy, Home, KSM, Run, Server, UID, Vault, login};

/// How the vault looks after a failure.
#[derive(Debug, PartialEq)]
enum Left {
    /// As before.
    Nothing,
    /// The record names a file that has no content.
    Reference,
    /// All of it.
    File,
}

fn start() -> Vault {
    Vault::start().with(login("papers").uid(UID).password("canary-password"))
}

fn upload(home: &Home) -> Run {
    home.write("file.txt", "canary-content");
    home.ksm(["secret", "upload", "-u", UID, "-f", "file.txt"])
}

fn left(home: &Home, vault: &Vault) -> Left {
    let fields = vault.record_json(UID)["fields"].as_array().unwrap().clone();
    let named = fields.iter().find(|field| field["type"] == "fileRef");
    let named = named
        .and_then(|field| field["value"].as_array())
        .map_or(0, Vec::len);
    let shown = home.ksm(["secret", "get", UID, "--json"]);
    let files = shown.may_print_secrets().succeeds().json()["files"]
        .as_array()
        .map_or(0, Vec::len);
    assert_eq!(named, files, "a record and its files belong together");
    if named == 0 {
        return Left::Nothing;
    }
    let run = home.ksm([
        "secret",
        "download",
        "-u",
        UID,
        "--name",
        "file.txt",
        "--file-output",
        "-",
    ]);
    run.may_print_secrets();
    match run.has_code(3) {
        true => {
            run.stderr_has("does not have a download URL yet")
                .stderr_has("try again in a few seconds");
            Left::Reference
        }
        false => {
            run.succeeds().stdout("canary-content");
            Left::File
        }
    }
}

/// Does what the hint says.
fn take_away(home: &Home, run: &Run) {
    let said = run.stderr_text();
    let (_, command) = said.split_once("`ksm secret delete-attachment ").unwrap();
    let (args, _) = command.split_once('`').unwrap();
    let args = ["secret", "delete-attachment"]
        .into_iter()
        .chain(args.split(' '));
    home.ksm(args).succeeds();
}

#[test]
fn an_empty_stdin_is_no_attachment() {
    let vault = start();
    let home = Home::configured_for(&vault);
    let command = ["secret", "upload", "-u", UID, "-f", "-", "-t", "dump.sql"];
    let run = home.command(command).stdin("").run();
    run.fails(2)
        .stdout("")
        .stderr_has("stdin was empty; nothing was attached")
        .stderr_has("--allow-empty");
    assert_eq!(vault.requests(), [""; 0]);
    let allowed = [&command[..], &["--allow-empty"]].concat();
    home.command(allowed).stdin("").run().succeeds();
    let pipes = ["-f /dev/null", "-f <(true)"];
    for pipe in pipes.into_iter().filter(|_| cfg!(unix)) {
        let script = format!("'{KSM}' secret upload -u {UID} {pipe}");
        home.program("bash", ["-c", &script])
            .run()
            .fails(2)
            .stdout("")
            .stderr_has("was empty; nothing was attached")
            .stderr_has("--allow-empty");
    }
    // A file is attached as it is.
    home.write("empty", "");
    home.ksm(["secret", "upload", "-u", UID, "-f", "empty"])
        .succeeds();
}

#[test]
fn a_failed_request_leaves_nothing_or_names_it() {
    let as_it_was = "record AbCdEfGhIjKlMnOpQrStUw is as it was";
    let unknown = "it is not known whether";
    let fine = || Fault::None;
    type Case<'a> = (Vec<Fault>, i32, &'a str, Left, &'a [&'a str]);
    let cases: [Case; 13] = [
        // The announcement did not arrive, or its answer did not, or is not one.
        (
            vec![fine(), Fault::Drop],
            5,
            as_it_was,
            Left::Nothing,
            &["get_secret"],
        ),
        (
            vec![fine(), Fault::LoseAnswer],
            5,
            as_it_was,
            Left::Nothing,
            &["get_secret", "update_secret"],
        ),
        (
            vec![fine(), Fault::truncated()],
            5,
            as_it_was,
            Left::Nothing,
            &["get_secret", "update_secret"],
        ),
        (
            vec![fine(), Fault::garbled()],
            5,
            as_it_was,
            Left::Nothing,
            &["get_secret", "update_secret"],
        ),
        (
            vec![fine(), Fault::answer(502, "")],
            5,
            as_it_was,
            Left::Nothing,
            &["get_secret"],
        ),
        // It was refused.
        (
            vec![fine(), Fault::denied()],
            4,
            "access_denied",
            Left::Nothing,
            &["get_secret"],
        ),
        // The storage refused the content, or took it for something else.
        (
            vec![fine(), fine(), Fault::answer(403, "<Error/>")],
            4,
            as_it_was,
            Left::Nothing,
            &["uploads", "get_secret", "update_secret"],
        ),
        (
            vec![fine(), fine(), Fault::answer(500, "")],
            5,
            as_it_was,
            Left::Nothing,
            &["uploads", "get_secret", "update_secret"],
        ),
        (
            vec![fine(), fine(), Fault::answer(200, "")],
            4,
            as_it_was,
            Left::Nothing,
            &["uploads", "get_secret", "update_secret"],
        ),
        (
            vec![fine(), fine(), Fault::redirect("https://localhost/")],
            4,
            as_it_was,
            Left::Nothing,
            &["uploads", "get_secret", "update_secret"],
        ),
        // Nobody knows whether the storage has the content.
        (
            vec![fine(), fine(), Fault::Drop],
            5,
            unknown,
            Left::Reference,
            &["uploads"],
        ),
        (
            vec![fine(), fine(), Fault::LoseAnswer],
            5,
            unknown,
            Left::File,
            &["uploads"],
        ),
        // A part that was begun cannot be taken back.
        (
            vec![
                fine(),
                fine(),
                Fault::answer(403, ""),
                fine(),
                Fault::denied(),
            ],
            4,
            "but record",
            Left::Reference,
            &["uploads", "get_secret", "update_secret", "get_secret"],
        ),
    ];
    for (faults_in_order, code, said, expected, requests) in cases {
        let vault = start();
        let faults = FaultProxy::before(&vault);
        let home = Home::configured_for(&faults);
        let shown = format!("{faults_in_order:?}");
        for fault in faults_in_order {
            faults.next(fault);
        }
        let run = upload(&home);
        run.fails(code).stdout("").stderr_has(said);
        assert_eq!(
            faults.requests()[..2],
            ["get_secret", "add_file"],
            "{shown}"
        );
        assert_eq!(faults.requests()[2..], *requests, "{shown}");
        faults.clear();
        assert_eq!(left(&home, &vault), expected, "{shown}");
        if expected != Left::Nothing {
            take_away(&home, &run);
            assert_eq!(left(&home, &vault), Left::Nothing, "{shown}");
        }
        assert_eq!(
            vault.record_json(UID)["fields"][0]["value"][0],
            "canary-password"
        );
        // Nothing of it is in the way of the next attempt.
        upload(&home).succeeds();
        assert_eq!(left(&home, &vault), Left::File, "{shown}");
    }
}

#[test]
fn an_unreachable_server_leaves_a_named_remainder() {
    let vault = start();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults
        .next(Fault::None)
        .next(Fault::LoseAnswer)
        .always(Fault::Drop);
    let run = upload(&home);
    run.fails(5)
        .stderr_has("it is not known whether record AbCdEfGhIjKlMnOpQrStUw was made to name file");
    faults.clear();
    assert_eq!(left(&home, &vault), Left::Reference);
    take_away(&home, &run);
    assert_eq!(left(&home, &vault), Left::Nothing);
}

#[cfg(unix)]
#[test]
fn an_interrupted_upload_puts_the_record_right() {
    use rustix::process::Signal;

    for (signal, place) in [
        (Signal::INT, "/uploads/"),
        (Signal::TERM, "/uploads/"),
        (Signal::HUP, "/uploads/"),
        (Signal::INT, "add_file"),
    ] {
        let vault = start();
        let faults = FaultProxy::before(&vault);
        let home = Home::configured_for(&faults);
        home.write("file.txt", "canary-content");
        let request = match place {
            "add_file" => place,
            _ => "uploads",
        };
        faults.on(place, Fault::HangBefore);
        let run = home
            .command(["secret", "upload", "-u", UID, "-f", "file.txt"])
            .spawn();
        while !faults.requests().contains(&request.to_owned()) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        run.signal(signal);
        if place == "add_file" {
            // Its outcome is waited for; whoever does not want to wait says so again.
            std::thread::sleep(std::time::Duration::from_millis(200));
            run.signal(signal);
        }
        let run = run.wait(&home);
        run.dies_of(signal.as_raw());
        if place != "add_file" {
            run.stderr_has("record AbCdEfGhIjKlMnOpQrStUw is as it was: it was interrupted");
        }
        run.stdout("")
            .stderr_has("ksm secret delete-attachment -u AbCdEfGhIjKlMnOpQrStUw -f ");
        faults.clear();
        assert_eq!(left(&home, &vault), Left::Nothing);
        upload(&home).succeeds();
        assert_eq!(left(&home, &vault), Left::File);
    }
}

/// A second key press is obeyed at once, and the command that puts the record right was told.
#[cfg(unix)]
#[test]
fn an_upload_that_is_interrupted_twice_ends() {
    use rustix::process::Signal;

    let vault = start();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    home.write("file.txt", "canary-content");
    faults
        .next(Fault::None)
        .next(Fault::None)
        .always(Fault::HangBefore);
    let run = home
        .command(["secret", "upload", "-u", UID, "-f", "file.txt"])
        .spawn();
    let wait_for = |count: usize| {
        while faults.requests().len() < count {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    wait_for(3);
    run.signal(Signal::INT);
    wait_for(4);
    run.signal(Signal::INT);
    let run = run.wait(&home);
    run.dies_of(2);
    faults.clear();
    assert_eq!(left(&home, &vault), Left::Reference);
    take_away(&home, &run);
    assert_eq!(left(&home, &vault), Left::Nothing);
}

#[cfg(unix)]
#[test]
fn the_remainder_of_a_killed_upload_can_be_deleted() {
    let vault = start();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    home.write("file.txt", "canary-content");
    faults.on("/uploads/", Fault::HangBefore);
    let run = home
        .command(["secret", "upload", "-u", UID, "-f", "file.txt"])
        .spawn();
    while !faults.requests().contains(&"uploads".to_owned()) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    run.signal(rustix::process::Signal::KILL);
    run.wait(&home).dies_of(9);
    faults.clear();
    assert_eq!(left(&home, &vault), Left::Reference);
    home.ksm(["secret", "delete-attachment", "-u", UID, "-f", "file.txt"])
        .succeeds();
    assert_eq!(left(&home, &vault), Left::Nothing);
}

#[test]
fn a_read_only_record_is_named_as_requested() {
    let vault = Vault::start().with(login("papers").uid(UID).read_only());
    let mut home = Home::configured_for(&vault);
    upload(&home).fails(4).stderr_has("`Can Edit`");
    assert_eq!(vault.requests(), ["get_secret", "add_file", "get_secret"]);

    // A device of an old client does not know whom to seal the file for.
    let config = home.environment()["KSM_CONFIG".as_ref() as &std::ffi::OsStr].clone();
    let plain = ksm::codec::decode(config.to_str().unwrap()).unwrap();
    let mut config: Value = serde_json::from_slice(&plain).unwrap();
    config
        .as_object_mut()
        .unwrap()
        .remove("appOwnerPublicKey")
        .unwrap();
    home.set("KSM_CONFIG", config.to_string());
    vault.forget_requests();
    upload(&home)
        .fails(6)
        .stderr_has("public key of the application's owner");
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[test]
fn the_storage_hears_nothing_of_ours() {
    let vault = start();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    upload(&home).succeeds();
    assert_eq!(faults.requests(), ["get_secret", "add_file", "uploads"]);
    for header in ["TransmissionKey", "PublicKeyId", "Authorization"] {
        assert_eq!(faults.header(header).len(), 2, "{header}");
    }
    let sent = faults.requests_in_full().pop().unwrap();
    let text = String::from_utf8_lossy(&sent);
    assert!(
        !text.contains("canary") && !text.contains("file.txt"),
        "{text}"
    );
}
