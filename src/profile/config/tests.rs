//! Tests of `config.rs`.

use super::*;

fn bound(host: &str) -> Config {
    let signing_key = SigningKey::generate().unwrap();
    let device = Device {
        client_id: codec::encode(b"canary-client"),
        owner_key: Some(signing_key.public_key()),
        signing_key,
        app_key: AppKey::new(Key::generate().unwrap()),
    };
    let key = ServerKey::published(KeyId::DEFAULT).unwrap();
    Config::of(&device, &HostName::parse(host).unwrap(), &key)
}

#[test]
fn a_device_survives_the_way_through_a_section() {
    let config = bound("eu");
    let mut document = Document::new();
    document.set("p", "storage", Some("aws")).unwrap();
    document.set("p", "unknown", Some("kept")).unwrap();
    config.put_section(&mut document, "p").unwrap();
    let again = Config::in_section(&document, "p");
    assert_eq!(again, config);
    assert_eq!(again.hostname.as_deref(), Some("EU"));
    assert!(document.get("p", "storage").is_none());
    assert!(document.get("p", "unknown").is_some());
    let profile = again.open(None).unwrap();
    assert_eq!(profile.host.authority(), "keepersecurity.eu");
    assert_eq!(profile.device.client_id, config.client_id.unwrap());
}

#[test]
fn what_is_missing_or_broken_is_named_and_not_quoted() {
    let good = bound("US");
    let secret = |text: &str| Some(Sensitive::new(text.to_owned()));
    let cases = [
        (
            Config {
                client_id: None,
                ..good.clone()
            },
            "it has no clientId",
        ),
        (
            Config {
                private_key: None,
                ..good.clone()
            },
            "it has no privateKey",
        ),
        (
            Config {
                app_key: None,
                ..good.clone()
            },
            "it has no appKey",
        ),
        (
            Config {
                app_key: None,
                client_key: secret("canary"),
                ..good.clone()
            },
            "its one-time token was never redeemed, so it has no appKey",
        ),
        (
            Config {
                private_key: secret("canary!"),
                ..good.clone()
            },
            "its privateKey cannot be read",
        ),
        (
            Config {
                app_key: secret("AAAA"),
                ..good.clone()
            },
            "its appKey is no key",
        ),
        (
            Config {
                hostname: Some("http://x".into()),
                ..good.clone()
            },
            "its hostname cannot be used",
        ),
        (
            Config {
                server_key_id: Some("ten".into()),
                ..good.clone()
            },
            "its serverPublicKey cannot be used",
        ),
    ];
    for (config, expected) in cases {
        assert_eq!(config.open(None).unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_server_key_that_will_not_be_used_or_is_not_there_is_noted() {
    let point = codec::encode_url(&SigningKey::generate().unwrap().public_key().to_bytes());
    let own = |host: &str| Config {
        server_key_id: Some("20".into()),
        server_key: Some(point.clone()),
        ..bound(host)
    };
    let us = HostName::default();
    let cases = [
        (own("IL5"), None),
        (own("US"), Some(Note::CustomKeyIgnored(us))),
        (
            Config {
                server_key: None,
                ..own("IL5")
            },
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
    let secret = |text: &Option<Sensitive<String>>| text.as_ref().unwrap().expose().clone();
    let members = [
        ("clientId", config.client_id.clone().unwrap()),
        ("privateKey", secret(&config.private_key)),
        ("appKey", secret(&config.app_key)),
        ("appOwnerPublicKey", config.owner_key.clone().unwrap()),
    ];
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
