use serde_json::{Value, from_str};

use super::{line, pretty, yaml};
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
