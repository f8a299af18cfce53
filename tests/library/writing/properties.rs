//! Any record reads as it was written, and members that nobody touches survive to the byte.

use std::cell::RefCell;

use ksm::vault::section::FieldSection;
use ksm::vault::{Record, RecordEdit};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::fixture::{Fixture, INNER, RECORD, document};

/// JSON as other clients may write it: numbers in any spelling, names twice, blanks.
fn odd_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,8})?([eE][+-]?[0-9]{1,2})?",
        any::<String>().prop_map(|text| Value::from(text).to_string()),
        Just(r#""\u00e9\/\ud83d\ude00""#.to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|items| format!("[ {}]", items.join(" ,"))),
            prop::collection::vec(("[a-c]", inner), 0..3).prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, json)| format!("\"{name}\" :{json}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

fn odd_field() -> impl Strategy<Value = String> {
    ("[a-c]", odd_json(), odd_json(), odd_json()).prop_map(|(kind, first, second, other)| {
        format!(r#"{{"other": {other}, "type":"{kind}","value" : {first},"value":[{second} ]}}"#)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Changing one thing leaves all others as their writers left them, to the byte.
    #[test]
    fn what_nobody_touches_survives(
        fields in prop::collection::vec(odd_field(), 1..4),
        unknown in odd_json(),
        at in any::<prop::sample::Index>(),
        value in any::<String>(),
    ) {
        let at = at.index(fields.len());
        let record = |fields: &[String], custom: &str| {
            format!(
                r#"{{"unknown":{unknown},"title":"a","fields":[{}],"unknown":1.50,"custom":{custom}}}"#,
                fields.join(",")
            )
        };
        let before = record(&fields, r#"[ {"type" : "x"}]"#);
        let before = Record::from_json(RECORD.into(), before.as_bytes()).unwrap();
        let mut edit = RecordEdit::of(&before);
        edit.set_values(FieldSection::Standard, at, std::slice::from_ref(&value)).unwrap();
        let written = edit.padded().unwrap();
        prop_assert_eq!(written.expose().len() % 16, 0);

        let after = edit.preview(RECORD.into()).unwrap();
        let members = |record: &Record| {
            record
                .raw()
                .iter()
                .filter(|(name, _)| *name != "fields")
                .map(|(name, json)| (name.to_owned(), json.get().to_owned()))
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(members(&after), members(&before));
        let raw: Vec<&serde_json::value::RawValue> =
            serde_json::from_str(after.raw().get("fields").unwrap().get()).unwrap();
        for (index, (raw, field)) in raw.iter().zip(&fields).enumerate() {
            if index == at {
                prop_assert_eq!(after.fields(FieldSection::Standard)[at].values(), &[Value::from(value.clone())][..]);
                let (head, _) = field.split_once(r#", "type":"#).unwrap();
                prop_assert_eq!(raw.get().get(9..head.len() - 1), head.get(10..));
            } else {
                prop_assert_eq!(raw.get(), field);
            }
        }
    }
}

/// A random record that a client of ours could be asked to write.
fn record() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        prop::collection::vec(any::<String>(), 0..3)
            .prop_map(|texts| json!({"a": texts, "b": {"c": null}})),
    ];
    let field = (
        "[a-zA-Z]{1,9}",
        any::<String>(),
        prop::collection::vec(value, 0..3),
    )
        .prop_map(|(kind, label, value)| json!({"type": kind, "label": label, "value": value}));
    let fields = || prop::collection::vec(field.clone(), 0..4);
    (any::<String>(), any::<String>(), fields(), fields()).prop_map(
        |(title, notes, fields, custom)| {
            let record = json!({"title": title, "type": "login", "notes": notes, "fields": fields, "custom": custom});
            document(record)
        },
    )
}

#[test]
fn a_record_reads_as_it_was_created_and_changed() {
    let fixture = RefCell::new(Fixture::new());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let pairs = (record(), record());
    let result = runner.run(&pairs, |(first, second)| {
        let fixture = &mut *fixture.borrow_mut();
        let uid = fixture.create(INNER, &first);
        let stored = |fixture: &Fixture| fixture.vault.record_json(uid.as_str()).unwrap();
        prop_assert_eq!(stored(fixture), Value::Object(first.clone()));

        let read = fixture.read(&uid);
        prop_assert_eq!(Some(read.title()), first["title"].as_str());
        let mut edit = RecordEdit::of(&read);
        let title = second["title"].as_str().unwrap();
        edit.set_title(title).unwrap();
        let mut expected = first.clone();
        expected["title"] = title.into();
        for (section, list) in [
            (FieldSection::Standard, "fields"),
            (FieldSection::Custom, "custom"),
        ] {
            for field in second[list].as_array().unwrap() {
                edit.add_field(section, field.as_object().unwrap()).unwrap();
                expected[list].as_array_mut().unwrap().push(field.clone());
            }
            if let Some(field) = expected[list].as_array_mut().unwrap().first_mut() {
                edit.set_values(section, 0, &[title]).unwrap();
                field["value"] = json!([title]);
            }
        }
        fixture.update(&read, &edit).unwrap();
        prop_assert_eq!(stored(fixture), Value::Object(expected));
        let again = fixture.read(&uid);
        prop_assert_eq!((again.title(), again.revision()), (title, 2));
        Ok(())
    });
    result.unwrap();
}
