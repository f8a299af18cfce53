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
    for credentials in [UID, "keys", "keeper://keys"] {
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

#[test]
fn a_machine_without_credentials_tells_what_to_try() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    // A port that nobody listens at.
    home.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9");
    sync(&home, "-t aws -m a db/type")
        .fails(6)
        .stdout("")
        .stderr_has("there are no AWS credentials; these places were looked at, in order: ")
        .stderr_has(", the metadata service of an instance: nobody answers: ")
        .stderr_has("Hint: name a record with `-c RECORD`, or set AWS_ACCESS_KEY_ID, ");
    home.set("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00");
    home.set("AWS_SECRET_ACCESS_KEY", "canary-key");
    sync(&home, "-t aws -m a db/type")
        .fails(6)
        .stderr_has("nothing says in which region of AWS the secrets are")
        .stderr_has("Hint: name a record with `-c RECORD`, or set AWS_REGION");
}

#[test]
fn credentials_that_nobody_needs_are_told_of() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    sync(&home, "-c nobody -m a db/type")
        .succeeds()
        .stderr_has("--credentials/-c is not used with type=json");
    sync(&home, "-r db -px k/")
        .succeeds()
        .may_print_secrets()
        .stderr_lacks("only valid for");
}

#[test]
fn help_names_labels_and_variables_of_each_store() {
    let help = Home::new().ksm(["sync", "--help"]);
    for name in [
        "AWS Access Key ID",
        "AWS Secret Access Key",
        "AWS Region Name",
        "AWS Session Token",
        "AWS_ACCESS_KEY_ID",
        "AWS_REGION",
        "Azure Key Vault Name",
        "https://NAME.vault.azure.cn",
        "Azure Tenant ID",
        "Azure Client ID",
        "Azure Client Secret",
        "AZURE_KEYVAULT_NAME",
        "AZURE_KEYVAULT_URL",
        "Google Cloud Project ID",
        "Google Application Credentials",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "--delete-missing",
    ] {
        help.stdout_has(name);
    }
}
