//! `ksm completion`, and the tree of commands with what completes their values.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::{Arg, Args, Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use ksm::guide::TOPICS;

use super::Cli;

#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell that completes
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl Shell {
    const ALL: [Self; 5] = [
        Self::Bash,
        Self::Zsh,
        Self::Fish,
        Self::Powershell,
        Self::Elvish,
    ];

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|shell| shell.completer().name() == name)
    }

    pub(crate) fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
            Self::Powershell => &Powershell,
            Self::Elvish => &Elvish,
        }
    }
}

/// What a value names. The words of the line do not tell; the profiles, the cache and the types that come with `ksm` do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Profile,
    Record,
    Field,
    Folder,
    RecordType,
    FieldType,
}

impl Named {
    fn by(arg: &Arg, path: &[&str]) -> Option<Self> {
        let value = arg.get_value_names()?.first()?.as_str();
        match (value, arg.get_id().as_str(), path) {
            (_, "profile", _) => Some(Self::Profile),
            (_, "name", ["profile", _]) => Some(Self::Profile),
            ("RECORD", ..) => Some(Self::Record),
            ("FOLDER", ..) => Some(Self::Folder),
            (_, "field", ["secret", "get"]) => Some(Self::Field),
            ("TYPE", _, ["secret", "template", "field"]) => Some(Self::FieldType),
            ("TYPE", _, ["secret", ..]) => Some(Self::RecordType),
            _ => None,
        }
    }
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
    let command = command.mut_args(|arg| match Named::by(&arg, path) {
        None => arg,
        Some(named) => {
            let names = Arc::clone(names);
            arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
                names(named, typed)
            }))
        }
    });
    below.iter().fold(command, |command, name| {
        let path = [path, &[name]].concat();
        command.mut_subcommand(name, |command| with_names(command, &path, names))
    })
}
