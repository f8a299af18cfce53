//! Single values, by their types.

use serde_json::{Value, json};

use crate::document::Node;
use crate::schema::*;
use crate::test_table::cases;

fn values(kind: &str, text: &str) -> Result<Value, ValueError> {
    let values = field_type(kind).unwrap().values_of_text(text, None)?;
    Ok(values.iter().map(|value| value.expose().clone()).collect())
}

#[test]
fn the_types_that_come_with_the_program_are_whole() {
    assert_eq!(
        (field_types().len(), RecordTypes::builtin().types.len()),
        (47, 27)
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
    let table = r#"
        password=12345 => ["12345"]
        password=1e5 => ["1e5"]
        login=true => ["true"]
        login=null => ["null"]
        login= => []
        text=[1, 2] => ["[1, 2]"]
        text={"a": 1} => ["{\"a\": 1}"]
        pinCode=0012 => ["0012"]
        checkbox=True => [true]
        date=2024-05-01 => [1714521600000]
        expirationDate=1714521600000 => [1714521600000]
        name={"first": "A", "last": "", "middle": null} => [{"first": "A", "last": ""}]
        name={} => []
        host={"hostName": "h", "port": 22} => [{"hostName": "h", "port": "22"}]
        phone=[{"number": "1", "type": "MOBILE"}, {"number": "2"}] => [{"number": "1", "type": "Mobile"}, {"number": "2"}]
        address={"country": "us"} => [{"country": "US"}]
        schedule={"intervalCount": "3"} => [{"intervalCount": 3}]
        oneTimeCode=OTPAUTH://totp/x => ["OTPAUTH://totp/x"]
        paymentCard={"cardExpirationDate": "01/2030"} => [{"cardExpirationDate": "01/2030"}]
        fileRef=["AAAAAAAAAAAAAAAAAAAAAA"] => ["AAAAAAAAAAAAAAAAAAAAAA"]
        # Members that are not listed stay as they are.
        pamSettings={"connection": {"connection": [{"new": 98765432109876543210987}]}, "more": 1.50} => [{"connection": {"connection": [{"new": 98765432109876543210987}]}, "more": 1.50}]
        pamResources={"resourceRef": ["a"], "allowedSettings": {"rotation": true}} => [{"resourceRef": ["a"], "allowedSettings": {"rotation": true}}]
    "#;
    for (argument, stored) in cases(table) {
        let (kind, text) = argument.split_once('=').unwrap();
        let stored: Value = serde_json::from_str(stored).unwrap();
        assert_eq!(values(kind, text).unwrap(), stored, "{argument}");
    }
    let note = values("note", " two\nlines ").unwrap();
    assert_eq!(note, json!([" two\nlines "]));
}

#[test]
fn a_mistake_never_quotes_the_value() {
    let table = r#"
        name=canary => `name` is not an object; it has the members first, middle, last
        name={canary => `name` looks like JSON and is not
        name={"frist": "canary"} => `name` has no member `frist`; there are first, middle, last (first)
        name={"first": ["canary"]} => `name.first` is a list or an object, where one value is wanted
        phone={"type": "mobil"} => `phone.type` is none of Mobile, Home, Work (Mobile)
        address={"country": "canary"} => `address.country` is none of the words that it may be
        date=canary => `date` is not a date such as 2024-12-31, nor milliseconds since 1970
        checkbox=canary => `checkbox` is neither `true` nor `false`
        oneTimeCode=canary => `oneTimeCode` is not a URI that starts with otpauth://
        fileRef=canary => `fileRef` is not a UID of 22 letters, digits, `-` and `_`
        paymentCard={"cardExpirationDate": "1/2030"} => `paymentCard.cardExpirationDate` is not a month as MM/YYYY
        schedule={"intervalCount": "canary"} => `schedule.intervalCount` is not a whole number
    "#;
    for (argument, told) in cases(table) {
        let (kind, text) = argument.split_once('=').unwrap();
        let wrong = values(kind, text).unwrap_err();
        let suggestion = wrong.suggestion.as_ref().map(|word| format!(" ({word})"));
        assert_eq!(
            format!("{wrong}{}", suggestion.unwrap_or_default()),
            format!("the value of {told}"),
            "{argument}"
        );
        assert!(!format!("{wrong:?}").contains("canary"), "{wrong:?}");
    }
}

#[test]
fn what_a_document_says_is_typed_as_well() {
    let table = r#"
        password=[12345] => ["12345"]
        password=12345 => ["12345"]
        checkbox=[true] => [true]
        date=['2024-05-01'] => [1714521600000]
        name={first: 1, middle: ''} => [{"first": "1", "middle": ""}]
        name={first: '', middle: ''} => []
        text=[a, '', b] => ["a", "b"]
        text=[] => []
    "#;
    for (yaml, stored) in cases(table) {
        let (kind, yaml) = yaml.split_once('=').unwrap();
        let node = Node::from_yaml(yaml).unwrap();
        let found = field_type(kind).unwrap().values(&node).unwrap();
        let found: Value = found.iter().map(|value| value.expose().clone()).collect();
        let stored: Value = serde_json::from_str(stored).unwrap();
        assert_eq!(found, stored, "{kind}: {yaml}");
    }
    let spelled = Node::from_json("[1e5, 12345678901234567890.10]").unwrap();
    let found = field_type("text").unwrap().values(&spelled).unwrap();
    assert_eq!(found[0].expose(), "1e5");
    assert_eq!(found[1].expose(), "12345678901234567890.10");
}
