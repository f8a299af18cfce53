//! Authentic answers that hold far too many things, or lists where objects belong (C5, R1).

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::large::measured;
use crate::support::{Fault, FaultProxy, Home, LyingServer, UID, Vault, login};

const MIB: usize = 1 << 20;

fn home(server: &LyingServer) -> Home {
    let mut home = Home::trusting(server);
    home.set("KSM_CONFIG", server.config());
    home
}

/// `{"NAME":[ITEM,ITEM,…]}` of about `size` bytes.
fn list(name: &str, item: &str, size: usize) -> String {
    let items = vec![item; size / (item.len() + 1)].join(",");
    format!("{{\"{name}\":[{items}]}}")
}

#[test]
fn an_answer_takes_memory_in_proportion() {
    let server = LyingServer::start();
    let home = home(&server);
    let files = list("files", "{}", 3 * MIB);
    for (answer, most) in [
        (list("records", "{}", 3 * MIB), 64),
        (list("records", "{}", 8 * MIB), 96),
        (list("folders", "{}", MIB), 64),
        (list("warnings", "\"\"", MIB), 64),
        (list("records", r#"{"recordUid":"A"}"#, 3 * MIB), 64),
        (list("records", r#"{"links":[{},{},{},{}]}"#, 3 * MIB), 64),
        (format!(r#"{{"records":[{files}]}}"#), 64),
        // Within the budget, but none opens.
        (
            list(
                "records",
                &json!({"recordUid": UID, "recordKey": "A".repeat(80)}).to_string(),
                3 * MIB,
            ),
            64,
        ),
    ] {
        server.answer(answer.as_str());
        let (peak, _) = measured(home.command(["secret", "list"]));
        let shown = &answer[..60];
        assert!(peak < most * MIB, "{} MiB for {shown}", peak / MIB);
    }
    server.answer(list("records", "{}", MIB));
    for command in [
        &["secret", "list"][..],
        &["secret", "get", UID],
        &["secret", "notation", &format!("{UID}/type")],
        &["folder", "list"],
    ] {
        let run = home.ksm(command.iter().copied());
        run.fails(5).stdout("").stderr_has("and at most");
        assert!(run.stderr_text().len() < 1024, "{run}");
    }
}

/// The server, the storage of files, and that of uploads send for ever; the most is what the limits say, and once.
#[test]
fn what_never_ends_is_cut_at_its_limit() {
    let vault = Vault::start().with(login("db").uid(UID).file("key.pem", "canary-file\n"));
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    home.write("new", "canary");
    let file = format!("keeper://{UID}/file/key.pem");
    for (path, command, limit) in [
        ("get_secret", &["secret", "list"][..], 512),
        ("/files/", &["secret", "notation", &file], 64),
        (
            "/uploads/",
            &["secret", "upload", "-u", UID, "-f", "new"],
            1,
        ),
    ] {
        faults.clear();
        faults.on(path, Fault::Endless);
        let start = Instant::now();
        let (peak, status) = measured(home.command(command.iter().copied()));
        assert_eq!(status.code(), Some(5), "{path}");
        assert!(peak < (limit + 64) * MIB, "{path}: {} MiB", peak / MIB);
        assert!(start.elapsed() < Duration::from_secs(60), "{path}");
    }
}

#[test]
fn what_is_skipped_or_said_is_counted() {
    let server = LyingServer::start();
    let home = home(&server);
    let good = server.record(
        UID,
        &json!({"title": "good", "type": "login", "fields": []}),
    );
    let warnings: Vec<_> = (0..5_000).map(|at| format!("warning {at}")).collect();
    let mut records = vec![json!({}); 5_000];
    records.push(good);
    server.answer(json!({"records": records, "warnings": warnings}).to_string());
    let run = home.ksm(["secret", "list"]);
    run.succeeds().stdout_has("good");
    run.stderr_has("4990 more records")
        .stderr_has("4990 more warnings");
    assert!(run.stderr_text().lines().count() < 30, "{run}");
}

/// A reader that is derived would take `["A", …]` for an object with these members in order.
#[test]
fn a_list_is_no_object() {
    let server = LyingServer::start();
    let mut home = home(&server);
    let mut config: Value = serde_json::from_str(&server.config()).unwrap();
    let owner = ksm::crypto::signing::SigningKey::generate()
        .unwrap()
        .public_key();
    config["appOwnerPublicKey"] = ksm::codec::encode_url(&owner.to_bytes()).into();
    home.set("KSM_CONFIG", config.to_string());
    home.write("new", "canary");
    for answer in [
        "[]",
        " [] ",
        "[null]",
        "[{}]",
        r#"["", "", ""]"#,
        "null",
        "7",
        "true",
        r#""""#,
        "",
        r#"{"records":[[]]}"#,
        r#"{"records":{}}"#,
        r#"{"records":[["A","B","C",1,true]]}"#,
        r#"{"records":[{"files":[[]]}]}"#,
        r#"{"records":[{"links":[[]]}]}"#,
        r#"{"folders":[[]]}"#,
        r#"{"folders":[{"records":[[]]}]}"#,
        r#"{"folders":[]}x"#,
    ] {
        server.answer(answer);
        for command in [
            &["secret", "list"][..],
            &["secret", "get", UID],
            &["folder", "list"],
            &["secret", "delete", UID],
            &["secret", "upload", "-u", UID, "--file", "new"],
        ] {
            let run = home.ksm(command.iter().copied());
            // Deletions name things in lists of their own.
            if !(command.contains(&"delete") && answer.starts_with('{')) {
                run.fails(5);
            }
        }
    }
}
