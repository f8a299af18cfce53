//! A store that fails, and a program that is killed, at each call: nothing is deleted wrongly, the report is true, and
//! the next run completes it.

use rustix::process::Signal;
use serde_json::Value;

use super::{home, vault, words_of};
use crate::support::{Home, Mishap, Run, SecretsManager, Which};

/// Creates, updates, restores, deletes and keeps.
const WORDS: &str = "-t aws --max-wait 0 -m new db/field/password -m old db/field/password -m same db/field/password \
                     -m gone db/field/url -m dead db/field/password -m doc+user db/field/login -m doc+gone db/field/url";

const BEFORE: [(&str, &str); 6] = [
    ("old", "canary-old"),
    ("same", "canary-1"),
    ("gone", "canary-gone"),
    ("dead", "canary-dead"),
    ("doc", r#"{"other":5,"user":"canary-old","gone":"x"}"#),
    ("foreign", "canary-foreign"),
];

/// A secret, and the text it has in the end.
const AFTER: [(&str, Option<&str>); 7] = [
    ("new", Some("canary-1")),
    ("old", Some("canary-1")),
    ("same", Some("canary-1")),
    ("gone", None),
    ("dead", Some("canary-1")),
    ("doc", Some(r#"{"other":5,"user":"canary-user"}"#)),
    ("foreign", Some("canary-foreign")),
];

fn store() -> SecretsManager {
    let aws = SecretsManager::with(&BEFORE);
    aws.delete("dead");
    aws
}

/// The calls of a run without a mishap.
fn calls(home: &mut Home) -> Vec<String> {
    let aws = store();
    aws.lead(home);
    home.ksm(words_of(WORDS)).succeeds();
    is_complete(&aws, "without a mishap");
    aws.calls()
}

fn is_complete(aws: &SecretsManager, about: &str) {
    for (name, text) in AFTER {
        assert_eq!(aws.text(name).as_deref(), text, "{name} {about}");
    }
    let foreign = &aws.secrets()["foreign"];
    assert_eq!(foreign.versions, 1, "{about}");
}

/// Each secret is as it was, or as it is to be; and as it is to be where no row says otherwise.
fn is_true(run: &Run, aws: &SecretsManager, about: &str) {
    let report: Option<Value> = serde_json::from_slice(run.stdout_bytes()).ok();
    let is_failed = |name: &str| match &report {
        None => true,
        Some(report) => report["data"].as_array().is_some_and(|rows| {
            let mut keys = rows.iter().map(|row| row["mapKey"].as_str().unwrap());
            keys.any(|key| key.split('+').next() == Some(name))
        }),
    };
    for (name, after) in AFTER {
        let now = aws.text(name);
        let before = BEFORE.iter().find(|(known, _)| *known == name);
        let before = before.map(|(_, text)| *text);
        let is_done = now.as_deref() == after;
        // What was deleted may be restored, and not written yet.
        let is_as_before = now.as_deref() == before || (name == "dead" && now.is_none());
        assert!(is_done || is_as_before, "{name} {about}\n{run}");
        assert!(
            is_done || is_failed(name),
            "{name} is not told of {about}\n{run}"
        );
    }
    let Some(report) = report else {
        // Nothing was said, so nothing was done.
        let calls = aws.calls();
        let reads = |call: &String| {
            call.starts_with("GetSecretValue ") || call.starts_with("DescribeSecret ")
        };
        assert!(calls.iter().all(reads), "{about}: {calls:?}\n{run}");
        return;
    };
    let status = &report["status"];
    let count = |name: &str| status[name].as_u64().unwrap();
    let told = ["created", "updated", "deleted", "kept", "failed"].map(count);
    assert_eq!(
        told.iter().sum::<u64>(),
        count("processed"),
        "{about}\n{run}"
    );
}

/// 6 while secrets are read, 1 later.
const DISOWNED: i32 = -1;

#[test]
fn a_store_failing_at_any_call_is_completed_later() {
    let vault = vault();
    let mut home = home(&vault, &store());
    let mishaps = [
        (Mishap::LoseRequest, [1, 5]),
        (Mishap::LoseAnswer, [1, 5]),
        (Mishap::Fail, [1, 5]),
        (Mishap::Throttle, [1, 4]),
        (Mishap::Deny, [1, 1]),
        (Mishap::Disown, [DISOWNED, DISOWNED]),
    ];
    for call in calls(&mut home) {
        let running = mishaps.map(|(mishap, codes)| {
            let aws = store();
            aws.lead(&mut home);
            aws.on(Which::Each(call.clone()), mishap);
            (aws, home.command(words_of(WORDS)).spawn(), mishap, codes)
        });
        let mended = running.map(|(aws, run, mishap, codes)| {
            let about = format!("where {call} meets {mishap:?}");
            let run = run.wait(&home);
            is_true(&run, &aws, &about);
            // A lost answer to a write is found out by reading.
            let may_succeed = mishap == Mishap::LoseAnswer && !call.starts_with("GetSecretValue");
            let is_read = call.starts_with("GetSecretValue") || call.starts_with("DescribeSecret");
            let is_expected = codes.iter().any(|code| match *code {
                DISOWNED if is_read => run.has_code(6),
                DISOWNED => run.has_code(1),
                code => run.has_code(code),
            });
            assert!(
                is_expected || (may_succeed && run.has_code(0)),
                "{about}\n{run}"
            );
            aws.mend();
            aws.lead(&mut home);
            (aws, home.command(words_of(WORDS)).spawn(), about)
        });
        for (aws, run, about) in mended {
            run.wait(&home).succeeds();
            is_complete(&aws, &about);
        }
    }
}

#[test]
fn one_mishap_at_any_call_costs_nothing() {
    let vault = vault();
    let mut home = home(&vault, &store());
    let count = calls(&mut home).len();
    for at in 1..=count {
        let running = [Mishap::LoseRequest, Mishap::LoseAnswer, Mishap::Fail].map(|mishap| {
            let aws = store();
            aws.lead(&mut home);
            aws.on(Which::Nth(at), mishap);
            (aws, home.command(words_of(WORDS)).spawn(), mishap)
        });
        for (aws, run, mishap) in running {
            let about = format!("where call {at} meets {mishap:?}");
            run.wait(&home).succeeds();
            is_complete(&aws, &about);
            assert!(aws.secrets()["old"].versions <= 2, "{about}");
        }
    }
}

#[test]
fn a_run_that_is_killed_anywhere_is_completed() {
    let vault = vault();
    let mut home = home(&vault, &store());
    let count = calls(&mut home).len();
    for at in 1..=count {
        for mishap in [Mishap::Hang, Mishap::HangAfter] {
            let aws = store();
            aws.lead(&mut home);
            aws.on(Which::Nth(at), mishap);
            let run = home.command(words_of(WORDS)).spawn();
            aws.wait_for_silence();
            run.signal(Signal::KILL);
            let about = format!("killed at call {at}, {mishap:?}");
            is_true_after_kill(&aws, &about);
            run.wait(&home).stdout("");
            aws.mend();
            home.ksm(words_of(WORDS)).succeeds();
            is_complete(&aws, &about);
        }
    }
}

fn is_true_after_kill(aws: &SecretsManager, about: &str) {
    for name in ["old", "same", "doc", "foreign"] {
        assert!(!aws.secrets()[name].deleted, "{name} {about}");
    }
}
