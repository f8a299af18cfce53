//! The endpoints, asked directly: what each changes, and what it refuses. How clients speak to them over the wire is
//! shown by the tests of the program and of the official SDK.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::*;
use crate::codec::{encode, encode_url};
use crate::dev::form::Form;
use crate::dev::seed::Seed;
use crate::sensitive::Sensitive;

const RECORD: &str = "RecordInFolder-------A";
const LOCKED: &str = "RecordReadOnly-------A";
const DIRECT: &str = "RecordDirect---------A";
const ROOT: &str = "FolderShared---------A";
const INNER: &str = "FolderInner----------A";
const READ_ONLY: &str = "FolderReadOnly-------A";
const FILE: &str = "FileOfRecord---------A";
const NEW: &str = "SomethingNew---------A";

fn vault() -> State {
    let seed = json!({
        "folders": [
            {"name": "Shared", "uid": ROOT, "folders": [{"name": "Inner", "uid": INNER, "records": [
                {"title": "a", "uid": RECORD, "attachments": [{"name": "f", "uid": FILE, "text": "canary"}],
                 "links": [{"record": DIRECT, "data": {"is_admin": true}}]},
                {"title": "b", "uid": LOCKED, "editable": false},
            ]}]},
            {"name": "Read only", "uid": READ_ONLY, "editable": false},
        ],
        "records": [{"title": "c", "uid": DIRECT}],
    });
    State::plant(Seed::parse(&seed.to_string()).unwrap()).unwrap()
}

fn ask(state: &mut State, endpoint: &str, payload: Value) -> Answer {
    let request = Admitted {
        reply_key: Key::generate().unwrap(),
        payload: Sensitive::new(payload.to_string().into_bytes()),
        client_id: "device".to_owned(),
        introduced: None,
    };
    answer(state, endpoint, &request, "https://vault")
}

#[track_caller]
fn refused(answer: Answer, code: &str) {
    assert_eq!(answer.unwrap_err().body["result_code"], code);
}

fn read(state: &mut State, filter: Value) -> Value {
    ask(state, "get_secret", filter).unwrap().unwrap()
}

fn document(state: &State, uid: &str) -> Value {
    let record = state.record(&uid.into()).unwrap();
    serde_json::from_slice(aead::open(&record.key, &record.data).unwrap().expose()).unwrap()
}

/// A payload for `create_secret` whose parts fit together.
fn creation(state: &State) -> Value {
    let key = Key::generate().unwrap();
    let root = &state.folder(&ROOT.into()).unwrap().key;
    json!({
        "recordUid": NEW,
        "recordKey": encode(&ecies::seal(&state.owner.public_key(), key.expose()).unwrap()),
        "folderUid": ROOT,
        "folderKey": encode(&aead::seal(root, key.expose()).unwrap()),
        "data": encode_url(&aead::seal(&key, br#"{"title":"new"}"#).unwrap()),
        "subFolderUid": INNER,
    })
}

fn update(state: &State, revision: i64) -> Value {
    let record = state.record(&RECORD.into()).unwrap();
    let data = aead::seal(&record.key, br#"{"title":"changed"}  "#).unwrap();
    json!({"recordUid": RECORD, "data": encode(&data), "revision": revision})
}

#[test]
fn filters_choose_records_and_folders() {
    let cases = [
        (
            json!({}),
            json!([[ROOT, [RECORD, LOCKED]], [READ_ONLY, []]]),
            json!([DIRECT]),
        ),
        (
            json!({"requestedRecords": []}),
            json!([[ROOT, [RECORD, LOCKED]], [READ_ONLY, []]]),
            json!([DIRECT]),
        ),
        (
            json!({"requestedRecords": [RECORD, NEW]}),
            json!([[ROOT, [RECORD]]]),
            json!([]),
        ),
        (
            json!({"requestedRecords": [DIRECT]}),
            json!([]),
            json!([DIRECT]),
        ),
        (
            json!({"requestedFolders": [READ_ONLY]}),
            json!([[READ_ONLY, []]]),
            json!([]),
        ),
    ];
    let uids = |records: &Value| -> Value {
        records
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["recordUid"].clone())
            .collect()
    };
    for (filter, folders, records) in cases {
        let reply = read(&mut vault(), filter.clone());
        let found: Value = reply["folders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|folder| json!([folder["folderUid"], uids(&folder["records"])]))
            .collect();
        assert_eq!(
            (found, uids(&reply["records"])),
            (folders, records),
            "{filter}"
        );
    }
}

#[test]
fn links_come_only_when_asked_for() {
    let filter = json!({"requestedRecords": [RECORD], "requestLinks": true});
    let reply = read(&mut vault(), filter);
    let link = &reply["folders"][0]["records"][0]["links"][0];
    assert_eq!(link["recordUid"], DIRECT);
    assert_eq!(
        codec::decode(link["data"].as_str().unwrap()).unwrap(),
        br#"{"is_admin":true}"#
    );
    let reply = read(&mut vault(), json!({"requestedRecords": [RECORD]}));
    assert_eq!(reply["folders"][0]["records"][0].get("links"), None);
}

#[test]
fn a_created_record_lies_in_its_folder() {
    let state = &mut vault();
    let payload = creation(state);
    assert_eq!(ask(state, "create_secret", payload.clone()), Ok(None));
    assert_eq!(document(state, NEW), json!({"title": "new"}));
    let reply = read(state, json!({"requestedRecords": [NEW]}));
    assert_eq!(reply["folders"][0]["records"][0]["innerFolderUid"], INNER);
    refused(ask(state, "create_secret", payload), "bad_request");
}

#[test]
fn a_record_that_does_not_fit_is_not_created() {
    let sealed = |key: &Key, plain: &[u8]| encode(&aead::seal(key, plain).unwrap());
    let stranger = Key::generate().unwrap();
    let cases = [
        ("recordUid", json!("short"), "bad_request"),
        (
            "recordKey",
            json!(sealed(&stranger, stranger.expose())),
            "bad_request",
        ),
        (
            "folderKey",
            json!(sealed(&vault().app_key, stranger.expose())),
            "bad_request",
        ),
        ("folderUid", json!(NEW), "folder_uid_not_found"),
        ("folderUid", json!(INNER), "bad_request"),
        ("folderUid", json!(READ_ONLY), "access_denied"),
        ("subFolderUid", json!(NEW), "folder_uid_not_found"),
        ("subFolderUid", json!(READ_ONLY), "access_denied"),
        ("data", json!(sealed(&stranger, b"{}")), "bad_request"),
        ("data", json!("%"), "bad_request"),
        ("data", json!(7), "bad_request"),
    ];
    for (member, value, code) in cases {
        let state = &mut vault();
        let mut payload = creation(state);
        payload[member] = value;
        refused(ask(state, "create_secret", payload), code);
        assert_eq!(state.records.len(), 3, "{member}");
    }
}

#[test]
fn an_update_needs_the_newest_revision() {
    let state = &mut vault();
    let payload = update(state, 1);
    assert_eq!(ask(state, "update_secret", payload.clone()), Ok(None));
    assert_eq!(document(state, RECORD), json!({"title": "changed"}));
    refused(ask(state, "update_secret", payload), "bad_request");
    let payload = update(state, 2);
    assert_eq!(ask(state, "update_secret", payload), Ok(None));
}

#[test]
fn a_staged_update_waits_for_its_end() {
    for (end, title, files) in [
        ("finalize_secret_update", "changed", 0),
        ("rollback_secret_update", "a", 1),
    ] {
        let state = &mut vault();
        let mut payload = update(state, 1);
        payload["transactionType"] = json!("rotation");
        payload["links2Remove"] = json!([FILE]);
        assert_eq!(ask(state, "update_secret", payload), Ok(None));
        assert_eq!(document(state, RECORD)["title"], "a");
        assert_eq!(ask(state, end, json!({"recordUid": RECORD})), Ok(None));
        assert_eq!(document(state, RECORD)["title"], title);
        assert_eq!(state.record(&RECORD.into()).unwrap().files.len(), files);
        refused(ask(state, end, json!({"recordUid": RECORD})), "bad_request");
    }
}

#[test]
fn read_only_records_stay() {
    let state = &mut vault();
    refused(
        ask(state, "update_secret", json!({"recordUid": LOCKED})),
        "access_denied",
    );
    refused(
        ask(state, "update_secret", json!({"recordUid": NEW})),
        "record_uid_not_found",
    );
    let reply = ask(
        state,
        "delete_secret",
        json!({"recordUids": [RECORD, LOCKED, NEW]}),
    )
    .unwrap()
    .unwrap();
    let codes: Vec<_> = reply["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| {
            (
                outcome["recordUid"].as_str().unwrap(),
                outcome["responseCode"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(codes, [(RECORD, "ok"), (LOCKED, "access_denied")]);
    assert_eq!(state.records.len(), 2);
}

#[test]
fn a_file_is_announced_uploaded_and_handed_out() {
    let state = &mut vault();
    let key = Key::generate().unwrap();
    let record = state.record(&RECORD.into()).unwrap();
    let payload = json!({
        "fileRecordUid": NEW,
        "fileRecordKey": encode(&ecies::seal(&state.owner.public_key(), key.expose()).unwrap()),
        "fileRecordData": encode_url(&aead::seal(&key, br#"{"name":"n"}"#).unwrap()),
        "ownerRecordUid": RECORD,
        "ownerRecordData": encode_url(&aead::seal(&record.key, br#"{"title":"a"}"#).unwrap()),
        "ownerRecordRevision": 1,
        "linkKey": encode(&aead::seal(&record.key, key.expose()).unwrap()),
        "fileSize": 31,
    });
    let reply = ask(state, "add_file", payload).unwrap().unwrap();
    let url = |state: &mut State| {
        let record =
            read(state, json!({"requestedRecords": [RECORD]}))["folders"][0]["records"][0].clone();
        record["files"][1]["url"].as_str().map(str::to_owned)
    };
    assert_eq!(url(state), None, "nothing was uploaded yet");

    let ticket = reply["url"]
        .as_str()
        .unwrap()
        .strip_prefix("https://vault/uploads/")
        .unwrap();
    let parameters = serde_json::from_str(reply["parameters"].as_str().unwrap()).unwrap();
    let content = aead::seal(&key, b"new").unwrap();
    let good = Form {
        parameters,
        file: content.clone(),
    };
    let short = Form {
        parameters: good.parameters.clone(),
        file: vec![0; 30],
    };
    let bare = Form {
        parameters: serde_json::Map::new(),
        file: content.clone(),
    };
    for form in [short, bare] {
        assert_eq!(
            receive_upload(state, ticket, form)
                .unwrap_err()
                .status
                .as_u16(),
            400
        );
    }
    assert_eq!(receive_upload(state, ticket, good), Ok(()));
    let url = url(state).unwrap();
    let ticket = url.strip_prefix("https://vault/files/").unwrap();
    assert_eq!(download(state, "files", ticket), Ok(content.as_slice()));
    assert_eq!(
        download(state, "thumbnails", ticket)
            .unwrap_err()
            .status
            .as_u16(),
        403
    );
}

#[test]
fn folders_are_made_renamed_and_deleted() {
    let state = &mut vault();
    let key = Key::generate().unwrap();
    let name = |key: &Key, name: &str| {
        encode_url(
            &cbc::seal_unauthenticated(key, json!({"name": name}).to_string().as_bytes()).unwrap(),
        )
    };
    let root = &state.folder(&ROOT.into()).unwrap().key;
    let payload = json!({
        "folderUid": NEW,
        "sharedFolderUid": ROOT,
        "sharedFolderKey": encode_url(&cbc::seal_unauthenticated(root, key.expose()).unwrap()),
        "data": name(&key, "new"),
        "parentUid": INNER,
    });
    assert_eq!(ask(state, "create_folder", payload.clone()), Ok(None));
    refused(ask(state, "create_folder", payload), "bad_request");
    assert_eq!(
        ask(
            state,
            "update_folder",
            json!({"folderUid": NEW, "data": name(&key, "other")})
        ),
        Ok(None)
    );
    refused(
        ask(
            state,
            "update_folder",
            json!({"folderUid": NEW, "data": "AAAA"}),
        ),
        "bad_request",
    );

    let folders = ask(state, "get_folders", json!({})).unwrap().unwrap();
    let new = &folders["folders"][3];
    assert_eq!(
        (&new["folderUid"], &new["parent"]),
        (&json!(NEW), &json!(INNER))
    );
    let wrapped = codec::decode(new["folderKey"].as_str().unwrap()).unwrap();
    let root = &state.folder(&ROOT.into()).unwrap().key;
    assert_eq!(
        cbc::open_unauthenticated(root, &wrapped).unwrap().expose(),
        key.expose()
    );

    let delete = |state: &mut State, uid: &str, force: bool| {
        let payload = json!({"folderUids": [uid], "forceDeletion": force});
        ask(state, "delete_folder", payload).unwrap().unwrap()["folders"][0]["responseCode"].clone()
    };
    assert_eq!(delete(state, INNER, false), "not_empty");
    assert_eq!(delete(state, ROOT, true), "access_denied");
    assert_eq!(delete(state, READ_ONLY, true), "access_denied");
    assert_eq!(delete(state, RECORD, true), Value::Null);
    assert_eq!(delete(state, INNER, true), "ok");
    assert_eq!((state.folders.len(), state.records.len()), (2, 1));
}
