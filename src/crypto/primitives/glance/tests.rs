use super::*;

fn at(json: &str) -> Option<[&str; 2]> {
    at_record(json).map(|glance| [glance.title, glance.kind])
}

#[test]
fn title_and_type_are_found_as_they_are_written() {
    for (json, expected) in [
        ("{}", ["", ""]),
        (
            r#" { "type" : "login" , "title" : "a" }   "#,
            [r#""a""#, r#""login""#],
        ),
        (
            r#"{"title":"a\n\u00e9","title":"b\"\\"}"#,
            [r#""b\"\\""#, ""],
        ),
        (
            r#"{"notes":"x","fields":[],"custom":null,"title":"é"}"#,
            [r#""é""#, ""],
        ),
        (
            r#"{"notes":null,"other":{"a":[1,-2.50,true,false,null,{}]}}"#,
            ["", ""],
        ),
        (
            r#"{"fields":[{"type":"x","value":[{"title":"y"}]},{}],"title":""}"#,
            [r#""""#, ""],
        ),
    ] {
        assert_eq!(at(json), Some(expected), "{json}");
    }
}

#[test]
fn special_bytes_are_found_at_every_place() {
    for special in (0..=255_u8).map(char::from) {
        let is_special = matches!(special, '"' | '\\' | '\0'..' ');
        for at in 0..20 {
            let text = format!("{}{special}{}", "~ü".repeat(at), "\"".repeat(9));
            let end = if is_special { 0 } else { special.len_utf8() };
            assert_eq!(plain(text.as_bytes()), at * 3 + end, "{text:?}");
        }
        assert_eq!(plain("a".repeat(19).as_bytes()), 19);
    }
}

#[test]
fn what_is_unusual_needs_a_closer_look() {
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    let long = format!(r#"{{"a":{}}}"#, "1".repeat(DIGITS + 1));
    for json in [
        "",
        "[]",
        "null",
        "{",
        "{}x",
        "{} {}",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{a:1}"#,
        r#"{'a':1}"#,
        r#"{"title":7}"#,
        r#"{"title":null}"#,
        r#"{"title":"a"#,
        r#"{"title":"a\"}"#,
        r#"{"title":"a\x"}"#,
        r#"{"title":"\ud83d\udd11"}"#,
        r#"{"title":"\uDEAD"}"#,
        r#"{"title":"\u12g4"}"#,
        r#"{"title":"\u12"}"#,
        r#"{"t\u0069tle":"a"}"#,
        r#"{"notes":7}"#,
        r#"{"fields":{}}"#,
        r#"{"fields":[7]}"#,
        r#"{"custom":[null]}"#,
        r#"{"a":01}"#,
        r#"{"a":-}"#,
        r#"{"a":1.}"#,
        r#"{"a":.5}"#,
        r#"{"a":1e5}"#,
        r#"{"a":1E400}"#,
        r#"{"a":+1}"#,
        r#"{"a":NaN}"#,
        r#"{"a":nul}"#,
        r#"{"a":[1 2]}"#,
        r#"{"a":[1,]}"#,
        r#"{"a":{"$serde_json::private::Number":"1"}}"#,
        "{\"a\":\"\n\"}",
        "{\"a\":\"\u{1}\"}",
        &deep,
        &long,
    ] {
        assert_eq!(at(json), None, "{json}");
    }
}
