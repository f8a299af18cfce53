//! The pages of the guide and the README: their blocks run against the sample vault of `ksm dev`.
//!
//! `ksm::guide` says how blocks are written. `GUIDE_PAGE=masking cargo test --test cli guide` runs those of one page.

mod blocks;
mod terminals;

use std::fs;
use std::path::Path;

use ksm::dev::seed::Seed;
use ksm::guide::TOPICS;

use crate::support::{Home, KSM, Server, Vault};
use blocks::{Block, Step, blocks, fits};

// Read from their files, so that a page can be changed and run again without a build.
fn pages() -> Vec<(String, String)> {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    let topics = TOPICS.iter().map(|topic| {
        let text = read(&format!("src/guide/{}.md", topic.name));
        (topic.name.to_owned(), text.unwrap())
    });
    let readme = read("README.md").unwrap();
    topics.chain([("README".to_owned(), readme)]).collect()
}

fn find_ksm_first(home: &mut Home) {
    let programs = Path::new(KSM).parent().unwrap().display();
    home.set("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"));
}

/// Runs a line of a help page where the profile and the files that examples name lie.
#[track_caller]
pub fn run_example(line: &str) {
    let vault = Vault::seeded(Seed::sample().unwrap());
    let (mut home, token) = Home::with_token(&vault);
    let prod = ["profile", "init", "-p", "prod", &*token];
    home.ksm(prod).succeeds();
    find_ksm_first(&mut home);
    home.write("token.txt", vault.token());
    home.write("dump.sql", "select 1;");
    home.write(".env", "DB=keeper://Database/field/password\n");
    home.write("app.env.tmpl", "DB=keeper://Database/field/password\n");
    home.write("commands.txt", "secret list\n");
    let records = "version: v3\nkind: KeeperRecord\ndata:\n- recordType: login\n  title: Shop\n  fields: [{type: login, value: ada}]\n";
    home.write("records.yml", records);
    home.program("bash", ["-euc", line])
        .run()
        .may_print_secrets()
        .may_write_secrets()
        .succeeds();
}

/// Runs a page in a home of its own, and returns what went wrong.
fn trouble(page: &str, text: &str) -> Vec<String> {
    let vault = Vault::seeded(Seed::sample().unwrap());
    let mut home = Home::configured_for(&vault);
    find_ksm_first(&mut home);
    home.set("KSM_DEV_TOKEN", vault.token());
    let mut troubles = Vec::new();
    for Block { line, file, steps } in blocks(text) {
        if let Some((name, content)) = file {
            home.write(&name, content);
        }
        for step in steps {
            let trouble = outcome(&home, &step);
            troubles.extend(trouble.map(|trouble| format!("{page}, line {line}: {trouble}")));
        }
    }
    troubles
}

fn outcome(home: &Home, step: &Step) -> Option<String> {
    let (script, expected) = match step {
        Step::Script(script) => (script.clone(), None),
        Step::Session { command, output } => (format!("exec 2>&1\n{command}"), Some(output)),
    };
    let run = home.program("bash", ["-euc", &script]).run();
    run.may_print_secrets().may_write_secrets();
    match expected {
        None => (!run.has_code(0)).then(|| run.to_string()),
        Some(output) => {
            let shown = run.stdout_text();
            (!fits(output, shown)).then(|| format!("{run}\nexpected:\n{output}"))
        }
    }
}

#[test]
fn every_block_of_the_guide_does_what_it_says() {
    let wanted = std::env::var("GUIDE_PAGE").ok();
    let pages = pages().into_iter();
    let pages = pages.filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| wanted == name));
    let threads: Vec<_> = pages
        .map(|(name, text)| std::thread::spawn(move || trouble(&name, &text)))
        .collect();
    let troubles: Vec<_> = threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    assert!(troubles.is_empty(), "{}", troubles.join("\n\n"));
}

#[test]
fn every_link_between_pages_leads_to_one() {
    for (page, text) in pages() {
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            let path = match page.as_str() {
                "README" => target.to_owned(),
                _ => format!("src/guide/{target}"),
            };
            let is_there = Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists();
            assert!(is_there || target.contains("://"), "{page}: {target}");
        }
    }
}

#[test]
fn the_readme_is_short() {
    let pages = pages();
    let (_, readme) = pages.last().unwrap();
    assert!(readme.len() <= 12 * 1024, "{}", readme.len());
}

/// `ksm help` shows code four columns further in.
#[test]
fn no_code_is_wider_than_a_terminal() {
    for (page, text) in pages() {
        if page == "README" {
            continue;
        }
        for block in blocks::fenced(&text) {
            for line in block.content.lines() {
                assert!(line.chars().count() <= 76, "{page}: {line}");
            }
        }
    }
}

/// A block that does not run proves nothing, so most of them do.
#[test]
fn few_blocks_are_not_run() {
    let (mut run, mut not_run) = (0, 0);
    for (page, text) in pages() {
        for block in blocks::fenced(&text) {
            if !matches!(block.language, "sh" | "console") {
                continue;
            }
            match block.notes.iter().find(|note| note.starts_with("not run:")) {
                Some(note) => {
                    let reason = note.trim_start_matches("not run:").trim();
                    assert!(!reason.is_empty(), "{page}, line {}", block.line);
                    not_run += 1;
                }
                None => run += 1,
            }
        }
    }
    assert!(run >= 2 * not_run, "{run} run, {not_run} do not");
}
