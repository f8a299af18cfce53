//! Input that nobody sane sends: far too deep, far too large, no text at all. Nothing of it makes us panic, hang or
//! guess.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Home, Run, Vault, login, record};

const DEEP: &str = "DeepAAAAAAAAAAAAAAAAAA";
const PASSWORD: &str = "keeper://good/field/password";

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("canary-deep"), |inner, _| Value::Array(vec![inner]))
}

/// Building and writing such a thing takes more stack than a test has.
fn with_stack(work: impl FnOnce() + Send) {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(1 << 30);
        builder.spawn_scoped(scope, work).unwrap().join().unwrap();
    });
}

/// The exit code may be any of ours, and no other.
#[track_caller]
fn ends_properly(run: &Run) {
    let said = run.stderr_text();
    assert!(!said.contains("panicked"), "{run}");
    let codes = [0, 1, 2, 3, 4, 5, 6, 125, 126, 127];
    assert!(codes.iter().any(|code| run.has_code(*code)), "{run}");
}

/// Each of these reads ends properly, and the good record is there as ever.
fn good_records_stay(home: &Home, reads: &[&[&str]]) {
    for args in reads {
        let run = home.ksm(args.iter().copied());
        run.may_print_secrets();
        ends_properly(&run);
    }
    home.ksm(["secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1");
}

#[test]
fn a_too_deeply_nested_record_alone_is_damaged() {
    let vault = Vault::start()
        .with(login("good").password("canary-1"))
        .with(login("deep").uid(DEEP));
    let home = Home::configured_for(&vault);
    let inner = vault.inner();
    for depth in [100, 1_000, 200_000] {
        with_stack(|| {
            let mut document = plain();
            document["fields"] = json!([{"type": "login", "value": [nested(depth)]}]);
            assert!(inner.edit(DEEP, &document));
        });
        let reads: [&[&str]; 7] = [
            &["secret", "list"],
            &["secret", "list", "--json", "-q", "$..value"],
            &["secret", "get", DEEP],
            &["secret", "get", DEEP, "--json"],
            &["secret", "get", DEEP, "-f", "login"],
            &["secret", "get", DEEP, "-q", "$..*"],
            &[
                "secret",
                "notation",
                &format!("keeper://{DEEP}/field/login"),
            ],
        ];
        good_records_stay(&home, &reads);
    }
    home.ksm(["secret", "list"])
        .succeeds()
        .stdout_has("good")
        .stderr_has(DEEP);
    home.ksm(["secret", "get", DEEP])
        .fails(1)
        .stdout("")
        .stderr_has(DEEP);
}

fn plain() -> Value {
    json!({"title": "deep", "type": "login", "fields": [], "custom": []})
}

#[test]
fn members_of_the_wrong_kind_bring_nothing_down() {
    let odd = [
        json!(null),
        json!(7),
        json!("odd"),
        json!([]),
        json!({}),
        json!([[null]]),
        json!({"value": {}}),
    ];
    let vault = Vault::start()
        .with(login("good").password("canary-1"))
        .with(login("deep").uid(DEEP));
    let home = Home::configured_for(&vault);
    for member in ["title", "type", "notes", "fields", "custom"] {
        for value in &odd {
            let mut document = plain();
            document[member] = value.clone();
            vault.edit(DEEP, &document);
            let reads: [&[&str]; 3] = [
                &["secret", "list"],
                &["secret", "get", DEEP, "--unmask"],
                &["secret", "get", DEEP, "-f", "login"],
            ];
            good_records_stay(&home, &reads);
        }
    }
}

#[test]
fn values_of_megabytes_pass_through_unharmed() {
    let large = format!("canary{}", "äx ".repeat(200_000));
    let vault = Vault::start().with(
        record("login", &"wide title ".repeat(6_000))
            .uid(DEEP)
            .field("password", json!([large]))
            .notes(&"line\n".repeat(20_000)),
    );
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "get", DEEP, "-f", "password"])
        .succeeds()
        .stdout(&large);
    for args in [
        &["secret", "list"][..],
        &["secret", "get", DEEP, "--unmask"],
        &["secret", "get", DEEP, "--json"],
    ] {
        home.ksm(args.iter().copied())
            .may_print_secrets()
            .succeeds();
    }
}

#[test]
fn deep_or_long_arguments_are_refused_in_time() {
    let vault = Vault::start().with(login("good").password("canary-1").uid(DEEP));
    let home = Home::configured_for(&vault);
    let many = |text: &str| text.repeat(50_000 / text.len());
    let notation = format!("keeper://{}", many("good/"));
    for args in [
        &["secret", "get", DEEP, "-q", &format!("$[?{}", many("("))][..],
        &[
            "secret",
            "get",
            DEEP,
            "-q",
            &format!("$[?{}@{}]", many("("), many(")")),
        ],
        &[
            "secret",
            "get",
            DEEP,
            "-q",
            &format!("$[?{}@.a]", many("!")),
        ],
        &["secret", "get", DEEP, "-q", &format!("${}", many("[*]"))],
        &["secret", "get", DEEP, "-q", &format!("${}", many("..*"))],
        &["secret", "get", DEEP, "-q", &many("[?@")],
        &["secret", "list", "-t", &many("(")],
        &["secret", "list", "-t", &many("(a*)*")],
        &["secret", "list", "-t", "((a{1000}){1000}){1000}"],
        &["secret", "notation", &notation],
        &[
            "secret",
            "notation",
            &format!("keeper://{DEEP}/field/password{}", many("[0]")),
        ],
        &["profile", "init", "-t", &many("US:")],
        &["profile", "init", "-t", &format!("US:{}", many("canary"))],
        &["profile", "import", &many("[")],
        &["profile", "import", &many("{\"a\":")],
        &["-p", &many("x"), "secret", "list"],
        &[&many("-")],
        &[&many("a")],
    ] {
        let run = home.ksm(args.iter().copied());
        ends_properly(&run);
    }
}

#[test]
fn a_store_that_is_no_store_is_a_sentence() {
    let home = Home::new();
    for text in [
        vec![0xff; 1000],
        vec![0; 1000],
        "[".repeat(1_000_000).into_bytes(),
        "[a]\n".repeat(100_000).into_bytes(),
        "x".repeat(9 << 20).into_bytes(),
        format!(
            "[_config]\nactive_profile = a\n[a]\n{}",
            "k = v\n".repeat(100_000)
        )
        .into_bytes(),
    ] {
        home.write("keeper.ini", &text);
        for args in [
            &["secret", "list"][..],
            &["profile", "list"],
            &["profile", "active", "x"],
        ] {
            let run = home.ksm(args.iter().copied());
            ends_properly(&run);
            assert!(!run.has_code(0) || args.contains(&"profile"), "{run}");
        }
        assert_eq!(std::fs::read(home.path("keeper.ini")).unwrap(), text);
    }
}

/// Every variable that we read, with every value that nobody would give it.
#[cfg(unix)]
#[test]
fn no_variable_brings_us_down() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let vault = Vault::start().with(login("good").password("canary-1"));
    let home = Home::configured_for(&vault);
    let stored = Home::bound_to(&vault);
    let names = "KSM_CONFIG KSM_CONFIG_BASE64_1 KSM_CONFIG_BASE64_DESC_1 KSM_CONFIG_SKIP_MODE KSM_CONFIG_SKIP_MODE_WARNING \
                 KSM_TOKEN KSM_CLI_TOKEN KSM_CLI_PROFILE KSM_HOSTNAME KSM_INI_DIR KSM_INI_FILE KSM_INI_DIR_SKIP_CONFLICT_WARNING \
                 KSM_CACHE KSM_CACHE_DIR XDG_CACHE_HOME KSM_EPHEMERAL KSM_MAX_WAIT KSM_SKIP_VERIFY KSM_CA_FILE KSM_CLIENT_VERSION KSM_DEBUG SSL_CERT_FILE \
                 SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE HTTPS_PROXY https_proxy ALL_PROXY NO_PROXY no_proxy HOME \
                 PATH TMPDIR LANG COLUMNS TERM";
    let values = [
        b"".to_vec(),
        b"\xff\xfe\x80".to_vec(),
        b"\x1b[2J\n\r\t".to_vec(),
        b"/no/such/place".to_vec(),
        b"-1".to_vec(),
        b"99999999999999999999999999".to_vec(),
        b"[".repeat(100_000),
    ];
    for name in names.split_whitespace() {
        for value in &values {
            let value = OsString::from_vec(value.clone());
            // Where connections go is the same for both.
            let local = name.starts_with("KSM_") || name == "HOME";
            for home in [&home, &stored].into_iter().take(1 + usize::from(local)) {
                let run = home
                    .command(["secret", "notation", PASSWORD])
                    .env(name, &value)
                    .run();
                run.may_print_secrets();
                ends_properly(&run);
                assert!(
                    run.has_code(0) == (run.stdout_bytes() == b"canary-1"),
                    "{name}: {run}"
                );
            }
        }
    }
    assert_eq!(stored.files(), ["keeper.ini", "keeper.ini.lock"]);
    assert_eq!(home.files(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_pass_unchanged() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let vault = Vault::start().with(login("good").password("canary-1"));
    let home = Home::configured_for(&vault);
    let raw = OsString::from_vec(b"a\xffb".to_vec());
    let args = [
        "exec",
        "--",
        "sh",
        "-c",
        "printf '%s|%s|%s' \"$1\" \"$RAW\" \"$P\"",
        "sh",
    ];
    home.command(args.map(OsString::from).into_iter().chain([raw.clone()]))
        .env("RAW", &raw)
        .env("P", PASSWORD)
        .run()
        .succeeds()
        .stdout(b"a\xffb|a\xffb|canary-1");
    // Where text is needed, it says so.
    for args in [
        vec!["secret".into(), "get".into(), raw.clone()],
        vec!["secret".into(), "notation".into(), raw.clone()],
        vec!["profile".into(), "init".into(), "-t".into(), raw.clone()],
        vec!["-p".into(), raw.clone(), "secret".into(), "list".into()],
        vec![raw],
    ] {
        home.ksm(args).fails(2).stdout("");
    }
}

/// What a text of others says in an error is cut and escaped, whichever part of a store it is.
#[test]
fn no_long_value_of_a_store_is_echoed_whole() {
    let home = Home::new();
    let long = format!("\u{1b}]0;x\u{7}{}", "x".repeat(20_000));
    let keys = [
        "storage = ",
        "storage = aws\nprovider = ",
        "storage = aws\nsecret = ",
        "storage = aws\nfallback = ",
        "storage = aws\nprovider = keys\naws_access_key_id = A\naws_secret_access_key = s\nregion = ",
        "hostname = ",
        "clientid = ",
        "clientid = A\nprivatekey = ",
        "clientid = A\nappkey = ",
        "clientid = A\nserverpublickeyid = ",
        "clientid = A\nserverpublickey = ",
        "",
        "a = 1\na = 2\n",
    ];
    let texts = keys
        .iter()
        .map(|key| format!("[_config]\nactive_profile = p\n[p]\n{key}{long}\n"));
    let others = [
        format!("[{long}]\nclientid = A\n"),
        format!("[{long}]\n[{long}]\n"),
        format!("[{long}1]\n[{long}2]\n"),
        format!("[a]\n{long}\n{long}\n"),
        format!("[_config]\nactive_profile = {long}\n[a]\n[b]\n"),
        long.clone(),
    ];
    for text in texts.chain(others) {
        home.write("keeper.ini", &text);
        for arguments in [
            &["secret", "list"][..],
            &["profile", "check"],
            &["profile", "export"],
            &["profile", "list", "--long"],
            &["-p", "other", "secret", "list"],
            &["profile", "delete", "p"],
        ] {
            home.write("keeper.ini", &text);
            let run = home.ksm(arguments);
            let said = run.stderr_text();
            let head = &text[..text.len().min(60)];
            assert!(
                said.len() < 4_000,
                "{head:?} {arguments:?}: {} bytes",
                said.len()
            );
            assert!(!said.contains('\u{1b}'), "{head:?} {arguments:?}");
        }
    }
}

#[test]
fn a_store_of_too_many_lines_is_refused() {
    let home = Home::new();
    for line in ["[section-of-nobody]\n", "\n", "a\n", "#\n"] {
        let mut text = "[_config]\nactive_profile = p\n[p]\nclientid = A\n".to_owned();
        for at in 0..40_000 {
            text += &line
                .replace("nobody", &at.to_string())
                .replace('a', &format!("a{at}"));
        }
        home.write("keeper.ini", text);
        let started = std::time::Instant::now();
        home.ksm(["profile", "list"])
            .fails(6)
            .stderr_has("40004 lines, and at most 32768 are read");
        assert!(started.elapsed().as_secs() < 4);
    }
}

/// Below nine there is no room for what waits for the network.
#[cfg(target_os = "linux")]
#[test]
fn few_open_files_are_an_orderly_end() {
    let home = Home::new();
    for limit in 4..=24 {
        let line = format!("ulimit -n {limit}");
        for (args, codes) in [
            (&["exec", "true"][..], &[0, 125][..]),
            (&["exec", "--mask", "true"], &[0, 125]),
            (&["version"], &[0, 1]),
            (&["secret", "list"], &[1, 6]),
        ] {
            let run = home.after_shell(&line, args.iter().copied()).run();
            assert!(
                codes.iter().any(|code| run.has_code(*code)),
                "{limit}: {run}"
            );
            run.stderr_lacks("mistake");
            assert!(limit > 8 || !run.has_code(0), "{limit}: {run}");
        }
    }
}

/// A query multiplies what it finds with each of its steps.
#[cfg(target_os = "linux")]
#[test]
fn a_query_takes_no_memory_beyond_its_budget() {
    let deep = (0..55).fold(json!("canary-deep"), |inner, _| json!({"a": inner}));
    let vault = Vault::start().with(login("deep").field("login", json!([deep])).uid(DEEP));
    let home = Home::configured_for(&vault);
    let asked = |query: &str| {
        let words = ["secret", "get", DEEP, "-q", query];
        home.after_shell("ulimit -v 600000", words).run()
    };
    for query in ["$..*..*..*..*", "$..*..*..*..*..*..b"] {
        asked(query).fails(1).stderr_has("more than ");
    }
    asked("$..*..*..*").may_print_secrets().succeeds();
}
