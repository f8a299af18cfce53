"""Large vaults take time in proportion (R3)."""

import json
import os

import pytest

from vault import Vault

SMALL, LARGE = 500, 4000
REFERENCES = 200


def seed(path, count):
    records = [{"title": f"title {number}", "type": "login", "fields": {"password": f"canary-{number}"}} for number in range(count)]
    path.write_text(json.dumps({"records": records}))
    return str(path)


def cpu(ksm, vault, tmp_path, *args, **environment):
    """Seconds of CPU that one run takes."""
    environment = {"PATH": os.environ["PATH"], "KSM_CONFIG": vault.config, "KSM_CA_FILE": vault.ca_file, **environment}
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(ksm, [ksm, *args], environment, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    return usage.ru_utime + usage.ru_stime


@pytest.fixture(scope="module")
def vaults(ksm, tmp_path_factory):
    """A vault of each size, by the number of its records."""
    home = tmp_path_factory.mktemp("scale")
    vaults = {count: Vault(ksm, seed(home / f"{count}.json", count), home) for count in (SMALL, LARGE)}
    yield vaults
    for vault in vaults.values():
        vault.close()


# One worker starts the vaults once.
@pytest.mark.xdist_group("scale")
@pytest.mark.parametrize("args", [("secret", "list"), ("secret", "list", "--json", "-t", "9$"), ("exec", "true")])
def test_eight_times_the_records_take_eight_times_the_time(ksm, vaults, tmp_path, args):
    taken = {}
    references = {f"P{number}": f"keeper://title {number}/field/password" for number in range(REFERENCES)}
    environment = references if args[0] == "exec" else {}
    for count, vault in vaults.items():
        taken[count] = min(cpu(ksm, vault, tmp_path, *args, **environment) for _ in range(3))
    # Twice as much as in proportion is noise; the square would be eight times as much.
    assert taken[LARGE] < 2 * (LARGE / SMALL) * taken[SMALL], taken
