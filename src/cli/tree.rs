//! The tree of commands. A command declares its options when it is reached (`defer`), because a run needs those of two
//! or three out of forty.

use clap::{Arg, Command, CommandFactory};

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

/// The command with the options that it needs, `missing` among them, and its operands, in their shortest spelling.
pub(super) fn sketch(command: &Command, missing: Option<&Arg>) -> String {
    let mut words = vec![path(command).to_owned()];
    let (operands, options): (Vec<_>, Vec<_>) =
        command.get_arguments().partition(|arg| arg.is_positional());
    let values = |arg: &Arg| {
        let names = arg.get_value_names().unwrap_or_default();
        names.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let is_missing = |arg: &Arg| missing.is_some_and(|missing| missing.get_id() == arg.get_id());
    let is_needed = |arg: &&Arg| arg.is_required_set() || is_missing(arg);
    for option in options.into_iter().filter(is_needed) {
        let short = option.get_short().map(|letter| format!("-{letter}"));
        let aliases = option.get_all_aliases().unwrap_or_default();
        let longs = aliases.into_iter().chain(option.get_long());
        let long = longs.min_by_key(|name| name.len());
        words.extend(short.or_else(|| long.map(|name| format!("--{name}"))));
        if option.get_action().takes_values() {
            words.extend(values(option));
        }
    }
    for operand in operands {
        words.extend(is_behind_dashes(operand).then(|| "--".to_owned()));
        words.extend(values(operand));
    }
    words.join(" ")
}

/// Whether it is a program with its words.
pub(super) fn is_behind_dashes(operand: &Arg) -> bool {
    operand.is_trailing_var_arg_set() || operand.is_last_set()
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
