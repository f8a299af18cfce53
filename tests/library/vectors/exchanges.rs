//! Whole exchanges: requests of official clients open with our keys, answers of the server become records.

use ksm::crypto::aead::{self, Key};
use ksm::crypto::ecies;
use ksm::crypto::mac;
use ksm::crypto::signing::{PublicKey, SigningKey};
use ksm::device::AppKey;
use ksm::vault::folder::Folders;
use ksm::vault::section::FieldSection;
use ksm::vault::{RecordFilter, Records};
use ksm::wire::payload::{
    AddFile, CreateFolder, CreateSecret, DeleteFolder, DeleteSecret, FinalizeSecretUpdate,
    GetFolders, GetSecret, Payload, RollbackSecretUpdate, SignedPayload, UpdateFolder,
    UpdateSecret,
};
use ksm::wire::reply::Secrets;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::data::{bytes, decoded, key, list, parse, signing_key, text};

fn server_key(vectors: &Value) -> SigningKey {
    signing_key(&bytes(&vectors["keys"], "server_private_scalar"))
}

fn app_key(vectors: &Value) -> AppKey {
    AppKey(key(&vectors["keys"], "app_key_hex"))
}

/// Opens a request the way a server does, and checks its signature.
fn open_request(vectors: &Value, exchange: &Value) -> Vec<u8> {
    let headers = &exchange["headers"];
    let wrapped = decoded(headers, "TransmissionKey");
    let body = decoded(exchange, "request_body_b64");
    let client =
        SigningKey::from_der(&decoded(&vectors["keys"], "client_private_pkcs8_b64")).unwrap();
    let signature = text(headers, "Authorization")
        .strip_prefix("Signature ")
        .unwrap();
    let signature = ksm::codec::decode(signature).unwrap();
    client
        .public_key()
        .verify(&[&wrapped, &body], &signature)
        .unwrap();
    let reply_key = ecies::open(&server_key(vectors), &wrapped).unwrap();
    assert_eq!(reply_key.expose(), &bytes(exchange, "transmission_key_hex"));
    aead::open(&Key::from_bytes(reply_key.expose()).unwrap(), &body)
        .unwrap()
        .expose()
        .clone()
}

fn open_answer(exchange: &Value) -> Vec<u8> {
    let key = key(exchange, "transmission_key_hex");
    let plain = aead::open(&key, &decoded(exchange, "response_body_b64")).unwrap();
    plain.expose().clone()
}

fn read(answer: &[u8]) -> Secrets<'_> {
    serde_json::from_slice(answer).unwrap()
}

fn open_all(vectors: &Value, exchange: &Value) -> Records {
    let answer = open_answer(exchange);
    Records::open(&read(&answer), &app_key(vectors), &RecordFilter::All)
}

#[test]
fn binding() {
    let vectors = parse(include_str!("exchange_bind.json"));
    let client_key = key(&vectors["keys"], "client_key_hex");
    let client_id = text(&vectors["keys"], "client_id");
    assert_eq!(mac::client_id(client_key.expose()).unwrap(), client_id);

    let requests = list(&vectors["exchanges"])
        .iter()
        .map(|exchange| {
            serde_json::from_slice::<SignedPayload<GetSecret>>(&open_request(&vectors, exchange))
                .unwrap()
        })
        .collect::<Vec<_>>();
    let introduces = requests
        .iter()
        .map(|request| request.payload.public_key.is_some())
        .collect::<Vec<_>>();
    assert_eq!(introduces, [true, false]);
    assert!(
        requests
            .iter()
            .all(|request| request.client_id == client_id)
    );

    let answer = open_answer(&vectors["exchanges"][0]);
    let answer = read(&answer);
    let wrapped = ksm::codec::decode(&answer.encrypted_app_key).unwrap();
    let app_key = aead::open_key(&client_key, &wrapped).unwrap();
    assert_eq!(
        hex::encode(app_key.expose()),
        text(&vectors["keys"], "app_key_hex")
    );
    let owner =
        PublicKey::from_bytes(&ksm::codec::decode(&answer.app_owner_public_key).unwrap()).unwrap();
    assert_eq!(
        ksm::codec::encode(&owner.to_bytes()),
        text(&vectors["config_after_bind"], "appOwnerPublicKey")
    );
}

#[test]
fn records() {
    let vectors = parse(include_str!("exchange_get_secret.json"));
    for exchange in list(&vectors["exchanges"]) {
        let request: SignedPayload<GetSecret> =
            serde_json::from_slice(&open_request(&vectors, exchange)).unwrap();
        assert_eq!(
            serde_json::to_value(&request.payload.requested_records).unwrap(),
            exchange["request_plaintext"]["requestedRecords"]
        );

        let expected = &exchange["expected"];
        let opened = open_all(&vectors, exchange);
        let skipped = opened
            .broken
            .iter()
            .map(|broken| broken.uid.as_str())
            .collect::<Vec<_>>();
        assert_eq!(
            serde_json::to_value(skipped).unwrap(),
            expected["skipped_records"]
        );
        assert_eq!(opened.records.len(), list(&expected["records"]).len());
        for (record, expected) in opened.records.iter().zip(list(&expected["records"])) {
            assert_eq!(record.uid().as_str(), text(expected, "uid"));
            assert_eq!(record.title(), text(expected, "title"));
            assert_eq!(record.kind(), text(expected, "type"));
            assert_eq!(record.revision(), expected["revision"].as_i64().unwrap());
            assert_eq!(
                record.is_editable(),
                expected["is_editable"].as_bool().unwrap()
            );
            assert_eq!(members(record), expected["data"], "{}", record.uid());
            assert_eq!(record.notes(), expected["data"]["notes"].as_str());
            for (section, name) in [
                (FieldSection::Standard, "fields"),
                (FieldSection::Custom, "custom"),
            ] {
                let count = expected["data"][name].as_array().map_or(0, Vec::len);
                assert_eq!(
                    record.fields(section).len(),
                    count,
                    "{} {name}",
                    record.uid()
                );
            }
            let files = record
                .files()
                .iter()
                .map(|file| file.uid().as_str())
                .collect::<Vec<_>>();
            let expected = list(&expected["files"])
                .iter()
                .map(|file| text(file, "fileUid"))
                .collect::<Vec<_>>();
            assert_eq!(files, expected, "{}", record.uid());
        }
    }
}

/// A record's members put together again.
fn members(record: &ksm::vault::Record) -> Value {
    let members = record.raw().iter();
    members
        .map(|(name, json)| (name.to_owned(), serde_json::from_str(json.get()).unwrap()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn attachments() {
    let vectors = parse(include_str!("exchange_get_secret.json"));
    let opened = open_all(&vectors, &vectors["exchanges"][0]);
    let mut seen = 0;
    for (uid, download) in vectors["file_downloads"].as_object().unwrap() {
        let files = || opened.records.iter().flat_map(|record| record.files());
        let Some(file) = files().find(|file| file.uid().as_str() == uid) else {
            continue;
        };
        let content = file
            .open_content(decoded(download, "download_body_b64").into())
            .unwrap();
        assert_eq!(
            **content.expose(),
            *decoded(download, "content_b64"),
            "{uid}"
        );
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} attachments");
}

#[test]
fn folders() {
    let vectors = parse(include_str!("exchange_other.json"));
    let exchange = &vectors["get_folders"];
    serde_json::from_slice::<SignedPayload<GetFolders>>(&open_request(&vectors, exchange)).unwrap();
    let answer = open_answer(exchange);
    let folders = Folders::open(&read(&answer).folders, &app_key(&vectors));
    assert_eq!(folders.broken, []);
    assert_eq!(folders.list.len(), list(&exchange["expected"]).len());
    for (folder, expected) in folders.list.iter().zip(list(&exchange["expected"])) {
        assert_eq!(folder.uid.as_str(), text(expected, "uid"));
        assert_eq!(folder.name, text(expected, "name"));
        assert_eq!(
            folder.parent.as_ref().map_or("", |uid| uid.as_str()),
            text(expected, "parent_uid")
        );
    }
}

/// Reads the official client's request as our payload, and writes it again with the same members.
fn reads_as<P: Payload + DeserializeOwned>(plain: &[u8], expected: &Value) {
    let request: SignedPayload<P> = serde_json::from_slice(plain).unwrap();
    let ours = serde_json::to_value(&request).unwrap();
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(
            ours.get(name).unwrap_or(&Value::Null),
            value,
            "{} {name}",
            P::ENDPOINT
        );
    }
}

#[test]
fn writes() {
    let vectors = parse(include_str!("exchange_other.json"));
    for exchange in list(&vectors["writes"]) {
        let plain = open_request(&vectors, exchange);
        let expected = &exchange["request_plaintext"];
        match text(exchange, "endpoint") {
            CreateSecret::ENDPOINT => reads_as::<CreateSecret>(&plain, expected),
            UpdateSecret::ENDPOINT => reads_as::<UpdateSecret>(&plain, expected),
            FinalizeSecretUpdate::ENDPOINT => reads_as::<FinalizeSecretUpdate>(&plain, expected),
            RollbackSecretUpdate::ENDPOINT => reads_as::<RollbackSecretUpdate>(&plain, expected),
            DeleteSecret::ENDPOINT => reads_as::<DeleteSecret>(&plain, expected),
            CreateFolder::ENDPOINT => reads_as::<CreateFolder>(&plain, expected),
            UpdateFolder::ENDPOINT => reads_as::<UpdateFolder>(&plain, expected),
            DeleteFolder::ENDPOINT => reads_as::<DeleteFolder>(&plain, expected),
            AddFile::ENDPOINT => reads_as::<AddFile>(&plain, expected),
            other => panic!("{other} is no endpoint"),
        }
    }
}
