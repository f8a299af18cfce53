//! Answers that are not the protocol's: exit 5, nothing on stdout, nothing believed (C2, C4, N4, N8).

use super::{PASSWORD, each_fault_at_once, read};
use crate::support::{Fault, FaultProxy, Home, Server, Vault};

#[test]
fn what_no_vault_would_answer_is_refused() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let web_page = "and no reason a Keeper server would give\nHint: check the host of the profile";
    let changed = "the answer was not made for this request, or was changed on the way";
    let cases = [
        (Fault::answer(403, "<html>canary</html>"), web_page),
        (Fault::answer(401, ""), web_page),
        (Fault::answer(400, "[{\"error\": \"throttled\"}]"), web_page),
        (Fault::answer(403, "null"), web_page),
        (Fault::answer(418, "\"throttled\""), web_page),
        (Fault::answer(403, "[".repeat(100_000)), web_page),
        (Fault::answer(403, "{\"error\": \"throttled\""), web_page),
        (Fault::answer(204, ""), web_page),
        (Fault::answer(201, "{}"), "status 201"),
        (Fault::garbled(), changed),
        (Fault::answer(200, "{\"records\": []}"), changed),
        (
            Fault::answer(200, "<html>Welcome to our Wi-Fi</html>"),
            changed,
        ),
        (Fault::answer(200, "short"), changed),
        (Fault::answer(200, vec![0; 28]), changed),
        (Fault::answer(200, ""), "the answer"),
        (
            Fault::Answer {
                status: 200,
                headers: "Content-Encoding: gzip\r\n".to_owned(),
                body: b"\x1f\x8b\x08 and so on, for ever and ever".to_vec(),
            },
            changed,
        ),
    ];
    for (fault, said) in cases {
        faults.forget_requests();
        faults.next(fault.clone());
        let run = home.ksm(["secret", "list", "--json"]);
        run.fails(5).stdout("").stderr_has(said);
        // It came, so asking again is no use.
        assert_eq!(faults.requests().len(), 1, "{fault:?}");
    }
}

#[test]
fn what_is_no_http_is_no_answer() {
    let vault = Vault::with_db();
    each_fault_at_once(
        &vault,
        [
            Fault::Spoil(|_| b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec()),
            Fault::Spoil(|_| b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".to_vec()),
            Fault::Spoil(|_| b"HTTP/1.1 two hundred\r\n\r\n".to_vec()),
            Fault::Spoil(|_| vec![0; 100_000]),
            Fault::Spoil(|_| {
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"
                    .to_vec()
            }),
            Fault::Answer {
                status: 200,
                headers: "X-Canary: and so on\r\n".repeat(200_000),
                body: Vec::new(),
            },
        ],
        |faults, run, fault| {
            run.fails(5).stdout("").stderr_has("localhost:");
            assert_eq!(faults.requests().len(), 3, "{fault:?}");
        },
    );
}

#[test]
fn an_old_answer_is_no_answer() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    read(&home).run().succeeds().stdout("canary-1");
    faults.next(Fault::Replay);
    read(&home)
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("was not made for this request");
    assert_eq!(vault.requests().len(), 1);
}

#[test]
fn whoever_listens_behind_tls_learns_nothing() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    read(&home).run().succeeds().stdout("canary-1");
    for request in faults.requests_in_full() {
        let text = String::from_utf8_lossy(&request).into_owned();
        assert!(!text.contains("canary") && !text.contains(PASSWORD));
        // Without compression no answer can blow up (N8).
        assert!(!text.to_lowercase().contains("accept-encoding"));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let elsewhere = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let to = format!("https://{}/api/rest/sm/v1/get_secret", elsewhere.host());
    for status in [301, 302, 303, 307, 308] {
        faults.forget_requests();
        faults.next(Fault::Answer {
            status,
            headers: format!("Location: {to}\r\n"),
            body: Vec::new(),
        });
        let run = home.ksm(["secret", "list"]);
        run.fails(5)
            .stdout("")
            .stderr_has(&format!("status {status}"))
            .stderr_lacks(&elsewhere.host());
        assert_eq!(faults.requests().len(), 1);
    }
    assert_eq!(elsewhere.requests(), [""; 0]);
}

#[test]
fn what_is_too_large_is_not_taken_in() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.next(Fault::Announce(1 << 40));
    home.ksm(["secret", "list"])
        .fails(5)
        .stdout("")
        .stderr_has("sends more than 512 MiB");
    // A refusal has no reason to be long.
    for announced in [true, false] {
        let body = vec![b' '; 2 << 20];
        let headers = match announced {
            true => "",
            // Makes the length that the proxy sends a name of its own.
            false => "Transfer-Encoding: identity\r\nX-",
        };
        faults.next(Fault::Answer {
            status: 403,
            headers: headers.to_owned(),
            body,
        });
        home.ksm(["secret", "list"])
            .fails(5)
            .stdout("")
            .stderr_has("sends more than 1 MiB");
    }
}

#[test]
fn an_answer_without_end_has_one_here() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.always(Fault::Endless);
    home.ksm(["secret", "list"])
        .fails(5)
        .stdout("")
        .stderr_has("sends more than 512 MiB");
    assert_eq!(faults.requests().len(), 1);
}
