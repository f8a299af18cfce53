//! Certificates of the server, the roots they are checked against, and the one way to check nothing (N1, N3, D17).

use super::read;
use crate::support::{Fault, FaultProxy, Home, Server, Vault};

#[test]
fn a_server_with_a_wrong_certificate_gets_no_request() {
    let vault = Vault::with_db();
    let wrong_name = FaultProxy::with_another_name(&vault);
    let unknown = FaultProxy::with_unknown_authority(&vault);
    for (faults, reason) in [(&wrong_name, "not valid for name"), (&unknown, "")] {
        let mut home = Home::configured_for(&vault);
        home.write(".ca.pem", format!("{}{}", vault.ca_pem(), faults.ca_pem()));
        home.set("KSM_HOSTNAME", faults.host());
        read(&home)
            .run()
            .fails(5)
            .stdout("")
            .stderr_has("localhost:")
            .stderr_has("did not prove who it is: ")
            .stderr_has(reason)
            .stderr_has("Hint: KSM_CA_FILE");
        assert_eq!(faults.requests(), [""; 0]);
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn system_roots_do_not_vouch_for_private_authorities() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    home.unset("KSM_CA_FILE");
    home.unset("CURL_CA_BUNDLE");
    read(&home)
        .run()
        .fails(5)
        .stderr_has(" did not prove who it is: its certificate comes from ")
        .stderr_has("`ksm development authority`, whom nobody vouches for here\n");
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn each_way_to_name_roots_is_one() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    home.unset("KSM_CA_FILE");
    home.unset("CURL_CA_BUNDLE");
    let other = Home::trusting(&FaultProxy::before(&vault)).read(".ca.pem");
    let (_, other) = other.split_at(vault.ca_pem().len());
    let ours = home.path(".ca.pem").into_os_string();
    let other = home.write("tmp/other.pem", other).into_os_string();
    home.write("tmp/roots/ours.pem", vault.ca_pem());
    let directory = home.path("tmp/roots").into_os_string();
    // The first replaces the system's roots and all behind it; KSM_CA_FILE is always added.
    let cases: &[(&[(&str, &std::ffi::OsString)], bool)] = &[
        (&[("KSM_CA_FILE", &ours)], true),
        (&[("SSL_CERT_FILE", &ours)], true),
        (&[("SSL_CERT_DIR", &directory)], true),
        (&[("REQUESTS_CA_BUNDLE", &ours)], true),
        (&[("REQUESTS_CA_BUNDLE", &directory)], true),
        (&[("CURL_CA_BUNDLE", &ours)], true),
        (&[("SSL_CERT_FILE", &other)], false),
        (
            &[("SSL_CERT_FILE", &other), ("SSL_CERT_DIR", &directory)],
            true,
        ),
        (
            &[("SSL_CERT_FILE", &other), ("REQUESTS_CA_BUNDLE", &ours)],
            false,
        ),
        (
            &[("REQUESTS_CA_BUNDLE", &other), ("CURL_CA_BUNDLE", &ours)],
            false,
        ),
        (&[("SSL_CERT_FILE", &other), ("KSM_CA_FILE", &ours)], true),
        (&[("SSL_CERT_FILE", &ours), ("KSM_CA_FILE", &other)], true),
    ];
    for (set, trusted) in cases {
        let mut call = read(&home);
        for (name, value) in *set {
            call = call.env(name, value);
        }
        let run = call.run();
        match trusted {
            true => run.exits(0).stdout("canary-1").stderr(""),
            false => run.exits(5).stdout("").stderr_has("did not prove"),
        };
    }
}

#[test]
fn unreadable_roots_do_not_turn_verification_off() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    let ours = home.path(".ca.pem");
    home.unset("KSM_CA_FILE");
    home.write("tmp/empty", "");
    home.write("tmp/text", "these are no certificates");
    home.write(
        "tmp/cut",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    );
    for setting in [
        "KSM_CA_FILE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
    ] {
        for wrong in ["tmp/none", "tmp/empty", "tmp/text", "tmp/cut"] {
            let mut call = read(&home);
            if setting != "KSM_CA_FILE" {
                call = call.env("KSM_CA_FILE", &ours);
            }
            let run = call.env(setting, wrong).run();
            run.fails(6)
                .stdout("")
                .stderr_has(wrong)
                .stderr_has(setting);
        }
    }
    home.set("KSM_CA_FILE", "tmp");
    read(&home).run().fails(6).stderr_has("KSM_CA_FILE");
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn turning_verification_off_warns_every_time() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    home.unset("KSM_CA_FILE");
    for yes in ["true", "TRUE", "1", "yes", "on", "t", "y"] {
        for _ in 0..2 {
            read(&home)
                .env("KSM_SKIP_VERIFY", yes)
                .run()
                .succeeds()
                .stdout("canary-1")
                .stderr_has("Warning: KSM_SKIP_VERIFY is set");
        }
    }
    vault.forget_requests();
    for no in ["false", "0", "no", "off", ""] {
        read(&home)
            .env("KSM_SKIP_VERIFY", no)
            .run()
            .fails(5)
            .stdout("")
            .stderr_has("did not prove")
            .stderr_lacks("Warning");
    }
    for neither in ["ture", "2", "canary", "true false"] {
        read(&home)
            .env("KSM_SKIP_VERIFY", neither)
            .run()
            .fails(6)
            .stdout("")
            .stderr_has("KSM_SKIP_VERIFY is set to something other than true or false");
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn checking_nothing_weakens_no_encryption_and_is_not_kept() {
    let vault = Vault::with_db();
    let faults = FaultProxy::with_another_name(&vault);
    let mut home = Home::new();
    let token = faults.token();
    home.watch_token(&token);
    home.set("KSM_SKIP_VERIFY", "true");
    home.command(["profile", "init"])
        .env("KSM_CLI_TOKEN", &token)
        .run()
        .succeeds()
        .stderr_has("Warning: KSM_SKIP_VERIFY is set");
    for fault in [Fault::garbled(), Fault::answer(200, "{}"), Fault::Replay] {
        faults.next(fault);
        read(&home)
            .run()
            .fails(5)
            .stdout("")
            .stderr_has("changed on the way");
    }
    home.unset("KSM_SKIP_VERIFY");
    read(&home)
        .run()
        .fails(5)
        .stderr_has(" did not prove who it is: its certificate comes from ")
        .stderr_has("`ksm development authority`, whom nobody vouches for here\n");
}
