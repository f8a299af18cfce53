"""The unit tests of the library, compiled for Windows, under wine."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / ".ci"))
pytestmark = pytest.mark.xdist_group("windows")

COMPILE = ["cargo", "test", "--locked", "--no-run", "--lib", "--target=x86_64-pc-windows-gnu"]
# Pure computation, which takes longer than all others.
THE_SAME_EVERYWHERE = ("exec::mask",)


def test_the_unit_tests_pass_on_windows(windows):
    from artifacts import emulated

    program = emulated.executables(COMPILE)["lib ksm"]
    skipped = emulated.skip((*THE_SAME_EVERYWHERE, *emulated.UNIT_TESTS_OF_TIME))
    run = windows.run(Path(program), *skipped, timeout=300).succeeds()
    assert int(re.search(r"(\d+) passed", run.text)[1]) > 300, run.text
