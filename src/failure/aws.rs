//! The exit codes and hints for errors of AWS.

use ksm::aws::{CredentialsError, MetadataError, OwnError};
use ksm::profile::store::aws as store;

use super::{Class, Classify, Code};

const TRY_LATER: &str = "try again in a while";
const LOOK: &str = "say it again: what is in the secret already is not written twice; `aws secretsmanager describe-secret \
                    --secret-id SECRET` shows its versions";

impl Classify for store::Error {
    fn class(&self) -> Class {
        match self {
            Self::Provider(_) => {
                Code::Local.hint("ksm knows the providers ec2instance, profile and keys")
            }
            Self::Missing(_) | Self::Fallback | Self::Name(_) => {
                Code::Local.hint("`ksm profile setup --type aws` writes the section anew")
            }
            Self::Connection(error) => error.class(),
            Self::Empty(_) => {
                Code::Local.hint("`ksm profile push NAME --secret SECRET` writes a profile into it")
            }
            Self::Region(source)
            | Self::Read { source, .. }
            | Self::ReadTwice { source, .. }
            | Self::Write { source, .. } => source.class(),
            Self::Uncertain { source, .. } => Class {
                hint: Some(LOOK.into()),
                ..source.class()
            },
            Self::LookedInto(error) => error.class(),
            Self::Occupied(_) => Code::Local
                .hint("name another secret, or say --force if nobody needs what it holds"),
            Self::NotStored(_) => Code::Local.into(),
        }
    }
}

impl Classify for OwnError {
    fn class(&self) -> Class {
        match self {
            Self::Address(_) | Self::NoServices(_) | Self::SharedFile(_) | Self::SecretId(_) => {
                Code::Local.into()
            }
            Self::Region(_) => Code::Local.hint("a region looks like eu-west-1"),
            Self::NoRegion => Code::Local.hint("name the secret by its ARN, or set AWS_REGION"),
            Self::NoText => {
                Code::Local.hint("`ksm profile push NAME --secret SECRET` writes a profile into it")
            }
            Self::Credentials(error) => error.class(),
            Self::Metadata(reason) => reason.class(),
        }
    }
}

impl Classify for CredentialsError {
    fn class(&self) -> Class {
        let hint = match self {
            Self::NoProfile(_) | Self::Incomplete { .. } | Self::Bare(_) => {
                "`aws configure list-profiles` shows the profiles there are; AWS_CONFIG_FILE and \
             AWS_SHARED_CREDENTIALS_FILE say where"
            }
            Self::Mfa(_) | Self::SignIn(_) => {
                "put its keys for now into the environment: `eval \"$(aws configure export-credentials --profile NAME \
             --format env)\"`, and use AWS's default credentials"
            }
            Self::Source { .. } => {
                "credential_source is Ec2InstanceMetadata, EcsContainer or Environment"
            }
            Self::Nowhere(_) => {
                "`aws configure` makes a profile; on an instance with a role, use `--credentials ec2instance`"
            }
            Self::NowhereAtAll(..) => {
                "`aws configure` makes a profile, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION"
            }
            Self::HalfSet { .. } => "set both or none",
            Self::Container(_) => "check the role of the task or the pod",
            Self::Circle(_)
            | Self::Roles { .. }
            | Self::TokenFile { .. }
            | Self::ContainerAddress
            | Self::ContainerToken
            | Self::Process(_)
            | Self::Document(_) => return Code::Local.into(),
        };
        Code::Local.hint(hint)
    }
}

impl Classify for MetadataError {
    fn class(&self) -> Class {
        match self {
            Self::Silent(_) => Code::Unreachable.hint(
                "this is no EC2 instance, or a container that its metadata does not reach (the hop limit has to be \
                 2 then)",
            ),
            Self::Status(_) => Code::Unreachable.hint(TRY_LATER),
            Self::NoRole | Self::NoKeys => Code::Local.hint("give the instance a role that may read the secret"),
            Self::NoToken(_) => Code::Local.hint("allow IMDSv2 on the instance"),
            Self::Disabled | Self::Address => Code::Local.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ksm::aws::Error;
    use ksm::{cloud, http};

    use super::super::Failure;
    use super::*;

    #[test]
    fn throttling_is_a_refusal_and_silence_is_unreachable() {
        let host = || String::from("secretsmanager.example");
        let throttled = cloud::Error::Throttled {
            host: host(),
            retry_after: None,
        };
        let silence = || http::Error::Silence { host: host() };
        let status = 503;
        let failing = cloud::Error::Server {
            host: host(),
            status,
        };
        let cases: [(Error, Code); 5] = [
            (throttled.into(), Code::Refused),
            (MetadataError::NoRole.into(), Code::Local),
            (MetadataError::Silent(silence()).into(), Code::Unreachable),
            (silence().into(), Code::Unreachable),
            (failing.into(), Code::Unreachable),
        ];
        for (source, code) in cases {
            let failure = Failure::from(store::Error::Read {
                secret: "ksm-config".to_owned(),
                source: Box::new(source),
            });
            assert_eq!(failure.code(), code, "{failure}");
        }
    }
}
