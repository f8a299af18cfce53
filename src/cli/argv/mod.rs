//! Rewrites the command line for clap (D3). Users of the official CLI type more than clap knows: names in any case,
//! `-nc`, root options behind the command, UIDs that begin with a dash, `exec` without `--`.
//!
//! All of it is decided by walking clap's tree, so a new command needs nothing here. A value is joined to its option with
//! `=`, since UIDs and tokens may begin with a dash. Other values stay as they are, and so does what follows `--`.

use std::ffi::{OsStr, OsString};
use std::slice::Iter;

use clap::{Arg, Command};
use ksm::vault::uid::has_form;

use super::tree;

mod option;
#[cfg(test)]
mod tests;

/// A command line for clap, and the command that its words lead to if that is not the root.
pub(super) struct ClapLine {
    pub(super) words: Vec<OsString>,
    /// The words of the root's options.
    pub(super) root_options: Vec<OsString>,
    pub(super) reached: Option<Command>,
    /// The long name of an option that stands behind a single dash.
    pub(super) one_dash: Option<String>,
    /// Whether dashes announce operands, and none follow.
    pub(super) ends_with_dashes: bool,
}

/// The first word of `typed` is the program's name.
pub(super) fn normalize(root: &Command, typed: &[OsString]) -> ClapLine {
    let mut words = typed.iter();
    let program = words.next().cloned();
    let mut walk = Walk {
        root,
        below: None,
        root_options: Vec::new(),
        rest: Vec::new(),
        operands: Vec::new(),
        one_dash: None,
        ends_with_dashes: false,
    };
    while let Some(word) = words.next() {
        walk.step(word, &mut words);
    }
    let mut spelled: Vec<_> = program.into_iter().collect();
    spelled.extend(walk.root_options.iter().cloned());
    spelled.append(&mut walk.rest);
    if !walk.operands.is_empty() {
        spelled.push("--".into());
        spelled.append(&mut walk.operands);
    }
    ClapLine {
        words: spelled,
        root_options: walk.root_options,
        reached: walk.below,
        one_dash: walk.one_dash,
        ends_with_dashes: walk.ends_with_dashes,
    }
}

/// The name of an option of `command`, and the hint for one that was given before the command's own name.
pub(super) fn behind(command: &Command, typed: &str) -> Option<(String, String)> {
    let option = option::spell(command, typed)?;
    let value = match option.missing {
        0 => "",
        _ => " VALUE",
    };
    let name = match option.word.starts_with("--") {
        true => option.word.split('=').next().unwrap_or_default().to_owned(),
        // A value may be attached.
        false => option.word.chars().take(2).collect(),
    };
    let hint = format!(
        "it belongs behind the command: `{} {name}{value}`",
        tree::path(command)
    );
    Some((name, hint))
}

/// The first long name of the option that `typed` names by another.
pub(super) fn first_name(command: &Command, typed: &str) -> Option<String> {
    let spelled = option::spell(command, typed)?;
    let name = spelled.word.strip_prefix("--")?;
    let first = option::long(command, name)?.get_long()?;
    (first != name).then(|| format!("--{first}"))
}

struct Walk<'c> {
    root: &'c Command,
    // The command that the words have led to.
    below: Option<Command>,
    root_options: Vec<OsString>,
    // The command words and what belongs to the command.
    rest: Vec<OsString>,
    // The words for behind `--`.
    operands: Vec<OsString>,
    one_dash: Option<String>,
    ends_with_dashes: bool,
}

impl Walk<'_> {
    fn reached(&self) -> &Command {
        self.below.as_ref().unwrap_or(self.root)
    }

    fn step(&mut self, word: &OsString, following: &mut Iter<'_, OsString>) {
        match word.to_str() {
            Some("--") => {
                self.ends_with_dashes = following.as_slice().is_empty();
                self.operands.extend(following.cloned());
            }
            Some(text) if self.is_notation_of_a_dashed_uid(text) => {
                self.operands.push(word.clone());
            }
            Some(text) if self.is_dashed("uid", text, has_form) => {
                self.rest.push(format!("--uid={text}").into())
            }
            Some(text) if self.is_dashed("token", text, is_client_key) => {
                self.rest.push(format!("--token={text}").into())
            }
            Some(text) if text.len() > 1 && text.starts_with('-') => self.option(text, following),
            None if word.to_string_lossy().starts_with('-') => self.undecodable_option(word),
            _ if self
                .reached()
                .get_positionals()
                .any(Arg::is_trailing_var_arg_set) =>
            {
                // The program of `exec`; the rest of the line belongs to it.
                self.operands.push(word.clone());
                self.operands.extend(following.cloned());
            }
            text => {
                let word = self.command_word(text).unwrap_or_else(|| word.clone());
                self.rest.push(word);
            }
        }
    }

    fn command_word(&mut self, text: Option<&str>) -> Option<OsString> {
        let lower = text?.to_ascii_lowercase();
        self.below = Some(tree::below(self.reached(), &lower)?);
        Some(lower.into())
    }

    fn option(&mut self, text: &str, following: &mut Iter<'_, OsString>) {
        let found = [self.reached(), self.root]
            .into_iter()
            .find_map(|command| option::behind_one_dash(command, text));
        if let Some(name) = found {
            self.one_dash.get_or_insert(name);
            return;
        }
        let own = self
            .below
            .as_ref()
            .and_then(|reached| option::spell(reached, text));
        let is_own = own.is_some();
        let Some(option) = own.or_else(|| option::spell(self.root, text)) else {
            // Clap's own `--help`, or an unknown option that clap reports.
            self.rest.push(option::lower_name(text).into());
            return;
        };
        let values: Vec<_> = following.take(option.missing).collect();
        if !is_own && values.len() < option.missing {
            // In front of the command it would take the command for its value; alone, clap reports the missing one.
            self.rest.clear();
            self.operands.clear();
        }
        // In front of a word that is no command it would hide the mistake.
        let asks_for_help = matches!(&*option.word, "--help" | "-h") && !self.rest.is_empty();
        let place = if is_own || asks_for_help {
            &mut self.rest
        } else {
            &mut self.root_options
        };
        match values.as_slice() {
            [value] if option.missing == 1 => place.push(joined(&option.word, value)),
            values => {
                place.push(option.word.into());
                place.extend(values.iter().map(|value| (*value).clone()));
            }
        }
    }

    // An option with an attached value that is not UTF-8, such as a path.
    fn undecodable_option(&mut self, word: &OsString) {
        let text = word.to_string_lossy();
        let spells = |command: &Command| option::spell(command, &text).is_some();
        let is_of_root = !self.below.as_ref().is_some_and(spells) && spells(self.root);
        let place = if is_of_root {
            &mut self.root_options
        } else {
            &mut self.rest
        };
        place.push(word.clone());
    }

    /// Whether a word that begins with a dash is a value for the option `name`, and no option.
    fn is_dashed(&self, name: &str, text: &str, is_value: fn(&str) -> bool) -> bool {
        text.starts_with('-')
            && is_value(text)
            && option::long(self.reached(), name).is_some()
            && option::spell_long(self.reached(), text)
                .or_else(|| option::spell_long(self.root, text))
                .is_none()
    }

    fn is_notation_of_a_dashed_uid(&self, text: &str) -> bool {
        text.starts_with('-') && text.split_once('/').is_some_and(|(uid, _)| has_form(uid))
    }
}

/// Whether `text` looks like a one-time token without a region: 32 bytes in base64.
fn is_client_key(text: &str) -> bool {
    let in_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(in_base64)
}

fn joined(option: &str, value: &OsStr) -> OsString {
    let mut word = OsString::from(option);
    word.push("=");
    word.push(value);
    word
}
