//! `ksm keyring`.

use clap::{Args, Subcommand};
use ksm::keyring::IS_BUILT;
use ksm::sensitive::Sensitive;

pub(super) const ABOUT: &str = match IS_BUILT {
    true => "Keep secrets of other programs in the keyring of the system",
    false => "Keep secrets of other programs in a keyring (not in this build)",
};

#[derive(Debug, Args)]
pub(crate) struct KeyringArgs {
    #[command(flatten)]
    pub(crate) place: CollectionArgs,
    #[command(subcommand)]
    pub(crate) command: KeyringCommand,
}

#[derive(Debug, Args)]
pub(crate) struct CollectionArgs {
    /// The application the items belong to [default: lkru]
    #[arg(short, long, value_name = "APP")]
    pub(crate) application: Option<String>,

    /// The collection they are in [default: default]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) collection: Option<String>,
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum KeyringCommand {
    /// Print a secret
    Get(GetArgs),
    /// Store a secret, or replace the one with this label
    Set(SetArgs),
    /// Remove secrets
    #[command(alias = "delete")]
    Del(DelArgs),
    /// Print the version
    #[command(alias = "ver")]
    Version(VersionArgs),
}

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// Decode the stored text from base64
    #[arg(short, long)]
    pub(crate) base64: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) place: CollectionArgs,

    /// The label of the secret
    pub(crate) label: String,
}

#[derive(Debug, Args)]
pub(crate) struct SetArgs {
    /// Store the base64 of the secret
    #[arg(short, long)]
    pub(crate) base64: bool,

    /// Set an empty secret if stdin is empty
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// Keep the newline at the end of stdin; with --base64 it is always kept
    #[arg(long)]
    pub(crate) keep_newline: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) place: CollectionArgs,

    /// The label of the secret
    pub(crate) label: String,

    /// The secret; `-` reads stdin, which keeps it from other users
    #[arg(value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) secret: Sensitive<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DelArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) place: CollectionArgs,

    /// The labels, in the order of removal
    #[arg(value_name = "LABEL", required = true)]
    pub(crate) labels: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
