//! Answers to reads.

use super::*;

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
