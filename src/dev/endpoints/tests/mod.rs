//! Calls the endpoints directly; the tests of the program and of the official SDK use them over the wire.

mod files_and_folders;
mod reading;
mod records;

use serde_json::{Value, json};

use super::*;
use crate::codec::{encode, encode_url};
use crate::dev::seed::Seed;
use crate::dev::upload_form::UploadForm;
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
    State::from_seed(Seed::parse(&seed.to_string()).unwrap()).unwrap()
}

fn ask(state: &mut State, endpoint: &str, payload: Value) -> EndpointResult {
    let request = AuthenticatedRequest {
        reply_key: Key::generate().unwrap(),
        payload: Sensitive::new(payload.to_string().into_bytes()),
        client_id: "device".to_owned(),
        new_key: None,
    };
    let endpoint = Endpoint::named(endpoint).unwrap();
    endpoint.answer(state, &request, "https://vault")
}

#[track_caller]
fn refused(answer: EndpointResult, code: &str) {
    assert_eq!(answer.unwrap_err().body["result_code"], code);
}

fn read(state: &mut State, filter: Value) -> Value {
    ask(state, "get_secret", filter).unwrap().unwrap()
}

fn document(state: &State, uid: &str) -> Value {
    let record = state.record(&uid.into()).unwrap();
    serde_json::from_slice(aead::open(&record.key, &record.data).unwrap().expose()).unwrap()
}
