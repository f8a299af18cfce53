//! Single values, by their types.

use serde_json::{Value, json};

use crate::document::Node;
use crate::schema::*;

fn values(kind: &str, text: &str) -> Result<Value, ValueError> {
    let values = field_type(kind).unwrap().values_of_text(text, None)?;
    Ok(values.iter().map(|value| value.expose().clone()).collect())
}

#[test]
fn the_types_that_come_with_the_program_are_whole() {
    assert_eq!(
        (field_types().len(), RecordTypes::builtin().types.len()),
        (47, 26)
    );
    for kind in RecordTypes::builtin().iter() {
        assert!(RecordBuilder::new(kind).is_ok(), "{}", kind.name);
        assert!(kind.template(None, None).is_ok(), "{}", kind.name);
    }
    assert!(field_type("name").unwrap().is_object());
    assert!(!field_type("password").unwrap().is_object());
}

#[test]
fn texts_stay_texts_and_others_are_typed() {
    for (kind, text, stored) in [
        ("password", "12345", json!(["12345"])),
        ("password", "1e5", json!(["1e5"])),
        ("login", "true", json!(["true"])),
        ("login", "null", json!(["null"])),
        ("text", "[1, 2]", json!(["[1, 2]"])),
        ("text", "{\"a\": 1}", json!(["{\"a\": 1}"])),
        ("pinCode", "0012", json!(["0012"])),
        ("note", " two\nlines ", json!([" two\nlines "])),
        ("login", "", json!([])),
        ("checkbox", "True", json!([true])),
        ("date", "2024-05-01", json!([1_714_521_600_000_i64])),
        (
            "expirationDate",
            "1714521600000",
            json!([1_714_521_600_000_i64]),
        ),
        (
            "name",
            r#"{"first": "A", "last": "", "middle": null}"#,
            json!([{"first": "A", "last": ""}]),
        ),
        ("name", "{}", json!([])),
        (
            "host",
            r#"{"hostName": "h", "port": 22}"#,
            json!([{"hostName": "h", "port": "22"}]),
        ),
        (
            "phone",
            r#"[{"number": "1", "type": "MOBILE"}, {"number": "2"}]"#,
            json!([{"number": "1", "type": "Mobile"}, {"number": "2"}]),
        ),
        (
            "address",
            r#"{"country": "us"}"#,
            json!([{"country": "US"}]),
        ),
        (
            "schedule",
            r#"{"intervalCount": "3"}"#,
            json!([{"intervalCount": 3}]),
        ),
        (
            "oneTimeCode",
            "OTPAUTH://totp/x",
            json!(["OTPAUTH://totp/x"]),
        ),
        (
            "paymentCard",
            r#"{"cardExpirationDate": "01/2030"}"#,
            json!([{"cardExpirationDate": "01/2030"}]),
        ),
        (
            "fileRef",
            r#"["AAAAAAAAAAAAAAAAAAAAAA"]"#,
            json!(["AAAAAAAAAAAAAAAAAAAAAA"]),
        ),
        (
            "pamSettings",
            r#"{"connection": {"connection": [{"new": 98765432109876543210987}]}, "more": true}"#,
            json!([{"connection": {"connection": [{"new": 98_765_432_109_876_543_210_987_u128}]}, "more": true}]),
        ),
        (
            "pamResources",
            r#"{"resourceRef": ["a"], "allowedSettings": {"rotation": true}}"#,
            json!([{"resourceRef": ["a"], "allowedSettings": {"rotation": true}}]),
        ),
    ] {
        assert_eq!(values(kind, text).unwrap(), stored, "{kind}={text}");
    }
}

#[test]
fn a_mistake_never_quotes_the_value() {
    for (kind, text, told, suggestion) in [
        (
            "name",
            "canary",
            "the value of `name` is not an object; it has the members first, middle, last",
            None,
        ),
        (
            "name",
            "{canary",
            "the value of `name` looks like JSON and is not",
            None,
        ),
        (
            "name",
            r#"{"frist": "canary"}"#,
            "the value of `name` has no member `frist`; there are first, middle, last",
            Some("first"),
        ),
        (
            "name",
            r#"{"first": ["canary"]}"#,
            "the value of `name.first` is a list or an object, where one value is wanted",
            None,
        ),
        (
            "phone",
            r#"{"type": "mobil"}"#,
            "the value of `phone.type` is none of Mobile, Home, Work",
            Some("Mobile"),
        ),
        (
            "address",
            r#"{"country": "canary"}"#,
            "the value of `address.country` is none of the words that it may be",
            None,
        ),
        (
            "date",
            "canary",
            "the value of `date` is not a date such as 2024-12-31, nor milliseconds since 1970",
            None,
        ),
        (
            "checkbox",
            "canary",
            "the value of `checkbox` is neither `true` nor `false`",
            None,
        ),
        (
            "oneTimeCode",
            "canary",
            "the value of `oneTimeCode` is not a URI that starts with otpauth://",
            None,
        ),
        (
            "fileRef",
            "canary",
            "the value of `fileRef` is not a UID of 22 letters, digits, `-` and `_`",
            None,
        ),
        (
            "paymentCard",
            r#"{"cardExpirationDate": "1/2030"}"#,
            "the value of `paymentCard.cardExpirationDate` is not a month as MM/YYYY",
            None,
        ),
        (
            "schedule",
            r#"{"intervalCount": "canary"}"#,
            "the value of `schedule.intervalCount` is not a whole number",
            None,
        ),
    ] {
        let wrong = values(kind, text).unwrap_err();
        assert_eq!(
            (wrong.to_string().as_str(), wrong.suggestion.as_deref()),
            (told, suggestion),
            "{kind}={text}"
        );
        assert!(!format!("{wrong:?}").contains("canary"), "{wrong:?}");
    }
}

#[test]
fn what_a_document_says_is_typed_as_well() {
    for (kind, yaml, stored) in [
        ("password", "[12345]", json!(["12345"])),
        ("password", "12345", json!(["12345"])),
        ("checkbox", "[true]", json!([true])),
        ("date", "['2024-05-01']", json!([1_714_521_600_000_i64])),
        (
            "name",
            "{first: 1, middle: ''}",
            json!([{"first": "1", "middle": ""}]),
        ),
        ("name", "{first: '', middle: ''}", json!([])),
        ("text", "[a, '', b]", json!(["a", "b"])),
        ("text", "[]", json!([])),
    ] {
        let found = field_type(kind)
            .unwrap()
            .values(&Node::from_yaml(yaml).unwrap())
            .unwrap();
        let found: Value = found.iter().map(|value| value.expose().clone()).collect();
        assert_eq!(found, stored, "{kind}: {yaml}");
    }
    let spelled = Node::from_json("[1e5, 12345678901234567890.10]").unwrap();
    let found = field_type("text").unwrap().values(&spelled).unwrap();
    assert_eq!(found[0].expose(), "1e5");
    assert_eq!(found[1].expose(), "12345678901234567890.10");
}
