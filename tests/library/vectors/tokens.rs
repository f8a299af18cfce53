//! One-time tokens, and the hosts they and settings name.

use ksm::wire::endpoint::HostName;
use ksm::wire::token::OneTimeToken;
use serde_json::Value;

use super::data::{decoded, expected, list, parse, text};

/// Set aside in `OVERRULED.md`: a path in a host setting, and a client key that is too short to open any answer.
fn is_overruled(vector: &Value) -> bool {
    let settings = [&vector["hostname_param"], &vector["env"]["KSM_HOSTNAME"]];
    settings.iter().any(|setting| {
        setting
            .as_str()
            .is_some_and(|host| host.starts_with("https://"))
    }) || vector["client_key"] == "ONE_TIME_TOKEN"
}

#[test]
fn tokens() {
    for vector in list(&parse(include_str!("token.json"))["vectors"]) {
        let expected = expected(vector);
        let setting = ["KSM_HOSTNAME"]
            .iter()
            .find_map(|name| vector["env"][name].as_str());
        let setting = setting.or(vector["hostname_param"].as_str());
        let token = OneTimeToken::parse(text(vector, "token"));
        // Without a prefix a host has to come from elsewhere; the caller decides whether the US are meant.
        let host = match (&token, setting) {
            (_, Some(setting)) => HostName::parse(setting).ok(),
            (Ok(token), None) => token.host.clone(),
            (Err(_), None) => None,
        };
        let usable = token.is_ok() && host.is_some();
        if is_overruled(vector) {
            assert!(!usable, "{vector}");
            continue;
        }
        assert_eq!(usable, expected["ok"] == true, "{vector}");
        if let (Ok(token), Some(host)) = (token, host) {
            assert_eq!(
                host.authority(),
                text(&expected, "resolved_host"),
                "{vector}"
            );
            let client_key = decoded(&expected, "client_key");
            assert_eq!(token.client_key.expose().to_vec(), client_key, "{vector}");
            assert_eq!(
                token.client_id().unwrap(),
                text(&expected, "client_id"),
                "{vector}"
            );
            let server_key = expected["server_public_key"].as_str();
            assert_eq!(
                token
                    .server_key
                    .as_ref()
                    .map(|key| key.encoded())
                    .as_deref(),
                server_key,
                "{vector}"
            );
        }
    }
}
