//! `ksm dev`: what its command finds, how it ends, and that nothing is left behind.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use ksm::dev::ServerCertificate;
use serde_json::json;

use crate::support::{Home, Run, Server, Vault, login};

const WARNING: &str = "keep real secrets out of it";

/// A home whose private directories lie in its `tmp`.
fn home() -> Home {
    let mut home = Home::new();
    home.set("XDG_RUNTIME_DIR", home.path("tmp"));
    home
}

/// Runs a shell line against a vault.
fn shell(home: &Home, line: &str) -> Run {
    home.ksm(["dev", "--", "sh", "-c", line])
}

fn variables(run: &Run) -> BTreeMap<&str, &str> {
    run.succeeds()
        .stdout_text()
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect()
}

fn left_behind(home: &Home) -> Vec<String> {
    home.files()
        .into_iter()
        .filter(|name| name.starts_with("tmp/"))
        .collect()
}

#[test]
fn the_command_finds_the_vault_and_nothing_of_before() {
    let mut home = home();
    for name in [
        "KSM_TOKEN",
        "KSM_INI_DIR",
        "ksm_ini_dir",
        "KSM_CONFIG_BASE64_1",
        "KSM_HOSTNAME",
        "KSM_OTHER",
    ] {
        home.set(name, "of before");
    }
    home.set("NO_PROXY", "intranet");
    home.set("no_proxy", "");
    home.set("KEPT", "yes");
    let run = home.ksm(["dev", "--", "env"]);
    let env = variables(&run);
    let keepers: Vec<_> = env
        .keys()
        .copied()
        .filter(|name| name.to_ascii_uppercase().starts_with("KSM_"))
        .collect();
    assert_eq!(
        keepers,
        [
            "KSM_CA_FILE",
            "KSM_CONFIG",
            "KSM_DEV_CLIENT_KEY",
            "KSM_DEV_HOST",
            "KSM_DEV_SERVER_KEY",
            "KSM_DEV_SERVER_KEY_ID",
            "KSM_DEV_SOCKET",
            "KSM_DEV_TOKEN"
        ]
    );
    let parts = ["HOST", "CLIENT_KEY", "SERVER_KEY_ID", "SERVER_KEY"];
    let parts = parts.map(|part| env[format!("KSM_DEV_{part}").as_str()]);
    assert_eq!(parts.join(":"), env["KSM_DEV_TOKEN"]);
    assert_eq!(
        (env["KEPT"], env["NO_PROXY"], env["no_proxy"]),
        (
            "yes",
            "intranet,localhost,127.0.0.1,::1",
            "localhost,127.0.0.1,::1"
        )
    );
    assert!(
        env["PATH"].ends_with(":/usr/local/bin:/usr/bin:/bin"),
        "{}",
        env["PATH"]
    );
    run.stderr_has(WARNING);
    assert_eq!(left_behind(&home), [""; 0]);
    assert!(!Path::new(env["KSM_CA_FILE"]).exists());
}

#[test]
fn unbound_offers_a_token_and_an_empty_home() {
    let home = home();
    let run = home.ksm([
        "dev",
        "--unbound",
        "--",
        "sh",
        "-c",
        "env; ls -ld \"$KSM_INI_DIR\"",
    ]);
    let env = variables(&run);
    assert!(!env.contains_key("KSM_CONFIG"));
    assert_eq!(env["KSM_TOKEN"].split(':').count(), 5);
    assert_ne!(env["KSM_TOKEN"], env["KSM_DEV_TOKEN"]);
    run.stdout_has("drwx------");
}

#[test]
fn unbound_meets_no_profile_of_another_vault() {
    let real = Vault::start().with(login("Database").password("canary-1"));
    let mut home = Home::bound_to(&real);
    home.set("XDG_RUNTIME_DIR", home.path("tmp"));
    let store = home.read("keeper.ini");
    for place in [".", "elsewhere"] {
        let line = format!("cd {place}; ksm secret delete Database && ksm profile list --long");
        std::fs::create_dir_all(home.path("elsewhere")).unwrap();
        let run = home.ksm(["dev", "--unbound", "--", "sh", "-c", &line]);
        run.succeeds()
            .stdout_has("profiles/keeper.ini")
            .stderr_lacks("KSM_INI_DIR");
    }
    assert_eq!(real.requests(), [""; 0]);
    assert_eq!(home.read("keeper.ini"), store);
}

#[test]
fn programs_of_others_trust_the_vault_besides_their_own() {
    let mut home = home();
    let authority = || ServerCertificate::generate(&["x"]).unwrap().ca_pem;
    for (setting, file) in [
        ("SSL_CERT_FILE", "tls.pem"),
        ("NODE_EXTRA_CA_CERTS", "node.pem"),
    ] {
        home.set(setting, home.path(file));
        home.write(file, authority());
    }
    let run = shell(&home, "env; cat \"$SSL_CERT_FILE\" \"$KSM_CA_FILE\"");
    let env = variables(&run);
    assert_eq!(env["REQUESTS_CA_BUNDLE"], env["SSL_CERT_FILE"]);
    assert_eq!(env["NODE_EXTRA_CA_CERTS"], env["SSL_CERT_FILE"]);
    let certificates = run.stdout_text().split("-----BEGIN CERTIFICATE-----");
    let certificates: Vec<_> = certificates.skip(1).map(str::trim).collect();
    let [first, second, vaults, again] = certificates[..] else {
        panic!("{run}");
    };
    assert!(home.read("tls.pem").contains(first));
    assert!(home.read("node.pem").contains(second));
    assert_eq!(vaults, again);

    let roots = home.path("tls.pem");
    std::fs::remove_file(&roots).unwrap();
    shell(&home, "true").fails(6).stderr_has("SSL_CERT_FILE");
}

#[test]
fn ksm_within_is_this_program() {
    let home = home();
    shell(&home, "readlink \"$(command -v ksm)\"")
        .succeeds()
        .stdout(format!("{}\n", crate::support::home::KSM));
    shell(&home, "ksm --version").succeeds().stdout_has("ksm ");
}

#[test]
fn its_private_directory_is_its_users_alone() {
    let home = home();
    let line = "ls -ld \"$(dirname \"$KSM_DEV_SOCKET\")\" | cut -c 1-10";
    shell(&home, line).succeeds().stdout("drwx------\n");
}

#[test]
fn it_ends_as_the_command_ends() {
    let home = home();
    for (line, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ] {
        shell(&home, line).exits(code);
    }
    home.ksm(["dev", "--", "no-such-program"])
        .fails(127)
        .stderr_has("`no-such-program` was not found");
    home.ksm(["dev", "--", "/etc/passwd"])
        .fails(126)
        .stderr_has("/etc/passwd cannot be run");
    assert_eq!(left_behind(&home), [""; 0]);
}

#[test]
fn the_command_reads_our_input_and_gets_our_signals() {
    let home = home();
    home.command(["dev", "--", "cat"])
        .stdin("through")
        .run()
        .succeeds()
        .stdout("through");

    let line = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
    let running = home.command(["dev", "--", "sh", "-c", line]).spawn();
    running.wait_for("ready");
    running.signal(rustix::process::Signal::TERM);
    running.wait(&home).fails(9).stdout("ready\ncaught\n");
    assert_eq!(left_behind(&home), [""; 0]);
}

#[test]
fn a_shell_can_use_the_printed_environment() {
    let mut home = home();
    let temporary = home.path("it's tmp");
    std::fs::create_dir(&temporary).unwrap();
    home.set("NO_PROXY", "intranet");
    let running = home
        .command(["dev"])
        .env("XDG_RUNTIME_DIR", temporary.to_str().unwrap())
        .spawn();
    let script = running.wait_for("export PATH=");
    home.set("KSM_TOKEN", "of before");
    let line = format!("{script}\nenv; ksm dev token; ksm dev token");
    let run = home.program("sh", ["-c", &line]).run();
    let env = variables(&run);
    assert!(
        !env.contains_key("KSM_TOKEN") && env.contains_key("KSM_CONFIG"),
        "{run}"
    );
    assert_eq!(env["no_proxy"], "intranet,localhost,127.0.0.1,::1");
    assert!(env["KSM_CA_FILE"].contains("/it's tmp/"), "{run}");
    let tokens: Vec<_> = run
        .stdout_text()
        .lines()
        .filter(|line| line.starts_with("localhost:"))
        .collect();
    assert_eq!(tokens.len(), 2);
    assert_ne!(tokens[0], tokens[1]);

    running.signal(rustix::process::Signal::INT);
    running
        .wait(&home)
        .dies_of(2)
        .stderr_has(WARNING)
        .stderr_has("until it is interrupted");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
    home.program(
        "sh",
        [
            "-c",
            &format!("{script}\n{} dev token", crate::support::home::KSM),
        ],
    )
    .run()
    .fails(5)
    .stderr_has("cannot ask the development vault");
}

#[test]
fn whenever_it_is_interrupted_nothing_is_left_behind() {
    let home = home();
    // Before it is ready, in the middle of that, and after it.
    for pause in (0..400).step_by(25) {
        let running = home.command(["dev"]).spawn();
        std::thread::sleep(Duration::from_millis(pause));
        running.signal(rustix::process::Signal::TERM);
        running.wait(&home).dies_of(15);
        assert_eq!(left_behind(&home), [""; 0], "after {pause} ms");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_our_parent_ignores_does_not_end_it() {
    let home = home();
    let line = "trap '' HUP; exec \"$0\" dev -- sh -c 'kill -HUP $PPID; kill -HUP $$; sleep 0.2; echo still here'";
    home.program("sh", ["-c", line, crate::support::home::KSM])
        .run()
        .succeeds()
        .stdout("still here\n");
}

#[test]
fn the_next_run_removes_only_what_killed_runs_left() {
    let home = home();
    let start = || {
        let running = home.command(["dev"]).spawn();
        running.wait_for("export PATH=");
        running
    };
    let (alive, killed) = (start(), start());
    killed.signal(rustix::process::Signal::KILL);
    killed.wait(&home).dies_of(9);
    let directories = || -> Vec<_> {
        let found = std::fs::read_dir(home.path("tmp")).unwrap();
        found.map(|entry| entry.unwrap().path()).collect()
    };
    assert_eq!(directories().len(), 2);
    let kept = home.path("tmp/ksm-private-of-somebody");
    std::fs::create_dir(&kept).unwrap();
    home.ksm(["dev", "--", "true"]).succeeds();
    assert_eq!(directories().len(), 2);
    alive.signal(rustix::process::Signal::TERM);
    alive.wait(&home).dies_of(15);
    assert_eq!(directories(), [kept]);
}

#[test]
fn a_token_needs_a_vault_that_runs() {
    for call in [
        home().command(["dev", "token"]),
        home().command(["dev", "token"]).env("KSM_DEV_SOCKET", ""),
    ] {
        call.run()
            .fails(6)
            .stdout("")
            .stderr_has("KSM_DEV_SOCKET is not set");
    }
}

#[test]
fn only_loopback_is_served() {
    let home = home();
    for address in ["0.0.0.0:0", "192.0.2.1:8443", "[::]:0"] {
        home.ksm(["dev", "--listen", address, "--", "true"])
            .fails(2)
            .stdout("")
            .stderr_has(&format!("`{address}` is not an address of loopback"));
    }
    let taken = Vault::start();
    home.ksm([
        "dev",
        "--listen",
        &format!("127.0.0.1:{}", taken.port()),
        "--",
        "true",
    ])
    .fails(6)
    .stderr_has("cannot listen on 127.0.0.1:");
    home.ksm(["dev", "--listen", "127.0.0.2:0", "--", "true"])
        .succeeds();
}

#[test]
fn a_seed_that_cannot_be_used_is_named() {
    let home = home();
    let start = |name: &str| home.ksm(["dev", "--seed", name, "--", "true"]);
    start("absent.yaml")
        .fails(2)
        .stderr_has("cannot read the seed `absent.yaml`");
    let cases = [
        (
            "records: [{fields: {password: canary}}]",
            "a record needs a text as its `title`",
        ),
        ("folders: {", "seed `bad.yaml`"),
        ("{\"records\": [", "line 1"),
        ("{\"records\": 1}", "line 1"),
        ("records:\n\t- x", "tab"),
        ("secrets: []", "secrets"),
        ("records: [{title: A, uid: canary}]", "uid"),
        ("records: [{title: A, fields: canary}]", "fields"),
        (
            "records: [{title: A, fields: [{login: canary}]}]",
            "an element of `fields` has no `type`",
        ),
        (
            "records: [{title: A, attachments: [{name: a, text: b, uid: canary}]}]",
            "uid",
        ),
        (
            "records: [{title: A, attachments: [{name: a, base64: '%canary'}]}]",
            "base64",
        ),
        (
            "records: [{title: a, uid: AbCdEfGhIjKlMnOpQrStUw}, {title: b, uid: AbCdEfGhIjKlMnOpQrStUw}]",
            "two things in the seed have the `uid` AbCdEfGhIjKlMnOpQrStUw",
        ),
        (
            "folders: [{name: F, uid: AbCdEfGhIjKlMnOpQrStUw, folders: [{name: G, records: [\
             {title: B, attachments: [{name: a, text: b, uid: AbCdEfGhIjKlMnOpQrStUw}]}]}]}]",
            "two things in the seed have the `uid` AbCdEfGhIjKlMnOpQrStUw",
        ),
        (
            "folders: [{name: a, uid: short}]",
            "a `uid` is 22 characters",
        ),
    ];
    for (text, named) in cases {
        home.write("bad.yaml", text);
        start("bad.yaml").fails(6).stderr_has(named);
    }
    home.write(
        "good.json",
        json!({"records": [{"title": "a"}]}).to_string(),
    );
    start("good.json").succeeds();
}

#[test]
fn a_token_is_good_for_one_device() {
    let vault = Vault::with_db();
    let home = Home::trusting(&vault);
    let token = vault.token();
    assert!(home.redeem(&token).is_ok());
    assert_eq!(vault.requests(), ["get_secret", "get_secret"]);
    let refused = ksm::error_chain::joined(&home.redeem(&token).unwrap_err());
    assert!(
        refused.contains("the one-time token has been used"),
        "{refused}"
    );
}

#[test]
fn the_sample_vault_is_there_without_a_seed() {
    let home = home();
    let list = home.ksm(["dev", "--", "ksm", "secret", "list"]);
    for title in [
        "Website",
        "Payment API",
        "Database",
        "Bastion",
        "Second factor",
    ] {
        list.succeeds().stdout_has(title);
    }
    home.ksm([
        "dev",
        "--",
        "ksm",
        "secret",
        "notation",
        "keeper://Database/file/ca.pem",
    ])
    .succeeds()
    .stdout_has("-----BEGIN SAMPLE-----");
}

#[test]
fn a_seed_is_what_is_served() {
    let home = home();
    home.write(
        "seed.yaml",
        "folders: [{name: F, records: [{title: db, fields: {password: '00canary'}}]}]",
    );
    let get = ["ksm", "secret", "notation", "keeper://db/field/password"];
    home.ksm(["dev", "--seed", "seed.yaml", "--"].into_iter().chain(get))
        .succeeds()
        .stdout("00canary");
}

#[test]
fn nothing_in_the_current_directory_wins() {
    let home = home();
    let elsewhere = Vault::start().with(login("elsewhere").password("canary-1"));
    home.write("keeper.ini", Home::bound_to(&elsewhere).read("keeper.ini"));
    home.ksm(["dev", "--", "ksm", "secret", "list"])
        .succeeds()
        .stdout_has("Website")
        .stdout_lacks("elsewhere");
    assert_eq!(elsewhere.requests(), [""; 0]);
}

#[test]
fn a_start_with_a_token_leaves_nothing_here() {
    let home = home();
    let line = "ksm secret list && ksm secret list && ls \"$KSM_INI_DIR\"";
    home.ksm(["dev", "--unbound", "--", "sh", "-c", line])
        .succeeds()
        .stdout_has("Website")
        .stdout_has("keeper.ini");
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn further_tokens_make_profiles() {
    let home = home();
    let line = "unset KSM_CONFIG; ksm profile init --token \"$(ksm dev token)\" && ksm secret list";
    shell(&home, line).succeeds().stdout_has("Website");
    assert!(home.files().contains(&"keeper.ini".to_owned()));
}
