//! `ksm secret add field`, `add file` and `add clone`: what is stored, where, and what happens when something fails.

use serde_json::{Value, json};

use crate::support::{Fault, FaultProxy, Home, Vault, folder, login, record};

const FOLDER: &str = "FolderAAAAAAAAAAAAAAAA";
const SUB: &str = "SubFolderAAAAAAAAAAAAA";
const COPIED: &str = "CopiedAAAAAAAAAAAAAAAA";

fn vault() -> Vault {
    Vault::start().with(
        folder("Team")
            .uid(FOLDER)
            .with_folder(folder("Inner").uid(SUB)),
    )
}

fn field<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let start = [
        "secret", "add", "field", "--sf", FOLDER, "--rt", "login", "-t", "New",
    ];
    [&start, arguments].concat()
}

/// The fields with values: type, label, values.
fn filled(record: &Value) -> Value {
    let fields = record["fields"].as_array().unwrap().iter();
    let custom = record["custom"].as_array().unwrap().iter();
    let with_values = fields
        .chain(custom)
        .filter(|field| field["value"] != json!([]));
    with_values
        .map(|field| json!([field["type"], field["label"], field["value"]]))
        .collect()
}

#[test]
fn values_are_stored_as_they_were_typed() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let run = home.ksm(field(&[
        "password=12345",
        "login=true",
        "c.text=1e5",
        "c.text=[1]",
        "-n",
        "canary note",
    ]));
    run.succeeds().stderr("");
    let uid = run.stdout_text();
    assert!(
        ksm::vault::uid::is_uid(uid) && !uid.starts_with('-'),
        "{uid}"
    );
    let record = vault.record_json(uid);
    assert_eq!(
        filled(&record),
        json!([
            ["login", null, ["true"]],
            ["password", null, ["12345"]],
            ["text", null, ["1e5"]],
            ["text", null, ["[1]"]],
        ])
    );
    assert_eq!(
        (&record["title"], &record["notes"]),
        (&json!("New"), &json!("canary note"))
    );
    assert_eq!(vault.requests(), ["get_folders", "create_secret"]);
    let json = home.ksm(field(&["--json", "login=x"])).succeeds().json();
    assert_eq!(
        vault.record_json(json["uid"].as_str().unwrap())["type"],
        "login"
    );
}

#[test]
fn values_come_from_files_and_stdin_as_well() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("key", "canary key\n");
    let uid = home
        .command(field(&[
            "--field-from",
            "password=-",
            "--custom-field-from",
            "keyPair[Deploy].privateKey=key",
            "--custom-field-from",
            "text[a=b]=key",
        ]))
        .stdin("canary é\n")
        .run();
    let record = vault.record_json(uid.succeeds().stdout_text());
    assert_eq!(
        filled(&record),
        json!([
            ["password", null, ["canary é"]],
            ["keyPair", "Deploy", [{"privateKey": "canary key"}]],
            ["text", "a=b", ["canary key"]],
        ])
    );
    let kept = home.ksm(field(&["--keep-newline", "--field-from", "password=key"]));
    let record = vault.record_json(kept.succeeds().stdout_text());
    assert_eq!(
        filled(&record),
        json!([["password", null, ["canary key\n"]]])
    );
    for from in ["password=-", "c.text[A=B]=-"] {
        let (name, _) = from.rsplit_once('=').unwrap();
        let run = home.command(field(&["--field-from", from])).stdin("").run();
        run.fails(2).stdout("").stderr_has(&format!(
            "stdin was empty; `{name}` was not set, and no record added"
        ));
    }
    home.ksm(field(&["--field-from", "password=nowhere"]))
        .fails(2)
        .stdout("");
    // A value in the place of the path is not repeated.
    home.ksm(field(&["--field-from", "canary"])).fails(2);
    home.ksm(field(&["--field-from", "password="]))
        .fails(2)
        .stderr_has("write NAME=PATH");
}

#[test]
fn missing_passwords_are_made_when_asked_for() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let run = home.ksm(field(&["-p", "c.password[Other]=canary"]));
    let record = vault.record_json(run.succeeds().stdout_text());
    let made = record["fields"][2]["value"][0].as_str().unwrap();
    assert_eq!(made.len(), 64);
    assert_eq!(record["custom"][0]["value"], json!(["canary"]));
}

#[test]
fn mistakes_are_found_before_anything_is_asked() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (arguments, said) in [
        (&["passwrod=canary"][..], "did you mean `password`?"),
        (&["c.name=canary"], "the value of `name` is not an object"),
        (&["c.name.frist=canary"], "did you mean `first`?"),
        (
            &[r#"c.name={"first":"canary","first":"canary"}"#],
            "the value of `name` has the member `.first` twice",
        ),
        (
            &[r#"c.pamSettings={"more":{"a":[1e400]}}"#],
            "a number that is too large for JSON",
        ),
        (&["c.date=canary"], "is not a date"),
        (
            &["host.hostName=canary"],
            "`c.host=…` adds a field of your own",
        ),
        (&["c.phone.type=mobil"], "did you mean `Mobile`?"),
        (&["canary"], "a field looks like"),
        (&["--rt", "logn"], "did you mean `login`?"),
    ] {
        home.ksm(field(arguments))
            .fails(2)
            .stdout("")
            .stderr_has(said);
    }
    assert!(vault.requests().is_empty(), "{:?}", vault.requests());
    for untitled in ["", "  "] {
        let field = ["--rt", "login", "-t", untitled];
        home.ksm([&["secret", "add", "field", "--sf", FOLDER], &field[..]].concat())
            .fails(2)
            .stderr_has("Empty strings are not allowed");
        home.ksm(["secret", "add", "clone", "-u", COPIED, "-t", untitled])
            .fails(2)
            .stderr_has("Empty strings are not allowed");
    }
    assert_eq!(vault.requests(), [""; 0]);
    let elsewhere = [
        "secret", "add", "field", "--sf", COPIED, "--rt", "login", "-t", "x", "login=x",
    ];
    home.ksm(elsewhere).fails(3).stdout("");
}

const RECORDS: &str = "version: v3\nkind: KeeperRecord\ndata:\n\
    - {recordType: login, title: One, fields: [{type: password, value: 0012}], custom: [{type: text, label: L, value: 1}]}\n\
    - {recordType: door, title: Two, fields: [{type: text, label: Where, value: no}], customFields: [{type: text, value: yes}]}\n";

#[test]
fn a_file_makes_its_records() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("r.yml", RECORDS);
    home.write(
        "record_type/door.yml",
        "version: v3\nkind: KeeperRecordType\ndata: [{name: door, fields: [{type: text, label: Where}]}]\n",
    );
    let run = home.ksm(["secret", "add", "file", "--sf", SUB, "-f", "r.yml"]);
    run.succeeds().stderr("");
    let uids = run.json();
    assert!(run.stdout_text().starts_with("[\"") && run.stdout_text().contains("\", \""));
    let record = |at: usize| vault.record_json(uids[at].as_str().unwrap());
    assert_eq!(
        filled(&record(0)),
        json!([["password", null, ["0012"]], ["text", "L", ["1"]]])
    );
    assert_eq!(
        filled(&record(1)),
        json!([["text", "Where", ["no"]], ["text", null, ["yes"]]])
    );
}

#[test]
fn a_file_that_is_wrong_makes_nothing() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let one = |record: &str| format!("version: v3\nkind: KeeperRecord\ndata: [{record}]\n");
    for (text, said) in [
        ("version: v2\n".to_owned(), ".version is not 'v3'"),
        (
            "version: v3\nkind: x\n".to_owned(),
            ".kind is not 'KeeperRecord'",
        ),
        (
            one("{title: canary, fields: []}"),
            ".data[0].recordType is missing or blank",
        ),
        (
            one("{recordType: login, fields: []}"),
            ".data[0].title is missing or blank",
        ),
        (
            one("{recordType: login, title: x}"),
            ".data[0].fields[] is missing",
        ),
        (
            one("{recordType: login, title: x, fields: {}}"),
            ".data[0].fields[] is not an array",
        ),
        (
            one("{recordType: login, title: x, fields: [{type: name, value: canary}]}"),
            ".data[0].fields[0]: The standard fields do not have a 'name'",
        ),
        (
            one("{recordType: login, title: x, fields: [{type: logni, value: canary}]}"),
            "did you mean `login`?",
        ),
        (
            one("{recordType: login, title: '  ', fields: []}"),
            ".data[0].title is missing or blank",
        ),
        (
            one("{recordType: login, title: x, fields: [{type: password, vaule: canary}]}"),
            ".data[0].fields[0] has a member `vaule`, which is none of type, label, value, privacyScreen, required, \
             enforceGeneration, complexity\nHint: did you mean `value`?\n",
        ),
        (
            one("{recordType: login, title: x, fields: [{type: password, Value: canary}]}"),
            "did you mean `value`?",
        ),
        (
            one(
                "{recordType: login, title: x, fields: [], customfields: [{type: text, value: canary}]}",
            ),
            "did you mean `customFields`?",
        ),
        (
            one("{recordType: login, title: x, fields: [], Notes: canary}"),
            "did you mean `notes`?",
        ),
        (
            one("{recordType: login, title: x, fields: [], notes: [canary, b]}"),
            ".data[0].notes is a list or an object, and not a text",
        ),
        (
            one("{recordType: login, title: x, fields: [{type: password, value:canary}]}"),
            ".data[0].fields[0] has a member `…`, which is none of",
        ),
        (
            one(
                "{recordType: login, title: x, fields: [{type: password, value: canary, value: canary}]}",
            ),
            ".data[0].fields[0].value stands there twice",
        ),
        (
            one("{recordType: login, title: x, fields: [], custom: [], customFields: []}"),
            ".data[0].customFields, once as `custom`, stands there twice",
        ),
        (
            one("{recordType: login, title: x, fields: []}") + "dta: []\n",
            "the file has a member `dta`, which is none of version, kind, data\nHint: did you mean `data`?",
        ),
        (
            one("") + "---\n" + &one("{recordType: login, title: lost, fields: []}"),
            "The YAML has problems around row 4, column 1.",
        ),
        (
            "version: [canary\n".to_owned(),
            "The YAML has problems around row",
        ),
    ] {
        home.write("r.yml", &text);
        home.ksm(["secret", "add", "file", "--sf", FOLDER, "-f", "r.yml"])
            .fails(1)
            .stdout("")
            .stderr_has("Error: Could not load records from file r.yml: ")
            .stderr_has(said);
    }
    home.write(
        "r.json",
        r#"{"version": "v3", "kind": "KeeperRecord", "data": [{"recordType": "login", "title": "x", "fields": [
            {"type": "password", "value": "canary", "value": "canary"}]}]}"#,
    );
    home.ksm(["secret", "add", "file", "--sf", FOLDER, "-f", "r.json"])
        .fails(1)
        .stderr_has(".data[0].fields[0].value stands there twice");
    home.ksm(["secret", "add", "file", "--sf", FOLDER, "-f", "none.json"])
        .fails(2)
        .stderr_has("Cannot find the file");
    assert!(vault.uids().is_empty());
}

#[test]
fn records_made_before_a_failure_are_told() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    home.write(
        "r.json",
        json!({"version": "v3", "kind": "KeeperRecord", "data": [
            {"recordType": "login", "title": "One", "fields": []},
            {"recordType": "login", "title": "Two", "fields": []},
        ]})
        .to_string(),
    );
    faults
        .next(Fault::None)
        .next(Fault::None)
        .next(Fault::denied());
    let run = home.ksm([
        "-o", "uids", "secret", "add", "file", "--sf", FOLDER, "-f", "r.json",
    ]);
    run.fails(1)
        .stdout("")
        .stderr_has("1 of 2 records were created");
    let uids: Vec<String> = serde_json::from_str(&home.read("uids")).unwrap();
    assert_eq!(uids.len(), 1);
    assert_eq!(vault.record_json(&uids[0])["title"], "One");
}

#[test]
fn a_copy_has_the_same_json() {
    let odd = json!({"type": "odd", "title": "Odd", "more": [1.50, {"a": null}], "fields": [
        {"type": "text", "value": ["canary"], "label": "x", "unknown": true}, {"type": "nobody", "value": [{"b": 2}]},
    ], "custom": []});
    let vault = Vault::start()
        .with(
            folder("Team")
                .uid(FOLDER)
                .with(record("odd", "Odd").uid(COPIED)),
        )
        .with(
            login("Alone")
                .uid("AloneAAAAAAAAAAAAAAAAA")
                .password("canary"),
        );
    vault.edit(COPIED, &odd);
    let home = Home::configured_for(&vault);
    let run = home.ksm(["secret", "add", "clone", "-u", "Odd", "-t", "Copy"]);
    let uid = run.succeeds().stdout_text();
    let mut expected = odd.clone();
    expected["title"] = "Copy".into();
    assert_eq!(vault.record_json(uid).to_string(), expected.to_string());
    // An attachment belongs to one record, handed out or not.
    let mut papers = odd.clone();
    papers["fields"][1] = json!({"type": "fileRef", "value": ["GoneAAAAAAAAAAAAAAAAAA"]});
    vault.edit(COPIED, &papers);
    let run = home.ksm(["secret", "add", "clone", "-u", COPIED]);
    run.stderr_has("The copy is without the attachments of the record (1).");
    let copy = vault.record_json(run.succeeds().stdout_text());
    assert_eq!(copy["fields"][1]["value"], json!([]));

    home.ksm(["secret", "add", "clone", "-u", "Alone"])
        .fails(1)
        .stdout("")
        .stderr_has("individually shared records cannot be cloned");
}

#[test]
fn a_remote_browser_is_a_known_type() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "template", "record", "pamRemoteBrowser"])
        .succeeds()
        .stdout_has("rbiUrl")
        .stdout_has("trafficEncryptionSeed");
}
