//! A secret of AWS and whose credentials it is asked for with: the same options wherever a profile rests there.

use clap::{Args, ValueEnum};
use ksm::sensitive::Sensitive;

#[derive(Debug, Clone, Args)]
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

    /// Its secret, or `-` to read it from stdin
    #[arg(long, value_name = "KEY")]
    pub(crate) aws_secret_access_key: Option<Sensitive<String>>,

    /// AWS region, with `--credentials keys`
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
}

/// Whose credentials, in the official CLI's words (cli-reference 5.2).
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
