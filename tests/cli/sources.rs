//! Where a profile comes from, and that using one never changes it.

use std::fs;

use crate::support::{Fault, FaultProxy, Home, PASSWORD, Server, Vault};

/// An INI file whose one profile has this name.
fn ini(name: &str) -> String {
    format!("[_config]\nactive_profile = {name}\n\n[{name}]\nclientid = {name}\n")
}

/// The value of `KSM_CONFIG_BASE64_1` for a device with this client id.
fn bundle(client_id: &str) -> String {
    ksm::codec::encode(format!(r#"{{"clientId": "{client_id}"}}"#).as_bytes())
}

/// The files that are searched for, in order, with what names their profile.
const FOUND: [(&str, &str); 5] = [
    ("work/keeper.ini", "here"),
    ("dir/keeper.ini", "dir"),
    ("keeper.ini", "home"),
    (".config/ksm/keeper.ini", "config"),
    (".keeper/keeper.ini", "keeper"),
];

#[test]
fn the_first_of_all_places_wins() {
    let mut home = Home::new();
    fs::create_dir(home.path("work")).unwrap();
    home.write("named.ini", ini("option"));
    home.set("KSM_CONFIG", bundle("variable"));
    home.set("KSM_CONFIG_BASE64_1", bundle("numbered"));
    home.set("KSM_CONFIG_BASE64_DESC_1", "numbered");
    home.set("KSM_INI_DIR", home.path("dir"));
    for (file, name) in FOUND {
        home.write(file, ini(name));
    }
    let active = |home: &Home, options: &[&str]| {
        let args = options.iter().copied().chain(["profile", "list", "--json"]);
        let run = home.command(args).dir(home.path("work")).run();
        run.succeeds().json()[0]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let place = |home: &Home| {
        let run = home.command(["version"]).dir(home.path("work")).run();
        let text = run.succeeds().stdout_text();
        text.rsplit_once("Config file: ")
            .unwrap()
            .1
            .trim()
            .to_owned()
    };
    let named = home.path("named.ini");
    assert_eq!(
        active(&home, &["--ini-file", named.to_str().unwrap()]),
        "option"
    );
    assert_eq!(active(&home, &[]), "_default");
    assert_eq!(place(&home), "KSM_CONFIG");
    home.unset("KSM_CONFIG");
    assert_eq!(active(&home, &[]), "numbered");
    assert_eq!(place(&home), "KSM_CONFIG_BASE64_1");
    home.unset("KSM_CONFIG_BASE64_1");
    for (file, name) in FOUND {
        assert_eq!(active(&home, &[]), name);
        assert_eq!(place(&home), home.path(file).to_str().unwrap());
        fs::remove_file(home.path(file)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_secret_mounted_as_orchestrators_do_is_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    let vault = Vault::with_db();
    let bound = Home::bound_to(&vault);
    let mut home = Home::trusting(&vault);
    let store = home.write("mount/..2024_11_22/keeper.ini", bound.read("keeper.ini"));
    symlink("..2024_11_22", home.path("mount/..data")).unwrap();
    symlink("..data/keeper.ini", home.path("mount/keeper.ini")).unwrap();
    let mode =
        |path: &Path, mode| fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    mode(&store, 0o444);
    mode(&home.path("mount"), 0o555);
    home.set("KSM_INI_DIR", home.path("mount"));
    let before = home.files();
    home.ksm(["secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1")
        .stderr_has("0444, is too open");
    assert_eq!(home.files(), before);
    mode(&home.path("mount"), 0o755);
}

/// Neither what we are told for one run, nor what a server says, ends up in the store.
#[test]
fn using_a_profile_changes_nothing_of_it() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::bound_to(&faults);
    let before = home.read("keeper.ini");
    let read = || home.command(["secret", "notation", PASSWORD]);
    read().run().succeeds().stdout("canary-1");
    read().env("KSM_HOSTNAME", "localhost:1").run().fails(5);
    read()
        .env("KSM_CLI_TOKEN", vault.token())
        .env("KSM_TOKEN", vault.token())
        .run()
        .succeeds()
        .stdout("canary-1");
    for fault in [
        Fault::denied(),
        Fault::other_key(8),
        Fault::other_key(4711),
        Fault::redirect("https://localhost:1/"),
        Fault::garbled(),
    ] {
        faults.always(fault.clone());
        read().run().stdout("");
        faults.clear();
        assert_eq!(home.read("keeper.ini"), before, "{fault:?}");
    }
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
}

#[test]
fn what_we_do_not_know_survives_our_edits() {
    let home = Home::new();
    let text = "# kept\r\n; and this\r\n[_config]\r\nActive_Profile : two\r\nunknown\r\nkey = a % b\r\n\r\n\
                [one]\r\nClientId=canary-1\r\n  continued\r\nodd =\r\n[two]\r\nclientid = canary-2\r\n# end";
    home.write("keeper.ini", text);
    home.ksm(["profile", "active", "one"])
        .may_write_secrets()
        .succeeds();
    let after = home.read("keeper.ini");
    let kept: Vec<_> = text
        .split("\r\n")
        .filter(|line| !line.starts_with("Active"))
        .collect();
    let mut lines = after.lines().map(|line| line.trim_end_matches('\r'));
    for line in kept {
        assert!(
            lines.any(|found| found == line),
            "{line:?} is missing or in another place:\n{after}"
        );
    }
    home.ksm(["profile", "list", "--json"])
        .stdout(r#"[{"active": true, "name": "one"}, {"active": false, "name": "two"}]"#);
}

/// The file in a Kubernetes secret volume: behind two links, of a directory that is swapped whole.
#[cfg(unix)]
fn mount(home: &Home, config: &str) -> std::path::PathBuf {
    use std::os::unix::fs::symlink;
    let _ = fs::remove_dir_all(home.path("mount"));
    let file = home.write("mount/..2024_11_22/config", config);
    symlink("..2024_11_22", home.path("mount/..data")).unwrap();
    symlink("..data/config", home.path("mount/config")).unwrap();
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    home.path("mount/config")
}

#[cfg(unix)]
#[test]
fn a_mounted_configuration_is_read_but_never_written() {
    let vault = Vault::with_db();
    let bound = Home::bound_to(&vault);
    let export = |form: &[&str]| {
        let args = ["profile", "export"].iter().chain(form);
        let run = bound.ksm(args);
        run.may_print_secrets().succeeds().stdout_text().to_owned()
    };
    let mut home = Home::trusting(&vault);
    home.set("KSM_CONFIG_SKIP_MODE_WARNING", "TRUE");
    for form in [
        &["--plain", "--file-format", "json"] as &[_],
        &["--file-format", "json"],
        &["--plain"],
        &[],
    ] {
        // Editors end a file with a line end.
        let path = mount(&home, &(export(form) + "\n"));
        home.set("KSM_CONFIG_FILE", path);
        let before = home.files();
        home.ksm(["secret", "notation", PASSWORD])
            .succeeds()
            .stdout("canary-1")
            .stderr("");
        // Nothing of it is changed, and that is said.
        home.ksm(["config", "color", "--disable"])
            .fails(6)
            .stderr_has("Nothing was stored: the configuration comes from KSM_CONFIG_FILE");
        home.ksm(["profile", "delete", "_default"]).fails(6);
        assert_eq!(home.files(), before);
    }
    home.ksm(["version"])
        .succeeds()
        .stdout_has("Config file: KSM_CONFIG_FILE");
    home.command(["profile", "list", "--json"])
        .env("KSM_CLI_PROFILE", "mine")
        .run()
        .stdout(r#"[{"active": true, "name": "mine"}]"#);
}

#[cfg(unix)]
#[test]
fn a_broken_mounted_configuration_is_not_skipped() {
    let vault = Vault::start();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_TOKEN", token);
    home.set("KSM_CONFIG_FILE", home.path("mount/config"));
    let read = |home: &Home| home.ksm(["secret", "list"]);
    read(&home)
        .fails(6)
        .stdout("")
        .stderr_has("KSM_CONFIG_FILE")
        .stderr_has("mount/config: No such file");
    for (text, says) in [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("{\"clientId\": \"canary", "its JSON is broken at line 1"),
        ("{}", "it has no clientId"),
        ("{\"clientId\": \"canary\"}", "it has no privateKey"),
        ("canary, in the clear", "neither JSON nor INI nor base64"),
        ("[_config]\n", "it holds no profile"),
    ] {
        mount(&home, text);
        read(&home).fails(6).stdout("").stderr_has(says);
    }
    home.set("KSM_CONFIG_FILE", home.path("mount"));
    read(&home).fails(6).stderr_has("not a regular file");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    // One that comes before it is another matter, and so is none.
    home.set("KSM_CONFIG_FILE", "");
    read(&home).may_write_secrets().succeeds();
    home.set("KSM_CONFIG_FILE", home.path("nowhere"));
    read(&home)
        .succeeds()
        .stderr_has("KSM_CONFIG_FILE is set and not used");
}

/// A variable that was set for a login is left over in many a container.
#[cfg(unix)]
#[test]
fn a_dead_session_bus_is_no_bus() {
    let vault = Vault::with_db();
    let bound = Home::bound_to(&vault);
    let config = bound.ksm(["profile", "export"]);
    let config = config.may_print_secrets().succeeds().stdout_text();
    let mut home = Home::trusting(&vault);
    home.watch(config);
    home.write("mounted", config);
    home.write("no-socket", "");
    let socket = home.path("run/bus");
    fs::create_dir(home.path("run")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let dead = [
        "unix:path=/nowhere/bus".to_owned(),
        "unix:abstract=/tmp/dbus-nobody".to_owned(),
        "tcp:host=127.0.0.1,port=1".to_owned(),
        "disabled:".to_owned(),
        "autolaunch:".to_owned(),
        "rubbish".to_owned(),
        "unix:".to_owned(),
        format!("unix:path={}", home.path("no-socket").display()),
        format!("unix:path={}", socket.display()),
        format!("unix:path={},guid=00", socket.display()),
    ];
    for address in dead.iter().map(String::as_str).chain([""]) {
        home.set("DBUS_SESSION_BUS_ADDRESS", address);
        // The usual place, where no variable says another one.
        home.set("XDG_RUNTIME_DIR", home.path("run"));
        let get = |home: &Home| home.ksm(["secret", "notation", PASSWORD]);
        home.set("KSM_CONFIG_FILE", home.path("mounted"));
        get(&home).succeeds().stdout("canary-1").stderr("");
        home.unset("KSM_CONFIG_FILE");
        get(&home)
            .fails(6)
            .stderr_has("there is no configuration")
            .stderr_has("the OS keyring (");
        let token = vault.token();
        home.watch_token(&token);
        home.command(["--ephemeral", "secret", "notation", PASSWORD])
            .env("KSM_TOKEN", &token)
            .run()
            .succeeds()
            .stdout("canary-1");
        home.ksm(["profile", "init", "--storage", "keyring", "-t", &token])
            .fails(6)
            .stderr_has(match cfg!(feature = "keyring") {
                true => "session bus",
                false => "this build of ksm uses no OS keyring",
            });
    }
}

/// What was set and is beaten is said, and once (D37).
#[test]
fn a_setting_that_does_not_count_is_said() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    let config = home.bind(&vault);
    home.write("mounted", &config);
    let token = vault.token();
    home.watch_token(&token);
    fs::create_dir(home.path("empty")).unwrap();
    let mounted = home.path("mounted").into_os_string();
    let at = |name: &str| home.path(name).into_os_string();
    let cases: [(&[(&str, std::ffi::OsString)], &str); 9] = [
        (
            &[("KSM_INI_DIR", at("nowhere"))],
            "nowhere`, which does not exist",
        ),
        (
            &[("KSM_INI_DIR", at("mounted"))],
            "mounted`, which has no `keeper.ini`",
        ),
        (
            &[("KSM_INI_DIR", at("empty"))],
            "empty`, which has no `keeper.ini`",
        ),
        (
            &[("KSM_INI_FILE", "my.ini".into())],
            "KSM_INI_FILE is set to `my.ini`",
        ),
        (
            &[("KSM_CONFIG_FILE", mounted)],
            "KSM_CONFIG_FILE is set and not used",
        ),
        (
            &[("KSM_CONFIG_FILE", at("nowhere"))],
            "KSM_CONFIG_FILE is set and not used",
        ),
        (
            &[("KSM_TOKEN", token.into())],
            "KSM_TOKEN is set and not used",
        ),
        (
            &[("KSM_TOKEN", "rubbish".into())],
            "KSM_TOKEN is set and not used",
        ),
        (
            &[("KSM_CONFIG_BASE64_2", config.clone().into())],
            "KSM_CONFIG_BASE64_2 is set and not used, because there is no KSM_CONFIG_BASE64_1",
        ),
    ];
    for (variables, said) in cases {
        for arguments in [
            &["secret", "notation", PASSWORD][..],
            &["version"],
            &["profile", "check"],
        ] {
            let call = variables
                .iter()
                .fold(home.command(arguments), |call, (name, value)| {
                    call.env(name, value)
                });
            let run = call.run();
            let shown = run.may_print_secrets().succeeds().stdout_text();
            let text = format!("{shown}{}", run.stderr_text());
            assert_eq!(text.matches(said).count(), 1, "{said}\n{run}");
        }
    }
    // Of two that were named the order is the user's.
    home.command(["secret", "list"])
        .env("KSM_CONFIG", config)
        .env("KSM_TOKEN", "rubbish")
        .run()
        .succeeds()
        .stderr("");
    // The token that made the profile is what a container has at every start.
    let home = Home::trusting(&vault);
    let token = vault.token();
    home.watch_token(&token);
    for said in ["Added profile", ""] {
        let call = home.command(["secret", "notation", PASSWORD]);
        let run = call.env("KSM_TOKEN", &token).run();
        run.may_write_secrets()
            .succeeds()
            .stdout("canary-1")
            .stderr_has(said)
            .stderr_lacks("not used");
    }
}

/// A pipe, as of a shell's `<(…)`, gives what it holds to the first who reads it.
#[cfg(unix)]
#[test]
fn a_store_on_stdin_is_read_only_once() {
    let vault = Vault::with_db();
    let bound = Home::bound_to(&vault);
    let home = Home::trusting(&vault);
    for args in [
        &["secret", "list"][..],
        &["profile", "list"],
        &["config", "show"],
    ] {
        let args = ["--ini-file", "/dev/stdin"].iter().chain(args);
        home.command(args)
            .stdin(bound.read("keeper.ini"))
            .run()
            .succeeds()
            .stderr_lacks("Error");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_not_skipped() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let empty = Home::trusting(&vault);
    for (home, variable, code) in [
        (&home, "KSM_CLI_PROFILE", 3),
        (&home, "KSM_HOSTNAME", 6),
        (&home, "KSM_MAX_WAIT", 6),
        (&empty, "KSM_TOKEN", 2),
        (&empty, "KSM_CONFIG", 6),
    ] {
        home.command(["secret", "list"])
            .env(variable, OsStr::from_bytes(b"\xff"))
            .run()
            .fails(code)
            .stdout("");
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[cfg(all(target_os = "linux", feature = "keyring"))]
#[test]
fn a_keyring_without_a_bus_names_what_starts_one() {
    Home::new()
        .ksm(["keyring", "get", "label"])
        .fails(6)
        .stderr_has("Unable to get the default keyring")
        .stderr_has("`dbus-run-session -- sh` starts a bus");
}
