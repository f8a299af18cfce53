//! Properties of any text.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::document::Node;
use crate::schema::*;
use crate::vault::Record;
use crate::vault::section::FieldSection;
use crate::yaml;

fn record(builder: &RecordBuilder) -> Record {
    let document = builder.document("t", None).expose().to_string();
    Record::from_json("U".into(), document.as_bytes()).unwrap()
}

proptest! {
    #[test]
    fn any_text_given_as_a_value_stays(label in ".{1,12}", text in any::<String>(), other in "(?s).*") {
        let mut builder = RecordBuilder::new(RecordTypes::builtin().get("login").unwrap()).unwrap();
        let escaped = label.replace('\\', r"\\").replace(']', r"\]");
        for argument in [
            format!("c.text[{escaped}]={text}"),
            format!("password={other}"),
            format!("c.host[{escaped}].hostName={text}"),
        ] {
            builder.fill(FieldInput::parse(&argument).unwrap()).unwrap();
        }
        let record = record(&builder);
        let field = record.field(FieldSection::Custom, &label).unwrap();
        let stored: Vec<&str> = field.values().iter().filter_map(Value::as_str).collect();
        prop_assert_eq!(stored, Vec::from_iter(Some(text.as_str()).filter(|text| !text.is_empty())));
        let password = record.field(FieldSection::Standard, "password").unwrap();
        let stored = password.values().first().and_then(Value::as_str);
        prop_assert_eq!(stored.unwrap_or_default(), other);
        let host = &record.fields(FieldSection::Custom)[1];
        prop_assert_eq!(host.values().first().map(|host| host["hostName"].as_str().unwrap()).unwrap_or_default(), text);
    }

    #[test]
    fn any_text_in_a_file_stays_what_it_was(title in r"\S.{0,8}", text in any::<String>(), label in ".{1,9}") {
        let file = json!({"version": "v3", "kind": "KeeperRecord", "data": [{
            "recordType": "login", "title": title,
            "fields": [{"type": "password", "value": [text]}],
            "customFields": [{"type": "note", "label": label, "value": text}],
        }]});
        let documents = [Node::from_yaml(&yaml::document(&file)), Node::from_json(&file.to_string())];
        for document in documents {
            let specs = record_file::read(&document.unwrap()).unwrap();
            prop_assert_eq!(&specs[0].title, &title);
            let record = record(&specs[0].build(&RecordTypes::builtin()).unwrap());
            for (section, name) in [(FieldSection::Standard, "password"), (FieldSection::Custom, label.as_str())] {
                let field = record.field(section, name).unwrap();
                let stored = field.values().first().and_then(Value::as_str);
                prop_assert_eq!(stored.unwrap_or_default(), text.as_str());
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,40}", odd in r#"[\[\]{}:,"\-&*!|>'%@#a \n.=\\]{0,40}"#) {
        for text in [&text, &odd] {
            let _ = FieldInput::parse(text);
            for document in [Node::from_json(text), Node::from_yaml(text)] {
                let _ = document.map(|document| record_file::read(&document));
            }
            for kind in field_types() {
                let _ = kind.values_of_text(text, None);
                let _ = kind.values_of_text(&format!("[{text}"), None);
            }
        }
    }
}
