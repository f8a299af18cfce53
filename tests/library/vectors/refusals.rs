//! Requests, keys and waits that follow a refusal, without the waiting.

use std::time::Duration;

use ksm::wire::Error;
use ksm::wire::reply::Refusal;
use ksm::wire::retry::{History, Step};
use ksm::wire::server_key::{CustomKey, KeyId, ServerKey};
use serde_json::{Value, json};

use super::data::{expected, list, parse, text};

#[derive(Debug, Default)]
struct Course {
    keys: Vec<String>,
    waits: Vec<f64>,
    outcome: Value,
}

/// The session's loop, with answers from the vector and no clock.
fn run(responses: &[Value], mut key: ServerKey) -> Course {
    let mut history = History::default();
    let mut course = Course::default();
    for attempt in 0..20 {
        let response = responses.get(attempt).or(responses.last()).unwrap();
        let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
        course.keys.push(key.id().to_string());
        if status == 200 {
            course.outcome = json!("ok");
            return course;
        }
        let Some(refusal) = Refusal::parse(status, text(response, "body").as_bytes()) else {
            course.outcome = json!("http.unexpected_status");
            return course;
        };
        match history.after_refusal(refusal, &key, Duration::from_secs(3600), 0.0) {
            Step::UseKey(next) => key = next,
            Step::Throttled(wait) => course.waits.push(wait.as_secs_f64()),
            Step::Repeat(_) => panic!("a refusal is no lost answer"),
            Step::GiveUp(error) => {
                course.outcome = json!(class(&error));
                return course;
            }
        }
    }
    panic!("no end after {} requests", course.keys.len());
}

fn class(error: &Error) -> &'static str {
    match error {
        Error::Refused(refusal) if refusal.code == "invalid_client_version" => {
            "http.client_version"
        }
        Error::Refused(_) => "http.server_error",
        Error::Throttled { .. } => "http.throttled_exhausted",
        Error::UnknownKey(_) => "http.unknown_key_id",
        Error::KeyNotNamed(_) => "http.key_id_missing",
        Error::CustomKeyRefused(_) => "http.custom_key_refused",
        Error::KeyLoop => "http.key_loop",
        other => panic!("{other:?}"),
    }
}

#[test]
fn refusals() {
    let throttled = expected(&json!({"outcome": {"error": {"code": "http.throttled_exhausted"}}}));
    for vector in list(&parse(include_str!("errors.json"))["vectors"]) {
        let expected = match &vector["recommended"]["outcome"] {
            Value::String(same) if same.starts_with("same as status 403") => throttled.clone(),
            _ => expected(vector),
        };
        let id: KeyId = text(vector, "config_key_id").parse().unwrap();
        let key = match vector["custom_server_key"] == true {
            true => ServerKey::Custom(CustomKey {
                id,
                key: *ServerKey::published(id).unwrap().point(),
            }),
            false => ServerKey::published(id).unwrap(),
        };
        let course = run(list(&vector["responses"]), key);
        let outcome = match &expected["outcome"] {
            Value::String(ok) => ok.as_str(),
            error => text(&error["error"], "code"),
        };
        assert_eq!(course.outcome, outcome, "{vector}");
        if let Some(requests) = expected["requests_sent"].as_u64() {
            assert_eq!(course.keys.len() as u64, requests, "{vector}");
        }
        if vector["recommended"].is_null() {
            assert_eq!(
                json!(course.keys),
                vector["publicKeyId_per_request"],
                "{vector}"
            );
            assert_eq!(
                json!(course.waits),
                vector["sleeps_without_jitter"],
                "{vector}"
            );
            assert_eq!(
                course.keys.last().unwrap(),
                text(vector, "final_key_id"),
                "{vector}"
            );
        }
    }
}
