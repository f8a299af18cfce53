"""`git` over a made-up `ssh` whose output goes through a mask: a dialogue in which each side waits for the other's last bytes (O8, D25)."""

import os
import subprocess

import pytest
import yaml

from vault import Vault

# A line of it begins as the flush packet that ends each turn of git's protocol, which the mask has to hold for a while.
KEY = "\n".join(
    ["-----BEGIN OPENSSH PRIVATE KEY-----", *(f"{line:04d}canaryAAAAC3NzaC1lZDI1NTE5AAAAIJ8xZ" * 2 for line in range(24)), "-----END OPENSSH PRIVATE KEY-----"]
)
SSH = """#!/bin/sh
test "$SSH_KEY_IS_SET" = yes || exit 9
while [ "$1" != host.invalid ]; do shift; done
shift
exec sh -c "$*"
"""


@pytest.fixture
def environment(ksm, tmp_path):
    record = {"title": "deploy", "type": "login", "fields": [{"type": "password", "value": [KEY]}]}
    seed = tmp_path / "seed.yaml"
    seed.write_text(yaml.safe_dump({"records": [record]}))
    vault = Vault(ksm, str(seed), tmp_path)
    ssh = tmp_path / "ssh"
    ssh.write_text(SSH)
    ssh.chmod(0o755)
    masked = f"{ksm} exec --mask -e KEY=keeper://deploy/field/password -- env SSH_KEY_IS_SET=yes {ssh}"
    yield {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_SSH_COMMAND": masked,
        "GIT_SSH_VARIANT": "simple",
        "GIT_CONFIG_NOSYSTEM": "1",
        "KSM_CONFIG": vault.config,
        "KSM_CA_FILE": vault.ca_file,
    }
    vault.close()


def test_a_clone_and_a_push_pass_a_mask(environment, tmp_path):
    def git(*words, where=tmp_path):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main", "-c", "safe.directory=*")
        return subprocess.run(["git", *identity, *words], cwd=where, env=environment, capture_output=True, timeout=60, check=True)

    git("init", "-q", "--bare", "origin.git")
    git("init", "-q", "first")
    for number in range(40):
        (tmp_path / "first" / f"file-{number}").write_bytes(os.urandom(9000))
    git("add", ".", where=tmp_path / "first")
    git("commit", "-q", "-m", "some files", where=tmp_path / "first")
    address = f"ssh://host.invalid{tmp_path}/origin.git"
    git("push", "-q", address, "HEAD:refs/heads/main", where=tmp_path / "first")
    for version in ("0", "2"):
        git("-c", f"protocol.version={version}", "clone", "-q", "-b", "main", address, f"clone-{version}")
        cloned = sorted(path.read_bytes() for path in (tmp_path / f"clone-{version}").glob("file-*"))
        assert cloned == sorted(path.read_bytes() for path in (tmp_path / "first").glob("file-*"))
        git("fetch", "-q", address, where=tmp_path / f"clone-{version}")
