//! Attachments and folders.

use super::*;

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
    let good = UploadForm {
        parameters,
        file: content.clone().into(),
    };
    let short = UploadForm {
        parameters: good.parameters.clone(),
        file: vec![0; 30].into(),
    };
    let bare = UploadForm {
        parameters: serde_json::Map::new(),
        file: content.clone().into(),
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
    assert_eq!(download(state, "files", ticket), Ok(content.into()));
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
