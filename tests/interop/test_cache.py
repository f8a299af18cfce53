"""The cache under `strace`: nobody is asked with `--offline`, and a run that is killed anywhere leaves sealed files only (K1, K2)."""

import re
import shutil
import subprocess

import pytest

import writers

NETWORK = "socket,connect,bind,sendto,sendmsg,sendmmsg,recvfrom,recvmsg"
CHANGES = "openat,linkat,renameat,renameat2,unlinkat,mkdirat,fchmod,write,fsync,utimensat".split(",")
QUESTION = ("secret", "notation", writers.PLACES["web"])


class Runs:
    def __init__(self, ksm, vault, home):
        self.ksm, self.home, self.log = ksm, home, home.parent / "log"
        self.directory = home / ".cache" / "ksm"
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "KSM_CA_FILE": vault.ca_file, "KSM_CONFIG": vault.config}

    def fresh(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()

    def run(self, *words, strace=()):
        argv = ["strace", "-f", "-qq", "-y", "-o", self.log, *strace, self.ksm, *words] if strace else [self.ksm, *words]
        return subprocess.run(argv, cwd=self.home, env=self.environment, capture_output=True, timeout=60, check=False)

    def lines(self):
        return self.log.read_text(errors="replace").splitlines()


@pytest.fixture
def runs(ksm, vault, tmp_path):
    found = Runs(ksm, vault, tmp_path / "home")
    found.fresh()
    return found


@pytest.mark.parametrize("words", [QUESTION, ("exec", "--", "true"), ("secret", "list"), ("folder", "list")], ids=" ".join)
def test_offline_makes_no_connection(runs, words):
    asked = runs.run("--cache", *words)
    assert asked.returncode == 0, asked.stderr
    for options in ((), ("--fresh-for", "1h")):
        told = runs.run("--offline", *options, *words, strace=("-e", f"trace={NETWORK}"))
        assert (told.returncode, told.stdout) == (0, asked.stdout), told.stderr
        # Two ends of one pipe are how this process tells itself of signals.
        calls = [line for line in runs.lines() if re.search(rf"\b({NETWORK.replace(',', '|')})\(", line)]
        assert [call for call in calls if "socketpair" not in call and "AF_UNIX" not in call] == []
        assert not any(re.search(r"\bconnect\(", call) for call in calls)
    # What is not there is not asked for, either.
    missing = runs.run("--offline", "secret", "get", "none", strace=("-e", f"trace={NETWORK}"))
    assert missing.returncode == 5
    assert not any("AF_INET" in line or re.search(r"\bconnect\(", line) for line in runs.lines())


@pytest.mark.parametrize("how", ["signal=KILL", "error=EIO", "error=ENOSPC"])
@pytest.mark.parametrize("before", ["empty", "filled"])
def test_a_call_that_fails_or_kills_leaves_sealed_files(runs, how, before):
    def start():
        runs.fresh()
        if before == "filled":
            assert runs.run("--cache", *QUESTION).returncode == 0

    start()
    whole = runs.run("--cache", *QUESTION, strace=("-e", "trace=" + ",".join("?" + name for name in CHANGES)))
    assert whole.returncode == 0, whole.stderr
    counts, calls = {}, []
    first = runs.lines()[0].split()[0]
    for line in runs.lines():
        found = re.match(r"(\d+) +(\w+)\((.*)$", line)
        if found and found[1] == first:
            counts[found[2]] = counts.get(found[2], 0) + 1
            if str(runs.directory.parent) in found[3]:
                calls.append((found[2], counts[found[2]]))
    assert len(calls) > 5, runs.lines()
    for name, number in calls:
        start()
        run = runs.run("--cache", *QUESTION, strace=("-e", f"inject={name}:{how}:when={number}"))
        here = f"{name} {number} {how}: {run.stderr!r}"
        if "KILL" not in how:
            # The answer is there all the same, with one warning at most.
            assert (run.returncode, run.stdout) == (0, whole.stdout), here
            assert run.stderr.count(b"Warning") <= 1, here
        for path in runs.home.rglob("*"):
            if path.is_file():
                assert not writers.holds_secret(path.read_bytes()), here
                assert path.stat().st_mode & 0o777 == 0o600, here
        offline = runs.run("--offline", *QUESTION)
        assert (offline.returncode, offline.stdout) in ((0, whole.stdout), (5, b"")), here
        assert b"damaged" not in offline.stderr, here
        after = runs.run("--cache", *QUESTION)
        assert (after.returncode, after.stdout, after.stderr) == (0, whole.stdout, b""), here
        # A draft that a killed run left is swept.
        assert len(list(runs.directory.iterdir())) == 1, here
