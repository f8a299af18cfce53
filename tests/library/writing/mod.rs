//! Writes of the library arrive in the vault: created, changed and deleted over the real protocol.

mod fixture;
mod properties;

use ksm::device::Device;
use ksm::vault::section::FieldSection;
use ksm::vault::uid::FolderUid;
use ksm::vault::{Error, FolderContents, RecordEdit, SelectError};
use ksm::wire;
use serde_json::json;

use fixture::{Fixture, INNER, LOCKED, RECORD, ROOT, client, document};

#[test]
fn a_record_is_created_where_it_was_wanted() {
    let fixture = Fixture::new();
    for folder in [ROOT, INNER] {
        let wanted = json!({"title": "new", "type": "login", "fields": [{"type": "password", "value": ["canary"]}]});
        let uid = fixture.create(folder, &document(wanted));
        assert!(
            uid.as_str()
                .starts_with(|first: char| first.is_ascii_alphanumeric())
        );
        let record = fixture.read(&uid);
        assert_eq!(record.folder().map(FolderUid::as_str), Some(folder));
        let field = record.field(FieldSection::Standard, "password").unwrap();
        assert_eq!(field.values(), ["canary"]);
    }
    assert_eq!(
        fixture.vault.requests()[2..],
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
fn a_missing_or_read_only_folder_takes_no_record() {
    let fixture = Fixture::new();
    let place = fixture.client.parent_folder("nowhere");
    assert!(matches!(
        fixture.runtime.block_on(place),
        Err(Error::Select(SelectError::NoFolder { .. }))
    ));
    let edit = RecordEdit::new(&document(json!({"title": "t"}))).unwrap();
    let created = fixture.runtime.block_on(async {
        let place = fixture.client.parent_folder(LOCKED).await.unwrap();
        fixture.client.create(&place, &edit).await
    });
    let Err(Error::Write {
        source: wire::Error::Refused(refusal),
        ..
    }) = created
    else {
        panic!("{created:?}");
    };
    assert_eq!(refusal.code, "access_denied");
    assert_eq!(fixture.vault.record_uids().len(), 1);
}

#[test]
fn without_the_owners_key_nothing_is_asked() {
    let fixture = Fixture::new();
    let device = Device {
        owner_key: None,
        ..fixture.profile.device.clone()
    };
    let client = client(&fixture.http, &fixture.profile, device);
    let before = fixture.vault.requests().len();
    let place = fixture.runtime.block_on(client.parent_folder(ROOT));
    assert!(matches!(place, Err(Error::NoOwnerKey)));
    assert_eq!(fixture.vault.requests().len(), before);
    fixture.create(ROOT, &document(json!({"title": "t"})));
}

#[test]
fn a_change_of_a_stale_record_is_refused() {
    let fixture = Fixture::new();
    let record = fixture.read(&RECORD.into());
    let mut edit = RecordEdit::of(&record);
    edit.set_title("mine").unwrap();
    fixture
        .vault
        .edit(RECORD, &json!({"title": "theirs", "type": "login"}));
    let error = fixture.update(&record, &edit).unwrap_err();
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
    assert_eq!(
        fixture.vault.record_json(RECORD).unwrap()["title"],
        "theirs"
    );
    // Another reason to refuse is told as it is.
    let gone = fixture
        .runtime
        .block_on(fixture.client.delete(&[RECORD.into()]));
    assert!(gone.unwrap()[0].is_done());
    let error = fixture.update(&record, &edit).unwrap_err();
    assert!(
        error.to_string().starts_with("record_uid_not_found, "),
        "{error}"
    );
}

#[test]
fn each_thing_to_be_deleted_gets_an_answer() {
    let fixture = Fixture::new();
    let uids = ["unknown".into(), RECORD.into()];
    let outcomes = fixture.client.delete(&uids);
    let outcomes = fixture.runtime.block_on(outcomes).unwrap();
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
    assert!(fixture.vault.record_uids().is_empty());
}

#[test]
fn folders_are_created_renamed_and_deleted_at_any_depth() {
    let fixture = Fixture::new();
    let mut parent = FolderUid::from(ROOT);
    for name in ["first", "sécond"] {
        let uid = fixture.runtime.block_on(async {
            let folders = fixture.client.folders().await?;
            fixture.client.create_folder(&folders, &parent, name).await
        });
        let uid = uid.unwrap();
        assert!(fixture.folders().contains(&(name.to_owned(), Some(parent))));
        parent = uid;
    }
    let renamed = fixture.runtime.block_on(async {
        let folders = fixture.client.folders().await?;
        let third = "\"third\"";
        fixture.client.rename_folder(&folders, &parent, third).await
    });
    renamed.unwrap();
    assert!(
        fixture
            .folders()
            .iter()
            .any(|(name, _)| name == "\"third\"")
    );

    fixture.create(parent.as_str(), &document(json!({"title": "within"})));
    for (contents, code) in [
        (FolderContents::Keep, "not_empty"),
        (FolderContents::Delete, "ok"),
    ] {
        let deleted = fixture
            .client
            .delete_folders(std::slice::from_ref(&parent), contents);
        assert_eq!(fixture.runtime.block_on(deleted).unwrap()[0].code, code);
    }
    assert_eq!(fixture.folders().len(), 4);
    assert_eq!(fixture.vault.record_uids().len(), 1);
}
