//! What the key Tab offers: commands, options, profiles, and titles that were seen in this shell. Nothing is asked for
//! it.

use ksm::foreign;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use super::words;
use crate::cli;
use crate::commands::context::Titles;

/// The options whose value is the name of a profile.
const PROFILE_OPTIONS: [&str; 2] = ["-p", "--profile-name"];

pub(super) struct Completion {
    pub(super) profiles: Vec<String>,
    pub(super) titles: Titles,
}

impl Completion {
    /// The words that may follow `before` and begin with `typed`.
    fn candidates(&self, before: &[String], typed: &str) -> Vec<String> {
        let begins = |word: &String| word.starts_with(typed) && !word.contains(foreign::is_hidden);
        let last = before.last().map(String::as_str);
        if last.is_some_and(|word| PROFILE_OPTIONS.contains(&word)) {
            return self
                .profiles
                .iter()
                .filter(|name| begins(name))
                .cloned()
                .collect();
        }
        let offered = cli::offered(before);
        let names = match offered {
            _ if typed.starts_with('-') => offered.options,
            _ if !offered.commands.is_empty() => offered.commands,
            _ if offered.is_below_profile => self.profiles.clone(),
            _ => self.titles.borrow().iter().cloned().collect(),
        };
        names.into_iter().filter(begins).collect()
    }
}

impl Completer for Completion {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (before, word) = words::typed(line.get(..position).unwrap_or(line));
        let pair = |text: String| Pair {
            replacement: format!("{} ", words::quoted(&text)),
            display: text,
        };
        let candidates = self.candidates(&before, &word.text);
        Ok((word.start, candidates.into_iter().map(pair).collect()))
    }
}

impl Hinter for Completion {
    type Hint = String;
}

impl Highlighter for Completion {}
impl Validator for Completion {}
impl Helper for Completion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_completed_by_its_place() {
        let completion = Completion {
            profiles: vec!["prod".to_owned(), "test".to_owned()],
            titles: Titles::default(),
        };
        let titles = ["My DB", "Mail", "bad\u{1b}title"].map(str::to_owned);
        completion.titles.borrow_mut().extend(titles);
        let history = rustyline::history::MemHistory::new();
        for (line, start, expected) in [
            ("sec", 0, &["secret "][..]),
            ("secret no", 7, &["notation "]),
            ("secret get --fie", 11, &["--field "]),
            ("secret get M", 11, &["Mail ", "'My DB' "]),
            ("secret get 'My ", 11, &["'My DB' "]),
            ("secret get bad", 11, &[]),
            ("-p pr", 3, &["prod "]),
            ("profile active t", 15, &["test "]),
        ] {
            let context = Context::new(&history);
            let (at, pairs) = completion.complete(line, line.len(), &context).unwrap();
            let found: Vec<_> = pairs.into_iter().map(|pair| pair.replacement).collect();
            assert_eq!(
                (at, &found[..]),
                (
                    start,
                    &expected.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()[..]
                ),
                "{line}"
            );
        }
    }
}
