//! Whole records, and the types of the user.

use serde_json::{Value, json};

use crate::schema::*;
use crate::test_table::cases;

/// The fields with values that `TYPE; ARGUMENT; …` fills, standard ones before custom ones, as `TYPE[LABEL]=VALUES`.
fn filled(given: &str) -> Result<String, FieldError> {
    let mut words = given.split("; ");
    let types = RecordTypes::builtin();
    let mut builder = RecordBuilder::new(types.get(words.next().unwrap()).unwrap())?;
    for argument in words {
        builder.fill(FieldInput::parse(argument).unwrap())?;
    }
    let document = builder.document("t", None);
    let mut shown = Vec::new();
    for (section, mark) in [("fields", ""), ("custom", "c.")] {
        for field in document.expose()[section].as_array().unwrap() {
            if section == "custom" || field["value"] != json!([]) {
                let label = field.get("label").and_then(Value::as_str);
                let label = label.map_or(String::new(), |label| format!("[{label}]"));
                let kind = field["type"].as_str().unwrap();
                shown.push(format!("{mark}{kind}{label}={}", field["value"]));
            }
        }
    }
    Ok(shown.join("; "))
}

#[test]
fn arguments_find_their_fields() {
    let table = r#"
        login; login=a; f.password=b => login=["a"]; password=["b"]
        login; login[User]=a => login[User]=["a"]
        login; login=; login=b => login=["b"]
        contact; name.first=A; text=x; name.last=B => name=[{"first":"A","last":"B"}]; text[Company]=["x"]
        contact; name={"first":"A"}; name.last=B => name=[{"first":"A","last":"B"}]
        contact; phone.number=1; phone.type=mobile; phone.number=2; phone.type=Work; phone.ext=3 => phone=[{"number":"1","type":"Mobile"},{"number":"2","type":"Work"},{"ext":"3"}]
        contact; phone.number=1; phone.number=2 => phone=[{"number":"1"},{"number":"2"}]
        contact; phone={"number":"1"}; phone={"number":"2"}; phone.number=3 => phone=[{"number":"1"},{"number":"2"},{"number":"3"}]
        pamMachine; text[Instance Id]=i; text=o; text[Provider Group]=g; text=n => text[Operating System]=["o"]; text[Instance Name]=["n"]; text[Instance Id]=["i"]; text[Provider Group]=["g"]
        softwareLicense; securityQuestion.question=q; securityQuestion.answer=a; securityQuestion.question=r => securityQuestion=[{"question":"q","answer":"a"},{"question":"r"}]
        bankAccount; fileRef=["AAAAAAAAAAAAAAAAAAAAAA","BBBBBBBBBBBBBBBBBBBBBB"] => fileRef=["AAAAAAAAAAAAAAAAAAAAAA","BBBBBBBBBBBBBBBBBBBBBB"]
        login; c.text=1; c.text=2; c.text[A]=3; c.text[]=4 => c.text=["1"]; c.text=["2"]; c.text[A]=["3"]; c.text=["4"]
        login; c.name.first=A; c.name.last=B; c.name.first=C; c.name[X].first=D => c.name=[{"first":"A","last":"B"}]; c.name=[{"first":"C"}]; c.name[X]=[{"first":"D"}]
        login; c.phone.type=Home; c.phone.number=1; c.text[Empty]= => c.phone=[{"type":"Home"},{"number":"1"}]; c.text[Empty]=[]
    "#;
    for (given, fields) in cases(table) {
        assert_eq!(filled(given).unwrap(), fields, "{given}");
    }
}

#[test]
fn what_finds_no_field_is_refused() {
    let table = r#"
        login; host.port=1 => The standard fields do not have a 'host' field type or they all have values.
        login; login=a; login=b => The standard fields do not have a 'login' field type or they all have values.
        contact; name.first=a; name.first=b => The standard fields do not have a 'name' field type or they all have values.
        passport; date[Issued]=2024-01-01 => the standard fields of type 'date' are labelled otherwise than 'Issued'
        pamMachine; text[Instance Id]=a; text[Instance Id]=b => The standard fields do not have a 'text' field type or they all have values.
    "#;
    for (given, told) in cases(table) {
        assert_eq!(filled(given).unwrap_err().to_string(), told, "{given}");
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
