//! `ksm init`.

use clap::{ArgAction, Args, Subcommand};
use ksm::kubernetes::{Namespace, SecretName};

use super::token::TokenArgs;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum InitCommand {
    /// Print the configuration for KSM_CONFIG and the SDKs
    #[command(disable_help_flag = true)]
    Default(DefaultArgs),
    /// Print the configuration as a Kubernetes Secret, or apply it
    #[command(disable_help_flag = true)]
    K8s(K8sArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DefaultArgs {
    /// Print the JSON itself instead of its base64 [also: --json]
    #[arg(long, alias = "json")]
    pub(crate) plain: bool,

    #[command(flatten)]
    pub(crate) redeem: RedeemArgs,
}

#[derive(Debug, Args)]
pub(crate) struct K8sArgs {
    /// The name of the secret
    #[arg(short, long, default_value = "ksm-config")]
    pub(crate) name: SecretName,

    /// The namespace it lies in [also: --ns]
    #[arg(long, alias = "ns", default_value = "default")]
    pub(crate) namespace: Namespace,

    /// Apply the Secret with `kubectl`; print it only if that fails
    #[arg(short, long)]
    pub(crate) apply: bool,

    /// Print the manifest as JSON; with `--apply`, say in JSON what was applied
    #[arg(long)]
    pub(crate) json: bool,

    /// Forbid changes of the secret
    #[arg(short, long)]
    pub(crate) immutable: bool,

    #[command(flatten)]
    pub(crate) redeem: RedeemArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RedeemArgs {
    #[command(flatten)]
    pub(crate) token: TokenArgs,

    /// Region (US, EU, AU, GOV, JP, CA, IL5) or host of a token without one
    #[arg(short = 'h', long, value_name = "HOST")]
    pub(crate) hostname: Option<String>,

    /// Redeem the token without checking who answers
    #[arg(long)]
    pub(crate) skip_ssl_verify: bool,

    /// Print help; `-h` is the host here
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}
