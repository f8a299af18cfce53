//! What the library writes to a vault, the vault has: created, changed and deleted over the real protocol.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may stop at a surprise, and nobody imports it"
)]

mod bench;
mod properties;

use ksm::device::Device;
use ksm::vault::record::Section;
use ksm::vault::uid::FolderUid;
use ksm::vault::{Contents, Draft, Error};
use ksm::wire;
use serde_json::json;

use bench::{Bench, INNER, LOCKED, RECORD, ROOT, client, document};

#[test]
fn a_record_is_created_where_it_was_wanted() {
    let mut bench = Bench::new();
    for folder in [ROOT, INNER] {
        let wanted = json!({"title": "new", "type": "login", "fields": [{"type": "password", "value": ["canary"]}]});
        let uid = bench.create(folder, &document(wanted));
        assert!(
            uid.as_str()
                .starts_with(|first: char| first.is_ascii_alphanumeric())
        );
        let record = bench.read(&uid);
        assert_eq!(record.folder().map(FolderUid::as_str), Some(folder));
        let field = record.field(Section::Standard, "password").unwrap();
        assert_eq!(field.values(), ["canary"]);
    }
    assert_eq!(
        bench.vault.requests()[2..],
        [
            "get_folders",
            "create_secret",
            "get_secret",
            "get_folders",
            "create_secret",
            "get_secret"
        ]
    );
}

#[test]
fn a_folder_that_is_not_there_or_cannot_be_written_takes_nothing() {
    let mut bench = Bench::new();
    let nowhere = FolderUid::from("nowhere");
    let place = bench.client.place(&nowhere);
    assert!(matches!(
        bench.runtime.block_on(place),
        Err(Error::NoFolder(_))
    ));
    let draft = Draft::new(&document(json!({"title": "t"}))).unwrap();
    let created = bench.runtime.block_on(async {
        let place = bench.client.place(&LOCKED.into()).await.unwrap();
        bench.client.create(&place, &draft).await
    });
    let Err(Error::Write {
        source: wire::Error::Refused(refusal),
        ..
    }) = created
    else {
        panic!("{created:?}");
    };
    assert_eq!(refusal.code, "access_denied");
    assert_eq!(bench.vault.record_uids().len(), 1);
}

#[test]
fn without_the_owners_key_nothing_is_asked() {
    let mut bench = Bench::new();
    let device = Device {
        owner_key: None,
        ..bench.profile.device.clone()
    };
    let mut client = client(&bench.http, &bench.profile, device);
    let before = bench.vault.requests().len();
    let place = bench.runtime.block_on(client.place(&ROOT.into()));
    assert!(matches!(place, Err(Error::NoOwnerKey)));
    assert_eq!(bench.vault.requests().len(), before);
    bench.create(ROOT, &document(json!({"title": "t"})));
}

#[test]
fn a_change_of_what_is_out_of_date_is_refused() {
    let mut bench = Bench::new();
    let record = bench.read(&RECORD.into());
    let mut draft = Draft::of(&record);
    draft.set_title("mine").unwrap();
    bench
        .vault
        .edit(RECORD, &json!({"title": "theirs", "type": "login"}));
    let error = bench.update(&record, &draft).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Stale {
                read: 1,
                newest: 2,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(bench.vault.record_json(RECORD).unwrap()["title"], "theirs");
    // Another reason to refuse is told as it is.
    let gone = bench
        .runtime
        .block_on(bench.client.delete(&[RECORD.into()]));
    assert!(gone.unwrap()[0].is_done());
    let error = bench.update(&record, &draft).unwrap_err();
    assert!(
        error.to_string().starts_with("record_uid_not_found, "),
        "{error}"
    );
}

#[test]
fn each_thing_to_be_deleted_gets_an_answer() {
    let mut bench = Bench::new();
    let uids = ["unknown".into(), RECORD.into()];
    let outcomes = bench.client.delete(&uids);
    let outcomes = bench.runtime.block_on(outcomes).unwrap();
    let told: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            (
                outcome.uid.as_str(),
                outcome.code.as_str(),
                outcome.message.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (RECORD, "ok", Some("")),
            ("unknown", "n/a", Some("Not found"))
        ]
    );
    assert!(bench.vault.record_uids().is_empty());
}

#[test]
fn folders_are_created_renamed_and_deleted_at_any_depth() {
    let mut bench = Bench::new();
    let mut parent = FolderUid::from(ROOT);
    for name in ["first", "sécond"] {
        let created = bench.client.create_folder(&parent, name);
        let uid = bench.runtime.block_on(created).unwrap();
        assert!(bench.folders().contains(&(name.to_owned(), Some(parent))));
        parent = uid;
    }
    let renamed = bench.client.rename_folder(&parent, "\"third\"");
    bench.runtime.block_on(renamed).unwrap();
    assert!(bench.folders().iter().any(|(name, _)| name == "\"third\""));

    bench.create(parent.as_str(), &document(json!({"title": "within"})));
    for (contents, code) in [(Contents::Keep, "not_empty"), (Contents::Delete, "ok")] {
        let deleted = bench
            .client
            .delete_folders(std::slice::from_ref(&parent), contents);
        assert_eq!(bench.runtime.block_on(deleted).unwrap()[0].code, code);
    }
    assert_eq!(bench.folders().len(), 4);
    assert_eq!(bench.vault.record_uids().len(), 1);
}
