use super::*;
use crate::profile::ini::Document;

fn bound(host: &str) -> Config {
    let signing_key = SigningKey::generate().unwrap();
    let device = Device {
        client_id: codec::encode(b"canary-client"),
        owner_key: Some(signing_key.public_key()),
        signing_key,
        app_key: AppKey(Key::generate().unwrap()),
    };
    let key = ServerKey::published(KeyId::DEFAULT).unwrap();
    Config::of(&device, &HostName::parse(host).unwrap(), &key)
}

#[test]
fn a_device_survives_the_way_through_a_section() {
    let config = bound("eu");
    let mut document = Document::default();
    document.set("p", "unknown", Some("kept")).unwrap();
    config.put_section(&mut document, "p").unwrap();
    let again = Config::in_section(&document, "p");
    assert_eq!(again, config);
    assert_eq!(again.get(Member::Hostname), Some("EU"));
    assert!(document.get("p", "unknown").is_some());
    let profile = again.open(None).unwrap();
    assert_eq!(profile.host.authority(), "keepersecurity.eu");
    assert_eq!(
        profile.device.client_id,
        config.get(Member::ClientId).unwrap()
    );
}

#[test]
fn missing_or_malformed_members_are_named_and_not_quoted() {
    let cases = [
        (Member::ClientId, None, "it has no clientId"),
        (Member::PrivateKey, None, "it has no privateKey"),
        (Member::AppKey, None, "it has no appKey"),
        (
            Member::PrivateKey,
            Some("canary!"),
            "its privateKey cannot be read",
        ),
        (Member::AppKey, Some("AAAA"), "its appKey is no key"),
        (
            Member::Hostname,
            Some("http://x"),
            "its hostname cannot be used",
        ),
        (
            Member::ServerKeyId,
            Some("ten"),
            "its serverPublicKey cannot be used",
        ),
    ];
    for (member, text, expected) in cases {
        let config = bound("US").with(member, text);
        assert_eq!(config.open(None).unwrap_err().to_string(), expected);
    }
    let unbound = bound("US").with(Member::AppKey, None);
    let unbound = unbound.with(Member::ClientKey, Some("canary"));
    assert_eq!(
        unbound.open(None).unwrap_err().to_string(),
        "its one-time token was never redeemed, so it has no appKey"
    );
}

#[test]
fn an_unused_or_missing_server_key_is_noted() {
    let point = codec::encode_url(&SigningKey::generate().unwrap().public_key().to_bytes());
    let own = |host: &str| {
        bound(host)
            .with(Member::ServerKeyId, Some("20"))
            .with(Member::ServerKey, Some(&point))
    };
    let us = HostName::default();
    let cases = [
        (own("IL5"), None),
        (own("US"), Some(Note::CustomKeyIgnored(us))),
        (
            own("IL5").with(Member::ServerKey, None),
            Some(Note::UnknownKey(KeyId::from(20))),
        ),
        (bound("US"), None),
    ];
    for (config, expected) in cases {
        assert_eq!(config.open(None).unwrap().note, expected);
    }
}

#[test]
fn base64_is_one_line_wherever_it_was_wrapped() {
    let config = bound("US");
    let wrapped = |text: &str, by: &str| format!("{}{by}{}\n", &text[..9], &text[9..]);
    let members = [
        Member::ClientId,
        Member::PrivateKey,
        Member::AppKey,
        Member::OwnerKey,
    ];
    let members = members.map(|member| (member.name(), config.get(member).unwrap()));
    let others = [("hostname", "US"), ("serverPublicKeyId", "10")];
    let mut json = serde_json::Map::new();
    let mut ini = "[p]\n".to_owned();
    for (name, text) in &members {
        json.insert((*name).into(), wrapped(text, " \r\n ").into());
        ini += &format!("{name} = {}", wrapped(text, "\n  "));
    }
    for (name, text) in others {
        json.insert(name.into(), text.into());
        ini += &format!("{name} = {text}\n");
    }
    let json = serde_json::Value::Object(json).to_string();
    assert_eq!(serde_json::from_str::<Config>(&json).unwrap(), config);
    let document = Document::parse(ini.as_bytes()).unwrap();
    assert_eq!(Config::in_section(&document, "p"), config);
}
