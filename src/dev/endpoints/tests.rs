//! What neither our client nor the official SDK sends; the tests of both use the endpoints over the wire.

use serde_json::{Value, json};

use super::*;
use crate::codec::{encode, encode_url};
use crate::dev::seed::Seed;
use crate::sensitive::Sensitive;

const RECORD: &str = "RecordInFolder-------A";
const DIRECT: &str = "RecordDirect---------A";
const ROOT: &str = "FolderShared---------A";
const INNER: &str = "FolderInner----------A";
const READ_ONLY: &str = "FolderReadOnly-------A";
const EMPTY: &str = "FolderEmpty----------A";
const NEW: &str = "SomethingNew---------A";

fn vault() -> State {
    let seed = json!({
        "folders": [
            {"name": "Shared", "uid": ROOT, "folders": [{"name": "Inner", "uid": INNER, "records": [
                {"title": "a", "uid": RECORD, "links": [{"record": DIRECT, "data": {"is_admin": true}}]},
            ]}]},
            {"name": "Empty", "uid": EMPTY},
            {"name": "Read only", "uid": READ_ONLY, "editable": false},
        ],
        "records": [{"title": "c", "uid": DIRECT, "attachments": [{"name": "f", "text": "content"}]}],
    });
    State::from_seed(Seed::parse(&seed.to_string()).unwrap()).unwrap()
}

fn ask(state: &mut State, endpoint: &str, payload: Value) -> EndpointResult {
    let request = AuthenticatedRequest {
        reply_key: Key::generate().unwrap(),
        payload: Sensitive::new(payload.to_string().into_bytes()),
        client_id: "device".to_owned(),
        new_key: None,
    };
    answer(named(endpoint).unwrap(), state, &request, "https://vault")
}

#[track_caller]
fn refused(answer: EndpointResult, code: &str) {
    assert_eq!(answer.unwrap_err().body["result_code"], code);
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

#[test]
fn a_record_that_does_not_fit_is_not_created() {
    let sealed = |key: &Key, plain: &[u8]| encode(&aead::seal(key, plain).unwrap());
    let stranger = Key::generate().unwrap();
    let state = &mut vault();
    let fitting = creation(state);
    assert_eq!(ask(state, "create_secret", fitting), Ok(None));
    let cases = [
        ("recordUid", json!("short"), "bad_request"),
        ("recordUid", json!(RECORD), "bad_request"),
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
        assert_eq!(state.records.len(), 2, "{member}");
    }
}

#[test]
fn links_come_only_when_asked_for() {
    let links = |asked: bool| {
        let filter = json!({"requestedRecords": [RECORD], "requestLinks": asked});
        let reply = ask(&mut vault(), "get_secret", filter).unwrap().unwrap();
        reply["folders"][0]["records"][0]["links"].clone()
    };
    assert_eq!(links(true)[0]["recordUid"], DIRECT);
    let data = links(true)[0]["data"].as_str().map(codec::decode);
    assert_eq!(data.unwrap().unwrap(), br#"{"is_admin":true}"#);
    assert_eq!(links(false), Value::Null);
}

#[test]
fn an_empty_shared_folder_is_listed_among_folders_only() {
    let uids = |reply: Value| -> Vec<String> {
        let folders = reply["folders"].as_array().unwrap().iter();
        folders
            .map(|folder| folder["folderUid"].as_str().unwrap().to_owned())
            .collect()
    };
    let state = &mut vault();
    let all = ask(state, "get_folders", json!({})).unwrap().unwrap();
    assert!(uids(all).contains(&EMPTY.to_owned()));
    for (filter, listed) in [
        (json!({}), vec![ROOT]),
        (json!({"requestedFolders": [EMPTY, ROOT]}), vec![ROOT]),
        (json!({"requestedRecords": [RECORD]}), vec![ROOT]),
        (json!({"requestedRecords": [DIRECT]}), vec![]),
    ] {
        let reply = ask(state, "get_secret", filter.clone()).unwrap().unwrap();
        assert_eq!(uids(reply), listed, "{filter}");
    }
}

#[test]
fn a_file_without_content_has_no_address() {
    let state = &mut vault();
    let file = |state: &mut State| {
        let reply = ask(state, "get_secret", json!({})).unwrap().unwrap();
        reply["records"][0]["files"][0].clone()
    };
    let address = file(state)["url"].as_str().map(str::to_owned);
    assert!(address.unwrap().starts_with("https://vault/files/"));
    state.records.iter_mut().for_each(|record| {
        record.files.iter_mut().for_each(|file| file.content = None);
    });
    let empty = file(state);
    assert_eq!((empty.get("url"), empty.get("thumbnailUrl")), (None, None));
}

#[test]
fn a_list_is_no_payload() {
    let state = &mut vault();
    for (endpoint, payload) in [
        ("get_secret", json!([null, null, null, true])),
        ("delete_secret", json!([[DIRECT]])),
        ("finalize_secret_update", json!([DIRECT])),
    ] {
        refused(ask(state, endpoint, payload), "bad_request");
    }
    assert_eq!(state.records.len(), 2);
}
