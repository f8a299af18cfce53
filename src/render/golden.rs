//! Whole records, byte for byte as the official CLI 1.5.0 showed them (`golden/`).

use ksm::vault::Record;
use serde_json::{Number, Value, json};

use super::mask::Masking;
use super::paint::Colors;
use super::record::{ShownFile, ShownLink, ShownRecord};
use super::table::Layout;
use super::text;

const UID: &str = "AAAAAAAAAAAAAAAAAAAAA1";

fn login() -> Record {
    Record::from_json(UID.into(), &include_bytes!("golden/record.json")[..]).unwrap()
}

/// Adds attachments and links, which come with the answer of a server.
fn dressed<'r>(
    record: &'r Record,
    masking: Masking,
    time: &'r [Number; 2],
    meta: &'r Value,
) -> ShownRecord<'r> {
    let [first, second] = time;
    let long = "a file name that is long enough to be broken into several lines";
    ShownRecord {
        files: vec![
            ShownFile {
                uid: "f1f1f1f1f1f1f1f1f1f1f1",
                name: "a.txt",
                title: "A title",
                kind: Some("text/plain"),
                last_modified: Some(first),
                size: Some(6),
            },
            ShownFile {
                uid: "f2f2f2f2f2f2f2f2f2f2f2",
                name: "b",
                title: long,
                kind: Some("application/octet-stream"),
                last_modified: Some(second),
                size: Some(1_234_567),
            },
        ],
        links: vec![
            ShownLink {
                record_uid: UID,
                data: Some("eyJ2ZXJzaW9uIjogMX0="),
                path: Some("meta"),
                decoded: Some(meta),
            },
            ShownLink {
                record_uid: "BBBBBBBBBBBBBBBBBBBBBB",
                data: None,
                path: None,
                decoded: None,
            },
        ],
        ..ShownRecord::new(record, masking, None)
    }
}

fn show<T>(masking: Masking, with: impl Fn(&ShownRecord<'_>) -> T) -> T {
    let time = [Number::from(1_700_000_000_000_u64), Number::from(1)];
    with(&dressed(&login(), masking, &time, &json!({"version": 1})))
}

#[test]
fn text_is_the_official_one() {
    for (colors, expected) in [
        (Colors::Off, include_str!("golden/login-off.txt")),
        (Colors::Hidden, include_str!("golden/login-hidden.txt")),
        (Colors::Shown, include_str!("golden/login-shown.txt")),
    ] {
        let layout = Layout { width: 79, colors };
        assert_eq!(
            show(Masking::Hidden, |shown| text::record(shown, layout)),
            expected,
            "{colors:?}"
        );
    }
    let layout = Layout {
        width: 79,
        colors: Colors::Hidden,
    };
    let unmasked = show(Masking::Shown, |shown| text::record(shown, layout));
    assert_eq!(unmasked, include_str!("golden/login-unmasked.txt"));
}

#[test]
fn json_is_the_official_one() {
    assert_eq!(
        show(Masking::Shown, |shown| ksm::json::pretty(shown)),
        include_str!("golden/login.json")
    );
}

#[test]
fn foreign_text_breaks_no_line_and_drives_no_terminal() {
    let fields = json!([
        {"type": "text", "label": "", "value": ["type as name"]},
        {"type": "text", "label": "a\x1b[2Jb\nc", "value": ["x\x07\ny\r"]},
        {"type": "text", "value": null},
        {"type": "text"},
        {"type": "text", "value": 5},
    ]);
    let plain = json!({"title": "T\n\x1b]0;x\x07", "type": "t", "fields": fields, "custom": null})
        .to_string();
    let record = Record::from_json(UID.into(), plain.as_bytes()).unwrap();
    let shown = ShownRecord::new(&record, Masking::Hidden, None);
    let text = text::record(
        &shown,
        Layout {
            width: 79,
            colors: Colors::Off,
        },
    );
    let expected = concat!(
        "\n Record: AAAAAAAAAAAAAAAAAAAAA1\n Title: T\\n\\u{1b}]0;x\\u{7}\n Record Type: t\n\n",
        " Field          Value\n -------------- --------------\n",
        " text           type as name\n a\\u{1b}[2Jb c  x\\u{7}\\ny\\u{d}\n text           5\n\n\n",
    );
    assert_eq!(text, expected);
}

#[test]
fn a_field_is_found_by_label_then_type() {
    let fields = json!([
        {"type": "login", "label": "password", "value": ["labelled"]},
        {"type": "password", "value": ["typed"]},
        {"type": "host", "label": "", "value": [{"port": "22"}]},
        {"type": "text", "label": "Text label", "value": []},
    ]);
    let custom = json!([{"type": "email", "label": "Mail", "value": ["m"]}, {"type": "text", "value": ["custom"]}]);
    let plain = json!({"fields": fields, "custom": custom}).to_string();
    let record = Record::from_json(UID.into(), plain.as_bytes()).unwrap();
    let shown = ShownRecord::new(&record, Masking::Shown, None);
    for (name, expected) in [
        ("password", Some(Some(json!("labelled")))),
        ("login", Some(Some(json!("labelled")))),
        ("host", Some(Some(json!({"port": "22"})))),
        ("text", Some(None)),
        ("Mail", Some(Some(json!("m")))),
        ("email", Some(Some(json!("m")))),
        ("mail", None),
        ("PASSWORD", None),
        ("", None),
    ] {
        assert_eq!(
            shown.field(name).map(|field| field.first().cloned()),
            expected,
            "{name}"
        );
    }
}
