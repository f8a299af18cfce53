//! `ksm interpolate`: what stands where references stood, what is said, and what is left alone.

use ksm::document::Node;
use serde_json::{Value, json};

use crate::support::{Fault, FaultProxy, Home, Run, Server, UID, Vault, login};

const BROKEN: &str = "RecordThatIsBroken---A";
/// Not allowed in any unquoted place.
const NASTY: &str = "canary's \"q\" \\ \\\\ $HOME `id` $(id) ; & | <x> #h %20 é🔑\u{85}\u{2028}\tt\nsecond: - line\n";

fn vault() -> Vault {
    Vault::start().with(
        login("db")
            .uid(UID)
            .login("admin-canary")
            .password("canary$1&2")
            .field("host", json!([{"hostName": "h-canary", "port": "5432"}]))
            .custom("text", "My Label", json!(["spaced-canary"]))
            .custom("text", "odd }|:#@\"'/[x]", json!(["odd-canary"]))
            .custom("text", "Empty", json!([]))
            .custom("text", "Blank", json!([""]))
            .custom("text", "Tricky", json!(["keeper://db/field/login#canary"]))
            .custom("text", "nasty", json!([NASTY]))
            .custom("checkbox", "Flag", json!([true]))
            .attachment(json!({"name": "key.bin", "base64": "/2NhbmFyeQA="})),
    )
}

fn piped(home: &Home, args: &[&str], template: impl AsRef<[u8]>) -> Run {
    let args = ["interpolate"].iter().chain(args).copied();
    home.command(args).stdin(template).run()
}

#[test]
fn values_stand_where_references_stood() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = format!(
        "# keeper://{UID}/field/login\n\
         user=keeper://{UID}/field/login\r\n\
         url=pg://keeper://db/field/login@keeper://db/field/host[hostName]:keeper://{{db/field/host[0][port]}}/x\n\
         \t{{\"flag\": keeper://db/custom_field/Flag , \"t\": \"keeper://db/custom_field/Tricky\"}}"
    );
    piped(&home, &[], &template).succeeds().stdout(format!(
        "# keeper://{UID}/field/login\n\
         user=admin-canary\r\n\
         url=pg://admin-canary@h-canary:5432/x\n\
         \t{{\"flag\": true , \"t\": \"keeper://db/field/login#canary\"}}"
    )).stderr(
        "\nInterpolation complete\n  - Replaced 6 secret reference(s)\n  - Accessed 2 unique record(s)\n\n",
    );
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[test]
fn an_empty_value_is_told() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = "a=keeper://db/custom_field/Blank\nb=keeper://db/custom_field/Blank:-x\n";
    let said = "\nWarnings (1)\n  - Line 1: keeper://db/custom_field/Blank is empty\n";
    piped(&home, &[], template)
        .succeeds()
        .stdout("a=\nb=x\n")
        .stderr_has(said);
    let run = piped(&home, &["--dry-run", "--json"], template);
    let outcomes = run.succeeds().json()[0]["references"].clone();
    let outcomes = outcomes.as_array().unwrap().iter();
    let outcomes: Vec<_> = outcomes.map(|found| found["outcome"].clone()).collect();
    assert_eq!(outcomes, ["empty", "default"]);
}

#[test]
fn names_with_blanks_and_special_characters_can_be_written() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (reference, expected) in [
        ("keeper://{db/custom_field/My Label}", "spaced-canary"),
        (r"keeper://db/custom_field/My\ Label", "spaced-canary"),
        (
            r#"<a>keeper://{db/custom_field/odd \}\|\:#@"'\/\[x\]}</a>"#,
            "<a>odd-canary</a>",
        ),
        ("keeper://db/title", "db"),
        ("say \\\"keeper://db/type\\\"", "say \\\"login\\\""),
        (
            "keeper://{db/custom_field/None:-two words|upper}!",
            "TWO WORDS!",
        ),
    ] {
        piped(&home, &[], reference).succeeds().stdout(expected);
    }
}

#[test]
fn bytes_outside_references_stay() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = b"\xfe\r\n\xff\0caf\xe9=keeper://db/field/login\xe9\r# keeper://no\r\n\n";
    piped(&home, &[], template)
        .succeeds()
        .stdout(b"\xfe\r\n\xff\0caf\xe9=admin-canary\xe9\r# keeper://no\r\n\n");
    // Nothing to replace: nobody is asked, and no profile is needed.
    vault.forget_requests();
    piped(&Home::new(), &[], "plain\r\nkeeper:// and KEEPER://x/y/z")
        .succeeds()
        .stdout("plain\r\nkeeper:// and KEEPER://x/y/z");
    assert_eq!(vault.requests(), [""; 0]);
    piped(
        &home,
        &["--allow-unsafe-for-eval"],
        "keeper://db/file/key.bin",
    )
    .succeeds()
    .stdout(b"\xffcanary\0");
}

#[test]
fn defaults_are_for_what_is_not_there() {
    let vault = vault()
        .with(login("two"))
        .with(login("two"))
        .with(login("broken").uid(BROKEN));
    vault.garble(BROKEN);
    let home = Home::configured_for(&vault);
    // A record that does not open may have this title; a UID leaves no doubt.
    piped(&home, &[], "keeper://nobody/field/login:-d1")
        .fails(1)
        .stdout("")
        .stderr_has(BROKEN);
    for (reference, expected) in [
        ("keeper://NoRecordHasThisUID-00A/field/login:-d1", "d1"),
        (
            "keeper://db/field/url:-http://localhost:3000",
            "http://localhost:3000",
        ),
        ("keeper://db/custom_field/Empty:-d2", "d2"),
        ("keeper://db/custom_field/Blank:-d3|upper", "D3"),
        ("keeper://db/file/none:-d4", "d4"),
        ("keeper://db/field/host[nothing]:-d5", "d5"),
        ("keeper://db/field/login[7]:-d6", "d6"),
        ("keeper://db/custom_field/Empty", ""),
        ("keeper://db/field/login:-d", "admin-canary"),
    ] {
        piped(&home, &[], reference).succeeds().stdout(expected);
    }
    let broken = format!("keeper://{BROKEN}/field/login:-d");
    for reference in [broken.as_str(), "keeper://two/type:-d"] {
        let code = if reference.contains("two") { 3 } else { 1 };
        piped(&home, &[], reference)
            .fails(code)
            .stdout("")
            .stderr_has("nothing was written");
    }
    piped(&home, &[], "keeper://db/field/password:-changeme")
        .fails(1)
        .stdout("")
        .stderr_lacks("changeme");
    piped(&home, &[], "keeper://db/field/x:-one two")
        .stderr_has("\nUsed 1 default value(s)\n  - keeper://db/field/x -> one\n");
}

#[test]
fn an_unreachable_server_does_not_mean_the_default() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.always(Fault::denied());
    let template = "a=keeper://db/field/login:-d";
    piped(&home, &["--continue"], template)
        .fails(4)
        .stdout("")
        .stderr_has("access_denied");
    home.write("t", template);
    home.ksm(["interpolate", "-w", "-C", "t"]).fails(4);
    assert_eq!(home.read("t"), template);
    assert_eq!(home.files(), ["t"]);
}

#[test]
fn anything_unresolved_means_no_output() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template =
        "a=keeper://db/field/login\nb=keeper://db/field/nope\nc=keeper://nobody/field/login\n";
    home.write("t", template);
    for args in [
        &["t"][..],
        &["-o", "out/x", "t"],
        &["-w", "t"],
        &["--validate", "-C", "t"],
        &["--validate", "t"],
    ] {
        let run = home.ksm(["interpolate"].iter().chain(args));
        run.fails(3).stdout("").stderr_has(
            "\nErrors (2)\n  - Line 2: Field 'nope' not found in 'db' (check field name); `db` has login, password, host; custom: My Label, odd }|:#@\"'/[x], Empty, Blank, \
             Tricky, nasty, Flag\n  \
             - Line 3: Record 'nobody' not found (check UID and sharing); there is `db`\n",
        );
        let said = if args.contains(&"--validate") {
            "Error: Validation failed: not all notations could be resolved\n"
        } else {
            "Error: 2 references could not be replaced; nothing was written\n"
        };
        run.stderr_has(said);
        assert_eq!(home.files(), ["t"]);
        assert_eq!(home.read("t"), template);
    }
    let partial = "a=admin-canary\nb=keeper://db/field/nope\nc=keeper://nobody/field/login\n";
    for word in ["-C", "--continue", "--CONTINUE"] {
        home.ksm(["interpolate", word, "t"])
            .fails(1)
            .stdout(partial)
            .stderr_has("Errors (2)");
    }
    home.ksm(["interpolate", "-C", "-o", "out/x", "t"])
        .fails(1)
        .stdout("")
        .may_write_secrets();
    assert_eq!(home.read("out/x"), partial);
}

#[test]
fn template_errors_are_reported_before_any_request() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (template, said) in [
        (
            "x\nkeeper://db/fields/login",
            "Line 2: Invalid notation format: keeper://db/fields/login",
        ),
        (
            "keeper://db/password",
            "Invalid notation format: keeper://db/password",
        ),
        ("keeper://db", "Invalid notation format: keeper://db"),
        (
            "keeper://{My DB/field}",
            "Invalid notation format: keeper://{My DB/field}",
        ),
        (
            "keeper://db/field/login|nope",
            "Error: Unknown transform 'nope' in keeper://db/field/login|nope\nAvailable transforms: base64, base64url, \
             dotenv, json, lower, md5, sha256, shell, trim, upper, urlencode, urlencodeplus, yaml\n",
        ),
    ] {
        piped(&home, &[], template)
            .fails(2)
            .stdout("")
            .stderr_has(said);
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_shell_is_protected_from_what_goes_to_stdout() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = "P=keeper://db/field/password\n";
    piped(&home, &[], template).fails(1).stdout("").stderr_has(
        "\nSECURITY ERROR: Secret keeper://db/field/password contains shell metacharacters:\n  \
         '$' (dollar sign (variable/command expansion))\n  '&' (ampersand (background execution))\n",
    );
    piped(&home, &["-C"], template).fails(1).stdout(template);
    piped(&home, &["--allow-unsafe-for-eval"], template)
        .succeeds()
        .stdout("P=canary$1&2\n")
        .stderr_has(
            "\nSECURITY WARNING: Secret keeper://db/field/password contains shell metacharacters\n",
        )
        .stderr_has("\nWarnings (1)\n");
    piped(&home, &[], "keeper://db/field/password|base64")
        .succeeds()
        .stdout("Y2FuYXJ5JDEmMg==")
        .may_print_secrets();
    // Its single quotes hold anything, its double quotes do not.
    piped(&home, &[], "keeper://db/field/password|dotenv")
        .succeeds()
        .stdout("'canary$1&2'");
    piped(&home, &[], "keeper://db/custom_field/nasty|dotenv")
        .fails(1)
        .stdout("")
        .stderr_has("  '`' (backtick (command substitution))\n  '$' (dollar sign");
    piped(&home, &["-o", "f"], template)
        .succeeds()
        .stdout("")
        .may_write_secrets();
    assert_eq!(home.read("f"), "P=canary$1&2\n");
}

#[cfg(unix)]
#[test]
fn each_name_of_stdout_has_its_rule() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = "P=keeper://db/field/password\n";
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/dev/stderr", "/dev/null"] {
        for option in ["-v", "--allow-newlines", "-n"] {
            piped(&home, &["-o", name, option], template)
                .fails(1)
                .stdout("")
                .stderr_has("contains shell metacharacters:");
        }
    }
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        piped(&home, &["-o", name, "--allow-unsafe-for-eval"], template)
            .succeeds()
            .stdout("P=canary$1&2\n")
            .stderr_has("contains shell metacharacters\n");
    }
    assert_eq!(home.files(), [""; 0]);
    piped(&home, &["-o", "./-"], "x").succeeds();
    assert_eq!(home.read("-"), "x");
}

#[test]
fn transforms_change_values() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for (transform, expected) in [
        ("base64url", "YWRtaW4tY2FuYXJ5"),
        ("upper", "ADMIN-CANARY"),
        ("urlencode", "admin-canary"),
        ("md5", "0f6e0a1d4ca39d8c7014f98ce3ab4941"),
        ("upper|lower|json", "\"admin-canary\""),
        ("shell", "'admin-canary'"),
        ("dotenv", "admin-canary"),
    ] {
        let template = format!("keeper://db/field/login|{transform}");
        piped(&home, &[], template).succeeds().stdout(expected);
    }
    piped(&home, &[], "keeper://db/field/host|json")
        .succeeds()
        .stdout(r#"{"hostName": "h-canary", "port": "5432"}"#);
    piped(&home, &[], "keeper://db/file/key.bin|json")
        .fails(1)
        .stderr_has("not valid UTF-8");
    piped(&home, &[], "\"keeper://db/field/login|json\"")
        .succeeds()
        .stdout("\"\"admin-canary\"\"")
        .stderr_has("Line 1: `|json` writes quotes where they are needed");
}

#[test]
fn json_and_yaml_are_read_back() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let json = piped(
        &home,
        &[],
        "{\"v\": keeper://{db/custom_field/nasty|json}, \"h\": keeper://{db/field/host|json}}",
    );
    let read: Value = json.succeeds().may_print_secrets().json();
    assert_eq!(
        (read["v"].as_str(), read["h"]["port"].as_str()),
        (Some(NASTY), Some("5432"))
    );
    let yaml = piped(
        &home,
        &[],
        "v: keeper://db/custom_field/nasty|yaml\nh: keeper://db/field/host|yaml # x\nl: [keeper://{db/custom_field/Flag|yaml}, 2]\n",
    );
    let read = Node::from_typed_yaml(yaml.succeeds().may_print_secrets().stdout_text());
    let read = read.unwrap().to_json();
    assert_eq!(
        (read["v"].as_str(), read["h"]["port"].as_str()),
        (Some(NASTY), Some("5432"))
    );
    assert_eq!(read["l"], json!([true, 2]));
}

#[cfg(unix)]
#[test]
fn shells_read_the_value_back() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template =
        "export V=keeper://db/custom_field/nasty|shell W='a'keeper://db/custom_field/Empty|shell\n";
    let run = piped(&home, &[], template);
    let script = run.succeeds().may_print_secrets().stdout_text().to_owned();
    for shell in ["sh", "bash"] {
        home.program(
            shell,
            [
                "-c",
                "eval \"$1\"; printf '%s|%s' \"$V\" \"$W\"",
                "-",
                &script,
            ],
        )
        .run()
        .succeeds()
        .stdout(format!("{NASTY}|a"));
    }
}

#[test]
fn many_references_are_filled_or_refused() {
    let vault = Vault::start()
        .with(login("small").password("canary-1"))
        .with(login("large").password(&"canary".repeat(10_000)));
    let home = Home::configured_for(&vault);
    let template = "keeper://small/field/password\n".repeat(10_000);
    home.write("small", template);
    home.ksm(["interpolate", "small", "-o", "out"])
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.read("out"), "canary-1\n".repeat(10_000));

    let template = "keeper://large/field/password\n".repeat(10_000);
    let run = piped(&home, &[], template);
    run.fails(1)
        .stdout("")
        .stderr_has("128 MiB is too much for the values of references together");
    let missing = piped(&home, &[], "keeper://small/field/none\n".repeat(10_000));
    missing
        .fails(3)
        .stderr_has("Errors (10000)")
        .stderr_has("... and 9900 more");
    assert!(missing.stderr_text().lines().count() < 120);
}
