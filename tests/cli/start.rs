//! A container's start: nothing but `KSM_TOKEN`, and the secret in the same run.

use std::fs;

use crate::support::{Door, Fault, Faults, Home, Vault, login};

const PASSWORD: &str = "keeper://db/field/password";

fn vault() -> Vault {
    Vault::start().with(login("db").password("canary-1"))
}

fn home(door: &impl Door) -> Home {
    let mut home = Home::before(door);
    let token = door.token();
    home.watch_token(&token);
    home.set("KSM_TOKEN", token);
    home
}

#[test]
fn the_first_run_binds_and_goes_on_and_the_next_finds_its_profile() {
    let vault = vault();
    let home = home(&vault);
    let read = || home.ksm(["secret", "notation", PASSWORD]);
    read()
        .writes_secrets()
        .succeeds()
        .stdout("canary-1")
        .stderr_has("Added profile _default");
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
    assert_eq!(vault.requests().len(), 3);
    vault.settle();
    read().succeeds().stdout("canary-1").stderr("");
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[cfg(unix)]
#[test]
fn a_program_is_started_in_the_same_run() {
    let vault = vault();
    let home = home(&vault);
    home.command(["exec", "--", "sh", "-c", "echo \"$P-${KSM_TOKEN-none}\""])
        .env("P", PASSWORD)
        .run()
        .reveals()
        .writes_secrets()
        .succeeds()
        .stdout("canary-1-none\n");
}

#[test]
fn a_token_is_not_used_where_there_is_a_profile() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("KSM_TOKEN", "US:not a token at all");
    home.ksm(["secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), [] as [&str; 0]);
}

#[test]
fn without_a_place_to_save_the_token_is_kept() {
    let vault = vault();
    let mut home = home(&vault);
    // Below a file no directory can be made, not even by root.
    let file = home.write("tmp/file", "");
    home.set("KSM_INI_DIR", file.join("below"));
    home.ksm(["secret", "notation", PASSWORD])
        .fails(6)
        .stdout("")
        .stderr_has("KSM_TOKEN was not used")
        .stderr_has("--ephemeral");
    assert_eq!(vault.requests(), [] as [&str; 0]);
    home.ksm(["--ephemeral", "secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), ["tmp/file"]);
}

// `/proc` takes no files, whoever asks.
#[cfg(target_os = "linux")]
#[test]
fn the_next_best_place_is_taken() {
    let vault = vault();
    let home = home(&vault);
    home.command(["secret", "notation", PASSWORD])
        .dir("/proc")
        .run()
        .writes_secrets()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(
        home.files(),
        [".config/ksm/keeper.ini", ".config/ksm/keeper.ini.lock"]
    );
    assert_eq!(home.mode(".config/ksm"), 0o700);
}

#[test]
fn a_lost_answer_is_made_up_for_by_the_next_start() {
    let vault = vault();
    let faults = Faults::before(&vault);
    let home = home(&faults);
    faults.always(Fault::LoseAnswer);
    home.ksm(["secret", "notation", PASSWORD])
        .writes_secrets()
        .fails(5);
    faults.heal();
    home.ksm(["secret", "notation", PASSWORD])
        .writes_secrets()
        .succeeds()
        .stdout("canary-1");
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
}

#[test]
fn two_starts_at_once_both_come_up() {
    let vault = vault();
    let home = home(&vault);
    let runs = [(); 2].map(|()| home.command(["secret", "notation", PASSWORD]).spawn());
    for run in runs {
        run.ends(&home)
            .writes_secrets()
            .succeeds()
            .stdout("canary-1");
    }
    assert_eq!(home.read("keeper.ini").matches("clientid").count(), 1);
}

#[test]
fn a_refused_token_says_so_and_leaves_nothing() {
    let vault = vault();
    let home = home(&vault);
    home.ksm(["secret", "notation", PASSWORD])
        .writes_secrets()
        .succeeds()
        .stdout("canary-1");
    fs::remove_file(home.path("keeper.ini")).unwrap();
    home.ksm(["secret", "notation", PASSWORD])
        .fails(4)
        .stdout("")
        .stderr_has("Could not init the profile");
    assert_eq!(home.files(), ["keeper.ini.lock"]);
}
