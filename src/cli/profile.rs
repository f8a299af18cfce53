//! `ksm profile`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand, ValueEnum};
use ksm::profile::store::Kind;
use ksm::sensitive::Sensitive;

use super::aws::{AwsArgs, AwsWriteArgs, CredentialsKind};
use super::storage::{StorageArgs, kinds, listed};
use super::token::TokenArgs;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum ProfileCommand {
    /// Redeem a one-time token and save the profile that it makes
    #[command(alias = "i", disable_help_flag = true)]
    Init(InitArgs),
    /// Make a profile whose keys stay in the keyring or in AWS Secrets Manager
    Setup(SetupArgs),
    /// Write a profile into an AWS secret: a new version of it, or a new secret
    Push(PushArgs),
    /// List the profiles
    #[command(aliases = ["l", "ls"])]
    List(ListArgs),
    /// Choose the profile that is used when none is named, or print it
    Active(ActiveArgs),
    /// Print a profile in a form that another machine can import, keys included
    Export(ExportArgs),
    /// Save a profile that was exported
    Import(ImportArgs),
    /// Check whether a profile works, from its store to the server
    #[command(alias = "doctor")]
    Check(CheckArgs),
    /// Move a profile and its keys to another store
    Move(MoveArgs),
    /// Rename a profile
    Rename(RenameArgs),
    /// Remove a profile and its keys
    #[command(alias = "del")]
    Delete(DeleteArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NewProfileArgs {
    /// The name of the profile [env: KSM_CLI_PROFILE] [default: _default]
    #[arg(
        short = 'p',
        long = "profile-name",
        alias = "profile",
        value_name = "NAME",
        value_parser = super::filled::<String>
    )]
    pub(crate) profile: Option<String>,

    /// Replace a profile of this name and lose its keys
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) token: TokenArgs,

    // The official CLI ignores further words, so scripts may have some.
    #[arg(hide = true)]
    pub(crate) ignored: Vec<Sensitive<String>>,

    /// Region (US, EU, AU, GOV, JP, CA, IL5) or host of a token without one
    #[arg(short = 'h', long, value_name = "HOST")]
    pub(crate) hostname: Option<String>,

    /// The keeper.ini to create or extend
    #[arg(long, value_name = "FILE")]
    pub(crate) ini_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) new: NewProfileArgs,

    #[command(flatten)]
    pub(crate) place: StorageArgs,

    /// Print help; `-h` is the host here
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SetupArgs {
    #[arg(
        help = listed("The new place of the keys: ", "", |kind| kind.referred.is_some()),
        value_parser = kinds(|kind| kind.referred.is_some()),
        short = 't',
        long = "type",
        value_name = "TYPE",
        ignore_case = true,
        hide_possible_values = true
    )]
    pub(crate) kind: &'static Kind,

    #[command(flatten)]
    pub(crate) aws: AwsArgs,

    /// Source of the AWS credentials: ec2instance, profile, keys
    #[arg(
        short,
        long,
        value_name = "KIND",
        ignore_case = true,
        hide_possible_values = true,
        default_value = "ec2instance"
    )]
    pub(crate) credentials: CredentialsKind,

    /// Keep the AWS keys in keeper.ini, which `--credentials keys` needs
    #[arg(long)]
    pub(crate) store_keys: bool,

    /// Use AWS's default credentials where the chosen ones do not serve
    #[arg(short, long, value_name = "BOOLEAN", num_args = 0..=1, default_missing_value = "true", hide_default_value = true)]
    pub(crate) fallback: Option<String>,

    /// The keeper.ini to create or extend
    #[arg(long, value_name = "FILE")]
    pub(crate) ini_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) new: NewProfileArgs,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    /// The profile
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) aws: AwsWriteArgs,

    /// Write JSON instead of its base64
    #[arg(long)]
    pub(crate) json: bool,

    /// Overwrite a secret that holds no profile or cannot be read
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Show where each profile and its keys are, its host, and why one is active
    #[arg(short, long)]
    pub(crate) long: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// The profile
    pub(crate) name: String,

    #[arg(
        long,
        help = listed("The new store: ", "", |_| true),
        value_parser = kinds(|_| true),
        value_name = "STORE",
        ignore_case = true,
        hide_possible_values = true
    )]
    pub(crate) to: &'static Kind,

    /// The keeper.ini to create or extend; without it, the one that is found where there is no --ini-file, else a new
    /// one, as `profile init` makes it
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) aws: AwsWriteArgs,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// The profile
    pub(crate) name: String,

    /// The new name
    #[arg(value_name = "NEW_NAME")]
    pub(crate) to: String,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ActiveArgs {
    /// The profile; without one, the profile in use is printed
    pub(crate) name: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// The profile
    #[arg(required_unless_present = "all")]
    pub(crate) name: Option<String>,

    /// Delete all profiles of the store in use
    #[arg(long, conflicts_with = "name")]
    pub(crate) all: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Print the text itself instead of its base64
    #[arg(long)]
    pub(crate) plain: bool,

    /// The text in the base64: `ini`, or `json`, which the SDKs understand too [default: ini]
    #[arg(
        long,
        value_name = "FORMAT",
        ignore_case = true,
        default_value = "ini",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) file_format: FileFormat,

    /// The same as `--file-format json --plain`
    #[arg(long, conflicts_with = "file_format")]
    pub(crate) json: bool,

    /// The profile, if not the active one
    pub(crate) name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    Ini,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) new: NewProfileArgs,

    /// The keeper.ini to create or extend
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) place: StorageArgs,

    /// The exported profile, as base64, JSON or INI text, or `-` to read it from stdin
    #[arg(value_name = "CONFIG_BASE64")]
    pub(crate) config: Sensitive<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The profile, if not the one in use
    pub(crate) name: Option<String>,

    /// Check all profiles
    #[arg(long, conflicts_with = "name")]
    pub(crate) all: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
