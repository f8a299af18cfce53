//! Authentic answers that no honest vault gives: what was not asked for, what contradicts itself, what means nothing
//! (C5, C6, R1).

use serde_json::{Value, json};

use crate::support::{Home, LyingServer, UID};

const OTHER: &str = "BbCdEfGhIjKlMnOpQrStUw";

fn home(server: &LyingServer) -> Home {
    let mut home = Home::trusting(server);
    home.set("KSM_CONFIG", server.config());
    home
}

fn document(title: &str) -> Value {
    json!({"title": title, "type": "login", "fields": [{"type": "password", "value": [format!("canary-{title}")]}], "custom": []})
}

fn records(records: &[Value]) -> String {
    json!({"records": records}).to_string()
}

#[test]
fn one_record_is_never_shown_for_another() {
    let server = LyingServer::start();
    let home = home(&server);
    server.answer(records(&[server.record(OTHER, &document("other"))]));
    let unasked = format!("Warning: the server sent record {OTHER}, which was not asked for\n");
    for command in [
        &["secret", "get", UID][..],
        &["secret", "get", UID, "-f", "password"],
        &["secret", "list", "-u", UID],
        &[
            "secret",
            "notation",
            &format!("keeper://{UID}/field/password"),
        ],
    ] {
        home.ksm(command.iter().copied())
            .fails(3)
            .stdout("")
            .stderr_has(&unasked);
    }
    server.answer(records(&[
        server.record(OTHER, &document("other")),
        server.record(UID, &document("right")),
    ]));
    home.ksm(["secret", "get", UID, "-f", "password"])
        .succeeds()
        .stdout("canary-right")
        .stderr_has(&unasked);
}

#[test]
fn an_unrequested_record_is_not_opened() {
    let (server, stranger) = (LyingServer::start(), LyingServer::start());
    let home = home(&server);
    server.answer(records(&[
        stranger.record(OTHER, &document("canary")),
        server.record(UID, &document("right")),
    ]));
    home.ksm(["secret", "get", UID, "-f", "password"])
        .succeeds()
        .stdout("canary-right")
        .stderr_has(&format!("sent record {OTHER}, which was not asked for"))
        .stderr_lacks("skipped");
}

#[test]
fn one_uid_with_two_contents_is_neither() {
    let server = LyingServer::start();
    let home = home(&server);
    server.answer(records(&[
        server.record(UID, &document("first")),
        server.record(OTHER, &document("good")),
        server.record(UID, &document("second")),
    ]));
    home.ksm(["secret", "list"])
        .succeeds()
        .stdout_has("good")
        .stdout_lacks("first")
        .stdout_lacks("second")
        .stderr_has(&format!("{UID} was skipped: it arrived twice"));
    for command in [
        &["secret", "get", UID][..],
        &[
            "secret",
            "notation",
            &format!("keeper://{UID}/field/password"),
        ],
    ] {
        home.ksm(command.iter().copied())
            .fails(1)
            .stdout("")
            .stderr_has(UID);
    }
}

#[test]
fn a_record_under_another_key_is_damaged_not_missing() {
    let (server, stranger) = (LyingServer::start(), LyingServer::start());
    let home = home(&server);
    server.answer(records(&[stranger.record(UID, &document("canary"))]));
    home.ksm(["secret", "get", UID])
        .fails(1)
        .stdout("")
        .stderr_has(&format!("the record `{UID}` does not open"));
}

#[test]
fn records_that_mean_nothing_stand_beside_good_ones() {
    let server = LyingServer::start();
    let home = home(&server);
    let good = server.record(OTHER, &document("good"));
    let nested = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let mut odd = vec![
        server.record(UID, &json!("canary")),
        server.record(UID, &json!([1])),
        server.record(UID, &json!(null)),
        json!({"recordUid": UID}),
        json!({"recordUid": UID, "recordKey": "!", "data": "!"}),
        json!({"recordUid": UID, "recordKey": "", "data": ""}),
        json!({"recordUid": UID, "recordKey": server.sealed(b"short"), "data": "AAAA"}),
        json!({"recordUid": UID, "recordKey": server.sealed(&[1; 33]), "data": "AAAA"}),
    ];
    let key = [9; 32];
    let seal = |text: &[u8]| {
        let key = ksm::crypto::aead::Key::from_bytes(&key).unwrap();
        ksm::codec::encode(&ksm::crypto::aead::seal(&key, text).unwrap())
    };
    for text in [
        nested.as_bytes(),
        b"{\"title\": \"canary",
        b"\xff\xfe canary",
        b"",
    ] {
        odd.push(json!({"recordUid": UID, "recordKey": server.sealed(&key), "data": seal(text)}));
    }
    for record in odd {
        server.answer(records(&[record.clone(), good.clone()]));
        home.ksm(["secret", "list"])
            .succeeds()
            .stdout_has("good")
            .stderr_has(UID);
        home.ksm(["secret", "get", UID])
            .fails(1)
            .stdout("")
            .stderr_has(UID);
    }
}

#[test]
fn an_answer_of_wrong_json_is_not_quoted() {
    let server = LyingServer::start();
    let home = home(&server);
    for wrong in [
        "",
        "canary",
        "{\"records\": \"canary\"}",
        "{\"records\": [{\"recordUid\": [\"canary\"]}]}",
        "{\"records\": {}}",
        "{\"records\": [",
        "{\"records\": []} canary",
        "{\"expiresOn\": \"canary\"}",
        &format!("{{\"records\": {}", "[".repeat(100_000)),
    ] {
        server.answer(wrong);
        home.ksm(["secret", "list"])
            .fails(5)
            .stdout("")
            .stderr_has("the answer is not the JSON it should be (line 1, column ");
    }
    // Blanks behind it are usual, null and unknown members are nothing special.
    server.answer("{\"records\": null, \"folders\": null, \"extra\": {\"a\": [1]}}   \n");
    home.ksm(["secret", "list", "--json"])
        .succeeds()
        .stdout("[]");
}

#[test]
fn the_servers_warnings_are_passed_on_and_drive_nothing() {
    let server = LyingServer::start();
    let home = home(&server);
    server.answer(json!({"warnings": ["your access ends soon"]}).to_string());
    home.ksm(["--quiet", "secret", "list", "--json"])
        .succeeds()
        .stdout("[]")
        .stderr("Warning: your access ends soon\n");
}

#[test]
fn folders_that_contradict_themselves_end() {
    let server = LyingServer::start();
    let home = home(&server);
    let folder = |uid: &str, parent: Value| json!({"folderUid": uid, "folderKey": server.sealed(&[1; 32]), "parent": parent, "data": "AAAA"});
    server.answer(
        json!({"folders": [
            folder(UID, json!(OTHER)),
            folder(OTHER, json!(UID)),
            folder("self", json!("self")),
            folder("orphan", json!("nowhere")),
        ]})
        .to_string(),
    );
    home.ksm(["secret", "list", "--folder", UID, "-r", "--json"])
        .fails(1)
        .stderr_has("it lies in no shared folder");
}

/// The square of these numbers would take minutes.
#[test]
fn answers_made_to_be_slow_are_not() {
    const MANY: usize = 10_000;
    let (server, stranger) = (LyingServer::start(), LyingServer::start());
    let home = home(&server);
    let key = server.sealed(&[1; 32]);
    let uid = |at: usize| format!("{at:022}");
    // Each lies in the one before.
    let parent = |at: usize| at.checked_sub(1).map(uid);
    let deep =
        (0..MANY).map(|at| json!({"folderUid": uid(at), "folderKey": key, "parent": parent(at)}));
    server.answer(json!({"folders": deep.collect::<Vec<_>>()}).to_string());
    home.ksm(["folder", "list", "-f", &uid(0), "--json"])
        .succeeds()
        .stdout_has(&uid(0));

    // None of these keys opens any of these records.
    let folder = |at| json!({"folderUid": uid(at), "folderKey": key});
    let lost = stranger.record(UID, &document("canary"));
    let good = server.record(OTHER, &document("good"));
    let records: Vec<_> = std::iter::repeat_n(lost, MANY).chain([good]).collect();
    let folders: Vec<_> = (0..MANY).map(folder).collect();
    server.answer(json!({"folders": folders, "records": records}).to_string());
    home.ksm(["secret", "get", "-t", "good", "-f", "password"])
        .succeeds()
        .stdout("canary-good");

    // A long record and short copies of it, which are the same as far as JSON goes.
    let long = format!("{}{}", document("good"), " ".repeat(2 << 20));
    let long = server.record(OTHER, &long);
    let short = server.record(OTHER, &document("good"));
    let records: Vec<_> = [long]
        .into_iter()
        .chain(std::iter::repeat_n(short, MANY / 2))
        .collect();
    server.answer(json!({"records": records}).to_string());
    let listed = home.ksm(["secret", "list", "--json"]).succeeds().json();
    assert_eq!(listed.as_array().unwrap().len(), MANY / 2 + 1);
}

#[test]
fn a_token_answered_without_key_is_reported_as_spent() {
    let server = LyingServer::start();
    let (home, token) = Home::with_token(&server);
    let stranger = LyingServer::start();
    let sealed =
        |key: &[u8]| ksm::codec::encode(&ksm::crypto::aead::seal(&server.client_key, key).unwrap());
    let not_ours = json!({"encryptedAppKey": stranger.sealed(stranger.app_key.expose())});
    let cases = [
        (json!({}), "did not hand over the application key"),
        (json!({"encryptedAppKey": ""}), "did not hand over"),
        (not_ours, "does not open with this one-time token"),
        (json!({"encryptedAppKey": "AAAA"}), "does not open"),
        (
            json!({"encryptedAppKey": sealed(&[1; 31])}),
            "does not open",
        ),
        (json!({"encryptedAppKey": "!"}), ""),
        (
            json!({"encryptedAppKey": sealed(&[1; 32]), "appOwnerPublicKey": "BAAA"}),
            "",
        ),
    ];
    for (answer, said) in cases {
        server.answer(answer.to_string());
        home.command(["profile", "init"])
            .env("KSM_CLI_TOKEN", &token)
            .run()
            .may_write_secrets()
            .fails(5)
            .stdout("")
            .stderr_has("Could not init the profile: ")
            .stderr_has(said);
        // The token is spent, so its keys are worthless.
        assert_eq!(home.files(), [""; 0]);
    }
    let questions = server.payloads();
    // Asked for a record that no vault has, so that no secret comes along.
    let nothing = json!(["AAAAAAAAAAAAAAAAAAAAAA"]);
    assert!(
        questions
            .iter()
            .all(|question| question["requestedRecords"] == nothing)
    );
    server.answer(json!({"encryptedAppKey": sealed(server.app_key.expose())}).to_string());
    home.command(["profile", "init"])
        .env("KSM_CLI_TOKEN", &token)
        .run()
        .succeeds();
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
}
