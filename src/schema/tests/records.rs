//! Whole records, and the types of the user.

use serde_json::{Value, json};

use crate::schema::*;

/// The fields and custom fields with values that arguments fill.
fn filled(kind: &str, arguments: &[&str]) -> Result<[Value; 2], FieldError> {
    let types = RecordTypes::builtin();
    let mut builder = RecordBuilder::new(types.get(kind).unwrap())?;
    for argument in arguments {
        builder.fill(FieldInput::parse(argument).unwrap())?;
    }
    let document = builder.document("t", None);
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
fn a_record_lists_all_fields_of_its_type() {
    let types = RecordTypes::builtin();
    let mut builder = RecordBuilder::new(types.get("contact").unwrap()).unwrap();
    builder
        .fill(FieldInput::parse("name.first=A").unwrap())
        .unwrap();
    assert_eq!(
        builder.document("T", Some("n")).expose().to_string(),
        r#"{"type":"contact","title":"T","fields":[{"type":"name","value":[{"first":"A"}],"required":true},"#.to_owned()
            + r#"{"type":"text","value":[],"label":"Company"},{"type":"email","value":[]},{"type":"phone","value":[]},"#
            + r#"{"type":"addressRef","value":[]},{"type":"fileRef","value":[]}],"notes":"n","custom":[]}"#
    );
}

#[test]
fn passwords_are_generated_where_none_is_given() {
    let types = RecordTypes::builtin();
    let mut builder = RecordBuilder::new(types.get("login").unwrap()).unwrap();
    builder
        .fill(FieldInput::parse("c.password[Other]=canary").unwrap())
        .unwrap();
    builder.generate_passwords(false).unwrap();
    assert_eq!(
        builder.document("t", None).expose()["fields"][2]["value"],
        json!([])
    );
    builder.generate_passwords(true).unwrap();
    let document = builder.document("t", None);
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
    let mut builder = RecordBuilder::new(types.get("lock").unwrap()).unwrap();
    builder.generate_passwords(false).unwrap();
    let value = builder.document("t", None).expose()["fields"][0]["value"][0].clone();
    assert_eq!(value.as_str().unwrap().len(), 9);
}
