"""`ksm init` beside the official one, and its manifests before a validator of Kubernetes and a YAML parser."""

import base64
import json
import re
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

import programs

VERSIONS = kubernetes_validate.utils.all_versions()

# Names that a cluster takes, and that YAML takes for something else unless they are quoted.
NAMES = ["ksm-config", "null", "1e5", "on", "0x1f", "1.5", "2026-01-31", "a.b-c.1", ".".join(["a"] * 127)]


@pytest.fixture
def init(ours, vault):
    """Our `ksm init` with the one token of the vault."""
    return lambda *args: ours("init", *args, vault.token.text).succeeds().text


def anonymous(text):
    """An answer without what is different in each."""
    return re.sub(r"[A-Za-z0-9+/=_-]{40,}", "…", text)


def token_without_dash(vault):
    """A token whose key the official CLI takes for no option, even behind `--`: one key in 64 begins with a dash."""
    tokens = iter(vault.another_token, None)
    return next(token for token in tokens if not token.client_key.startswith("-"))


def test_both_print_the_same_but_for_the_keys(ksm, vault, tmp_path):
    shapes = {}
    for args in (["default", "--plain"], ["default"], ["k8s"], ["k8s", "-n", "null", "--ns", "1e5", "-i"]):
        for who, program in (("official", programs.official(vault, tmp_path)), ("ours", programs.ours(ksm, vault, tmp_path))):
            token = token_without_dash(vault)
            given = ["-h", token.host, token.client_key] if who == "official" else [token.text]
            text = program("init", *args, *given).succeeds().text
            if args == ["default"]:
                text = base64.urlsafe_b64decode(text).decode()
            text = text.replace(token.server_key, "").replace(',\n    "serverPublicKey": ""', "")
            shapes.setdefault(" ".join(args), []).append(anonymous(text))
    for args, (official, ours) in shapes.items():
        assert ours == official, args
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("immutable", [False, True])
def test_a_manifest_is_what_kubernetes_takes_and_reads_back(init, vault, ours, name, immutable):
    namespace = name.split(".")[0]
    text = init("k8s", "--name", name, "--namespace", namespace, *["--immutable"] * immutable)
    manifest = yaml.safe_load(text)
    for version in (VERSIONS[0], VERSIONS[-1]):
        kubernetes_validate.validate(manifest, version, strict=True)
    assert manifest["metadata"] == {"name": name, "namespace": namespace}
    assert manifest.get("immutable", False) is immutable
    config = base64.b64decode(manifest["data"]["config"], validate=True).decode()
    assert json.loads(config)["hostname"] == vault.token.host
    ours("secret", "list", env={"KSM_CONFIG": config}).succeeds()


def test_what_the_guide_shows_is_what_kubernetes_takes():
    page = Path(__file__).parents[2].joinpath("src/guide/kubernetes.md").read_text()
    shown = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if block.startswith("apiVersion")]
    assert shown
    for block in shown:
        for manifest in yaml.safe_load_all(block):
            kubernetes_validate.validate(manifest, VERSIONS[-1], strict=True)
