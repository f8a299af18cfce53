//! Attachments come from other hosts, by links that are credentials: the same policy holds for them (N1, N2, N4).

use serde_json::json;

use crate::support::{Fault, FaultProxy, Home, Server, Vault, login};

const UNREADABLE: &str = "file FileAAAAAAAAAAAAAAAAAA cannot be decrypted";

fn vault() -> Vault {
    let file = json!({"name": "key.pem", "uid": "FileAAAAAAAAAAAAAAAAAA", "text": "canary-file\n"});
    Vault::start().with(login("db").attachment(file))
}

fn read(home: &Home) -> crate::support::Run {
    home.ksm(["secret", "notation", "keeper://db/file/key.pem"])
}

#[test]
fn a_link_is_followed_without_our_headers() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    read(&home).succeeds().stdout("canary-file\n").stderr("");
    assert_eq!(faults.requests(), ["get_secret", "files"]);
    for header in ["TransmissionKey", "PublicKeyId", "Authorization"] {
        assert_eq!(faults.header(header).len(), 1, "{header}");
    }
}

#[test]
fn a_few_redirects_are_followed_to_https_only() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let elsewhere = format!("https://{}/there", faults.host());
    faults.on("/files/", Fault::redirect("http://localhost/files/x"));
    read(&home)
        .fails(5)
        .stdout("")
        .stderr_has("link to a file without https");

    faults.forget_requests();
    faults.on("/files/", Fault::redirect(&elsewhere));
    faults.on("/there", Fault::redirect(&elsewhere));
    read(&home)
        .fails(5)
        .stdout("")
        .stderr_has("redirects too often");
    assert_eq!(faults.requests().len(), 5);

    // One that leads to the content in the end.
    faults.clear();
    faults.forget_requests();
    faults.next(Fault::None).next(Fault::Spoil(|answer| {
        let text = String::from_utf8_lossy(&answer).into_owned();
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        b"HTTP/1.1 302 Fault\r\nLocation: ?again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec()
    }));
    read(&home).succeeds().stdout("canary-file\n");
    assert_eq!(faults.requests(), ["get_secret", "files", "files"]);
}

#[test]
fn a_link_that_has_run_out_is_renewed_once() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let old = Fault::answer(403, "<Error>Request has expired</Error>");
    faults.next(Fault::None).next(old.clone());
    read(&home).succeeds().stdout("canary-file\n");
    assert_eq!(
        faults.requests(),
        ["get_secret", "files", "get_secret", "files"]
    );
    faults.forget_requests();
    faults.on("/files/", old);
    read(&home)
        .fails(4)
        .stdout("")
        .stderr_has("the storage answered with status 403");
    assert_eq!(faults.requests().len(), 4);
}

#[test]
fn a_damaged_or_missing_download_is_not_passed_on() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let cases = [
        (Fault::garbled(), 1, UNREADABLE),
        (Fault::answer(200, "canary"), 1, UNREADABLE),
        (
            Fault::truncated(),
            5,
            "broke before the answer was complete",
        ),
        (Fault::Drop, 5, "localhost:"),
        (Fault::answer(404, ""), 4, "status 404"),
        (Fault::answer(503, ""), 5, "status 503"),
        (Fault::Announce(1 << 40), 5, "sends more than 64 MiB"),
    ];
    for (fault, code, said) in cases {
        faults.clear();
        faults.on("/files/", fault);
        let run = home.ksm(["secret", "notation", "keeper://db/file/key.pem"]);
        run.fails(code).stdout("").stderr_has(said);
        // The link is a credential.
        run.stderr_lacks("/files/");
    }
}

#[test]
fn a_download_is_a_read_and_repeated() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for fault in [Fault::truncated(), Fault::Drop, Fault::answer(502, "")] {
        faults.forget_requests();
        faults.next(Fault::None).next(fault);
        read(&home).succeeds().stdout("canary-file\n").stderr("");
        assert_eq!(faults.requests(), ["get_secret", "files", "files"]);
    }
}

#[test]
fn a_file_host_needs_a_valid_certificate_too() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let stranger = FaultProxy::with_unknown_authority(&vault);
    let home = Home::configured_for(&faults);
    let to = format!("https://{}/files/x", stranger.host());
    faults.on("/files/", Fault::redirect(&to));
    read(&home)
        .fails(5)
        .stdout("")
        .stderr_has("did not prove who it is");
    assert_eq!(stranger.requests(), [""; 0]);
}
