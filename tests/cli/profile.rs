//! `ksm profile`, from the one-time token to the last key deleted.

#[cfg(unix)]
use std::fs;

use sha2::{Digest, Sha256};

use crate::support::{Fault, FaultProxy, Home, Run, Server, Vault};

/// The files of a home after a bind, and nothing else.
const BOUND: [&str; 2] = ["keeper.ini", "keeper.ini.lock"];

fn init(home: &Home, token: &str) -> Run {
    home.watch_token(token);
    home.ksm(["profile", "init", "--token", token])
}

#[test]
fn a_token_becomes_a_profile() {
    let vault = Vault::start();
    let home = Home::trusting(&vault);
    let run = init(&home, &vault.token());
    let path = home.path("keeper.ini");
    let modes = if cfg!(unix) {
        "Set keeper.ini permissions to 0600 (owner-only access)\n"
    } else {
        ""
    };
    run.succeeds().stdout("").stderr(&format!(
        "{modes}Added profile _default to INI config file located at {}\n",
        path.display()
    ));
    assert_eq!(home.files(), BOUND);
    #[cfg(unix)]
    assert_eq!(home.mode("keeper.ini"), 0o600);
    assert_eq!(vault.requests(), ["get_secret", "get_secret"]);
    let text = home.read("keeper.ini");
    assert!(text.starts_with("[_config]\nactive_profile = _default\ncolor = True\n"));
    assert!(text.contains(&format!("\nhostname = {}\n", vault.host())));
    home.ksm(["profile", "list"])
        .succeeds()
        .stdout("\n Active Profile\n ------ --------\n   *    _default\n\n");
}

#[test]
fn tokens_are_taken_from_where_others_cannot_see_them() {
    let vault = Vault::start();
    let home = Home::trusting(&vault);
    for (number, source) in ["stdin", "file", "variable", "argument"].iter().enumerate() {
        let token = vault.token();
        home.watch_token(&token);
        let name = format!("p{number}");
        let call = match *source {
            "stdin" => home
                .command(["profile", "init", "-p", &name, "-t", "-"])
                .stdin(format!("{token}\n")),
            "file" => {
                let file = home.write("tmp/token", format!("{token}\nmore\n"));
                home.command(
                    ["profile", "init", "-p", &name, "--token-file"]
                        .map(Into::into)
                        .into_iter()
                        .chain([file.into_os_string()]),
                )
            }
            "variable" => home
                .command(["profile", "init", "-p", &name])
                .env("KSM_CLI_TOKEN", &token),
            _ => home.command(["profile", "init", "-p", &name, &token]),
        };
        call.run().may_write_secrets().succeeds();
    }
    home.ksm(["profile", "list", "--json"]).stdout(
        r#"[{"active": true, "name": "p0"}, {"active": false, "name": "p1"}, {"active": false, "name": "p2"}, {"active": false, "name": "p3"}]"#,
    );
}

#[test]
fn local_failures_come_before_the_token_is_sent() {
    let vault = Vault::start();
    let (home, token) = Home::with_token(&vault);
    let broken = home.write("broken.ini", "no section\n");
    let broken = broken.to_str().unwrap();
    let missing = home.path("missing/keeper.ini");
    let missing = missing.to_str().unwrap();
    // Settings above the first header would be continued by it.
    let odd = home.write("odd.ini", "  [a]\n  clientid = x\n");
    let odd = odd.to_str().unwrap();
    let cases: [(&[&str], i32, &str); 9] = [
        (&["-t", &token, "--ini-file", odd], 6, "layout"),
        (&["-t", "US:short"], 2, "client key"),
        (&["-t", ""], 2, "empty"),
        (&["-t", &token, "-p", "_config"], 2, "reserved"),
        (&["-t", &token, "-p", "bad name"], 2, "1-64 characters"),
        (&["-t", &token, "-h", "http://x"], 2, "https"),
        (&["-t", &token, "--ini-file", broken], 6, "broken.ini"),
        (&["-t", &token, "--ini-file", missing], 6, "missing"),
        (&[], 2, "one time access token is required"),
    ];
    for (args, code, says) in cases {
        let args = ["profile", "init"].iter().chain(args);
        home.ksm(args).fails(code).stdout("").stderr_has(says);
    }
    home.command(["profile", "init", "-t", &token])
        .env("KSM_CA_FILE", home.path("none.pem"))
        .run()
        .fails(6);
    assert_eq!(vault.requests(), [] as [&str; 0]);
    assert_eq!(home.read("broken.ini"), "no section\n");
    init(&home, &token).succeeds();
}

#[test]
fn a_refused_token_leaves_nothing() {
    let vault = Vault::start();
    let (first, second) = (Home::trusting(&vault), Home::trusting(&vault));
    let token = vault.token();
    init(&first, &token).succeeds();
    init(&second, &token)
        .fails(4)
        .stdout("")
        .stderr_has("Could not init the profile: access_denied")
        .stderr_has("Hint: a token makes one device, once, and expires: whoever administers");
    assert_eq!(second.files(), [""; 0]);
    // Where it was redeemed, a second time says so.
    init(&first, &token).fails(4).stderr_has("already redeemed");
    assert_eq!(first.files(), BOUND);
}

#[test]
fn a_spent_token_leads_to_the_profile_there_is() {
    let vault = Vault::start();
    let (first, second) = (Home::trusting(&vault), Home::trusting(&vault));
    init(&first, &vault.token()).succeeds();
    let spent = vault.token();
    init(&second, &spent).succeeds();
    let hint = format!(
        "Hint: a token makes one device, once. {} has a profile already, which needs no token: ",
        first.path("keeper.ini").display()
    );
    first
        .ksm(["profile", "init", "-p", "other", "--token", &spent])
        .fails(4)
        .stderr_has(&format!("{hint}`ksm profile list` shows it"));
    first
        .ksm(["init", "default", &spent])
        .fails(4)
        .stderr_has(&format!("{hint}`ksm profile export` prints it"));
}

#[test]
fn a_lost_answer_is_requested_again_with_same_keys() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = Home::trusting(&faults);
    let token = faults.token();
    faults.always(Fault::LoseAnswer);
    init(&home, &token)
        .may_write_secrets()
        .fails(5)
        .stderr_has("same command");
    let left = home.files();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(
        left[0].starts_with(".keeper.ini.") && left[0].ends_with(".pending"),
        "{left:?}"
    );
    #[cfg(unix)]
    assert_eq!(home.mode(&left[0]), 0o600);
    faults.clear();
    init(&home, &token).succeeds();
    assert_eq!(home.files(), BOUND);
}

#[test]
fn two_runs_with_one_token_make_one_profile() {
    let vault = Vault::start();
    let (home, token) = Home::with_token(&vault);
    let runs = ["a", "b"].map(|name| {
        home.command(["profile", "init", "-t", &token, "-p", name])
            .spawn()
    });
    let ended = runs.map(|run| {
        let run = run.wait(&home);
        run.may_write_secrets();
        run.stderr_text().to_owned()
    });
    let count = |part| ended.iter().filter(|said| said.contains(part)).count();
    assert_eq!(
        (count("Added profile"), count("already redeemed")),
        (1, 1),
        "{ended:?}"
    );
    assert_eq!(home.files(), BOUND);
    assert_eq!(home.read("keeper.ini").matches("clientid").count(), 1);
}

#[test]
fn profiles_are_chosen_replaced_and_deleted() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    for name in ["two", "three"] {
        let token = vault.token();
        home.watch_token(&token);
        home.ksm(["profile", "init", "-t", &token, "-p", name])
            .may_write_secrets()
            .succeeds();
    }
    home.ksm(["profile", "active", "two"])
        .succeeds()
        .stderr("two is now the active profile.\n");
    for options in [&["-p", "three"][..], &[]] {
        let args = options.iter().chain(&["profile", "export", "--plain"]);
        let run = home.ksm(args);
        let exported = run.may_print_secrets().succeeds().stdout_text();
        let id = exported.split("clientid = ").nth(1).unwrap();
        let id = id.lines().next().unwrap();
        let store = home.read("keeper.ini");
        let name = if options.is_empty() { "two" } else { "three" };
        let section = store.split(&format!("[{name}]")).nth(1).unwrap();
        assert!(
            section
                .trim_start()
                .starts_with(&format!("clientid = {id}"))
        );
    }
    home.ksm(["profile", "active", "four"])
        .fails(3)
        .stderr_has("profile `four` is not in")
        .stderr_has("_default, two, three");
    home.ksm(["profile", "list", "-p", "three", "--json"]).stdout(
        r#"[{"active": false, "name": "_default"}, {"active": false, "name": "two"}, {"active": true, "name": "three"}]"#,
    );
    let token = vault.token();
    home.watch_token(&token);
    let again = ["profile", "init", "-t", &token, "-p", "two"];
    let before = home.read("keeper.ini");
    vault.forget_requests();
    home.ksm(again)
        .fails(6)
        .stderr_has("there is a profile `two` in")
        .stderr_has("`-p NAME`")
        .stderr_has("`--force`");
    assert_eq!(home.read("keeper.ini"), before);
    assert_eq!(vault.requests(), [] as [&str; 0]);
    home.ksm(again.into_iter().chain(["--force"]))
        .may_write_secrets()
        .succeeds()
        .stderr_has("Replacing profile two");
    home.ksm(["profile", "delete", "two"])
        .succeeds()
        .stderr_has("Profile two has been deleted.")
        .stderr_has("`ksm profile active NAME`");
    // No active profile keeps no profile command from working.
    home.ksm(["profile", "list", "--json"]).succeeds();
    home.ksm(["profile", "export"])
        .fails(6)
        .stderr_has("_default, three");
    home.ksm(["profile", "delete", "three"])
        .may_write_secrets()
        .succeeds();
    home.ksm(["profile", "list", "--json"])
        .stdout(r#"[{"active": true, "name": "_default"}]"#);
    home.ksm(["profile", "delete", "_default"]).succeeds();
    assert!(!home.read("keeper.ini").contains("privatekey"));
    home.ksm(["profile", "delete", "_default"]).fails(3);
}

#[test]
fn an_export_is_imported_elsewhere() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let section = |text: &str| text[text.find("[_default]").unwrap()..].to_owned();
    for form in [
        &["--plain"][..],
        &[],
        &["--file-format", "JSON"],
        &["--file-format", "json", "--plain"],
    ] {
        let run = home.ksm(["profile", "export"].iter().chain(form));
        let export = run.may_print_secrets().succeeds().stdout_text().to_owned();
        let other = Home::new();
        other
            .command(["profile", "import", "-"])
            .stdin(&export)
            .run()
            .may_write_secrets()
            .succeeds()
            .stdout("")
            .stderr_has("Imported config saved to profile _default at");
        assert_eq!(
            section(&other.read("keeper.ini")),
            section(&home.read("keeper.ini")),
            "{form:?}"
        );
        // The same as a variable.
        let list = Home::new();
        list.command(["profile", "list", "--json"])
            .env("KSM_CONFIG", export)
            .run()
            .stdout(r#"[{"active": true, "name": "_default"}]"#);
    }
}

/// Mails, editors and other programs wrap texts, mark them and end their lines in their own way.
#[test]
fn an_export_is_imported_however_it_was_written_down() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let export = |form: &[&str]| {
        let run = home.ksm(["profile", "export"].iter().chain(form));
        run.may_print_secrets().succeeds().stdout_text().to_owned()
    };
    let (base64, ini) = (export(&[]), export(&["--plain"]));
    let json = export(&["--plain", "--file-format", "json"]);
    let folded = |text: &str, by: &str| {
        let parts: Vec<_> = text.as_bytes().chunks(64).collect();
        let parts: Vec<_> = parts.into_iter().map(String::from_utf8_lossy).collect();
        parts.join(by)
    };
    let key = json.split('"').find(|text| text.len() > 100).unwrap();
    let forms = [
        folded(&base64, "\r\n") + "\r\n",
        base64.trim_end_matches('=').to_owned(),
        base64.replace('-', "+").replace('_', "/"),
        format!("\u{feff}{base64}"),
        format!("\u{feff}{json}\r\n"),
        json.replace(key, &(folded(key, "\\n") + "\\n")),
        json.replace('{', "{\"clientKey\": \"AAAA\", \"x\": {\"y\": [null]}, "),
        ini.replace('\n', "\r\n"),
        format!("\u{feff}{}", ini.trim_end()),
        ini.replace(key, &folded(key, "\n  ")),
    ];
    for form in forms {
        let other = Home::trusting(&vault);
        for name in ["first", "second"] {
            other
                .command(["profile", "import", "-p", name, "-"])
                .stdin(&form)
                .run()
                .may_write_secrets()
                .succeeds();
        }
        other.ksm(["-p", "second", "secret", "list"]).succeeds();
    }
}

/// A profile inherits the members of `[DEFAULT]`.
#[test]
fn an_imported_profile_takes_along_what_it_is_lent() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let export = home.ksm(["profile", "export", "--plain"]);
    let export = export
        .may_print_secrets()
        .succeeds()
        .stdout_text()
        .to_owned();
    let host = format!("hostname = {}\n", vault.host());
    let lent = export.replace(&host, "").replace("[_default]", "[lent]");
    home.command(["profile", "import", "-"])
        .stdin(format!("[DEFAULT]\n{host}{lent}"))
        .run()
        .may_write_secrets()
        .succeeds();
    home.ksm(["-p", "lent", "secret", "list"]).succeeds();
}

#[test]
fn what_an_import_changes_is_said() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let export = home.ksm(["profile", "export"]);
    let export = export.may_print_secrets().succeeds().stdout_text();
    let before = home.read("keeper.ini");
    let import = || {
        let call = home.command(["profile", "import", "-"]).stdin(export);
        let run = call.run();
        run.may_write_secrets().succeeds();
        run
    };
    import()
        .stderr_has("Profile _default is in ")
        .stderr_has(" already, with the same keys and settings.\n")
        .stderr_lacks("Replacing");
    assert_eq!(home.read("keeper.ini"), before);
    let host = format!("hostname = {}", vault.host());
    assert!(before.contains(&host));
    home.write("keeper.ini", before.replace(&host, "hostname = other"));
    import().stderr_has(" already with the same keys; its other settings are replaced.\n");
    assert_eq!(home.read("keeper.ini"), before);
}

#[cfg(unix)]
#[test]
fn a_file_is_called_by_its_name() {
    let vault = Vault::start();
    let (home, token) = Home::with_token(&vault);
    home.ksm(["--ini-file", "q.ini", "profile", "init", &token])
        .may_write_secrets()
        .succeeds()
        .stderr_has("Set q.ini permissions to 0600 (owner-only access)\n");
}

/// A file of several profiles brings those that work; what another has wrong is told.
#[test]
fn of_several_profiles_the_good_ones_are_imported() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let export = home.ksm(["profile", "export", "--plain"]);
    let export = export
        .may_print_secrets()
        .succeeds()
        .stdout_text()
        .to_owned();
    let (_, section) = export.split_once("[_default]").unwrap();
    let text = format!("[good]{section}[bad name]{section}[broken]\nclientid = canary\n");
    let other = Home::trusting(&vault);
    other
        .command(["profile", "import", "-"])
        .stdin(&text)
        .run()
        .may_write_secrets()
        .succeeds()
        .stderr_has("profile bad name is left out: Profile name must be 1-64 characters")
        .stderr_has("profile broken is left out: ")
        .stderr_has("saved to profile good at");
    other
        .ksm(["profile", "list", "--json"])
        .stdout(r#"[{"active": true, "name": "good"}]"#);
    other.ksm(["secret", "list"]).succeeds();
}

/// The next command deletes the remainder of a bind whose profile was saved.
#[test]
fn a_bind_killed_at_its_end_leaves_nothing() {
    let vault = Vault::start();
    let home = Home::trusting(&vault);
    let token = vault.token();
    init(&home, &token).succeeds();
    let text = home.read("keeper.ini");
    // As after a kill between saving the profile and forgetting the bind.
    let id = text.split("clientid = ").nth(1).unwrap();
    let id = id.lines().next().unwrap();
    let digest: String = Sha256::digest(id)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let left = format!(".keeper.ini.{digest}.pending");
    home.write(&left, "canary");
    init(&home, &token).fails(4).stderr_has("already redeemed");
    assert_eq!(home.files(), BOUND);
    home.write(&left, "canary");
    home.ksm(["profile", "delete", "_default"]).succeeds();
    assert_eq!(home.files(), BOUND);
}

#[test]
fn a_new_store_that_hides_another_says_so() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    std::fs::create_dir(home.path("sub")).unwrap();
    let token = vault.token();
    home.watch_token(&token);
    home.command(["profile", "init", "-t", &token])
        .dir(home.path("sub"))
        .run()
        .may_write_secrets()
        .succeeds()
        .stderr_has("sub/keeper.ini is used here from now on, and no longer ");
    let token = vault.token();
    home.watch_token(&token);
    home.command(["profile", "init", "-t", &token, "-p", "two"])
        .env("KSM_CONFIG", "{}")
        .run()
        .may_write_secrets()
        .succeeds()
        .stderr_has("KSM_CONFIG is used here, and goes before ")
        .stderr_lacks("from now on");
}

#[test]
fn a_bad_import_changes_nothing() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let before = home.read("keeper.ini");
    for bad in [
        "",
        "{}",
        "garbage!",
        "AAAA",
        "[_config]\n",
        r#"{"clientId": "x""#,
        "[a]\nx\n[a]\n",
    ] {
        home.ksm(["profile", "import", bad]).fails(6).stdout("");
        assert_eq!(home.read("keeper.ini"), before, "{bad}");
    }
    home.write("keeper.ini", "broken\n");
    let good = r#"{"clientId": "x"}"#;
    home.ksm(["profile", "import", good]).fails(6);
    assert_eq!(home.read("keeper.ini"), "broken\n");
}

#[test]
fn nothing_is_stored_where_profiles_come_from_variables() {
    let vault = Vault::start();
    let home = Home::configured_for(&vault);
    // It is the active one anyway.
    home.ksm(["profile", "active", "_default"]).succeeds();
    home.ksm(["config", "color", "--disable"])
        .fails(6)
        .stderr_has("Nothing was stored");
    home.ksm(["profile", "delete", "_default"]).fails(6);
    assert_eq!(home.files(), [] as [&str; 0]);
}

#[test]
fn without_configuration_commands_say_where_they_looked() {
    let home = Home::new();
    home.ksm(["profile", "list"])
        .succeeds()
        .stdout("\n Active Profile\n ------ -------\n\n");
    home.ksm(["profile", "list", "--json"])
        .succeeds()
        .stdout("[]");
    home.ksm(["profile", "export"])
        .fails(6)
        .stderr_has("\n  --ini-file\n  KSM_CONFIG\n  KSM_CONFIG_BASE64_1\n  ")
        .stderr_has("\n  /etc/keeper/keeper.ini\n  the OS keyring (")
        .stderr_has(")\n  KSM_CONFIG_FILE\n  KSM_TOKEN\n")
        .stderr_has(match cfg!(feature = "keyring") {
            true => "(there is no session bus)",
            false => "(this build uses none)",
        });
    home.ksm(["--ini-file", "none.ini", "profile", "list"])
        .fails(6)
        .stderr_has("none.ini");
}

#[cfg(unix)]
#[test]
fn another_owners_store_is_used_only_when_named() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let path = home.path("keeper.ini");
    let mode = |mode| fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o644);
    home.ksm(["profile", "list"])
        .succeeds()
        .stderr_has("0644, is too open");
    home.command(["profile", "list"])
        .env("KSM_CONFIG_SKIP_MODE_WARNING", "TRUE")
        .run()
        .stderr("");
    mode(0o666);
    home.ksm(["profile", "list"])
        .fails(6)
        .stderr_has("changed by others")
        .stderr_has("--ini-file");
    home.ksm(["--ini-file", "keeper.ini", "profile", "list"])
        .succeeds()
        .stderr_has("Warning");
    home.command(["profile", "list"])
        .env("KSM_CONFIG_SKIP_MODE", "TRUE")
        .run()
        .succeeds()
        .stderr("");
    // The next save repairs it.
    home.ksm(["--ini-file", "keeper.ini", "profile", "active", "_default"])
        .succeeds();
    assert_eq!(home.mode("keeper.ini"), 0o600);
    // A link of ours is followed, and stays one.
    fs::create_dir(home.path("real")).unwrap();
    fs::rename(&path, home.path("real/store.ini")).unwrap();
    symlink("real/store.ini", &path).unwrap();
    let token = vault.token();
    home.watch_token(&token);
    home.ksm(["profile", "init", "-t", &token, "-p", "two"])
        .may_write_secrets()
        .succeeds();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert!(home.read("real/store.ini").contains("[two]"));
}
