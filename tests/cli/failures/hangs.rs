//! Silence. Every wait has an end (N6, D18): this test takes as long as the longest of them, a
//! minute, and lets all of them run at once.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::{Fault, FaultProxy, Home, Vault, login};

/// Longer than the longest of them on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(90);

#[test]
fn every_wait_has_an_end() {
    let vault = Vault::with_db().with(login("files").file("key.pem", "canary-file\n"));
    let faulty = |part: &str, fault: Fault| {
        let faults = FaultProxy::before(&vault);
        let home = Home::configured_for(&faults);
        faults.on(part, fault);
        (home, faults)
    };
    let (before, _before) = faulty("/", Fault::HangBefore);
    let (after, _after) = faulty("/", Fault::HangAfter);
    let (drip, _drip) = faulty("/", Fault::Drip);
    let (file, _file) = faulty("/files/", Fault::HangBefore);
    let (form, _form) = faulty("/uploads/", Fault::HangBefore);
    // Takes connections and never says a word, not even of TLS.
    let mute = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = mute.local_addr().unwrap().port();
    let mut deaf = Home::configured_for(&vault);
    deaf.set("KSM_HOSTNAME", format!("localhost:{port}"));
    let mut proxy = Home::configured_for(&vault);
    proxy.set("HTTPS_PROXY", format!("http://127.0.0.1:{port}"));
    let lost = FaultProxy::before(&vault);
    let (mut unbound, token) = Home::with_token(&lost);
    unbound.set("KSM_CLI_TOKEN", token);
    lost.always(Fault::HangAfter);

    let list: &[&str] = &["secret", "list"];
    let notation: &[&str] = &["secret", "notation", "keeper://files/file/key.pem"];
    let upload: &[&str] = &[
        "secret", "upload", "-u", "files", "-f", "-", "-t", "nothing",
    ];
    let minute = "gave no answer within 60 seconds";
    let refused = "cannot connect to localhost:";
    // In the order in which they end.
    let cases = [
        (&file, notation, "stopped answering", 25..50),
        (&form, upload, "stopped answering", 25..50),
        (&deaf, list, refused, 25..50),
        (&proxy, list, refused, 25..50),
        (&before, list, minute, 55..80),
        (&after, list, minute, 55..80),
        (&drip, list, minute, 55..80),
        (&unbound, &["profile", "init"], minute, 55..80),
    ];
    let start = Instant::now();
    let running = cases.map(|(home, command, said, seconds)| {
        let run = home.command(command.iter().copied()).stdin("a file");
        let run = run.timeout(TIMEOUT);
        (home, run.spawn(), said, seconds)
    });
    for (home, run, said, seconds) in running {
        let run = run.wait(home);
        run.may_write_secrets().fails(5).stdout("").stderr_has(said);
        let took = start.elapsed().as_secs();
        assert!(seconds.contains(&took), "{took} s\n{run}");
    }
    lost.clear();
    unbound.ksm(["profile", "init"]).succeeds();
    assert_eq!(unbound.files(), ["keeper.ini", "keeper.ini.lock"]);
}
