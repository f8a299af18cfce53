"""The programs of the page about SDKs, run by `ksm dev` as the page says, and the units of the page about systemd."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JAVASCRIPT = ROOT / "target" / "interop" / "javascript" / "node_modules"
PROGRAMS = dict(re.findall(r"<!-- file: (\w+\.(?:mjs|py)) -->\n```\w+\n(.*?)```\n", (ROOT / "src/guide/sdks.md").read_text(), re.DOTALL))
TITLES = {"Website", "Payment API", "Database", "Bastion", "Second factor"}


def test_the_page_has_programs_of_both_kinds():
    assert sorted(PROGRAMS) == ["read.mjs", "read.py", "redeem.mjs", "redeem.py"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_the_guide_lists_the_sample_vault(ksm, tmp_path, name):
    (tmp_path / name).write_text(PROGRAMS[name])
    interpreter = sys.executable
    if name.endswith(".mjs"):
        if not JAVASCRIPT.exists():
            pytest.skip("the SDK for JavaScript is not installed: `.ci/run` does so where there is npm")
        (tmp_path / "node_modules").symlink_to(JAVASCRIPT)
        interpreter = "node"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    run = subprocess.run([ksm, "dev", "--", interpreter, name], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert (run.returncode, set(run.stdout.split("\n")) - {""}) == (0, TITLES), run.stderr


UNITS = re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```\n", (ROOT / "src/guide/systemd.md").read_text(), re.DOTALL)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
@pytest.mark.parametrize("number", range(len(UNITS)))
def test_a_unit_of_the_guide_is_one_for_systemd(tmp_path, number):
    path, text = UNITS[number]
    # systemd asks for programs that exist, and for a program in each service.
    text = re.sub(r"/usr/local/bin/\w+", "/usr/bin/env", text)
    if path.endswith(".conf"):
        text += "ExecStart=/usr/bin/env\n"
    for unit, lines in [("shop.service", text), ("shop-secrets.service", "[Service]\nExecStart=/usr/bin/env\n")]:
        (tmp_path / unit).write_text(lines)
    run = subprocess.run(["systemd-analyze", "verify", tmp_path / "shop.service"], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_page_has_units():
    assert len(UNITS) == 4
