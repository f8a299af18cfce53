//! `ksm secret update`.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{DASHED, LOCKED, NOWHERE, WEB};
use crate::support::{Fault, FaultProxy, Home, Run, Server, Vault, record};

const CARD: &str = "CardAAAAAAAAAAAAAAAAAA";

fn vault() -> Vault {
    super::vault().with(
        record("contact", "Card")
            .uid(CARD)
            .member("unknown", json!({"n": 1.5}))
            .field("name", json!([{"first": "A", "last": "B"}]))
            .field("email", json!([]))
            .field("odd", json!("bare"))
            .labelled("text", "a=b", json!(["1"]))
            .labelled("text", "a", json!(["2"]))
            .custom("secret", "Key", json!(["canary-6", "more"]))
            .custom("text", "", json!([])),
    )
}

/// The vault's record without what is not to be compared.
fn fields(vault: &Vault, uid: &str) -> Value {
    let record = vault.record_json(uid);
    json!([record["fields"], record["custom"]])
}

#[test]
fn one_field_is_set_and_nothing_else() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (arguments, path, expected) in [
        (
            &["--field", "email=a@b"][..],
            "/fields/1/value",
            json!(["a@b"]),
        ),
        (
            &["--field", "'email=x y'"],
            "/fields/1/value",
            json!(["x y"]),
        ),
        (
            &["--field", "email=email=xemail=y"],
            "/fields/1/value",
            json!(["email=xemail=y"]),
        ),
        (
            &["--field", "email=12345"],
            "/fields/1/value",
            json!(["12345"]),
        ),
        (&["--field", "email="], "/fields/1/value", json!([""])),
        (&["--field", "a=b=c"], "/fields/3/value", json!(["c"])),
        (&["--field", "a=b"], "/fields/4/value", json!(["b"])),
        (&["--field", "odd=new"], "/fields/2/value", json!(["new"])),
        (
            &["--field-json", r#"name={"first":"C"}"#],
            "/fields/0/value",
            json!([{"first": "C"}]),
        ),
        (
            &["--field", r#"name={"first":"D"}"#],
            "/fields/0/value",
            json!([{"first": "D"}]),
        ),
        (
            &["--field-json", r#"email=["x","y"]"#],
            "/fields/1/value",
            json!(["x", "y"]),
        ),
        (
            &["--custom-field", "Key=canary-7"],
            "/custom/0/value",
            json!(["canary-7"]),
        ),
        (
            &["--custom-field", "text=t"],
            "/custom/1/value",
            json!(["t"]),
        ),
        (
            &["--custom-field-json", "text=null"],
            "/custom/1/value",
            json!([null]),
        ),
        (&["-t", "New"], "/title", json!("New")),
        (&["-n", "said"], "/notes", json!("said")),
    ] {
        let mut wanted = vault.record_json(CARD);
        home.ksm([&["secret", "update", "-u", CARD], arguments].concat())
            .succeeds()
            .stdout("")
            .stderr_lacks("Error");
        if path == "/notes" {
            wanted["notes"] = Value::Null;
        }
        *wanted.pointer_mut(path).unwrap() = expected;
        assert_eq!(vault.record_json(CARD), wanted, "{arguments:?}");
    }
}

#[test]
fn an_empty_stdin_or_file_empties_no_field() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("empty", "");
    home.write("line", "\r\n");
    let before = vault.record_json(CARD);
    for (from, said) in [
        ("Key=-", "stdin was empty; `Key` was not changed"),
        ("Key=empty", "empty was empty; `Key` was not changed"),
        (
            "Key=line",
            "line held no more than a line end; `Key` was not changed",
        ),
    ] {
        for more in [&[][..], &["--dry-run"]] {
            let command = ["secret", "update", CARD, "--custom-field-from", from];
            let run = home.command([&command[..], more].concat()).stdin("").run();
            run.fails(2)
                .stdout("")
                .stderr_has(said)
                .stderr_has("--allow-empty");
        }
    }
    assert_eq!(vault.record_json(CARD), before);
    assert_eq!(vault.requests(), [""; 0]);

    let allowed = [
        "secret",
        "update",
        CARD,
        "--custom-field-from",
        "Key=-",
        "--allow-empty",
    ];
    let shown = home
        .command([&allowed[..], &["--dry-run"]].concat())
        .stdin("")
        .run();
    let shown = shown.succeeds().stdout_text().to_owned();
    assert_eq!(shown.matches("****").count(), 2, "{shown}");
    home.command(allowed).stdin("").run().succeeds();
    assert_eq!(fields(&vault, CARD)[1][0]["value"], json!([""]));
}

#[test]
fn values_come_from_files_and_stdin() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("pem", "canary-8\nsecond line\n");
    let command = [
        "secret",
        "update",
        CARD,
        "--field-from",
        "email=pem",
        "--custom-field-from",
        "Key=-",
    ];
    home.command(command).stdin("canary-9\n\n").run().succeeds();
    let now = fields(&vault, CARD);
    assert_eq!(now[0][1]["value"], json!(["canary-8\nsecond line"]));
    assert_eq!(now[1][0]["value"], json!(["canary-9\n"]));
    home.command(command).stdin("canary-9").run().succeeds();
    let kept = [&command[..], &["--keep-newline"]].concat();
    home.command(kept).stdin("canary-9\n").run().succeeds();
    let now = fields(&vault, CARD);
    assert_eq!(now[0][1]["value"], json!(["canary-8\nsecond line\n"]));
    assert_eq!(now[1][0]["value"], json!(["canary-9\n"]));
    home.ksm(["secret", "update", CARD, "--field-from", "text[a=b]=pem"])
        .succeeds();
    let now = fields(&vault, CARD);
    assert_eq!(now[0][3]["value"], json!(["canary-8\nsecond line"]));
    // Local mistakes show before the vault is asked.
    vault.forget_requests();
    for (arguments, code, said) in [
        (["--field-from", "email=absent"], 2, "cannot read absent: "),
        (["--field-from", "canary"], 2, "write NAME=PATH"),
        (["--field-from", "email="], 2, "write NAME=PATH"),
        (
            ["--field-from=email=-", "--field-from=a=-"],
            2,
            "only one value can be read from stdin",
        ),
    ] {
        let run = home.ksm([&["secret", "update", CARD], &arguments[..]].concat());
        run.fails(code).stderr_has(said);
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let before = vault.record_json(CARD);
    for (arguments, code, said) in [
        (
            &["--field", "emial=canary"][..],
            3,
            "Error: Could not update record: Cannot find the field/custom_field label or type for emial.\nHint: \
             did you mean `email`? `Card` has name, email, odd, a=b, a; custom: Key, text; `--add` adds another\n",
        ),
        (
            &["--field", "name=canary"],
            2,
            "the field name holds objects, and not a text",
        ),
        (
            &["--field-json", "name=\"canary\""],
            2,
            "the field name holds objects, and not a text",
        ),
        (
            &["--field-json", "email=[canary"],
            2,
            "The value is not valid JSON for email",
        ),
        (
            &["--field-json", "email=1e400"],
            2,
            "Error: Could not update record: the value holds a number that is too large for JSON",
        ),
        (
            &["--field-json", "email=-1e99999"],
            2,
            "a number that is too large for JSON",
        ),
        (
            &["--field-json", "email=[1,1e400]"],
            2,
            "a number that is too large for JSON",
        ),
        (
            &["--add", "--custom-field-json", r#"x={"a":1e999}"#],
            2,
            "the field x holds texts or numbers, and not a list or an object",
        ),
        (
            &["--field-json", r#"name={"first":1e999}"#],
            2,
            "a number that is too large for JSON",
        ),
        (
            &["--field-json", "email=[[]]", "--dry-run"],
            2,
            "the field email holds texts or numbers, and not a list or an object",
        ),
        (
            &["--field-json", "email={}"],
            2,
            "and not a list or an object",
        ),
        (
            &["--field", "email=canary", "--field", "email=canary"],
            2,
            "Error: the field email is given twice\nHint: `--field-json NAME=[…]` sets several values\n",
        ),
        (
            &[
                "--add",
                "--custom-field",
                "new=canary",
                "--custom-field",
                "text[new]=canary",
            ],
            2,
            "Error: the field text[new] is given twice",
        ),
        (&["-t", " "], 2, "Empty strings are not allowed"),
        (&["--field", "canary"], 2, "a value is given as NAME=VALUE"),
        (
            &["--field", "canary=="],
            3,
            "label or type for an argument.",
        ),
        (&["--add", "--field", "emial=x"], 2, "did you mean `email`?"),
        // The first one would fit.
        (
            &["--field", "email=x", "--custom-field", "email=x"],
            3,
            "it is a standard field: `--field` sets it",
        ),
    ] {
        let run = home.ksm([&["secret", "update", CARD], arguments].concat());
        run.fails(code).stdout("").stderr_has(said);
        assert_eq!(vault.record_json(CARD), before, "{arguments:?}");
    }
    for (arguments, code, said) in [
        (
            &["-u", NOWHERE, "-t", "x"][..],
            3,
            "Error: Cannot find a record for UID NowhereAAAAAAAAAAAAAAA.",
        ),
        (&["Twin", "-t", "x"], 3, "choose one by its UID: -Dashed"),
        (&["-t", "x"], 2, "Missing argument 'RECORD'."),
        (
            &["-u", CARD, "-t", "x", "--json"],
            2,
            "Missing option '--dry-run'.",
        ),
    ] {
        home.ksm([&["secret", "update"], arguments].concat())
            .fails(code)
            .stderr_has(said);
    }
}

#[test]
fn records_are_named_in_every_way() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (named, uid) in [
        (&["My Website"][..], WEB),
        (&["keeper://Card"], CARD),
        (&[DASHED], DASHED),
        (&["-u", DASHED], DASHED),
        (&["--uid=-DashedAAAAAAAAAAAAAAA"], DASHED),
    ] {
        let notes = format!("{named:?}");
        home.ksm([&["secret", "update"], named, &["-n", &notes]].concat())
            .succeeds();
        assert_eq!(vault.record_json(uid)["notes"], notes);
    }
}

#[test]
fn fields_that_do_not_exist_are_added_on_request() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let command = [
        "secret",
        "update",
        WEB,
        "--add",
        "--field",
        "email=a@b",
        "--custom-field",
        "My Label=v",
        "--custom-field",
        "secret[API]=canary-7",
        "--custom-field-json",
        r#"phone[Home]={"number":"1"}"#,
        "--field",
        "login=there",
    ];
    for _ in 0..2 {
        home.ksm(command).succeeds();
        let now = fields(&vault, WEB);
        assert_eq!(now[0][0], json!({"type": "login", "value": ["there"]}));
        assert_eq!(now[0][3], json!({"type": "email", "value": ["a@b"]}));
        assert_eq!(
            now[1],
            json!([
                {"type": "text", "label": "My Label", "value": ["v"]},
                {"type": "secret", "label": "API", "value": ["canary-7"]},
                {"type": "phone", "label": "Home", "value": [{"number": "1"}]},
            ])
        );
    }
}

#[test]
fn a_dry_run_shows_changes_without_secrets() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let before = vault.record_json(WEB);
    let command = [
        "secret",
        "update",
        WEB,
        "--dry-run",
        "--field",
        "password=canary-7",
        "--field",
        "login=ada",
        "-t",
        "New",
        "--field",
        "url=https://x",
        "--add",
        "--custom-field",
        "pinCode=canary-8",
    ];
    let run = home.ksm(command);
    run.succeeds().stderr("").stdout_lacks("login");
    let lines = run
        .stdout_text()
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<_> = lines.collect();
    for row in [
        "title My Website New",
        "field password **** ****",
        "field url https://x",
        "custom_field pinCode ****",
    ] {
        assert!(lines.contains(&row.to_owned()), "{row}\n{run}");
    }
    let run = home.ksm([&command[..], &["--json"]].concat());
    let change = |what: &str, name: &str, before: Value, after: Value| json!({"what": what, "name": name, "before": before, "after": after});
    assert_eq!(
        run.succeeds().json(),
        json!({"uid": WEB, "changes": [
            change("title", "", json!("My Website"), json!("New")),
            change("field", "password", json!(["****"]), json!(["****"])),
            change("field", "url", json!([]), json!(["https://x"])),
            change("custom_field", "pinCode", Value::Null, json!(["****"])),
        ]})
    );
    assert_eq!(vault.record_json(WEB), before);
    assert!(!vault.requests().contains(&"update_secret"));
}

#[test]
fn nothing_to_change_is_no_change() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "update", "-u", WEB])
        .succeeds()
        .stdout("")
        .stderr("Nothing was given to change; the record stays as it is.\n");
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[test]
fn a_record_that_is_like_that_is_not_saved() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for same in [
        &["--field", "a=b=1"][..],
        &["--field-json", "name={\"first\": \"A\", \"last\":\"B\"}"],
        &[
            "-t",
            "Card",
            "--custom-field-json",
            "Key=[\"canary-6\", \"more\"]",
        ],
    ] {
        let update = ["secret", "update", CARD];
        home.ksm(update.iter().chain(same).copied())
            .succeeds()
            .stdout("")
            .stderr("The record is like that already; nothing was saved.\n");
    }
    assert_eq!(vault.requests(), ["get_secret"; 3]);
    home.ksm(["secret", "update", CARD, "--field", "a=b=2"])
        .succeeds()
        .stderr("");
    assert!(vault.requests().contains(&"update_secret"));
}

#[test]
fn members_that_a_type_lacks_are_told() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let update = |json: &str| home.ksm(["secret", "update", CARD, "--field-json", json]);
    let warning = "Warning: the value of `name` has no member `frist`; there are first, middle, last (did you mean `first`?); \
                   it is stored all the same\n";
    update(r#"name={"frist": "A"}"#).succeeds().stderr(warning);
    // It is there already.
    update(r#"name={"frist": "B"}"#).succeeds().stderr("");
    update(r#"odd={"frist": "B"}"#).succeeds().stderr("");
    assert_eq!(fields(&vault, CARD)[0][0]["value"], json!([{"frist": "B"}]));
}

#[test]
fn a_read_only_record_is_reported_as_such() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "update", "-u", LOCKED, "-t", "x"]).fails(4).stdout("").stderr(&format!(
        "Error: Could not save record: access_denied, message=record {LOCKED} is read-only\nHint: the application may \
         be allowed only to read it; whoever shares it can allow changes (`Can Edit`)\n"
    ));
}

/// Runs `update` while another client changes the record `times` times, each time just before ours is written: it is
/// told to wait a moment.
fn overtaken(vault: &Vault, arguments: &[&str], times: usize) -> Run {
    let faults = FaultProxy::before(vault);
    let home = Home::configured_for(&faults);
    for time in 0..times {
        // After the first time: what is refused, what is looked at to see why, what is read anew.
        for _ in 0..if time == 0 { 1 } else { 3 } {
            faults.next(Fault::None);
        }
        faults.next(Fault::throttled(1.0));
    }
    let running = home
        .command([&["secret", "update", WEB], arguments].concat())
        .spawn();
    for time in 1..=times {
        let written = || {
            let requests = faults.requests();
            requests
                .iter()
                .filter(|request| *request == "update_secret")
                .count()
        };
        // The second of two waits is the third time the change is sent.
        while written() < 2 * time - 1 {
            thread::sleep(Duration::from_millis(10));
        }
        let mut theirs = vault.record_json(WEB);
        // No two changes are alike, so that none can be taken for another.
        let login = theirs["fields"][0]["value"][0].as_str().unwrap();
        theirs["fields"][0]["value"] = json!([format!("{login}+")]);
        vault.edit(WEB, &theirs);
    }
    running.wait(&home)
}

#[test]
fn a_stale_update_is_refused_or_retried_once() {
    let vault = vault();
    let ours = ["-t", "ours"];
    overtaken(&vault, &ours, 1).fails(4).stdout("").stderr_has(&format!(
        "Error: Could not save record: record {WEB} was changed meanwhile: it is at revision 2, and 1 was read\nHint: \
         nothing was written; `--retry` does it again, to what the record is now\n"
    ));
    assert_eq!(vault.record_json(WEB)["title"], "My Website");

    overtaken(&vault, &["-t", "ours", "--retry"], 1)
        .succeeds()
        .stdout("");
    let now = vault.record_json(WEB);
    assert_eq!(
        (&now["title"], &now["fields"][0]["value"]),
        (&json!("ours"), &json!(["ada++"]))
    );

    let again = ["-t", "ours again", "--retry"];
    overtaken(&vault, &again, 2)
        .fails(4)
        .stderr_has("was changed meanwhile");
    let now = vault.record_json(WEB);
    assert_eq!(
        (&now["title"], &now["fields"][0]["value"]),
        (&json!("ours"), &json!(["ada++++"]))
    );
}

#[test]
fn an_interrupted_update_leaves_the_old_or_new_record() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for (number, (requests_before, fault, is_written)) in [
        (0, Fault::denied(), false),
        (1, Fault::Drop, false),
        (1, Fault::LoseAnswer, true),
        (1, Fault::answer(502, "<html>Bad Gateway</html>"), false),
        (1, Fault::answer(500, ""), false),
    ]
    .into_iter()
    .enumerate()
    {
        faults.clear();
        faults.forget_requests();
        let before = vault.record_json(WEB);
        for _ in 0..requests_before {
            faults.next(Fault::None);
        }
        faults.next(fault.clone());
        let title = format!("title {number}");
        let run = home.ksm(["secret", "update", WEB, "-t", &title]);
        if requests_before == 1 {
            run.fails(5)
                .stderr_has(&format!(
                    "Error: Could not save record: it is not known whether record {WEB} was changed: "
                ))
                .stderr_has(&format!("Hint: `ksm secret get {WEB}` shows what it is now"));
        } else {
            run.fails(4);
        }
        let mut expected = before;
        if is_written {
            expected["title"] = json!(title);
        }
        assert_eq!(vault.record_json(WEB), expected, "{fault:?}");
        // A write is sent once.
        let sent = faults.requests();
        assert_eq!(
            sent.iter()
                .filter(|request| *request == "update_secret")
                .count(),
            requests_before
        );
    }
}
