//! The exit codes and hints for errors of AWS.

use ksm::aws::{CredentialsError, Error, MetadataError, ServiceErrorKind};
use ksm::profile::store::aws as store;

use super::network::of_http;
use super::{Code, Failure};

type Meaning = (Code, Option<&'static str>);

const TRY_LATER: &str = "try again in a while";

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        let (code, hint) = of_store(&error);
        Self::new(code, error).hint_if(hint)
    }
}

pub(super) fn of_store(error: &store::Error) -> Meaning {
    use store::Error as E;
    match error {
        E::Provider(_) => (
            Code::Local,
            Some("ksm knows the providers ec2instance, profile and keys"),
        ),
        E::Missing(_) | E::Fallback | E::Name(_) => (
            Code::Local,
            Some("`ksm profile setup --type aws` writes the section anew"),
        ),
        E::Connection(error) => of_http(error),
        E::Empty(_) => (
            Code::Local,
            Some("`ksm profile push NAME --secret SECRET` writes a profile into it"),
        ),
        E::Region(source)
        | E::Read { source, .. }
        | E::ReadTwice { source, .. }
        | E::Write { source, .. } => of_aws(source),
        E::LookedInto(error) => of_store(error),
        E::Occupied(_) => (
            Code::Local,
            Some("name another secret, or say --force if nobody needs what it holds"),
        ),
        E::NotStored(_) => (Code::Local, None),
    }
}

fn of_aws(error: &Error) -> Meaning {
    match error {
        Error::Http(error) => of_http(error),
        Error::Crypto(_) => (Code::Failed, None),
        Error::Server { .. } => (Code::Unreachable, Some(TRY_LATER)),
        Error::Unexpected(_) => (
            Code::Unreachable,
            Some("check the region, and whether a proxy answers in its place"),
        ),
        Error::Address(_) | Error::NoServices(_) | Error::SharedFile(_) | Error::SecretId(_) => {
            (Code::Local, None)
        }
        Error::Region(_) => (Code::Local, Some("a region looks like eu-west-1")),
        Error::NoRegion => (
            Code::Local,
            Some("name the secret by its ARN, or set AWS_REGION"),
        ),
        Error::NoText => (
            Code::Local,
            Some("`ksm profile push NAME --secret SECRET` writes a profile into it"),
        ),
        Error::Credentials(error) => of_identity(error),
        Error::Metadata(reason) => of_metadata(reason),
        Error::Service(error) => (Code::Local, of_service(error.kind)),
    }
}

fn of_identity(error: &CredentialsError) -> Meaning {
    let hint = match error {
        CredentialsError::NoProfile(_)
        | CredentialsError::Incomplete { .. }
        | CredentialsError::Bare(_) => {
            "`aws configure list-profiles` shows the profiles there are; AWS_CONFIG_FILE and \
             AWS_SHARED_CREDENTIALS_FILE say where"
        }
        CredentialsError::Mfa(_) | CredentialsError::SignIn(_) => {
            "put its keys for now into the environment: `eval \"$(aws configure export-credentials --profile NAME \
             --format env)\"`, and use AWS's default credentials"
        }
        CredentialsError::Source { .. } => {
            "credential_source is Ec2InstanceMetadata, EcsContainer or Environment"
        }
        CredentialsError::Nowhere(_) => {
            "`aws configure` makes a profile; on an instance with a role, use `--credentials ec2instance`"
        }
        CredentialsError::HalfSet { .. } => "set both or none",
        CredentialsError::Container(_) => "check the role of the task or the pod",
        CredentialsError::Circle(_)
        | CredentialsError::TokenFile { .. }
        | CredentialsError::ContainerAddress
        | CredentialsError::ContainerToken
        | CredentialsError::Process(_)
        | CredentialsError::Document(_) => return (Code::Local, None),
    };
    (Code::Local, Some(hint))
}

fn of_metadata(reason: &MetadataError) -> Meaning {
    match reason {
        MetadataError::Silent(_) => (
            Code::Unreachable,
            Some(
                "this is no EC2 instance, or a container that its metadata does not reach (the hop limit has to be 2 \
                 then)",
            ),
        ),
        MetadataError::Status(_) => (Code::Unreachable, Some(TRY_LATER)),
        MetadataError::NoRole | MetadataError::NoKeys => (
            Code::Local,
            Some("give the instance a role that may read the secret"),
        ),
        MetadataError::NoToken(_) => (Code::Local, Some("allow IMDSv2 on the instance")),
        MetadataError::Disabled | MetadataError::Address => (Code::Local, None),
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
        ServiceErrorKind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use ksm::aws::ServiceError;
    use ksm::http;

    use super::*;

    #[test]
    fn who_was_refused_configured_it_and_who_got_no_answer_did_not() {
        let host = || String::from("secretsmanager.example");
        let refusal = |kind| ServiceError {
            operation: "GetSecretValue",
            code: "No".into(),
            message: "Why.".into(),
            kind,
        };
        let table = [
            (
                Error::Service(refusal(ServiceErrorKind::Denied)),
                Code::Local,
            ),
            (
                Error::Service(refusal(ServiceErrorKind::Throttled)),
                Code::Local,
            ),
            (Error::NoRegion, Code::Local),
            (
                Error::Credentials(CredentialsError::Mfa("p".into())),
                Code::Local,
            ),
            (Error::Metadata(MetadataError::NoRole), Code::Local),
            (
                Error::Metadata(MetadataError::Silent(http::Error::Silence { host: host() })),
                Code::Unreachable,
            ),
            (
                Error::Http(http::Error::Silence { host: host() }),
                Code::Unreachable,
            ),
            (
                Error::Server {
                    host: host(),
                    status: 503,
                },
                Code::Unreachable,
            ),
        ];
        for (source, code) in table {
            let failure = Failure::from(store::Error::Read {
                secret: "ksm-config".to_owned(),
                source: Box::new(source),
            });
            assert_eq!(failure.code(), code, "{failure}");
        }
    }
}
