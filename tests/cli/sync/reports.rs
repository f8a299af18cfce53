//! What is written and what the report says of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{home, sync, vault, words_of};
use crate::support::SecretsManager;

fn column(report: &Value, name: &str) -> Vec<Value> {
    let rows = report["data"].as_array().unwrap().iter();
    rows.map(|row| row[name].clone()).collect()
}

#[test]
fn values_are_printed_and_nobody_is_contacted() {
    let vault = vault();
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    let run = sync(
        &home,
        "-m a keeper://db/field/password -m b db/field/url -m c+x db/field/login -r db -px k/",
    );
    run.succeeds().may_print_secrets();
    let report = run.json();
    assert_eq!(column(&report, "mapKey"), ["a", "b", "c+x", "k/db"]);
    let values = column(&report, "srcValue");
    assert_eq!(
        values[..3],
        [json!("canary-1"), Value::Null, json!("canary-user")]
    );
    assert_eq!(
        values[3],
        json!({"login": "canary-user", "password": "canary-1"})
    );
    assert_eq!(report["status"], json!({"processed": 4, "failed": 0}));
    assert_eq!(
        report["data"][0]["mapNotation"],
        "keeper://db/field/password"
    );
    assert!(
        run.stdout_text()
            .starts_with("{\n  \"data\": [\n    {\n      \"mapKey\": \"a\",\n")
    );
    assert_eq!(aws.calls(), [""; 0]);
    assert_eq!(vault.requests(), ["get_secret"]);
}

/// Both runs with the same words: what is shown is what is done.
const WORDS: &str = "-t aws -m new db/field/password -m old db/field/password -m same db/field/password \
                     -m gone db/field/url -m dead db/field/password -m doc+user db/field/login \
                     -m doc+gone db/field/url -m text+user db/field/login -fr Shop -px k/";

fn store() -> SecretsManager {
    let aws = SecretsManager::with(&[
        ("old", "canary-old"),
        ("same", "canary-1"),
        ("gone", "canary-gone"),
        ("dead", "canary-dead"),
        ("doc", r#"{"other": 5, "user": "canary-old", "gone": "x"}"#),
        ("text", "canary-plain"),
        (
            "k/api",
            r#"{"Env": "prod", "password": "canary-api", "_preserved_plaintext": "y"}"#,
        ),
        ("foreign", "canary-foreign"),
    ]);
    aws.delete("dead");
    aws
}

#[test]
fn a_dry_run_shows_actions_and_no_value() {
    let vault = vault();
    let aws = store();
    let home = home(&vault, &aws);
    let run = sync(&home, &format!("{WORDS} -n"));
    run.succeeds();
    let report = run.json();
    let told = |name: &str| column(&report, name);
    assert_eq!(
        told("action"),
        [
            "create", "update", "keep", "delete", "create", "update", "delete", "create", "keep"
        ]
    );
    assert_eq!(
        Value::from(told("dstExists")),
        json!([false, true, true, true, false, true, true, false, true])
    );
    assert_eq!(
        Value::from(told("dstDiffers")),
        json!([null, true, false, true, null, true, true, null, false])
    );
    assert_eq!(told("srcValue"), vec![Value::Null; 9]);
    let calls = aws.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.starts_with("GetSecretValue ") || call == "DescribeSecret dead"),
        "{calls:?}"
    );
}

#[test]
fn what_differs_is_written_and_told_without_values() {
    let vault = vault();
    let aws = store();
    let home = home(&vault, &aws);
    let run = sync(&home, WORDS);
    run.succeeds()
        .stderr_has("key=gone was deleted from AWS Secrets Manager; it can be restored there")
        .stderr_has(" was taken out of its secret in AWS Secrets Manager");
    let status =
        json!({"processed": 9, "failed": 0, "created": 3, "updated": 2, "deleted": 2, "kept": 2});
    let report = run.json();
    assert_eq!((&report["status"], report.get("data")), (&status, None));
    for (name, text) in [
        ("new", Some("canary-1")),
        ("old", Some("canary-1")),
        ("same", Some("canary-1")),
        ("gone", None),
        ("dead", Some("canary-1")),
        ("doc", Some(r#"{"other":5,"user":"canary-user"}"#)),
        (
            "text",
            Some(r#"{"user":"canary-user","_preserved_plaintext":"canary-plain"}"#),
        ),
        ("foreign", Some("canary-foreign")),
    ] {
        assert_eq!(aws.text(name).as_deref(), text, "{name}");
    }
    assert!(aws.secrets()["gone"].deleted);
    assert_eq!(aws.secrets()["same"].versions, 1);
    assert_eq!(aws.secrets()["k/api"].versions, 1);
    aws.calls();
    let again = sync(&home, WORDS);
    assert_eq!(again.succeeds().json()["status"]["kept"], 9);
    let calls = aws.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.starts_with("GetSecretValue ") || call.starts_with("DescribeSecret ")),
        "{calls:?}"
    );
}

#[test]
fn a_missing_value_is_kept_where_that_is_wanted() {
    let vault = vault();
    let aws = store();
    let home = home(&vault, &aws);
    for missing in ["db/field/url", "nobody/field/login", "db/file/none"] {
        let run = sync(
            &home,
            &format!("-t aws -p -m gone {missing} -m doc+gone {missing}"),
        );
        assert_eq!(run.succeeds().json()["status"]["kept"], 2, "{missing}");
    }
    assert_eq!(aws.text("gone").as_deref(), Some("canary-gone"));
    assert!(
        aws.calls()
            .iter()
            .all(|call| call.starts_with("GetSecretValue "))
    );
}

#[test]
fn a_failed_row_stops_no_other() {
    let vault = vault();
    let aws = store();
    let home = home(&vault, &aws);
    let large = format!("canary{}", "x".repeat(65_536));
    let vault = vault.with(crate::support::login("large").password(&large));
    let run = sync(
        &home,
        "-t aws -m old large/field/password -m doc+x db/field/password[7] -m new db/field/login",
    );
    run.fails(1)
        .stderr_has("Error: 2 of 3 values could not be synced");
    let report = run.json();
    assert_eq!(column(&report, "mapKey"), ["old", "doc+x"]);
    let errors = column(&report, "error");
    assert!(
        errors[0]
            .as_str()
            .unwrap()
            .contains("AWS Secrets Manager takes 65536"),
        "{run}"
    );
    assert!(errors[1].as_str().unwrap().contains("index 7"), "{run}");
    assert_eq!(report["status"]["created"], 1);
    assert_eq!(aws.text("old").as_deref(), Some("canary-old"));
    drop(vault);
}

#[test]
fn a_thousand_secrets_are_copied_and_then_kept() {
    let vault = vault();
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    let maps = (0..1_000).map(|number| format!(" -m n{number} db/field/password"));
    let words = format!("-t aws{}", maps.collect::<String>());
    for told in ["created", "kept"] {
        let run = home
            .command(words_of(&words))
            .timeout(Duration::from_secs(300));
        let run = run.run();
        assert_eq!(run.succeeds().json()["status"][told], 1_000);
    }
    assert_eq!(aws.text("n999").as_deref(), Some("canary-1"));
    assert_eq!(vault.requests(), ["get_secret"; 2]);
}
