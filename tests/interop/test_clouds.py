"""`ksm sync` to Azure Key Vault and Google Secret Manager.

The servers are ours. They count because the vendors' own clients do the same work on them: one script of steps runs with each client,
and the vendor's client reads what came of it.
"""

import json
import os
import subprocess
import sys

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity import CertificateCredential, ClientSecretCredential, ManagedIdentityCredential, WorkloadIdentityCredential
from azure.keyvault.secrets import SecretClient
from google.api_core.exceptions import BadRequest, NotFound
from google.auth.transport.requests import Request
from google.cloud import secretmanager
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account

import azure_server
import google_server
import programs
from azure_server import Azure
from google_server import Google
from vault import Vault

VALUES = {"first": "canary-first", "second": "canary-second ü", "third": "canary-third\nline", "large": "x" * 25600, "huge": "x" * 25601}
RECORD = "values-AAAAAAAAAAAAAAA"
FAULTS = (429, 500, "cut", "lose")


@pytest.fixture(scope="module")
def azure(tmp_path_factory):
    server = Azure(tmp_path_factory.mktemp("azure"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def gcp(tmp_path_factory):
    server = Google(tmp_path_factory.mktemp("google"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def held(ksm, azure, gcp, tmp_path_factory):
    """A vault with the values, and with records of credentials."""
    directory = tmp_path_factory.mktemp("held")
    seed = directory / "seed.yaml"
    seed.write_text(json.dumps({"records": [
        record(RECORD, "Values", VALUES),
        record("azure-AAAAAAAAAAAAAAAA", "Azure", {
            "Azure Key Vault Name": azure.url,
            "Azure Tenant ID": azure_server.TENANT,
            "Azure Client ID": azure_server.CLIENT,
            "Azure Client Secret": azure_server.SECRET,
        }),
        record("google-AAAAAAAAAAAAAAA", "Google", {
            "Google Cloud Project ID": google_server.PROJECT,
            "Google Application Credentials": json.dumps(gcp.account),
        }),
        record("foreign-AAAAAAAAAAAAAA", "Foreign", {
            "Google Cloud Project ID": google_server.PROJECT,
            "Google Application Credentials": json.dumps(gcp.workload({"file": "/etc/passwd"})),
        }),
        record("half-AAAAAAAAAAAAAAAAA", "Half", {"Azure Tenant ID": azure_server.TENANT}),
    ]}))
    vault = Vault(ksm, str(seed), directory)
    yield vault
    vault.close()


def record(uid, title, values):
    custom = [{"type": "secret", "label": label, "value": [value]} for label, value in values.items()]
    return {"uid": uid, "title": title, "type": "login", "fields": [], "custom": custom}


@pytest.fixture
def run(ksm, held, azure, gcp, tmp_path):
    """Our CLI with both servers in reach; the caller names variables of a cloud."""
    azure.reset()
    gcp.reset()
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(b"".join(open(path, "rb").read() for path in (held.ca_file, azure.ca_file, gcp.ca_file)))
    home = tmp_path / "home"
    home.mkdir()
    program = programs.ours(ksm, held, home)
    fixed = {"KSM_CONFIG": held.config, "KSM_CA_FILE": str(bundle)}

    def run(*args, env=None):
        return program(*args, env=fixed | (env or {}))

    run.home = home
    return run


def sync(run, kind, wanted, *options, env):
    """Runs `ksm sync`; `wanted` maps names of secrets to labels of values, or to `None` for what is missing."""
    maps = [word for name, label in wanted.items() for word in ("-m", name, f"keeper://{RECORD}/custom_field/{label or 'missing'}")]
    return run("sync", "-t", kind, *maps, *options, env=env)


def report(run):
    return json.loads(run.stdout)


# The same steps with the vendors' clients and with ours. After each: the number of versions of each secret that is there.

STEPS = [
    ("made", {"db": "first", "web": "second"}, {"db": 1, "web": 1}),
    ("unchanged", {"db": "first", "web": "second"}, {"db": 1, "web": 1}),
    ("changed", {"db": "second", "web": "second"}, {"db": 2, "web": 1}),
    ("deleted", {"db": None, "web": "second"}, {"web": 1}),
    ("deleted again", {"db": None, "web": "second"}, {"web": 1}),
]


class AzureSdk:
    """The work of `sync` by Azure's own client, as the official CLI asks it."""

    def __init__(self, server):
        self.client = azure_client(server, azure_credential(server))

    def sync(self, wanted):
        for name, label in wanted.items():
            if label is None:
                try:
                    self.client.begin_delete_secret(name, _polling_interval=0.01).wait()
                except ResourceNotFoundError:
                    pass
            elif self.read(name) != VALUES[label]:
                self.write(name, VALUES[label])

    def write(self, name, value):
        try:
            self.client.set_secret(name, value)
        except ResourceExistsError:
            self.client.begin_recover_deleted_secret(name, _polling_interval=0.01).wait()
            if self.read(name) != value:
                self.client.set_secret(name, value)

    def read(self, name):
        try:
            return self.client.get_secret(name).value
        except ResourceNotFoundError:
            return None
        except HttpResponseError as error:
            assert error.error.innererror["code"] == "SecretDisabled"
            return None


class GoogleSdk:
    """The same by Google's own client, over REST."""

    def __init__(self, server):
        credentials = service_account.Credentials.from_service_account_info(server.account, scopes=[google_server.SCOPE])
        credentials.refresh(Request())
        self.client = google_client(server, user_credentials.Credentials(credentials.token))
        self.parent = f"projects/{google_server.PROJECT}"

    def sync(self, wanted):
        for name, label in wanted.items():
            if label is None:
                try:
                    self.client.delete_secret(name=f"{self.parent}/secrets/{name}")
                except NotFound:
                    pass
            elif self.read(name) != VALUES[label]:
                self.write(name, VALUES[label])

    def write(self, name, value):
        secrets = [secret.name.rsplit("/", 1)[1] for secret in self.list()]
        if name not in secrets:
            self.client.create_secret(parent=self.parent, secret_id=name, secret={"replication": {"automatic": {}}})
        self.client.add_secret_version(parent=f"{self.parent}/secrets/{name}", payload={"data": value.encode()})

    def list(self):
        found = []
        for name in ("db", "web"):
            try:
                found.append(self.client.get_secret(name=f"{self.parent}/secrets/{name}"))
            except NotFound:
                pass
        return found

    def read(self, name):
        try:
            return self.client.access_secret_version(name=f"{self.parent}/secrets/{name}/versions/latest").payload.data.decode()
        except (NotFound, BadRequest):
            return None


class Ours:
    def __init__(self, run, kind, env):
        self._call = lambda wanted: sync(run, kind, wanted, *(["--delete-missing"] if kind == "gcp" else []), env=env)

    def sync(self, wanted):
        status = report(self._call(wanted).succeeds())["status"]
        assert (status["processed"], status["failed"]) == (len(wanted), 0)


def azure_credential(server, **options):
    trust = {"connection_verify": str(server.ca_file), "disable_instance_discovery": True, "authority": server.url}
    return ClientSecretCredential(azure_server.TENANT, azure_server.CLIENT, azure_server.SECRET, **trust | options)


def azure_client(server, credential):
    # Its check of the vault's domain knows no loopback.
    return SecretClient(server.url, credential, verify_challenge_resource=False, connection_verify=str(server.ca_file), retry_total=0)


def google_client(server, credentials):
    return secretmanager.SecretManagerServiceClient(credentials=credentials, transport="rest", client_options={"api_endpoint": server.host})


@pytest.fixture(autouse=True)
def trusted(monkeypatch, gcp):
    """Google's client trusts what `requests` is told to."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(gcp.ca_file))
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")


@pytest.mark.parametrize("whose", ["vendor", "ours"])
def test_the_steps_lead_to_the_same_key_vault(azure, run, whose):
    vendor = AzureSdk(azure)
    driver = vendor if whose == "vendor" else Ours(run, "azure", azure.environment)
    steps = [*STEPS, ("recovered", {"db": "third", "web": "second"}, {"db": 3, "web": 1})]
    for step, wanted, versions in steps:
        driver.sync(wanted)
        assert {name: vendor.read(name) for name in wanted} == values(wanted), step
        assert {name: len(secret.versions) for name, secret in azure.secrets.items()} == versions, step
    # Recovered with the value that is wanted: no version is added.
    driver.sync({"db": None})
    driver.sync({"db": "third"})
    assert len(azure.secrets["db"].versions) == 3
    vendor.client.update_secret_properties("web", enabled=False)
    driver.sync({"web": "second"})
    assert (vendor.read("web"), len(azure.secrets["web"].versions)) == (VALUES["second"], 2)
    driver.sync({"large": "large"})
    assert vendor.read("large") == VALUES["large"]


@pytest.mark.parametrize("whose", ["vendor", "ours"])
def test_the_steps_lead_to_the_same_project(gcp, run, whose):
    vendor = GoogleSdk(gcp)
    account = google_server.in_file(run.home / "account.json", gcp.account)
    env = gcp.environment | {"GOOGLE_APPLICATION_CREDENTIALS": account}
    driver = vendor if whose == "vendor" else Ours(run, "gcp", env)
    for step, wanted, versions in [*STEPS, ("made again", {"db": "third", "web": "second"}, {"db": 1, "web": 1})]:
        driver.sync(wanted)
        assert {name: vendor.read(name) for name in wanted} == values(wanted), step
        assert {name: len(versions) for name, versions in gcp.secrets.items()} == versions, step
    vendor.client.disable_secret_version(name=f"{vendor.parent}/secrets/web/versions/1")
    driver.sync({"web": "second"})
    assert (vendor.read("web"), len(gcp.secrets["web"])) == (VALUES["second"], 2)
    # As Terraform, or a run that was killed, leaves it.
    vendor.client.delete_secret(name=f"{vendor.parent}/secrets/web")
    vendor.client.create_secret(parent=vendor.parent, secret_id="web", secret={"replication": {"automatic": {}}})
    driver.sync({"web": "first"})
    assert (vendor.read("web"), len(gcp.secrets["web"])) == (VALUES["first"], 1)


def values(wanted):
    return {name: label and VALUES[label] for name, label in wanted.items()}


# The official CLI on the same stores.


@pytest.fixture
def both(run, ksm, held, azure, gcp, tmp_path):
    """Runs `sync` by each CLI over a store that is filled anew: exit code, report and store, ours first."""
    home = tmp_path / "official"
    home.mkdir()
    bundle = str(run.home.parent / "ca.pem")
    script = str(programs.HERE / "official_clouds.py")
    official = programs.official(held, home, script)
    leads = {"KSM_CONFIG": held.config, "REQUESTS_CA_BUNDLE": bundle}
    leads["INTEROP_CLOUDS"] = json.dumps({"azure": azure.url, "google": gcp.url, "ca": bundle})

    def both(kind, wanted, *options):
        ended = []
        for cli, env in ((run, azure.environment | gcp.environment), (official, leads)):
            fill(azure, gcp)
            record = "azure-AAAAAAAAAAAAAAAA" if kind == "azure" else "google-AAAAAAAAAAAAAAA"
            done = sync(cli, kind, wanted, "-c", record, *options, env=env)
            assert done.stdout, f"{done}"
            values = {name: secret.versions[-1][0] for name, secret in azure.secrets.items()} | gcp.values()
            ended.append((done.status, report(done), values))
        return ended

    return both


def fill(azure, gcp):
    azure.reset()
    gcp.reset()
    old = VALUES["first"]
    azure.secrets = {name: azure_server.Secret([(old, {"enabled": True})]) for name in ("old", "same", "gone")}
    azure.deleted = {"dead": azure_server.Secret([(old, {"enabled": True})])}
    gcp.secrets = {name: [[old.encode(), "ENABLED"]] for name in ("old", "same", "gone")}


WANTED = {"new": "second", "old": "third", "same": "first"}


@pytest.mark.parametrize("wanted", [WANTED, WANTED | {"gone": None, "never": None}, {"dead": "second"}], ids=" ".join)
@pytest.mark.parametrize("kind", ["azure", "gcp"])
def test_both_clis_leave_the_same_store(both, kind, wanted):
    # Only ours has to be told that a deletion is for good, and has no option for the official one to know.
    if kind == "gcp":
        wanted = {name: label for name, label in wanted.items() if label}
    (our_status, ours, our_store), (status, official, store) = both(kind, wanted)
    assert our_store == store
    assert (our_status, ours["status"]["failed"]) == (status, official["status"]["failed"]) == (0, 0)
    assert ours["status"]["processed"] == official["status"]["processed"] == len(wanted)
    assert "data" not in ours and "data" not in official


@pytest.mark.parametrize("kind", ["azure", "gcp"])
def test_both_clis_foresee_the_same(both, kind):
    (_, ours, our_store), (_, official, store) = both(kind, WANTED | {"gone": None, "never": None}, "-n")
    members = ("mapKey", "mapNotation", "dstExists", "dstDiffers")
    assert [[row[member] for member in members] for row in ours["data"]] == [[row[member] for member in members] for row in official["data"]]
    assert our_store == store


# Who asks.


def test_the_identity_of_a_record_is_used(azure, gcp, run):
    env = {name: azure.environment[name] for name in ("AZURE_AUTHORITY_HOST", "AZURE_KEYVAULT_URL")}
    said = sync(run, "azure", {"db": "first"}, "-c", "Azure", "-v", env=env).succeeds().stderr.decode()
    assert f"the client {azure_server.CLIENT} of the tenant {azure_server.TENANT}" in said
    assert AzureSdk(azure).read("db") == VALUES["first"]
    env = {name: value for name, value in gcp.environment.items() if name != "GOOGLE_CLOUD_PROJECT"}
    said = sync(run, "gcp", {"db": "first"}, "-c", "google-AAAAAAAAAAAAAAA", "-v", env=env).succeeds().stderr.decode()
    assert f"the service account {google_server.EMAIL}" in said
    assert gcp.values() == {"db": VALUES["first"]}


def azure_identities(server, directory):
    """The variables of each identity, and the vendor's credential that reads the same."""
    common = {name: server.environment[name] for name in ("AZURE_AUTHORITY_HOST", "AZURE_KEYVAULT_URL")}
    token = directory / "token"
    token.write_text(azure_server.FEDERATED)
    ids = {"AZURE_TENANT_ID": azure_server.TENANT, "AZURE_CLIENT_ID": azure_server.CLIENT}
    options = {"connection_verify": str(server.ca_file), "disable_instance_discovery": True}
    certificate = server.certified(directory / "client.pem")
    return {
        "certificate": (
            common | ids | {"AZURE_CLIENT_CERTIFICATE_PATH": certificate},
            lambda: CertificateCredential(azure_server.TENANT, azure_server.CLIENT, certificate, authority=server.url, **options),
        ),
        "workload": (
            common | ids | {"AZURE_FEDERATED_TOKEN_FILE": str(token)},
            lambda: WorkloadIdentityCredential(authority=server.url, **options),
        ),
        "machine": (
            common | {"AZURE_POD_IDENTITY_AUTHORITY_HOST": server.plain_url, "AZURE_CLIENT_ID": azure_server.CLIENT},
            lambda: ManagedIdentityCredential(client_id=azure_server.CLIENT),
        ),
        "app": (
            common | {"IDENTITY_ENDPOINT": f"{server.plain_url}/msi/token", "IDENTITY_HEADER": azure_server.HEADER},
            ManagedIdentityCredential,
        ),
    }


@pytest.mark.parametrize("which", ["certificate", "workload", "machine", "app"])
def test_azure_identities_are_those_the_vendor_finds(azure, run, monkeypatch, which):
    env, credential = azure_identities(azure, run.home)[which]
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    sync(run, "azure", {"db": "first"}, env=env).succeeds()
    assert azure_client(azure, credential()).get_secret("db").value == VALUES["first"]


def google_identities(server, directory):
    """The variables of each identity, besides those that lead to the server."""
    subject = directory / "subject"
    subject.write_text(google_server.SUBJECT)
    by_url = {
        "url": f"{server.url}/subject",
        "headers": {"x-subject": "yes"},
        "format": {"type": "json", "subject_token_field_name": "value"},
    }
    in_file = {
        "account": server.account,
        "user": server.user,
        "workload": server.workload({"file": str(subject)}),
        "workload by url": server.workload(by_url, impersonates=google_server.OTHER),
        "impersonated": {
            "type": "impersonated_service_account",
            "source_credentials": server.user,
            "service_account_impersonation_url": server.workload({}, google_server.OTHER)["service_account_impersonation_url"],
        },
    }
    gcloud = directory / "gcloud"
    gcloud.mkdir()
    google_server.in_file(gcloud / "application_default_credentials.json", server.user)
    variables = {
        which: {"GOOGLE_APPLICATION_CREDENTIALS": google_server.in_file(directory / f"{which}.json", credentials)}
        for which, credentials in in_file.items()
    }
    return variables | {"well known": {"CLOUDSDK_CONFIG": str(gcloud)}, "machine": {"CLOUDSDK_CONFIG": str(directory / "none")}}


@pytest.mark.parametrize("which", ["account", "user", "workload", "workload by url", "impersonated", "well known", "machine"])
def test_google_identities_are_those_the_vendor_finds(gcp, run, which):
    env = gcp.environment | google_identities(gcp, run.home)[which]
    sync(run, "gcp", {"db": "first"}, env=env).succeeds()
    assert gcp.values() == {"db": VALUES["first"]}
    # Some variables count when the library is imported. Where users get tokens is fixed in it.
    vendor = (
        "import google.auth; from google.auth.transport.requests import Request\n"
        f"credentials, project = google.auth.default(scopes=['{google_server.SCOPE}'])\n"
        "user = getattr(credentials, '_source_credentials', credentials)\n"
        f"if hasattr(user, 'refresh_token'): user._token_uri = '{gcp.url}/token'\n"
        f"credentials._iam_endpoint_override = '{gcp.workload({}, google_server.OTHER)['service_account_impersonation_url']}'\n"
        "credentials.refresh(Request()); print(credentials.token)"
    )
    trust = {name: os.environ[name] for name in ("PATH", "REQUESTS_CA_BUNDLE", "NO_PROXY")}
    told = subprocess.run([sys.executable, "-c", vendor], env=trust | env | {"GCE_METADATA_IP": gcp.plain_host}, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() in gcp.tokens, told.stderr


def test_the_project_comes_from_the_credentials_or_the_machine(gcp, run):
    for which in ("account", "machine"):
        gcp.reset()
        directory = run.home / which
        directory.mkdir()
        env = gcp.environment | google_identities(gcp, directory)[which]
        del env["GOOGLE_CLOUD_PROJECT"]
        sync(run, "gcp", {"db": "first"}, env=env).succeeds()
        assert gcp.values() == {"db": VALUES["first"]}


def account_of(gcp, run):
    path = run.home / "account.json"
    return gcp.environment | {"GOOGLE_APPLICATION_CREDENTIALS": google_server.in_file(path, gcp.account)}


@pytest.mark.parametrize("kind", ["azure", "gcp"])
def test_a_token_serves_until_it_ends(azure, gcp, run, kind):
    server, env = (azure, azure.environment) if kind == "azure" else (gcp, account_of(gcp, run))
    wanted = {"a": "first", "b": "second", "c": "third"}
    for lasts, least, most in ((3600, 1, 1), (30, 4, 20)):
        server.reset()
        server.lasts = lasts
        sync(run, kind, wanted, env=env).succeeds()
        asked = sum(path.endswith("/token") for path in server.paths())
        assert least <= asked <= most, asked


@pytest.mark.parametrize(
    ("kind", "env", "status", "said"),
    [
        ("azure", {"AZURE_CLIENT_SECRET": "canary-wrong"}, 6, "Azure refuses to give a token for this identity: invalid_client, AADSTS7000215"),
        ("azure", {"AZURE_TENANT_ID": "other"}, 6, "AADSTS90002: Tenant not found"),
        ("azure", {"AZURE_TENANT_ID": ""}, 6, "AZURE_CLIENT_SECRET is set and AZURE_TENANT_ID is not"),
        ("azure", {"AZURE_KEYVAULT_URL": ""}, 6, "nothing names the Azure key vault"),
        ("azure", {"AZURE_AUTHORITY_HOST": "http://login.example"}, 6, "the address in AZURE_AUTHORITY_HOST is neither https"),
        ("azure", {"AZURE_CLIENT_SECRET": "", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:1"}, 6, "no credentials for Azure were found"),
        ("azure", {"AZURE_CLIENT_SECRET": "", "AZURE_CLIENT_ID": "other", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "PLAIN"}, 6, "Identity not found\nHint: give this machine an identity"),
        ("azure", {"AZURE_CLIENT_SECRET": "", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "PLAIN/elsewhere"}, 6, "no credentials for Azure were found"),
        ("gcp", {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/key.json"}, 6, "Google's credentials in /nowhere/key.json cannot be used"),
        ("gcp", {"GOOGLE_CLOUD_PROJECT": "a/b"}, 6, "`a/b` is no id of a project"),
        ("gcp", {"GOOGLE_APPLICATION_CREDENTIALS": "", "NO_GCE_CHECK": "true"}, 6, "no credentials for Google were found"),
        ("gcp", {"GOOGLE_APPLICATION_CREDENTIALS": "", "GCE_METADATA_HOST": "127.0.0.1:1"}, 6, "no credentials for Google were found"),
    ],
)
def test_wrong_settings_end_the_run_before_anything_is_written(azure, gcp, run, kind, env, status, said):
    base = azure.environment if kind == "azure" else account_of(gcp, run)
    env = {name: value.replace("PLAIN", azure.plain_url) for name, value in env.items()}
    ended = sync(run, kind, {"db": "first"}, env=base | env)
    assert (ended.status, ended.stdout) == (status, b""), f"{ended}"
    assert said.encode() in ended.stderr, f"{ended}"
    assert not azure.secrets and not gcp.secrets


def test_what_a_credential_proves_goes_to_google_only(gcp, run):
    leads_here = {"NO_GCE_CHECK", "GOOGLE_CLOUD_PROJECT"}
    env = {name: value for name, value in gcp.environment.items() if name in leads_here}
    for member, credentials in (
        ("token_uri", gcp.account),
        ("token_uri", gcp.user),
        ("token_url", gcp.workload({"file": "/etc/hostname"})),
    ):
        path = google_server.in_file(run.home / "credentials.json", credentials)
        ended = sync(run, "gcp", {"db": "first"}, env=env | {"GOOGLE_APPLICATION_CREDENTIALS": path})
        assert ended.status == 6 and f"its {member} names {gcp.host}, which is none of Google's".encode() in ended.stderr, f"{ended}"
    ended = sync(run, "gcp", {"db": "first"}, "-c", "Foreign", env=gcp.environment)
    assert ended.status == 6 and b"a record may hold a key of a service account" in ended.stderr, f"{ended}"
    assert gcp.paths() == []


def test_a_record_leads_to_no_vault_but_azures(azure, run):
    ended = sync(run, "azure", {"db": "first"}, "-c", "Azure", env={"AZURE_AUTHORITY_HOST": azure.url})
    assert ended.status == 6 and b"is in none of Azure's clouds that ksm knows" in ended.stderr, f"{ended}"
    ended = sync(run, "azure", {"db": "first"}, "-c", "Half", env=azure.environment)
    assert ended.status == 6 and b"Azure Key Vault Name" in ended.stderr and b"Azure Client ID" in ended.stderr, f"{ended}"
    assert azure.paths() == []


# What may be written and deleted.


@pytest.mark.parametrize(("kind", "bad"), [("azure", "under_score"), ("azure", "x" * 128), ("gcp", "do.t"), ("gcp", "x" * 256)])
def test_names_are_checked_before_anybody_is_asked(azure, gcp, run, kind, bad):
    env = azure.environment if kind == "azure" else account_of(gcp, run)
    ended = sync(run, kind, {bad: "first", "good": "first"}, env=env)
    assert (ended.status, ended.stdout) == (2, b"") and bad[:20].encode() in ended.stderr, f"{ended}"
    assert azure.paths() == [] and gcp.paths() == []


def test_names_of_azure_differ_by_more_than_case(azure, run):
    ended = sync(run, "azure", {"Db": "first", "db": "second"}, env=azure.environment)
    assert ended.status == 2 and azure.paths() == [], f"{ended}"


def test_a_value_that_is_too_large_fails_alone(azure, run):
    ended = sync(run, "azure", {"a": "huge", "b": "first"}, env=azure.environment)
    assert ended.status == 1 and report(ended)["status"]["failed"] == 1, f"{ended}"
    assert list(azure.secrets) == ["b"]


def test_google_deletes_nothing_unless_told(gcp, run):
    env = account_of(gcp, run)
    sync(run, "gcp", {"db": "first"}, env=env).succeeds()
    kept = report(sync(run, "gcp", {"db": None}, env=env).succeeds())
    assert any("--delete-missing" in line for line in kept["log"]) and gcp.values() == {"db": VALUES["first"]}
    sync(run, "gcp", {"db": None}, "--delete-missing", env=env).succeeds()
    assert gcp.secrets == {}


def test_azure_deletes_nothing_that_could_not_come_back(azure, run):
    env = azure.environment
    sync(run, "azure", {"db": "first", "web": "first"}, env=env).succeeds()
    azure.soft_delete = False
    ended = sync(run, "azure", {"db": None, "web": "second"}, env=env)
    assert ended.status == 1 and b"its vault has no soft delete" in ended.stdout, f"{ended}"
    assert (len(azure.secrets["db"].versions), len(azure.secrets["web"].versions)) == (1, 2)


def test_a_new_version_keeps_what_was_said(azure, run):
    vendor = AzureSdk(azure)
    vendor.client.set_secret("db", "old", content_type="text/plain", tags={"owner": "shop"})
    sync(run, "azure", {"db": "first"}, env=azure.environment).succeeds()
    found = vendor.client.get_secret("db")
    assert (found.value, found.properties.content_type, found.properties.tags) == (VALUES["first"], "text/plain", {"owner": "shop"})


def test_missing_permissions_fail_what_needs_them(azure, gcp, run):
    azure.denied = {"GET deletedsecrets", "POST deletedsecrets recover"}
    sync(run, "azure", {"db": "first"}, env=azure.environment).succeeds()
    sync(run, "azure", {"db": None}, env=azure.environment).succeeds()
    ended = sync(run, "azure", {"db": "first", "web": "first"}, env=azure.environment)
    assert ended.status == 1 and report(ended)["status"]["failed"] == 1 and "web" in azure.secrets, f"{ended}"
    assert b"ObjectIsDeletedButRecoverable" in ended.stdout and b"the identity may not recover deleted secrets" in ended.stdout
    # Versions may be read and added, and that is enough for a secret that is there.
    gcp.secrets["db"] = []
    gcp.denied = {"GET secret", "POST create", "DELETE secret"}
    sync(run, "gcp", {"db": "first"}, env=account_of(gcp, run)).succeeds()
    assert gcp.values() == {"db": VALUES["first"]}


def test_a_damaged_payload_is_not_compared(gcp, run):
    env = account_of(gcp, run)
    sync(run, "gcp", {"db": "first"}, env=env).succeeds()
    gcp.damage = True
    ended = sync(run, "gcp", {"db": "second"}, env=env)
    assert ended.status != 0 and len(gcp.secrets["db"]) == 1, f"{ended}"


def test_a_dry_run_writes_nothing_and_shows_no_value(azure, gcp, run):
    for kind, server, env in (("azure", azure, azure.environment), ("gcp", gcp, account_of(gcp, run))):
        server.reset()
        sync(run, kind, {"db": "first", "old": "first"}, env=env).succeeds()
        shown = sync(run, kind, {"db": "second", "old": None, "new": "first"}, "-n", "--delete-missing", env=env).succeeds()
        assert b"canary" not in shown.stdout
        assert {name: len(secret.versions if kind == "azure" else secret) for name, secret in server.secrets.items()} == {"db": 1, "old": 1}


# A cloud that fails at each call.


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["azure", "gcp"])
def test_a_cloud_that_fails_at_each_call_loses_nothing(azure, gcp, run, kind, fault):
    server, env = (azure, azure.environment) if kind == "azure" else (gcp, account_of(gcp, run))
    before = ("changed", "gone", "same", "untouched")
    wanted = {"changed": "second", "gone": None, "same": "first", "new": "third", "back": "second"}

    def prepare():
        server.reset()
        value = VALUES["first"]
        if kind == "azure":
            server.settling = 0
            server.secrets = {name: azure_server.Secret([(value, {"enabled": True})]) for name in before}
            server.deleted = {"back": azure_server.Secret([(value, {"enabled": True})])}
        else:
            server.secrets = {name: [[value.encode(), "ENABLED"]] for name in before}

    def held():
        if kind == "azure":
            return {name: secret.versions[-1][0] for name, secret in server.secrets.items()}
        return server.values()

    expected = {name: VALUES[label] for name, label in wanted.items() if label} | {"untouched": VALUES["first"]}
    options = ("--delete-missing", "--max-wait", "20")
    prepare()
    server.fail({})
    sync(run, kind, wanted, *options, env=env).succeeds()
    assert held() == expected
    for at in range(server.count):
        prepare()
        server.fail({at: fault})
        first = sync(run, kind, wanted, *options, env=env)
        now = held()
        for name in ("changed", "same", "untouched"):
            assert name in now, (at, name, f"{first}")
        if first.stdout:
            failed = failed_rows(first)
            assert (first.status != 0) == bool(failed), (at, f"{first}")
            for name, label in wanted.items():
                done = now.get(name) == (label and VALUES[label])
                assert done or name in failed, (at, name, f"{first}")
        else:
            assert first.status in (1, 4, 5, 6), (at, f"{first}")
            assert "gone" in now and now["changed"] == VALUES["first"] and "new" not in now, (at, f"{first}")
        server.fail({})
        sync(run, kind, wanted, *options, env=env).succeeds()
        assert held() == expected, at


def failed_rows(ended):
    told = report(ended)
    rows = {row["mapKey"] for row in told.get("data", []) if row.get("error")}
    assert len(rows) == told["status"]["failed"], f"{ended}"
    return rows
