//! Writing records.

use super::*;

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
