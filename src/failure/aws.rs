//! The exit codes and hints for errors of AWS.

use ksm::aws::{CredentialsError, Error, MetadataError, ServiceErrorKind};
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

impl Classify for Error {
    fn class(&self) -> Class {
        match self {
            Self::Http(error) => error.class(),
            Self::Crypto(_) => Code::Failed.into(),
            Self::Clock(error) => error.class(),
            Self::Uncertain { source, .. } => source.class(),
            Self::Server { .. } | Self::Deadline { .. } => Code::Unreachable.hint(TRY_LATER),
            Self::Unexpected(_) => {
                Code::Unreachable.hint("check the region, and whether a proxy answers in its place")
            }
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
            Self::Service(error) => Code::Local.hint_if(of_service(error.kind)),
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

fn of_service(kind: ServiceErrorKind) -> Option<&'static str> {
    match kind {
        ServiceErrorKind::NotFound => Some("check the name, the region and the account"),
        ServiceErrorKind::Denied => Some(
            "reading wants the permission secretsmanager:GetSecretValue, pushing PutSecretValue, UpdateSecret and \
             CreateSecret too",
        ),
        ServiceErrorKind::Expired => Some("these are temporary credentials; get new ones"),
        ServiceErrorKind::Unknown => Some("check the access key and its secret"),
        ServiceErrorKind::Clock => Some("set this machine's clock"),
        ServiceErrorKind::Key => {
            Some("the permission to use the KMS key is missing, or the key is disabled")
        }
        ServiceErrorKind::Throttled => Some(TRY_LATER),
        ServiceErrorKind::NoValue => {
            Some("`ksm profile push NAME --secret SECRET` writes a profile into it")
        }
        ServiceErrorKind::Exists | ServiceErrorKind::State | ServiceErrorKind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use ksm::aws::ServiceError;
    use ksm::http;

    use super::super::Failure;
    use super::*;

    #[test]
    fn refusals_are_local_failures_and_silence_is_unreachable() {
        let host = || String::from("secretsmanager.example");
        let refusal = Error::Service(ServiceError {
            operation: "GetSecretValue",
            code: "No".into(),
            message: "Why.".into(),
            kind: ServiceErrorKind::Throttled,
        });
        let silence = || http::Error::Silence { host: host() };
        let status = 503;
        for (source, code) in [
            (refusal, Code::Local),
            (Error::Metadata(MetadataError::NoRole), Code::Local),
            (
                Error::Metadata(MetadataError::Silent(silence())),
                Code::Unreachable,
            ),
            (Error::Http(silence()), Code::Unreachable),
            (
                Error::Server {
                    host: host(),
                    status,
                },
                Code::Unreachable,
            ),
        ] {
            let failure = Failure::from(store::Error::Read {
                secret: "ksm-config".to_owned(),
                source: Box::new(source),
            });
            assert_eq!(failure.code(), code, "{failure}");
        }
    }
}
