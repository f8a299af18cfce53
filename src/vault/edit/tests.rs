use super::*;
use crate::test_table::cases;

/// Blanks, duplicates and number spellings that an encoder would not write.
const WRITTEN: &str = r#"{"title": "a", "title":"b","unknown":{"n":1.50, "n":1e3},
    "fields":[{"type":"login","value":["u"], "x":1.0 },
        {"type" : "password", "value":["p"],"value":[ "q"],"note":0.10}],"type":"login","custom":null}"#;

fn edit(json: &str) -> RecordEdit {
    RecordEdit::of(&Record::from_json("U".into(), json.as_bytes()).unwrap())
}

fn json(edit: &RecordEdit) -> String {
    let padded = edit.padded().unwrap();
    String::from_utf8(padded.expose().clone())
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn what_is_not_touched_stays_as_it_was_written() {
    let same = r#"{"title":"a","title":"b","unknown":{"n":1.50, "n":1e3},"fields":[{"type":"login","value":["u"], "x":1.0 },
        {"type" : "password", "value":["p"],"value":[ "q"],"note":0.10}],"type":"login","custom":null}"#;
    assert_eq!(json(&edit(WRITTEN)), same);

    let mut changed = edit(WRITTEN);
    changed
        .set_values(FieldSection::Standard, 1, &["é\""])
        .unwrap();
    changed.set_title("new").unwrap();
    changed.set_notes("n").unwrap();
    assert_eq!(
        json(&changed),
        r#"{"title":"a","title":"new","unknown":{"n":1.50, "n":1e3},"fields":[{"type":"login","value":["u"], "x":1.0 },{"type":"password","value":["p"],"value":["é\""],"note":0.10}],"type":"login","custom":null,"notes":"n"}"#
    );
    let read = changed.preview("U".into()).unwrap();
    assert_eq!(read.title(), "new");
    assert_eq!(
        read.field(FieldSection::Standard, "password")
            .unwrap()
            .values(),
        ["é\""]
    );
}

#[test]
fn what_is_no_json_stays_as_it_was_written() {
    let odd = r#"{"title":"a","n":NaN,"fields":[{"type":"text","value":[-Infinity,"\ud800"]},{"type":"fileRef","value":[]}]}"#;
    let mut changed = edit(odd);
    changed.set_title("b").unwrap();
    changed.attach(&"F".into()).unwrap();
    let expected = odd.replace(r#""a""#, r#""b""#).replace("[]", r#"["F"]"#);
    assert_eq!(json(&changed), expected);
}

#[test]
fn fields_are_added_where_there_are_none() {
    let field = json!({"type": "text", "label": "l", "value": ["v"]});
    let field = field.as_object().unwrap();
    for before in ["{}", r#"{"custom":null}"#, r#"{"custom":[]}"#] {
        let mut edit = edit(before);
        edit.add_field(FieldSection::Custom, field).unwrap();
        assert_eq!(
            json(&edit),
            r#"{"custom":[{"type":"text","label":"l","value":["v"]}]}"#,
            "{before}"
        );
    }
    let absent = edit("{}").set_values(FieldSection::Custom, 0, &[""]);
    assert!(matches!(absent, Err(Error::NoField)));
}

#[test]
fn attachments_are_named_and_forgotten() {
    let file = FileUid::from("F");
    let table = r#"
        {} => {"fields":[{"type":"fileRef","value":["F"]}]}
        {"fields":[{"type":"fileRef"}]} => {"fields":[{"type":"fileRef","value":["F"]}]}
        {"fields":[{"type":"fileRef","value":null},{"type":"fileRef","value":["B"]}]} => {"fields":[{"type":"fileRef","value":["F"]},{"type":"fileRef","value":["B"]}]}
        {"fields":[{"type":"fileRef","value":"A"}]} => {"fields":[{"type":"fileRef","value":["A","F"]}]}
        {"fields":[{"type":"fileRef","value":["A", 1e3]}]} => {"fields":[{"type":"fileRef","value":["A",1e3,"F"]}]}
    "#;
    for (before, after) in cases(table) {
        let mut edit = edit(before);
        edit.attach(&file).unwrap();
        assert_eq!(json(&edit), after, "{before}");
    }
    let table = r#"
        {"fields":[{"type":"fileRef","value":["A"]},{"type":"fileRef","value":["F"]}],"custom":[ {"type":"text"}]} => {"fields":[{"type":"fileRef","value":["A"]},{"type":"fileRef","value":[]}],"custom":[ {"type":"text"}]}
        {"fields":[],"custom":[{"type":"fileRef","value":["F","A"]}]} => {"fields":[],"custom":[{"type":"fileRef","value":["A"]}]}
    "#;
    for (before, after) in cases(table) {
        let mut edit = edit(before);
        edit.detach(&file).unwrap();
        assert_eq!(json(&edit), after, "{before}");
    }
}

#[test]
fn blanks_hide_the_length() {
    for (length, padded) in [(0, 384), (383, 384), (384, 384), (385, 400), (401, 416)] {
        let mut json = vec![b'x'; length];
        pad(&mut json);
        assert_eq!(json.len(), padded, "{length}");
        assert!(
            json.iter().skip(length).all(|byte| *byte == b' '),
            "{length}"
        );
    }
}

#[test]
fn a_new_record_has_a_list_of_custom_fields() {
    let document = json!({"title": "t", "type": "login", "fields": []});
    let new = RecordEdit::new(document.as_object().unwrap()).unwrap();
    assert_eq!(
        json(&new),
        r#"{"title":"t","type":"login","fields":[],"custom":[]}"#
    );
}
