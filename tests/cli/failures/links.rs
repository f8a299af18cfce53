//! Where a server may lead us for files (N10, D38). Names ending in `.example` are the Internet here: a proxy that knows
//! them stands before everything.

use ksm::codec;
use ksm::crypto::aead::{self, Key};
use ksm::crypto::signing::SigningKey;
use serde_json::{Value, json};

use crate::support::{
    ConnectProxy, Fault, FaultProxy, Home, LyingServer, Server, UID, Vault, login,
};

const OFF_LIMITS: &str = "on this machine or in a private network";

const PRIVATE: [&str; 15] = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "localhost",
];

/// A home whose vault is `vault.example`.
fn on_the_internet(server: &impl Server, mut home: Home, proxy: &ConnectProxy) -> Home {
    let token = server.token();
    let port = token.split(':').nth(1).unwrap();
    home.set("KSM_HOSTNAME", format!("vault.example:{port}"));
    home.set("HTTPS_PROXY", proxy.address());
    home.set("KSM_SKIP_VERIFY", "true");
    home
}

/// Answers everything with a record that has a file at `link`, which is the address for uploads too.
fn lead_to(server: &LyingServer, link: &str) {
    let (key, file) = (Key::generate().unwrap(), Key::generate().unwrap());
    let seal = |key: &Key, plain: &[u8]| codec::encode(&aead::seal(key, plain).unwrap());
    let document = json!({"title": "db", "type": "login", "fields": [], "custom": []});
    let metadata = json!({"name": "key.pem", "size": 6}).to_string();
    let record = json!({
        "recordUid": UID,
        "recordKey": server.sealed(key.expose()),
        "data": seal(&key, document.to_string().as_bytes()),
        "revision": 1,
        "files": [{
            "fileUid": "FileAAAAAAAAAAAAAAAAAA",
            "fileKey": seal(&key, file.expose()),
            "data": seal(&file, metadata.as_bytes()),
            "url": link,
        }],
    });
    server.answer(json!({"records": [record], "url": link, "parameters": "{}"}).to_string());
}

fn home(server: &LyingServer) -> Home {
    let mut home = Home::trusting(server);
    let mut config: Value = serde_json::from_str(&server.config()).unwrap();
    let owner = SigningKey::generate().unwrap().public_key();
    config["appOwnerPublicKey"] = codec::encode_url(&owner.to_bytes()).into();
    home.set("KSM_CONFIG", config.to_string());
    home.write("new", "canary");
    home
}

/// Neither an attachment is read from where the answer leads, nor sent there.
fn refuses_to_follow(home: &Home, said: &str) {
    let notation = format!("keeper://{UID}/file/key.pem");
    for command in [
        &["secret", "notation", &notation][..],
        &["secret", "upload", "-u", UID, "--file", "new"],
    ] {
        let run = home.ksm(command.iter().copied());
        run.fails(5).stdout("").stderr_has(said);
    }
}

#[test]
fn a_public_vault_leads_to_no_private_place() {
    let (server, proxy) = (LyingServer::start(), ConnectProxy::start());
    let home = on_the_internet(&server, home(&server), &proxy);
    for host in PRIVATE {
        lead_to(&server, &format!("https://{host}:1/canary-link"));
        refuses_to_follow(&home, OFF_LIMITS);
    }
    let connections = proxy.requests();
    assert!(
        connections
            .iter()
            .all(|head| head.starts_with("CONNECT vault.example:"))
    );
}

#[test]
fn no_redirect_leads_to_a_private_place() {
    let file = json!({"name": "key.pem", "text": "canary-file\n"});
    let vault = Vault::start().with(login("db").attachment(file));
    let faults = FaultProxy::before(&vault);
    let proxy = ConnectProxy::start();
    let home = on_the_internet(&faults, Home::configured_for(&faults), &proxy);
    let read = || home.ksm(["secret", "notation", "keeper://db/file/key.pem"]);
    for host in PRIVATE {
        faults.clear();
        faults.on(
            "/files/",
            Fault::redirect(&format!("https://{host}:1/canary-link")),
        );
        read().fails(5).stdout("").stderr_has(OFF_LIMITS);
    }
    // To another public place it may go.
    faults.clear();
    let there = faults.host().replace("localhost", "files.example");
    let there = format!("https://{there}/there");
    faults.on("/files/", Fault::redirect(&there));
    faults.on("/there", Fault::answer(404, ""));
    read().fails(4).stdout("").stderr_has("status 404");
}

#[test]
fn no_link_has_a_user_name_or_lacks_https() {
    let server = LyingServer::start();
    let home = home(&server);
    for (link, said) in [
        ("https://user:canary@localhost:1/x", "with a user name"),
        ("https://user@localhost:1/x", "with a user name"),
        ("https://:canary@localhost:1/x", "with a user name"),
        ("http://localhost:1/canary", "without https"),
        ("file:///etc/hostname", "without https"),
        ("canary", "that cannot be read"),
        // The vault itself is on this machine.
        (
            "https://127.0.0.1:1/canary",
            "cannot connect to 127.0.0.1:1",
        ),
    ] {
        lead_to(&server, link);
        refuses_to_follow(&home, said);
    }
}
