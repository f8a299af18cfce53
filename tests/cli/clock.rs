//! A clock that shows any time: an error where a time is needed, and nothing else where none is.

use std::process::Command;
use std::sync::OnceLock;

use crate::support::{Home, Server, Vault};

/// Takes the place of the C library's clock. `CLOCK` is what it shows, in seconds since 1970.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *at) {
    long failed = syscall(SYS_clock_gettime, clock, at);
    char *shown = getenv("CLOCK");
    if (clock == CLOCK_REALTIME && shown)
        at->tv_sec = atoll(shown);
    return (int)failed;
}
"#;

fn shim() -> &'static str {
    static BUILT: OnceLock<(tempfile::TempDir, String)> = OnceLock::new();
    let (_, path) = BUILT.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let source = directory.path().join("clock.c");
        let library = directory.path().join("clock.so");
        std::fs::write(&source, SHIM).unwrap();
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-o"]);
        let built = compile.arg(&library).arg(&source).status().unwrap();
        assert!(built.success());
        (directory, library.to_str().unwrap().to_owned())
    });
    path
}

const YEAR: i64 = 31_556_952;
/// Of the year 9999.
const END: i64 = 253_402_300_800;
const OUTSIDE: [i64; 6] = [i64::MIN, -2000 * YEAR, -1, END, 10_000 * YEAR, i64::MAX];
const WITHIN: [i64; 4] = [0, 1, END - 1, END - YEAR];

/// Every run to come sees this time.
pub fn at(seconds: i64, home: &mut Home) {
    home.set("LD_PRELOAD", shim());
    home.set("CLOCK", seconds.to_string());
}

const SENTENCE: &str = "Error: the clock of this machine shows no time between the years 1970 and 9999\n\
                        Hint: set this machine's clock\n";

#[test]
fn a_clock_outside_of_the_calendar_is_an_error() {
    let vault = Vault::with_db();
    for seconds in OUTSIDE {
        let mut home = Home::configured_for(&vault);
        at(seconds, &mut home);
        let token = vault.token();
        for command in [
            &["secret", "list"][..],
            &["--log-level", "DEBUG", "secret", "get", "db"],
            &[
                "exec",
                "--inline",
                "--",
                "echo",
                "keeper://db/field/password",
            ],
            &["profile", "init", "-p", "new", "--token", &token],
            &["dev", "--", "true"],
        ] {
            let run = home.ksm(command);
            let run = run.stdout("");
            assert!(run.stderr_text().ends_with(SENTENCE), "{seconds} {run}");
        }
        let check = home.ksm(["profile", "check"]);
        check.fails(6).stdout_has("clock").stderr_lacks("panicked");
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn what_needs_no_time_works_at_any() {
    for seconds in OUTSIDE.into_iter().chain(WITHIN) {
        let mut home = Home::new();
        at(seconds, &mut home);
        home.set("TZ", "Pacific/Kiritimati");
        home.ksm(["--log-level", "DEBUG", "exec", "--", "true"])
            .succeeds();
        home.ksm(["--log-level", "DEBUG", "profile", "list"])
            .stderr_lacks("panicked");
        home.ksm(["--log-level", "DEBUG", "secret", "password"])
            .may_print_secrets()
            .stderr_lacks("panicked");
    }
}

#[test]
fn every_time_of_the_calendar_serves() {
    for seconds in WITHIN {
        let mut home = Home::new();
        at(seconds, &mut home);
        let line = "ksm secret totp 'Second factor' && unset KSM_CONFIG \
                    && ksm profile init --token \"$KSM_DEV_TOKEN\" && ksm profile check \
                    && echo 'k: keeper://Database/field/login' > t && ksm interpolate t -o out";
        home.ksm(["--log-level", "DEBUG", "dev", "--", "sh", "-c", line])
            .may_print_secrets()
            .may_write_secrets()
            .succeeds();
    }
}

#[test]
fn a_wrong_clock_is_what_profile_check_finds() {
    const DAY: i64 = 86_400;
    let vault = Vault::with_db();
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let now = i64::try_from(now).unwrap();
    for (shown, code, line) in [
        (now - 400 * DAY, 5, "behind the server's: set it"),
        (now + 4000 * DAY, 5, "ahead of the server's: set it"),
        (0, 5, "behind the server's: set it"),
        (END - 1, 5, "ahead of the server's: set it"),
        (now - 300, 0, "warning  clock"),
        (now + 300, 0, "warning  clock"),
    ] {
        let mut home = Home::configured_for(&vault);
        at(shown, &mut home);
        let run = home.ksm(["profile", "check"]);
        run.exits(code)
            .stdout_has(line)
            .stdout_lacks("ksm profile check");
        if code != 0 {
            run.stdout_has("failed   TLS")
                .stdout_has("try: this machine's clock is ");
        }
    }
}
