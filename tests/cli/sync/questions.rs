//! Nothing is asked before the command line is right, and nothing is written before the vault said all.

use super::{home, sync, vault};
use crate::support::{Fault, FaultProxy, Home, SecretsManager, UID, Vault, folder, login};

#[test]
fn a_wrong_command_line_asks_nobody() {
    let vault = vault();
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    for (words, said) in [
        ("", "For type=json, at least one of --map/-m"),
        ("-t azure", "For type=azure, --map/-m must be provided"),
        (
            "-t azure -m a db/type -r db",
            "--record/-r option is only supported with type=aws",
        ),
        ("-t nowhere -m a db/type", "Error: "),
        ("-t aws -r db", "--prefix/-px is required"),
        (
            "-t aws -r db -px keeper",
            "must end with a separator character",
        ),
        (
            "-t aws -p --delete-missing -m a db/type",
            "is mutually exclusive with",
        ),
        ("-t aws -m a", "--map"),
        (
            "-t aws -m a! db/type -m b db/type -m b db/type",
            "  - 'b' appears 2 times",
        ),
        (
            "-m a! db/type",
            "  - Key 'a!': contains invalid characters: '!'",
        ),
        ("-m a db/canary", "  - Key 'a': Keeper notation is invalid"),
    ] {
        sync(&home, words).fails(2).stdout("").stderr_has(said);
    }
    assert_eq!((vault.requests(), aws.calls()), (vec![], vec![]));
}

/// Missing would delete `gone`.
const WORDS: &str = "sync -t aws -m gone db/field/password -m new api/field/password -px k/";

#[test]
fn a_vault_that_fails_leaves_everything_as_it_is() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let aws = SecretsManager::with(&[("gone", "canary-gone")]);
    let home = home(&faults, &aws);
    let garble: fn(Vec<u8>) -> Vec<u8> = |mut answer| {
        if let Some(last) = answer.last_mut() {
            *last ^= 1;
        }
        answer
    };
    let run = |words: &str| {
        home.ksm(
            words
                .split(' ')
                .chain(["--max-wait", "0"])
                .collect::<Vec<_>>(),
        )
    };
    for (fault, code) in [
        (Fault::Drop, 5),
        (Fault::answer(500, ""), 5),
        (Fault::throttled(1.0), 4),
        (Fault::denied(), 4),
        (Fault::Spoil(garble), 5),
    ] {
        // Folders take a request of their own, before that for the records.
        for (request, words) in [
            ("get_secret", WORDS.to_owned()),
            ("get_folders", format!("{WORDS} -f Shop")),
            ("get_secret", format!("{WORDS} -fr Shop")),
        ] {
            faults.on(request, fault.clone());
            run(&words).fails(code).stdout("");
            faults.clear();
        }
    }
    assert_eq!(aws.calls(), [""; 0]);
    assert_eq!(aws.text("gone").as_deref(), Some("canary-gone"));
}

#[test]
fn what_is_damaged_or_ambiguous_ends_the_run() {
    let broken = login("broken").uid(UID).password("canary-2");
    let vault = vault()
        .with(login("twin").password("canary-3"))
        .with(login("twin").password("canary-4"))
        .with(broken);
    vault.garble(UID);
    let aws = SecretsManager::with(&[("gone", "canary-gone")]);
    let home = home(&vault, &aws);
    for (words, code, said) in [
        ("-m gone twin/field/password", 3, "Key 'gone': "),
        (
            "-m gone AbCdEfGhIjKlMnOpQrStUw/field/password",
            1,
            "Key 'gone': ",
        ),
        // Damage weighs more.
        (
            "-m gone AbCdEfGhIjKlMnOpQrStUw/type -m x twin/field/password",
            1,
            "Key 'x': ",
        ),
        // Its title may be that of the record that does not open.
        ("-m gone broken/field/password", 1, "Key 'gone': "),
        ("-r twin -px k/", 3, "Record resolution errors:"),
        (
            "-r AbCdEfGhIjKlMnOpQrStUw -px k/",
            1,
            "Record resolution errors:",
        ),
        ("-r broken -px k/", 1, "Record resolution errors:"),
        ("-f Shop -px k/", 1, "Not all of the folders can be read:"),
        (
            "-m gone db/field/url -c twin",
            3,
            "Cannot find the record with AWS credentials twin",
        ),
        (
            "-m gone db/field/url -c broken",
            1,
            "Cannot find the record with AWS credentials broken",
        ),
    ] {
        sync(&home, &format!("-t aws {words}"))
            .fails(code)
            .stdout("")
            .stderr_has(said);
    }
    assert_eq!(aws.calls(), [""; 0]);
}

#[test]
fn a_title_that_no_record_has_deletes_nothing() {
    let vault = vault();
    let aws = SecretsManager::with(&[("gone", "canary-gone")]);
    let home = home(&vault, &aws);
    for words in [
        "-t aws -m gone dbb/field/login",
        "-t aws -n -m gone dbb/field/login",
        "-t gcp -m gone dbb/field/login",
        "-t aws -m other db/field/login -m gone dbb/file/x",
    ] {
        sync(&home, words)
            .fails(3)
            .stdout("")
            .stderr_has("Key 'gone': no record has the title 'dbb'; did you mean `db`? ")
            .stderr_has("`--delete-missing` deletes its secret and `-p` keeps it");
    }
    sync(&home, "-t aws -m gone unlike/field/login")
        .fails(3)
        .stderr_has("no record has the title 'unlike'; there are ");
    assert_eq!(aws.calls(), [""; 0]);
    sync(&home, "-m gone dbb/field/login").succeeds();
    let kept = sync(&home, "-t aws -p -m gone dbb/field/login");
    assert_eq!(kept.succeeds().json()["status"]["kept"], 1);
    assert_eq!(aws.text("gone").as_deref(), Some("canary-gone"));
    for words in [
        "--delete-missing -m gone dbb/field/login".to_owned(),
        format!("-m gone {UID}/field/login"),
    ] {
        let aws = SecretsManager::with(&[("gone", "canary-gone")]);
        let home = self::home(&vault, &aws);
        sync(&home, &format!("-t aws {words}")).succeeds();
        assert_eq!(aws.text("gone"), None, "{words}");
    }
}

#[test]
fn a_missing_record_or_folder_is_named() {
    let vault = vault();
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    sync(&home, "-t aws -px k/ -r none -r nobody -f nowhere")
        .fails(3)
        .stderr_has("  - No record found matching token: 'none'")
        .stderr_has("  - No record found matching token: 'nobody'")
        .stderr_has("  - No folder found matching token: 'nowhere'");
    assert_eq!(aws.calls(), [""; 0]);
}

#[test]
fn titles_that_make_no_names_are_told_together() {
    let shop = folder("Shop")
        .with(login("a!").password("canary-1"))
        .with(login("/b c").password("canary-2"))
        .with(login("b c").password("canary-3"))
        .with(login("d/../e").password("canary-4"));
    let vault = Vault::start().with(shop);
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    sync(&home, "-t aws -px k/ -f Shop")
        .fails(3)
        .stderr_has("contains invalid characters: '!'")
        .stderr_has("title contains '..' path segment")
        .stderr_has("secret name 'k/b_c' maps to both '/b c'");
    assert_eq!(aws.calls(), [""; 0]);
}

#[test]
fn a_record_shared_twice_is_in_its_folder() {
    let both = login("both")
        .password("canary-1")
        .member("shared_directly", true);
    let vault = Vault::start().with(folder("Shop").with(both));
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    for option in ["-f", "-fr"] {
        let run = sync(&home, &format!("-t aws -n -px k/ {option} Shop"));
        assert_eq!(run.succeeds().json()["data"][0]["mapKey"], "k/both");
    }
}

#[test]
fn maps_folders_and_credentials_cost_two_requests() {
    let vault = vault().with(super::credentials::keys("aws keys"));
    let aws = SecretsManager::with(&[]);
    let mut home = Home::configured_for(&vault);
    home.set("AWS_ENDPOINT_URL", aws.url());
    let words = "-t aws -c aws\u{a0}keys -m a db/type -r db -f Shop -px k/";
    let words: Vec<_> = words
        .split(' ')
        .map(|word| word.replace('\u{a0}', " "))
        .collect();
    let run = home.ksm(["sync".to_owned()].into_iter().chain(words));
    assert_eq!(run.succeeds().json()["status"]["created"], 3, "{run}");
    assert_eq!(vault.requests(), ["get_folders", "get_secret"]);
}
