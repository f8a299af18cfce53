//! Words the errors of a command line (compatibility 1.1). No value is repeated, since a word that fits nowhere may be
//! a token.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use super::unknown::{is_name, no_such_command, of_argument, with_hint};
use super::{Invocation, argv, tree, version, words};
use crate::failure::{Failure, Result};

/// Turns clap's error into help, the version or a failure. The words of `typed` lead from `root` to `reached`.
pub(super) fn explain(
    error: &Error,
    root: &Command,
    reached: &Command,
    typed: &[OsString],
) -> Result<Invocation> {
    let usage = UsageError {
        error,
        root,
        reached,
        typed,
    };
    Err(match error.kind() {
        ErrorKind::DisplayHelp => {
            let help = tree::help_like(&error.to_string(), root, reached);
            return Ok(Invocation::Show(help));
        }
        ErrorKind::DisplayVersion => {
            return Ok(Invocation::Show(version::answer(error.to_string(), typed)));
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            return Ok(Invocation::NeedsCommand(tree::help(reached)));
        }
        ErrorKind::InvalidSubcommand => usage.unknown_command(),
        ErrorKind::UnknownArgument => usage.unknown_argument(),
        ErrorKind::InvalidValue if usage.text(ContextKind::InvalidValue) == Some("") => {
            usage.missing_value()
        }
        ErrorKind::InvalidValue => usage.not_a_choice(),
        ErrorKind::ValueValidation => usage.bad_value(),
        ErrorKind::TooManyValues | ErrorKind::NoEquals => {
            Failure::usage(format!("Option '{}' does not take a value.", usage.name()))
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => usage.missing_value(),
        ErrorKind::ArgumentConflict => usage.conflict(),
        ErrorKind::MissingRequiredArgument => usage.missing_argument(),
        ErrorKind::InvalidUtf8 => usage.not_text(),
        // Io and Format concern clap's writing; kinds of later versions get clap's first line.
        _ => Failure::usage(error.kind().to_string()),
    })
}

struct UsageError<'t> {
    error: &'t Error,
    root: &'t Command,
    reached: &'t Command,
    typed: &'t [OsString],
}

impl UsageError<'_> {
    fn text(&self, kind: ContextKind) -> Option<&str> {
        self.texts(kind).first().map(String::as_str)
    }

    fn texts(&self, kind: ContextKind) -> &[String] {
        match self.error.get(kind) {
            Some(ContextValue::Strings(texts)) => texts,
            Some(ContextValue::String(text)) => std::slice::from_ref(text),
            _ => &[],
        }
    }

    fn unknown_command(&self) -> Failure {
        let word = self
            .text(ContextKind::InvalidSubcommand)
            .unwrap_or_default();
        let position = self.position(word);
        let typed = position.and_then(|at| self.typed.get(at)?.to_str());
        let failure = no_such_command(typed.unwrap_or(word), position);
        // The words behind `help` say which command is to be explained; behind another word they are no commands.
        let group = match word.eq_ignore_ascii_case("help") {
            true => self.reached.clone(),
            false => self.group_before(position),
        };
        with_hint(failure, words::for_command(&group, word), &group)
    }

    fn group_before(&self, position: Option<usize>) -> Command {
        let words = self.typed.iter().take(position.unwrap_or_default()).skip(1);
        words.fold(self.root.clone(), |group, word| {
            let name = word.to_string_lossy().to_lowercase();
            tree::below(&group, &name).unwrap_or(group)
        })
    }

    fn unknown_argument(&self) -> Failure {
        let word = self.text(ContextKind::InvalidArg).unwrap_or_default();
        let position = self.position(word);
        let is_option = word.starts_with('-') && !self.is_behind_dashes(position);
        let misplaced = argv::behind(self.reached, word).filter(|_| is_option);
        if let Some((name, hint)) = misplaced {
            return Failure::usage(format!("No such option '{name}'.")).hint(hint);
        }
        let name = word.strip_prefix('-').filter(|name| is_name(name));
        if let Some(name) = name.filter(|_| is_option) {
            let name = name.strip_prefix('-').unwrap_or(name);
            let is_of_root = position.is_some()
                && tree::path(&self.group_before(position)) == tree::path(self.root);
            let command = if is_of_root { self.root } else { self.reached };
            let meant = words::for_option(command, self.root, name);
            let failure = Failure::usage(format!("No such option '{word}'."));
            return with_hint(failure, meant, command);
        }
        if word.starts_with('-') {
            return self.hint(of_argument(position, "is not expected here"), None);
        }
        if let Some(meant) = words::nearest_command(self.reached, word) {
            return no_such_command(word, position).hint(words::did_you_mean(&meant));
        }
        let hint = words::for_stray(self.reached, word);
        self.hint(of_argument(position, "is not expected here"), hint)
    }

    fn missing_value(&self) -> Failure {
        let failure = Failure::usage(match self.positional() {
            Some(name) => format!("Argument '{name}' is empty."),
            None => format!("Option '{}' requires an argument.", self.name()),
        });
        let arg = self.arg();
        let values = arg.and_then(Arg::get_value_names).unwrap_or_default();
        match arg.and_then(Arg::get_short) {
            // Elsewhere it asks for help.
            Some('h') => failure.hint(format!(
                "`-h` names the host here; `{} --help` shows what there is",
                tree::path(self.reached)
            )),
            _ if values.len() > 1 => failure.hint(format!(
                "it takes {} words: `{} {}`",
                values.len(),
                self.name(),
                values.join(" ")
            )),
            _ => failure,
        }
    }

    fn not_a_choice(&self) -> Failure {
        let choices = self.texts(ContextKind::ValidValue);
        let one_of = if choices.len() == 1 { "" } else { "one of " };
        let word = self.text(ContextKind::InvalidValue).unwrap_or_default();
        let failure = Failure::usage(format!(
            "Invalid value for {}: not {one_of}'{}'.",
            self.names(),
            choices.join("', '")
        ));
        match words::for_choice(word, choices) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    fn bad_value(&self) -> Failure {
        let why = std::error::Error::source(self.error).map(ToString::to_string);
        let why = why.unwrap_or_else(|| String::from("not understood"));
        Failure::usage(format!("Invalid value for {}: {why}", self.names()))
    }

    fn not_text(&self) -> Failure {
        let position = self.typed.iter().position(|word| word.to_str().is_none());
        of_argument(position, "is not valid UTF-8")
    }

    fn conflict(&self) -> Failure {
        let bare = |text: &str| plain_name(text).trim_start_matches('-').to_owned();
        let one = bare(self.text(ContextKind::InvalidArg).unwrap_or_default());
        match self.text(ContextKind::PriorArg).map(bare) {
            Some(other) if other != one => {
                let what = format!("Illegal usage: '{one}' is mutually exclusive with '{other}'.");
                match words::for_pair(self.reached) {
                    Some(hint) => Failure::usage(what).hint(hint),
                    None => Failure::usage(what),
                }
            }
            _ => Failure::usage(format!("Option '{one}' is given more than once.")),
        }
    }

    fn missing_argument(&self) -> Failure {
        let message = match self.positional() {
            Some(name) => format!("Missing argument '{name}'."),
            None => format!("Missing option {}.", self.names()),
        };
        let looks = tree::sketch(self.reached, self.arg());
        let root_options = argv::normalize(self.root, self.typed).root_options;
        let is_profile = |word: &OsString| word.as_encoded_bytes().starts_with(b"-p");
        Failure::usage(message).hint(match root_options.iter().any(is_profile) {
            true => format!("`-p` names the profile of this run; the command looks like `{looks}`"),
            false => format!("the command looks like `{looks}`"),
        })
    }

    fn hint(&self, failure: Failure, meant: Option<String>) -> Failure {
        with_hint(failure, meant, self.reached)
    }

    // Clap's error names its argument by its spelling only.
    fn arg(&self) -> Option<&Arg> {
        let shown = self.text(ContextKind::InvalidArg)?;
        [self.reached, self.root]
            .into_iter()
            .flat_map(Command::get_arguments)
            .find(|arg| arg.to_string() == shown)
    }

    // `NAME...` of `[NAME]...`, if the error concerns a positional.
    fn positional(&self) -> Option<String> {
        let shown = self.text(ContextKind::InvalidArg)?;
        (!shown.starts_with('-')).then(|| shown.replace(['<', '>', '[', ']'], ""))
    }

    // `--long`
    fn name(&self) -> &str {
        plain_name(self.text(ContextKind::InvalidArg).unwrap_or_default())
    }

    // `'--long' / '-s'`, or another long name where no letter is short.
    fn names(&self) -> String {
        let name = self.name();
        let short = self.arg().and_then(Arg::get_short);
        let aliases = self
            .arg()
            .and_then(Arg::get_all_aliases)
            .unwrap_or_default();
        match (short, aliases.first()) {
            (Some(short), _) => format!("'{name}' / '-{short}'"),
            (None, Some(alias)) => format!("'{name}' / '--{alias}'"),
            (None, None) => format!("'{name}'"),
        }
    }

    // The index in `typed`, where the program's name is 0.
    fn position(&self, word: &str) -> Option<usize> {
        self.typed
            .iter()
            .rposition(|typed| typed.to_string_lossy() == word)
    }

    // Behind `--` there are no options.
    fn is_behind_dashes(&self, position: Option<usize>) -> bool {
        let before = position.and_then(|position| self.typed.get(..position));
        before.is_some_and(|before| before.iter().any(|typed| typed == "--"))
    }
}

// `--long` of `--long <VALUE>`, `NAME` of `<NAME>` and `[NAME]...`.
fn plain_name(shown: &str) -> &str {
    shown
        .split([' ', '='])
        .next()
        .unwrap_or(shown)
        .trim_end_matches("...")
        .trim_matches(['<', '>', '[', ']'])
}
