//! `ksm completion`, and the words that a shell asks for when somebody presses Tab: of the command line itself, of the
//! configuration, and of answers that were kept. Nothing is requested for them, and no value is shown.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use clap_complete::engine::CompletionCandidate;
use ksm::environment::{Environment, names};
use ksm::foreign;
use ksm::limits::COMPLETION;
use ksm::profile::Discovery;
use ksm::schema::{self, RecordTypes};
use ksm::vault::{Links, Reader, Record, RecordFilter};

use super::context::Context;
use crate::cli::completion::{self, CompletionArgs, Named, Shell};
use crate::cli::globals::Globals;
use crate::console::Console;
use crate::failure::{Failure, Result};

pub(super) fn completion(args: &CompletionArgs, console: &mut Console) -> Result<()> {
    Ok(console.data(script(args.shell)?)?)
}

/// The script that makes a shell ask us. It calls `ksm` by its name, so it stays right when that moves.
fn script(shell: Shell) -> Result<String> {
    let mut script = Vec::new();
    let written = shell.completer().write_registration(
        names::_KSM_COMPLETE,
        "ksm",
        "ksm",
        "ksm",
        &mut script,
    );
    written.map_err(unwritten)?;
    let script = String::from_utf8_lossy(&script);
    let script = script.replace(WORD_OF_BASH, &[WORD_OF_BASH, ITS_QUOTE].concat());
    Ok(script.trim().to_owned())
}

/// The word that is completed, which bash gives without a quote that is still open.
const WORD_OF_BASH: &str = r#"        words[COMP_CWORD]="$2"
"#;

const ITS_QUOTE: &str = r#"        if [[ "${COMP_WORDS[COMP_CWORD]}" == [\"\']* && "$2" != [\"\']* ]]; then
            words[COMP_CWORD]="${COMP_WORDS[COMP_CWORD]:0:1}$2"
        fi
"#;

/// What `_KSM_COMPLETE` asks for, as with the official CLI: `bash_source` for the script, and the words by whatever name
/// the script has for its shell. `None` where it asks for nothing.
pub(crate) fn asked(words: &[OsString], environment: &Environment) -> Option<Result<String>> {
    let asked = environment.text(names::_KSM_COMPLETE)?;
    if let Some(shell) = Shell::of_name(&asked) {
        return Some(Ok(in_time(shell, words, environment)));
    }
    let (shell, what) = asked.rsplit_once('_')?;
    match (Shell::of_name(shell)?, what) {
        (shell, "source") => Some(script(shell)),
        // The official script, kept in a file, takes words in another form: it gets none.
        (_, "complete") => Some(Ok(String::new())),
        _ => None,
    }
}

/// What is not known in time is not offered: a file on a server that does not answer would be waited for.
fn in_time(shell: Shell, words: &[OsString], environment: &Environment) -> String {
    let (found, asked) = mpsc::channel();
    let words = words.to_vec();
    let directory = environment.directory().map(Path::to_owned);
    let look = move || drop(found.send(candidates(shell, &words, directory.as_deref())));
    // A thread that is still waiting ends with us.
    let looking = thread::Builder::new().spawn(look);
    let found = looking
        .ok()
        .and_then(|_| asked.recv_timeout(COMPLETION).ok());
    found.unwrap_or_default()
}

/// The words that may stand where the cursor is. `words` are ours, then `--`, then those of the line.
fn candidates(shell: Shell, words: &[OsString], directory: Option<&Path>) -> String {
    let typed = words.iter().skip_while(|word| *word != "--").skip(1);
    let quote = typed.clone().find_map(|word| open_quote(word));
    let line: Vec<OsString> = match shell {
        // These hand over words as they were typed.
        Shell::Bash | Shell::Zsh => typed.map(|word| unquoted(word).0).collect(),
        Shell::Fish | Shell::Powershell | Shell::Elvish => typed.cloned().collect(),
    };
    if line.is_empty() {
        return String::new();
    }
    let before: Vec<String> = line
        .iter()
        .filter_map(|w| w.to_str())
        .map(str::to_owned)
        .collect();
    let mut command = completion::completed(move |named, typed| {
        let Some(typed) = typed.to_str() else {
            return Vec::new();
        };
        let mut found = Names::of(&before).find(named);
        found.retain(|name| name.starts_with(typed) && !name.contains(foreign::is_hidden));
        found.sort_unstable();
        found.dedup();
        let candidate = |name: String| CompletionCandidate::new(quoted(name, shell, quote));
        found.into_iter().map(candidate).collect()
    });
    let mut found = Vec::new();
    let written = shell
        .completer()
        .write_complete(&mut command, line, directory, &mut found);
    // Where there is nothing to complete, there is nothing to say.
    match written {
        Ok(()) => String::from_utf8_lossy(&found).into_owned(),
        Err(_) => String::new(),
    }
}

/// The names in the configuration and the cache that the options of a line lead to.
struct Names<'a> {
    line: &'a [String],
    context: Context,
}

impl<'a> Names<'a> {
    fn of(line: &'a [String]) -> Self {
        let mut globals = Globals::default();
        globals.offline = true;
        globals.profile = value_of(line, &["-p", "--profile-name", "--profile"]);
        globals.ini_file = value_of(line, &["--ini-file"]).map(Into::into);
        let environment = Rc::new(Environment::of_process());
        let context = Context::new(globals, environment, &Console::for_process());
        Self { line, context }
    }

    fn find(&self, named: Named) -> Vec<String> {
        let Ok(runtime) = super::runtime() else {
            return Vec::new();
        };
        let found = async {
            match named {
                Named::Profile => Some(self.profiles()),
                Named::Record => self.records().await.map(titles),
                Named::Field => self.records().await.map(|records| self.fields(&records)),
                Named::Folder => self.folders().await,
                Named::RecordType => {
                    let types = RecordTypes::builtin();
                    Some(types.iter().map(|kind| kind.name.clone()).collect())
                }
                Named::FieldType => {
                    let types = schema::field_types().iter();
                    Some(types.map(|kind| kind.name.clone()).collect())
                }
            }
        };
        runtime.block_on(found).unwrap_or_default()
    }

    /// The keyring is not opened: it may ask for a password.
    fn store(&self) -> Option<Rc<dyn ksm::profile::Store>> {
        let named = self.context.ini_file();
        // Somebody waits for what is in a FIFO, and it is there once.
        if named.is_some_and(|path| path.exists() && !path.is_file()) {
            return None;
        }
        let context = self.context.store_context();
        Discovery::before_keyring(self.context.ini_file(), &context)
            .ok()?
            .store
    }

    fn profiles(&self) -> Vec<String> {
        let names = self.store().map(|store| store.names());
        let names = names.into_iter().flatten();
        names.map(|name| name.to_string()).collect()
    }

    /// Reads answers that were kept. `None` where there are none, or where the keys lie in another store, which is asked
    /// by requests.
    async fn reader(&self) -> Option<Reader> {
        let store = self.store()?;
        let name = store
            .choose(self.context.profile_name(None).as_ref())
            .ok()?;
        if store.keys_elsewhere(&name).ok()?.is_some() {
            return None;
        }
        let profile = self.context.open(&*store).await.ok()?;
        let kept = self.context.kept(&profile, Some(&*store)).ok()??;
        Some(Reader::offline(
            kept,
            profile.device.app_key,
            Rc::new(|_| ()),
        ))
    }

    async fn records(&self) -> Option<Vec<Record>> {
        let reader = self.reader().await?;
        let answer = reader.records(&RecordFilter::All, Links::Without).await;
        Some(answer.ok()?.records)
    }

    /// The names of the fields of the records that the line names.
    fn fields(&self, records: &[Record]) -> Vec<String> {
        let is_named = |record: &&Record| {
            let mut words = self.line.iter();
            words.any(|word| word == record.title() || word == record.uid().as_str())
        };
        let fields = records.iter().filter(is_named).flat_map(Record::all_fields);
        fields.map(|field| field.name().to_owned()).collect()
    }

    async fn folders(&self) -> Option<Vec<String>> {
        let folders = self.reader().await?.folders().await.ok()?;
        let titles = folders.list.into_iter().map(|folder| folder.name);
        Some(titles.collect())
    }
}

fn titles(records: Vec<Record>) -> Vec<String> {
    let titles = records.iter().map(Record::title);
    // What looks like an option is one.
    let titles = titles.filter(|title| !title.is_empty() && !title.starts_with('-'));
    titles.map(str::to_owned).collect()
}

/// The value of an option of `ksm` itself, in the word behind it or its own.
fn value_of(line: &[String], options: &[&str]) -> Option<String> {
    let behind = line.iter().zip(line.iter().skip(1));
    let mut values = behind.filter_map(|(word, next)| {
        let own = word
            .split_once('=')
            .filter(|(name, _)| options.contains(name));
        let own = own.map(|(_, value)| value.to_owned());
        own.or_else(|| options.contains(&word.as_str()).then(|| next.clone()))
    });
    values.next_back()
}

/// A typed word without its quotes, and the last of them if nothing closes it.
fn unquoted(word: &OsStr) -> (OsString, Option<char>) {
    let Some(text) = word.to_str() else {
        return (word.to_owned(), None);
    };
    let mut plain = String::new();
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => plain.extend(characters.next()),
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => plain.push(c),
        }
    }
    (plain.into(), quote)
}

/// The quote that a word begins with, if nothing closes it: the shell keeps it, and takes the rest for the word.
fn open_quote(word: &OsStr) -> Option<char> {
    let (_, open) = unquoted(word);
    open.filter(|quote| word.to_str().is_some_and(|word| word.starts_with(*quote)))
}

/// A name as the shell reads it back; some shells quote what they are given.
fn quoted(name: String, shell: Shell, open: Option<char>) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./@%+,".contains(c);
    if name.chars().all(is_plain) {
        return name;
    }
    match (shell, open) {
        (Shell::Bash, Some('\'')) => name.replace('\'', r"'\''"),
        (Shell::Bash, Some(_)) => {
            let escaped = name.chars().map(|c| match c {
                // It stands for an earlier command there.
                '!' => r#""'!'""#.to_owned(),
                '"' | '\\' | '$' | '`' => format!("\\{c}"),
                c => c.to_string(),
            });
            escaped.collect()
        }
        (Shell::Bash, None) => {
            let escaped = name.chars().flat_map(|c| {
                let escape = (!is_plain(c)).then_some('\\');
                escape.into_iter().chain([c])
            });
            escaped.collect()
        }
        (Shell::Powershell, _) => format!("'{}'", name.replace('\'', "''")),
        (Shell::Zsh | Shell::Fish | Shell::Elvish, _) => name,
    }
}

fn unwritten(error: io::Error) -> Failure {
    Failure::new(crate::failure::Code::Failed, error).while_doing("cannot write the script")
}
