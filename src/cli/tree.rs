//! The tree of commands. A command declares its options when it is reached (`defer`), because a run needs those of two
//! or three out of forty.

use clap::{Command, CommandFactory};

use super::Cli;
use super::notes::{Notes, UNBROKEN};

/// The root, with its options and the names of its commands.
pub(super) fn root() -> Command {
    // The last of repeated options counts, in every command below too.
    let mut root = Cli::command().args_override_self(true);
    complete(&mut root);
    root
}

/// The command below `above` with this name or alias, as complete as the root.
pub(super) fn below(above: &Command, name: &str) -> Option<Command> {
    let found = above.find_subcommand(name)?.clone();
    let path = format!("{} {}", path(above), found.get_name());
    let mut found = found.bin_name(path);
    complete(&mut found);
    Some(found)
}

/// The command's words, from the program's name.
pub(super) fn path(command: &Command) -> &str {
    command.get_bin_name().unwrap_or(command.get_name())
}

// Rendering its usage completes a command; `build` would complete the whole tree below it.
fn complete(command: &mut Command) {
    command.render_usage();
}

pub(super) fn notes(command: &Command) -> Option<&'static Notes> {
    let name = path(command).strip_prefix("ksm")?;
    Notes::of(name.trim_start())
}

/// The help page of a command, with its notes.
pub(super) fn help(command: &Command) -> String {
    help_beside(command, None)
}

/// The help page of a command that is shown in front of a topic of the guide.
pub(super) fn help_beside(command: &Command, topic: Option<&str>) -> String {
    let mut command = command.clone();
    if let Some(notes) = notes(&command) {
        let own = command.get_after_help().map(ToString::to_string);
        command = command.after_help(notes.with(own, topic));
    }
    let page = command.render_help().to_string();
    page.replace(UNBROKEN, " ")
}

/// The help page of the command that clap wrote `shown` about, which is `reached` or one above it.
pub(super) fn help_like(shown: &str, root: &Command, reached: &Command) -> String {
    let mut here = Some(root.clone());
    for word in path(reached).split_whitespace().skip(1) {
        let Some(command) = here else { break };
        if command.clone().render_help().to_string() == shown {
            return help(&command);
        }
        here = below(&command, word);
    }
    help(here.as_ref().unwrap_or(reached))
}
