//! Profiles as people meet them: the active one, all of them, and what is given in the place of something else.

use crate::support::{Home, Server, Vault, login};

const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz0123456789abcdefg";

fn second(vault: &Vault, home: &Home) {
    let token = vault.token();
    home.watch_token(&token);
    home.ksm(["profile", "init", "--profile=second", "-t", &token])
        .succeeds();
}

#[test]
fn the_active_profile_is_printed() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    second(&vault, &home);
    home.ksm(["profile", "active"])
        .succeeds()
        .stdout("_default\n");
    home.ksm(["profile", "active", "second"]).succeeds();
    home.ksm(["profile", "active"])
        .succeeds()
        .stdout("second\n");
    home.ksm(["--profile", "_default", "profile", "active"])
        .succeeds()
        .stdout("_default\n");
}

#[test]
fn all_profiles_are_deleted_at_once() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    second(&vault, &home);
    home.ksm(["profile", "delete"]).fails(2);
    home.ksm(["profile", "delete", "second", "--all"]).fails(2);
    home.ksm(["profile", "delete", "--all"])
        .succeeds()
        .stderr_has("Profile _default has been deleted.")
        .stderr_has("Profile second has been deleted.")
        .stderr_has("The vault knows its device still");
    assert!(!home.read("keeper.ini").contains("privatekey"));
    home.ksm(["profile", "list", "--json"])
        .succeeds()
        .stdout("[]");
    home.ksm(["profile", "delete", "--all"])
        .succeeds()
        .stderr_has("There is no profile in ");
}

#[test]
fn a_token_in_the_environment_serves_profile_commands() {
    for command in [
        &["profile", "list"][..],
        &["profile", "active"],
        &["profile", "export"],
        &["config", "color", "--disable"],
    ] {
        let vault = Vault::start();
        let (mut home, token) = Home::with_token(&vault);
        home.set("KSM_TOKEN", token);
        let check = home.ksm(["profile", "check"]);
        check.fails(6).stdout_has("KSM_TOKEN has a one-time token");
        assert!(home.files().is_empty() && vault.requests().is_empty());
        let run = home.ksm(command);
        run.may_print_secrets().may_write_secrets();
        run.succeeds().stderr_has("Added profile _default");
        assert!(home.read("keeper.ini").contains("[_default]"));
        vault.forget_requests();
        let run = home.ksm(command);
        run.may_print_secrets().succeeds();
        assert!(vault.requests().is_empty());
    }
}

#[test]
fn unknown_regions_are_told_before_anything_is_written() {
    let home = Home::new();
    for arguments in [
        &["profile", "init", "-h", "UK", "-t", TOKEN][..],
        &["profile", "init", "-t", &format!("XX:{TOKEN}")],
        &["init", "default", "-h", "uk", TOKEN],
    ] {
        home.ksm(arguments)
            .fails(2)
            .stderr_has(" is no region; the regions are ")
            .stderr_has("US, EU, AU, GOV, JP, CA, IL5");
    }
    assert!(home.files().is_empty(), "{:?}", home.files());
}

#[test]
fn a_bind_that_reached_nobody_leaves_no_keys() {
    let home = Home::new();
    home.ksm(["profile", "init", "-h", "127.0.0.1:1", "-t", TOKEN])
        .fails(5);
    assert!(home.files().iter().all(|file| !file.contains("pending")));
}

#[test]
fn a_directory_that_a_variable_names_is_made() {
    let vault = Vault::start();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_INI_DIR", home.path("new/place"));
    home.ksm(["profile", "init", "-t", &token])
        .may_write_secrets()
        .succeeds();
    #[cfg(unix)]
    assert_eq!(home.mode("new/place"), 0o700);
    home.ksm(["profile", "active"]).succeeds();
}

#[test]
fn a_named_file_is_hidden_by_no_variable() {
    let vault = Vault::start();
    let (home, token) = Home::with_token(&vault);
    let init = ["--ini-file", "my.ini", "profile", "init", "-t", &token];
    let call = home.command(init).env("KSM_CONFIG", "{}");
    call.run()
        .may_write_secrets()
        .succeeds()
        .stderr_lacks("Warning");
}

#[test]
fn a_spent_token_tells_restarted_containers_what_helps() {
    let vault = Vault::start();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_TOKEN", &token);
    let elsewhere = Home::trusting(&vault);
    elsewhere.redeem(&token).unwrap();
    home.ksm(["secret", "list"])
        .fails(4)
        .stderr_has("a token makes one device, once")
        .stderr_has("KSM_INI_DIR on a volume");
    home.ksm(["--ephemeral", "secret", "list"])
        .fails(4)
        .stderr_has("a token makes one device, once, so `--ephemeral`")
        .stderr_has("KSM_INI_DIR on a volume");
}

#[test]
fn what_is_imported_may_be_a_manifest() {
    let vault = Vault::start().with(login("db").password("canary-1"));
    let (home, token) = Home::with_token(&vault);
    let manifest = home.ksm(["init", "k8s", "-t", &token]);
    manifest.may_print_secrets().succeeds();
    let manifest = manifest.stdout_text().to_owned();
    let call = home.command(["profile", "import", "-"]).stdin(&manifest);
    call.run().may_write_secrets().succeeds();
    home.ksm(["secret", "list"]).succeeds().stdout_has("db");
}

#[test]
fn what_is_no_store_is_called_what_it_is() {
    let home = Home::new();
    home.write("export.json", r#"{"clientId": "x"}"#);
    home.write("blob", [0xff, 0xff, 1, 2, 3]);
    for file in ["export.json", "blob"] {
        home.ksm(["--ini-file", file, "secret", "list"])
            .fails(6)
            .stderr_has("is no keeper.ini, but holds the configuration of an SDK or an export")
            .stderr_has("KSM_CONFIG_FILE");
    }
    let blob = home.command(["secret", "list"]);
    blob.env("KSM_CONFIG_FILE", home.path("blob"))
        .run()
        .fails(6)
        .stderr_has("it is encrypted by an SDK");
    home.ksm(["profile", "import", "garbage"]).fails(6);
    home.ksm(["profile", "import", "export.json"])
        .fails(6)
        .stderr_has("`ksm profile import - < export.json` reads the file");
}

#[test]
fn without_token_the_error_names_a_file() {
    let home = Home::new();
    home.ksm(["profile", "init"])
        .fails(2)
        .stderr_has("`--token-file FILE` reads it from a file");
}

#[cfg(unix)]
#[test]
fn a_token_is_typed_unseen() {
    use crate::support::terminal::Terminal;
    use std::os::unix::process::ExitStatusExt;

    const SIGINT: i32 = 2;
    for arguments in [&["profile", "init"][..], &["profile", "init", "-t", "-"]] {
        let vault = Vault::start();
        let (home, token) = Home::with_token(&vault);
        let mut terminal = Terminal::start(&home.command(arguments));
        terminal.wait_for("it is not shown");
        terminal.press(&format!("x\u{7f}{token}\n"));
        let (status, shown) = terminal.wait();
        assert_eq!(status.code(), Some(0), "{shown}");
        assert!(!shown.contains(&token), "{shown}");
        home.ksm(["profile", "active"]).succeeds();
    }
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command(["profile", "init"]));
    terminal.wait_for("it is not shown");
    terminal.press("\u{3}");
    let (status, shown) = terminal.wait();
    assert_eq!(status.signal(), Some(SIGINT), "{shown}");
}

#[test]
fn an_unclear_word_spends_no_token() {
    let vault = Vault::with_db();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_TOKEN", token);
    home.command(["secret", "list"])
        .env("KSM_EPHEMERAL", "ture")
        .run()
        .fails(6)
        .stderr_has("KSM_EPHEMERAL");
    assert_eq!(home.files(), [""; 0]);
    assert!(vault.requests().is_empty());
}
