//! A token on a bad line: spent once at most, and never lost (T2, D13, D19).

use std::collections::HashSet;

use serde_json::json;

use super::read;
use crate::support::{Fault, FaultProxy, Home, Invocation, Server, Vault};

const BOUND: [&str; 2] = ["keeper.ini", "keeper.ini.lock"];

fn home(faults: &FaultProxy<'_>) -> Home {
    let (mut home, token) = Home::with_token(faults);
    home.set("KSM_CLI_TOKEN", token);
    home
}

fn init(home: &Home) -> Invocation<'_> {
    home.command(["profile", "init"])
}

#[test]
fn lost_answers_are_retried_within_the_same_bind() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    for mishap in [
        Fault::Drop,
        Fault::LoseAnswer,
        Fault::truncated(),
        Fault::answer(502, ""),
        Fault::throttled(0.1),
    ] {
        let home = home(&faults);
        faults.forget_requests();
        faults.next(mishap.clone());
        init(&home).run().succeeds();
        assert_eq!(faults.requests().len(), 3, "{mishap:?}");
        assert_eq!(home.files(), BOUND);
        read(&home)
            .without("KSM_CLI_TOKEN")
            .run()
            .succeeds()
            .stdout("canary-1");
    }
}

#[test]
fn the_second_answer_is_not_needed() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    for mishap in [
        Fault::denied(),
        Fault::answer(404, ""),
        Fault::garbled(),
        Fault::redirect("https://localhost/"),
    ] {
        let home = home(&faults);
        faults.next(Fault::None).next(mishap);
        init(&home).run().succeeds();
        assert_eq!(home.files(), BOUND);
    }
}

#[test]
fn a_definite_no_leaves_nothing_and_says_why() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let version = json!({"result_code": "invalid_client_version", "error": "client_version", "additional_info": "too old"});
    let cases = [
        (
            Fault::denied(),
            "Signature is invalid",
            "Hint: a token makes one device, once, and expires",
        ),
        (
            Fault::refuse(403, version),
            "too old",
            "Hint: KSM_CLIENT_VERSION",
        ),
    ];
    for (fault, said, hint) in cases {
        let home = home(&faults);
        faults.next(fault);
        init(&home)
            .run()
            .fails(4)
            .stdout("")
            .stderr_has(said)
            .stderr_has(hint)
            .stderr_lacks("it is not known");
        assert_eq!(home.files(), [""; 0]);
    }
}

#[test]
fn what_was_not_carried_out_can_be_asked_again() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let cases = [
        (Fault::throttled(100.0), 4, "Hint: `--max-wait SECONDS`"),
        (Fault::other_key(8), 4, "own server key 20\nHint: "),
        (Fault::garbled(), 5, "it is not known whether"),
        (Fault::answer(400, "<html>"), 5, "it is not known whether"),
    ];
    for (fault, code, said) in cases {
        let home = home(&faults);
        faults.always(fault.clone());
        init(&home)
            .env("KSM_MAX_WAIT", "1")
            .run()
            .may_write_secrets()
            .fails(code)
            .stdout("")
            .stderr_has(said);
        assert!(!home.path("keeper.ini").exists());
        faults.clear();
        init(&home).run().succeeds();
        assert_eq!(home.files(), BOUND);
    }
}

#[test]
fn all_attempts_are_one_device() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = home(&faults);
    faults.always(Fault::LoseAnswer);
    for _ in 0..2 {
        init(&home).run().may_write_secrets().fails(5).stdout("");
    }
    faults.clear();
    init(&home).run().succeeds();
    // 3 + 3 attempts, one that arrived, one to confirm; none of them sent the token itself.
    assert_eq!(vault.requests().len(), 8);
    let token = home.environment()[std::ffi::OsStr::new("KSM_CLI_TOKEN")].clone();
    let secret = token
        .to_str()
        .unwrap()
        .split(':')
        .nth(2)
        .unwrap()
        .to_owned();
    let requests = faults.requests_in_full();
    for request in &requests {
        assert!(!String::from_utf8_lossy(request).contains(&secret));
    }
    let signatures: HashSet<_> = faults.header("Authorization").into_iter().collect();
    assert_eq!(signatures.len(), requests.len());
}

#[test]
fn a_certificate_that_proves_nothing_costs_no_token() {
    let vault = Vault::with_db();
    let faults = FaultProxy::with_unknown_authority(&vault);
    let mut home = home(&faults);
    init(&home)
        .run()
        .may_write_secrets()
        .fails(5)
        .stdout("")
        .stderr_has("did not prove who it is")
        .stderr_has("Hint: KSM_CA_FILE");
    assert_eq!(faults.requests(), [""; 0]);
    // The same token by the straight way.
    home.set("KSM_HOSTNAME", vault.host());
    init(&home).run().succeeds();
    assert_eq!(home.files(), BOUND);
}

/// A save holds signals back; the wait for the answer after it does not.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_after_a_save() {
    use rustix::process::Signal;
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    faults.always(Fault::HangAfter);
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let home = home(&faults);
        faults.forget_requests();
        let run = init(&home).spawn();
        while faults.requests().is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        run.signal(signal);
        run.wait(&home).dies_of(signal.as_raw());
    }
}
