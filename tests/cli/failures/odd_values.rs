//! Values that are no JSON, as other clients write them: they are damaged, and what stands beside them is not (C5).

use serde_json::json;

use crate::support::{Home, LyingServer, UID};

const ODD: [&str; 8] = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1.5e999",
    r#""canary\ud800""#,
    r#"{"a": "\udc00"}"#,
    r#"[1, NaN]"#,
];

fn home(server: &LyingServer) -> Home {
    let mut home = Home::trusting(server);
    home.set("KSM_CONFIG", server.config());
    home
}

fn answer(server: &LyingServer, document: &str) {
    let record = server.record(UID, &document);
    server.answer(json!({"records": [record]}).to_string());
}

#[test]
fn an_odd_value_damages_nothing_beside_it() {
    let server = LyingServer::start();
    let home = home(&server);
    let reference = format!("P=keeper://{UID}/field/odd");
    home.write("t", format!("keeper://{UID}/field/odd"));
    for value in ODD {
        let document = format!(
            r#"{{"title": "t", "type": "login", "notes": "n", "fields": [{{"type": "login", "value": ["alice"]}},
                {{"type": "text", "label": "odd", "value": [{value}]}}], "custom": [{{"type": "text", "label": "other",
                "value": ["NaN"]}}]}}"#
        );
        answer(&server, &document);
        for (command, expected) in [
            (&["secret", "get", UID, "-f", "login"][..], "alice"),
            (&["secret", "get", "-t", "t", "-f", "other"], "NaN"),
            (
                &["secret", "notation", &format!("{UID}/field/login")],
                "alice",
            ),
            (&["secret", "notation", "t/field/login"], "alice"),
            (&["secret", "notation", "t/notes"], "n"),
        ] {
            let run = home.ksm(command.iter().copied());
            run.succeeds().stdout(expected);
            run.stderr_has(&format!("{UID}: its field `odd` was skipped"));
        }
        home.ksm(["secret", "list"]).succeeds().stdout_has(UID);
        home.ksm(["secret", "get", UID])
            .succeeds()
            .stdout_has("alice")
            .stdout_has("(damaged)");
        home.ksm(["secret", "get", UID, "--json"])
            .succeeds()
            .stdout_has("alice");
        for (command, code) in [
            (&["secret", "get", UID, "-f", "odd"][..], 1),
            (&["secret", "notation", &format!("{UID}/field/odd")], 1),
            (&["secret", "notation", &format!("{UID}/field/odd[]")], 1),
            (&["secret", "notation", "t/field/odd"], 1),
            (&["interpolate", "t"], 1),
            (&["exec", "-e", &reference, "true"], 125),
        ] {
            let run = home.ksm(command.iter().copied());
            run.fails(code).stdout("").stderr_has("damaged");
        }
    }
}

#[test]
fn odd_texts_are_damaged_one_by_one() {
    let server = LyingServer::start();
    let home = home(&server);
    answer(
        &server,
        r#"{"title": "a\ud800b", "type": "login", "notes": NaN,
            "fields": [{"type": "login", "label": "\udc00", "value": ["alice"]}]}"#,
    );
    home.ksm(["secret", "list"])
        .succeeds()
        .stdout_has("a\u{fffd}b");
    home.ksm(["secret", "notation", &format!("{UID}/field/login")])
        .succeeds()
        .stdout("alice");
    for part in ["notes", "title"] {
        home.ksm(["secret", "notation", &format!("{UID}/{part}")])
            .fails(1)
            .stdout("")
            .stderr_has(&format!("its {part} has no value"));
    }
}
