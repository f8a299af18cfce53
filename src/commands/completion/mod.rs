//! `ksm completion`, and what a shell asks for when somebody presses Tab: words of the command line itself, of the
//! configuration, and of answers that were kept. Nothing is requested for them, and no value is shown.
//!
//! - `scripts`: what makes a shell ask, and do with the answer what it does with its own
//! - `line`: the line of bash, which hands it over as it was typed
//! - `names`: what a value may be
//! - `notation`: what goes on with a notation
//! - `quoting`: what a shell reads back

mod line;
mod names;
mod notation;
mod quoting;

use std::ffi::OsString;
use std::sync::mpsc;
use std::thread;

use clap_complete::engine::{CompletionCandidate, complete};
use ksm::environment::Environment;
use ksm::environment::names::_KSM_COMPLETE;
use ksm::foreign;
use ksm::limits::COMPLETION;

use self::line::Line;
use self::names::Names;
use crate::cli::completion::{self, CompletionArgs, FILES, Shell};
use crate::console::Console;
use crate::failure::Result;

pub(super) fn completion(args: &CompletionArgs, console: &mut Console) -> Result<()> {
    Ok(console.data(script(args.shell))?)
}

/// Calls `ksm` by its name, so it stays right when that moves.
fn script(shell: Shell) -> &'static str {
    let script = match shell {
        Shell::Bash => include_str!("scripts/ksm.bash"),
        Shell::Zsh => include_str!("scripts/ksm.zsh"),
        Shell::Fish => include_str!("scripts/ksm.fish"),
        Shell::Powershell => include_str!("scripts/ksm.ps1"),
        Shell::Elvish => include_str!("scripts/ksm.elv"),
    };
    script.trim_end()
}

/// What `_KSM_COMPLETE` asks for, as with the official CLI: `bash_source` for the script, and the words by the name of the
/// shell. `None` where it asks for nothing.
pub(crate) fn asked(words: &[OsString], environment: &Environment) -> Option<Result<String>> {
    let asked = environment.text(_KSM_COMPLETE)?;
    if let Some(shell) = Shell::of_name(&asked) {
        return Some(Ok(in_time(shell, words)));
    }
    let (shell, what) = asked.rsplit_once('_')?;
    match (Shell::of_name(shell)?, what) {
        (shell, "source") => Some(Ok(script(shell).to_owned())),
        // The official script, kept in a file, takes words in another form: it gets none.
        (_, "complete") => Some(Ok(String::new())),
        _ => None,
    }
}

/// What is not known in time is not offered: a file on a server that does not answer would be waited for.
fn in_time(shell: Shell, words: &[OsString]) -> String {
    let (found, asked) = mpsc::channel();
    let behind = words.iter().skip_while(|word| *word != "--").skip(1);
    // Names with other bytes are not offered, either.
    let words: Vec<_> = behind
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let look = move || drop(found.send(answer(shell, words)));
    // A thread that is still waiting ends with us.
    let looking = thread::Builder::new().spawn(look);
    let found = looking
        .ok()
        .and_then(|_| asked.recv_timeout(COMPLETION).ok());
    found.flatten().unwrap_or_default()
}

/// The answer to a script: `files` and the text before the path, or `words`, each in a line behind it.
fn answer(shell: Shell, words: Vec<String>) -> Option<String> {
    match shell {
        Shell::Bash => for_bash(&words),
        Shell::Zsh => Some(offer(words)?.text(str::to_owned)),
        Shell::Elvish => Some(offer(words)?.bare().text(str::to_owned)),
        Shell::Fish => Some(offer(last_unquoted(words, '\\'))?.text(str::to_owned)),
        Shell::Powershell => {
            let words = words.iter();
            let words = words.map(|word| word.strip_prefix('=').unwrap_or(word).to_owned());
            let offer = offer(last_unquoted(words.collect(), '`'))?;
            // Without words, it completes files.
            match offer {
                Offer::Files(_) => None,
                Offer::Words(_) => Some(offer.text(quoting::for_powershell)),
            }
        }
    }
}

fn last_unquoted(mut words: Vec<String>, escape: char) -> Vec<String> {
    if let Some(last) = words.last_mut() {
        *last = quoting::unquoted(last, escape);
    }
    words
}

/// Bash completes its own part of a word: what is behind a quote, a colon or an equals sign.
fn for_bash(words: &[String]) -> Option<String> {
    let [kind, line, part] = words else {
        return None;
    };
    let before = line.strip_suffix(part.as_str()).unwrap_or(line);
    let (line, before) = (Line::of(line), Line::of(before));
    if line.is_redirected {
        return Some(Offer::Files(String::new()).text(str::to_owned));
    }
    let kept = before.words.last().map_or("", String::as_str);
    let offer = offer(line.words)?.bare();
    // The list that the second press shows.
    let is_list = kind == "63" && matches!(&offer, Offer::Words(words) if words.len() > 1);
    Some(offer.text(|word| match is_list {
        true => word.to_owned(),
        false => quoting::for_bash(word.strip_prefix(kept).unwrap_or(word), before.open),
    }))
}

/// What may stand where the cursor is.
enum Offer {
    /// Each with what it means.
    Words(Vec<(String, Option<String>)>),
    /// A path behind this text.
    Files(String),
}

impl Offer {
    /// Without what the words mean.
    fn bare(self) -> Self {
        match self {
            Self::Files(before) => Self::Files(before),
            Self::Words(words) => {
                let words = words.into_iter().map(|(word, _)| (word, None));
                Self::Words(words.collect())
            }
        }
    }

    fn text(&self, spelled: impl Fn(&str) -> String) -> String {
        match self {
            Self::Files(before) => format!("files {before}\n"),
            Self::Words(words) => {
                let mut text = "words\n".to_owned();
                for (word, meaning) in words {
                    text += &spelled(word);
                    if let Some(meaning) = meaning {
                        text.push('\t');
                        text += meaning;
                    }
                    text.push('\n');
                }
                text
            }
        }
    }
}

/// The last of `words` is being typed.
fn offer(words: Vec<String>) -> Option<Offer> {
    let words = completion::spelled(words);
    let typed = words.last()?.clone();
    let line = words.clone();
    let mut command = completion::completed(move |named, typed| {
        let found = typed
            .to_str()
            .map(|typed| Names::of(&line).find(named, typed));
        let found = found.unwrap_or_default().into_iter();
        found.map(CompletionCandidate::new).collect()
    });
    let last = words.len() - 1;
    let words = words.into_iter().map(OsString::from).collect();
    // Where there is nothing to complete, there is nothing to say.
    let found = complete(&mut command, words, last, None).ok()?;
    let found = found.iter().filter_map(|candidate| {
        let word = candidate.get_value().to_str()?.to_owned();
        let meaning = candidate.get_help().map(ToString::to_string);
        let meaning = meaning.and_then(|text| text.lines().next().map(str::to_owned));
        Some((word, meaning))
    });
    // Options are for who asks for them.
    let is_wanted = |word: &str| typed.starts_with('-') || !word.starts_with('-');
    let (files, mut words): (Vec<_>, Vec<_>) = found
        .filter(|(word, _)| is_wanted(word))
        .partition(|(word, _)| word.ends_with(FILES));
    words.retain(|(word, _)| !word.contains(foreign::is_hidden));
    // The value of an option might be an operand, too.
    let before = files
        .iter()
        .filter_map(|(word, _)| word.strip_suffix(FILES));
    let before = before.max_by_key(|before| before.len());
    match before {
        Some(before) if words.is_empty() => Some(Offer::Files(before.to_owned())),
        _ => Some(Offer::Words(words)),
    }
}
