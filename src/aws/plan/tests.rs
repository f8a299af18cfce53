use super::*;
use crate::test_table::{cases, settings};

/// The plan as one line: the base, and the roles in the order in which they are taken.
fn told(plan: Result<CredentialPlan, Error>) -> String {
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => return format!("error: {error}"),
    };
    let source = match &plan.source {
        CredentialSource::Keys(keys) => match &keys.session_token {
            Some(token) => format!("keys {} {}", keys.access_key_id.expose(), token.expose()),
            None => format!("keys {}", keys.access_key_id.expose()),
        },
        CredentialSource::Instance => "instance".to_owned(),
        CredentialSource::Container => "container".to_owned(),
        CredentialSource::Process(command) => format!("process {}", command.expose()),
        CredentialSource::WebIdentity(role) => {
            format!("web {} {}", role.role_arn, role.token_file.display())
        }
    };
    let roles = plan.roles.iter().map(|role| format!(" > {}", role.arn));
    source + &roles.collect::<String>()
}

const CONFIG: &str = "
[default]
region = eu-west-1
[profile named]
aws_access_key_id = N
aws_secret_access_key = canary
[profile role]
role_arn = R1
source_profile = named
[profile role of role]
role_arn = R0
[profile chained]
role_arn = R2
source_profile = role
external_id = canary
[profile own]
role_arn = R3
source_profile = own
aws_access_key_id = O
aws_secret_access_key = canary
[profile on-instance]
role_arn = R4
credential_source = Ec2InstanceMetadata
[profile in-container]
role_arn = R5
credential_source = EcsContainer
[profile of-environment]
role_arn = R6
credential_source = Environment
[profile nowhere]
role_arn = R7
credential_source = Elsewhere
[profile a]
role_arn = A
source_profile = b
[profile b]
role_arn = B
source_profile = a
[profile mfa]
role_arn = R8
source_profile = named
mfa_serial = arn:aws:iam::1:mfa/me
[profile web]
role_arn = R9
web_identity_token_file = /token
[profile process]
credential_process = /bin/helper --x
[profile sso]
sso_session = corp
[profile half]
aws_access_key_id = H
[profile lost]
role_arn = R10
source_profile = gone
[profile alone]
role_arn = R11
";

const CREDENTIALS: &str = "
[temporary]
aws_access_key_id = T
aws_secret_access_key = canary
aws_session_token = S
[process]
aws_access_key_id = P
aws_secret_access_key = canary
";

#[test]
fn a_profile_says_where_its_credentials_come_from() {
    let files = SharedFiles::parse(CONFIG, CREDENTIALS).unwrap();
    let environment = Environment::from_iter([
        ("AWS_ACCESS_KEY_ID", "E"),
        ("AWS_SECRET_ACCESS_KEY", "canary"),
    ]);
    let table = "
        named => keys N
        temporary => keys T S
        role => keys N > R1
        chained => keys N > R1 > R2
        own => keys O > R3
        on-instance => instance > R4
        in-container => container > R5
        of-environment => keys E > R6
        web => web R9 /token
        # Keys in the file of credentials go first.
        process => keys P
        nowhere => error: the AWS profile `nowhere` has the credential_source `Elsewhere`, which is none
        a => error: the AWS profile `a` is its own source_profile in the end
        mfa => error: the AWS profile `mfa` wants a code of a second factor (mfa_serial), which ksm does not ask for
        sso => error: the AWS profile `sso` signs in with a browser (IAM Identity Center), which ksm does not do
        half => error: the AWS profile `half` has no aws_secret_access_key
        lost => error: there is no profile `gone` in AWS's shared configuration
        alone => error: the AWS profile `alone` has no source_profile or credential_source beside its role_arn
        default => error: the AWS profile `default` names no credentials
        missing => error: there is no profile `missing` in AWS's shared configuration
    ";
    for (profile, expected) in cases(table) {
        let plan = of_profile(&files, profile, &environment);
        assert_eq!(told(plan), expected, "{profile}");
    }
    let files =
        SharedFiles::parse("[profile p]\ncredential_process = /bin/helper --x\n", "").unwrap();
    assert_eq!(
        told(of_profile(&files, "p", &environment)),
        "process /bin/helper --x"
    );
}

#[test]
fn a_chain_of_roles_has_a_limit() {
    let config: String = (0..200)
        .map(|at| {
            format!(
                "[profile {at}]\nrole_arn = R\nsource_profile = {}\n",
                at + 1
            )
        })
        .collect();
    let config = config + "[profile 200]\naws_access_key_id = A\naws_secret_access_key = canary\n";
    let files = SharedFiles::parse(&config, "").unwrap();
    let plan = |from: usize| {
        told(of_profile(
            &files,
            &from.to_string(),
            &Environment::default(),
        ))
    };
    let most = limits::AWS_ROLES;
    assert_eq!(plan(200 - most).matches(" > ").count(), most);
    let refused = "error: the AWS profile `183` takes more than 16 roles one after the other";
    assert_eq!(plan(200 - most - 1), refused);
}

#[test]
fn by_default_the_first_choice_counts() {
    let with_default = "[default]\naws_access_key_id = D\naws_secret_access_key = canary\n";
    let nowhere = Error::Nowhere(PLACES).to_string();
    let table = "
        KEY=E SECRET=canary ROLE=W TOKEN=/t PROFILE=named AGENT=/x => keys E
        ROLE=W TOKEN=/t PROFILE=named AGENT=/x => web W /t
        PROFILE=named AGENT=/x => keys N
        DEFAULT_PROFILE=role AGENT=/x => keys N > R1
        [default] AGENT=/x => keys D
        # The default profile of the first file holds a region only.
        AGENT=/x => container
        - => error: NOWHERE
        ROLE=W => error: NOWHERE
        KEY=E => error: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not
        TOKEN=/t => error: AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not
        # A named profile that is missing is not passed over.
        PROFILE=gone AGENT=/x => error: there is no profile `gone` in AWS's shared configuration
    ";
    for (given, expected) in cases(table) {
        let credentials = if given.starts_with("[default]") {
            with_default
        } else {
            ""
        };
        let files = SharedFiles::parse(CONFIG, credentials).unwrap();
        let environment = settings(given)
            .map(|(name, value)| match name {
                "KEY" => ("AWS_ACCESS_KEY_ID", value),
                "SECRET" => ("AWS_SECRET_ACCESS_KEY", value),
                "ROLE" => ("AWS_ROLE_ARN", value),
                "TOKEN" => ("AWS_WEB_IDENTITY_TOKEN_FILE", value),
                "PROFILE" => ("AWS_PROFILE", value),
                "DEFAULT_PROFILE" => ("AWS_DEFAULT_PROFILE", value),
                "AGENT" => ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", value),
                other => panic!("{other}"),
            })
            .collect();
        let plan = by_default(&files, &environment);
        let plan = plan.and_then(|(plan, _)| plan.ok_or(Error::Nowhere(PLACES)));
        assert_eq!(told(plan), expected.replace("NOWHERE", &nowhere), "{given}");
    }
}
