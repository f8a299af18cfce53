//! `ksm secret password`, `secret template` and `config`: what needs no vault.

use std::collections::HashSet;

use crate::support::{Home, Vault};

#[test]
fn a_password_has_one_of_each_character_class() {
    let home = Home::new();
    let mut seen = HashSet::new();
    for (arguments, length) in [
        (&[][..], 64),
        (&["-l", "12"], 12),
        (&["--length=4"], 4),
        (&["--json"], 64),
    ] {
        let run = home.ksm([&["secret", "password"][..], arguments].concat());
        run.succeeds().stderr("");
        let password = if arguments == ["--json"] {
            run.json()["password"].as_str().unwrap().to_owned()
        } else {
            run.stdout_text().to_owned()
        };
        assert_eq!(password.len(), length, "{arguments:?}");
        let kinds: [fn(&char) -> bool; 4] = [
            char::is_ascii_lowercase,
            char::is_ascii_uppercase,
            char::is_ascii_digit,
            char::is_ascii_punctuation,
        ];
        for kind in kinds {
            assert!(password.chars().any(|c| kind(&c)), "{password}");
        }
        assert!(seen.insert(password));
    }
    let run = home.ksm(["s", "pass", "-lc", "2", "-UC", "3", "-d", "4", "-sc=1"]);
    let password = run.succeeds().stderr("").stdout_text();
    let count = |kind: fn(&char) -> bool| password.chars().filter(kind).count();
    assert_eq!(
        [
            password.len(),
            count(char::is_ascii_lowercase),
            count(char::is_ascii_uppercase),
            count(char::is_ascii_digit)
        ],
        [10, 2, 3, 4]
    );
    assert!(home.files().is_empty(), "{:?}", home.files());
}

#[test]
fn a_password_that_cannot_be_is_a_usage_error() {
    let home = Home::new();
    for arguments in [
        &["-l", "0"][..],
        &["-l", "-5"],
        &["-d", "-1"],
        &["-l", "9", "-d", "8"],
        &["-l", "8", "-d", "9"],
        &["-l", "2000000"],
        &["-d", "99999999999"],
    ] {
        home.ksm([&["secret", "password"][..], arguments].concat())
            .fails(2)
            .stdout("");
    }
}

const OWN_TYPES: &str = "version: v3\nkind: KeeperRecordType\ndata:\n- class: Door\n  name: door\n  fields:\n  \
                         - {type: text, label: Where}\n  - {type: pinCode, allow_multiple: true}\n";

#[test]
fn custom_record_types_are_found_and_bad_files_reported() {
    let home = Home::new();
    home.write("record_type/door.yml", OWN_TYPES);
    home.write("record_type/deeper/bad.json", "{");
    let run = home.ksm(["secret", "template", "record", "-l", "--json"]);
    run.succeeds()
        .stderr_has("bad.json is not used: The JSON had problems");
    let names = run.json();
    assert_eq!(names.as_array().unwrap().last().unwrap(), "door");
    assert_eq!(names[0], "login");
    let template = home.ksm(["secret", "template", "record", "door"]);
    let fields = &template.succeeds().json()["data"][0]["fields"];
    assert_eq!(fields[0]["label"], "Where");
    assert_eq!(
        fields[1]["value"],
        serde_json::json!(["<#ADD: Insert a str>"])
    );
    // For a type that comes with the program nobody looks at files.
    home.ksm(["secret", "template", "record", "login"])
        .succeeds()
        .stderr("");
    home.ksm(["secret", "template", "record", "login", "bankAccount"])
        .succeeds()
        .stderr("Warning: one type is shown at a time; what stands behind `login` is left out: `bankAccount`\n");
    home.ksm(["secret", "template", "record", "doro"])
        .fails(2)
        .stderr_has("Record type class doro is not loaded.")
        .stderr_has("did you mean `door`?");
    home.ksm(["secret", "template", "field", "passwrod"])
        .fails(2)
        .stderr_has("did you mean `password`?");
}

#[test]
fn settings_are_kept_beside_the_profiles() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    home.write("types/door.yml", OWN_TYPES);
    for arguments in [&["color", "--disable"][..], &["cache", "--enable"]] {
        home.ksm([&["config"][..], arguments].concat())
            .succeeds()
            .stdout("")
            .stderr("");
    }
    for arguments in [
        "record-type-dir -d types",
        "editor --app vi --blocking --process-name vim",
    ] {
        let arguments = arguments.split(' ');
        home.ksm(["config"].into_iter().chain(arguments))
            .succeeds()
            .stdout("")
            .stderr_has("does not count, because that was found in the working directory");
    }
    let shown = home.ksm(["config", "show", "--json"]).succeeds().json();
    assert_eq!(
        shown,
        serde_json::json!({
            "active_profile": "_default", "cache": true, "color": false, "record_type_dir": "types",
            "editor": "vi", "editor_use_blocking": true, "editor_process_name": "vim",
        })
    );
    let template = ["secret", "template", "record", "door"];
    let named = ["--ini-file", "keeper.ini"].into_iter().chain(template);
    home.ksm(named).succeeds().stderr_lacks("does not count");
    home.command(template)
        .env("KSM_INI_DIR", home.path(""))
        .run()
        .succeeds();
    home.ksm(template)
        .fails(2)
        .stderr_has("the setting `record_type_dir` in");
    for clear in ["record-type-dir", "editor"] {
        home.ksm(["config", clear, "--clear"]).succeeds();
    }
    home.ksm(["config", "show"])
        .succeeds()
        .stdout_has("Record Type Directory  -NOT SET-")
        .stdout_has("-NOT SET- (-NOT SET-)");
    home.ksm(["secret", "template", "record", "door"]).fails(2);
    #[cfg(unix)]
    assert_eq!(home.mode("keeper.ini"), 0o600);
}

#[test]
fn a_setting_without_a_store_fails() {
    let vault = Vault::start();
    let home = Home::configured_for(&vault);
    home.ksm(["config", "color", "--disable"])
        .fails(6)
        .stderr_has("Nothing was stored: the configuration comes from KSM_CONFIG");
    Home::new()
        .ksm(["config", "color", "--disable"])
        .fails(6)
        .stderr_has("Nothing was stored: there is no keeper.ini yet");
}
