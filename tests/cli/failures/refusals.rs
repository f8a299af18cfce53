//! The server says no: its words, exit 4, and no second try but after a wait it asked for itself (D18).

use std::time::{Duration, Instant};

use serde_json::json;

use super::{PASSWORD, read};
use crate::support::{Fault, FaultProxy, Home, Server, Vault};

#[test]
fn the_servers_words_are_passed_on() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let cases = [
        (
            403,
            json!({"result_code": "access_denied", "message": "Signature is invalid"}),
            "Error: access_denied, message=Signature is invalid\nHint: the token may be spent",
        ),
        (
            403,
            json!({"result_code": "invalid_client_version", "error": "client_version", "additional_info": "invalid client version id: 16"}),
            "invalid client version id: 16\nHint: KSM_CLIENT_VERSION ",
        ),
        (
            400,
            json!({"error": "odd_thing", "message": "said so"}),
            "Error: odd_thing, message=said so\n",
        ),
        (
            400,
            json!({"error": "bare", "message": null}),
            "Error: bare, message=NA\n",
        ),
        // A throttling that comes with another status is none (protocol 6.3).
        (
            400,
            json!({"error": "throttled", "message": "later"}),
            "Error: throttled, message=later\n",
        ),
        (404, json!({}), "Error: NA, message=NA\n"),
    ];
    for (status, body, said) in cases {
        faults.forget_requests();
        faults.next(Fault::refuse(status, body.clone()));
        let run = home.ksm(["secret", "list"]);
        run.fails(4).stdout("").stderr_has(said);
        assert_eq!(faults.requests(), ["get_secret"], "{body}");
    }
}

#[test]
fn every_command_that_asks_is_refused_alike() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.always(Fault::denied());
    for command in [
        &["secret", "list", "--json"][..],
        &["secret", "get", "-t", "db"],
        &["secret", "get", "-t", "db", "-f", "password", "-o", "taken"],
        &["secret", "notation", PASSWORD],
    ] {
        faults.forget_requests();
        let run = home.ksm(command.iter().copied());
        run.fails(4).stdout("").stderr_has("Signature is invalid");
        assert_eq!(faults.requests().len(), 1, "{command:?}");
    }
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn a_refused_client_version_is_named() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    home.set("KSM_CLIENT_VERSION", "seventeen");
    read(&home)
        .run()
        .fails(4)
        .stderr_has("client version `seventeen`")
        .stderr_has("KSM_CLIENT_VERSION");
    assert_eq!(vault.requests().len(), 1);
}

#[test]
fn a_removed_device_is_refused() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    let ini = home.read("keeper.ini");
    let client_id = ini
        .lines()
        .find_map(|line| line.strip_prefix("clientid = "))
        .unwrap();
    vault.revoke(client_id);
    read(&home)
        .run()
        .fails(4)
        .stdout("")
        .stderr_has("access_denied");
    assert_eq!(home.read("keeper.ini"), ini);
}

#[test]
fn a_requested_wait_is_announced_and_kept() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let waits = |fault: Fault| {
        faults.forget_requests();
        faults.next(fault);
        let start = Instant::now();
        read(&home)
            .run()
            .succeeds()
            .stdout("canary-1")
            .stderr("The server is throttling requests; waiting 1 s.\n");
        assert!(start.elapsed() >= Duration::from_millis(700));
        assert_eq!(faults.requests().len(), 2);
    };
    waits(Fault::throttled(0.7));
    let busy = json!({"result_code": "throttled", "retry_after": "0.7"});
    waits(Fault::refuse(429, busy));
    // Machines in front of the server say it in their own ways.
    for (status, body) in [
        (429, "too many requests"),
        (429, ""),
        (429, "<html><body>Slow down</body></html>"),
        (429, r#"[{"error": "busy"}]"#),
        (429, r#"{"error": "quota", "message": "later"}"#),
        (503, "busy"),
        (503, ""),
        (503, r#"["busy"]"#),
        (503, r#"{"message": "busy"}"#),
    ] {
        waits(Fault::Answer {
            status,
            headers: "Retry-After: 0.7\r\n".to_owned(),
            body: body.into(),
        });
    }
}

/// It was not done, and nobody says otherwise.
#[test]
fn a_throttled_write_was_not_done() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::bound_to(&faults);
    for (status, headers) in [(429, ""), (503, "Retry-After: 30\r\n")] {
        faults.clear();
        faults.on(
            "update_secret",
            Fault::Answer {
                status,
                headers: headers.to_owned(),
                body: b"busy".to_vec(),
            },
        );
        let change = format!("password=changed {status}");
        let update = ["secret", "update", "db", "--field", &change];
        home.ksm(["--max-wait", "0"].iter().chain(&update).copied())
            .fails(4)
            .stderr_has("throttling requests; gave up")
            .stderr_lacks("not known");
        faults.clear();
        faults.next(Fault::None).next(Fault::Answer {
            status,
            headers: "Retry-After: 0.1\r\n".to_owned(),
            body: Vec::new(),
        });
        home.ksm(update).succeeds();
    }
}

#[test]
fn a_busy_server_without_a_wait_may_have_acted() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::bound_to(&faults);
    for status in [500, 502, 503, 504] {
        faults.clear();
        faults.on("update_secret", Fault::answer(status, "busy"));
        home.ksm(["secret", "update", "db", "--field", "password=changed"])
            .fails(5)
            .stderr_has("not known whether");
    }
}

#[test]
fn a_user_in_a_hurry_does_not_wait() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.always(Fault::throttled(30.0));
    let start = Instant::now();
    let hurries = |arguments: &[&str], variable: &str| {
        faults.forget_requests();
        let notation = ["secret", "notation", PASSWORD];
        home.command(arguments.iter().chain(&notation).copied())
            .env("KSM_MAX_WAIT", variable)
            .run()
            .fails(4)
            .stdout("")
            .stderr_has("throttling requests; gave up")
            .stderr_has("Hint: `--max-wait SECONDS` or KSM_MAX_WAIT");
        assert_eq!(faults.requests().len(), 1);
    };
    hurries(&[], "0");
    hurries(&["--max-wait", "0"], "");
    hurries(&["--max-wait", "29"], "1000");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn waits_are_bounded_in_number_and_in_sum() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.always(Fault::throttled(0.01));
    read(&home)
        .run()
        .fails(4)
        .stderr_has("gave up after 5 waits");
    assert_eq!(faults.requests().len(), 6);

    faults.forget_requests();
    faults.always(Fault::throttled(0.6));
    home.ksm(["--max-wait", "1", "secret", "list"])
        .fails(4)
        .stderr_has("gave up after 1 wait of");
    assert_eq!(faults.requests().len(), 2);
}

#[test]
fn a_malformed_wait_limit_is_refused_before_any_request() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for wrong in ["soon", "-1", "1.5", "99999999999999999999"] {
        read(&home)
            .env("KSM_MAX_WAIT", wrong)
            .run()
            .fails(6)
            .stdout("")
            .stderr_has("KSM_MAX_WAIT");
        home.ksm(["--max-wait", wrong, "secret", "list"])
            .fails(2)
            .stderr_has("--max-wait");
    }
    assert_eq!(faults.requests(), [""; 0]);
    // The longest that can be said is no overflow.
    faults.next(Fault::throttled(0.1));
    read(&home)
        .env("KSM_MAX_WAIT", u64::MAX.to_string())
        .run()
        .succeeds()
        .stdout("canary-1");
}
