//! Answers of the server: each item opens or is damaged, what was not asked for stays sealed, and an answer costs what it
//! is long.
#![no_main]

use std::collections::BTreeSet;

use ksm::codec;
use ksm::crypto::aead::{self, Key};
use ksm::crypto::cbc;
use ksm::device::AppKey;
use ksm::vault::folder::Folders;
use ksm::vault::{RecordFilter, Records};
use ksm::wire::reply::{self, Refusal, Secrets};
use ksm_fuzz::bounded;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const KEY: [u8; 32] = [7; 32];

fuzz_target!(|data: &[u8]| {
    let _ = Refusal::parse(429, data);
    open(data);
    // The same with what is sealed put under a key that opens it.
    if let Ok(mut answer) = serde_json::from_slice::<Value>(data) {
        seal(&mut answer);
        open(answer.to_string().as_bytes());
    }
});

fn open(json: &[u8]) {
    let quick = bounded(json.len(), 256, || reply::read::<Secrets<'_>>(json));
    let Ok(answer) = bounded(json.len(), 256, || {
        serde_json::from_slice::<Secrets<'_>>(json)
    }) else {
        return assert!(quick.is_err());
    };
    // An answer that lists too much is refused by one of them.
    if let Ok(quick) = quick {
        assert_eq!(told(&quick), told(&answer));
    }
    let app_key = AppKey(Key::from_bytes(&KEY).unwrap());
    let uids: BTreeSet<&str> = answer.record_uids().collect();
    let first = uids.first().copied().unwrap_or("U");
    let title = Some("title".to_owned());
    for filter in [
        RecordFilter::All,
        RecordFilter::Uids(vec![first.into()]),
        RecordFilter::Names(title.into_iter().collect()),
    ] {
        let opened = bounded(json.len(), 4096, || {
            Records::open(&answer, &app_key, &filter)
        });
        assert!(opened.records.len() <= answer.record_uids().count());
        for record in &opened.records {
            assert!(uids.contains(record.uid().as_str()));
            if let RecordFilter::Uids(asked) = &filter {
                assert!(asked.contains(record.uid()));
            }
        }
    }
    let folders = bounded(json.len(), 4096, || {
        Folders::open(&answer.folders, &app_key)
    });
    assert!(folders.list.len() + folders.broken.len() <= answer.folders.len());
}

fn told(answer: &Secrets<'_>) -> Vec<String> {
    let shared = answer
        .folders
        .iter()
        .flat_map(|folder| folder.records.iter());
    let records = answer.records.iter().chain(shared).map(|record| {
        let texts = [
            &record.record_uid,
            &record.record_key,
            &record.data,
            &record.folder_uid,
        ];
        let files = record
            .files
            .iter()
            .map(|file| [&*file.file_uid, &*file.url].concat());
        let links = record.links.iter().flatten();
        let links = links.map(|link| link.data.as_deref().map(str::to_owned));
        format!(
            "{:?} {} {} {:?} {:?}",
            texts.map(|text| text.to_string()),
            record.revision,
            record.is_editable,
            files.collect::<Vec<_>>(),
            links.collect::<Vec<_>>(),
        )
    });
    let folders = answer
        .folders
        .iter()
        .map(|folder| folder.folder_uid.to_string());
    let warnings = answer.warnings.iter().map(|warning| format!("{warning:?}"));
    let end = answer.expires_on.to_string();
    records
        .chain(folders)
        .chain(warnings)
        .chain([end])
        .collect()
}

/// Puts every `data` that is an object or a text, and every key, under one key.
fn seal(value: &mut Value) {
    let key = Key::from_bytes(&KEY).unwrap();
    match value {
        Value::Array(list) => list.iter_mut().for_each(seal),
        Value::Object(members) => {
            let is_folder = members.contains_key("folderUid") && !members.contains_key("recordUid");
            for (name, value) in members {
                seal(value);
                let plain = match (name.as_str(), &*value) {
                    ("recordKey" | "fileKey" | "folderKey", Value::String(_)) => KEY.to_vec(),
                    ("data", Value::String(text)) => text.clone().into_bytes(),
                    ("data", Value::Object(_)) => value.to_string().into_bytes(),
                    _ => continue,
                };
                let sealed = if is_folder && name == "data" {
                    cbc::seal_unauthenticated(&key, &plain)
                } else {
                    aead::seal(&key, &plain)
                };
                *value = codec::encode(&sealed.unwrap()).into();
            }
        }
        _ => {}
    }
}
