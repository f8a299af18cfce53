"""The fixtures that every test here starts from.

`KSM_BIN` names the binary under test (default: the debug build of this package). Nothing here skips: a missing binary, package or
vault is a failure.
"""

import os
from pathlib import Path

import pytest

import programs
from vault import Vault
from windows import Windows

HERE = Path(__file__).parent
DEBUG_BUILD = HERE.parents[1] / "target" / "debug" / "ksm"


def pytest_collection_modifyitems(items):
    """A long test that started last would run alone."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def ksm():
    """The path of our binary."""
    path = Path(os.environ.get("KSM_BIN", DEBUG_BUILD)).resolve()
    assert os.access(path, os.X_OK), f"no program at {path}: build it, or name another in KSM_BIN"
    return str(path)


@pytest.fixture(scope="session")
def shared_vault(ksm, tmp_path_factory):
    """One vault for the tests that only read."""
    vault = Vault(ksm, str(HERE / "seed.yaml"), tmp_path_factory.mktemp("vault"))
    yield vault
    vault.close()


@pytest.fixture
def vault(ksm, tmp_path_factory):
    """A vault of the test's own, with an unspent token."""
    vault = Vault(ksm, str(HERE / "seed.yaml"), tmp_path_factory.mktemp("vault"))
    yield vault
    vault.close()


@pytest.fixture
def ours(ksm, vault, tmp_path):
    """Our CLI in a home of its own."""
    home = tmp_path / "ours"
    home.mkdir()
    return programs.ours(ksm, vault, home)


@pytest.fixture
def official(vault, tmp_path):
    """The official CLI in a home of its own."""
    home = tmp_path / "official"
    home.mkdir()
    return programs.official(vault, home)


@pytest.fixture(scope="session")
def windows(tmp_path_factory):
    """`ksm.exe` under wine. All tests that use it belong to the group `windows`, so that one process makes it."""
    machine = Windows(tmp_path_factory.mktemp("windows"))
    yield machine
    machine.close()
