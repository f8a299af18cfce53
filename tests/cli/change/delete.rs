//! `ksm secret delete`.

use serde_json::json;

use super::{DASHED, DB, LOCKED, NOWHERE, WEB, vault};
use crate::support::{Fault, FaultProxy, Home};

#[test]
fn each_record_is_told_about() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let run = home.ksm([
        "secret", "delete", "-u", WEB, "-u", NOWHERE, "-u", LOCKED, "-u", WEB,
    ]);
    let filled = " ".repeat("the record is read-only".len());
    run.fails(1)
        .stdout(format!(
            "\n UID                     Response Code  Error\n ----------------------- -------------- \
             -----------------------\n {WEB}  ok             {filled}\n {LOCKED}  access_denied  the record is \
             read-only\n {NOWHERE}  n/a            Not found\n\n"
        ))
        .stderr("Error: 2 of 3 records could not be deleted\n");
    assert_eq!(vault.requests(), ["delete_secret"]);
    assert!(!vault.uids().contains(WEB) && vault.uids().contains(LOCKED));

    let run = home.ksm(["secret", "delete", "--json", "-u", DB, DASHED]);
    run.succeeds().stderr("");
    let gone = |uid: &str| json!({"uid": uid, "responseCode": "ok", "error": ""});
    assert_eq!(run.json(), json!([gone(DB), gone(DASHED)]));
}

#[test]
fn an_ambiguous_title_or_notation_deletes_nothing() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (named, code, said) in [
        (
            "Twin",
            3,
            format!(
                "choose one by its UID: {DASHED} (login, in no folder), {DB} (login in `Root`)"
            ),
        ),
        (
            "twin",
            3,
            "Cannot find a record with the title twin.".to_owned(),
        ),
        (
            "keeper://Twin",
            3,
            "2 records have the title Twin".to_owned(),
        ),
        ("keeper://a/b", 2, "bad selector".to_owned()),
        (
            "keeper://My Website/field/login",
            2,
            "the whole record is meant here\nHint: `keeper://My Website` names the record"
                .to_owned(),
        ),
        ("", 2, "Empty strings are not allowed".to_owned()),
    ] {
        let run = home.ksm(["secret", "delete", "-u", WEB, "-u", named]);
        run.fails(code).stdout("").stderr_has(&said);
    }
    assert!(vault.uids().contains(WEB));
    home.ksm([
        "secret",
        "delete",
        "My Website",
        &format!("keeper://{DASHED}"),
    ])
    .succeeds();
    assert!(!vault.uids().contains(WEB) && !vault.uids().contains(DASHED));
    home.ksm(["secret", "delete"])
        .fails(2)
        .stderr_has("Missing argument 'RECORD...'.");
}

#[test]
fn a_partial_failure_still_writes_the_output_file() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "delete", "--json", "-u", NOWHERE, "-o", "answer"])
        .fails(3)
        .stdout("");
    assert!(home.read("answer").contains("\"Not found\""));
}

#[test]
fn a_lost_answer_is_not_asked_for_again() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for (fault, is_gone) in [(Fault::Drop, false), (Fault::LoseAnswer, true)] {
        faults.next(fault.clone());
        let run = home.ksm(["secret", "delete", WEB]);
        run.fails(5)
            .stdout("")
            .stderr_has(&format!(
                "Error: Could not delete records: it is not known whether record {WEB} was deleted: "
            ))
            .stderr_has("Hint: `ksm secret list` shows what is still there");
        assert_eq!(!vault.uids().contains(WEB), is_gone, "{fault:?}");
    }
    assert_eq!(vault.requests(), ["delete_secret"]);
}

#[test]
fn a_record_that_may_only_be_read_is_refused() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "delete", "-u", LOCKED])
        .fails(4)
        .stderr_has("whoever shares it can allow changes (`Can Edit`)");
}
