"""The static program for arm64 under qemu: the vectors, and tests of commands that read secrets. `.ci/release --check` runs all tests."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / ".ci"))
pytestmark = pytest.mark.xdist_group("arm64")


@pytest.fixture(scope="module")
def arm64():
    from artifacts import targets

    return targets.TARGETS["aarch64-unknown-linux-musl"]


@pytest.fixture(scope="module")
def compiled(arm64):
    """The programs for arm64, which `.ci/run` compiles."""
    from artifacts import emulated

    return emulated.compile_tests(arm64, "--test=library")


def test_known_answers_hold_on_arm64(arm64, compiled):
    from artifacts import emulated

    assert emulated.run(arm64, compiled["test library"], "vectors::") > 25


def test_commands_work_on_arm64(arm64, compiled):
    from artifacts import emulated

    here = ["cargo", "test", "--locked", "--no-run", "--test=cli"]
    assert emulated.commands(arm64, compiled["ksm"], here, "secret::", "totp::") > 12


def test_a_test_that_fails_on_arm64_is_told(arm64, compiled):
    from artifacts import emulated
    from artifacts.project import Mistake

    with pytest.raises(Mistake, match="no-such-option"):
        emulated.run(arm64, compiled["ksm"], "--no-such-option")
