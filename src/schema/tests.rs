#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::*;
use crate::document::Node;

fn values(kind: &str, text: &str) -> Result<Value, Wrong> {
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
        assert!(Form::new(kind).is_ok(), "{}", kind.name);
        assert!(kind.template(None, None).is_ok(), "{}", kind.name);
    }
    assert!(field_type("name").unwrap().is_object());
    assert!(!field_type("password").unwrap().is_object());
}

#[test]
fn text_stays_text_and_the_rest_is_what_its_type_says() {
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
            r#"{"connection": {"connection": [{"new": 1.50}]}, "more": true}"#,
            json!([{"connection": {"connection": [{"new": 1.5}]}, "more": true}]),
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
fn a_mistake_is_told_by_place_and_kind_and_never_by_value() {
    for (kind, text, told, nearest) in [
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
            (wrong.to_string().as_str(), wrong.nearest.as_deref()),
            (told, nearest),
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

/// The fields and custom fields with values that arguments fill.
fn filled(kind: &str, arguments: &[&str]) -> Result<[Value; 2], Refused> {
    let types = RecordTypes::builtin();
    let mut form = Form::new(types.get(kind).unwrap())?;
    for argument in arguments {
        form.fill(argument::read(argument).unwrap())?;
    }
    let document = form.document("t", None);
    Ok(["fields", "custom"].map(|list| {
        let fields = document.expose()[list].as_array().unwrap().iter();
        let with_value = fields.filter(|field| list == "custom" || field["value"] != json!([]));
        with_value
            .map(|field| match field.get("label") {
                Some(label) => json!([field["type"], label, field["value"]]),
                None => json!([field["type"], field["value"]]),
            })
            .collect()
    }))
}

#[test]
fn arguments_find_their_fields() {
    for (kind, arguments, fields, custom) in [
        (
            "login",
            &["login=a", "f.password=b"][..],
            json!([["login", ["a"]], ["password", ["b"]]]),
            json!([]),
        ),
        (
            "login",
            &["login[User]=a"],
            json!([["login", "User", ["a"]]]),
            json!([]),
        ),
        (
            "contact",
            &["name.first=A", "text=x", "name.last=B"],
            json!([["name", [{"first": "A", "last": "B"}]], ["text", "Company", ["x"]]]),
            json!([]),
        ),
        (
            "contact",
            &[r#"name={"first":"A"}"#, "name.last=B"],
            json!([["name", [{"first": "A", "last": "B"}]]]),
            json!([]),
        ),
        (
            "contact",
            &[
                "phone.number=1",
                "phone.type=mobile",
                "phone.number=2",
                "phone.type=Work",
                "phone.ext=3",
            ],
            json!([["phone", [{"number": "1", "type": "Mobile"}, {"number": "2", "type": "Work"}, {"ext": "3"}]]]),
            json!([]),
        ),
        (
            "contact",
            &["phone.number=1", "phone.number=2"],
            json!([["phone", [{"number": "1"}, {"number": "2"}]]]),
            json!([]),
        ),
        (
            "contact",
            &[
                r#"phone={"number":"1"}"#,
                r#"phone={"number":"2"}"#,
                "phone.number=3",
            ],
            json!([["phone", [{"number": "1"}, {"number": "2"}, {"number": "3"}]]]),
            json!([]),
        ),
        (
            "pamMachine",
            &[
                "text[Instance Id]=i",
                "text=o",
                "text[Provider Group]=g",
                "text=n",
            ],
            json!([
                ["text", "Operating System", ["o"]],
                ["text", "Instance Name", ["n"]],
                ["text", "Instance Id", ["i"]],
                ["text", "Provider Group", ["g"]]
            ]),
            json!([]),
        ),
        (
            "softwareLicense",
            &[
                "securityQuestion.question=q",
                "securityQuestion.answer=a",
                "securityQuestion.question=r",
            ],
            json!([["securityQuestion", [{"question": "q", "answer": "a"}, {"question": "r"}]]]),
            json!([]),
        ),
        (
            "bankAccount",
            &[r#"fileRef=["AAAAAAAAAAAAAAAAAAAAAA","BBBBBBBBBBBBBBBBBBBBBB"]"#],
            json!([[
                "fileRef",
                ["AAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBB"]
            ]]),
            json!([]),
        ),
        (
            "login",
            &["c.text=1", "c.text=2", "c.text[A]=3", "c.text[]=4"],
            json!([]),
            json!([
                ["text", ["1"]],
                ["text", ["2"]],
                ["text", "A", ["3"]],
                ["text", ["4"]]
            ]),
        ),
        (
            "login",
            &[
                "c.name.first=A",
                "c.name.last=B",
                "c.name.first=C",
                "c.name[X].first=D",
            ],
            json!([]),
            json!([["name", [{"first": "A", "last": "B"}]], ["name", [{"first": "C"}]],
                              ["name", "X", [{"first": "D"}]]]),
        ),
        (
            "login",
            &["c.phone.type=Home", "c.phone.number=1", "c.text[Empty]="],
            json!([]),
            json!([["phone", [{"type": "Home"}, {"number": "1"}]], ["text", "Empty", []]]),
        ),
        (
            "login",
            &["login=", "login=b"],
            json!([["login", ["b"]]]),
            json!([]),
        ),
    ] {
        assert_eq!(
            filled(kind, arguments).unwrap(),
            [fields, custom],
            "{kind} {arguments:?}"
        );
    }
}

#[test]
fn what_finds_no_field_is_refused() {
    for (kind, arguments, told) in [
        (
            "login",
            &["host.port=1"][..],
            "The standard fields do not have a 'host' field type or they all have values.",
        ),
        (
            "login",
            &["login=a", "login=b"],
            "The standard fields do not have a 'login' field type or they all have values.",
        ),
        (
            "contact",
            &["name.first=a", "name.first=b"],
            "The standard fields do not have a 'name' field type or they all have values.",
        ),
        (
            "passport",
            &["date[Issued]=2024-01-01"],
            "the standard fields of type 'date' are labelled otherwise than 'Issued'",
        ),
        (
            "pamMachine",
            &["text[Instance Id]=a", "text[Instance Id]=b"],
            "The standard fields do not have a 'text' field type or they all have values.",
        ),
    ] {
        assert_eq!(
            filled(kind, arguments).unwrap_err().to_string(),
            told,
            "{kind} {arguments:?}"
        );
    }
}

#[test]
fn a_record_lists_all_fields_of_its_type_as_the_official_clients_do() {
    let types = RecordTypes::builtin();
    let mut form = Form::new(types.get("contact").unwrap()).unwrap();
    form.fill(argument::read("name.first=A").unwrap()).unwrap();
    assert_eq!(
        form.document("T", Some("n")).expose().to_string(),
        r#"{"type":"contact","title":"T","fields":[{"type":"name","value":[{"first":"A"}],"required":true},"#.to_owned()
            + r#"{"type":"text","value":[],"label":"Company"},{"type":"email","value":[]},{"type":"phone","value":[]},"#
            + r#"{"type":"addressRef","value":[]},{"type":"fileRef","value":[]}],"notes":"n","custom":[]}"#
    );
}

#[test]
fn passwords_are_generated_where_none_is_given() {
    let types = RecordTypes::builtin();
    let mut form = Form::new(types.get("login").unwrap()).unwrap();
    form.fill(argument::read("c.password[Other]=canary").unwrap())
        .unwrap();
    form.generate_passwords(false).unwrap();
    assert_eq!(
        form.document("t", None).expose()["fields"][2]["value"],
        json!([])
    );
    form.generate_passwords(true).unwrap();
    let document = form.document("t", None);
    assert_eq!(
        document.expose()["fields"][2]["value"][0]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    assert_eq!(document.expose()["custom"][0]["value"], json!(["canary"]));
}

#[test]
fn the_users_own_types_join_those_of_the_program() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    std::fs::create_dir(home.path().join("more")).unwrap();
    write(
        "a.yml",
        "version: v3\nkind: KeeperRecordType\ndata:\n- class: Door\n  name: door\n  fields:\n  - {type: text, label: Where, required: true}\n  - {type: pinCode, allow_multiple: True}\n",
    );
    write(
        "more/b.JSON",
        r#"[{"recordTypeId": 3, "content": "{\"$id\": \"lock\", \"fields\": [{\"$ref\": \"password\", \"label\": \"Code\", \"enforceGeneration\": true, \"complexity\": {\"length\": 9}}]}"}]"#,
    );
    write(
        "c.yaml",
        "version: v3\nkind: KeeperRecordType\ndata: [{name: login, fields: []}]\n",
    );
    write("d.json", "{");
    write("e.json", "{}");
    write(
        "f.yml",
        "version: v3\nkind: KeeperRecordType\ndata: [{name: odd, fields: [{type: passwrod}]}]\n",
    );
    write("g.txt", "nothing to do with it");
    let mut types = RecordTypes::builtin();
    let rejected = types.load(home.path());
    let told: Vec<String> = rejected
        .iter()
        .map(|rejected| {
            format!(
                "{}: {}",
                rejected.path.file_name().unwrap().display(),
                rejected.problem
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "c.yaml: there is a record type login already, and it stays",
            "d.json: The JSON had problems: it does not go on as JSON does around row 1, column 1",
            "e.json: it has neither `kind: KeeperRecordType` nor a `recordTypeId`",
            "f.yml: record type odd",
        ]
    );
    let door = types.get("door").unwrap();
    assert_eq!(
        (
            door.slots[0].label.as_deref(),
            door.slots[0].required,
            door.slots[1].several
        ),
        (Some("Where"), true, true)
    );
    let mut form = Form::new(types.get("lock").unwrap()).unwrap();
    form.generate_passwords(false).unwrap();
    let value = form.document("t", None).expose()["fields"][0]["value"][0].clone();
    assert_eq!(value.as_str().unwrap().len(), 9);
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::vault::Record;
    use crate::vault::record::Section;
    use crate::yaml;

    fn record(form: &Form) -> Record {
        let document = form.document("t", None).expose().to_string();
        Record::from_json("U".into(), document.as_bytes()).unwrap()
    }

    proptest! {
        #[test]
        fn any_text_given_as_a_value_stays_what_it_was(label in ".{1,12}", text in any::<String>(), other in "(?s).*") {
            let mut form = Form::new(RecordTypes::builtin().get("login").unwrap()).unwrap();
            let escaped = label.replace('\\', r"\\").replace(']', r"\]");
            for argument in [
                format!("c.text[{escaped}]={text}"),
                format!("password={other}"),
                format!("c.host[{escaped}].hostName={text}"),
            ] {
                form.fill(argument::read(&argument).unwrap()).unwrap();
            }
            let record = record(&form);
            let field = record.field(Section::Custom, &label).unwrap();
            let stored: Vec<&str> = field.values().iter().filter_map(Value::as_str).collect();
            prop_assert_eq!(stored, Vec::from_iter(Some(text.as_str()).filter(|text| !text.is_empty())));
            let password = record.field(Section::Standard, "password").unwrap();
            let stored = password.values().first().and_then(Value::as_str);
            prop_assert_eq!(stored.unwrap_or_default(), other);
            let host = &record.fields(Section::Custom)[1];
            prop_assert_eq!(host.values().first().map(|host| host["hostName"].as_str().unwrap()).unwrap_or_default(), text);
        }

        #[test]
        fn any_text_in_a_file_stays_what_it_was(title in ".{1,9}", text in any::<String>(), label in ".{1,9}") {
            let file = json!({"version": "v3", "kind": "KeeperRecord", "data": [{
                "recordType": "login", "title": title,
                "fields": [{"type": "password", "value": [text]}],
                "customFields": [{"type": "note", "label": label, "value": text}],
            }]});
            let documents = [Node::from_yaml(&yaml::document(&file)), Node::from_json(&file.to_string())];
            for document in documents {
                let sheets = sheet::read(&document.unwrap()).unwrap();
                prop_assert_eq!(&sheets[0].title, &title);
                let record = record(&sheets[0].form(&RecordTypes::builtin()).unwrap());
                for (section, name) in [(Section::Standard, "password"), (Section::Custom, label.as_str())] {
                    let field = record.field(section, name).unwrap();
                    let stored = field.values().first().and_then(Value::as_str);
                    prop_assert_eq!(stored.unwrap_or_default(), text.as_str());
                }
            }
        }

        #[test]
        fn any_text_is_an_argument_a_file_and_a_value_or_is_refused(text in "(?s).{0,40}", odd in r#"[\[\]{}:,"\-&*!|>'%@#a \n.=\\]{0,40}"#) {
            for text in [&text, &odd] {
                let _ = argument::read(text);
                for document in [Node::from_json(text), Node::from_yaml(text)] {
                    let _ = document.map(|document| sheet::read(&document));
                }
                for kind in field_types() {
                    let _ = kind.values_of_text(text, None);
                    let _ = kind.values_of_text(&format!("[{text}"), None);
                }
            }
        }
    }
}
