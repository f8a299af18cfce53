//! Secrets of a cluster: what is asked of `kubectl`, and whose the entries are.

mod troubles;

use serde_json::json;

use super::{sync, vault};
use crate::support::cluster::Cluster;
use crate::support::{Home, Vault, login};

/// Runs in this home write to a cluster.
fn start(vault: &Vault) -> (Home, Cluster) {
    let mut home = Home::configured_for(vault);
    home.set("KUBECONFIG", "/made/up");
    let cluster = Cluster::of(&mut home);
    (home, cluster)
}

const WORDS: &str = "-t k8s --max-wait 0 -m db+password db/field/password -m db+user db/field/login -fr Shop -px k-";

fn versions(cluster: &Cluster) -> Vec<u64> {
    cluster
        .secrets()
        .values()
        .map(|secret| secret.version)
        .collect()
}

#[test]
fn a_manifest_goes_by_stdin_and_nothing_else() {
    let vault = vault();
    let (mut home, cluster) = start(&vault);
    home.set("KSM_CLI_TOKEN", "US:canary-token");
    let run = sync(&home, &format!("{WORDS} -v --namespace apps"));
    run.succeeds()
        .stderr_has("Using the context `made-up` of kubectl, Kubernetes in namespace `apps`");
    assert_eq!(run.json()["status"]["created"], 4);
    assert_eq!(
        cluster.texts("db"),
        ["password=canary-1", "user=canary-user"]
    );
    assert_eq!(cluster.texts("k-api"), ["Env=prod", "password=canary-api"]);
    let secrets = cluster.secrets();
    assert_eq!(secrets["db"].kind, "Opaque");
    assert_eq!(secrets["db"].labels["app.kubernetes.io/managed-by"], "ksm");
    for call in cluster.calls() {
        let words = call.arguments.join(" ");
        assert!(words.ends_with("--namespace apps"), "{words}");
        for value in ["canary", "prod"] {
            let base64 = ksm::codec::encode(value.as_bytes());
            assert!(
                !words.contains(value) && !words.contains(&base64[..3]),
                "{words}"
            );
        }
        let is_there = |name: &str| call.names.iter().any(|known| known == name);
        assert!(is_there("KUBECONFIG"));
        assert!(!is_there("KSM_CONFIG") && !is_there("KSM_CLI_TOKEN"));
        match call.arguments[0].as_str() {
            "apply" => assert!(words.starts_with("apply --server-side --field-manager ksm -f - ")),
            _ => assert_eq!(call.stdin, ""),
        }
    }
    assert_eq!(vault.requests(), ["get_folders", "get_secret"]);
}

#[test]
fn what_is_equal_is_not_written() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    sync(&home, WORDS).succeeds();
    let before = versions(&cluster);
    let run = sync(&home, WORDS);
    run.succeeds();
    assert_eq!(run.json()["status"]["kept"], 4);
    assert_eq!(versions(&cluster), before);
    let applied = cluster
        .words()
        .iter()
        .filter(|words| *words == "apply")
        .count();
    assert_eq!(applied, 2);
}

#[test]
fn an_entry_that_others_changed_is_a_conflict() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    sync(&home, WORDS).succeeds();
    cluster.edit("db", "password", "canary-theirs", "kubectl-edit");
    let run = sync(&home, &format!("{WORDS} -n"));
    run.fails(1);
    assert_eq!(
        run.json()["data"][0]["error"],
        "conflict with \"kubectl-edit\", which has `password` with another value"
    );
    let run = sync(&home, WORDS);
    run.fails(1);
    let report = run.json();
    let rows = report["data"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["mapKey"], "db+password");
    assert_eq!(
        rows[0]["error"],
        "kubectl: Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .data.password"
    );
    assert_eq!(report["status"]["kept"], 3);
    assert_eq!(
        cluster.texts("db"),
        ["password=canary-theirs", "user=canary-user"]
    );
    let forced = |call: &crate::support::cluster::Call| {
        call.arguments.iter().any(|word| word.contains("force"))
    };
    assert!(!cluster.calls().iter().any(forced));
}

#[test]
fn a_secret_of_others_keeps_what_it_has() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    cluster.edit("db", "host", "theirs", "helm");
    sync(&home, "-t k8s -m db+password db/field/password").succeeds();
    assert_eq!(cluster.texts("db"), ["host=theirs", "password=canary-1"]);
    assert!(cluster.secrets()["db"].labels.is_empty());
    // What is theirs is not deleted, whatever the vault lacks.
    let run = sync(&home, "-t k8s --delete-missing -m db+host db/field/url");
    run.succeeds();
    assert_eq!(run.json()["status"]["kept"], 1);
    assert_eq!(cluster.texts("db"), ["host=theirs", "password=canary-1"]);
}

#[test]
fn runs_with_different_maps_share_a_secret() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    sync(&home, "-t k8s -m db+a db/field/login").succeeds();
    sync(&home, "-t k8s -m db+b db/field/password").succeeds();
    assert_eq!(cluster.texts("db"), ["a=canary-user", "b=canary-1"]);
    let missing = "-t k8s -m db+a db/field/url -m db+c db/field/login";
    let run = sync(&home, missing);
    run.succeeds().stderr_has("cannot bring back");
    assert_eq!(
        cluster.texts("db"),
        ["a=canary-user", "b=canary-1", "c=canary-user"]
    );
    sync(&home, &format!("{missing} --delete-missing")).succeeds();
    assert_eq!(cluster.texts("db"), ["b=canary-1", "c=canary-user"]);
}

#[test]
fn the_type_follows_the_record_and_stays() {
    let pem = "-----BEGIN canary-----\nx\n-----END-----\n";
    let vault = vault()
        .with(
            login("Front Door")
                .login("canary-user")
                .password("canary-2"),
        )
        .with(login("tls").custom("text", "tls.crt", json!([pem])).custom(
            "text",
            "tls.key",
            json!([pem]),
        ));
    let (home, cluster) = start(&vault);
    let words = "-t k8s -r tls -m door+.dockerconfigjson db/field/password -m ssh+ssh-privatekey db/field/password";
    sync(&home, words).succeeds();
    home.ksm(["sync", "-t", "k8s", "-r", "Front Door"])
        .succeeds();
    let kinds = |cluster: &Cluster| {
        let secrets = cluster.secrets();
        let kinds = secrets
            .iter()
            .map(|(name, secret)| format!("{name} {}", secret.kind));
        kinds.collect::<Vec<_>>()
    };
    let expected = [
        "door kubernetes.io/dockerconfigjson",
        "front-door kubernetes.io/basic-auth",
        "ssh kubernetes.io/ssh-auth",
        "tls kubernetes.io/tls",
    ];
    assert_eq!(kinds(&cluster), expected);
    assert_eq!(
        cluster.texts("front-door"),
        ["password=canary-2", "username=canary-user"]
    );
    sync(
        &home,
        "-t k8s -m tls+username db/field/login -m tls+password db/field/password",
    )
    .succeeds();
    assert_eq!(kinds(&cluster), expected);
}

#[test]
fn a_dry_run_shows_each_entry_and_no_value() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    let run = sync(&home, &format!("{WORDS} -n"));
    run.succeeds();
    let report = run.json();
    let rows = report["data"].as_array().unwrap().iter();
    let told: Vec<_> = rows
        .map(|row| {
            (
                row["mapKey"].as_str().unwrap(),
                row["action"].as_str().unwrap(),
            )
        })
        .collect();
    let keys = ["db+password", "db+user", "k-api+password", "k-api+Env"];
    assert_eq!(told, keys.map(|key| (key, "create")));
    assert!(!cluster.words().contains(&"apply".to_owned()));
}

#[test]
fn mistakes_in_names_come_before_any_call() {
    let vault = vault().with(login("DB"));
    let (home, cluster) = start(&vault);
    for (words, code, says) in [
        ("-t k8s -m db db/type", 2, "a key is NAME+KEY"),
        (
            "-t k8s -m Db+a db/type",
            2,
            "Secret 'Db' in 'Db+a': must be lower-case",
        ),
        (
            "-t k8s -m db+a@ db/type",
            2,
            "its entry contains invalid characters",
        ),
        (
            "-t k8s -m db+a db/type -c db",
            2,
            "kubectl signs in by itself",
        ),
        ("-t k8s -m db+a db/type --namespace A", 2, "--namespace"),
        ("-t aws -m a db/type --namespace a", 2, "only for type=k8s"),
        ("-t k8s -r db -r DB", 3, "secret name 'db' maps to both"),
    ] {
        let run = sync(&home, words);
        run.fails(code).stdout("").stderr_has(says);
    }
    assert_eq!(cluster.calls().len(), 0);
}
