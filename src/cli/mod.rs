//! The command line: the commands with their options, and the parsing of what was typed.

use std::ffi::OsString;
use std::path::Path;

use clap::{FromArgMatches, Parser, Subcommand};

use crate::failure::Result;

mod argv;
pub(crate) mod aws;
pub(crate) mod completion;
pub(crate) mod config;
#[cfg(feature = "dev-vault")]
pub(crate) mod dev;
pub(crate) mod env;
pub(crate) mod exec;
pub(crate) mod folder;
pub(crate) mod globals;
pub(crate) mod init;
pub(crate) mod interpolate;
pub(crate) mod keyring;
mod notes;
mod offered;
mod pages;
pub(crate) mod profile;
pub(crate) mod secret;
pub(crate) mod shell;
mod storage;
pub(crate) mod sync;
#[cfg(test)]
mod tests;
pub(crate) mod token;
mod tree;
mod unknown;
mod usage;
pub(crate) mod version;
mod words;

pub(crate) use offered::offered;
pub(crate) use pages::pages;

#[derive(Debug, Parser)]
#[command(
    name = "ksm",
    bin_name = "ksm",
    version,
    disable_version_flag = true,
    before_help = concat!("Keeper Secrets Manager CLI  Version: ", env!("CARGO_PKG_VERSION")),
    about = "Hands the secrets of a Keeper vault to people, scripts and programs.",
    max_term_width = 80
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: globals::Globals,
    // Declared here because `argv` reads the options before clap adds its own.
    /// Print the version, with -v also the commit and the target of the build
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The one-letter aliases are those of the official CLI.
#[derive(Debug, Subcommand)]
#[command(defer = true, disable_help_subcommand = true)]
pub(crate) enum Command {
    /// Manage the profiles of this device
    #[command(alias = "p", subcommand)]
    Profile(profile::ProfileCommand),
    /// Read and change secrets
    #[command(alias = "s", subcommand)]
    Secret(secret::SecretCommand),
    /// Manage the folders that records lie in
    #[command(subcommand)]
    Folder(folder::FolderCommand),
    /// Start a program with secrets in its environment
    #[command(alias = "e")]
    Exec(exec::ExecArgs),
    /// Write variables for shells, CI systems and other readers
    Env(env::EnvArgs),
    /// Fill templates with secrets
    Interpolate(interpolate::InterpolateArgs),
    /// Turn a one-time token into a configuration for other programs
    #[command(alias = "i", subcommand)]
    Init(init::InitCommand),
    /// Show and change settings
    #[command(alias = "c", subcommand)]
    Config(config::ConfigCommand),
    #[command(about = keyring::ABOUT)]
    Keyring(keyring::KeyringArgs),
    /// Run a vault for trying and testing on this machine
    #[cfg(feature = "dev-vault")]
    Dev(dev::DevArgs),
    /// Show the versions and the configuration file in use
    #[command(alias = "v")]
    Version(VersionArgs),
    /// Show this help, that of a command, or a page of the guide
    #[command(alias = "?")]
    Help(HelpArgs),
    /// Copy secrets to the store of a cloud
    #[command(alias = "y")]
    Sync(sync::SyncArgs),
    /// Print the script that lets a shell complete commands and names
    Completion(completion::CompletionArgs),
    /// Read commands from a prompt or a pipe
    Shell(shell::ShellArgs),
    /// Leave the shell
    #[command(aliases = ["exit", "q"])]
    Quit(shell::QuitArgs),
}

impl Command {
    pub(crate) fn is_exec(&self) -> bool {
        matches!(self, Self::Exec(_))
    }

    /// Whether it starts a program of the user's and stays with it.
    pub(crate) fn runs_a_program(&self) -> bool {
        #[cfg(feature = "dev-vault")]
        if let Self::Dev(_) = self {
            return true;
        }
        self.is_exec()
    }

    pub(crate) fn changes_profiles(&self) -> bool {
        matches!(self, Self::Profile(_) | Self::Config(_) | Self::Init(_))
    }

    /// Whether `-o` does not apply, because the output has another destination (compatibility 1.3).
    pub(crate) fn ignores_output(&self) -> bool {
        match self {
            Self::Exec(args) => !args.dry_run,
            #[cfg(feature = "dev-vault")]
            Self::Dev(_) => true,
            Self::Interpolate(_) | Self::Shell(_) | Self::Quit(_) => true,
            _ => false,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct HelpArgs {
    /// Write manual pages for all commands and topics to this directory
    #[arg(long, value_name = "DIR", conflicts_with = "words")]
    pub(crate) man: Option<std::path::PathBuf>,

    /// The command or topic to explain
    #[arg(value_name = "COMMAND|TOPIC")]
    pub(crate) words: Vec<String>,
}

pub(crate) fn filled<T: From<String>>(text: &str) -> Result<T, &'static str> {
    if text.trim().is_empty() {
        return Err("Empty strings are not allowed");
    }
    Ok(T::from(text.to_owned()))
}

#[derive(Debug)]
pub(crate) enum Invocation {
    Run(Box<Cli>),
    /// Help or version.
    Show(String),
    /// The help of a group that was named without a command.
    NeedsCommand(String),
}

/// Parses the command line of a process. The first word is the program's name.
pub(crate) fn parse(typed: impl IntoIterator<Item = OsString>) -> Result<Invocation> {
    let mut typed: Vec<OsString> = typed.into_iter().collect();
    // A link of this name stands for the utility whose work `keyring` does.
    let program = typed.first().map(Path::new).and_then(Path::file_stem);
    let is_utility = program.is_some_and(|name| name == UTILITY);
    if is_utility {
        typed.insert(1, "keyring".into());
    }
    if asks_for_version(&typed) {
        return Ok(Invocation::Show(VERSION.to_owned()));
    }
    // Leaked, because freeing the tree takes longer than exiting.
    let invocation = parse_with(Box::leak(Box::new(tree::root())), &typed);
    match is_utility {
        true => as_utility(invocation),
        false => invocation,
    }
}

const UTILITY: &str = "lkru";

/// Where `ksm` may be no command, no text tells to type it.
fn as_utility(invocation: Result<Invocation>) -> Result<Invocation> {
    let renamed = |text: &str| text.replace("ksm keyring", UTILITY);
    match invocation {
        Ok(Invocation::Show(text)) => Ok(Invocation::Show(renamed(&text))),
        Ok(Invocation::NeedsCommand(text)) => Ok(Invocation::NeedsCommand(renamed(&text))),
        Ok(run @ Invocation::Run(_)) => Ok(run),
        Err(failure) => Err(match failure.advice().map(renamed) {
            Some(advice) => failure.hint(advice),
            None => failure,
        }),
    }
}

/// What clap answers to `--version`.
const VERSION: &str = concat!("ksm ", env!("CARGO_PKG_VERSION"), "\n");

/// Scripts look for a program by this line: it is answered without the tree of commands.
fn asks_for_version(typed: &[OsString]) -> bool {
    matches!(typed, [_, word] if word == "--version" || word == "-V")
}

/// Parses a line of a shell, which is without the program's name. The options `before` it count where it has none.
pub(crate) fn parse_line(before: &[OsString], words: &[String]) -> Result<Invocation> {
    let program = std::iter::once("ksm".into());
    let words = words.iter().map(OsString::from);
    let typed: Vec<OsString> = program.chain(before.iter().cloned()).chain(words).collect();
    parse_with(&mut tree::root(), &typed)
}

fn parse_with(root: &mut clap::Command, typed: &[OsString]) -> Result<Invocation> {
    let line = argv::normalize(root, typed);
    if let Some(name) = &line.one_dash {
        return Err(unknown::one_dash(name));
    }
    if let Some(reached) = line.reached.as_ref().filter(|_| line.ends_with_dashes)
        && let Some(failure) = unknown::nothing_behind_dashes(reached)
    {
        return Err(failure);
    }
    let parsed = root
        .try_get_matches_from_mut(line.words)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(mut cli) => {
            cli.globals.words = line.root_options;
            Ok(Invocation::Run(Box::new(cli)))
        }
        Err(error) => {
            let reached = line.reached.as_ref().unwrap_or(root);
            usage::explain(&error, root, reached, typed)
        }
    }
}

/// Renders the help of the command at `path`; the root's for an empty path. `beside` is the topic that follows it.
pub(crate) fn help(path: &[String], beside: Option<&str>) -> Result<String> {
    let mut here = tree::root();
    for word in path {
        here = tree::below(&here, &word.to_ascii_lowercase())
            .ok_or_else(|| unknown::nothing_to_explain(word, &here))?;
    }
    Ok(tree::help_beside(&here, beside))
}

/// Whether the words name a command.
pub(crate) fn is_command(path: &[String]) -> bool {
    let mut here = Some(tree::root());
    for word in path {
        here = here.and_then(|here| tree::below(&here, &word.to_ascii_lowercase()));
    }
    here.is_some()
}
