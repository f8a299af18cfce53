//! Which failures the cache answers for, and which never (K4).

use super::{entries, filled, offline, read, vault};
use crate::support::{Fault, FaultProxy, Home};

#[test]
fn only_an_absent_server_is_stood_in_for() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = filled(&faults);
    for (fault, expected) in [
        (Fault::Drop, Ok("broke before the answer")),
        (Fault::truncated(), Ok("broke before the answer")),
        (Fault::answer(500, ""), Ok("status 500")),
        (Fault::answer(503, "<html>"), Ok("status 503")),
        (Fault::throttled(100.0), Ok("throttled: the server")),
        (Fault::answer(429, ""), Ok("throttled: the server")),
        (Fault::garbled(), Err("not made for this request")),
        (
            Fault::answer(200, "words"),
            Err("not made for this request"),
        ),
        (Fault::redirect("https://localhost/"), Err("status 307")),
        (Fault::answer(404, "<html>"), Err("status 404")),
        (Fault::answer(403, "<html>"), Err("status 403")),
        (Fault::other_key(3), Err("server key")),
    ] {
        faults.clear();
        faults.always(fault.clone());
        let run = read(&home).env("KSM_MAX_WAIT", "0").run();
        match expected {
            Ok(reason) => {
                run.succeeds().stdout("canary-1").stderr_has(reason);
                run.stderr_has("the answer is from the cache and ");
            }
            Err(reason) => {
                assert!(!run.has_code(0), "{run}");
                run.stdout("").stderr_has(reason).stderr_lacks("cache");
            }
        }
        assert_eq!(entries(&home).len(), 1, "{fault:?}");
    }
}

#[test]
fn a_certificate_error_leads_nowhere() {
    let vault = vault();
    let home = filled(&vault);
    read(&home)
        .without("KSM_CA_FILE")
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("did not prove who it is")
        .stderr_lacks("cache");
    assert_eq!(entries(&home).len(), 1);
}

#[test]
fn something_that_speaks_no_tls_is_no_server_away() {
    let (home, listener) = loop {
        let vault = vault();
        let home = filled(&vault);
        let port = vault.port();
        drop(vault);
        // A server of another test may have the port by now.
        if let Ok(listener) = std::net::TcpListener::bind(("127.0.0.1", port)) {
            break (home, listener);
        }
    };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = std::io::Write::write_all(&mut &stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    read(&home)
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("no sound TLS")
        .stderr_lacks("cache");
}

#[test]
fn a_refusal_deletes_all_that_the_device_has() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = filled(&faults);
    home.ksm(["--cache", "secret", "list"]).succeeds();
    home.ksm(["--cache", "folder", "list"]).succeeds();
    assert_eq!(entries(&home).len(), 2);
    let others = Home::configured_for(&faults);
    let place = home.path(".cache/ksm");
    read(&others)
        .env("KSM_CACHE_DIR", &place)
        .run()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(entries(&home).len(), 3);
    faults.next(Fault::denied());
    read(&home)
        .run()
        .fails(4)
        .stdout("")
        .stderr_has("access_denied");
    offline(&home).run().fails(5).stdout("");
    offline(&others)
        .env("KSM_CACHE_DIR", &place)
        .run()
        .succeeds()
        .stdout("canary-1");
}
