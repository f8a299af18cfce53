//! `ksm completion`, and the tree of commands with what completes their values.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Args, Command, CommandFactory, ValueEnum};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, ValueCompleter};
use ksm::guide::TOPICS;

use super::{Cli, argv, tree};

#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell that completes
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
    Elvish,
}

impl Shell {
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }
}

/// Stands in a value for a path, which the shell completes.
pub(crate) const FILES: &str = "\0";

/// What a value names. The names come from this machine, the cache and the types that come with `ksm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Profile,
    /// A record, or a notation once its prefix is typed.
    Record,
    Field,
    /// A field, an equals sign, and what nobody knows.
    FieldValue,
    /// A field, an equals sign, and a path.
    FieldFile,
    Attachment,
    Folder,
    Notation,
    /// `NAME=NOTATION`
    VariableNotation,
    /// `PATH=NOTATION`
    FileNotation,
    /// A record, a folder, or `NAME=NOTATION`.
    Source,
    RecordType,
    FieldType,
    File,
    Program,
    /// A program and its arguments.
    CommandLine,
}

impl Named {
    fn by(value: &str, id: &str, path: &[&str]) -> Option<Self> {
        match (value, id, path) {
            (_, "profile", _) | (_, "name", ["profile", _]) => Some(Self::Profile),
            ("RECORD", ..) | (_, "titles", ["secret", "get"]) => Some(Self::Record),
            ("FOLDER", ..) => Some(Self::Folder),
            (_, "field", ["secret", "get"]) => Some(Self::Field),
            ("NAME=VALUE" | "NAME=JSON" | "FIELD=VALUE", ..) => Some(Self::FieldValue),
            ("NAME=PATH" | "FIELD=PATH", ..) => Some(Self::FieldFile),
            ("FILE", _, ["secret", "delete-attachment"]) | (_, "name", ["secret", "download"]) => {
                Some(Self::Attachment)
            }
            ("NOTATION", ..) | (_, _, ["secret", "notation"]) if id != "json" => {
                Some(Self::Notation)
            }
            ("NAME=NOTATION", ..) => Some(Self::VariableNotation),
            ("PATH=NOTATION", ..) => Some(Self::FileNotation),
            ("SOURCE", ..) => Some(Self::Source),
            ("TYPE", _, ["secret", "template", "field"]) => Some(Self::FieldType),
            ("TYPE", _, ["secret", ..]) => Some(Self::RecordType),
            ("FILE" | "INPUT_FILE" | "DIR" | "TARGET", ..) => Some(Self::File),
            ("PROGRAM", ..) => Some(Self::Program),
            ("COMMAND", ..) => Some(Self::CommandLine),
            _ => None,
        }
    }
}

/// Completes an option or operand, each value by what it names.
struct Values<N> {
    named: Vec<Option<Named>>,
    names: Arc<N>,
}

impl<N> ValueCompleter for Values<N>
where
    N: Fn(Named, &OsStr) -> Vec<CompletionCandidate> + Send + Sync,
{
    fn complete(&self, typed: &OsStr) -> Vec<CompletionCandidate> {
        self.complete_at(0, typed)
    }

    fn complete_at(&self, index: usize, typed: &OsStr) -> Vec<CompletionCandidate> {
        // An operand that repeats has one name.
        let named = self.named.get(index).or(self.named.last());
        let named = named.copied().flatten();
        named.map_or_else(Vec::new, |named| (self.names)(named, typed))
    }
}

/// Words as clap knows them, the last of which is being typed: the arguments of a program stand behind `--`.
pub(crate) fn spelled(mut words: Vec<String>) -> Vec<String> {
    let Some(typed) = words.pop() else {
        return words;
    };
    let before: Vec<_> = words.iter().map(OsString::from).collect();
    let root = tree::root();
    let line = argv::normalize(&root, &before);
    let reached = line.reached.as_ref().unwrap_or(&root);
    // Completion knows the first name of an option only.
    for word in words.iter_mut().take_while(|word| *word != "--") {
        if let Some(name) = argv::first_name(reached, word) {
            *word = name;
        }
    }
    if !words.iter().any(|word| word == "--") && line.words.iter().any(|word| word == "--") {
        words = line
            .words
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
    }
    words.push(typed);
    words
}

/// The whole tree; `names` gives the values that begin with a text.
pub(crate) fn completed<N>(names: N) -> Command
where
    N: Fn(Named, &OsStr) -> Vec<CompletionCandidate> + Send + Sync + 'static,
{
    let mut root = Cli::command();
    root.build();
    let own = root.get_arguments().filter(|arg| arg.get_id() != "version");
    let own: Vec<_> = own.cloned().collect();
    let root = root.mut_subcommand("help", |help| {
        help.mut_arg("words", |arg| arg.add(ArgValueCompleter::new(explained)))
    });
    with_names(with_options(root, &own), &[], &Arc::new(names))
}

/// What `ksm help` explains: commands and topics that begin with a text.
fn explained(typed: &OsStr) -> Vec<CompletionCandidate> {
    let root = Cli::command();
    let commands = root.get_subcommands().filter(|below| !below.is_hide_set());
    let commands = commands.map(Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name);
    let mut found: Vec<_> = commands.chain(topics).collect();
    found.retain(|name| typed.to_str().is_some_and(|typed| name.starts_with(typed)));
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(CompletionCandidate::new).collect()
}

/// Every command understands the options of `ksm` itself, unless it has one of that name.
fn with_options(command: Command, options: &[Arg]) -> Command {
    let own: Vec<_> = command.get_arguments().map(Arg::get_long).collect();
    let missing = options
        .iter()
        .filter(|option| !own.contains(&option.get_long()));
    let missing: Vec<_> = missing.cloned().collect();
    command
        .args(missing)
        .mut_subcommands(|command| with_options(command, options))
}

fn with_names<N>(command: Command, path: &[&str], names: &Arc<N>) -> Command
where
    N: Fn(Named, &OsStr) -> Vec<CompletionCandidate> + Send + Sync + 'static,
{
    let below = command.get_subcommands();
    let below: Vec<_> = below.map(|command| command.get_name().to_owned()).collect();
    let command = command.mut_args(|arg| {
        let values = arg.get_value_names().unwrap_or_default().iter();
        let named = values.map(|value| Named::by(value, arg.get_id().as_str(), path));
        let named: Vec<_> = named.collect();
        if named.iter().all(Option::is_none) {
            return arg;
        }
        let names = Arc::clone(names);
        arg.add(ArgValueCompleter::new(Values { named, names }))
    });
    below.iter().fold(command, |command, name| {
        let path = [path, &[name]].concat();
        command.mut_subcommand(name, |command| with_names(command, &path, names))
    })
}
