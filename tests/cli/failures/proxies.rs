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
        with(wrong).fails(5).stdout("").stderr_has(&format!(
            "the proxy in HTTPS_PROXY (http://{0}) refuses to connect to {1}: \
                 it answers 407 Proxy Authentication Required\n\
                 Hint: it wants a user name and a password that it knows: \
                 HTTPS_PROXY=http://USER:PASSWORD@{0}\n",
            proxy.address(),
            vault.host()
        ));
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
        .stderr_has(&format!(
            "the proxy in HTTPS_PROXY ({url}) cannot be used: {} did not prove who it is",
            proxy.address()
        ))
        .stderr_has("Hint: KSM_CA_FILE names");
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
fn a_refusal_of_a_proxy_is_shown() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let host = vault.host();
    for (answer, told, hint, asked) in [
        (
            "HTTP/1.1 403 No\r\nX: canary\r\n\r\ncanary",
            "it answers 403 Forbidden",
            "whoever runs the proxy has to allow HOST; where HOST is reached without it, NO_PROXY=HOST",
            2,
        ),
        (
            "HTTP/1.1 502 No\r\n\r\n",
            "it answers 502 Bad Gateway",
            "the proxy does not reach HOST: check the host of the profile, or try again in a while",
            6,
        ),
        (
            "HTTP/1.0 400 No\r\n\r\n",
            "it answers 400 Bad Request",
            "check whether a proxy is at PROXY, which HTTPS_PROXY names",
            2,
        ),
        (
            "SSH-2.0-OpenSSH_9.2\r\n",
            "its answer is no HTTP",
            "a proxy that is spoken to over TLS is written HTTPS_PROXY=https://PROXY",
            2,
        ),
        (
            "",
            "it closes the connection",
            "a proxy that is spoken to over TLS is written HTTPS_PROXY=https://PROXY",
            3,
        ),
    ] {
        let proxy = ConnectProxy::answering(answer);
        let address = proxy.address();
        let hint = hint.replace("HOST", &host).replace("PROXY", &address);
        let hint = hint.replace(&format!("NO_{address}="), "NO_PROXY=");
        let hint = hint.replace(&format!("HTTPS_{address}"), "HTTPS_PROXY");
        read(&home)
            .env("HTTPS_PROXY", format!("http://me:canary@{address}"))
            .run()
            .fails(5)
            .stdout("")
            .stderr(&format!(
                "Error: the proxy in HTTPS_PROXY (http://{address}) refuses to connect to {host}: {told}\n\
                 Hint: {hint}\n"
            ));
        // What asks for the reason says no more than what was refused.
        let requests = proxy.requests();
        assert_eq!(requests.len(), asked, "{answer}: {requests:?}");
        let credentials = format!("Basic {}", codec::encode("me:canary".as_bytes()));
        for request in requests {
            assert!(request.starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")));
            for line in request.lines().skip(1).filter(|line| !line.is_empty()) {
                let (name, value) = line.split_once(": ").unwrap();
                match name.to_lowercase().as_str() {
                    "host" => assert_eq!(value, host),
                    "proxy-authorization" => assert_eq!(value, credentials),
                    "user-agent" => assert!(value.starts_with("ksm/")),
                    "accept" => assert_eq!(value, "*/*"),
                    other => panic!("{other}"),
                }
            }
        }
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_proxy_with_the_wrong_scheme_is_named() {
    let vault = Vault::with_db();
    let home = Home::configured_for(&vault);
    let plain = ConnectProxy::start().address();
    let certificate = ServerCertificate::generate(&["127.0.0.1"]).unwrap();
    let tls = ConnectProxy::behind_tls(&certificate).address();
    let with = |scheme: &str, address: &str| {
        let url = format!("{scheme}://me:canary@{address}");
        read(&home).env("HTTPS_PROXY", url).run()
    };
    with("https", &plain)
        .fails(5)
        .stdout("")
        .stderr_has(&format!(
            "the proxy in HTTPS_PROXY (https://{plain}) cannot be used: "
        ))
        .stderr_has(&format!(
            "Hint: most proxies are spoken to without TLS: HTTPS_PROXY=http://{plain}\n"
        ));
    with("http", &tls)
        .fails(5)
        .stdout("")
        .stderr(&format!(
            "Error: the proxy in HTTPS_PROXY (http://{tls}) refuses to connect to {}: its answer is no HTTP\n\
             Hint: a proxy that is spoken to over TLS is written HTTPS_PROXY=https://{tls}\n",
            vault.host()
        ));
    assert_eq!(vault.requests(), [""; 0]);
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
        .stderr_has(" with the proxy in HTTPS_PROXY (http://127.0.0.1:1): ");
    assert_eq!(vault.requests(), [""; 0]);
}
