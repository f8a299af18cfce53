"""Profiles in AWS Secrets Manager: who reads them, what is written where, and what happens when AWS says no.

The other side is real: moto for the services, the official CLI with boto3 for what both have to understand.
"""

import base64
import json
import time

import pytest

import aws as fake
from aws import AGENT_TOKEN, KEYS, Aws, refusal

WEB = "web-AAAAAAAAAAAAAAAAAA"
LOGIN = ("secret", "get", WEB, "--field", "login")
SETUP = ("profile", "setup", "--type", "aws")
GIVEN = ("--credentials", "keys", "--aws-access-key-id", KEYS[0], "--aws-secret-access-key", KEYS[1], "--region", fake.REGION)
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1]}
NAMED = f"[default]\n[named]\naws_access_key_id = {KEYS[0]}\naws_secret_access_key = {KEYS[1]}\n"
ARN = "arn:aws:iam::123456789012:role/"


@pytest.fixture(scope="module")
def server():
    server = Aws()
    yield server
    server.close()


@pytest.fixture
def aws(server, vault):
    """AWS with the vault's device in the secret `ksm-config`."""
    server.reset()
    server.config = json.dumps(vault.config_json)
    server.arn = server.put("ksm-config", server.config)
    return server


@pytest.fixture
def run(aws, ours):
    """Our CLI with AWS's variables; `env` changes them, and `None` takes one away."""

    def run(*args, env=None, stdin=b""):
        environment = {name: value for name, value in (aws.environment | (env or {})).items() if value is not None}
        return ours(*args, env=environment, stdin=stdin)

    run.home = ours.home
    run.ini = ours.home / "keeper.ini"
    return run


def section(path):
    lines = path.read_text().split("[_default]\n")[1].splitlines()
    return dict(line.split(" = ", 1) for line in lines if line)


def fails(run, status, *words):
    assert (run.status, run.stdout) == (status, b""), f"{run}"
    for word in words:
        assert word.encode() in run.stderr, f"{word!r} is missing: {run}"


# Set up, and read by either CLI.


@pytest.mark.parametrize(
    ("options", "expected", "reader"),
    [
        # By its ARN: for a name the official CLI asks version 1 of the metadata service, at the address of real instances.
        (("-s", "ARN"), {"provider": "ec2instance", "secret": "ARN"}, "ASIAOFTHEINSTANCE"),
        (("-c", "profile", "-n", "named"), {"provider": "profile", "profile": "named"}, KEYS[0]),
        (
            (*GIVEN, "--store-keys"),
            {"provider": "keys", "aws_access_key_id": KEYS[0], "aws_secret_access_key": KEYS[1], "region": fake.REGION},
            KEYS[0],
        ),
    ],
)
def test_the_official_cli_loads_what_setup_saves(aws, run, official, options, expected, reader):
    fake.home(run.home, credentials=NAMED)
    fake.home(official.home, credentials=NAMED)
    run(*SETUP, *(aws.arn if word == "ARN" else word for word in options)).succeeds()
    expected = {key: aws.arn if value == "ARN" else value for key, value in expected.items()}
    assert section(run.ini) == {"storage": "aws", "secret": "ksm-config"} | expected
    assert run.ini.stat().st_mode & 0o777 == 0o600
    aws.operations()
    assert run(*LOGIN).succeeds().stdout == b"alice"
    assert [request.key_id for request in aws.seen if request.operation == "GetSecretValue"] == [reader]
    assert official("--ini-file", str(run.ini), *LOGIN, env=aws.environment).succeeds().stdout == b"alice"


@pytest.mark.parametrize(
    ("options", "reader"),
    [
        (("-c", "ec2instance", "-s", "ARN"), "ASIAOFTHEINSTANCE"),
        (("-c", "profile", "-n", "named"), KEYS[0]),
        # It says `provider = custom`, which it does not read itself (FIX 29).
        (GIVEN, KEYS[0]),
    ],
)
def test_what_the_official_cli_sets_up_loads_here(aws, run, official, options, reader):
    fake.home(run.home, credentials=NAMED)
    fake.home(official.home, credentials=NAMED)
    official(*SETUP, *(aws.arn if word == "ARN" else word for word in options), env=aws.environment).succeeds()
    aws.operations()
    assert run("--ini-file", str(official.home / "keeper.ini"), *LOGIN).succeeds().stdout == b"alice"
    assert {request.key_id for request in aws.seen if request.operation == "GetSecretValue"} == {reader}


@pytest.mark.parametrize("form", [str, lambda text: base64.b64encode(text.encode()).decode(), lambda text: f"\n{text}\n"])
def test_a_secret_may_be_json_or_base64(aws, run, form):
    arn = aws.put("other/name", form(aws.config))
    for secret in ("other/name", arn):
        run(*SETUP, "--secret", secret).succeeds()
        assert run(*LOGIN).succeeds().stdout == b"alice"


def test_a_binary_secret_is_read_too(aws, run):
    aws.client("secretsmanager").create_secret(Name="binary", SecretBinary=aws.config.encode())
    run(*SETUP, "--secret", "binary").succeeds()
    assert run(*LOGIN).succeeds().stdout == b"alice"


def test_keys_stay_out_of_our_files_unless_requested(aws, run):
    fails(run(*SETUP, *GIVEN), 2, "--store-keys")
    assert aws.operations() == []
    assert list(run.home.iterdir()) == []
    typed = [word if word != KEYS[1] else "-" for word in GIVEN]
    run(*SETUP, *typed, "--store-keys", stdin=KEYS[1].encode() + b"\n").succeeds()
    assert section(run.ini)["aws_secret_access_key"] == KEYS[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--region", "eu-west-1"), "Unexpected options for --credentials=ec2instance"),
        (("-c", "profile", "--aws-access-key-id", "x"), "Unexpected options for --credentials=profile"),
        (("-n", "x"), "With --credentials-profile=x must specify option --credentials=profile"),
        (("-c", "keys", "--region", "eu-west-1"), "Missing options for --credentials=keys"),
        ((*GIVEN[:-1], "evil.example/", "--store-keys"), "is no region of AWS"),
        (("--secret", "a b"), "is no name of an AWS secret"),
        (("--secret", "arn:aws:s3:::bucket"), "is no ARN of a secret"),
        (("--fallback=perhaps",), "--fallback is either true or false"),
        (("-c", "keyfile"), "-c"),
    ],
)
def test_a_wrong_setup_is_refused_before_anybody_is_asked(aws, run, options, said):
    fails(run(*SETUP, *options), 2, said)
    assert aws.operations() == []
    assert list(run.home.iterdir()) == []


# Exactly the credentials that were chosen.

CHAIN = f"""[profile base]
aws_access_key_id = {KEYS[0]}
aws_secret_access_key = {KEYS[1]}
[profile first]
role_arn = {ARN}first
source_profile = base
[profile second]
role_arn = {ARN}second
source_profile = first
external_id = canary & more
role_session_name = me
duration_seconds = 900
[profile instance]
role_arn = {ARN}instance
credential_source = Ec2InstanceMetadata
[profile web]
role_arn = {ARN}web
web_identity_token_file = TOKENFILE
[profile process]
credential_process = sh -c 'printf %s "$0"' '{{"Version": 1, "AccessKeyId": "AKIAOFTHEPROCESS", "SecretAccessKey": "canary"}}'
"""


@pytest.mark.parametrize(
    ("profile", "steps", "signers"),
    [
        ("base", [], []),
        ("first", ["AssumeRole"], [KEYS[0]]),
        ("second", ["AssumeRole", "AssumeRole"], [KEYS[0], "ASIA"]),
        ("instance", ["AssumeRole"], ["ASIAOFTHEINSTANCE"]),
        ("web", ["AssumeRoleWithWebIdentity"], [None]),
        ("process", [], []),
    ],
)
def test_a_profile_leads_to_its_credentials(aws, run, profile, steps, signers):
    token = run.home / "token"
    token.write_text("canary.web.token\n")
    fake.home(run.home, config=CHAIN.replace("TOKENFILE", str(token)))
    # None of this may be used.
    run(*SETUP, "-c", "profile", "-n", profile, env={"AWS_ACCESS_KEY_ID": "AKIAWRONG", "AWS_SECRET_ACCESS_KEY": "canary"}).succeeds()
    asked = [request for request in aws.seen if "/latest/" not in request.path]
    assert [request.operation for request in asked] == [*steps, "GetSecretValue"]
    for request, signer in zip(asked, signers):
        assert request.key_id == signer or request.key_id.startswith(signer), request
    if profile == "second":
        assert b"ExternalId=canary%20%26%20more" in asked[1].body
        assert b"RoleSessionName=me" in asked[1].body
        assert b"DurationSeconds=900" in asked[1].body
    reader = asked[-1]
    expected = {"base": KEYS[0], "process": "AKIAOFTHEPROCESS"}.get(profile, "ASIA")
    assert reader.key_id.startswith(expected)
    # Temporary keys come with a token, others without.
    assert ("x-amz-security-token" in reader.headers) == bool(steps)
    assert run(*LOGIN).succeeds().stdout == b"alice"


@pytest.mark.parametrize(
    ("environment", "reader"),
    [
        (ENVIRONMENT, KEYS[0]),
        ({"AWS_PROFILE": "base"}, KEYS[0]),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "AGENT", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "FILE"}, "ASIAOFTHECONTAINER"),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "AGENT", "AWS_CONTAINER_AUTHORIZATION_TOKEN": AGENT_TOKEN}, "ASIAOFTHECONTAINER"),
        ({"AWS_ROLE_ARN": ARN + "pod", "AWS_WEB_IDENTITY_TOKEN_FILE": "FILE"}, "ASIA"),
    ],
)
def test_default_credentials_are_those_the_official_library_finds(aws, run, environment, reader):
    fake.home(run.home, config=CHAIN)
    token = run.home / "token"
    token.write_text(AGENT_TOKEN + "\n")
    places = {"AGENT": aws.url + "/agent", "FILE": str(token)}
    environment = {name: places.get(value, value) for name, value in environment.items()}
    run(*SETUP, "-c", "profile", env=environment).succeeds()
    assert "profile" not in section(run.ini)
    aws.operations()
    assert run(*LOGIN, env=environment).succeeds().stdout == b"alice"
    assert next(request.key_id for request in aws.seen if request.operation == "GetSecretValue").startswith(reader)


@pytest.mark.parametrize(
    "config",
    [
        "{role}endpoint_url = {url}\n",
        "{role}services = here\nendpoint_url = https://nowhere.invalid\n"
        "[services here]\nsecrets_manager =\n  endpoint_url = {url}\nsts =\n  endpoint_url = {url}\n",
    ],
    ids=["endpoint_url", "services"],
)
def test_a_profile_says_where_services_are(aws, run, config):
    role = f"[profile base]\naws_access_key_id = {KEYS[0]}\naws_secret_access_key = {KEYS[1]}\n[profile there]\nrole_arn = {ARN}r\nsource_profile = base\n"
    fake.home(run.home, config=config.format(role=role, url=aws.url))
    run(*SETUP, "-c", "profile", "-n", "there", env={"AWS_ENDPOINT_URL": None}).succeeds()
    assert aws.operations() == ["AssumeRole", "GetSecretValue"]


def test_a_credential_process_gets_no_secret_of_ours(aws, run):
    (run.home / "program").write_text(
        "#!/bin/sh\nenv | grep -q '^KSM_.*=canary' && exit 1\n"
        'printf %s \'{"Version": 1, "AccessKeyId": "AKIAOFTHEPROCESS", "SecretAccessKey": "canary"}\'\n'
    )
    (run.home / "program").chmod(0o700)
    fake.home(run.home, config=f"[profile process]\ncredential_process = {run.home}/program\n")
    ours = ("KSM_TOKEN", "KSM_CLI_TOKEN", "KSM_CONFIG_BASE64_2", "KSM_CONFIG_BASE64_DESC_2")
    run(*SETUP, "-c", "profile", "-n", "process", env=dict.fromkeys(ours, "canary")).succeeds()


def test_the_instance_is_asked_only_if_it_was_chosen(aws, run):
    fails(run(*SETUP, "-c", "profile"), 6, "there are no AWS credentials", "ec2instance")
    fails(run(*SETUP, "-c", "profile", "-n", "gone"), 6, "there is no profile `gone`")
    assert aws.operations() == []


@pytest.mark.parametrize("document", [False, True])
def test_the_region_defaults_to_that_of_the_instance(aws, run, document):
    aws.region_document = document
    nowhere = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}
    run(*SETUP, env=nowhere).succeeds()
    assert f"/{fake.REGION}/secretsmanager/" in aws.seen[-1].headers["authorization"]
    fake.home(run.home, credentials=NAMED)
    fails(run(*SETUP, "-c", "profile", "-n", "named", env=nowhere), 6, "in which region", "AWS_REGION")
    run(*SETUP, "-c", "profile", "-n", "named", "-s", aws.arn, env=nowhere).succeeds()
    fake.home(run.home, credentials=NAMED, config="[profile named]\nregion = eu-west-1\n")
    run(*SETUP, "-c", "profile", "-n", "named", env=nowhere).succeeds()


def test_version_1_of_the_metadata_service_is_not_used(aws, run):
    aws.tokens = False
    fails(run(*SETUP), 6, "no session token of version 2")
    assert set(aws.operations()) == {"PUT /latest/api/token"}
    assert not run.ini.exists()


def test_metadata_requests_bear_a_token_and_bypass_proxies(aws, run):
    run(*SETUP, env={"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}).succeeds()
    asked = [request for request in aws.seen if request.path.startswith("/latest/") and request.verb == "GET"]
    assert asked
    assert all(request.headers["x-aws-ec2-metadata-token"] == fake.TOKEN for request in asked)


def test_a_silent_metadata_service_is_reported_soon(aws, run):
    begun = time.monotonic()
    silent = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9"}
    fails(run(*SETUP, env=silent), 5, "metadata service", "no EC2 instance")
    assert time.monotonic() - begun < 10
    fails(run(*SETUP, env={"AWS_EC2_METADATA_DISABLED": "true"}), 6, "AWS_EC2_METADATA_DISABLED")
    fails(run(*SETUP, env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://metadata.example"}), 6, "AWS_EC2_METADATA_SERVICE_ENDPOINT")


def test_nothing_falls_back_unless_that_was_configured(aws, run):
    broken = ENVIRONMENT | {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9"}
    fails(run(*SETUP, env=broken), 5)
    assert aws.operations() == []
    setup = run(*SETUP, "--fallback", env=broken).succeeds()
    assert b"since the chosen ones do not serve" in setup.stderr
    assert section(run.ini)["fallback"] == "True"
    aws.operations()
    get = run(*LOGIN, env=broken).succeeds()
    assert get.stdout == b"alice" and b"since the chosen ones do not serve" in get.stderr
    assert [request.key_id for request in aws.seen if request.operation == "GetSecretValue"] == [KEYS[0]]
    # The chosen ones go first where they serve, and if neither does, both reasons are told.
    aws.operations()
    run(*LOGIN, env=ENVIRONMENT).succeeds()
    assert [request.key_id for request in aws.seen if request.operation == "GetSecretValue"] == ["ASIAOFTHEINSTANCE"]
    fails(run(*LOGIN, env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9"}), 6, "as fallback")


def test_somebody_who_is_refused_falls_back_too(aws, run):
    run(*SETUP, "-f").succeeds()
    aws.answers = [refusal("AccessDeniedException")]
    assert run(*LOGIN, env=ENVIRONMENT).succeeds().stdout == b"alice"
    run.ini.write_text(run.ini.read_text().replace("fallback = True", "fallback = False"))
    aws.answers = [refusal("AccessDeniedException")]
    fails(run(*LOGIN, env=ENVIRONMENT), 6, "AccessDeniedException")


# Refusals of AWS.


def test_only_right_signatures_are_accepted(aws, run):
    iam = aws.client("iam")
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "secretsmanager:Get*", "Resource": "*"}]}
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(allow))
    good = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    aws.check_signatures()
    setup = (*SETUP, "-c", "profile")
    run(*setup, env=good).succeeds()
    fails(run(*setup, env=good | {"AWS_SECRET_ACCESS_KEY": "canary"}), 6, "SignatureDoesNotMatch", "check the access key")
    fails(run(*setup, env=good | {"AWS_ACCESS_KEY_ID": "AKIANOBODY"}), 6, "check the access key")
    ours = run("profile", "push", "_default", "--force", "--secret", "new", env=good)
    fails(ours, 6, "AccessDenied", "PutSecretValue")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret."), 6, ["can't find", "check the name"]),
        (refusal("AccessDeniedException", "User: x is not authorized"), 6, ["User: x is not authorized", "GetSecretValue"]),
        (refusal("ExpiredTokenException", "The security token included in the request is expired"), 6, ["expired", "get new ones"]),
        (refusal("InvalidSignatureException", "Signature expired: 1 is now earlier than 2"), 6, ["this machine's clock"]),
        (refusal("DecryptionFailure", "no"), 6, ["KMS key"]),
        (refusal("InvalidRequestException", "it was marked for deletion"), 6, ["marked for deletion"]),
        ((400, b"canary"), 5, ["does not answer as AWS does"]),
        ((200, b"canary"), 5, ["does not answer as AWS does"]),
        ((200, b'{"SecretString": ""}'), 6, ["it is empty", "profile push"]),
        ((200, b'{"Name": "x"}'), 6, ["there is no text in it"]),
        ((200, b'{"__type": "ResourceNotFoundException"}'), 5, ["does not answer as AWS does"]),
        ((200, b'{"SecretString": "canary"}'), 6, ["holds no profile", "profile push"]),
        ((200, b'{"SecretString": "{\\"password\\": \\"canary\\"}"}'), 6, ["holds no profile", "clientId"]),
        ((200, b'{"SecretString": "' + b"canary" * 200_000 + b'"}'), 5, ["more than is accepted"]),
    ],
)
def test_each_failure_is_told_and_saves_nothing(aws, run, answer, status, words):
    aws.answers = [answer]
    fails(run(*SETUP), status, *words)
    assert not run.ini.exists()


def test_reads_are_repeated_a_few_times_and_writes_never(aws, run, vault):
    busy = refusal("ThrottlingException", "Rate exceeded")
    aws.answers = [busy, None]
    run(*SETUP).succeeds()
    assert aws.operations().count("GetSecretValue") == 3
    aws.answers = [(503, b"")] * 5
    fails(run(*LOGIN), 5, "status 503")
    assert aws.operations().count("GetSecretValue") == 3
    aws.answers = [None]
    import_profile(run, vault)
    fails(run("profile", "push", "kept", "--force", env=ENVIRONMENT), 5)
    assert aws.operations() == ["PutSecretValue"]


def test_a_broken_profile_hurts_no_other(aws, run, vault):
    run(*SETUP).succeeds()
    import_profile(run, vault)
    run.ini.write_text(run.ini.read_text().replace("ec2instance", "elsewhere"))
    aws.operations()
    assert run("-p", "kept", *LOGIN).succeeds().stdout == b"alice"
    names = [profile["name"] for profile in json.loads(run("profile", "list", "--json").succeeds().text)]
    assert names == ["_default", "kept"]
    fails(run(*LOGIN), 6, "unknown provider 'elsewhere'")
    run("profile", "active", "kept").succeeds()
    run("profile", "delete", "_default").succeeds()
    assert aws.operations() == []
    assert run(*LOGIN).succeeds().stdout == b"alice"


def test_what_is_said_about_connections_holds_for_aws_too(aws, run, vault):
    import_profile(run, vault)
    commands = ((*SETUP, "-p", "there", "--force"), ("profile", "push", "kept"))
    for command in commands:
        assert b"KSM_SKIP_VERIFY" in run(*command, env=ENVIRONMENT | {"KSM_SKIP_VERIFY": "true"}).succeeds().stderr
    aws.operations()
    for command in commands:
        fails(run(*command, env=ENVIRONMENT | {"HTTPS_PROXY": "ftp://canary@proxy.example"}), 6, "HTTPS_PROXY")
    # Whatever asks AWS for the keys of a profile says so, once.
    for command in (("-p", "there", "secret", "list"), ("profile", "check", "there"), ("-p", "there", *LOGIN)):
        said = run(*command, env=ENVIRONMENT | {"KSM_SKIP_VERIFY": "true"}).succeeds().stderr
        assert said.count(b"Warning: KSM_SKIP_VERIFY is set") == 1, (command, said)
    aws.operations()
    # Nothing but this machine is asked without TLS, whatever a variable says.
    for command in commands:
        fails(run(*command, env=ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://aws.example"}), 6, "AWS_ENDPOINT_URL")
    assert "GetSecretValue" not in aws.operations()


# Writing a profile into a secret.


def import_profile(run, vault, name="kept"):
    run("profile", "import", "-p", name, "-f", str(run.ini), json.dumps(vault.config_json)).succeeds()


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_official_cli_sets_up_what_we_push(aws, run, official, vault, form):
    import_profile(run, vault)
    push = run("profile", "push", "kept", "--secret", "team/ksm", *form, env=ENVIRONMENT).succeeds()
    assert b"a new secret" in push.stderr
    assert aws.get("team/ksm").startswith("{") == bool(form)
    run(*SETUP, "--secret", "team/ksm", "-p", "there").succeeds()
    assert run("-p", "there", *LOGIN).succeeds().stdout == b"alice"
    theirs = aws.environment | ENVIRONMENT
    official(*SETUP, "-c", "profile", "--secret", "team/ksm", env=theirs).succeeds()
    assert official(*LOGIN, env=theirs).succeeds().stdout == b"alice"
    aws.operations()
    again = run("profile", "push", "kept", "--secret", "team/ksm", *form, env=ENVIRONMENT).succeeds()
    assert b"holds profile kept already" in again.stderr
    assert aws.operations() == ["GetSecretValue"]


def test_pushing_and_setting_up_leaves_no_key_behind(aws, run, vault):
    import_profile(run, vault)
    assert vault.config_json["privateKey"] in run.ini.read_text()
    push = ("profile", "push", "kept", "--secret", "moved")
    setup = (*SETUP, "-p", "kept", "--secret", "moved", "--force")
    fails(run(*setup), 6, "ResourceNotFoundException")
    assert vault.config_json["privateKey"] in run.ini.read_text()
    run(*push, env=ENVIRONMENT).succeeds()
    run(*setup).succeeds()
    text = run.ini.read_text()
    assert not [key for key in ("privateKey", "appKey", "clientId") if vault.config_json[key] in text or key.lower() in text]
    assert run("-p", "kept", *LOGIN).succeeds().stdout == b"alice"


def test_a_profile_that_goes_takes_its_cache_along(aws, run):
    run(*SETUP, "--secret", "ksm-config").succeeds()
    run("--cache", "secret", "list").succeeds()
    kept = lambda: sorted(path.name for path in run.home.rglob("*") if path.is_file() and "ksm" in path.parent.name)
    assert kept()
    run("profile", "delete", "_default").succeeds()
    assert kept() == []


def test_a_profile_moves_there_and_back(aws, run, vault):
    import_profile(run, vault)
    keys = [vault.config_json[key] for key in ("privateKey", "appKey", "clientId")]
    there = ("profile", "move", "kept", "--to", "aws", "--secret", "moved")
    fails(run(*there, "-c", "keys", "--aws-access-key-id", "a", "--aws-secret-access-key", "b", "--region", "eu-west-1"), 2, "push")
    aws.answers = [refusal("AccessDeniedException")]
    fails(run(*there, env=ENVIRONMENT), 6, "cannot be looked into")
    assert all(key in run.ini.read_text() for key in keys)
    aws.answers = []
    run(*there, env=ENVIRONMENT).succeeds()
    assert not any(key in run.ini.read_text() for key in keys)
    assert run("-p", "kept", *LOGIN, env=ENVIRONMENT).succeeds().stdout == b"alice"
    run(*there, env=ENVIRONMENT).succeeds()
    back = run("profile", "move", "kept", "--to", "ini", env=ENVIRONMENT).succeeds()
    assert b"AWS secret" in back.stderr and b"has its keys still" in back.stderr
    assert all(key in run.ini.read_text() for key in keys) and "storage" not in run.ini.read_text()
    aws.operations()
    assert run("-p", "kept", *LOGIN).succeeds().stdout == b"alice"
    assert aws.operations() == []


def test_a_push_adds_a_version_of_the_secret(aws, run, vault):
    import_profile(run, vault)
    aws.put("old", json.dumps(vault.config_json | {"clientId": "b2xk"}))
    push = run("profile", "push", "kept", "--secret", "old", "--json", env=ENVIRONMENT).succeeds()
    assert b"a new version" in push.stderr
    assert json.loads(aws.get("old"))["clientId"] == vault.config_json["clientId"]
    before = aws.client("secretsmanager").get_secret_value(SecretId="old", VersionStage="AWSPREVIOUS")
    assert json.loads(before["SecretString"])["clientId"] == "b2xk"


def test_a_secret_that_serves_something_else_is_left_alone(aws, run, vault):
    import_profile(run, vault)
    aws.put("database", "canary-password")
    push = ("profile", "push", "kept", "--secret", "database")
    fails(run(*push, env=ENVIRONMENT), 6, "is no profile", "--force")
    assert aws.get("database") == "canary-password"
    aws.answers = [refusal("AccessDeniedException")]
    fails(run(*push, env=ENVIRONMENT), 6, "cannot be looked into")
    assert aws.get("database") == "canary-password"
    run(*push, "--force", env=ENVIRONMENT).succeeds()
    assert aws.get("database") != "canary-password"


def test_a_secret_is_encrypted_with_the_named_key(aws, run, vault):
    import_profile(run, vault)
    keys = [aws.client("kms").create_key()["KeyMetadata"]["KeyId"] for _ in range(2)]
    for key, operations in ((keys[0], ["GetSecretValue", "UpdateSecret", "CreateSecret"]), (keys[1], ["GetSecretValue", "UpdateSecret"])):
        aws.operations()
        run("profile", "push", "kept", "--secret", "under-key", "--kms-key-id", key, env=ENVIRONMENT).succeeds()
        assert aws.operations() == operations
        assert aws.client("secretsmanager").describe_secret(SecretId="under-key")["KmsKeyId"] == key


def test_a_secret_named_by_arn_must_exist(aws, run, vault):
    import_profile(run, vault)
    arn = aws.arn.replace("ksm-config", "other")
    fails(run("profile", "push", "kept", "--secret", arn, env=ENVIRONMENT), 6, "ResourceNotFoundException")
    assert "CreateSecret" not in aws.operations()
    run("profile", "push", "kept", "--secret", aws.arn, "--force", env=ENVIRONMENT).succeeds()


def test_nothing_is_pushed_that_is_no_profile(aws, run):
    run.ini.write_text("[_config]\n[kept]\nclientid = canary\n")
    assert run("profile", "push", "kept", env=ENVIRONMENT).status == 6
    fails(run("profile", "push", "gone", env=ENVIRONMENT), 3, "gone")
    assert aws.operations() == []
