"""`sync` to AWS: what ours and the official CLI leave in the same store, for the same command line.

The store is moto; it is read back with boto3, and with the AWS CLI.
"""

import json
import os
import subprocess
import sys
import threading

import pytest
from moto.server import create_backend_app
from werkzeug.serving import make_server

import aws as fake
import programs
from aws import KEYS, Aws
from vault import Vault

CREDENTIALS = "aws-AAAAAAAAAAAAAAAAAA"
SEED = f"""
folders:
  - name: Shop
    uid: shop-AAAAAAAAAAAAAAAAA
    records:
      - uid: pay-AAAAAAAAAAAAAAAAAA
        title: Payment API
        type: login
        fields:
          - {{ type: login, value: [pay] }}
          - {{ type: password, value: [canary-pay] }}
          - {{ type: url, value: ["https://a.example", "https://b.example"] }}
        custom:
          - {{ type: text, label: Env, value: [prød] }}
          - {{ type: text, label: Env, value: [second] }}
          - {{ type: text, label: None, value: [] }}
    folders:
      - name: Inner
        uid: inner-AAAAAAAAAAAAAAAA
        records:
          - uid: deep-AAAAAAAAAAAAAAAAA
            title: /Deep one
            type: login
            fields:
              - {{ type: login, value: [deep] }}
records:
  - uid: db-AAAAAAAAAAAAAAAAAAA
    title: Database
    type: login
    fields:
      - {{ type: login, value: [orders] }}
      - {{ type: password, value: [canary-db] }}
      - {{ type: url, value: [] }}
    custom:
      - {{ type: phone, label: Desk, value: [{{ region: US, number: "5551234" }}] }}
      - {{ type: text, label: Several, value: [a, b] }}
  - uid: {CREDENTIALS}
    title: AWS keys
    type: login
    fields: []
    custom:
      - {{ type: secret, label: AWS Access Key ID, value: [{KEYS[0]}] }}
      - {{ type: secret, label: AWS Secret Access Key, value: [{KEYS[1]}] }}
      - {{ type: text, label: AWS Region Name, value: [{fake.REGION}] }}
"""

PASSWORD = "keeper://db-AAAAAAAAAAAAAAAAAAA/field/password"
LOGIN = "keeper://Database/field/login"
EMPTY = "keeper://Database/field/url"
ABSENT = "keeper://Database/custom_field/none"


@pytest.fixture(scope="module")
def server():
    server = Aws()
    yield server
    server.close()


@pytest.fixture(scope="module")
def shop(ksm, tmp_path_factory):
    directory = tmp_path_factory.mktemp("shop")
    (directory / "seed.yaml").write_text(SEED)
    vault = Vault(ksm, str(directory / "seed.yaml"), directory)
    yield vault
    vault.close()


@pytest.fixture
def both(ksm, shop, server, tmp_path):
    """Runs `sync` by each CLI over a store of its own that `stored` filled: exit code, report and store, ours first."""

    def one(cli, stored, arguments):
        server.reset()
        fill(server, stored)
        run = cli("sync", *arguments, env=server.environment | {"KSM_CONFIG": shop.config})
        assert run.stdout, f"{run}"
        return run.status, json.loads(run.stdout), dump(server)

    def both(stored, *arguments):
        arguments = ("-t", "aws", "-c", CREDENTIALS, *arguments)
        return [one(cli, stored, arguments) for cli in clis]

    clis = []
    for make in (lambda home: programs.ours(ksm, shop, home), lambda home: programs.official(shop, home)):
        home = tmp_path / f"home{len(clis)}"
        home.mkdir()
        clis.append(make(home))
    both.ours = lambda *arguments, **more: clis[0](*arguments, env=server.environment | {"KSM_CONFIG": shop.config}, **more)
    return both


def fill(server, stored):
    client = server.client("secretsmanager")
    for name, text in stored.items():
        client.create_secret(Name=name.rstrip("~"), SecretString=text)
        if name.endswith("~"):
            client.delete_secret(SecretId=name.rstrip("~"), RecoveryWindowInDays=7)


def dump(server):
    """Each secret's text and number of versions; `None` for one that is scheduled for deletion."""
    client = server.client("secretsmanager")
    found = {}
    for page in client.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True):
        for secret in page["SecretList"]:
            name = secret["Name"]
            if "DeletedDate" in secret:
                found[name] = None
                continue
            versions = client.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]
            found[name] = (client.get_secret_value(SecretId=name)["SecretString"], len(versions))
    return found


STORED = {"old": "canary-old", "same": "canary-db", "gone": "canary-gone", "dead~": "canary-dead", "doc": '{"x": 1, "user": "y"}', "text": "plain"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "new", PASSWORD),
        ("-m", "new", PASSWORD, "-m", "other", LOGIN, "-m", "old", PASSWORD, "-m", "same", PASSWORD),
        ("-m", "desk", "keeper://Database/custom_field/Desk", "-m", "list", "keeper://Database/custom_field/Several[]"),
        ("-m", "gone", ABSENT),
        ("-m", "gone", EMPTY),
        ("-m", "never", ABSENT),
        ("-p", "-m", "gone", ABSENT, "-m", "new", PASSWORD),
        ("-m", "new+user", LOGIN, "-m", "new+pass", PASSWORD),
        ("-m", "doc+user", LOGIN, "-m", "doc+more", PASSWORD),
        ("-m", "doc+user", ABSENT),
        ("-p", "-m", "doc+user", ABSENT),
        ("-m", "text+user", LOGIN),
        ("-r", "Payment API", "-px", "k/"),
        ("-r", "pay-AAAAAAAAAAAAAAAAAA", "-px", "k/", "-rj"),
        ("-f", "Shop", "-px", "k/"),
        ("-fr", "shop-AAAAAAAAAAAAAAAAA", "-px", "k/"),
        ("-f", "Shop/Inner", "-px", "k/", "-r", "Payment API", "-m", "new", LOGIN),
    ],
    ids=" ".join,
)
def test_both_leave_the_same_store(both, arguments):
    (our_status, our_report, our_store), (status, report, store) = both(STORED, *arguments)
    assert our_store == store
    assert (our_status, our_report["status"]["failed"]) == (status, report["status"]["failed"]) == (0, 0)
    assert our_report["status"]["processed"] == report["status"]["processed"]
    assert "data" not in our_report and "data" not in report


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "new", PASSWORD, "-m", "old", PASSWORD, "-m", "same", PASSWORD, "-m", "gone", ABSENT),
        ("-m", "doc+user", LOGIN, "-m", "doc+new", LOGIN, "-m", "doc+x", ABSENT, "-m", "text+user", LOGIN),
        ("-fr", "Shop", "-px", "k/"),
    ],
    ids=" ".join,
)
def test_both_find_the_same_in_a_dry_run(both, arguments):
    (_, ours, our_store), (_, official, store) = both(STORED, "-n", *arguments)
    assert our_store == store
    members = ("mapKey", "mapNotation", "dstValue", "dstExists", "dstDiffers")
    assert [[row[member] for member in members] for row in ours["data"]] == [[row[member] for member in members] for row in official["data"]]
    assert all(row["srcValue"] is None and row["action"] for row in ours["data"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "a", PASSWORD, "-m", "b+c", LOGIN, "-m", "d", ABSENT, "-m", "e", EMPTY, "-m", "f", "keeper://Database/custom_field/Several[]"),
        ("-r", "Payment API", "-px", "k/"),
        ("-fr", "Shop", "-rj"),
    ],
    ids=" ".join,
)
def test_both_print_the_same_values(both, arguments):
    (_, ours, _), (_, official, _) = both({}, "-t", "json", *arguments)
    assert (ours["data"], ours["status"]) == (official["data"], official["status"])


def test_a_purged_secret_is_made_anew(both, server):
    server.reset()
    client = server.client("secretsmanager")
    client.create_secret(Name="k", SecretString="canary-old")
    client.delete_secret(SecretId="k", ForceDeleteWithoutRecovery=True)
    run = both.ours("sync", "-t", "aws", "-c", CREDENTIALS, "-m", "k", PASSWORD)
    assert json.loads(run.succeeds().stdout)["status"]["created"] == 1
    assert dump(server) == {"k": ("canary-db", 1)}


def test_a_secret_without_a_value_is_filled(both, server):
    """As Terraform leaves it."""
    server.reset()
    client = server.client("secretsmanager")
    for name in ("plain", "doc", "kept"):
        client.create_secret(Name=name)
    arguments = ("-t", "aws", "-c", CREDENTIALS, "-m", "plain", PASSWORD, "-m", "doc+user", LOGIN, "-m", "kept", "keeper://AAAAAAAAAAAAAAAAAAAAAA/field/x", "-p")
    status = json.loads(both.ours("sync", *arguments).succeeds().stdout)["status"]
    assert (status["failed"], status["kept"]) == (0, 1)
    values = [client.get_secret_value(SecretId=name)["SecretString"] for name in ("plain", "doc")]
    assert values == ["canary-db", '{"user":"orders"}']


def test_a_secret_that_is_scheduled_for_deletion_is_restored(both, server):
    """The official CLI does so by the words of an error that moto does not say."""
    server.reset()
    fill(server, {"k~": "canary-old", "kept~": "canary-db"})
    both.ours("sync", "-t", "aws", "-c", CREDENTIALS, "-m", "k", PASSWORD, "-m", "kept", PASSWORD).succeeds()
    assert dump(server) == {"k": ("canary-db", 2), "kept": ("canary-db", 1)}


def test_only_changes_make_versions(both, server):
    server.reset()
    fill(server, STORED)
    arguments = ("-t", "aws", "-c", "AWS keys", "-m", "old", PASSWORD, "-m", "doc+user", LOGIN, "-fr", "Shop", "-px", "k/")
    for expected in (["PutSecretValue", "PutSecretValue", "CreateSecret", "CreateSecret"], []):
        server.operations()
        both.ours("sync", *arguments).succeeds()
        written = [operation for operation in server.operations() if operation not in ("GetSecretValue", "DescribeSecret")]
        assert sorted(written) == sorted(expected)


def test_the_cli_of_aws_reads_what_was_copied(both, server):
    server.reset()
    names = [("plain", PASSWORD), ("app+login", LOGIN), ("app+password", PASSWORD)]
    maps = [word for pair in names for word in ("-m", *pair)]
    both.ours("sync", "-t", "aws", "-c", CREDENTIALS, *maps).succeeds()
    # Its source is a field that is empty: it can be restored.
    both.ours("sync", "-t", "aws", "-c", CREDENTIALS, "-m", "plain", EMPTY).succeeds()

    def ask(*words):
        command = [sys.executable, "-m", "awscli", "--endpoint-url", server.moto, "--region", fake.REGION, "secretsmanager", *words]
        keys = {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1]}
        return subprocess.run(command, env={"PATH": os.environ["PATH"], "HOME": "/", **keys}, capture_output=True, text=True)

    text = ask("get-secret-value", "--secret-id", "app", "--query", "SecretString", "--output", "text")
    assert json.loads(text.stdout) == {"login": "orders", "password": "canary-db"}, text
    assert ask("get-secret-value", "--secret-id", "plain").returncode != 0
    assert ask("restore-secret", "--secret-id", "plain").returncode == 0
    restored = ask("get-secret-value", "--secret-id", "plain", "--query", "SecretString", "--output", "text")
    assert restored.stdout == "canary-db\n", restored


@pytest.fixture
def one_at_a_time(server):
    """moto without threads, in which its answers get in each other's way."""
    server.reset()
    moto = make_server("127.0.0.1", 0, create_backend_app("secretsmanager"), threaded=False)
    threading.Thread(target=moto.serve_forever, daemon=True).start()
    server.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{moto.server_port}"
    yield
    moto.shutdown()


@pytest.mark.long
def test_ten_thousand_secrets_are_copied_and_then_kept(both, one_at_a_time):
    maps = [word for number in range(10_000) for word in ("-m", f"n{number}", PASSWORD)]
    for expected in ("created", "kept"):
        run = both.ours("sync", "-t", "aws", "-c", CREDENTIALS, *maps, timeout=600)
        assert json.loads(run.succeeds().stdout)["status"][expected] == 10_000
