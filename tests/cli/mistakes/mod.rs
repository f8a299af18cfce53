//! A table of mistakes with the whole text that each gets, against the sample vault.
//!
//! `table.txt` has a command, its exit code where it is not 0, and what it prints. Where that has changed, the test writes
//! the table as it would be now to the directory of the tests' temporary files, to be read and put in its place.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use ksm::dev::seed::Seed;

use crate::support::{Home, KSM, Vault, folder, login};

const TABLE: &str = include_str!("table.txt");

#[test]
fn each_mistake_gets_its_text_and_changes_nothing() {
    let vault = Vault::seeded(Seed::sample().unwrap())
        .with(
            login("Twin")
                .uid("AAAAAAAAAAAAAAAAAAAA1A")
                .password("canary-1"),
        )
        .with(
            folder("Team").uid("Sample-Folder-Team-00A").with(
                login("Twin")
                    .uid("AAAAAAAAAAAAAAAAAAAA2A")
                    .password("canary-2"),
            ),
        );
    let mut home = Home::configured_for(&vault);
    let programs = Path::new(KSM).parent().unwrap().display();
    home.set("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"));
    home.write("template", "DB=keeper://Database/field/password\n");
    home.write("broken.env", "A=1\nB='open\n");
    let here = home.path("").display().to_string();
    let here = here.trim_end_matches('/');
    let host = vault.host();
    let mut now = String::new();
    for line in TABLE.lines() {
        if line.starts_with("# ") {
            let blank = if now.is_empty() { "" } else { "\n" };
            writeln!(now, "{blank}{line}").unwrap();
            continue;
        }
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        let script =
            format!("{{ {command}; }} 2>&1; code=$?; [ $code = 0 ] || printf '\\n[%s]' $code");
        let run = home.program("bash", ["-c", &script]).run();
        writeln!(now, "\n{line}").unwrap();
        let said = run
            .stdout_text()
            .replace(here, "HERE")
            .replace(&host, "HOST");
        let mut is_place = false;
        for said in said.lines().filter(|said| !said.is_empty()) {
            // Where a configuration is looked for differs from system to system.
            if is_place && said.starts_with("  ") {
                continue;
            }
            is_place = said.ends_with("in order:");
            writeln!(now, "{said}").unwrap();
        }
    }
    let writes = vault.requests().into_iter();
    let writes: Vec<_> = writes.filter(|asked| !asked.starts_with("get_")).collect();
    assert_eq!(writes, [""; 0]);
    for value in ["Passw0rd", "Corr3ct", "canary", "JBSWY3"] {
        assert!(!now.contains(value), "{value}");
    }
    if now != TABLE {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes.txt");
        fs::write(&path, &now).unwrap();
        panic!("the texts have changed: see {}", path.display());
    }
}

/// The commands that hints name, without those that are cut short.
fn commands_in_hints() -> BTreeSet<&'static str> {
    let hints = TABLE.lines().filter_map(|line| line.strip_prefix("Hint: "));
    let quoted = hints.flat_map(|hint| hint.split('`').skip(1).step_by(2));
    let commands = quoted.filter(|text| text.starts_with("ksm ") && !text.contains('…'));
    commands.collect()
}

#[test]
fn commands_in_hints_are_taken_as_they_stand() {
    let mut home = Home::new();
    let programs = Path::new(KSM).parent().unwrap().display();
    home.set("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"));
    let mut wrong = String::new();
    for command in commands_in_hints() {
        let run = home
            .program("bash", ["-c", &command.replace("TOPIC", "start")])
            .run();
        // A command that is only mentioned lacks its arguments.
        let is_whole = command
            .split(' ')
            .skip(1)
            .any(|word| word.contains(['-', '/']))
            || command.contains(|c: char| c.is_ascii_uppercase());
        let complaints: &[&str] = match is_whole {
            true => &[
                "No such command",
                "No such option",
                "Missing ",
                "Illegal usage",
                "requires an argument",
                "is not expected here",
            ],
            false => &["No such command"],
        };
        let said = run.stderr_text();
        let error = said.lines().find(|line| line.starts_with("Error: "));
        let error = error.unwrap_or_default();
        if complaints.iter().any(|complaint| error.contains(complaint)) {
            writeln!(wrong, "{command}: {said}").unwrap();
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn the_table_has_enough_mistakes() {
    let commands = TABLE.lines().filter(|line| line.starts_with("$ "));
    assert!(commands.count() >= 80);
}
