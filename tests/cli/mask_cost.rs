//! What a mask costs before the program starts, and for each byte of its output (D25).
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::large::watched;
use crate::support::{Home, Vault, login};

const MIB: usize = 1 << 20;

/// A home whose variables `S0`, `S1` and so on are these secrets.
fn home(vault: &Vault, secrets: usize) -> Home {
    let mut home = Home::configured_for(vault);
    for number in 0..secrets {
        home.set(
            format!("S{number}"),
            format!("keeper://db/custom_field/S{number}"),
        );
    }
    home
}

fn vault(secrets: &[String]) -> Vault {
    let labelled = secrets.iter().enumerate();
    Vault::start().with(labelled.fold(login("db"), |db, (number, secret)| {
        db.custom("text", &format!("S{number}"), json!([secret]))
    }))
}

/// Distinct lines of thirteen bytes.
fn lines(start: &str, size: usize) -> String {
    let line = |number| format!("{start}-{number:08}\n");
    (0..size / 13).map(line).collect()
}

/// The most memory of a run, and the processor time that the mask takes of it.
fn cost(home: &Home, way: &[&str]) -> (usize, Duration) {
    let run = |mode| {
        let words = ["exec", mode, "--"];
        let (cost, status) = watched(home.command(words.iter().chain(way).copied()));
        assert!(status.success(), "{status}");
        cost
    };
    let (masked, plain) = (run("--mask"), run("--capture-output"));
    (
        masked.memory,
        masked.processor.saturating_sub(plain.processor),
    )
}

#[test]
fn a_mask_of_many_lines_is_made_soon() {
    for (count, size, processor) in [(8, 64_000, 1_000), (50, 1_700, 300)] {
        let secret = |number| lines(&format!("k{number:02}"), size);
        let vault = vault(&Vec::from_iter((0..count).map(secret)));
        let (most, took) = cost(&home(&vault, count), &["/bin/true"]);
        let shown = format!("{count} of {size}: {} MiB, {took:?}", most / MIB);
        assert!(most < 56 * MIB, "{shown}");
        assert!(took < Duration::from_millis(processor), "{shown}");
    }
}

#[test]
fn what_looks_like_a_secret_passes_soon() {
    let cost = |secrets: &[String], text: &str| {
        let vault = vault(secrets);
        let home = home(&vault, secrets.len());
        let output = home.write("output", text.repeat(500_000 / text.len()));
        let (_, took) = cost(&home, &["/bin/cat", output.to_str().unwrap()]);
        fs::remove_file(output).unwrap();
        took
    };
    // Each byte may begin the secret, and goes on with all that began before.
    let like = |length| cost(&["a".repeat(length) + "b"], "a");
    let (short, long) = (like(1_000), like(60_000));
    assert!(
        long < 3 * short + Duration::from_millis(100),
        "{short:?}, {long:?}"
    );
    let begin = "-----BEGIN PRIVATE KEY-----\n";
    let key = |number| begin.to_owned() + &lines(&format!("k{number:02}"), 1_700);
    let took = cost(&Vec::from_iter((0..50).map(key)), &begin[..19]);
    assert!(took < Duration::from_millis(450), "{took:?}");
}
