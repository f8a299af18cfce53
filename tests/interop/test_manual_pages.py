"""The manual pages, as the programs that show them find them."""

import os
import subprocess

import pytest


@pytest.fixture(scope="module")
def pages(ksm, tmp_path_factory):
    directory = tmp_path_factory.mktemp("man")
    subprocess.run([ksm, "help", "--man", directory], check=True, stdin=subprocess.DEVNULL)
    pages = sorted(directory.glob("man?/*"))
    assert len(pages) > 70
    return pages


def test_mandoc_finds_nothing_to_say(pages):
    lint = subprocess.run(["mandoc", "-T", "lint", *pages], capture_output=True, text=True)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_man_shows_every_page(pages, columns):
    environment = {"PATH": os.environ["PATH"], "MANWIDTH": columns, "MANPAGER": "cat", "LC_ALL": "C.UTF-8"}
    for page in pages:
        shown = subprocess.run(
            ["man", "--warnings", "-l", page], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
        )
        assert shown.returncode == 0, page
        assert "NAME" in shown.stdout and page.stem in shown.stdout
        # A line of code or of a table may be too long for a narrow page.
        said = [line for line in shown.stderr.splitlines() if "break" not in line and "adjust" not in line]
        assert said == [], page
        if columns == "80":
            wide = [line for line in shown.stdout.splitlines() if len(line) > 80]
            assert wide == [], page
