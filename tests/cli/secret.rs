//! `ksm secret list` and `ksm secret get`: what is printed, what stays hidden, the requests it takes, and failures.

use serde_json::{Value, json};

use crate::support::{Home, Server, Vault, folder, login, record};

const WEB: &str = "WebAAAAAAAAAAAAAAAAAAA";
const CARD: &str = "CardAAAAAAAAAAAAAAAAAA";
const BANK: &str = "BankAAAAAAAAAAAAAAAAAA";
const HOME: &str = "HomeAAAAAAAAAAAAAAAAAA";
const BROKEN: &str = "BrokenAAAAAAAAAAAAAAAA";
const TWOFOLD: &str = "TwofoldAAAAAAAAAAAAAAA";
const TOP: &str = "TopFolderAAAAAAAAAAAAA";
const SUB: &str = "SubFolderAAAAAAAAAAAAA";

fn vault() -> Vault {
    Vault::start()
        .with(
            login("My Website")
                .uid(WEB)
                .login("ada")
                .password("canary-1")
                .custom("text", "Two", json!(["a", "b"]))
                .custom("text", "Empty", json!([]))
                .custom("text", "", json!(["unnamed"]))
                .custom("checkbox", "On", json!([true]))
                .custom("host", "Jump", json!([{"hostName": "h", "port": "22"}])),
        )
        .with(
            record("bankAccount", "Bank")
                .uid(BANK)
                .field("cardRef", json!([CARD])),
        )
        .with(
            record("bankCard", "Card")
                .uid(CARD)
                .field("paymentCard", json!([{"cardNumber": "canary-2"}]))
                .field("addressRef", json!([HOME])),
        )
        .with(
            record("address", "Home")
                .uid(HOME)
                .field("address", json!([{"city": "Paris"}])),
        )
}

#[test]
fn a_list_is_a_table_or_json() {
    let vault = Vault::start().with(login("My Website").uid(WEB).password("canary-1"));
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "list"]).succeeds().stderr("").stdout(format!(
        "\n UID                     Record Type Title\n ----------------------- ----------- ----------\n \
         {WEB}  login       My Website\n\n"
    ));
    let object =
        |members: &str| format!("[\n    {{\n        \"uid\": \"{WEB}\",\n{members}\n    }}\n]");
    for (arguments, members) in [
        (
            &[][..],
            "        \"title\": \"My Website\",\n        \"record_type\": \"login\"",
        ),
        (
            &["-q", "uid"],
            "        \"record_type\": \"login\",\n        \"title\": \"My Website\"",
        ),
    ] {
        let run = home.ksm([&["secret", "list", "--json"], arguments].concat());
        run.succeeds().stderr("").stdout(object(members));
    }
    assert_eq!(vault.requests(), ["get_secret"; 3]);
    let empty = Vault::start();
    let home = Home::configured_for(&empty);
    home.ksm(["secret", "list"])
        .succeeds()
        .stdout("\n UID Record Type Title\n --- ----------- -----\n\n");
    home.ksm(["secret", "list", "--json"])
        .succeeds()
        .stdout("[]");
}

#[test]
fn a_list_filters_by_uid_folder_title_and_query() {
    let inner = folder("Sub")
        .uid(SUB)
        .with(login("deep").password("canary-3"));
    let vault = vault().with(
        folder("Top")
            .uid(TOP)
            .with(login("flat").password("canary-4"))
            .with_folder(inner),
    );
    let home = Home::configured_for(&vault);
    for (arguments, expected) in [
        (&["-u", WEB, "-u", HOME][..], &["My Website", "Home"][..]),
        (&["-f", TOP], &["flat"]),
        (&["-f", SUB], &["deep"]),
        (&["-f", TOP, "-r"], &["flat", "deep"]),
        (&["-t", "^my.*SITE$"], &["My Website"]),
        (&["-t", "a"], &["Bank", "Card", "flat"]),
        (&["-q", "$.fields[?(@.type==\"login\")]"], &["My Website"]),
        (&["-q", "$.fields[?type=cardRef].value[0].city"], &["Bank"]),
        (&["-q", "$.custom[?label=Empty].value"], &[]),
        (&["-q", "custom[*].label", "-t", "bank"], &[]),
    ] {
        let run = home.ksm([&["secret", "list", "--json"], arguments].concat());
        let list = run.succeeds().stderr("").json();
        let mut titles: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["title"].as_str().unwrap())
            .collect();
        let mut expected = expected.to_vec();
        titles.sort_unstable();
        expected.sort_unstable();
        assert_eq!(titles, expected, "{arguments:?}");
    }
    for (arguments, said) in [
        (["-q", "nothing"], "-t"),
        (["-t", "nothing"], "secret list"),
    ] {
        let run = home.ksm([&["secret", "list"][..], &arguments].concat());
        run.succeeds().stdout_has("Title").stderr_has(said);
    }
    let value = |query: &str| {
        home.ksm(["secret", "list", "--json", "-v", "-q", query])
            .json()[0]["value"]
            .clone()
    };
    assert_eq!(value("$.custom[?label=Two].value"), json!("a"));
    assert_eq!(value("$.custom[?label=On].value[0]"), json!(true));
    let run = home.ksm(["secret", "list", "-v", "-q", "$.custom[?label=Jump].value"]);
    run.succeeds()
        .stdout_has(" Value\n")
        .stdout_has("{\"hostName\": \"h\", \"port\": \"22\"}\n");
}

#[test]
fn tables_hide_secrets_until_they_are_asked_for() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for uid in [WEB, BANK, CARD] {
        home.ksm(["secret", "get", uid])
            .succeeds()
            .stdout_has(" Value\n")
            .stdout_lacks("canary")
            .stdout_has("****");
    }
    // Looking up what stays hidden would be a request for nothing.
    assert_eq!(vault.requests(), ["get_secret"; 4]);
    home.ksm(["secret", "get", WEB, "--unmask"])
        .may_print_secrets()
        .stdout_has(" password  canary-1\n")
        .stderr("");
    home.ksm(["secret", "get", BANK, "--unmask"])
        .may_print_secrets()
        .stdout_has("[{\"cardNumber\": \"canary-2\", \"city\": \"Paris\"}]");
    home.ksm(["secret", "get", BANK, "--unmask", "--deflate"])
        .succeeds()
        .stdout_has(&format!(" cardRef  {CARD}\n"));
}

#[test]
fn one_field_is_printed_to_the_byte() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (name, expected) in [
        ("password", "canary-1"),
        ("Two", "a"),
        ("On", "true"),
        ("Jump", "{\"hostName\": \"h\", \"port\": \"22\"}"),
        ("Empty", ""),
        ("text", "unnamed"),
    ] {
        home.ksm(["secret", "get", WEB, "-f", name])
            .succeeds()
            .stdout(expected)
            .stderr("");
    }
    let run = home.ksm(["secret", "get", "-t", "Bank", "-f", "cardRef"]);
    run.succeeds()
        .stdout("{\"cardNumber\": \"canary-2\", \"city\": \"Paris\"}");
}

#[test]
fn a_query_finds_real_values() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (arguments, expected) in [
        (
            &[WEB, "-q", "$.fields[?(@.type=='password')].value[0]"][..],
            "\"canary-1\"",
        ),
        (
            &[
                WEB,
                "-q",
                "$.fields[?(@.type=='password')].value[0]",
                "--raw",
            ],
            "canary-1",
        ),
        (
            &[WEB, "-q", "$.custom[?label=On].value[0]", "--raw"],
            "true",
        ),
        (&[WEB, "-q", "nothing"], "[]"),
        (
            &[WEB, "-q", "$.custom[0].value"],
            "[\n    \"a\",\n    \"b\"\n]",
        ),
        (
            &[WEB, "-q", "title|type"],
            "[\n    \"My Website\",\n    \"login\"\n]",
        ),
        (
            &[WEB, "--force-array", "-q", "$[0].title"],
            "\"My Website\"",
        ),
        (&[WEB, HOME, "-q", "$[1].title"], "\"Home\""),
        (&[BANK, "-q", "fields[0].value[0].city"], "\"Paris\""),
        (
            &[BANK, "--deflate", "-q", "fields[0].value[0]", "--raw"],
            CARD,
        ),
    ] {
        home.ksm([&["secret", "get"], arguments].concat())
            .succeeds()
            .stdout(expected)
            .stderr("");
    }
}

#[test]
fn what_is_missing_is_a_failure_or_a_warning() {
    let vault = vault()
        .with(login("same").password("canary-5"))
        .with(login("same").password("canary-6"));
    let home = Home::configured_for(&vault);
    let missing =
        "Error: Cannot find requested record(s). No record has the UID or title `unknown`.\n";
    let hint = "Hint: there are `My Website`, `Bank`, `Card`, `Home`, `same`\n";
    for (arguments, shown) in [
        (&["get", "unknown"][..], ""),
        (&["get", "-t", "unknown"], ""),
        (&["get", "-t", "unknown", "--json"], "[]"),
        (&["get", "-t", "unknown", "-f", "login"], ""),
        (&["list", "-u", "unknown"], ""),
    ] {
        home.ksm([&["secret"], arguments].concat())
            .fails(3)
            .stdout(shown)
            .stderr(&format!("{missing}{hint}"));
    }
    let some_missing = format!(
        "Error: Cannot find all requested records. No record has the UID or title `unknown`.\n{hint}"
    );
    home.ksm(["secret", "get", WEB, "unknown"])
        .fails(1)
        .stdout_has(WEB)
        .stderr(&some_missing);
    home.ksm(["secret", "get", "-t", "Home", "-t", "unknown", "--json"])
        .fails(1)
        .stdout_has("Home")
        .stderr(&some_missing);
    home.ksm(["secret", "list", "-u", WEB, "-u", "unknown"])
        .fails(1)
        .stdout_has(WEB)
        .stderr(&some_missing);
    home.ksm(["secret", "get", WEB, "-f", "none"])
        .fails(3)
        .stderr_has("Error: Cannot find the field none in record My Website\n");
    home.ksm(["secret", "get", "-t", "same", "-f", "password"])
        .fails(3)
        .stdout("")
        .stderr_has("2 records have this title\nHint: choose one by its UID: ");
    let both = home.ksm(["secret", "get", "-t", "same", "--json"]);
    assert_eq!(both.may_print_secrets().json().as_array().unwrap().len(), 2);
}

#[test]
fn a_damaged_record_fails_only_requests_for_it() {
    let vault = vault().with(login("broken").uid(BROKEN).password("canary-7"));
    vault.garble(BROKEN);
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "list"])
        .succeeds()
        .stdout_has("My Website")
        .stderr_has(BROKEN);
    home.ksm(["secret", "get", WEB]).succeeds().stderr("");
    let error = format!("Error: the record `{BROKEN}` does not open: ");
    home.ksm(["secret", "get", BROKEN])
        .fails(1)
        .stdout("")
        .stderr_has(&error);
    home.ksm(["secret", "get", BROKEN, "unknown"])
        .fails(1)
        .stdout("")
        .stderr_has(&error);
    home.ksm(["secret", "get", WEB, BROKEN])
        .fails(1)
        .stdout_has("My Website")
        .stderr_has(&error);
    home.ksm(["secret", "list", "-u", BROKEN, "-u", WEB])
        .fails(1)
        .stdout_has("My Website")
        .stderr_has(&error);
    home.ksm(["secret", "get", "-t", "broken"])
        .fails(3)
        .stderr_has("Hint: records that do not open were left out");
}

#[test]
fn a_wrong_command_line_asks_nothing() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let long = "a".repeat(5000);
    vault.forget_requests();
    for (arguments, error) in [
        (
            &["get"][..],
            "No uid or title specified for secret get command.",
        ),
        (
            &["get", WEB, HOME, "-f", "login"],
            "Cannot perform field search on multiple records. Only choose one uid/title.",
        ),
        (
            &["get", WEB, "-f", ""],
            "`--field` needs the label or type of a field",
        ),
        (
            &["get", WEB, "-q", "$.fields["],
            "JSONPath failed: unexpected end at character 10",
        ),
        (
            &["get", WEB, "-q", "$.title.`split(T, 0, 1)`"],
            "JSONPath failed: `split` is not supported",
        ),
        (
            &["list", "-q", "a +"],
            "JSONPath failed: arithmetic is not supported",
        ),
        (
            &["list", "-t", "("],
            "Check your regex '(' - error: unclosed group",
        ),
        (
            &["list", "-t", &long],
            "Check your regex - error: it is longer than 4096 bytes",
        ),
    ] {
        let run = home.ksm([&["secret"], arguments].concat());
        run.fails(2)
            .stdout("")
            .stderr_has(&format!("Error: {error}\n"));
    }
    assert!(vault.requests().is_empty());
}

#[test]
fn several_records_fill_one_file() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["-o", "out", "secret", "get", WEB, HOME])
        .succeeds()
        .stdout("")
        .stderr("");
    let text = home.read("out");
    assert!(text.contains(WEB) && text.contains(HOME), "{text}");
    home.ksm(["-o", "out", "secret", "get", WEB, "-f", "login"])
        .succeeds()
        .stdout("");
    assert_eq!(home.read("out"), "ada");
}

#[test]
fn what_others_wrote_drives_no_terminal() {
    let vault = Vault::start().with(login("red\x1b[31m\nline").uid(WEB).login("x\x07"));
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "list"])
        .succeeds()
        .stdout_has("  red\\u{1b}[31m line\n");
    home.ksm(["secret", "get", WEB])
        .succeeds()
        .stdout_has(" Title: red\\u{1b}[31m\\nline\n")
        .stdout_has("  x\\u{7}\n");
    // A bare value in a pipe is what it is.
    home.ksm(["secret", "get", WEB, "-f", "login"])
        .succeeds()
        .stdout("x\x07");
}

#[test]
fn a_doubly_shared_record_is_one_record_outside_lists() {
    let twofold = login("Twofold")
        .uid(TWOFOLD)
        .login("ada")
        .member("shared_directly", true);
    let vault = Vault::start().with(folder("Team").with(twofold));
    let home = Home::configured_for(&vault);
    let list = home.ksm(["secret", "list", "--json"]);
    assert_eq!(list.succeeds().json().as_array().unwrap().len(), 2);
    let get = home.ksm(["secret", "get", "-t", "Twofold", "--json"]);
    assert_eq!(get.succeeds().json()["uid"], TWOFOLD);
    home.ksm(["secret", "get", TWOFOLD, "-f", "login"])
        .succeeds()
        .stdout("ada");
}

#[test]
fn an_object_is_no_number_whatever_its_members() {
    const NAME: &str = "$serde_json::private::Number";
    let objects = ["\"5\"", "\"x\"", "5"].map(|value| format!("{{\"{NAME}\": {value}}}"));
    let values = json!([{NAME: "5"}, {NAME: "x"}, {NAME: 5}]);
    let vault = Vault::start().with(
        login("n")
            .password("canary-1")
            .custom("text", "marked", values),
    );
    let home = Home::configured_for(&vault);
    for (at, object) in objects.iter().enumerate() {
        let notation = format!("keeper://n/custom_field/marked[{at}]");
        home.ksm(["secret", "notation", &notation])
            .succeeds()
            .stdout(object);
    }
    let query = format!("$.custom[0].value[0]['{NAME}']");
    home.ksm(["secret", "get", "-t", "n", "-q", &query, "--raw"])
        .succeeds()
        .stdout("5");
    home.ksm(["secret", "notation", "keeper://n/field/password"])
        .succeeds()
        .stdout("canary-1");
}

#[test]
fn numbers_keep_their_digits_on_every_way_out() {
    let digits = "98765432109876543210987";
    let long = "0.12345678901234567890123";
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let vault = Vault::start().with(
        login("n")
            .custom("text", "whole", json!([number(digits)]))
            .custom("text", "long", json!([number(long)]))
            .custom("odd", "deep", json!([{"a": [number(digits), 1.5]}])),
    );
    let home = Home::configured_for(&vault);
    for (name, text) in [("whole", digits), ("long", long)] {
        let notation = format!("keeper://n/custom_field/{name}");
        home.ksm(["secret", "notation", &notation])
            .succeeds()
            .stdout(text);
        home.ksm(["secret", "get", "-t", "n", "-f", name])
            .succeeds()
            .stdout(text);
        home.ksm(["secret", "get", "-t", "n"])
            .succeeds()
            .stdout_has(text);
        home.ksm(["secret", "get", "-t", "n", "--json"])
            .succeeds()
            .stdout_has(text);
        let query = format!("$.custom[?(@.label=='{name}')].value[0]");
        home.ksm(["secret", "get", "-t", "n", "-q", &query])
            .succeeds()
            .stdout(text);
        let query = format!("$.custom[?(@.value[0]=={text})].label");
        home.ksm(["secret", "get", "-t", "n", "-q", &query, "--raw"])
            .succeeds()
            .stdout(name);
        let run = home
            .command(["exec", "--", "sh", "-c", "printf %s \"$N\""])
            .env("N", &notation)
            .run();
        run.succeeds().stdout(text);
        for transform in ["", "|json", "|yaml", "|dotenv"] {
            let run = home
                .command(["interpolate"])
                .stdin(format!("{notation}{transform}"))
                .run();
            run.succeeds().stdout(text);
        }
    }
    home.ksm(["secret", "notation", "keeper://n/custom_field/deep[0]"])
        .succeeds()
        .stdout(format!("{{\"a\": [{digits}, 1.5]}}"));
    let near = "$.custom[?(@.value[0]==98765432109876543210988)].label";
    home.ksm(["secret", "get", "-t", "n", "-q", near])
        .succeeds()
        .stdout("[]");
    let given = format!("deep=[{{\"a\":{digits}0}}]");
    home.ksm(["secret", "update", "n", "--custom-field-json", &given])
        .succeeds();
    home.ksm(["secret", "notation", "keeper://n/custom_field/deep[a]"])
        .succeeds()
        .stdout(format!("{digits}0"));
}
