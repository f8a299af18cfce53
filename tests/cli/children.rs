//! No program that is started inherits our credentials: `exec` has tests of its own.

use ksm::environment::names;

use crate::support::terminal::Terminal;
use crate::support::{Home, Server, Vault, folder};

const FOLDER: &str = "FolderAAAAAAAAAAAAAAAA";
/// Keeps the names of its variables and fails.
const SCRIPT: &str = "#!/bin/sh\nenv | cut -d= -f1 > names\nexit 1\n";

/// All that may stand in our environment and in nobody else's.
fn credentials() -> Vec<String> {
    let plain = [names::KSM_TOKEN, names::KSM_CLI_TOKEN, names::KSM_CONFIG].map(str::to_owned);
    let numbered = [names::KSM_CONFIG_BASE64, names::KSM_CONFIG_BASE64_DESC];
    let numbered = [1, 2, 10]
        .iter()
        .flat_map(|number| numbered.map(|prefix| format!("{prefix}{number}")));
    plain.into_iter().chain(numbered).collect()
}

fn home_with_credentials(vault: &Vault) -> Home {
    let mut home = Home::configured_for(vault);
    for name in credentials() {
        if name != names::KSM_CONFIG {
            home.set(name, "canary");
        }
    }
    home.set("MARK", "1");
    home
}

fn script(home: &Home, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.write(name, SCRIPT);
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o700)).unwrap();
}

#[track_caller]
fn assert_nothing_inherited(home: &Home) {
    let seen = home.read("names");
    let seen: Vec<_> = seen.lines().collect();
    assert!(seen.contains(&"MARK"), "{seen:?}");
    let ours = credentials();
    let inherited = ours.iter().filter(|name| seen.contains(&name.as_str()));
    assert_eq!(inherited.collect::<Vec<_>>(), [] as [&str; 0]);
}

#[test]
fn an_editor_inherits_no_credentials() {
    let vault = Vault::start().with(folder("Team").uid(FOLDER));
    let mut home = home_with_credentials(&vault);
    script(&home, "editor");
    home.set("EDITOR", home.path("editor"));
    let call = [
        "secret", "add", "editor", "--sf", FOLDER, "--rt", "login", "-t", "T",
    ];
    let mut terminal = Terminal::start(&home.command(call));
    terminal.wait_for("Do you wish to edit?");
    terminal.press("q\n");
    terminal.wait();
    assert_nothing_inherited(&home);
}

#[test]
fn kubectl_inherits_no_credentials() {
    let vault = Vault::start();
    let mut home = home_with_credentials(&vault);
    script(&home, "kubectl");
    home.set("PATH", format!("{}:/usr/bin:/bin", home.path("").display()));
    let token = vault.token();
    home.watch_token(&token);
    let run = home.ksm(["init", "k8s", "--apply", &token]);
    run.may_print_secrets().fails(1);
    assert_nothing_inherited(&home);
}

#[test]
fn a_credential_process_inherits_no_credentials() {
    let vault = Vault::start();
    let mut home = home_with_credentials(&vault);
    script(&home, "process");
    let process = home.path("process");
    let config = format!("[default]\ncredential_process = {}\n", process.display());
    home.set(names::AWS_CONFIG_FILE, home.write("aws", config));
    home.set(names::AWS_REGION, "eu-west-1");
    let section =
        "[_config]\nactive_profile = a\n[a]\nstorage = aws\nprovider = profile\nsecret = s\n";
    let store = home.write("store.ini", section);
    let store = store.to_str().unwrap();
    let run = home.ksm(["--ini-file", store, "secret", "list"]);
    run.fails(6);
    assert_nothing_inherited(&home);
}
