//! No spelling of an address leads what proves our identity away from Azure or Google (D38).

use std::sync::LazyLock;

use ksm::azure::Vault;
use ksm::environment::Environment;
use ksm::google;
use proptest::prelude::*;
use regex::Regex;

static VAULTS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^https://[0-9A-Za-z-]{3,24}\.vault\.azure\.(net|cn)$").unwrap());

/// Addresses that come close to those that are allowed.
fn near_miss() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "https://",
        "HTTPS://",
        "http://",
        "https:",
        "prod",
        "pro-d.",
        "vault.azure.net",
        "vault.azure.cn",
        "oauth2.googleapis.com",
        "accounts.google.com",
        "www.googleapis.com",
        "evil.example",
        ".",
        "/",
        "//",
        "\\",
        "@",
        ":",
        "443",
        "#",
        "?",
        "%2e",
        "\t",
        " ",
        "\u{3002}",
    ]);
    prop::collection::vec(pieces, 1..7).prop_map(|pieces| pieces.concat())
}

/// The host of an address, as browsers read it.
fn host(address: &str) -> String {
    let address = address.trim().replace(['\t', '\n', '\r'], "");
    let address = address.to_lowercase().replace('\\', "/");
    let rest = address
        .strip_prefix("https:")
        .unwrap()
        .trim_start_matches('/');
    let authority = rest.split(['/', '?', '#']).next().unwrap();
    let host = authority.rsplit('@').next().unwrap();
    let host = host.trim_end_matches(":443").trim_end_matches(':');
    host.replace("%2e", ".").replace('\u{3002}', ".")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_vault_of_a_record_is_azures(text in near_miss()) {
        if let Ok(vault) = Vault::named(&text, &Environment::default()) {
            prop_assert!(VAULTS.is_match(vault.url()), "{} from {:?}", vault.url(), text);
        }
    }

    #[test]
    fn a_refresh_token_goes_to_google(token_uri in near_miss()) {
        let credentials = serde_json::json!({
            "type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "t",
            "token_uri": token_uri,
        });
        let read = google::of_record(&credentials.to_string().into(), &Environment::default());
        if read.is_ok() {
            let hosts = ["oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"];
            prop_assert!(hosts.contains(&host(&token_uri).as_str()), "{:?}", token_uri);
        }
    }
}
