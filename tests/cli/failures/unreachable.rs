//! Nobody there: names without address, closed ports, and hosts that cannot be meant (N5).

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::read;
use crate::support::{Home, Vault};

/// Nobody listens there.
fn closed_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let start = Instant::now();
    for host in [
        format!("localhost:{}", closed_port()),
        // A name that never exists (RFC 6761).
        "vault.invalid".to_owned(),
    ] {
        let said = format!("cannot connect to {host}: ");
        read(&home)
            .env("KSM_HOSTNAME", &host)
            .run()
            .fails(5)
            .stdout("")
            .stderr_has(&said)
            .stderr_has("Hint: check the network");
    }
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_token_survives_a_network_that_is_down() {
    let vault = Vault::with_db();
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_CLI_TOKEN", &token);
    home.command(["profile", "init"])
        .env("KSM_HOSTNAME", format!("localhost:{}", closed_port()))
        .run()
        .may_write_secrets()
        .fails(5)
        .stdout("")
        .stderr_has("cannot connect to localhost:")
        .stderr_has("Hint: check the network");
    home.ksm(["profile", "init"]).succeeds();
    read(&home)
        .without("KSM_CLI_TOKEN")
        .run()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
}

#[test]
fn an_implausible_host_is_refused_before_any_request() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    for wrong in [
        "http://localhost",
        "https://localhost/path",
        "https://localhost?query",
        "user@localhost",
        "https://user:canary@localhost",
        "local host",
        "localhost:port",
        "localhost:0",
        "localhost:65536",
        "https://",
        ":443",
        "-",
        "localhost\u{1b}[2J",
        "ftp://localhost",
        "../localhost",
    ] {
        read(&home)
            .env("KSM_HOSTNAME", wrong)
            .run()
            .fails(6)
            .stdout("")
            .stderr_has("KSM_HOSTNAME: ");
    }
    assert_eq!(vault.requests(), [""; 0]);
    for right in [
        format!("https://{}/", vault.host()),
        format!("HTTPS://{}", vault.host().to_uppercase()),
        String::new(),
    ] {
        read(&home)
            .env("KSM_HOSTNAME", right)
            .run()
            .succeeds()
            .stdout("canary-1");
    }
}

#[test]
fn an_odd_host_is_called_by_its_fault() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let stored = Home::bound_to(&vault);
    let ini = stored.read("keeper.ini");
    for (host, fault) in [
        ("localhost:1/path", "has a path"),
        ("localhost/path", "has a path"),
        ("localhost/api/", "has a path"),
        ("https://localhost:1/api/rest", "has a path"),
        ("localhost//", "has a path"),
        ("localhost?a=b", "has a query"),
        ("localhost:1#part", "has a fragment"),
        ("user@localhost:1", "has a user name"),
        ("user:canary@localhost", "has a user name"),
        ("https://user:canary@localhost:1/", "has a user name"),
        ("localhost:x", "has no valid port"),
        ("localhost:", "has no valid port"),
        ("http://localhost:1", "asks for plain http"),
        ("local host", "is not a host name"),
    ] {
        read(&home)
            .env("KSM_HOSTNAME", host)
            .run()
            .fails(6)
            .stderr_has("KSM_HOSTNAME: `")
            .stderr_has(fault);
        let named = format!("hostname = {}\n", vault.host());
        stored.write(
            "keeper.ini",
            ini.replace(&named, &format!("hostname = {host}\n")),
        );
        read(&stored).run().fails(6).stderr_has(fault);
    }
}
