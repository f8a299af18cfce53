//! `ksm sync`: what is asked, written, deleted and told.

mod credentials;
mod kubernetes;
mod questions;
mod reports;
mod sweeps;

use serde_json::json;

use crate::support::{Home, Run, SecretsManager, Server, Vault, folder, login};

/// A vault with the login `db`, and another in a folder.
fn vault() -> Vault {
    let api = login("api")
        .password("canary-api")
        .custom("text", "Env", json!(["prod"]));
    Vault::start()
        .with(login("db").login("canary-user").password("canary-1"))
        .with(folder("Shop").with(api))
}

/// Runs in this home write to `aws`.
fn home(server: &impl Server, aws: &SecretsManager) -> Home {
    let mut home = Home::configured_for(server);
    aws.lead(&mut home);
    home
}

fn sync(home: &Home, words: &str) -> Run {
    home.ksm(words_of(words))
}

fn words_of(words: &str) -> impl Iterator<Item = &str> {
    ["sync"].into_iter().chain(words.split_whitespace())
}
