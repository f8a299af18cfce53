//! Finds the declaration of an option as typed, and spells the option as clap does.

use clap::{Arg, Command};

/// Options of one dash and two letters, which commands declare as hidden long aliases: `-nc` is `--nc`.
const LETTER_PAIRS: [&str; 7] = ["nc", "lc", "uc", "sc", "fr", "px", "rj"];

pub(super) struct Spelled {
    pub(super) word: String,
    /// The values that stand in the next words.
    pub(super) missing: usize,
}

impl From<String> for Spelled {
    fn from(word: String) -> Self {
        Self { word, missing: 0 }
    }
}

/// Returns `None` if the command does not declare such an option.
pub(super) fn spell(command: &Command, text: &str) -> Option<Spelled> {
    spell_long(command, text)
        .or_else(|| spell_pair(command, text))
        .or_else(|| spell_short(command, text))
}

/// Spells a name behind two dashes.
pub(super) fn spell_long(command: &Command, text: &str) -> Option<Spelled> {
    spell_name(command, text.strip_prefix("--")?)
}

/// The long name that `text` has behind one dash, as in `-profile` or `-title=X`.
pub(super) fn behind_one_dash(command: &Command, text: &str) -> Option<String> {
    let bare = text
        .strip_prefix('-')
        .filter(|bare| !bare.starts_with('-'))?;
    let name = bare.split_once('=').map_or(bare, |(name, _)| name);
    let name = name.to_ascii_lowercase();
    // Two letters may be two flags or one of the pairs.
    (name.len() > 2 && long(command, &name).is_some()).then_some(name)
}

fn spell_pair(command: &Command, text: &str) -> Option<Spelled> {
    let bare = text.strip_prefix('-')?;
    let name = bare.split_once('=').map_or(bare, |(name, _)| name);
    LETTER_PAIRS
        .iter()
        .any(|pair| name.eq_ignore_ascii_case(pair))
        .then(|| spell_name(command, bare))?
}

// `name` or `name=value`.
fn spell_name(command: &Command, text: &str) -> Option<Spelled> {
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    let arg = long(command, &name.to_ascii_lowercase())?;
    Some(Spelled {
        word: lower_name(&format!("--{text}")),
        missing: match name == text {
            true => values(arg),
            false => 0,
        },
    })
}

// One letter with or without its value, or several flags: `-u`, `-uUID`, `-ir`.
fn spell_short(command: &Command, text: &str) -> Option<Spelled> {
    let letters = text
        .strip_prefix('-')
        .filter(|letters| !letters.starts_with('-'))?;
    let mut word = String::from("-");
    let mut letters = letters.chars();
    while let Some(typed) = letters.next() {
        let Some((letter, arg)) = short(command, typed) else {
            if word.len() == 1 {
                return None;
            }
            word.push(typed); // clap names the letter that is not declared
            word.push_str(letters.as_str());
            return Some(word.into());
        };
        word.push(letter);
        if arg.get_action().takes_values() {
            let attached = letters.as_str();
            word.push_str(attached);
            return Some(Spelled {
                word,
                missing: match attached.is_empty() {
                    true => values(arg),
                    false => 0,
                },
            });
        }
    }
    Some(word.into())
}

/// Lower-cases the name of a long option and keeps its value.
pub(super) fn lower_name(text: &str) -> String {
    match (text.starts_with("--"), text.split_once('=')) {
        (false, _) => text.to_owned(),
        (true, None) => text.to_ascii_lowercase(),
        (true, Some((name, value))) => format!("{}={value}", name.to_ascii_lowercase()),
    }
}

/// Finds the option with this lower-case name or alias.
pub(super) fn long<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|arg| {
        arg.get_long() == Some(name)
            || arg
                .get_all_aliases()
                .is_some_and(|aliases| aliases.contains(&name))
    })
}

// Tries the letter as typed, then in lower case.
fn short(command: &Command, typed: char) -> Option<(char, &Arg)> {
    [typed, typed.to_ascii_lowercase()]
        .into_iter()
        .find_map(|letter| {
            let arg = command
                .get_arguments()
                .find(|arg| arg.get_short() == Some(letter))?;
            Some((letter, arg))
        })
}

/// The values that an option needs. An optional one never stands in the next word.
fn values(arg: &Arg) -> usize {
    match arg.get_action().takes_values() {
        true => arg.get_num_args().map_or(1, |range| range.min_values()),
        false => 0,
    }
}
