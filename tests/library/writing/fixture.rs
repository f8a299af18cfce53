//! A vault in this process with a client of the library bound to it.

use ksm::dev::{Seed, Vault};
use ksm::device::Device;
use ksm::environment::Environment;
use ksm::http::{Http, Settings};
use ksm::profile::{Profile, bundle};
use ksm::vault::uid::{FolderUid, RecordUid};
use ksm::vault::{Client, Connection, Error, Links, Record, RecordEdit, RecordFilter};
use serde_json::{Map, Value, json};
use tokio::runtime::{Builder, Runtime};

pub const ROOT: &str = "FolderShared---------A";
pub const INNER: &str = "FolderInner----------A";
pub const LOCKED: &str = "FolderLocked---------A";
pub const RECORD: &str = "RecordThere----------A";

/// A vault, and a client bound to it.
pub struct Fixture {
    pub vault: Vault,
    pub client: Client,
    pub runtime: Runtime,
    pub profile: Profile,
    pub http: Http,
}

impl Fixture {
    pub fn new() -> Self {
        let seed = json!({
            "folders": [
                {"name": "Shared", "uid": ROOT, "folders": [{"name": "Inner", "uid": INNER}]},
                {"name": "Locked", "uid": LOCKED, "editable": false},
            ],
            "records": [{"title": "there", "uid": RECORD, "fields": [{"type": "password", "value": ["canary"]}]}],
        });
        let vault = Vault::start(Seed::parse(&seed.to_string()).unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let ca = directory.path().join("ca.pem");
        std::fs::write(&ca, vault.ca_pem()).unwrap();
        let environment = Environment::from_iter([("KSM_CA_FILE", &ca)]);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let token = vault.token().unwrap();
        let config = runtime
            .block_on(ksm::dev::bind(token.expose(), &environment))
            .unwrap();
        let profile = bundle::read_one(config.expose())
            .unwrap()
            .open(None)
            .unwrap();
        let http = Http::new(&Settings::from_environment(&environment).unwrap(), &|_| {}).unwrap();
        let device = profile.device.clone();
        Self {
            client: client(&http, &profile, device),
            vault,
            runtime,
            profile,
            http,
        }
    }

    pub fn read(&self, uid: &RecordUid) -> Record {
        let filter = RecordFilter::Uids(vec![uid.clone()]);
        let asked = self.client.records(&filter, Links::Without);
        self.runtime.block_on(asked).unwrap().records.remove(0)
    }

    pub fn create(&self, folder: &str, document: &Map<String, Value>) -> RecordUid {
        let edit = RecordEdit::new(document).unwrap();
        self.runtime.block_on(async {
            let place = self.client.parent_folder(folder).await.unwrap();
            self.client.create(&place, &edit).await.unwrap()
        })
    }

    pub fn update(&self, record: &Record, edit: &RecordEdit) -> Result<(), Error> {
        self.runtime.block_on(self.client.update(record, edit, &[]))
    }

    pub fn folders(&self) -> Vec<(String, Option<FolderUid>)> {
        let folders = self.runtime.block_on(self.client.folders()).unwrap();
        assert_eq!(folders.broken, []);
        folders
            .list
            .into_iter()
            .map(|folder| (folder.name, folder.parent))
            .collect()
    }
}

pub fn client(http: &Http, profile: &Profile, device: Device) -> Client {
    let (host, key) = (profile.host.clone(), profile.server_key.clone());
    Client::new(Connection::quiet(http.clone()), host, key, device)
}

pub fn document(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
