"""`sync -t k8s` against a real API server: whose the entries are, what is written, and what is said of failures. `run.sh` starts it."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import programs
import pytest
from server import NAMESPACE, Cluster
from vault import Vault

SEED = """
folders:
  - name: Shop
    uid: shop-AAAAAAAAAAAAAAAAA
    records:
      - uid: pay-AAAAAAAAAAAAAAAAAA
        title: Payment API (live)
        type: login
        fields:
          - { type: login, value: [pay] }
          - { type: password, value: [canary-pay] }
records:
  - uid: db-AAAAAAAAAAAAAAAAAAA
    title: Database
    type: login
    fields:
      - { type: login, value: [orders] }
      - { type: password, value: [canary-db] }
      - { type: url, value: [] }
    custom:
      - { type: text, label: Docker, value: ['{"auths":{}}'] }
      - { type: text, label: Broken, value: ['canary-no-json'] }
"""
MAPS = ["-m", "db+username", "Database/field/login", "-m", "db+password", "Database/field/password"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def vault(ksm, tmp_path_factory):
    directory = tmp_path_factory.mktemp("vault")
    seed = directory / "seed.yaml"
    seed.write_text(SEED)
    vault = Vault(ksm, str(seed), directory)
    yield vault
    vault.close()


@pytest.fixture
def sync(ksm, vault, cluster, tmp_path):
    cluster.kubectl("delete", "secrets", "--all")
    program = programs.ours(ksm, vault, tmp_path)

    def run(*words, kubeconfig=None, command=("sync", "-t", "k8s")):
        environment = cluster.environment(kubeconfig or cluster.ksm) | {"HOME": str(tmp_path), "KSM_CONFIG": vault.config}
        return program(*command, *words, env=environment)

    return run


def texts(secret):
    return {key: base64.b64decode(value).decode() for key, value in secret.get("data", {}).items()}


def owned(secret, manager):
    """The data keys that a manager has."""
    fields = [entry["fieldsV1"] for entry in secret["metadata"]["managedFields"] if entry["manager"] == manager]
    return {key.removeprefix("f:") for field in fields for key in field.get("f:data", {}) if key != "."}


def patch(cluster, name, key, text, manager="kubectl-edit"):
    data = {"data": {key: base64.b64encode(text.encode()).decode()}}
    cluster.kubectl("patch", "secret", name, "-p", json.dumps(data), "--field-manager", manager)


def test_applying_twice_changes_nothing(sync, cluster):
    words = [*MAPS, "-f", "Shop", "-v"]
    first = sync(*words).succeeds()
    assert b"Using the context `ksm` of kubectl, Kubernetes in its namespace" in first.stderr
    assert json.loads(first.text)["status"]["created"] == 4
    before = cluster.secret("db"), cluster.secret("payment-api-live")
    second = sync(*words).succeeds()
    assert json.loads(second.text)["status"]["kept"] == 4
    after = cluster.secret("db"), cluster.secret("payment-api-live")
    assert before == after
    assert texts(after[0]) == {"username": "orders", "password": "canary-db"}
    assert texts(after[1]) == {"username": "pay", "password": "canary-pay"}
    for secret in after:
        assert secret["type"] == "kubernetes.io/basic-auth"
        assert secret["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "ksm"}
        assert "annotations" not in secret["metadata"]
        assert owned(secret, "ksm") == {"username", "password"}


def test_a_foreign_edit_is_a_named_conflict(sync, cluster):
    sync(*MAPS).succeeds()
    patch(cluster, "db", "password", "canary-theirs")
    shown = sync(*MAPS, "-n")
    assert shown.status == 1
    assert 'conflict with "kubectl-edit"' in json.loads(shown.text)["data"][1]["error"]
    run = sync(*MAPS)
    assert run.status == 1
    [row] = json.loads(run.text)["data"]
    assert row["mapKey"] == "db+password"
    assert 'conflict with "kubectl-edit" using v1: .data.password' in row["error"]
    assert texts(cluster.secret("db"))["password"] == "canary-theirs"
    remove = [{"op": "remove", "path": "/data/password"}]
    cluster.kubectl("patch", "secret", "db", "--type=json", "-p", json.dumps(remove))
    sync(*MAPS).succeeds()
    assert texts(cluster.secret("db"))["password"] == "canary-db"


def test_only_our_entries_are_ours(sync, cluster):
    cluster.kubectl("create", "secret", "generic", "db", "--from-literal=host=theirs", "--from-literal=username=orders")
    cluster.kubectl("label", "secret", "db", "app.kubernetes.io/managed-by=Helm")
    sync(*MAPS).succeeds()
    secret = cluster.secret("db")
    assert texts(secret) == {"host": "theirs", "username": "orders", "password": "canary-db"}
    assert owned(secret, "ksm") == {"username", "password"}
    assert secret["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "Helm"
    assert secret["type"] == "Opaque"
    sync(*MAPS).succeeds()
    assert cluster.secret("db") == secret
    # Theirs stays, whatever the vault lacks.
    gone = ["-m", "db+host", "Database/field/url", "-m", "db+password", "Database/field/url", "--delete-missing"]
    sync(*gone).succeeds()
    assert texts(cluster.secret("db")) == {"host": "theirs", "username": "orders"}


def test_different_maps_do_not_prune_each_other(sync, cluster):
    sync(*MAPS).succeeds()
    sync("-m", "db+again", "Database/field/password").succeeds()
    assert set(texts(cluster.secret("db"))) == {"username", "password", "again"}
    patch(cluster, "db", "other", "theirs")
    sync("-m", "db+again", "Database/field/url", "--delete-missing").succeeds()
    secret = cluster.secret("db")
    assert set(texts(secret)) == {"username", "password", "other"}
    assert secret["type"] == "kubernetes.io/basic-auth"


def test_runs_at_once_lose_nothing(sync, cluster):
    sync("-m", "db+first", "Database/field/login").succeeds()
    keys = [f"key-{number}" for number in range(4)]
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda key: sync("-m", f"db+{key}", "Database/field/login"), keys))
    # A run that found another one before it three times gives up, and says so.
    done = [key for key, run in zip(keys, runs) if run.status == 0]
    assert done
    assert set(texts(cluster.secret("db"))) == {"first", *done}


def test_types_are_those_that_the_server_checks(sync, cluster):
    sync("-m", "registry+.dockerconfigjson", "Database/custom_field/Docker").succeeds()
    assert cluster.secret("registry")["type"] == "kubernetes.io/dockerconfigjson"
    sync("-m", "registry+extra", "Database/field/login").succeeds()
    broken = sync("-m", "broken+.dockerconfigjson", "Database/custom_field/Broken")
    assert broken.status == 1
    [row] = json.loads(broken.text)["data"]
    assert ".dockerconfigjson" in row["error"]
    assert "canary" not in row["error"]


def test_failures_are_one_sentence(sync, cluster, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("{:")
    for kubeconfig, status, says in [
        (cluster.stranger, 6, "sign in to the cluster"),
        (cluster.nowhere, 5, "nothing was written"),
        # Without a configuration, kubectl asks a port of this machine.
        ("/nowhere", 5, "localhost:8080"),
        (str(broken), 6, "KUBECONFIG"),
    ]:
        run = sync(*MAPS, kubeconfig=kubeconfig)
        assert run.status == status, run
        assert says.encode() in run.stderr, run
    # The account has no rights elsewhere.
    run = sync(*MAPS, "--namespace", "default")
    assert run.status == 4, run
    assert b"verbs get, create and patch" in run.stderr
    run = sync(*MAPS, "--namespace", "nowhere", kubeconfig=cluster.admin)
    assert run.status == 1
    assert 'namespaces "nowhere" not found' in json.loads(run.text)["data"][0]["error"]


def test_a_bound_configuration_leaves_no_copy(sync, vault, cluster):
    token = vault.another_token().text
    command = ("init", "k8s", "--apply", "--namespace", NAMESPACE)
    sync(token, command=command).succeeds()
    secret = cluster.secret("ksm-config")
    assert "annotations" not in secret["metadata"]
    assert owned(secret, "ksm-init") == {"config"}
    [entry] = secret["metadata"]["managedFields"]
    assert entry["operation"] == "Apply"


def test_init_and_sync_keep_each_others_entries(sync, vault, cluster):
    """The server takes away what a manager leaves out."""
    maps = ["-m", "ksm-config+password", "Database/field/password"]
    command = ("init", "k8s", "--apply", "--namespace", NAMESPACE)
    sync(*maps).succeeds()
    sync(vault.another_token().text, command=command).succeeds()
    before = cluster.secret("ksm-config")
    assert set(texts(before)) == {"config", "password"}
    assert (owned(before, "ksm"), owned(before, "ksm-init")) == ({"password"}, {"config"})
    sync(*maps).succeeds()
    assert cluster.secret("ksm-config") == before
    sync("-m", "ksm-config+password", "Database/field/url", "--delete-missing").succeeds()
    assert set(texts(cluster.secret("ksm-config"))) == {"config"}
