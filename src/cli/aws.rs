//! The options for a secret of AWS and the credentials that open it.

use clap::{Args, ValueEnum};
use ksm::sensitive::Sensitive;

#[derive(Debug, Args)]
pub(crate) struct AwsArgs {
    /// Name or ARN of the AWS secret
    #[arg(short, long, value_name = "SECRET", default_value = "ksm-config")]
    pub(crate) secret: String,

    /// AWS profile for `--credentials profile` [default: as AWS decides]
    #[arg(short = 'n', long, value_name = "NAME")]
    pub(crate) credentials_profile: Option<String>,

    /// AWS access key, with `--credentials keys`
    #[arg(long, value_name = "ID")]
    pub(crate) aws_access_key_id: Option<Sensitive<String>>,

    /// Secret of the AWS access key, or `-` to read it from stdin
    #[arg(long, value_name = "KEY")]
    pub(crate) aws_secret_access_key: Option<Sensitive<String>>,

    /// AWS region, with `--credentials keys`
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AwsWriteArgs {
    #[command(flatten)]
    pub(crate) secret: AwsArgs,

    /// Source of the AWS credentials: ec2instance, profile, keys
    #[arg(
        short,
        long,
        value_name = "KIND",
        ignore_case = true,
        hide_possible_values = true,
        default_value = "profile"
    )]
    pub(crate) credentials: CredentialsKind,

    /// The KMS key to encrypt it under [default: the one it has, or AWS's own]
    #[arg(long, value_name = "KEY")]
    pub(crate) kms_key_id: Option<String>,
}

/// The official CLI's words (compatibility 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialsKind {
    /// The role of the EC2 instance we run on
    #[value(name = "ec2instance")]
    Instance,
    /// A profile of AWS's shared configuration, or AWS's default credentials
    Profile,
    /// The keys given here
    Keys,
}
