//! A `kubectl` that fails, hangs or is too late: what is told, and that the next run completes it.

use rustix::process::Signal;

use super::{WORDS, start};
use crate::support::cluster::{Cluster, Trouble};
use crate::sync::{sync, vault, words_of};

#[test]
fn what_kubectl_cannot_do_is_one_sentence() {
    let vault = vault();
    let (mut home, cluster) = start(&vault);
    let words = "-t k8s --max-wait 0 -m db+a db/field/login";
    for (stderr, code, says) in [
        (
            "Error from server (Forbidden): secrets \"db\" is forbidden: User \"u\" cannot get\u{1b}[2J",
            4,
            "verbs get, create and patch",
        ),
        (
            "error: You must be logged in to the server (Unauthorized)",
            6,
            "sign in to the cluster",
        ),
        ("error: context \"x\" does not exist", 6, "KUBECONFIG"),
        (
            "error: unknown flag: --show-managed-fields",
            6,
            "kubectl 1.21 or newer",
        ),
        (
            "E1128 05:52:42.000001   12 memcache.go:265] \"x\"\nThe connection to the server localhost:8080 was refused",
            5,
            "nothing was written: kubectl: The connection to the server",
        ),
        (
            "Error from server (TooManyRequests): later",
            4,
            "try again in a while",
        ),
    ] {
        cluster.refuse(stderr);
        let run = sync(&home, words);
        run.fails(code).stdout("").stderr_has(says);
        assert_eq!(run.stderr_text().lines().count(), 2, "{run}");
        run.stderr_lacks("\u{1b}");
    }
    home.set("PATH", home.path("tmp").into_os_string());
    sync(&home, words)
        .fails(6)
        .stdout("")
        .stderr_has("`kubectl` was not found");
}

#[test]
fn a_namespace_that_is_missing_is_said() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    // A Secret of it is merely not found.
    cluster.refuse_writes("Error from server (NotFound): namespaces \"apps\" not found\n");
    let run = sync(&home, &format!("{WORDS} --namespace apps"));
    run.fails(1);
    let report = run.json();
    let error = report["data"][0]["error"].as_str().unwrap();
    assert_eq!(
        error,
        "kubectl: Error from server (NotFound): namespaces \"apps\" not found"
    );
}

fn is_complete(cluster: &Cluster, about: &str) {
    assert_eq!(
        cluster.texts("db"),
        ["password=canary-1", "user=canary-user"],
        "{about}"
    );
    assert_eq!(
        cluster.texts("k-api"),
        ["Env=prod", "password=canary-api"],
        "{about}"
    );
}

#[test]
fn a_lost_call_is_found_out_by_reading() {
    let vault = vault();
    // The first call is that for the context; two reads and two writes follow.
    for at in 2..=5 {
        for trouble in [Trouble::Lose, Trouble::LoseAnswer] {
            let (home, cluster) = start(&vault);
            cluster.edit("db", "password", "canary-1", "helm");
            cluster.on(at, trouble);
            let run = sync(&home, WORDS);
            run.succeeds();
            let about = format!("call {at} meets {trouble:?}");
            assert_eq!(run.json()["status"]["failed"], 0, "{about}");
            is_complete(&cluster, &about);
        }
    }
}

#[test]
fn a_run_killed_at_any_call_is_completed() {
    let vault = vault();
    for at in 1..=5 {
        for trouble in [Trouble::Hang, Trouble::HangAfter] {
            let (home, cluster) = start(&vault);
            cluster.on(at, trouble);
            let run = home.command(words_of(WORDS)).spawn();
            cluster.wait_for_silence();
            run.signal(Signal::KILL);
            run.wait(&home).stdout("");
            let run = sync(&home, WORDS);
            run.succeeds();
            is_complete(&cluster, &format!("killed at call {at}, {trouble:?}"));
        }
    }
}

#[test]
fn another_run_in_between_loses_nothing() {
    let vault = vault();
    let (home, cluster) = start(&vault);
    sync(&home, "-t k8s -m db+a db/field/login").succeeds();
    let calls = cluster.calls().len();
    // Its write is held until another run has written.
    cluster.on(calls + 3, Trouble::Hold);
    let held = home
        .command(words_of("-t k8s -m db+b db/field/login"))
        .spawn();
    cluster.wait_for_silence();
    sync(&home, "-t k8s -m db+c db/field/login").succeeds();
    cluster.release();
    held.wait(&home).succeeds();
    let user = |entry: &str| format!("{entry}=canary-user");
    assert_eq!(cluster.texts("db"), ["a", "b", "c"].map(user));
}
