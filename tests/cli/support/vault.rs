//! The development vault in this process, and builders of its records and folders. Every secret contains `canary`.

use std::cell::Cell;
use std::collections::BTreeSet;

use ksm::dev;
use ksm::dev::seed::RecordSeed;
use ksm::dev::seed::{FolderSeed, Seed};
use serde_json::{Map, Value, json};

use super::Server;

/// A well-formed UID for the record that a test is about.
pub const UID: &str = "AbCdEfGhIjKlMnOpQrStUw";
/// The password of the record `db`.
pub const PASSWORD: &str = "keeper://db/field/password";

/// A vault that speaks the real protocol over TLS.
pub struct Vault {
    inner: dev::Vault,
    forgotten: Cell<usize>,
}

impl Vault {
    /// An empty vault.
    pub fn start() -> Self {
        Self::seeded(Seed::empty())
    }

    /// A vault with one record: the login `db`, whose password is `canary-1`.
    pub fn with_db() -> Self {
        Self::start().with(login("db").password("canary-1"))
    }

    pub fn seeded(seed: Seed) -> Self {
        let inner = dev::Vault::start(seed).unwrap();
        Self {
            inner,
            forgotten: Cell::new(0),
        }
    }

    /// Shares a record or a folder.
    pub fn with(self, what: impl AddToVault) -> Self {
        what.add_to(&self.inner);
        self
    }

    /// The endpoint of each request since [`Server::forget_requests`].
    pub fn requests(&self) -> Vec<&'static str> {
        self.inner.requests().split_off(self.forgotten.get())
    }

    /// The record's JSON as it stands in the vault.
    pub fn record_json(&self, uid: &str) -> Value {
        self.inner
            .record_json(uid)
            .unwrap_or_else(|| panic!("no readable record {uid}"))
    }

    pub fn uids(&self) -> BTreeSet<String> {
        self.inner
            .record_uids()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Changes a record behind the client's back.
    pub fn edit(&self, uid: &str, document: &Value) {
        assert!(self.inner.edit(uid, document), "no record {uid}");
    }

    /// Damages a record, so that it does not decrypt.
    pub fn garble(&self, uid: &str) {
        assert!(self.inner.garble(uid), "no record {uid}");
    }

    pub fn revoke(&self, client_id: &str) {
        self.inner.revoke(client_id);
    }

    /// `localhost:PORT`.
    pub fn host(&self) -> String {
        self.inner.host()
    }

    pub fn port(&self) -> u16 {
        self.inner.address().port()
    }

    pub fn inner(&self) -> &dev::Vault {
        &self.inner
    }
}

impl Server for Vault {
    fn token(&self) -> String {
        self.inner.token().unwrap().expose().clone()
    }

    fn ca_pem(&self) -> String {
        self.inner.ca_pem().to_owned()
    }

    fn forget_requests(&self) {
        self.forgotten.set(self.inner.requests().len());
    }
}

pub trait AddToVault {
    fn add_to(self, vault: &dev::Vault);
}

/// A record under construction: the members of a seed's record.
#[derive(Clone)]
pub struct Record(Map<String, Value>);

/// A record of type `login`.
pub fn login(title: &str) -> Record {
    record("login", title)
}

/// The login `db` with an attachment `key.pem`, which is what most programs are given.
pub fn database(uid: &str, password: &str) -> Record {
    login("db")
        .uid(uid)
        .login("admin-canary")
        .password(password)
        .file("key.pem", "canary-file\n")
}

pub fn record(kind: &str, title: &str) -> Record {
    let members = json!({"title": title, "type": kind, "fields": [], "custom": []});
    Record(members.as_object().unwrap().clone())
}

impl Record {
    /// Any member, the seed's own (`uid`, `editable`, `shared_directly`, `links`) or the record's.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub fn uid(self, uid: &str) -> Self {
        self.member("uid", uid)
    }

    pub fn notes(self, notes: &str) -> Self {
        self.member("notes", notes)
    }

    pub fn login(self, login: &str) -> Self {
        self.field("login", json!([login]))
    }

    pub fn password(self, password: &str) -> Self {
        assert!(
            password.contains("canary"),
            "mark the secret `{password}` with `canary`"
        );
        self.field("password", json!([password]))
    }

    /// A standard field with this list of values, or with any broken thing in its place.
    pub fn field(self, kind: &str, value: Value) -> Self {
        self.push("fields", json!({"type": kind, "value": value}))
    }

    pub fn labelled(self, kind: &str, label: &str, value: Value) -> Self {
        self.push(
            "fields",
            json!({"type": kind, "label": label, "value": value}),
        )
    }

    pub fn custom(self, kind: &str, label: &str, value: Value) -> Self {
        self.push(
            "custom",
            json!({"type": kind, "label": label, "value": value}),
        )
    }

    /// An element of `fields` or `custom`, in whatever shape.
    pub fn push(mut self, list: &str, field: Value) -> Self {
        self.0[list].as_array_mut().unwrap().push(field);
        self
    }

    pub fn file(self, name: &str, text: &str) -> Self {
        self.attachment(json!({"name": name, "text": text}))
    }

    /// An attachment in the words of a seed.
    pub fn attachment(mut self, seed: Value) -> Self {
        let files = self.0.entry("attachments").or_insert_with(|| json!([]));
        files.as_array_mut().unwrap().push(seed);
        self
    }

    pub fn read_only(self) -> Self {
        self.member("editable", false)
    }
}

impl From<Record> for RecordSeed {
    fn from(record: Record) -> Self {
        record.0.try_into().unwrap()
    }
}

impl AddToVault for Record {
    fn add_to(self, vault: &dev::Vault) {
        vault.add(self.into()).unwrap();
    }
}

/// A shared folder, or a sub folder of one.
pub fn folder(name: &str) -> Folder {
    Folder(FolderSeed {
        name: name.to_owned(),
        uid: None,
        editable: true,
        records: Vec::new(),
        folders: Vec::new(),
    })
}

#[derive(Clone)]
pub struct Folder(FolderSeed);

impl Folder {
    pub fn uid(mut self, uid: &str) -> Self {
        self.0.uid = Some(uid.to_owned());
        self
    }

    pub fn read_only(mut self) -> Self {
        self.0.editable = false;
        self
    }

    pub fn with(mut self, record: Record) -> Self {
        self.0.records.push(record.into());
        self
    }

    pub fn with_folder(mut self, folder: Folder) -> Self {
        self.0.folders.push(folder.0);
        self
    }
}

impl AddToVault for Folder {
    fn add_to(self, vault: &dev::Vault) {
        vault.add_folder(self.0).unwrap();
    }
}
