use super::glance::at_record;
use super::scan::plain;
use super::steps::DIGITS;
use super::*;

fn at(json: &str) -> Option<[&str; 2]> {
    let written = |text| match text {
        Text::Bare(text) | Text::Escaped(text) => text,
    };
    at_record(json).map(|glance| [glance.title, glance.kind].map(written))
}

#[test]
fn title_and_type_are_found_as_they_are_written() {
    for (json, expected) in [
        ("{}", ["", ""]),
        (
            r#" { "type" : "login" , "title" : "a" }   "#,
            ["a", "login"],
        ),
        (
            r#"{"title":"a\n\u00e9","title":"b\"\\"}"#,
            [r#""b\"\\""#, ""],
        ),
        (
            r#"{"notes":"x","fields":[],"custom":null,"title":"é"}"#,
            ["é", ""],
        ),
        (
            r#"{"notes":null,"other":{"a":[1,-2.50,true,false,null,{}]}}"#,
            ["", ""],
        ),
        (
            r#"{"fields":[{"type":"x","value":[{"title":"y"}]},{}],"title":""}"#,
            ["", ""],
        ),
    ] {
        assert_eq!(at(json), Some(expected), "{json}");
    }
}

#[test]
fn special_bytes_are_found_at_every_place() {
    for special in (0..=255_u8).map(char::from) {
        let is_special = matches!(special, '"' | '\\' | '\0'..' ');
        for (at, before) in (0..120).flat_map(|at| [(at, "~ü"), (at, "b64")]) {
            let text = format!("{}{special}{}", before.repeat(at), "\"".repeat(9));
            let end = if is_special { 0 } else { special.len_utf8() };
            assert_eq!(plain(text.as_bytes()), at * 3 + end, "{text:?}");
        }
    }
    for length in 0..300 {
        assert_eq!(plain("a".repeat(length).as_bytes()), length);
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

#[test]
fn steps_lead_through_objects_and_lists() {
    let mut reader = Reader::new(r#" { "a" : [ ] , "b" : -7, "c": [ true , null ] } "#);
    assert_eq!(reader.member(true), Some(Some("a")));
    assert_eq!(reader.is_null(), Some(false));
    assert_eq!(reader.item(true), Some(false));
    assert_eq!(reader.member(false), Some(Some("b")));
    assert_eq!(reader.integer(), Some(-7));
    assert_eq!(reader.member(false), Some(Some("c")));
    assert_eq!(reader.item(true), Some(true));
    assert_eq!(reader.boolean(), Some(true));
    assert_eq!(reader.item(false), Some(true));
    assert_eq!(reader.is_null(), Some(true));
    assert_eq!(reader.item(false), Some(false));
    assert_eq!(reader.member(false), Some(None));
    assert!(reader.is_done());
}
