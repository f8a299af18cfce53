//! Configurations: exports byte for byte, the forms `KSM_CONFIG` may have, and the INI dialect.

use ksm::profile::bundle::{self, Bundle};
use ksm::profile::ini::Document;
use ksm::profile::{Config, Member, ProfileName};
use ksm::sensitive::Sensitive;
use serde_json::Value;

use super::data::{list, parse, text};

fn vectors() -> Value {
    parse(include_str!("config.json"))
}

#[test]
fn exports_are_the_official_bytes() {
    for case in list(&vectors()["conversions"]) {
        let name = text(case, "name");
        let mut config: Config = serde_json::from_value(case["input"].clone()).unwrap();
        let kept = config.get(Member::ServerKey).map(str::to_owned);
        config.set(Member::ServerKey, None);
        let json = bundle::to_json(&config);
        let ini = bundle::to_ini(&config, &ProfileName::default()).unwrap();
        assert_eq!(json.expose(), text(case, "export_json_plain"), "{name}");
        assert_eq!(ini.expose(), text(case, "export_ini_plain"), "{name}");
        let base64 = |text: &Sensitive<String>| bundle::to_base64(text).expose().clone();
        assert_eq!(base64(&json), text(case, "export_json_base64"), "{name}");
        assert_eq!(base64(&ini), text(case, "export_ini_base64"), "{name}");

        // Where the official exports lose the server's own key, ours bring it along.
        config.set(Member::ServerKey, kept.as_deref());
        for export in [
            bundle::to_json(&config),
            bundle::to_ini(&config, &ProfileName::default()).unwrap(),
        ] {
            for form in [export.clone(), bundle::to_base64(&export)] {
                let again = bundle::read_one(form.expose()).unwrap();
                assert_eq!(again.get(Member::ServerKey), kept.as_deref(), "{name}");
            }
        }
    }
}

#[test]
fn exports_are_read_back() {
    for case in list(&vectors()["conversions"]) {
        for (export, expected) in [
            ("export_json_plain", "json_base64_reloaded"),
            ("export_json_base64", "json_base64_reloaded"),
            ("export_ini_plain", "ini_reloaded"),
            ("export_ini_base64", "ini_reloaded"),
        ] {
            let config = bundle::read_one(text(case, export)).unwrap();
            let expected: Config = serde_json::from_value(case[expected].clone()).unwrap();
            assert_eq!(config, expected, "{} {export}", case["name"]);
        }
    }
}

#[test]
fn every_recommended_form_of_ksm_config_is_read() {
    for case in list(&vectors()["ksm_config_forms"]) {
        let form = text(case, "form");
        let config = bundle::read_one(text(case, "value"));
        // One form has an odd host, which is for the host's own check to judge.
        let usable = config.is_ok_and(|config| {
            let host = ksm::wire::endpoint::HostName::default();
            config.open(Some(&host)).is_ok()
        });
        assert_eq!(usable, text(case, "recommended") == "ok", "{form}");
    }
}

#[test]
fn the_ini_dialect_is_understood() {
    let vectors = vectors();
    let case = &vectors["ini_parsing"];
    let document = Document::parse(text(case, "text").as_bytes()).unwrap();
    assert_eq!(document.render().expose(), text(case, "text"));
    let check = |section: &str, expected: &Value| {
        for (key, value) in expected.as_object().unwrap() {
            let found = document
                .get(section, key)
                .map(|value| value.expose().as_str());
            assert_eq!(found, value.as_str(), "[{section}] {key}");
        }
    };
    check("_config", &case["parsed"]["config"]);
    let profiles = case["parsed"]["profiles"].as_object().unwrap();
    assert!(document.profiles().eq(profiles.keys().map(String::as_str)));
    for (name, expected) in profiles {
        check(name, expected);
    }
}

#[test]
fn the_sdks_own_file_is_read() {
    let vectors = vectors();
    let file = text(&vectors["sdk_file_storage"], "file_text");
    let Bundle::Config(config) = bundle::read(file).unwrap() else {
        panic!("a JSON file was taken for an INI");
    };
    assert!(config.open(None).is_ok());
}

#[test]
fn region_codes_stand_for_their_hosts() {
    for (code, host) in vectors()["region_codes"].as_object().unwrap() {
        let config = Config::default().with(Member::Hostname, Some(code));
        let json = parse(bundle::to_json(&config).expose());
        assert_eq!(&json["hostname"], host, "{code}");
    }
}
