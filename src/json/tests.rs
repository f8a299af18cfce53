use serde_json::{Value, from_str, json};

use super::{Exact, Object, line, members, object, pretty, value, yaml};
use crate::test_table::cases;

/// Each pair was printed by Python's `json.dumps`.
#[test]
fn one_line_is_what_python_writes() {
    let table = r#"
        {"b":1,"a":[true,false,null,{}],"c":[]} => {"b": 1, "a": [true, false, null, {}], "c": []}
        ["é\u007f","🔑","a\"b\\c/d"] => ["\u00e9\u007f", "\ud83d\udd11", "a\"b\\c/d"]
        "\n\r\t\b\f\u0000\u001f\u2028" => "\n\r\t\b\f\u0000\u001f\u2028"
        {"ключ":"x"} => {"\u043a\u043b\u044e\u0447": "x"}
        [0, -1, 18446744073709551615, 1700000000000] => [0, -1, 18446744073709551615, 1700000000000]
        [1.0, -0.0, 0.1, 1e5, 1e15, 1e16, 1.5e300] => [1.0, -0.0, 0.1, 100000.0, 1000000000000000.0, 1e+16, 1.5e+300]
        [0.0001, 0.00001, 1.25e-10] => [0.0001, 1e-05, 1.25e-10]
        [1.50, 10.0e1, 0.000, 1E-7] => [1.5, 100.0, 0.0, 1e-07]
        "" => ""
    "#;
    for (json, expected) in cases(table) {
        assert_eq!(line(&from_str::<Value>(json).unwrap()), expected, "{json}");
    }
}

#[test]
fn digits_that_python_loses_stay() {
    for number in [
        "98765432109876543210987",
        "-340282366920938463463374607431768211456",
        "0.1234567890123456789",
        "18446744073709551616.5",
        "1e-400",
        "-0",
    ] {
        let value = from_str::<Value>(number).unwrap();
        assert_eq!(line(&value), number);
    }
}

#[test]
fn yaml_is_ascii_whatever_the_value() {
    let value = Value::from("é\u{7f}\u{85}\u{2028}\u{feff}🔑\u{1}\"\\/");
    assert_eq!(
        yaml(&value),
        r#""\u00e9\u007f\u0085\u2028\ufeff\U0001F511\u0001\"\\/""#
    );
}

#[test]
fn indented_is_what_python_writes() {
    for (json, expected) in [
        ("[]", "[]"),
        ("{}", "{}"),
        ("null", "null"),
        (
            r#"{"a":[1,[],{}],"é":{"b":[[2]]}}"#,
            "{\n    \"a\": [\n        1,\n        [],\n        {}\n    ],\n    \"\\u00e9\": {\n        \"b\": [\n            \
             [\n                2\n            ]\n        ]\n    }\n}",
        ),
        ("[[]]", "[\n    []\n]"),
        ("[{},[]]", "[\n    {},\n    []\n]"),
    ] {
        assert_eq!(
            pretty(&from_str::<Value>(json).unwrap()),
            expected,
            "{json}"
        );
    }
}

#[test]
fn any_json_is_read_as_it_is_written() {
    for json in [
        "5",
        r#"{"$serde_json::private::Number": "5"}"#,
        r#"{"$serde_json::private::Number": "x"}"#,
        r#"{"$serde_json::private::Number": 5}"#,
        r#"[{"$serde_json::private::Number": {"$serde_json::private::Number": []}, "a": 15}]"#,
        r#"{"$serde_json::private::RawValue": "{}"}"#,
        r#"{"a": [true, null, "\u00e9", 98765432109876543210987, -0.5], "b": {}}"#,
    ] {
        assert_eq!(line(&value(json.as_bytes()).unwrap()), json);
    }
    let spelled = br#"{"\u0024serde_json::private::Number": "5"}"#;
    assert_eq!(members(spelled).unwrap().len(), 1);
    assert_eq!(members(br#"{"a": 1, "b": 2, "a": 3}"#).unwrap()["a"], 3);
    for json in ["", "{", "[1,]", "1 2", r#""\ud800""#] {
        assert!(value(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn a_value_that_was_read_is_read_again() {
    let read = json!([1.5, -7, u64::MAX, {"$serde_json::private::Number": "5"}]);
    let Exact(again) = serde_json::from_value(read.clone()).unwrap();
    assert_eq!(again, read);
}

#[test]
fn only_an_object_is_a_struct() {
    #[derive(serde::Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "a list would fit")]
        one: u8,
    }
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Told {
        name: String,
        inner: Vec<Object<Inner>>,
    }
    for (json, name) in [
        (r#"{"name": "a", "other": [1]}"#, "a"),
        (r#"{"inner": []}"#, ""),
    ] {
        let told: Told = object(json.as_bytes()).unwrap();
        assert_eq!((told.name.as_str(), told.inner.len()), (name, 0), "{json}");
    }
    for json in [
        r#"["a", []]"#,
        "[]",
        "null",
        r#""a""#,
        "5",
        r#"{"inner": [[1]]}"#,
    ] {
        assert!(object::<Told>(json.as_bytes()).is_err(), "{json}");
    }
}
