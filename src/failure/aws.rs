//! The exit codes and hints for errors of AWS.

use ksm::aws::credentials::Error as Identity;
use ksm::aws::metadata::Reason;
use ksm::aws::{Error, Kind};
use ksm::storage::aws as storage;

use super::network::of_http;
use super::{Code, Failure};

type Meaning = (Code, Option<&'static str>);

const TRY_LATER: &str = "try again in a while";

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        let (code, hint) = of_storage(&error);
        Self::new(code, error).hint_if(hint)
    }
}

pub(super) fn of_storage(error: &storage::Error) -> Meaning {
    use storage::Error as E;
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
        Error::Refused(refusal) => (Code::Local, of_refusal(refusal.kind)),
    }
}

fn of_identity(error: &Identity) -> Meaning {
    let hint = match error {
        Identity::NoProfile(_) | Identity::Incomplete { .. } | Identity::Bare(_) => {
            "`aws configure list-profiles` shows the profiles there are; AWS_CONFIG_FILE and \
             AWS_SHARED_CREDENTIALS_FILE say where"
        }
        Identity::Mfa(_) | Identity::SignIn(_) => {
            "put its keys for now into the environment: `eval \"$(aws configure export-credentials --profile NAME \
             --format env)\"`, and use AWS's default credentials"
        }
        Identity::Source { .. } => {
            "credential_source is Ec2InstanceMetadata, EcsContainer or Environment"
        }
        Identity::Nowhere(_) => {
            "`aws configure` makes a profile; on an instance with a role, use `--credentials ec2instance`"
        }
        Identity::HalfSet { .. } => "set both or none",
        Identity::Container(_) => "check the role of the task or the pod",
        Identity::Circle(_)
        | Identity::TokenFile { .. }
        | Identity::ContainerAddress
        | Identity::ContainerToken
        | Identity::Process(_)
        | Identity::Document(_) => return (Code::Local, None),
    };
    (Code::Local, Some(hint))
}

fn of_metadata(reason: &Reason) -> Meaning {
    match reason {
        Reason::Silent(_) => (
            Code::Unreachable,
            Some(
                "this is no EC2 instance, or a container that its metadata does not reach (the hop limit has to be 2 \
                 then)",
            ),
        ),
        Reason::Status(_) => (Code::Unreachable, Some(TRY_LATER)),
        Reason::NoRole | Reason::NoKeys => (
            Code::Local,
            Some("give the instance a role that may read the secret"),
        ),
        Reason::NoToken(_) => (Code::Local, Some("allow IMDSv2 on the instance")),
        Reason::Disabled | Reason::Address => (Code::Local, None),
    }
}

fn of_refusal(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::NotFound => Some("check the name, the region and the account"),
        Kind::Denied => Some(
            "reading wants the permission secretsmanager:GetSecretValue, pushing PutSecretValue, UpdateSecret and \
             CreateSecret too",
        ),
        Kind::Expired => Some("these are temporary credentials; get new ones"),
        Kind::Unknown => Some("check the access key and its secret"),
        Kind::Clock => Some("set this machine's clock"),
        Kind::Key => Some("the permission to use the KMS key is missing, or the key is disabled"),
        Kind::Throttled => Some(TRY_LATER),
        Kind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use ksm::aws::Refusal;
    use ksm::http;

    use super::*;

    #[test]
    fn who_was_refused_configured_it_and_who_got_no_answer_did_not() {
        let host = || String::from("secretsmanager.example");
        let refusal = |kind| Refusal {
            operation: "GetSecretValue",
            code: "No".into(),
            message: "Why.".into(),
            kind,
        };
        let table = [
            (Error::Refused(refusal(Kind::Denied)), Code::Local),
            (Error::Refused(refusal(Kind::Throttled)), Code::Local),
            (Error::NoRegion, Code::Local),
            (Error::Credentials(Identity::Mfa("p".into())), Code::Local),
            (Error::Metadata(Reason::NoRole), Code::Local),
            (
                Error::Metadata(Reason::Silent(http::Error::Silence { host: host() })),
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
            let failure = Failure::from(storage::Error::Read {
                secret: "ksm-config".to_owned(),
                source: Box::new(source),
            });
            assert_eq!(failure.code(), code, "{failure}");
        }
    }
}
