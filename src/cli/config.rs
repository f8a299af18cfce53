//! `ksm config`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum ConfigCommand {
    /// Show the settings
    Show(ShowArgs),
    /// Turn colored tables on or off
    Color(SwitchArgs),
    /// Turn the cache of answers on or off, clear it, or show its state
    Cache(CacheArgs),
    /// Set the directory with record types of your own
    RecordTypeDir(DirectoryArgs),
    /// Set the program that `secret add editor` starts
    Editor(EditorArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SwitchArgs {
    /// Turn it on
    #[arg(long, overrides_with = "disable")]
    enable: bool,

    /// Turn it off
    #[arg(long, overrides_with = "enable")]
    disable: bool,
}

impl SwitchArgs {
    pub(crate) fn value(&self) -> Option<bool> {
        (self.enable || self.disable).then_some(self.enable)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Without an option, the state is printed.

Answers lie sealed in KSM_CACHE_DIR, else in the directory for caches of the
user: XDG_CACHE_HOME/ksm, else ~/.cache/ksm; ~/Library/Caches/ksm on macOS;
LOCALAPPDATA\\ksm on Windows. Only the profile that asked can open them.")]
pub(crate) struct CacheArgs {
    #[command(flatten)]
    pub(crate) switch: SwitchArgs,

    /// Remove every answer that was kept, for all profiles
    #[arg(long)]
    pub(crate) clear: bool,

    /// Print the state as JSON
    #[arg(long, conflicts_with_all = ["enable", "disable", "clear"])]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DirectoryArgs {
    /// A directory with JSON and YAML files of record types
    #[arg(short, long, value_name = "DIR")]
    pub(crate) directory: Option<String>,

    /// Forget the directory
    #[arg(long)]
    pub(crate) clear: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EditorArgs {
    /// The program, with its path if need be
    #[arg(long, alias = "app", value_name = "PROGRAM")]
    pub(crate) application: Option<String>,

    /// Wait for the window, since the program returns before it is closed
    #[arg(long)]
    pub(crate) blocking: bool,

    /// The name of the process to wait for
    #[arg(long, value_name = "NAME")]
    pub(crate) process_name: Option<String>,

    /// Forget the editor
    #[arg(long)]
    pub(crate) clear: bool,
}
