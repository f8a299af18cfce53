//! `ksm env`: which variables it writes, under which names, where to, and what it refuses. `tests/interop/test_env.py`
//! asks the readers of each format.
#![cfg(unix)]

use serde_json::json;

use crate::support::terminal::Terminal;
use crate::support::vault::Record;
use crate::support::{Home, UID, Vault, database, folder, login, record};

/// A record with a field of each shape.
fn shapes() -> Record {
    record("any", "Shapes")
        .field("login", json!(["ada-canary"]))
        .field("host", json!([{"hostName": "h-canary", "port": "22"}]))
        .field(
            "phone",
            json!([{"number": "1"}, {"region": "DE", "number": "2", "ext": ""}]),
        )
        .field("url", json!([]))
        .field("date", json!([1_700_000_000_000_i64]))
        .custom("text", "API key (new)", json!(["key-canary"]))
        .file("notes.txt", "canary")
}

const SHAPES: &str = "export API_KEY_NEW='key-canary'\nexport DATE='1700000000000'\nexport HOST_HOSTNAME='h-canary'\n\
                      export HOST_PORT='22'\nexport LOGIN='ada-canary'\nexport PHONE_2_NUMBER='2'\n\
                      export PHONE_2_REGION='DE'\nexport PHONE_NUMBER='1'\n";

#[test]
fn a_record_becomes_variables() {
    let vault = Vault::start()
        .with(shapes().uid(UID))
        .with(login("other").password("canary-2"));
    let mut home = Home::configured_for(&vault);
    // Not asked for where a record is named.
    home.set("OTHER", "keeper://other/field/password");
    for name in ["Shapes", UID, "keeper://Shapes"] {
        home.ksm(["env", name]).succeeds().stdout(SHAPES).stderr("");
    }
    assert_eq!(vault.requests(), ["get_secret"; 3]);
    let both = home.ksm(["env", "Shapes", UID, "--prefix", "X_", "--json"]);
    both.may_print_secrets();
    let both = both.succeeds().json();
    let names: Vec<_> = both.as_object().unwrap().keys().cloned().collect();
    let expected = SHAPES
        .lines()
        .map(|line| line[7..].split('=').next().unwrap());
    let expected: Vec<_> = expected.map(|name| format!("X_{name}")).collect();
    assert_eq!(names, expected);
    assert_eq!(both["X_LOGIN"], "ada-canary");
}

#[test]
fn one_question_serves_records_and_references() {
    let vault = Vault::start()
        .with(shapes())
        .with(database(UID, "canary-1"));
    let mut home = Home::configured_for(&vault);
    home.set("REF", "keeper://db/field/login");
    home.set("PLAIN", "plain");
    home.write(
        "file",
        "A=from file\nB=keeper://db/title\nKSM_TOKEN=US:canary\nC=file\n",
    );
    let run = home.ksm([
        "env",
        "--env-file",
        "file",
        "-e",
        "C=db/field/login",
        "D=db/type",
        "-e",
        "PLAIN",
    ]);
    run.succeeds().stdout(
        "export A='from file'\nexport B='db'\nexport C='admin-canary'\nexport D='login'\nexport PLAIN='plain'\n\
         export REF='admin-canary'\n",
    );
    let run = home.ksm(["env", "Shapes", "LOGIN=db/title", "--env-file", "file"]);
    run.may_print_secrets()
        .succeeds()
        .stdout_has("export LOGIN='db'\n")
        .stdout_has("export HOST_PORT='22'\n");
    assert_eq!(vault.requests(), ["get_secret"; 2]);
    // Literals ask nobody.
    home.write("literals", "A=1\n");
    home.unset("REF");
    home.ksm(["env", "--env-file", "literals"])
        .succeeds()
        .stdout("export A='1'\n");
    assert_eq!(vault.requests().len(), 2);
}

#[test]
fn references_to_other_records_are_followed() {
    const ADDRESS: &str = "AddressAAAAAAAAAAAAAAA";
    let vault = Vault::start()
        .with(
            record("any", "Refers")
                .uid(UID)
                .field("addressRef", json!([ADDRESS])),
        )
        .with(
            record("address", "Home")
                .uid(ADDRESS)
                .field("address", json!([{"city": "canary"}])),
        );
    let home = Home::configured_for(&vault);
    home.ksm(["env", UID])
        .succeeds()
        .stdout("export ADDRESSREF_CITY='canary'\n");
    assert_eq!(vault.requests(), ["get_secret"; 2]);
    vault.garble(ADDRESS);
    home.ksm(["env", UID]).fails(1).stdout("");
}

#[test]
fn records_of_a_folder_are_named_by_their_titles() {
    let inside = login("My DB").uid(UID).login("ada").password("canary-1");
    let below = folder("Below").with(login("deep").password("canary-2"));
    let team = folder("Team").uid("FolderAAAAAAAAAAAAAAAA");
    let vault = Vault::start()
        .with(
            team.with(inside)
                .with(login("Mail").login("eve"))
                .with_folder(below),
        )
        .with(login("Below").password("canary-3"));
    let home = Home::configured_for(&vault);
    let team =
        "export MAIL_LOGIN='eve'\nexport MY_DB_LOGIN='ada'\nexport MY_DB_PASSWORD='canary-1'\n";
    for name in ["Team", "FolderAAAAAAAAAAAAAAAA"] {
        home.ksm(["env", name]).succeeds().stdout(team).stderr("");
    }
    assert_eq!(
        vault.requests()[..3],
        ["get_secret", "get_folders", "get_secret"]
    );
    home.ksm(["env", "Team/Below"])
        .succeeds()
        .stdout("export DEEP_PASSWORD='canary-2'\n");
    // A record goes before a folder.
    home.ksm(["env", "Below", "--prefix", "X_"])
        .succeeds()
        .stdout("export X_PASSWORD='canary-3'\n");
    home.ksm(["env", "Team", "Below", "--format", "json"])
        .may_print_secrets()
        .succeeds()
        .stdout_has("MY_DB_LOGIN")
        .stdout_has("\"PASSWORD\"");
    home.ksm(["env", "Tean"])
        .fails(3)
        .stdout("")
        .stderr_has("Tean");
}

#[test]
fn whatever_cannot_be_named_is_an_error() {
    let vault = Vault::start()
        .with(
            record("any", "clash")
                .custom("text", "a b", json!(["canary-1"]))
                .custom("text", "A-B", json!(["canary-2"])),
        )
        .with(record("any", "steers").custom("text", "ld preload", json!(["canary-3"])))
        .with(record("any", "runs").custom("text", "histcmd", json!(["x[$(id)] canary"])))
        .with(record("any", "nameless").custom("text", "密码", json!(["canary-4"])))
        .with(record("any", "empty").field("url", json!([""])))
        .with(login("twice").password("canary-5"))
        .with(login("twice").password("canary-6"))
        .with(login("other").password("canary-7"));
    let home = Home::configured_for(&vault);
    for (words, code, message) in [
        (
            &["clash"][..],
            3,
            "the field `a b` of `clash` and the field `A-B` of `clash` would both be `A_B`",
        ),
        (
            &["steers"],
            1,
            "the field `ld preload` of `steers` would set `LD_PRELOAD`, which programs act on",
        ),
        (&["steers", "--format", "json"], 1, "would set `LD_PRELOAD`"),
        (&["runs"], 1, "would set `HISTCMD`"),
        (
            &["OPTIND=other/title"],
            1,
            "`shell` cannot hold the variable `OPTIND`",
        ),
        (
            &["nameless"],
            1,
            "the field `密码` of `nameless` gives no name",
        ),
        (&["empty"], 3, "no field has a value"),
        (&["twice"], 3, "twice"),
        (&["none"], 3, "none"),
        (&["other", "X=none/title"], 3, "variable `X`"),
        (&["X=other/field/none"], 3, "variable `X`"),
        (&[], 2, "no variable refers to the vault"),
        (&["keeper://other/field/password"], 2, "NAME=keeper://"),
        (&["-e", "X=@file:other/title"], 2, "makes no files"),
        (&["-e", "KSM_TOKEN"], 2, "KSM_TOKEN"),
        (&["other", "--prefix", "1"], 2, "prefix"),
        (&["other", "--prefix", "LD_"], 0, ""),
        (&["other", "--format", "k8s"], 2, "--name"),
        (&["other", "--name", "db"], 2, "--format k8s"),
        (&["other", "--step-output"], 2, "--format github"),
        (
            &["other", "--format", "json", "--json"],
            2,
            "mutually exclusive",
        ),
        (&["other", "--format", "jsno"], 2, "json"),
        (&["other", "--format", "github"], 6, "GITHUB_ENV is not set"),
    ] {
        let run = home.ksm(["env"].iter().chain(words));
        match code {
            // A prefix makes other names dangerous, too.
            0 => run.fails(1).stderr_has("would set `LD_PASSWORD`"),
            code => run.fails(code).stderr_has(message),
        };
        run.stdout("").stderr_lacks("canary");
    }
    let run = home.ksm(["env", "steers", "--prefix", "X_"]);
    run.succeeds().stdout("export X_LD_PRELOAD='canary-3'\n");
    let run = home.ksm(["env", "clash", "--format", "json", "A=other/title"]);
    run.fails(3).stdout("");
}

#[test]
fn an_unwritable_value_names_formats_that_can_hold_it() {
    let vault = Vault::start().with(login("key").password("one\ncanary"));
    let home = Home::configured_for(&vault);
    let run = home.ksm(["env", "key", "--format", "docker"]);
    run.fails(1).stdout("").stderr(
        "Error: `docker` cannot hold the variable `PASSWORD`: the value has more than one line\n\
         Hint: these formats can hold it: shell, fish, powershell, dotenv, json, yaml, systemd, github, k8s\n",
    );
}

#[test]
fn a_file_is_private_and_a_failure_leaves_none() {
    let vault = Vault::start().with(login("db").password("canary-1"));
    let home = Home::configured_for(&vault);
    home.ksm(["env", "db", "--format", "dotenv", "-o", "new.env"])
        .may_write_secrets()
        .succeeds()
        .stdout("");
    assert_eq!(home.read("new.env"), "PASSWORD=canary-1\n");
    assert_eq!(home.mode("new.env"), 0o600);
    home.ksm(["env", "none", "-o", "none.env"]).fails(3);
    assert!(!home.path("none.env").exists());
}

#[test]
fn a_step_of_github_hides_before_it_hands_over() {
    let vault = Vault::start().with(login("db").password("one-canary\n%two-canary"));
    let mut home = Home::configured_for(&vault);
    let file = home.write("runner", "BEFORE=1");
    home.set("GITHUB_ENV", &file);
    let run = home.ksm(["env", "db", "--format", "github"]);
    run.may_write_secrets()
        .succeeds()
        .stdout("\n::add-mask::one-canary\n::add-mask::%25two-canary\n");
    let written = home.read("runner");
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines[..2], ["BEFORE=1", &format!("PASSWORD<<{}", lines[4])]);
    assert_eq!(lines[2..4], ["one-canary", "%two-canary"]);

    // Nothing is handed over that is not hidden.
    let closed = home
        .after_shell("exec >&-", ["env", "db", "--format", "github"])
        .run();
    closed.may_write_secrets().fails(1);
    assert_eq!(home.read("runner"), written);
    home.ksm(["env", "db", "--format", "github", "-o", "x"])
        .may_write_secrets()
        .fails(2);
    home.ksm(["env", "db", "--format", "github", "--step-output"])
        .may_write_secrets()
        .fails(6)
        .stderr_has("GITHUB_OUTPUT is not set");
    for none in ["missing", "/dev/null"] {
        home.set("GITHUB_OUTPUT", none);
        home.ksm(["env", "db", "--format", "github", "--step-output"])
            .may_write_secrets()
            .fails(6)
            .stdout("");
    }
    assert!(!home.path("missing").exists());
    assert_eq!(home.read("runner"), written);
}

/// The runner reads a line that begins with `::` only, and adds what it cannot read to its log.
#[cfg(unix)]
#[test]
fn values_are_not_handed_over_where_no_runner_reads() {
    let vault = Vault::start().with(login("db").password("canary-1"));
    let mut home = Home::configured_for(&vault);
    let (file, other) = (home.write("runner", ""), home.write("other", ""));
    home.set("GITHUB_ENV", &file);
    home.set("GITHUB_OUTPUT", &other);
    for (place, said) in [
        ("runner", "the file of GITHUB_ENV"),
        ("other", "the file of GITHUB_OUTPUT"),
        ("/dev/null", "thrown away"),
    ] {
        let line = format!("exec >>{place}");
        let run = home.after_shell(&line, ["env", "db", "--format", "github"]);
        run.run().fails(6).stderr_has(said);
        assert_eq!(home.read("runner"), "", "{place}");
        assert_eq!(home.read("other"), "", "{place}");
    }
    let line = "printf 'half a line'";
    let run = home
        .after_shell(line, ["env", "db", "--format", "github"])
        .run();
    run.may_write_secrets()
        .succeeds()
        .stdout("half a line\n::add-mask::canary-1\n");
}

/// Half of an entry would take the lines of later steps for its value.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_runners_file_whole() {
    let vault = Vault::start().with(login("db").password(&"canary".repeat(300)));
    let mut home = Home::configured_for(&vault);
    let file = home.write("runner", "BEFORE=1\n");
    home.set("GITHUB_ENV", &file);
    let line = "trap '' XFSZ; ulimit -f 1";
    let run = home
        .after_shell(line, ["env", "db", "--format", "github"])
        .run();
    run.may_print_secrets();
    run.fails(6).stderr_has("cannot write");
    assert_eq!(home.read("runner"), "BEFORE=1\n");
}

#[test]
fn a_terminal_is_no_runner_of_github() {
    let vault = Vault::start().with(login("db").password("canary-1"));
    let mut home = Home::configured_for(&vault);
    let file = home.write("runner", "");
    home.set("GITHUB_ENV", &file);
    let call = home.command(["env", "db", "--format", "github"]);
    let (status, shown) = Terminal::start(&call).wait();
    assert!(
        shown.contains("stdout is a terminal") && !shown.contains("canary"),
        "{shown}"
    );
    assert_eq!(status.code(), Some(6));
    assert_eq!(home.read("runner"), "");
}
