//! Every command, as manual pages tell of it.

use clap::{Arg, Command};

use super::tree;
use crate::render::{CommandPage, Group};

/// The pages of all commands that help shows.
pub(crate) fn pages() -> Vec<CommandPage> {
    let mut pages = Vec::new();
    let mut above = vec![tree::root()];
    while let Some(command) = above.pop() {
        pages.push(page(&command));
        let shown = command
            .get_subcommands()
            .filter(|below| !below.is_hide_set());
        above.extend(shown.filter_map(|below| tree::below(&command, below.get_name())));
    }
    pages
}

fn page(command: &Command) -> CommandPage {
    let usage = command.clone().render_usage().to_string();
    let usage = usage
        .trim_start_matches("Usage: ")
        .replace("\n       ", "\n");
    let notes = tree::notes(command);
    let own = command.get_after_help().map(ToString::to_string);
    let text = notes.map(|notes| notes.text.to_owned());
    let texts: Vec<_> = own
        .into_iter()
        .chain(text)
        .filter(|text| !text.is_empty())
        .collect();
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    CommandPage {
        name: tree::path(command).to_owned(),
        summary: command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default(),
        usage,
        groups: groups(command),
        examples: notes.map(|notes| owned(notes.examples)).unwrap_or_default(),
        notes: texts.join("\n\n"),
        topics: notes.map(|notes| owned(notes.topics)).unwrap_or_default(),
    }
}

fn groups(command: &Command) -> Vec<Group> {
    let commands = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    let commands = commands.map(|below| {
        let about = below.get_about().map(ToString::to_string);
        (below.get_name().to_owned(), about.unwrap_or_default())
    });
    let mut groups = vec![Group {
        heading: "Commands".to_owned(),
        entries: commands.collect(),
    }];
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let heading = match arg.get_help_heading() {
            Some(heading) => heading,
            None if arg.is_positional() => "Arguments",
            None => "Options",
        };
        let entry = (
            term(arg),
            arg.get_help().map(ToString::to_string).unwrap_or_default(),
        );
        match groups.iter_mut().find(|group| group.heading == heading) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                heading: heading.to_owned(),
                entries: vec![entry],
            }),
        }
    }
    groups.retain(|group| !group.entries.is_empty());
    groups
}

fn term(arg: &Arg) -> String {
    let long = arg.to_string();
    match arg.get_short().filter(|_| arg.get_long().is_some()) {
        Some(short) => format!("-{short}, {long}"),
        None => long,
    }
}
