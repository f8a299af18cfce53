//! Words that are no command, option or topic. Nothing that may be a token is repeated.

use clap::Command;
use ksm::guide::TOPICS;
use ksm::suggest::{self, LOOSE};

use super::{tree, words};
use crate::failure::Failure;

/// Tokens and keys are longer than any name of a command or option.
const LONGEST_NAME: usize = 24;

pub(super) fn no_such_command(word: &str, position: Option<usize>) -> Failure {
    match is_name(word) {
        true => Failure::usage(format!("No such command '{word}'.")),
        false => of_argument(position, "is not the name of a command"),
    }
}

/// The answer to a word that is neither a command below `above` nor, at the root, a topic of the guide.
pub(super) fn nothing_to_explain(word: &str, above: &Command) -> Failure {
    if above.get_bin_name() != Some(above.get_name()) {
        return with_hint(
            no_such_command(word, None),
            words::for_command(above, word),
            above,
        );
    }
    let failure = match is_name(word) {
        true => Failure::usage(format!("No such command or topic '{word}'.")),
        false => of_argument(None, "is neither a command nor a topic"),
    };
    let topics = TOPICS.iter().map(|topic| topic.name);
    let part = topics
        .clone()
        .find(|topic| topic.split('-').any(|part| part.eq_ignore_ascii_case(word)));
    let commands = words::shown_names(above);
    let meant = part
        .map(str::to_owned)
        .or_else(|| words::topic_for(word).map(str::to_owned))
        .or_else(|| suggest::closest(word, commands.chain(topics), LOOSE));
    failure.hint(match meant {
        Some(meant) => format!("did you mean `ksm help {meant}`?"),
        None => "`ksm help` shows the commands and topics".to_owned(),
    })
}

/// A long name behind one dash, which would be read as a letter with a value.
pub(super) fn one_dash(name: &str) -> Failure {
    Failure::usage(format!("No such option '-{name}'."))
        .hint(words::did_you_mean(&format!("--{name}")))
}

/// The answer to dashes at the end, where a program belongs behind them.
pub(super) fn nothing_behind_dashes(reached: &Command) -> Option<Failure> {
    let mut operands = reached.get_positionals();
    operands.find(|arg| tree::is_behind_dashes(arg))?;
    let looks = format!("the command looks like `{}`", tree::sketch(reached, None));
    Some(Failure::usage("Missing argument 'COMMAND...'.").hint(looks))
}

pub(super) fn of_argument(position: Option<usize>, what: &str) -> Failure {
    let argument = position.map_or("An argument".into(), |at| format!("Argument {at}"));
    Failure::usage(format!("{argument} {what}."))
}

pub(super) fn is_name(word: &str) -> bool {
    (1..=LONGEST_NAME).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

pub(super) fn with_hint(failure: Failure, hint: Option<String>, reached: &Command) -> Failure {
    failure.hint(match hint {
        Some(hint) => hint,
        None => format!("`{} --help` shows what there is", tree::path(reached)),
    })
}
