//! `ksm secret totp`: the code of the moment, from whatever names its record.

use std::time::SystemTime;

use ksm::vault::totp::Totp;
use serde_json::json;

use crate::support::{Home, Run, Vault, login};

const UID: &str = "-bCdEfGhIjKlMnOpQrStUw";
const ADDRESS: &str = "otpauth://totp/canary?secret=JBSWY3DPEHPK3PXP&issuer=canary&digits=8";

fn vault() -> Vault {
    Vault::start()
        .with(
            login("shop")
                .uid(UID)
                .field("oneTimeCode", json!([ADDRESS])),
        )
        .with(login("own").custom("oneTimeCode", "Second factor", json!([ADDRESS])))
        .with(
            login("both")
                .field("oneTimeCode", json!([]))
                .custom("oneTimeCode", "", json!([ADDRESS]))
                .custom("text", "elsewhere", json!([ADDRESS])),
        )
        .with(login("none").field("oneTimeCode", json!([""])))
        .with(login("bad").field("oneTimeCode", json!(["otpauth://totp/x?secret=canary1"])))
        .with(login("counter").field(
            "oneTimeCode",
            json!(["otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1"]),
        ))
        .with(login("text").field("oneTimeCode", json!(["canary"])))
        .with(login("same"))
        .with(login("same"))
}

/// The code and its seconds left, at this moment.
fn code() -> (String, u64) {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let code = Totp::parse(ADDRESS).unwrap().at(since.unwrap().as_secs());
    (code.digits.expose().clone(), code.seconds_left)
}

/// A run, and the code of its moment: again if a new one came up meanwhile.
fn now(run: impl Fn() -> Run) -> (Run, String, u64) {
    loop {
        let (before, _) = code();
        let run = run();
        let (after, left) = code();
        if before == after {
            return (run, after, left);
        }
    }
}

#[test]
fn a_code_comes_from_whatever_names_its_record() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for args in [
        vec![UID],
        vec!["shop"],
        vec!["own"],
        vec!["both"],
        vec!["keeper://shop"],
        vec!["keeper://own/custom_field/Second factor"],
        vec!["keeper://both/custom_field/elsewhere"],
    ] {
        let said = ["secret", "totp"].into_iter().chain(args);
        let (run, code, _) = now(|| home.ksm(said.clone()));
        run.succeeds().stdout(&code).stderr("");
    }
    let (run, code, left) = now(|| home.ksm(["s", "t", "shop", "--json"]));
    let found = run.succeeds().json();
    assert_eq!(found["code"], code);
    assert_eq!(found["period"], 30);
    let seconds = found["seconds_left"].as_u64().unwrap();
    assert!(
        (left..=left + 5).contains(&seconds),
        "{seconds} and then {left}"
    );
}

#[test]
fn what_makes_no_code_is_told_apart() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (record, status, said) in [
        ("none", 3, "field `oneTimeCode` of `none` is empty"),
        ("missing", 3, "Cannot find a record with the title missing."),
        ("same", 3, "choose one by its UID: "),
        (
            "bad",
            1,
            "the two factor code field appears to be invalid. Please make sure the record is correct: its secret is not base32",
        ),
        ("counter", 1, "its address is of a counter code (HOTP)"),
        ("text", 1, "it is not an otpauth:// address"),
        ("keeper://shop/fields/x", 2, "extra characters"),
        ("keeper://shop/field/login", 3, "Cannot find standard field"),
    ] {
        let run = home.ksm(["secret", "totp", record]);
        run.fails(status).stdout("").stderr_has(said);
    }
    home.ksm(["secret", "totp"]).fails(2);
}
