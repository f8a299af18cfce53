//! Proxies: used when set, never quietly left out, and their passwords not shown (N9, D17).

use ksm::codec;
use ksm::dev::ServerCertificate;

use super::read;
use crate::support::{ConnectProxy, Home, Server, Vault};

#[test]
fn a_proxy_is_used() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let proxy = ConnectProxy::start();
    let address = proxy.address();
    for (variable, value) in [
        ("HTTPS_PROXY", format!("http://{address}")),
        ("https_proxy", format!("http://{address}/")),
        ("ALL_PROXY", address.clone()),
        ("all_proxy", format!("HTTP://{address}")),
    ] {
        let before = proxy.requests().len();
        read(&home)
            .env(variable, value)
            .run()
            .succeeds()
            .stdout("canary-1")
            .stderr("");
        let requests = proxy.requests().split_off(before);
        assert_eq!(requests.len(), 1, "{variable}");
        let line = format!("CONNECT {} HTTP/1.1\r\n", vault.host());
        assert!(requests[0].starts_with(&line), "{requests:?}");
        // The secret headers are for the vault alone.
        for name in ["authorization:", "transmissionkey:", "publickeyid:"] {
            assert!(!requests[0].to_lowercase().contains(name), "{requests:?}");
        }
    }
    // For another scheme, or nothing at all.
    let before = proxy.requests().len();
    read(&home)
        .env("HTTP_PROXY", format!("http://{address}"))
        .env("HTTPS_PROXY", "")
        .run()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(proxy.requests().len(), before);
}

#[test]
fn the_proxy_for_https_comes_first() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let (first, second) = (ConnectProxy::start(), ConnectProxy::start());
    read(&home)
        .env("HTTPS_PROXY", first.address())
        .env("ALL_PROXY", second.address())
        .run()
        .succeeds()
        .stdout("canary-1");
    assert_eq!((first.requests().len(), second.requests().len()), (1, 0));
}

#[test]
fn exceptions_are_honoured() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let proxy = ConnectProxy::start();
    let with = |variable: &str, value: &str| {
        let before = proxy.requests().len();
        read(&home)
            .env("HTTPS_PROXY", proxy.address())
            .env(variable, value)
            .run()
            .succeeds()
            .stdout("canary-1");
        proxy.requests().len() - before
    };
    for (value, used) in [
        ("localhost", 0),
        ("example.com, localhost", 0),
        (".localhost", 0),
        ("*", 0),
        ("example.com", 1),
        ("host", 1),
        ("", 1),
        (&vault.host(), 0),
        ("localhost:1", 1),
        ("10.0.0.0/8 localhost", 0),
    ] {
        assert_eq!(with("NO_PROXY", value), used, "{value}");
        assert_eq!(with("no_proxy", value), used, "{value}");
    }
}

#[test]
fn a_proxy_gets_the_credentials_it_demands() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let proxy = ConnectProxy::demanding(&format!(
        "Basic {}",
        codec::encode("me@home:canary/p w".as_bytes())
    ));
    let with = |user: &str| {
        let url = format!("http://{user}{}", proxy.address());
        read(&home).env("HTTPS_PROXY", url).run()
    };
    with("me%40home:canary%2Fp%20w@")
        .succeeds()
        .stdout("canary-1")
        .stderr("");
    vault.forget_requests();
    // The harness fails any run that shows the password.
    for wrong in ["me:canary-wrong@", "canary-user@", ""] {
        with(wrong)
            .fails(5)
            .stdout("")
            .stderr_has(&format!(
                " with the proxy in HTTPS_PROXY ({}): ",
                proxy.address()
            ))
            .stderr_has("it answers 407: it wants a user name and a password that it knows");
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_proxy_may_be_spoken_to_over_tls() {
    let vault = Vault::with_db();
    let certificate = ServerCertificate::generate(&["127.0.0.1"]).unwrap();
    let proxy = ConnectProxy::behind_tls(&certificate);
    let home = Home::configured_for(&vault);
    let url = format!("https://{}", proxy.address());
    read(&home)
        .env("HTTPS_PROXY", &url)
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("did not prove who it is");
    assert_eq!(proxy.requests(), [""; 0]);
    home.write(".ca.pem", vault.ca_pem() + &certificate.ca_pem);
    read(&home)
        .env("HTTPS_PROXY", &url)
        .run()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn an_unusable_proxy_is_not_bypassed() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    for wrong in [
        "socks5://user:canary@127.0.0.1:1080",
        "http://",
        "http://user:canary@",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:8080/path",
        "http://127.0.0.1:8080?canary",
        "127.0.0.1:canary",
        "direct://",
        "no proxy",
    ] {
        for variable in ["HTTPS_PROXY", "all_proxy"] {
            read(&home)
                .env(variable, wrong)
                .run()
                .fails(6)
                .stdout("")
                .stderr_has(&format!("the proxy in {}", variable.to_uppercase()));
        }
    }
    // One that is not there.
    read(&home)
        .env("HTTPS_PROXY", "http://me:canary@127.0.0.1:1")
        .run()
        .fails(5)
        .stdout("")
        .stderr_has(" with the proxy in HTTPS_PROXY (127.0.0.1:1): ");
    assert_eq!(vault.requests(), [""; 0]);
}
