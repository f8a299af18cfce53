//! The one-time token on a command line.

use std::path::PathBuf;

use clap::Args;
use ksm::sensitive::Sensitive;

#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// The one-time token, or `-` to read it from stdin [env: KSM_CLI_TOKEN]
    #[arg(short, long, value_name = "TOKEN")]
    pub(crate) token: Option<Sensitive<String>>,

    /// Read the one-time token from the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    pub(crate) token_file: Option<PathBuf>,

    /// The one-time token, if no option gives it
    #[arg(value_name = "TOKEN")]
    pub(crate) argument: Option<Sensitive<String>>,
}
