//! What is suggested in place of a word that is no command or option here: the words of other tools by a table, slips by
//! likeness. A suggestion never leads from a value to a file or a store, from a read to a write, or to what shows more
//! than was asked for.
//!
//! - `commands`, `options`, `operands`, `topics`: the tables
//! - `cures`: what they have in common

mod commands;
mod cures;
mod operands;
mod options;
mod topics;

use clap::{Arg, Command};
use ksm::suggest::{self, LOOSE};
use ksm::vault::notation;

use self::commands::{COMMANDS, GRAVE, NAMES};
use self::cures::NOTATION;
use self::operands::{FIELDS, STRAY};
use self::options::{LAVISH, OPTIONS};
use self::topics::TOPICS;
use super::tree;

/// For commands that change or show much, and options that do: a slip of one letter or two.
const SLIP: f64 = 0.75;

/// The hint for an argument that `reached` does not take. Of `NAME=VALUE` the name is repeated if it is that of a field.
pub(super) fn for_stray(reached: &Command, word: &str) -> Option<String> {
    let path = tree::path(reached);
    if path == "ksm secret update"
        && let Some((name, _)) = word.split_once('=')
        && FIELDS.contains(&name)
    {
        return Some(format!(
            "a field is set with an option: `--field-from {name}=-` takes what stdin holds, and `--field {name}=VALUE` a \
             value that other users of this machine may see"
        ));
    }
    let mut cures = STRAY.iter().filter(|(of, _)| *of == path);
    if let Some((_, cure)) = cures.next() {
        return Some((*cure).to_owned());
    }
    // The first word of a title with blanks was read as the whole.
    let takes_names = reached.get_positionals().next().is_some() && path.starts_with("ksm secret ");
    takes_names.then(|| {
        "a name or notation with blanks stands within quotes: 'keeper://My Server/field/login'"
            .to_owned()
    })
}

/// The hint for two arguments of `reached` that exclude each other.
pub(super) fn for_pair(reached: &Command) -> Option<&'static str> {
    (tree::path(reached) == "ksm secret download")
        .then_some("`-u RECORD --name NAME` or keeper://RECORD/file/NAME names an attachment")
}

/// The hint for `word` in place of one of `choices`.
pub(super) fn for_choice(word: &str, choices: &[String]) -> Option<String> {
    let choices = || choices.iter().map(String::as_str);
    let is_shell = ["bash", "sh", "zsh"].contains(&word);
    let shell = choices().find(|choice| is_shell && *choice == "shell");
    let meant = shell.map(str::to_owned);
    meant
        .or_else(|| suggest::closest(word, choices(), LOOSE))
        .map(|choice| did_you_mean(&choice))
}

/// The page for `word`, which is neither a command nor a topic.
pub(super) fn topic_for(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let mut rows = TOPICS.iter();
    rows.find(|(_, words)| words.contains(&word.as_str()))
        .map(|(topic, _)| *topic)
}

/// The hint for `word`, which is no command of `group`.
pub(super) fn for_command(group: &Command, word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    if word == "help" {
        let words = tree::path(group).strip_prefix("ksm").unwrap_or_default();
        return Some(format!("`ksm help{words}` explains the command"));
    }
    let mut cures = COMMANDS
        .iter()
        .filter(|(path, words, _)| *path == tree::path(group) && words.contains(&word.as_str()));
    if let Some((_, _, cure)) = cures.next() {
        return Some((*cure).to_owned());
    }
    if notation::has_prefix(&word) {
        return Some(NOTATION.to_owned());
    }
    let near = nearest_command(group, &word);
    near.map(|name| did_you_mean(&name)).or_else(|| {
        let mut names = NAMES.iter().filter(|(path, _)| *path == tree::path(group));
        names.next().map(|(_, cure)| (*cure).to_owned())
    })
}

/// The command of `group` that `word` is a slip for.
pub(super) fn nearest_command(group: &Command, word: &str) -> Option<String> {
    let (grave, light): (Vec<_>, Vec<_>) =
        shown_names(group).partition(|name| GRAVE.contains(name));
    let near = suggest::closest(word, light.into_iter(), LOOSE);
    near.or_else(|| suggest::slip(word, grave.into_iter(), SLIP))
}

/// The hint for the option `name`, which neither `reached` nor the root has.
pub(super) fn for_option(reached: &Command, root: &Command, name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let path = tree::path(reached);
    let mut cures = OPTIONS.iter().filter(|(above, names, _)| {
        let below = path.strip_prefix(above);
        below.is_some_and(|below| below.is_empty() || below.starts_with(' '))
            && names.contains(&name.as_str())
    });
    if let Some((_, _, cure)) = cures.next() {
        return Some((*cure).to_owned());
    }
    let options = [reached, root].into_iter().flat_map(Command::get_arguments);
    let options = options.filter(|arg| !arg.is_hide_set() && arg.get_long().is_some());
    let (grave, light): (Vec<&Arg>, Vec<&Arg>) = options.partition(|arg| is_grave(arg));
    let light = || light.iter().filter_map(|arg| arg.get_long());
    suggest::slip(&name, light(), SLIP)
        .or_else(|| suggest::slip(&name, grave.into_iter().filter_map(Arg::get_long), SLIP))
        .or_else(|| suggest::closest(&name, light(), LOOSE))
        .map(|name| did_you_mean(&format!("--{name}")))
}

/// Whether it names a file or a store, or shows or allows more.
fn is_grave(arg: &Arg) -> bool {
    let names = arg.get_value_names().unwrap_or_default();
    let places = [
        "FILE",
        "=PATH",
        "PATH=NOTATION",
        "TARGET",
        "DIR",
        "STORAGE",
        "STORE",
        "PROGRAM",
    ];
    let names_a_place = names
        .iter()
        .any(|name| places.iter().any(|place| name.ends_with(place)));
    names_a_place || arg.get_long().is_some_and(|name| LAVISH.contains(&name))
}

pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

pub(super) fn shown_names(group: &Command) -> impl Iterator<Item = &str> {
    let shown = group
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    shown.map(Command::get_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str) -> Option<Command> {
        let mut words = path.split(' ').skip(1);
        words.try_fold(tree::root(), |here, word| tree::below(&here, word))
    }

    /// The command and those below it.
    fn all_below(command: &Command) -> Vec<Command> {
        let names: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        let below = names.iter().filter_map(|name| tree::below(command, name));
        let below = below.flat_map(|command| all_below(&command));
        below.chain([command.clone()]).collect()
    }

    fn has_option(command: &Command, name: &str) -> bool {
        command.get_arguments().any(|arg| {
            let mut longs = arg
                .get_long()
                .into_iter()
                .chain(arg.get_all_aliases().unwrap_or_default());
            let short = arg.get_short().map(String::from);
            longs.any(|long| long == name) || short.is_some_and(|short| short == name)
        })
    }

    #[test]
    fn no_word_of_a_table_has_a_meaning_here() {
        for (path, words, _) in COMMANDS {
            let Some(command) = at(path) else { continue };
            for word in *words {
                let found = command.find_subcommand(word);
                assert!(found.is_none_or(Command::is_hide_set), "{path} {word}");
            }
        }
        let root = tree::root();
        for (path, names, _) in OPTIONS {
            let Some(command) = at(path) else { continue };
            let commands = all_below(&command);
            for name in *names {
                let is_wanted = commands.iter().any(|command| !has_option(command, name));
                assert!(is_wanted && !has_option(&root, name), "{path} --{name}");
            }
        }
    }
}
