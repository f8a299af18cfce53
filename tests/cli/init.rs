//! `ksm init`: a token becomes a configuration for others, and is never lost on the way.

use serde_json::Value;

#[cfg(unix)]
use crate::support::terminal::Terminal;
use crate::support::{Fault, FaultProxy, Home, PASSWORD, Server, Vault};

/// Whether a configuration reads the vault.
#[track_caller]
fn works(home: &Home, config: &str) {
    home.command(["secret", "notation", PASSWORD])
        .env("KSM_CONFIG", config)
        .run()
        .succeeds()
        .stdout("canary-1")
        .stderr("");
}

/// The value of the manifest's one entry.
#[track_caller]
fn config_of(manifest: &str) -> String {
    let line = manifest
        .lines()
        .find_map(|line| line.strip_prefix("  config: "));
    let bytes = ksm::codec::decode(line.unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_token_becomes_a_configuration_and_nothing_is_stored() {
    let vault = Vault::with_db();
    let (home, token) = Home::with_token(&vault);
    let run = home.ksm(["init", "default", &token]);
    let text = run.may_print_secrets().succeeds().stderr("").stdout_text();
    assert_eq!(vault.requests(), ["get_secret", "get_secret"]);
    assert_eq!(home.files(), [] as [&str; 0]);
    works(&home, text);

    // From where others do not see it.
    for from_stdin in [true, false] {
        let token = vault.token();
        home.watch_token(&token);
        let run = if from_stdin {
            home.command(["I", "Default", "--PLAIN", "-"]).stdin(token)
        } else {
            home.command(["init", "default", "--plain"])
                .env("KSM_CLI_TOKEN", token)
        };
        let run = run.run();
        let text = run.may_print_secrets().succeeds().stdout_text();
        let json: Value = serde_json::from_str(text).unwrap();
        let members: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(
            members[..6],
            [
                "clientId",
                "privateKey",
                "appKey",
                "hostname",
                "serverPublicKeyId",
                "appOwnerPublicKey"
            ]
        );
        works(&home, text);
    }
}

#[test]
fn a_manifest_holds_what_a_mounted_secret_needs() {
    let vault = Vault::with_db();
    let (home, token) = Home::with_token(&vault);
    let names = ["-n", "null", "--ns", "1e5", "--immutable"];
    let args = ["init", "k8s"].into_iter().chain(names).chain([&*token]);
    let run = home.ksm(args);
    let text = run.may_print_secrets().succeeds().stderr("").stdout_text();
    let (head, tail) = text.split_once("\nkind").unwrap();
    assert!(head.starts_with("apiVersion: v1\ndata:\n  config: ewog"));
    assert_eq!(
        tail,
        ": Secret\nmetadata:\n  name: 'null'\n  namespace: '1e5'\ntype: Opaque\nimmutable: true"
    );
    works(&home, &config_of(text));
    assert_eq!(home.files(), [] as [&str; 0]);
}

#[test]
fn local_failures_come_before_the_token_is_sent() {
    let vault = Vault::with_db();
    let (home, token) = Home::with_token(&vault);
    let bare = token.rsplit(':').nth(2).unwrap();
    let home_path = home.path("");
    let directory = home_path.to_str().unwrap();
    let cases: [(&[&str], i32, &str); 11] = [
        (&["init", "default"], 2, "one time access token is required"),
        (&["init", "default", "US:short"], 2, "client key"),
        (
            &["init", "default", "-t", bare],
            2,
            "The hostname must be present",
        ),
        (&["init", "default", "-h", "http://x", &token], 2, "https"),
        (
            &["init", "k8s", "-n", "Upper", &token],
            2,
            "'--name' / '-n': must consist of lowercase",
        ),
        (
            &["init", "k8s", "-n", "-x", &token],
            2,
            "'--name' / '-n': must consist of lowercase",
        ),
        (
            &["init", "k8s", "-n", "a\nb: c", &token],
            2,
            "'--name' / '-n': must consist of lowercase",
        ),
        (
            &["init", "k8s", "--ns", "a.b", &token],
            2,
            "at most 63 characters",
        ),
        (
            &["init", "k8s", "--apply", &token],
            6,
            "`kubectl` was not found",
        ),
        (
            &["-o", "missing/file", "init", "default", &token],
            1,
            "missing/file",
        ),
        (
            &["-o", directory, "init", "default", &token],
            1,
            "directory",
        ),
    ];
    for (args, code, says) in cases {
        let run = home.command(args).env("PATH", home.path("tmp")).run();
        run.fails(code).stdout("").stderr_has(says);
    }
    assert_eq!(vault.requests(), [] as [&str; 0]);
    assert_eq!(home.files(), [] as [&str; 0]);
    home.ksm(["init", "default", "-h", &vault.host(), bare])
        .fails(4);
    home.ksm(["init", "default", &token])
        .may_print_secrets()
        .succeeds();
}

#[test]
fn an_unwritable_output_does_not_lose_the_configuration() {
    let vault = Vault::with_db();
    let (home, token) = Home::with_token(&vault);
    home.ksm(["-o", "config", "init", "default", &token])
        .may_write_secrets()
        .succeeds()
        .stdout("");
    works(&home, &home.read("config"));
    if cfg!(target_os = "linux") {
        let token = vault.token();
        home.watch_token(&token);
        let run = home.ksm(["-o", "/dev/full", "init", "default", &token]);
        run.may_print_secrets()
            .fails(1)
            .stderr_has("printed to stdout instead");
        works(&home, run.stdout_text());
    }
}

/// The file for binds of `ksm init` in a private place of this home, if it is there.
#[cfg(target_os = "linux")]
fn kept(home: &Home) -> Vec<String> {
    let files = home.files().into_iter();
    files.filter(|file| file.ends_with(".pending")).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_redeemed_is_kept_until_it_was_delivered() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let vault = Vault::with_db();
    let (mut home, _) = Home::with_token(&vault);
    let private = home.path("run");
    fs::create_dir(&private).unwrap();
    fs::set_permissions(&private, PermissionsExt::from_mode(0o700)).unwrap();
    home.set("XDG_RUNTIME_DIR", private);
    let lines = ["\"$@\" > /dev/full", "\"$@\" | true; exit ${PIPESTATUS[0]}"];
    // What is closed takes nothing, so the token is not sent.
    let token = vault.token();
    home.watch_token(&token);
    let closed = home.after_shell("exec >&-", ["init", "default", &token]);
    closed.run().fails(1).stderr_has("stdout is closed");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    for line in lines {
        let token = vault.token();
        home.watch_token(&token);
        let arguments = ["init", "default", &token];
        let lost = ["-c", line, "bash", crate::support::home::KSM]
            .into_iter()
            .chain(arguments);
        let lost = home.program("bash", lost).run();
        lost.may_write_secrets()
            .fails(1)
            .stderr_has("cannot write to stdout")
            .stderr_has("the same token prints it");
        assert_eq!(kept(&home).len(), 1, "{line}");
        let again = home.ksm(arguments);
        works(&home, again.may_print_secrets().succeeds().stdout_text());
        assert_eq!(kept(&home), [] as [&str; 0], "{line}");
        home.ksm(arguments).fails(4).stderr_has("access_denied");
        assert_eq!(kept(&home), [] as [&str; 0], "{line}");
    }
}

#[test]
fn a_refused_or_lost_token_says_so() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let (home, token) = Home::with_token(&faults);
    faults.always(Fault::LoseAnswer);
    home.ksm(["init", "default", &token])
        .fails(5)
        .stdout("")
        .stderr_has("it is not known whether the token was used");
    faults.clear();
    let run = home.ksm(["init", "default", &token]);
    works(&home, run.may_print_secrets().succeeds().stdout_text());
    home.ksm(["init", "default", &token])
        .fails(4)
        .stdout("")
        .stderr_has("access_denied");
    assert_eq!(home.files(), [] as [&str; 0]);
}

#[test]
fn checking_nobody_takes_an_option_and_is_said() {
    let vault = Vault::with_db();
    let (mut home, token) = Home::with_token(&vault);
    home.unset("KSM_CA_FILE");
    home.ksm(["init", "default", &token]).fails(5).stdout("");
    home.ksm(["init", "default", "--skip-ssl-verify", &token])
        .may_print_secrets()
        .succeeds()
        .stderr_has("--skip-ssl-verify is set: servers are not checked");
}

/// What is too long is told as such, and nothing of it is shown.
#[cfg(unix)]
#[test]
fn a_long_line_at_the_prompt_meets_its_limit() {
    let home = Home::new();
    for (length, said) in [(8_000, "Error: "), (70_000, "more than 64 KiB")] {
        let mut terminal = Terminal::start(&home.command(["profile", "init"]));
        terminal.wait_for("it is not shown");
        terminal.press(&format!("{}\n", "canary ".repeat(length / 7)));
        let (status, shown) = terminal.wait();
        assert_eq!(status.code(), Some(2), "{shown}");
        assert!(shown.contains(said) && !shown.contains("canary"), "{shown}");
        assert!(!shown.contains("no token was typed"), "{shown}");
    }
}

/// `kubectl` as a script of this home.
#[cfg(unix)]
fn kubectl(home: &mut Home, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.write("tmp/bin/kubectl", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", home.path("tmp/bin").display());
    home.set("PATH", path);
}

#[cfg(unix)]
fn apply(home: &Home, token: &str) -> crate::support::Run {
    home.ksm(["init", "k8s", "--apply", "--ns", "apps", "-i", token])
}

#[cfg(unix)]
#[test]
fn kubectl_gets_the_manifest_where_nobody_sees_it() {
    let vault = Vault::with_db();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_CLI_TOKEN", &token);
    home.set("KSM_CONFIG", r#"{"clientId": "canary-2"}"#);
    kubectl(
        &mut home,
        "echo \"$# $*\" > args; env | cut -d= -f1 > names; cat > manifest\n\
         echo secret/ksm-config created; echo and more >&2",
    );
    apply(&home, &token)
        .succeeds()
        .stdout("")
        .stderr("secret/ksm-config created\nand more\nCreated secret for KSM config.\n");
    assert_eq!(
        home.read("args"),
        "6 apply --server-side --field-manager ksm-init -f -\n"
    );
    let names = home.read("names");
    let ours = ["KSM_CLI_TOKEN", "KSM_CONFIG"];
    assert!(!names.lines().any(|name| ours.contains(&name)), "{names}");
    let manifest = home.read("manifest");
    assert!(manifest.ends_with("  namespace: 'apps'\ntype: Opaque\nimmutable: true"));
    home.unset("KSM_CONFIG");
    works(&home, &config_of(&manifest));
}

#[cfg(unix)]
#[test]
fn whatever_becomes_of_kubectl_the_manifest_is_not_lost() {
    let vault = Vault::with_db();
    for (script, says) in [
        (
            "cat > /dev/null; echo cannot reach it >&2; exit 1",
            "kubectl ended with status 1",
        ),
        ("exit 3", "kubectl ended with status 3"),
        ("kill -KILL $$", "kubectl was ended by signal 9"),
        (
            "exec no-such-program-at-all",
            "kubectl ended with status 127",
        ),
    ] {
        let (mut home, token) = Home::with_token(&vault);
        kubectl(&mut home, script);
        let run = apply(&home, &token);
        run.may_print_secrets()
            .fails(1)
            .stderr_has(says)
            .stderr_has("the token is spent")
            .stderr_lacks("Created");
        works(&home, &config_of(run.stdout_text()));
    }
    let (mut home, token) = Home::with_token(&vault);
    kubectl(&mut home, "");
    home.write("tmp/bin/kubectl", "#!/no/such/interpreter\n");
    let path = home.path("tmp/bin/kubectl");
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = apply(&home, &token);
    run.may_print_secrets()
        .fails(1)
        .stderr_has("cannot execute `kubectl`");
    works(&home, &config_of(run.stdout_text()));
}

#[cfg(unix)]
#[test]
fn signals_are_kubectls_and_the_manifest_comes_afterwards() {
    use rustix::process::Signal;
    let vault = Vault::with_db();
    for (signal, script, says) in [
        (
            Signal::TERM,
            "cat > tmp/got; exec sleep 100",
            "kubectl was ended by signal 15",
        ),
        (
            Signal::INT,
            "trap 'exit 4' INT; cat > tmp/got; while :; do sleep 0.1; done",
            "status 4",
        ),
        (
            Signal::HUP,
            "cat > tmp/got; exec sleep 100",
            "kubectl was ended by signal 1",
        ),
    ] {
        let (mut home, token) = Home::with_token(&vault);
        kubectl(&mut home, script);
        let run = home.command(["init", "k8s", "-a", &token]).spawn();
        while !home.path("tmp/got").exists() || home.read("tmp/got").is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        run.signal(signal);
        let run = run.wait(&home);
        run.may_print_secrets().fails(1).stderr_has(says);
        works(&home, &config_of(run.stdout_text()));
    }
}
