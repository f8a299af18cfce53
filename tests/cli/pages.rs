//! The page of every command: its line in the list above it, its width, its examples, its manual page.

use crate::support::Home;

/// The words of every command, from the lists of commands in the help pages; none for the root.
fn commands() -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut above = vec![(Vec::new(), None)];
    while let Some((words, line)) = above.pop() {
        let page = page_of(&words);
        found.push((words.clone(), page.clone()));
        if let Some(line) = line {
            let first = page.lines().next().unwrap();
            assert_eq!(first, line, "{words:?} and its line in the list above");
        }
        for (name, line) in section(&page, "Commands:") {
            let below = words.iter().cloned().chain([name]).collect();
            above.push((below, Some(line)));
        }
    }
    assert!(found.len() > 50, "{}", found.len());
    found
}

fn page_of(words: &[String]) -> String {
    let home = Home::new();
    let run = home.ksm(words.iter().cloned().chain(["--help".to_owned()]));
    run.succeeds().stderr("").stdout_text().to_owned()
}

/// Names and texts of the entries under a heading; a text may go on in further lines.
fn section(page: &str, heading: &str) -> Vec<(String, String)> {
    let lines = page.lines().skip_while(|line| *line != heading).skip(1);
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in lines.take_while(|line| line.starts_with("  ")) {
        match (line[2..].split_once("  "), entries.last_mut()) {
            (Some((name, text)), _) if !name.is_empty() => {
                entries.push((name.to_owned(), text.trim().to_owned()));
            }
            (_, Some((_, text))) => *text += &format!(" {}", line.trim()),
            _ => {}
        }
    }
    entries
}

#[test]
fn every_help_page_fits_its_list_and_the_terminal() {
    for (words, page) in commands() {
        for line in page.lines() {
            assert!(line.chars().count() <= 80, "{words:?}: {line}");
        }
        let of_help = Home::new().ksm(["help".to_owned()].into_iter().chain(words.clone()));
        // A page of the guide behind the options needs no pointer to it.
        let options = page.split("Read on").next().unwrap();
        assert!(
            of_help.stdout_text().starts_with(options),
            "{words:?}\n{of_help}"
        );
    }
}

/// Commands whose page tells enough without an example.
#[cfg(unix)]
const WITHOUT_EXAMPLE: [&str; 9] = [
    "keyring version",
    "config color",
    "config editor",
    "config record-type-dir",
    "dev token",
    "help",
    "keyring del",
    "quit",
    "version",
];

/// Examples that need more than the sample vault, with what they need.
#[cfg(unix)]
const NOT_RUN: &[(&str, &str)] = &[
    ("profile setup", "AWS"),
    ("profile push", "AWS"),
    ("profile move", "a keyring"),
    ("secret add editor", "an editor"),
    ("init k8s --namespace shop --apply", "a cluster"),
    ("keyring", "a keyring"),
    ("dev --seed", "a vault of one's own"),
    ("sync -t", "a cloud"),
];

#[cfg(unix)]
#[test]
fn examples_of_help_pages_work() {
    for (words, page) in commands() {
        let command = words.join(" ");
        let examples: Vec<_> = page
            .lines()
            .skip_while(|line| *line != "Examples:")
            .skip(1)
            .take_while(|line| line.starts_with("  "))
            .collect();
        let is_group = page.contains("\nCommands:\n");
        let may_lack = is_group || WITHOUT_EXAMPLE.contains(&&*command);
        assert!(may_lack || !examples.is_empty(), "{command}");
        let examples = examples.join("\n").replace("\\\n", "");
        for example in examples.lines() {
            let example = example.trim();
            let is_run = |(what, _): &(&str, &str)| !example.contains(&format!("ksm {what}"));
            if NOT_RUN.iter().all(is_run) && !example.ends_with("bash") {
                crate::guide::run_example(example);
            }
        }
    }
}

#[test]
fn every_command_and_topic_has_a_manual_page() {
    let home = Home::new();
    let day = |seconds: &str| {
        home.command(["help", "--man", "m"])
            .env("SOURCE_DATE_EPOCH", seconds)
    };
    day("1769900399").run().succeeds().stdout("").stderr("");
    for (words, _) in commands() {
        let name = words
            .iter()
            .map(|word| format!("-{word}"))
            .collect::<String>();
        let page = home.read(&format!("m/man1/ksm{name}.1"));
        assert!(page.contains(" 1 2026-01-31 "), "{page}");
    }
    for topic in ksm::guide::TOPICS {
        home.read(&format!("m/man7/ksm-{}.7", topic.name));
    }
    day("yesterday")
        .run()
        .fails(6)
        .stderr("Error: SOURCE_DATE_EPOCH is no number of seconds since 1970\n");
}
