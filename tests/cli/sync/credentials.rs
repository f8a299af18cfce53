//! The identity that a store is asked as.

use serde_json::json;

use super::{home, sync, vault};
use crate::support::vault::Record;
use crate::support::{Home, SecretsManager, UID, login};

/// A record with the official labels.
pub(super) fn keys(title: &str) -> Record {
    login(title)
        .custom(
            "secret",
            "AWS Access Key ID",
            json!(["AKIAEXAMPLEEXAMPLE01"]),
        )
        .custom("secret", "AWS Secret Access Key", json!(["canary-key"]))
        .custom("text", "AWS Region Name", json!(["eu-west-3"]))
}

#[test]
fn a_record_names_the_identity_in_three_ways() {
    let vault = vault().with(keys("keys").uid(UID).custom(
        "secret",
        "AWS Session Token",
        json!(["canary-token"]),
    ));
    let aws = SecretsManager::with(&[]);
    let mut home = Home::configured_for(&vault);
    home.set("AWS_ENDPOINT_URL", aws.url());
    for credentials in [UID, "keys", "keeper://keys/field/login"] {
        sync(
            &home,
            &format!("-t aws -n -v -m a db/type -c {credentials}"),
        )
        .succeeds()
        .stderr_has("Using the access key ****LE01, AWS Secrets Manager in eu-west-3");
        let head = aws.heads().pop().unwrap();
        assert!(head.contains("Credential=AKIAEXAMPLEEXAMPLE01/"), "{head}");
        assert!(
            head.contains("x-amz-security-token: canary-token"),
            "{head}"
        );
    }
}

#[test]
fn without_a_record_the_machine_names_it() {
    let vault = vault();
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    sync(&home, "-t aws -n -v -m a db/type")
        .succeeds()
        .stderr_has("Using the access key ****LE00, AWS Secrets Manager in eu-west-1");
}

#[test]
fn labels_that_are_missing_are_named() {
    let vault = vault();
    let aws = SecretsManager::with(&[]);
    let home = home(&vault, &aws);
    sync(&home, "-t aws -m a db/type -c db")
        .fails(6)
        .stdout("")
        .stderr_has("it has no AWS Access Key ID, no AWS Secret Access Key, no AWS Region Name");
    sync(&home, "-t aws -m a db/type -c nobody")
        .fails(3)
        .stdout("");
    assert_eq!(aws.calls(), [""; 0]);
}
