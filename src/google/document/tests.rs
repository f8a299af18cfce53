use serde_json::json;

use super::*;

fn told(document: &Value, place: Place) -> String {
    let text = document.to_string().into();
    match read(&text, place, &Environment::default()) {
        Ok(identity) => identity.to_string(),
        Err(error) => error.to_string(),
    }
}

fn account() -> Value {
    serde_json::from_str(include_str!("../assertion/account.json")).unwrap()
}

fn user() -> Value {
    let (client, secret, token) = ("c", "canary-secret", "canary-token");
    json!({"type": "authorized_user", "client_id": client, "client_secret": secret, "refresh_token": token})
}

fn workload(source: &Value) -> Value {
    json!({
        "type": "external_account",
        "audience": "//iam.googleapis.com/pool",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": source,
    })
}

const ACT_AS: &str = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/b@p.iam:generateAccessToken";

#[test]
fn each_type_of_credentials_is_read() {
    let mut impersonated = workload(&json!({"file": "/f"}));
    impersonated[IMPERSONATION] = json!(ACT_AS);
    let nested = json!({
        "type": "impersonated_service_account",
        "source_credentials": user(),
        IMPERSONATION: ACT_AS,
    });
    for (document, expected) in [
        (
            account(),
            "the service account sync@ksm-tests.iam.gserviceaccount.com",
        ),
        (user(), "the user who signed in with gcloud"),
        (
            impersonated,
            "the workload identity for //iam.googleapis.com/pool as b@p.iam",
        ),
        (nested, "the user who signed in with gcloud as b@p.iam"),
    ] {
        assert_eq!(told(&document, Place::File), expected);
    }
}

#[test]
fn a_record_names_no_file_of_this_machine() {
    for document in [
        workload(&json!({"file": "/etc/shadow"})),
        workload(&json!({"url": "http://169.254.169.254/latest"})),
        json!({"type": "impersonated_service_account", "source_credentials": user()}),
    ] {
        let expected = "a record may hold a key of a service account or a user's credentials";
        let told = told(&document, Place::Record);
        assert!(told.starts_with(expected), "{told}");
    }
    assert!(told(&account(), Place::Record).starts_with("the service account"));
}

#[test]
fn what_cannot_be_used_is_named_and_not_quoted() {
    let with = |mut document: Value, member: &str, value: Value| {
        document[member] = value;
        document
    };
    let headers = json!({"url": "https://h.example", "headers": {"a": "can\nary"}});
    for (document, expected) in [
        (json!(["canary"]), "it has no type"),
        (
            json!({"type": "canary2"}),
            "ksm does not know the type `canary2`",
        ),
        (
            with(account(), "private_key", json!("canary")),
            "its private_key is no RSA key",
        ),
        (
            with(account(), "client_email", json!("")),
            "it has no client_email",
        ),
        (
            with(account(), "token_uri", json!("https://evil.example/t")),
            "its token_uri names evil.example",
        ),
        (
            with(account(), "universe_domain", json!("x.example")),
            "its universe_domain is `x.example`",
        ),
        (
            with(user(), "quota_project_id", json!("can\nary")),
            "its quota_project_id holds something",
        ),
        (
            with(user(), "refresh_token", json!(7)),
            "it has no refresh_token",
        ),
        (
            workload(&json!({"executable": {}})),
            "its credential_source is a program",
        ),
        (
            workload(&json!({"environment_id": "aws1"})),
            "its credential_source is AWS",
        ),
        (
            workload(&json!({})),
            "it has no file or url in its credential_source",
        ),
        (
            workload(&json!({"url": "http://h.example"})),
            "its credential_source is neither https",
        ),
        (
            workload(&headers),
            "its credential_source holds something that no header can",
        ),
        (
            with(
                workload(&json!({"file": "f"})),
                "token_url",
                json!("https://evil.example"),
            ),
            "its token_url names evil.example",
        ),
    ] {
        let told = told(&document, Place::File);
        assert!(told.starts_with(expected), "{told}");
        assert!(
            !told.contains("canary-") && !told.contains("can\n"),
            "{told}"
        );
    }
}
