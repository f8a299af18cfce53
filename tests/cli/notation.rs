//! `ksm secret notation`: the value to the byte, the requests it takes, and each class of failure.

use serde_json::json;

use crate::support::{Home, Server, UID, Vault, login, record};

const CARD: &str = "CcCdEfGhIjKlMnOpQrStUw";
const ADDRESS: &str = "DdCdEfGhIjKlMnOpQrStUw";
const GONE: &str = "GgCdEfGhIjKlMnOpQrStUw";
const BROKEN: &str = "BbCdEfGhIjKlMnOpQrStUw";

fn vault() -> Vault {
    Vault::start()
        .with(
            login("db/prod")
                .uid(UID)
                .password("canary-1\n")
                .custom("text", "Many", json!(["canary-2", "canary-é"]))
                .custom("cardRef", "Card", json!([CARD]))
                .custom("checkbox", "Flag", json!([false]))
                .attachment(json!({"name": "raw.bin", "base64": "AP9jYW5hcnkA"})),
        )
        .with(
            record("bankCard", "card")
                .uid(CARD)
                .field("pinCode", json!(["canary-3"]))
                .field("addressRef", json!([ADDRESS])),
        )
        .with(
            record("address", "home")
                .uid(ADDRESS)
                .field("address", json!([{"city": "canary-4"}])),
        )
        .with(login("same"))
        .with(login("same"))
}

#[test]
fn the_value_and_nothing_else() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let cases: [(&str, &[u8]); 9] = [
        ("keeper://UID/field/password", b"canary-1\n"),
        ("UID/FIELD/Password", b"canary-1\n"),
        (
            r"keeper://db\/prod/custom_field/Many[1]",
            "canary-é".as_bytes(),
        ),
        (
            "keeper://UID/custom_field/Many[]",
            br#"["canary-2", "canary-\u00e9"]"#,
        ),
        ("keeper://UID/custom_field/Flag", b"false"),
        ("keeper://UID/notes", b""),
        ("keeper://UID/file/raw.bin", b"\0\xffcanary\0"),
        (
            "keeper://UID/custom_field/Card",
            br#"{"pinCode": "canary-3", "city": "canary-4"}"#,
        ),
        ("keeper://UID/custom_field/Card[city]", b"canary-4"),
    ];
    for (notation, expected) in cases {
        let run = home.ksm(["secret", "notation", &notation.replace("UID", UID)]);
        run.succeeds().stdout(expected).stderr("");
    }
}

/// Whoever may edit one record could otherwise take the place of another (C6, D30).
#[test]
fn what_is_a_uid_is_no_title() {
    let lookalike = "no-such-record-22-char";
    let vault = vault()
        .with(login(GONE).password("canary-false"))
        .with(login(lookalike).password("canary-6"));
    let home = Home::bound_to(&vault);
    let field = format!("{GONE}/field/password");
    let reference = format!("keeper://{field}");
    let record = format!("keeper://{GONE}");
    home.write("t", format!("a: {reference}\n"));
    let assignment = format!("P={reference}");
    for command in [
        &["secret", "notation", &field][..],
        &["secret", "get", GONE],
        &["secret", "get", GONE, "-f", "password"],
        &["secret", "totp", GONE],
        &["secret", "update", GONE, "--field", "password=x"],
        &["secret", "update", &record, "--field", "password=x"],
        &[
            "secret",
            "download",
            "-u",
            GONE,
            "--name",
            "raw.bin",
            "--file-output",
            "x",
        ],
        &["secret", "upload", "-u", GONE, "--file", "t"],
        &["secret", "add", "clone", "-u", GONE, "--title", "x"],
        &["interpolate", "t"],
        &["exec", "-e", &assignment, "true"],
        // Beside names of records, for which everything is fetched.
        &[
            "exec",
            "-e",
            &assignment,
            "-e",
            "T=same/type",
            "-e",
            "H=home/title",
            "true",
        ],
    ] {
        let run = home.ksm(command.iter().copied());
        run.fails(if command.contains(&"exec") { 125 } else { 3 });
        run.stdout_lacks("canary").stderr_lacks("canary-false");
    }
    home.ksm(["secret", "get", "-t", GONE, "-f", "password"])
        .succeeds()
        .stdout("canary-false");
    home.ksm(["secret", "notation", &format!("{lookalike}/field/password")])
        .succeeds()
        .stdout("canary-6");
}

#[test]
fn as_few_requests_as_can_be() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let cases: [(String, &[&str]); 5] = [
        (format!("{UID}/field/password"), &["get_secret"]),
        ("home/type".to_owned(), &["get_secret"]),
        (
            format!("{UID}/custom_field/Card[city]"),
            &["get_secret", "get_secret", "get_secret"],
        ),
        ("no-such-record-22-char/type".to_owned(), &["get_secret"]),
        (format!("{GONE}/type"), &["get_secret"]),
    ];
    for (notation, expected) in cases {
        vault.forget_requests();
        home.ksm(["secret", "notation", &notation])
            .may_print_secrets();
        assert_eq!(vault.requests(), expected, "{notation}");
    }
}

#[test]
fn each_failure_has_its_code_and_words() {
    let vault = vault().with(login("broken").uid(BROKEN));
    vault.garble(BROKEN);
    let home = Home::configured_for(&vault);
    let cases = [
        (
            "UID/fields/login",
            2,
            "extra characters after last section, from character 31",
        ),
        ("UID", 2, "plaintext URI or URL safe base64 string expected"),
        (
            "keeper://UID/field",
            2,
            "name of the field or file is missing",
        ),
        (
            "keeper://none/type",
            3,
            "no records match record UID/Title: 'none'",
        ),
        (
            "keeper://same/type",
            3,
            "multiple records match record UID/Title: 'same' (",
        ),
        ("UID/field/none", 3, "Cannot find standard field 'none'"),
        (
            "UID/custom_field/Many[2]",
            3,
            "The value at index 2 does not exist for 'Many'.",
        ),
        (
            "UID/custom_field/Many[x]",
            3,
            "Cannot find the dictionary key x in the value",
        ),
        (
            "UID/file/none",
            3,
            "has no files matching the search criteria 'none'",
        ),
        ("home/file/none", 3, "Record home has no file attachments."),
        ("BROKEN/type", 1, "cannot be opened"),
    ];
    for (notation, code, words) in cases {
        let notation = notation.replace("UID", UID).replace("BROKEN", BROKEN);
        let run = home.ksm(["secret", "notation", &notation]);
        run.fails(code).stdout("").stderr_has(words);
    }
}

#[test]
fn a_damaged_record_takes_nothing_away_from_good_ones() {
    let vault = vault().with(login("broken").uid(BROKEN));
    vault.garble(BROKEN);
    let home = Home::configured_for(&vault);
    let run = home.ksm(["secret", "notation", "keeper://home/field/address[city]"]);
    run.succeeds().stdout("canary-4").stderr_has(BROKEN);
}
