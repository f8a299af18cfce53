//! `--log-level` and `KSM_DEBUG`: which lines come, in which form, and what is never in one.

use regex::Regex;
use serde_json::json;

use crate::support::{Fault, FaultProxy, Home, Run, Server, UID, Vault, login};

const PASSWORD: &str = "AbCdEfGhIjKlMnOpQrStUw/field/password";

fn vault() -> Vault {
    Vault::start().with(
        login("db")
            .uid(UID)
            .password("canary-1")
            .file("key.pem", "canary-file\n"),
    )
}

/// The lines of the log, without their times and with the length of each request as `N`.
#[track_caller]
fn lines(run: &Run) -> Vec<String> {
    let form =
        Regex::new(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| ksm \| ([A-Z]+) \| (.*)$").unwrap();
    let length = Regex::new(r"\b\d+(\.\d+)? (ms|s)\b").unwrap();
    let found = run.stderr_text().lines().filter_map(|line| {
        let parts = form.captures(line)?;
        let text = length.replace(&parts[2], "N $2");
        Some(format!("{} {text}", &parts[1]))
    });
    found.collect()
}

fn request_line(server: &str, attempt: u32, end: &str) -> String {
    format!("DEBUG get_secret at {server}, attempt {attempt}, N ms: {end}")
}

#[test]
fn each_level_adds_to_the_one_above() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let info = [
        format!(
            "INFO configuration from {}",
            home.path("keeper.ini").display()
        ),
        format!("INFO profile _default at {}", vault.host()),
    ];
    let debug = [&info[..], &[request_line(&vault.host(), 1, "status 200")]].concat();
    let table: [(&[&str], Option<&str>, &[String]); 11] = [
        (&[], None, &[]),
        (&["--log-level", "DEBUG"], None, &debug),
        (&["--log-level", "INFO"], None, &info),
        (&["--log-level", "WARNING"], None, &[]),
        (&["--log-level", "ERROR"], None, &[]),
        (&[], Some("1"), &debug),
        (&[], Some("NOTSET"), &debug),
        (&[], Some("INFO"), &info),
        (&[], Some(""), &[]),
        (&["--log-level", "DEBUG"], Some("INFO"), &info),
        (&["--log-level", "DEBUG"], Some("CRITICAL"), &[]),
    ];
    for (options, variable, expected) in table {
        let call = home.command([options, &["secret", "notation", PASSWORD]].concat());
        let call = match variable {
            Some(value) => call.env("KSM_DEBUG", value),
            None => call,
        };
        let run = call.run();
        run.succeeds().stdout("canary-1");
        assert_eq!(lines(&run), expected, "{options:?} {variable:?}");
        // Nothing but the log is there.
        assert_eq!(run.stderr_text().lines().count(), expected.len(), "{run}");
    }
}

#[test]
fn a_token_is_a_source_like_others() {
    let vault = vault();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_TOKEN", token);
    let run = home.ksm([
        "--log-level",
        "DEBUG",
        "--ephemeral",
        "secret",
        "notation",
        PASSWORD,
    ]);
    run.succeeds().stdout("canary-1");
    let request = request_line(&vault.host(), 1, "status 200");
    assert_eq!(
        lines(&run),
        [
            "INFO configuration from KSM_TOKEN, profile _default",
            &request,
            &request,
            &request
        ]
    );
}

// Elsewhere the system does not ask `TZ`.
#[cfg(unix)]
#[test]
fn times_are_local() {
    use time::{Date, Month, OffsetDateTime, Time, UtcOffset};
    let home = Home::configured_for(&vault());
    // Without daylight saving, twelve hours east of Greenwich.
    let run = home
        .command(["--log-level", "INFO", "version"])
        .env("TZ", "TEST-12")
        .run();
    run.succeeds();
    let number = |from: usize, to: usize| run.stderr_text()[from..to].parse::<u16>().unwrap();
    let small = |from, to| u8::try_from(number(from, to)).unwrap();
    let month = Month::try_from(small(5, 7)).unwrap();
    let date = Date::from_calendar_date(i32::from(number(0, 4)), month, small(8, 10)).unwrap();
    let time = Time::from_hms(small(11, 13), small(14, 16), small(17, 19)).unwrap();
    let told = OffsetDateTime::new_in_offset(date, time, UtcOffset::from_hms(12, 0, 0).unwrap());
    let ago = OffsetDateTime::now_utc() - told;
    assert!(ago.whole_seconds().abs() < 120, "{ago}\n{run}");
}

#[test]
fn waits_and_repeats_are_warnings() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let here = faults.host();
    faults.next(Fault::throttled(0.1));
    faults.next(Fault::answer(502, "canary"));
    faults.next(Fault::LoseAnswer);
    let run = home.ksm(["--log-level", "DEBUG", "secret", "notation", PASSWORD]);
    run.succeeds().stdout("canary-1");
    assert_eq!(
        lines(&run)[2..],
        [
            request_line(&here, 1, "status 403"),
            "WARNING throttled; waiting N s".to_owned(),
            request_line(&here, 2, "status 502"),
            "WARNING no answer; asking again in N s".to_owned(),
            request_line(
                &here,
                3,
                &format!(
                    "the connection to {here} broke before the answer was complete: the other side closed it"
                )
            ),
            "WARNING no answer; asking again in N s".to_owned(),
            request_line(&here, 4, "status 200"),
        ],
        "{run}"
    );
    // Messages do not depend on the log.
    run.stderr_has("\nThe server is throttling requests; waiting 1 s.\n");
}

#[test]
fn skipped_records_are_warnings_in_the_official_words() {
    let vault = vault().with(
        login("broken")
            .uid("BrokenAAAAAAAAAAAAAAAA")
            .password("canary"),
    );
    let home = Home::configured_for(&vault);
    vault.garble("BrokenAAAAAAAAAAAAAAAA");
    let run = home.ksm(["--log-level", "WARNING", "secret", "list"]);
    run.succeeds();
    let [line] = &lines(&run)[..] else {
        panic!("{run}")
    };
    let official = "WARNING BrokenAAAAAAAAAAAAAAAA skipped due to error: ";
    assert!(line.starts_with(official), "{line}");
    run.stderr_has("\nWarning: BrokenAAAAAAAAAAAAAAAA was skipped: ");
}

// Elsewhere no file can have such a name.
#[cfg(unix)]
#[test]
fn text_of_others_stays_within_its_line() {
    let vault = vault();
    let home = Home::bound_to(&vault);
    let forger = home.path("keeper\n2026-01-31 23:59:59,123 | ksm | INFO | forged");
    std::fs::rename(home.path("keeper.ini"), &forger).unwrap();
    let options = [
        "--log-level",
        "INFO",
        "--ini-file",
        forger.to_str().unwrap(),
    ];
    let run = home.ksm([&options[..], &["secret", "list"]].concat());
    run.succeeds();
    assert_eq!(lines(&run).len(), 2, "{run}");
}

/// The harness looks for secrets, keys and tokens on stderr after every run; links and signatures are looked for here.
#[test]
fn no_secret_key_link_or_signature_is_logged() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let mut home = Home::trusting(&faults);
    home.set("KSM_DEBUG", "DEBUG");
    let token = faults.token();
    home.watch_token(&token);
    let discreet = |run: &Run| {
        assert!(!lines(run).is_empty(), "{run}");
        for part in ["://", "/api/", "Signature=", "Signature MIG"] {
            run.stderr_lacks(part);
        }
        let long = Regex::new(r"[A-Za-z0-9+/_=-]{40,}").unwrap();
        for line in lines(run) {
            let path = home.path("").display().to_string();
            assert!(!long.is_match(&line.replace(&path, "")), "{line}");
        }
    };
    // The same token twice: bound, then refused.
    for (ini, code) in [("keeper.ini", 0), ("other.ini", 4)] {
        let run = home.ksm(["profile", "init", "--ini-file", ini, &token]);
        run.exits(code).may_write_secrets();
        home.watch_keys();
        discreet(&run);
    }
    let file = format!("{UID}/file/key.pem");
    for command in [
        &["secret", "list"][..],
        &["secret", "get", UID, "--unmask"],
        &["secret", "get", UID, "--json"],
        &["secret", "notation", PASSWORD],
        &["secret", "notation", &file],
    ] {
        let run = home.ksm(command.iter().copied());
        run.succeeds().may_print_secrets();
        discreet(&run);
    }
    let refused = json!({"result_code": "bad_request", "message": "no"});
    for (fault, code) in [
        (Fault::denied(), 4),
        (Fault::garbled(), 5),
        (
            Fault::redirect("https://canary.example/?Signature=canary"),
            5,
        ),
        (Fault::refuse(400, refused), 4),
        (Fault::answer(404, "canary"), 5),
    ] {
        faults.next(fault);
        let run = home.ksm(["secret", "list"]);
        run.fails(code);
        discreet(&run);
    }
}

#[cfg(unix)]
#[test]
fn a_program_gets_nothing_of_the_log() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let run = home
        .command(["--log-level", "INFO", "exec", "env"])
        .env("SECRET", format!("keeper://{PASSWORD}"))
        .run();
    run.succeeds().may_print_secrets().stdout_lacks("KSM_DEBUG");
    assert_eq!(
        lines(&run).len(),
        run.stderr_text().lines().count(),
        "{run}"
    );
}

#[test]
fn downloads_are_told_by_their_host_alone() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let file = format!("{UID}/file/key.pem");
    let run = home.ksm(["--log-level", "DEBUG", "secret", "notation", &file]);
    run.succeeds().stdout("canary-file\n");
    assert_eq!(
        lines(&run).last().unwrap(),
        &format!(
            "DEBUG download at {}, attempt 1, N ms: status 200",
            vault.host()
        )
    );
}
