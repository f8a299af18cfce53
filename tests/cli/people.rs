//! What a person at a terminal meets, and what a script does: line ends, remarks, colors, widths, silence.
#![cfg(unix)]

use serde_json::json;

use crate::support::terminal::Terminal;
use crate::support::{Home, PASSWORD, Server, UID, Vault, database, folder, login, record};

fn shown(home: &Home, words: &[&str]) -> String {
    let (status, shown) = Terminal::start(&home.command(words)).wait();
    assert!(status.success(), "{words:?}: {shown}");
    shown
}

#[test]
fn an_answer_ends_its_line_on_a_terminal() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    for (words, expected) in [
        (&["secret", "notation", PASSWORD][..], "canary-1\r\n"),
        (
            &["secret", "get", "-t", "db", "-f", "password"],
            "\r\ncanary-1\r\n",
        ),
        (
            &["-q", "secret", "get", "-t", "db", "-f", "password"],
            "canary-1\r\n",
        ),
        (
            &["env", "db", "--json"],
            "{\r\n    \"PASSWORD\": \"canary-1\"\r\n}\r\n",
        ),
        (&["env", "db"], "export PASSWORD='canary-1'\r\n"),
        (
            &["-o", "/dev/tty", "secret", "notation", PASSWORD],
            "canary-1\r\n",
        ),
    ] {
        assert_eq!(shown(&home, words), expected, "{words:?}");
    }
    let vault = Vault::start().with(login("noted").uid(UID).notes("of the canary"));
    let home = Home::configured_for(&vault);
    let told = shown(&home, &["secret", "get", "noted"]);
    assert!(told.contains(&format!("keeper://{UID}/notes")), "{told}");
    home.ksm(["secret", "get", "noted"]).succeeds().stderr("");
    // A failure begins a line.
    let vault = Vault::start().with(login("bad").uid(UID).login("ada"));
    vault.garble(UID);
    let home = Home::configured_for(&vault);
    let (_, told) = Terminal::start(&home.command(["secret", "list", "--json"])).wait();
    assert!(told.ends_with("]\r\n"), "{told}");
}

#[test]
fn a_pipe_gets_no_remark_and_no_line_end() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "get", "-t", "db", "-f", "password"])
        .succeeds()
        .stdout("canary-1")
        .stderr("");
    home.ksm(["secret", "notation", PASSWORD, "--json"])
        .may_print_secrets()
        .succeeds()
        .stdout("\"canary-1\"")
        .stderr("");
}

#[test]
fn quiet_leaves_warnings_and_verbose_adds_decisions() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    home.ksm(["profile", "rename", "_default", "mine"])
        .succeeds()
        .stderr("Profile _default is called mine now.\n");
    home.ksm(["profile", "rename", "mine", "yours", "--quiet"])
        .succeeds()
        .stderr("");
    home.write("template", format!("{PASSWORD}\n"));
    home.ksm(["-q", "interpolate", "template"])
        .may_print_secrets()
        .succeeds()
        .stderr("");
    home.ksm(["--quiet", "secret", "get", "none"]).fails(3);
    home.ksm(["secret", "notation", PASSWORD, "--verbose"])
        .may_print_secrets()
        .succeeds()
        .stderr_has(" | ksm | INFO | profile yours at ");
    // The command's own option of that name counts behind it.
    home.ksm(["secret", "get", "-t", "db", "-q", "$.title"])
        .succeeds()
        .stdout("\"db\"");
}

#[test]
fn variables_turn_colors_off_and_on() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    let list = ["secret", "list"];
    assert!(shown(&home, &list).contains("\x1b["));
    for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        home.set(name, value);
        assert!(!shown(&home, &list).contains("\x1b["), "{name}");
        assert!(
            shown(&home, &["--color", "secret", "list"]).contains("\x1b["),
            "{name}"
        );
        home.unset(name);
    }
    home.ksm(list).succeeds().stdout_lacks("\x1b[");
    home.set("CLICOLOR_FORCE", "1");
    home.ksm(list).succeeds().stdout_has("\x1b[");
    home.ksm(["--no-color", "secret", "list"])
        .succeeds()
        .stdout_lacks("\x1b[");
    home.set("NO_COLOR", "1");
    home.ksm(list).succeeds().stdout_lacks("\x1b[");
}

#[test]
fn columns_stand_below_each_other_whatever_their_script() {
    const FOLDER: &str = "FolderAAAAAAAAAAAAAAAA";
    let vault = Vault::start().with(
        folder("Team")
            .uid(FOLDER)
            .with(record("密码", "密码 🔑"))
            .with(record("login", "plain"))
            .with(record("e\u{301}te\u{301}", "combined")),
    );
    let home = Home::configured_for(&vault);
    let table = home.ksm(["secret", "list"]);
    let lines: Vec<_> = table
        .stdout_text()
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    // Before the titles stand a UID and a type.
    let column = |title: &str| {
        let line = lines.iter().find(|line| line.ends_with(title)).unwrap();
        let before = line.split(title).next().unwrap();
        let marks = before.matches('\u{301}').count();
        before.chars().count() + before.matches(['密', '码']).count() - marks
    };
    assert_eq!(column("plain"), column("combined"));
    assert_eq!(column("plain"), column("密码 🔑"));
}

#[test]
fn what_is_answered_is_answered_in_json() {
    const FOLDER: &str = "FolderAAAAAAAAAAAAAAAA";
    let vault = Vault::with_db().with(folder("Team").uid(FOLDER));
    let home = Home::configured_for(&vault);
    let version = home.ksm(["version", "--json"]);
    assert_eq!(version.succeeds().json()["compatible_with"], "1.5.0");
    let profiles = Home::bound_to(&vault);
    let ksm = |words: &str| {
        let words = words.split(' ').chain(["--json", "-q"]);
        profiles.ksm(words).succeeds().stderr("").json()
    };
    assert_eq!(ksm("profile rename _default mine")["was"], "_default");
    assert_eq!(ksm("profile active")["profile"], "mine");
    assert_eq!(ksm("profile active mine")["profile"], "mine");
    let token = vault.token();
    profiles.watch_token(&token);
    assert_eq!(
        ksm(&format!("profile init -p new {token}"))["profile"],
        "new"
    );
    let deleted = ksm("profile delete --all");
    assert_eq!(
        (&deleted["deleted"], &deleted["active"]),
        (&json!(["mine", "new"]), &json!(null))
    );
    let renamed = home.ksm(["folder", "update", "-f", FOLDER, "-t", "New", "--json"]);
    assert_eq!(
        renamed.succeeds().json(),
        json!({"folder": FOLDER, "title": "New"})
    );
}

#[test]
fn what_is_moved_or_written_is_told_in_json() {
    let vault = Vault::start().with(database(UID, "canary-1"));
    let home = Home::bound_to(&vault);
    let ksm = |words: &str| {
        let words = words.split(' ').chain(["--json", "-q"]);
        home.ksm(words)
            .may_print_secrets()
            .may_write_secrets()
            .succeeds()
            .stderr("")
            .json()
    };
    let exported = ksm("profile export");
    assert_eq!(exported["hostname"], vault.host().as_str());
    let saved = ksm("secret download -u db --name key.pem --file-output key.pem");
    assert_eq!(
        (&saved["file"], &saved["bytes"]),
        (&json!("key.pem"), &json!(home.read("key.pem").len()))
    );
    home.write(
        "template",
        format!("A={PASSWORD}\nB=keeper://none/field/x:-b\n"),
    );
    for (words, written) in [
        ("interpolate template --dry-run", json!(null)),
        ("interpolate template -o filled", json!("filled")),
    ] {
        let told = ksm(words);
        assert_eq!(told[0]["written"], written, "{words}");
        let references = &told[0]["references"];
        assert_eq!(references[0]["outcome"], "value", "{words}");
        assert_eq!(references[1]["outcome"], "default", "{words}");
        assert!(!told.to_string().contains("canary"), "{words}");
    }
    let moved = ksm("profile move _default --to ini -f other.ini");
    assert_eq!(moved["moved"], true);
    assert!(home.files().contains(&"other.ini".to_owned()));
    assert_eq!(ksm("keyring version")["name"], "lkru");
    assert_eq!(ksm("config cache")["enabled"], false);

    let (home, token) = Home::with_token(&vault);
    let manifest = home.ksm(["init", "k8s", "--json", &token]);
    let manifest = manifest.may_print_secrets().succeeds().json();
    assert_eq!(manifest["kind"], "Secret");
    assert!(manifest["data"]["config"].is_string());
}

#[test]
fn a_report_is_not_mixed_with_its_subject() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    home.write("template", PASSWORD);
    for words in [
        "interpolate template --json",
        "secret download -u db --name key.pem --file-output - --json",
    ] {
        home.ksm(words.split(' ')).fails(2).stdout("");
    }
    assert_eq!(vault.requests(), [] as [&str; 0]);
}
