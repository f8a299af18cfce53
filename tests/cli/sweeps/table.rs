//! One call or several of every command, each of which succeeds where nothing is in its way.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Home, Server, UID, Vault, database, folder, record};

pub const FOLDER: &str = "FolderAAAAAAAAAAAAAAAA";
const SUB: &str = "SubFolderAAAAAAAAAAAAA";
const NOTATION: &str = "keeper://db/field/login";

/// What is lost with the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Nothing,
    Deletion,
    Record,
    Folder,
    /// What a one-time token was spent for.
    Configuration,
}

pub struct Call {
    /// As `ksm help` shows it, after `ksm`.
    pub command: &'static str,
    /// `{token}` and `{config}` are new ones of the vault.
    arguments: &'static [&'static str],
    pub made: Made,
}

const fn call(command: &'static str, arguments: &'static [&'static str]) -> Call {
    Call {
        command,
        arguments,
        made: Made::Nothing,
    }
}

const fn making(made: Made, command: &'static str, arguments: &'static [&'static str]) -> Call {
    Call {
        command,
        arguments,
        made,
    }
}

pub const CALLS: &[Call] = &[
    call("profile init", &["-p", "new", "-t", "{token}"]),
    call("shell", &[]),
    call("profile list", &[]),
    call("profile active", &["_default"]),
    call("profile export", &[]),
    call("profile import", &["-f", "other.ini", "{config}"]),
    call("profile check", &[]),
    call("profile move", &["_default", "--to", "ini", "-f", "to.ini"]),
    call("profile rename", &["_default", "mine"]),
    call("profile delete", &["_default"]),
    call("secret list", &[]),
    call("secret get", &[UID]),
    call("secret get", &[UID, "--json"]),
    call("secret get", &[UID, "-f", "login"]),
    call("secret notation", &[NOTATION]),
    call("secret totp", &["code"]),
    making(
        Made::Record,
        "secret upload",
        &["-u", UID, "-f", "plain.txt"],
    ),
    call(
        "secret download",
        &["-u", UID, "--name", "key.pem", "--file-output", "key.pem"],
    ),
    call(
        "secret download",
        &["-u", UID, "--name", "key.pem", "--file-output", "-"],
    ),
    call("secret delete-attachment", &["-u", UID, "-f", "key.pem"]),
    making(
        Made::Record,
        "secret add field",
        &["--sf", FOLDER, "--rt", "login", "-t", "New", "login=ada"],
    ),
    making(
        Made::Record,
        "secret add file",
        &["--sf", FOLDER, "-f", "records.json"],
    ),
    making(Made::Record, "secret add clone", &["-u", "inside"]),
    call("secret update", &[UID, "--field", "login=eve"]),
    call("secret update", &[UID, "--field", "login=eve", "--dry-run"]),
    making(Made::Deletion, "secret delete", &[UID]),
    call("secret password", &[]),
    call("secret template record", &["login"]),
    call("secret template field", &["login"]),
    call("folder list", &[]),
    making(Made::Folder, "folder add", &["-f", FOLDER, "-t", "New"]),
    call("folder update", &["-f", FOLDER, "-t", "Other"]),
    making(Made::Deletion, "folder delete", &[SUB]),
    call("env", &["db"]),
    call("env", &["X=keeper://db/field/login", "--json"]),
    call(
        "exec",
        &["--dry-run", "-e", "X=keeper://db/field/login", "--", "true"],
    ),
    call("exec", &["--capture-output", "--", "echo", "hello"]),
    call("interpolate", &["template.txt"]),
    call("interpolate", &["template.txt", "-o", "filled.txt"]),
    call("interpolate", &["template.txt", "-w"]),
    making(Made::Configuration, "init default", &["{token}"]),
    making(Made::Configuration, "init k8s", &["{token}"]),
    call("sync", &["-m", "a", NOTATION, "-r", UID, "-fr", FOLDER]),
    call("config show", &[]),
    call("config color", &["--enable"]),
    call("config cache", &["--disable"]),
    call("config record-type-dir", &["-d", "types"]),
    call("config editor", &["--application", "vi"]),
    call("dev", &["--", "true"]),
    call("version", &[]),
    call("help", &["secret"]),
    call("completion", &["bash"]),
];

/// Commands that have their own tests of what the sweeps try, since they want more than a vault.
pub const ELSEWHERE: &[(&str, &str)] = &[
    ("profile setup", "AWS: interop/test_stores.py"),
    ("profile push", "AWS: interop/test_stores.py"),
    ("secret add editor", "a terminal: editor.rs"),
    ("keyring get", "a desktop: interop/test_keyring.py"),
    ("keyring set", "a desktop: interop/test_keyring.py"),
    ("keyring del", "a desktop: interop/test_keyring.py"),
    ("keyring version", "nothing: names.rs"),
    ("dev token", "a vault that is running: dev.rs"),
    ("quit", "a shell: shell.rs"),
];

pub fn vault() -> Vault {
    let code = "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    Vault::start()
        .with(database(UID, "canary-1"))
        .with(record("login", "code").field("oneTimeCode", json!([code])))
        .with(
            folder("Team")
                .uid(FOLDER)
                .with(record("login", "inside"))
                .with_folder(folder("Below").uid(SUB)),
        )
}

/// A home for one call: a profile, and the files that the calls name.
pub fn home(vault: &Vault) -> Home {
    let home = Home::bound_to(vault);
    home.write("plain.txt", "text");
    home.write("template.txt", format!("login={NOTATION}\n"));
    home.write(
        "records.json",
        json!({"version": "v3", "kind": "KeeperRecord", "data": [{"recordType": "login", "title": "New", "fields": []}]})
            .to_string(),
    );
    home.write("types/none.json", "{}");
    home
}

impl Call {
    pub fn words(&self, home: &Home, vault: &Vault) -> Vec<String> {
        let arguments = self.arguments.iter().map(|argument| match *argument {
            "{token}" => {
                let token = vault.token();
                home.watch_token(&token);
                token
            }
            "{config}" => home.bind(vault),
            plain => plain.to_owned(),
        });
        let command = self.command.split(' ').map(str::to_owned);
        command.chain(arguments).collect()
    }

    /// For messages of tests.
    pub fn line(&self) -> String {
        format!("ksm {} {}", self.command, self.arguments.join(" "))
    }
}

/// The commands that the help of `words` lists, with all below them.
fn shown(words: &str, found: &mut BTreeSet<String>) {
    let run = Home::new().ksm(["help"].into_iter().chain(words.split_whitespace()));
    let help = run.succeeds().stdout_text();
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let list = list.split("\n\n").next().unwrap_or_default();
    // A description that goes on is indented further.
    let names = list.lines().filter(|line| !line.starts_with("   "));
    let names: Vec<_> = names
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for name in &names {
        shown(&format!("{words} {name}"), found);
    }
    // `ksm dev` does something by itself.
    if names.is_empty() || words.trim() == "dev" {
        found.insert(words.trim().to_owned());
    }
}

#[test]
fn the_table_has_every_command() {
    let mut all = BTreeSet::new();
    shown("", &mut all);
    let called = CALLS.iter().map(|call| call.command);
    let named = called.chain(ELSEWHERE.iter().map(|(command, _)| *command));
    let named: BTreeSet<String> = named.map(str::to_owned).collect();
    assert_eq!(named, all);
}
