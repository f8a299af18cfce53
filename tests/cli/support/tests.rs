//! The harness itself: it sees what it should see, and its faults are those it names.

use std::time::Duration;

use super::*;

/// A run of something that is no `ksm`, which the harness treats alike.
fn shell(home: &Home, line: &str) -> Run {
    home.program("sh", ["-c", line]).run()
}

#[test]
#[should_panic = "a secret on stdout"]
fn a_secret_nobody_asked_for_fails_the_test() {
    shell(&Home::new(), "echo canary-1").succeeds();
}

#[test]
#[should_panic = "a secret on stderr"]
fn a_secret_is_never_asked_for_on_stderr() {
    shell(&Home::new(), "echo canary-1 >&2")
        .succeeds()
        .may_print_secrets();
}

#[test]
#[should_panic = "a secret in "]
fn a_secret_in_a_file_fails_the_test() {
    shell(&Home::new(), "echo canary-1 > left").succeeds();
}

#[test]
#[should_panic = "a token or key on stderr"]
fn a_token_that_shows_fails_the_test() {
    let home = Home::new();
    home.watch_token("US:abcdefghij");
    shell(&home, "echo no such token: abcdefghij >&2").succeeds();
}

#[test]
fn what_was_asked_for_may_show() {
    let home = Home::new();
    shell(&home, "echo canary-1")
        .succeeds()
        .stdout("canary-1\n");
    shell(&home, "echo canary-1")
        .succeeds()
        .may_print_secrets()
        .stdout_has("canary");
    home.write("known", "canary-1");
    shell(&home, "cat known > copy")
        .succeeds()
        .may_write_secrets();
    shell(&home, "true").succeeds().stdout("").stderr("");
}

#[test]
fn nothing_of_this_machine_is_inherited() {
    let home = Home::new();
    let run = home.program("env", [""; 0]).run();
    let names: Vec<_> = run
        .succeeds()
        .stdout_text()
        .lines()
        .map(|line| line.split_once('=').unwrap().0)
        .collect();
    assert_eq!(names, ["HOME", "PATH", "TMPDIR"]);
}

#[test]
fn a_line_without_faults_is_not_noticed() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    assert!(
        home.environment()
            .contains_key(std::ffi::OsStr::new("KSM_CONFIG"))
    );
    assert_eq!((vault.requests().len(), faults.requests().len()), (0, 0));
    home.bind(&faults);
    assert_eq!(faults.requests(), ["get_secret", "get_secret"]);
}

#[test]
fn each_fault_is_met_as_what_it_is() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = Home::trusting(&faults);
    let cases: [(Fault, &str); 6] = [
        (Fault::denied(), "Signature is invalid"),
        (
            Fault::refuse(
                400,
                serde_json::json!({"error": "odd", "message": "said so"}),
            ),
            "said so",
        ),
        (Fault::throttled(1.0), "throttl"),
        (Fault::other_key(8), "key"),
        (Fault::answer(200, "no ciphertext"), ""),
        (Fault::redirect("https://localhost/"), "307"),
    ];
    for (fault, said) in cases {
        faults.next(fault.clone());
        let error = home.redeem(&faults.token()).unwrap_err();
        let all = format!("{} {error:?}", ksm::error_chain::joined(&error));
        assert!(all.contains(said), "{fault:?}: {all}");
    }
    // The same key may introduce itself again, so these are got over.
    for fault in [
        Fault::Drop,
        Fault::LoseAnswer,
        Fault::truncated(),
        Fault::answer(502, "<html>"),
    ] {
        faults.next(fault.clone());
        assert!(home.redeem(&faults.token()).is_ok(), "{fault:?}");
    }
}

#[test]
fn a_wrong_certificate_is_no_way_to_the_vault() {
    let vault = Vault::start();
    for faults in [
        FaultProxy::with_another_name(&vault),
        FaultProxy::with_unknown_authority(&vault),
    ] {
        let home = Home::trusting(&faults);
        assert!(home.redeem(&faults.token()).is_err());
        assert_eq!(faults.requests(), [""; 0]);
    }
}

#[test]
fn binding_is_not_counted_and_reading_is() {
    let vault = Vault::start().with(login("db").password("canary-1"));
    for home in [Home::bound_to(&vault), Home::configured_for(&vault)] {
        assert_eq!(vault.requests(), [""; 0]);
        home.ksm(["secret", "notation", "keeper://db/field/password"])
            .succeeds()
            .stdout("canary-1");
        assert_eq!(vault.requests(), ["get_secret"]);
        vault.forget_requests();
    }
}

#[test]
fn an_answer_too_large_ends_before_memory_does() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.always(Fault::Announce(1 << 40));
    home.ksm(["secret", "list"]).fails(5).stdout("");
}

#[test]
fn a_damaged_record_stands_beside_good_ones() {
    let bad = "RecordThatIsBroken---A";
    let vault = Vault::start()
        .with(login("bad").uid(bad))
        .with(login("good"));
    vault.garble(bad);
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "list"])
        .stdout_has("good")
        .stdout_lacks("bad")
        .stderr_has(bad);
}

#[test]
#[should_panic(expected = "does not end:")]
fn what_does_not_end_fails_the_test() {
    let home = Home::new();
    let call = home.program("sleep", ["60"]);
    call.timeout(Duration::from_millis(100)).run();
}
