//! Every place that shows text of others, with every class of characters that drive, hide or forge (O2).
#![cfg(unix)]

use serde_json::{Value, json};

use crate::support::{
    Fault, FaultProxy, Home, LyingServer, Run, UID, Vault, folder, login, record,
};

const OTHER: &str = "BbCdEfGhIjKlMnOpQrStUw";

/// Lines that look like ours, behind every kind of line end, and the first and last character of each hidden class.
const FORGED: &str = concat!(
    "x\nError: forged\r\nHint: forged\rWarning: forged\u{b}Error: forged\u{c}Error: forged\u{85}Error: forged",
    "\u{2028}Error: forged\u{2029}Error: forged",
    "\x01\x08\x1b[2J\x1f\x7f\u{80}\u{9b}31m\u{9f}",
    "\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202e}",
    "\u{2060}\u{2064}\u{2066}\u{2069}\u{206a}\u{206f}\u{3164}\u{feff}\u{ffa0}\u{fff9}\u{fffb}",
    "a\u{fe00}\u{fe0f}\u{e0001}\u{e0041}\u{e007f}\u{e0100}\u{e01ef}\u{1d173}end",
);

/// The same for the name of a file, which has at most 255 bytes and no slash.
const FORGED_FILE: &str = "x\nError: forged\rHint: forged\u{85}\u{2028}\x1b[2J\u{200b}\u{202e}\u{2066}\u{feff}\u{e0041}\u{fe00}end";

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{17b4}'
                | '\u{180e}'
                | '\u{3164}'
                | '\u{ffa0}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
}

#[track_caller]
fn text_is_tame(text: &str, run: &Run) {
    let hidden: Vec<_> = text
        .chars()
        .filter(|&c| is_hidden(c) && !"\n\t".contains(c))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?} in {run}");
    for line in text.lines() {
        let begins = |word: &str| {
            line.trim_start().starts_with(word)
                && line.trim_start().starts_with(&format!("{word}: forged"))
        };
        assert!(
            !["Error", "Hint", "Warning"].into_iter().any(begins),
            "{line:?} in {run}"
        );
    }
}

#[track_caller]
fn is_tame(run: &Run) {
    text_is_tame(run.stderr_text(), run);
    text_is_tame(run.stdout_text(), run);
}

#[track_caller]
fn shows_the_end(run: &Run) {
    is_tame(run);
    let all = run.stderr_text().to_owned() + run.stdout_text();
    assert!(all.contains("end"), "{run}");
}

fn document(title: &str) -> Value {
    json!({"title": title, "type": FORGED, "fields": [{"type": FORGED, "label": FORGED, "value": [FORGED]}],
           "custom": [{"type": "text", "label": FORGED, "value": [{FORGED: FORGED}]}]})
}

#[test]
fn a_server_forges_no_line() {
    let vault = Vault::start().with(login("db").uid(UID));
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for body in [
        json!({"result_code": "access_denied", "message": FORGED}),
        json!({"result_code": FORGED, "message": FORGED}),
        json!({"error": FORGED, "additional_info": FORGED}),
        json!({"error": "invalid_client_version", "message": FORGED}),
    ] {
        faults.always(Fault::refuse(403, body));
        for args in [
            &["secret", "list"][..],
            &["secret", "update", UID, "-t", "x"],
            &["secret", "delete", UID],
            &["folder", "list"],
            &["profile", "check"],
            &["exec", "-e", "A=keeper://db/field/login", "true"],
            &["--log-level", "DEBUG", "secret", "list"],
        ] {
            let run = home.ksm(args.iter().copied());
            is_tame(&run);
            assert!(!run.has_code(0), "{run}");
        }
    }
    let long = format!("{}end", "word ".repeat(100_000));
    faults.always(Fault::refuse(403, json!({"error": long, "message": long})));
    let run = home.ksm(["secret", "list"]);
    run.fails(4).stderr_has("more characters)");
    assert!(run.stderr_text().len() < 3_000, "{run}");
}

#[test]
fn warnings_and_skipped_records_are_counted() {
    let server = LyingServer::start();
    let mut home = Home::trusting(&server);
    home.set("KSM_CONFIG", server.config());
    let damaged: Vec<_> = (0..5_000)
        .map(|at| json!({"recordUid": format!("{FORGED}{at}"), "data": "x"}))
        .collect();
    let warnings = vec![FORGED; 5_000];
    server.answer(json!({"records": damaged, "warnings": warnings}).to_string());
    let run = home.ksm(["secret", "list"]);
    run.succeeds()
        .stderr_has("Warning: 4990 more warnings came from the server\n");
    run.stderr_has("Warning: 4990 more records, folders, attachments or values were skipped\n");
    shows_the_end(&run);
    assert_eq!(run.stderr_text().lines().count(), 22, "{run}");
    // Unasked records are counted as well.
    let unasked: Vec<_> = (0..50)
        .map(|at| server.record(&format!("{FORGED}{at}"), &document("t")))
        .collect();
    server.answer(json!({"records": unasked}).to_string());
    let run = home.ksm(["secret", "get", UID]);
    run.fails(3)
        .stderr_has("Warning: 40 more records came that were not asked for\n");
    is_tame(&run);
}

#[test]
fn records_folders_and_files_forge_no_line() {
    let server = LyingServer::start();
    let mut home = Home::trusting(&server);
    home.set("KSM_CONFIG", server.config());
    let uid = format!("u{FORGED}");
    let records = [
        (UID, FORGED),
        (OTHER, FORGED),
        (&uid, "same"),
        ("same", "same"),
    ];
    let records = records.map(|(uid, title)| server.record(uid, &document(title)));
    server.answer(json!({"records": records}).to_string());
    let forged = |kind: &str| format!("keeper://{UID}/{kind}/{FORGED}");
    for args in [
        &["secret", "list"][..],
        &["secret", "list", "--query", "$.title", "--show-value"],
        &["secret", "get", UID],
        &["secret", "get", UID, "--unmask"],
        &["secret", "get", "-t", FORGED],
        &["secret", "get", "-t", &format!("{FORGED}!")],
        &["secret", "get", UID, "-f", &format!("{FORGED}!")],
        &["secret", "get", "-t", "same", "-f", FORGED, "--json"],
        &["secret", "notation", "keeper://same/title"],
        &[
            "secret",
            "notation",
            &format!("keeper://{{{FORGED}}}/title"),
        ],
        &["secret", "notation", &format!("keeper://{FORGED}/field/x")],
        &["secret", "notation", &format!("{}!", forged("field"))],
        &["secret", "notation", &forged("file")],
        &["secret", "totp", "same"],
        &["secret", "update", "same", "-t", "x"],
        &[
            "secret",
            "update",
            UID,
            "--field",
            &format!("{FORGED}=x"),
            "--dry-run",
        ],
        &[
            "secret",
            "download",
            "-u",
            UID,
            "--name",
            FORGED,
            "--file-output",
            "x",
        ],
        &["secret", "upload", "-u", UID, "-f", FORGED],
        &["folder", "update", "-f", FORGED, "-t", FORGED],
        &[
            "exec",
            "-e",
            &format!("A={}", forged("field")),
            "--dry-run",
            "true",
        ],
        &[
            "exec",
            "-e",
            &format!("{FORGED}={}!", forged("field")),
            "true",
        ],
        &[
            "exec",
            "--file",
            &format!("{FORGED}={}!", forged("field")),
            "true",
        ],
        &["exec", "--env-file", FORGED, "true"],
        &["exec", FORGED],
    ] {
        is_tame(&home.ksm(args.iter().copied()));
    }
    for template in [
        format!("{}!", forged("field")),
        format!("keeper://same/title|{FORGED}"),
        format!("keeper://{{{FORGED}}}"),
    ] {
        for args in [
            &["interpolate"][..],
            &["interpolate", "-n", "-v"],
            &["interpolate", "-C", "-v"],
        ] {
            let run = home.command(args.iter().copied()).stdin(&template).run();
            // What cannot be replaced stays as it is, on stdout.
            text_is_tame(run.stderr_text(), &run);
        }
    }
}

#[test]
fn tables_of_a_true_vault_are_tame() {
    let vault = Vault::start()
        .with(folder(FORGED).uid(OTHER).with(record(FORGED, FORGED)))
        .with(
            login(FORGED)
                .uid(UID)
                .file(FORGED, "content")
                .file("two", "content"),
        );
    let home = Home::configured_for(&vault);
    for args in [
        &["folder", "list", "-l"][..],
        &["secret", "get", UID],
        &[
            "secret",
            "delete-attachment",
            "-u",
            UID,
            "-f",
            &format!("{FORGED}!"),
        ],
        &[
            "secret",
            "download",
            "-u",
            UID,
            "--name",
            FORGED,
            "--file-output",
            ".",
        ],
        &["secret", "delete", FORGED],
        &["folder", "delete", FORGED],
    ] {
        is_tame(&home.ksm(args.iter().copied()));
    }
    let saved = home.files();
    assert!(
        !saved.iter().any(|name| name.chars().any(is_hidden)),
        "{saved:?}"
    );
}

#[test]
fn names_of_profiles_files_and_settings_forge_no_line() {
    let vault = Vault::start().with(login("db").uid(UID));
    let home = Home::bound_to(&vault);
    let store = home.read("keeper.ini");
    let file = home.write(FORGED_FILE, &store);
    let file = file.to_str().unwrap();
    let section = FORGED_FILE.replace(['\n', '\r', '[', ']'], "");
    home.write(
        "other.ini",
        store
            .replace("[_default]", &format!("[{section}]"))
            .replace("= _default", &format!("= {section}")),
    );
    for args in [
        &["-p", FORGED, "secret", "list"][..],
        &["--ini-file", FORGED, "secret", "list"],
        &["--ini-file", file, "profile", "list", "--long"],
        &["--ini-file", file, "profile", "check"],
        &["--ini-file", file, "version"],
        &["--ini-file", "other.ini", "profile", "list"],
        &["--ini-file", "other.ini", "profile", "list", "--long"],
        &["--ini-file", "other.ini", "profile", "check"],
        &["--ini-file", "other.ini", "-p", "x", "secret", "list"],
        &["--ini-file", "other.ini", "config", "show"],
        &["--log-level", FORGED, "version"],
        &["-o", &format!("no/{FORGED_FILE}"), "secret", "list"],
        &["-o", FORGED_FILE, "secret", "totp", UID],
        &["profile", "active", FORGED],
        &["profile", "delete", FORGED],
        &["profile", "rename", "_default", FORGED],
        &["profile", "export", FORGED],
        &["profile", "import", FORGED],
        &["profile", "init", "-t", FORGED],
        &["profile", "init", "-h", FORGED, "-t", "x"],
        &["profile", "init", "-t", &format!("{FORGED}:x")],
        &["profile", "init", "--token-file", FORGED],
        &["config", "editor", "--application", FORGED],
        &["config", "show"],
        &["secret", "add", "file", "--sf", FORGED, "-f", FORGED],
        &[
            "secret", "add", "field", "--sf", "F", "--rt", FORGED, "-t", FORGED,
        ],
        &[
            "secret",
            "add",
            "field",
            "--sf",
            "F",
            "--rt",
            "login",
            "-t",
            "t",
            &format!("{FORGED}=x"),
        ],
        &["secret", "template", "record", FORGED],
        &["secret", "list", "--query", FORGED],
        &["secret", "list", "-t", &format!("({FORGED}")],
        &["interpolate", FORGED],
        &["help", FORGED],
        &[FORGED],
        &["secret", FORGED],
        &["secret", "list", &format!("--{FORGED}")],
        &["dev", "--seed", FORGED, "--", "true"],
    ] {
        is_tame(&home.ksm(args.iter().copied()));
    }
    for name in [
        "KSM_CONFIG",
        "KSM_CONFIG_FILE",
        "KSM_INI_DIR",
        "KSM_INI_FILE",
        "KSM_TOKEN",
        "KSM_HOSTNAME",
        "KSM_CLI_PROFILE",
        "KSM_CA_FILE",
        "SSL_CERT_FILE",
        "HTTPS_PROXY",
        "NO_PROXY",
        "KSM_MAX_WAIT",
        "KSM_CACHE",
        "KSM_CACHE_DIR",
        "KSM_DEBUG",
        "KSM_SKIP_VERIFY",
        "KSM_CLIENT_VERSION",
        "KSM_RECORD_TYPE_DIR",
        "KSM_CONFIG_BASE64_1",
        "KSM_CONFIG_BASE64_DESC_1",
        "XDG_RUNTIME_DIR",
    ] {
        for args in [
            &["secret", "list"][..],
            &["profile", "list", "--long"],
            &["exec", "-e", "A=keeper://db/title", "true"],
        ] {
            is_tame(&home.command(args.iter().copied()).env(name, FORGED).run());
        }
    }
    let run = home
        .command(["exec", "true"])
        .env(FORGED, "keeper://db/field/none")
        .run();
    run.fails(125);
    shows_the_end(&run);
}
