//! Ages, and clocks that were set (K3).

use std::time::{SystemTime, UNIX_EPOCH};

use super::{filled, offline, vault};
use crate::clock::at;
use crate::support::{Home, PASSWORD, Vault, login};
use ksm::dev::seed::Seed;

const HOUR: i64 = 3600;

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap().as_secs()).unwrap()
}

fn aged<'h>(home: &'h Home, age: &'h str) -> crate::support::Invocation<'h> {
    home.command([
        "--offline",
        "--max-age",
        age,
        "secret",
        "notation",
        PASSWORD,
    ])
}

#[test]
fn the_age_bounds_every_use() {
    let vault = vault();
    let mut home = filled(&vault);
    drop(vault);
    let now = now();
    aged(&home, "0s").run().fails(5).stdout("");
    at(now + 23 * HOUR, &mut home);
    let run = offline(&home).run();
    run.succeeds().stdout("canary-1");
    run.stderr_has("from the cache and 2").stderr_has(" h old");
    // What was kept a little later than `now` is of that age, too.
    let later = now + 60;
    at(later + 25 * HOUR, &mut home);
    offline(&home)
        .run()
        .fails(5)
        .stdout("")
        .stderr_has("the answer in the cache is 25 h old, and may be 24 h old at most")
        .stderr_has("Hint: `--max-age` allows older answers");
    aged(&home, "2d").run().succeeds().stdout("canary-1");
    aged(&home, "24h").run().fails(5).stdout("");
    for options in [&["--cache"][..], &["--cache", "--fresh-for", "7d"]] {
        let run = home.ksm(options.iter().chain(&["secret", "notation", PASSWORD]));
        run.fails(5).stdout("").stderr_lacks("from the cache");
    }
    // The clock of the runs above stood at the same moment, so the newest has to be later than their marks.
    at(later + 27 * HOUR, &mut home);
    home.ksm(["--cache", "secret", "notation", PASSWORD])
        .fails(5)
        .stdout("")
        .stderr_has("cannot connect to localhost:")
        .stderr_has("; the answer in the cache is 27 h old");
    for wrong in ["24", "1w", "-1s", ""] {
        home.ksm(["--max-age", wrong, "version"])
            .fails(2)
            .stderr_has("--max-age");
    }
}

#[test]
fn a_clock_that_was_set_back_makes_it_unusable() {
    let vault = vault();
    let mut home = filled(&vault);
    let now = now();
    let said = "of a time that this machine's clock has yet to reach";
    at(now - HOUR, &mut home);
    offline(&home).run().fails(5).stdout("").stderr_has(said);
    at(now + 20 * HOUR, &mut home);
    offline(&home).run().succeeds().stdout("canary-1");
    // The last use was later than that.
    at(now + HOUR, &mut home);
    offline(&home).run().fails(5).stdout("").stderr_has(said);
    at(now + 21 * HOUR, &mut home);
    offline(&home).run().succeeds().stdout("canary-1");
    at(i64::MIN, &mut home);
    offline(&home).run().fails(5).stdout("");
}

#[test]
fn access_that_ended_ends_the_use() {
    let end = (now() + HOUR) * 1000;
    let vault = Vault::seeded(Seed {
        expires_on: Some(end),
        ..Seed::empty()
    });
    let vault = vault.with(login("db").password("canary-1"));
    let mut home = filled(&vault);
    offline(&home).run().succeeds().stdout("canary-1");
    at(now() + 2 * HOUR, &mut home);
    offline(&home).run().fails(5).stdout("");
}
