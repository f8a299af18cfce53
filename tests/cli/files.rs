//! Attachments, both ways: `secret upload`, `download` and `delete-attachment`.

use std::{fs, thread, time::Duration};

use ksm::dev::seed::RecordSeed;
use serde_json::{Value, json};

use crate::support::{Fault, FaultProxy, Home, Run, Server, UID, Vault, login};

const ONE: &str = "-1CdEfGhIjKlMnOpQrStUw";
const TWO: &str = "F2CdEfGhIjKlMnOpQrStUw";
const THREE: &str = "F3CdEfGhIjKlMnOpQrStUw";

fn vault() -> Vault {
    Vault::start()
        .with(
            login("papers")
                .uid(UID)
                .password("canary-password")
                .attachment(
                    json!({"uid": ONE, "name": "a.txt", "title": "A", "text": "canary-one"}),
                )
                .attachment(json!({"uid": TWO, "name": "A", "title": "B", "text": "canary-two"}))
                .attachment(
                    json!({"uid": THREE, "name": "c.bin", "title": "B", "text": "canary-three"}),
                ),
        )
        .with(login("empty"))
}

/// Runs a command while another client changes the title of the record, just before the command's own change is
/// written: it is told to wait a moment.
fn overtaken(vault: &Vault, command: &[&str], endpoint: &str) -> Run {
    let faults = FaultProxy::before(vault);
    let home = Home::configured_for(&faults);
    home.write("d.txt", "canary-four");
    faults.next(Fault::None).next(Fault::throttled(1.0));
    let running = home.command(command).spawn();
    while !faults.requests().iter().any(|request| request == endpoint) {
        thread::sleep(Duration::from_millis(10));
    }
    let mut theirs = vault.record_json(UID);
    theirs["title"] = format!("{} theirs", theirs["title"].as_str().unwrap()).into();
    vault.edit(UID, &theirs);
    running.wait(&home)
}

/// The field of the record that names its files, and the files that the server hands out.
fn files_of(home: &Home, vault: &Vault, uid: &str) -> (Vec<String>, Vec<String>) {
    let fields = vault.record_json(uid)["fields"].as_array().unwrap().clone();
    let named = fields.iter().filter(|field| field["type"] == "fileRef");
    let named = named.flat_map(|field| strings(&field["value"])).collect();
    let shown = home.ksm(["secret", "get", uid, "--json"]);
    let shown = shown.may_print_secrets().succeeds().json();
    let held = shown["files"].as_array().unwrap().iter();
    (
        named,
        held.map(|file| file["file_uid"].as_str().unwrap().to_owned())
            .collect(),
    )
}

fn strings(list: &Value) -> Vec<String> {
    let texts = list.as_array().unwrap().iter();
    texts
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

fn download(home: &Home, args: &[&str]) -> Run {
    home.ksm(["secret", "download"].iter().chain(args).copied())
}

#[test]
fn what_is_uploaded_is_downloaded_to_the_byte() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let bytes: Vec<u8> = b"canary\0\r\n--"
        .iter()
        .copied()
        .chain(0..=255)
        .cycle()
        .take(200_000)
        .collect();
    for (name, content, kind) in [
        ("data.json", bytes.as_slice(), "application/json"),
        ("no extension", b"", "application/octet-stream"),
        ("\u{fc}\"x.txt", b"canary", "text/plain"),
    ] {
        let path = home.write(name, content);
        let run = home.ksm([
            "secret",
            "upload",
            "-u",
            "empty",
            "-f",
            path.to_str().unwrap(),
            "--json",
        ]);
        let said = run.succeeds().json();
        run.stderr("");
        let expected = json!({
            "record_uid": said["record_uid"], "file_uid": said["file_uid"],
            "name": name, "title": name, "type": kind, "size": content.len(),
        });
        assert_eq!(said, expected);
        let uid = said["file_uid"].as_str().unwrap();
        assert!(uid.starts_with(|first: char| first.is_ascii_alphanumeric()));
        download(
            &home,
            &["-u", "empty", "--file-uid", uid, "--file-output", "stdout"],
        )
        .succeeds()
        .stdout(content)
        .stderr("");
        let shown = home.ksm(["secret", "get", "-t", "empty", "--json"]);
        let shown = shown.succeeds().json();
        let about = shown["files"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&about["name"], &about["type"]),
            (&json!(name), &json!(kind))
        );
    }
    vault.forget_requests();
    let run = home.ksm([
        "secret",
        "upload",
        "--uid",
        UID,
        "--file",
        "data.json",
        "-t",
        "Data",
    ]);
    run.succeeds().stderr("");
    assert_eq!(vault.requests(), ["get_secret", "add_file", "upload"]);
    let (named, held) = files_of(&home, &vault, UID);
    assert_eq!(named, [ONE, TWO, THREE, run.stdout_text()]);
    assert_eq!(named, held);
    assert_eq!(
        vault.record_json(UID)["fields"][0]["value"],
        json!(["canary-password"])
    );
}

#[test]
fn a_pipe_is_uploaded_like_a_file() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let content = "canary".repeat(50_000);
    let upload = |args: &[&str]| {
        let args = ["secret", "upload", "-u", "empty", "-f"]
            .iter()
            .chain(args)
            .copied();
        home.command(args).stdin(&content)
    };
    upload(&["-"])
        .run()
        .fails(2)
        .stderr_has("`-t TITLE` gives it one");
    upload(&["-", "-t", "piped.pem"]).run().succeeds();
    upload(&["/dev/stdin", "-t", "through a path"])
        .run()
        .succeeds();
    for title in ["piped.pem", "through a path"] {
        download(
            &home,
            &["-u", "empty", "--name", title, "--file-output", "-"],
        )
        .succeeds()
        .stdout(&content);
    }
}

#[test]
fn an_unreadable_input_file_is_found_before_any_request() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    fs::create_dir(home.path("directory")).unwrap();
    for file in ["missing.txt", "directory"] {
        home.ksm(["secret", "upload", "-u", UID, "-f", file])
            .fails(2)
            .stdout("")
            .stderr_has(&format!("File {file} doesn't exist or isn't readable"));
    }
    assert_eq!(vault.requests(), [""; 0]);
    home.write("here", "canary");
    home.ksm(["secret", "upload", "-u", "nobody", "-f", "here"])
        .fails(3)
        .stderr_has("Cannot find a record with the title nobody.");
}

#[test]
fn an_attachment_is_found_by_title_then_name() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let ambiguous = format!("choose one by its UID: {TWO}, {THREE}");
    type Case<'a> = (&'a [&'a str], Result<&'a str, (i32, &'a str)>);
    let cases: [Case; 11] = [
        (&["-u", UID, "--name", "A"], Ok("canary-one")),
        (&["-u", "papers", "--name", "a.txt"], Ok("canary-one")),
        (&["-u", UID, "--name", "c.bin"], Ok("canary-three")),
        (
            &["-u", UID, "--file-uid", ONE, "--name", "c.bin"],
            Ok("canary-one"),
        ),
        (&["keeper://papers/file/c.bin"], Ok("canary-three")),
        (
            &["keeper://papers/file/A"],
            Err((3, "name the file by its UID instead")),
        ),
        (&["-u", UID, "--name", "B"], Err((3, &ambiguous))),
        (
            &["-u", UID, "--name", "D"],
            Err((
                3,
                "Cannot find a file named D for UID AbCdEfGhIjKlMnOpQrStUw. Cannot download file",
            )),
        ),
        (
            &["-u", UID, "--file-uid", UID],
            Err((3, "Cannot find a file named")),
        ),
        (
            &["-u", UID],
            Err((2, "Either the name or file uid needs to be specified.")),
        ),
        (
            &["keeper://papers/field/password"],
            Err((2, "names no attachment")),
        ),
    ];
    for (args, expected) in cases {
        let run = download(&home, &[args, &["--file-output", "stdout"]].concat());
        match expected {
            Ok(content) => run.succeeds().stdout(content).stderr(""),
            Err((status, said)) => run.fails(status).stdout("").stderr_has(said),
        };
    }
}

#[test]
fn content_goes_where_it_was_asked_for() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let to = |output: &str, more: &[&str]| {
        download(
            &home,
            &[&["-u", UID, "--name", "A", "--file-output", output], more].concat(),
        )
    };
    to("new.txt", &[])
        .may_write_secrets()
        .succeeds()
        .stdout("")
        .stderr("");
    assert_eq!(home.read("new.txt"), "canary-one");
    // A file that the user named is overwritten.
    home.write("old.txt", "before");
    to("old.txt", &["--create-folders"])
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.read("old.txt"), "canary-one");
    to("made/on/the way.txt", &[])
        .fails(1)
        .stderr_has("there is no directory made/on")
        .stderr_has("`--create-folders` makes it");
    assert!(!home.path("made").exists());
    to("made/on/the way.txt", &["--create-folders"])
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.read("made/on/the way.txt"), "canary-one");
    let args = [
        "secret",
        "download",
        "-u",
        UID,
        "--name",
        "A",
        "--file-output",
        "stderr",
    ];
    let run = home.after_shell("exec 2>said", args).run();
    run.may_write_secrets().succeeds().stdout("");
    assert_eq!(home.read("said"), "canary-one");
    home.ksm([
        "-o",
        "answer",
        "secret",
        "download",
        "-u",
        UID,
        "--name",
        "A",
        "--file-output",
        "stdout",
    ])
    .may_write_secrets()
    .succeeds()
    .stdout("");
    assert_eq!(home.read("answer"), "canary-one");
    #[cfg(unix)]
    for file in ["new.txt", "answer", "made/on/the way.txt"] {
        assert_eq!(home.mode(file), 0o600, "{file}");
    }
    #[cfg(unix)]
    assert_eq!(home.mode("made"), 0o700);
}

#[test]
fn no_attachment_becomes_a_configuration_by_its_name() {
    let refused = [
        "keeper.ini",
        "KEEPER.Ini",
        "\u{212a}eeper.ini",
        "keeper.ini.",
        "keeper.ini ..",
        " .keeper.ini",
        "keeper.ini.lock",
        ".keeper.ini.aB3dE6gH.new",
        ".keeper.ini.0123456789abcdef.pending",
        "Own.INI",
    ];
    let taken = ["keeper.ini.txt", "my-keeper.ini"];
    let mut record = login("odd").uid(UID);
    for name in refused.iter().chain(&taken) {
        record = record.attachment(json!({"name": name, "title": name, "text": "canary"}));
    }
    let vault = Vault::start().with(record);
    let home = Home::configured_for(&vault);
    fs::create_dir(home.path("into")).unwrap();
    let into = |name: &str, path: &str| {
        let args = [
            "secret",
            "download",
            "-u",
            UID,
            "--name",
            name,
            "--file-output",
            path,
        ];
        home.command(args).env("KSM_INI_FILE", "own.ini").run()
    };
    for name in refused {
        let run = into(name, "into");
        run.fails(1)
            .stdout("")
            .stderr_has("would be a configuration of ksm there")
            .stderr_has("--file-output");
    }
    assert_eq!(fs::read_dir(home.path("into")).unwrap().count(), 0);
    for name in taken {
        into(name, "into").may_write_secrets().succeeds();
    }
    // A path that the user typed is the user's choice.
    into("keeper.ini", "into/keeper.ini")
        .may_write_secrets()
        .succeeds();
}

#[test]
fn no_name_of_the_vaults_is_a_path_here() {
    let names = [
        ("../../up.txt", "_._.._up.txt"),
        ("/etc/passwd", "_etc_passwd"),
        (".bashrc", "_bashrc"),
        ("-rf", "_rf"),
        ("a\nb\u{1b}[31m", "a_b_[31m"),
        ("NUL.txt", "_NUL.txt"),
        ("", "title"),
    ];
    let mut record = login("odd").uid(UID);
    for (name, _) in names {
        record = record.attachment(json!({"name": name, "title": "title", "text": "canary"}));
    }
    let vault = Vault::start().with(record);
    let home = Home::configured_for(&vault);
    let shown = home.ksm(["secret", "get", UID, "--json"]).json();
    let uids: Vec<_> = shown["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["file_uid"].clone())
        .collect();
    fs::create_dir(home.path("into")).unwrap();
    let into = |uid: &Value| {
        download(
            &home,
            &[
                "-u",
                UID,
                "--file-uid",
                uid.as_str().unwrap(),
                "--file-output",
                "into",
            ],
        )
    };
    for (uid, (name, safe)) in uids.iter().zip(names) {
        into(uid)
            .may_write_secrets()
            .succeeds()
            .stdout("")
            .stderr(&format!(
                "Saved as into{}{safe}\n",
                std::path::MAIN_SEPARATOR
            ));
        assert_eq!(home.read(&format!("into/{safe}")), "canary", "{name:?}");
        // Nobody but the user decides what is overwritten.
        vault.forget_requests();
        into(uid).fails(1).stderr_has("exists already");
        assert_eq!(vault.requests(), ["get_secret"], "{name:?}");
    }
    let mut expected: Vec<_> = names
        .iter()
        .map(|(_, safe)| format!("into/{safe}"))
        .collect();
    expected.sort();
    assert_eq!(home.files(), expected);
    let notation = format!("keeper://{UID}/file/.bashrc");
    download(
        &home,
        &[&notation, "--file-output", "further/", "--create-folders"],
    )
    .may_write_secrets()
    .succeeds();
    assert_eq!(home.read("further/_bashrc"), "canary");
}

#[cfg(unix)]
#[test]
fn a_planted_symbolic_link_is_not_followed() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    fs::create_dir(home.path("into")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", home.path("into/a.txt")).unwrap();
    download(
        &home,
        &["keeper://papers/file/a.txt", "--file-output", "into"],
    )
    .fails(1)
    .stderr_has("exists already");
    assert!(!home.path("elsewhere").exists());
}

#[cfg(unix)]
#[test]
fn a_place_that_takes_no_file_ends_before_questions() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    vault.forget_requests();
    std::os::unix::fs::symlink("circle", home.path("circle")).unwrap();
    let args = ["-u", UID, "--name", "a.txt", "--file-output", "circle"];
    download(&home, &args).fails(1).stderr_has("leads nowhere");
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn what_is_not_the_file_leaves_no_file() {
    let mut seed = RecordSeed::from(login("papers").uid(UID).file("a.txt", "canary-one"));
    seed.attachments[0].metadata["size"] = json!(9);
    let lying = Vault::start();
    lying.inner().add(seed).unwrap();
    let home = Home::configured_for(&lying);
    let args = ["-u", UID, "--name", "a.txt", "--file-output", "out"];
    download(&home, &args)
        .fails(1)
        .stdout("")
        .stderr_has("has 10 bytes instead of the 9");
    assert_eq!(home.files(), [""; 0]);

    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for (fault, code, said) in [
        (Fault::garbled(), 1, "cannot be decrypted"),
        (Fault::answer(200, ""), 1, "cannot be decrypted"),
        (
            Fault::truncated(),
            5,
            "broke before the answer was complete",
        ),
        (Fault::answer(404, ""), 4, "status 404"),
        (Fault::answer(503, ""), 5, "status 503"),
    ] {
        faults.clear();
        faults.on("/files/", fault);
        download(&home, &args)
            .fails(code)
            .stdout("")
            .stderr_has(said);
        assert_eq!(home.files(), [""; 0], "{said}");
    }
    // A link that has run out is renewed once.
    faults.clear();
    faults.forget_requests();
    faults.next(Fault::None).next(Fault::answer(403, ""));
    download(&home, &args).may_write_secrets().succeeds();
    assert_eq!(
        faults.requests(),
        ["get_secret", "files", "get_secret", "files"]
    );
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_part_of_a_file() {
    let vault = Vault::start().with(
        login("papers")
            .uid(UID)
            .file("a.txt", &"canary".repeat(1000)),
    );
    let home = Home::configured_for(&vault);
    home.write("old", "before");
    for output in ["new", "old"] {
        let args = [
            "secret",
            "download",
            "-u",
            UID,
            "--name",
            "a.txt",
            "--file-output",
            output,
        ];
        home.after_shell("trap '' XFSZ; ulimit -f 4", args)
            .run()
            .fails(1)
            .stderr_has("cannot write");
        assert_eq!(home.files(), ["old"]);
        assert_eq!(home.read("old"), "before");
    }
}

#[test]
fn attachments_go_together_or_not_at_all() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let delete = |files: &[&str]| {
        let files = files.iter().flat_map(|file| ["-f", file]);
        home.ksm(
            ["secret", "delete-attachment", "-u", "papers"]
                .into_iter()
                .chain(files),
        )
    };
    delete(&["A", "missing"]).fails(3).stderr_has(
        "Cannot find a file missing for UID AbCdEfGhIjKlMnOpQrStUw. Cannot delete file.",
    );
    delete(&["A", "B"])
        .fails(3)
        .stderr_has(TWO)
        .stderr_has(THREE);
    assert_eq!(files_of(&home, &vault, UID).0, [ONE, TWO, THREE]);
    vault.forget_requests();
    delete(&["A", ONE, TWO]).succeeds().stdout("").stderr("");
    assert_eq!(vault.requests(), ["get_secret", "update_secret"]);
    let left = vec![THREE.to_owned()];
    assert_eq!(files_of(&home, &vault, UID), (left.clone(), left));
    let run = home.ksm([
        "secret",
        "delete-attachment",
        "-u",
        UID,
        "--file",
        "c.bin",
        "--json",
    ]);
    assert_eq!(
        run.succeeds().json(),
        json!({"record_uid": UID, "deleted": [THREE]})
    );
    assert_eq!(files_of(&home, &vault, UID), (vec![], vec![]));
    assert_eq!(
        vault.record_json(UID)["fields"][0]["value"],
        json!(["canary-password"])
    );
}

#[test]
fn a_stale_change_of_files_is_retried_once() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let upload = ["secret", "upload", "-u", UID, "-f", "d.txt"];
    let delete = ["secret", "delete-attachment", "-u", UID, "-f", "A"];
    for (command, endpoint, left) in [(&upload[..], "add_file", 4), (&delete, "update_secret", 3)] {
        let before = files_of(&home, &vault, UID);
        overtaken(&vault, command, endpoint)
            .fails(4)
            .stdout("")
            .stderr_has("was changed meanwhile")
            .stderr_has("Hint: nothing was written; `--retry` does it again");
        assert_eq!(files_of(&home, &vault, UID), before);
        overtaken(&vault, &[command, &["--retry"]].concat(), endpoint).succeeds();
        let (named, held) = files_of(&home, &vault, UID);
        assert_eq!((named.len(), held.len()), (left, left), "{command:?}");
    }
    download(&home, &["-u", UID, "--name", "d.txt", "--file-output", "-"])
        .may_print_secrets()
        .succeeds()
        .stdout("canary-four");
    // Their changes stay.
    let title = "papers theirs theirs theirs theirs";
    assert_eq!(vault.record_json(UID)["title"], title);
}
