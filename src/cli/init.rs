//! `ksm init`.

use clap::{ArgAction, Args, Subcommand};
use ksm::kubernetes::{Namespace, SecretName};

use super::token::TokenArgs;

const ABOUT_TOKENS: &str = "Other users of this machine may see a token that is typed here.\n\
                            `--token-file`, `-` and KSM_CLI_TOKEN keep it to yourself.";

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum InitCommand {
    /// Print the configuration as KSM_CONFIG and the SDKs take it
    #[command(disable_help_flag = true, after_help = ABOUT_TOKENS)]
    Default(DefaultArgs),
    /// Print the configuration as a Kubernetes secret, or hand it to the cluster
    #[command(disable_help_flag = true, after_help = ABOUT_TOKENS)]
    K8s(K8sArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DefaultArgs {
    /// Print the JSON itself instead of its base64
    #[arg(long)]
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

    /// Hand the secret to `kubectl apply`; print it only if that fails
    #[arg(short, long)]
    pub(crate) apply: bool,

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

    /// Region (US, EU, AU, GOV, JP, CA) or host, for a token that names none
    #[arg(short = 'h', long, value_name = "HOST")]
    pub(crate) hostname: Option<String>,

    /// Redeem the token without checking who answers
    #[arg(long)]
    pub(crate) skip_ssl_verify: bool,

    /// Print help; `-h` is the host here
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}
