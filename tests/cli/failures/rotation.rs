//! A server that asks for another of its keys: followed once, within the published table, and remembered (protocol 6.2, C3).

use serde_json::json;

use super::read;
use crate::support::{Fault, FaultProxy, Home, Server, Vault};

/// A home bound through `faults` whose profile relies on the published keys, and starts with this one.
fn home_with_published_key(faults: &FaultProxy<'_>, id: &str) -> Home {
    let home = Home::bound_to(faults);
    let ini = home.read("keeper.ini");
    let lines = ini
        .lines()
        .filter(|line| !line.starts_with("serverpublickey ="))
        .map(|line| match line.starts_with("serverpublickeyid =") {
            true => format!("serverpublickeyid = {id}\n"),
            false => format!("{line}\n"),
        });
    home.write("keeper.ini", lines.collect::<String>());
    home
}

#[test]
fn a_server_that_keeps_asking_is_left() {
    let vault = Vault::with_db();
    let cases = [
        // Names the key just used.
        (&[10, 10, 10][..], &["10"][..], "keeps asking for another"),
        (&[8, 9, 11, 12], &["10", "8"], "keeps asking for another"),
        (&[8, 10, 8, 10], &["10", "8"], "keeps asking for another"),
        (
            &[99],
            &["10"],
            "its key 99, which is not among the published",
        ),
        (&[0], &["10"], "its key 0, which is not among the published"),
    ];
    for (asked_for, used, said) in cases {
        let faults = FaultProxy::before(&vault);
        let home = home_with_published_key(&faults, "10");
        let before = home.read("keeper.ini");
        for id in asked_for {
            faults.next(Fault::other_key(*id));
        }
        read(&home).run().fails(4).stdout("").stderr_has(said);
        assert_eq!(faults.header("PublicKeyId"), used, "{asked_for:?}");
        assert_eq!(home.read("keeper.ini"), before);
    }
}

#[test]
fn a_wish_that_names_no_key_is_a_refusal() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = home_with_published_key(&faults, "10");
    for id in [json!(null), json!("ten"), json!(-1), json!([8]), json!(8.5)] {
        faults.forget_requests();
        faults.next(Fault::refuse(401, json!({"error": "key", "key_id": id})));
        read(&home)
            .run()
            .fails(4)
            .stdout("")
            .stderr_has("refused its key 10 and named no other");
        assert_eq!(faults.requests().len(), 1, "{id}");
    }
}

#[test]
fn a_key_of_the_users_is_not_replaced() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::bound_to(&faults);
    let before = home.read("keeper.ini");
    for id in [10, 20, 21] {
        faults.forget_requests();
        faults.next(Fault::other_key(id));
        read(&home)
            .run()
            .fails(4)
            .stdout("")
            .stderr_has("refused the configuration's own server key 20");
        assert_eq!(faults.header("PublicKeyId"), ["20"]);
    }
    assert_eq!(home.read("keeper.ini"), before);
}

#[test]
fn what_an_answer_did_not_prove_is_not_remembered() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = home_with_published_key(&faults, "10");
    let before = home.read("keeper.ini");
    // Nobody without the server's private key can say something that opens; an empty body says nothing at all.
    for answer in ["", "{}", "x"] {
        faults
            .next(Fault::other_key(8))
            .next(Fault::answer(200, answer));
        read(&home).run().fails(5).stdout("");
        assert_eq!(home.read("keeper.ini"), before, "{answer:?}");
    }
}

/// To answer under a published key takes its private half, which no test has. So these run a copy of the
/// program in whose table the vault's own key stands as number 8.
#[cfg(target_os = "linux")]
mod with_the_vaults_key_in_the_table {
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    use super::*;
    use crate::failures::PASSWORD;
    use crate::support::Vault;

    const NUMBER_8: &str =
        "BKnhy0obglZJK-igwthNLdknoSXRrGB-mvFRzyb_L-DKKefWjYdFD2888qN1ROczz4n3keYSfKz9Koj90Z6w_tQ";

    /// A copy of the program with `key` in the place of number 8. A shell makes it: what a thread of this process had
    /// open for writing could not be run as long as another thread's child holds it as well.
    fn ksm_knowing(home: &Home, key: &str) -> PathBuf {
        let path = home.path("tmp/ksm");
        let replace = r#"cp "$0" "$1"
            grep --text --byte-offset --only-matching --fixed-strings -e "$2" "$1" | cut -d: -f1 > "$1.places"
            [ -s "$1.places" ] || exit 1
            while read -r place; do
                printf %s "$3" | dd of="$1" bs=1 seek="$place" conv=notrunc status=none
            done < "$1.places"
            rm "$1.places""#;
        let replaced = Command::new("sh")
            .args(["-ec", replace, env!("CARGO_BIN_EXE_ksm")])
            .arg(&path)
            .args([NUMBER_8, key])
            .status();
        assert!(replaced.unwrap().success());
        path
    }

    fn key_of(vault: &Vault) -> String {
        vault.token().rsplit(':').next().unwrap().to_owned()
    }

    /// To the vault, its key is number 20. The number is not signed.
    fn in_its_own_numbers() -> Fault {
        Fault::Alter(|request| {
            let head = request.windows(4).position(|four| four == b"\r\n\r\n");
            let (head, body) = request.split_at(head.unwrap());
            let head = String::from_utf8(head.to_vec()).unwrap();
            let head =
                head.split("\r\n")
                    .map(|line| match line.to_lowercase() == "publickeyid: 8" {
                        true => "PublicKeyId: 20",
                        false => line,
                    });
            [head.collect::<Vec<_>>().join("\r\n").as_bytes(), body].concat()
        })
    }

    #[test]
    fn noting_a_server_key_waits_for_nobody() {
        let vault = Vault::with_db();
        let faults = FaultProxy::before(&vault);
        let home = home_with_published_key(&faults, "10");
        let ksm = ksm_knowing(&home, &key_of(&vault));
        let before = home.read("keeper.ini");
        let lock = std::fs::File::open(home.path("keeper.ini.lock")).unwrap();
        lock.lock().unwrap();
        faults
            .next(Fault::other_key(8))
            .always(in_its_own_numbers());
        let started = std::time::Instant::now();
        home.program(&ksm, ["secret", "notation", PASSWORD])
            .run()
            .succeeds()
            .stdout("canary-1")
            .stderr("");
        assert!(started.elapsed().as_secs() < 9);
        assert_eq!(home.read("keeper.ini"), before);
    }

    #[test]
    fn the_key_asked_for_is_used_and_remembered() {
        let vault = Vault::with_db();
        let faults = FaultProxy::before(&vault);
        let home = home_with_published_key(&faults, "10");
        let ksm = ksm_knowing(&home, &key_of(&vault));
        let run = || home.program(&ksm, ["secret", "notation", PASSWORD]).run();
        let before = home.read("keeper.ini");
        faults
            .next(Fault::other_key(8))
            .always(in_its_own_numbers());
        run().succeeds().stdout("canary-1").stderr("");
        assert_eq!(faults.header("PublicKeyId"), ["10", "8"]);
        assert_eq!(
            home.read("keeper.ini"),
            before.replace("serverpublickeyid = 10", "serverpublickeyid = 8")
        );
        assert_eq!(home.mode("keeper.ini"), 0o600);

        faults.forget_requests();
        run().succeeds().stdout("canary-1").stderr("");
        assert_eq!(faults.header("PublicKeyId"), ["8"]);
    }

    #[test]
    fn an_unwritable_store_costs_one_round_trip() {
        let vault = Vault::with_db();
        let faults = FaultProxy::before(&vault);
        let home = home_with_published_key(&faults, "10");
        let ksm = ksm_knowing(&home, &key_of(&vault));
        // Below /proc nothing can be written.
        fs::remove_file(home.path("keeper.ini.lock")).unwrap();
        std::os::unix::fs::symlink("/proc/none", home.path("keeper.ini.lock")).unwrap();
        let before = home.read("keeper.ini");
        faults
            .next(Fault::other_key(8))
            .always(in_its_own_numbers());
        home.program(&ksm, ["secret", "notation", PASSWORD])
            .run()
            .succeeds()
            .stdout("canary-1");
        assert_eq!(home.read("keeper.ini"), before);
    }

    #[test]
    fn a_read_only_configuration_costs_one_round_trip_each() {
        let vault = Vault::with_db();
        let faults = FaultProxy::before(&vault);
        let home = home_with_published_key(&faults, "10");
        let ksm = ksm_knowing(&home, &key_of(&vault));
        let json = ["profile", "export", "--plain", "--file-format", "json"];
        let run = home.ksm(json);
        home.write("mounted", run.may_print_secrets().succeeds().stdout_bytes());
        for file in ["keeper.ini", "keeper.ini.lock"] {
            fs::remove_file(home.path(file)).unwrap();
        }
        let before = (home.files(), home.read("mounted"));
        for _ in 0..2 {
            faults.forget_requests();
            faults
                .next(Fault::other_key(8))
                .always(in_its_own_numbers());
            home.program(
                &ksm,
                ["--log-level", "INFO", "secret", "notation", PASSWORD],
            )
            .env("KSM_CONFIG_FILE", home.path("mounted"))
            .run()
            .succeeds()
            .stdout("canary-1")
            .stderr_has("nothing was stored: the profile comes from KSM_CONFIG_FILE");
            assert_eq!(faults.header("PublicKeyId"), ["10", "8"]);
        }
        assert_eq!((home.files(), home.read("mounted")), before);
    }

    #[test]
    fn a_device_is_introduced_under_the_key_asked_for() {
        let vault = Vault::with_db();
        let faults = FaultProxy::before(&vault);
        let home = Home::trusting(&faults);
        let ksm = ksm_knowing(&home, &key_of(&vault));
        let token = faults.token();
        home.watch_token(&token);
        let short: Vec<_> = token.split(':').take(3).collect();
        faults
            .next(Fault::other_key(8))
            .always(in_its_own_numbers());
        home.program(&ksm, ["profile", "init"])
            .env("KSM_CLI_TOKEN", short.join(":"))
            .run()
            .succeeds();
        assert_eq!(faults.header("PublicKeyId"), ["10", "8", "8"]);
        assert!(home.read("keeper.ini").contains("serverpublickeyid = 8\n"));
    }
}
