"""The two programs under comparison, ours and the official one, each started with an environment of nothing but what is given."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from prepared import Prepared

HERE = Path(__file__).parent
# A child sees these and no more: where programs lie, and a locale in which Python does not refuse non-ASCII text.
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
CANARY = b"canary"
OFFICIAL = Prepared()


@dataclass(frozen=True)
class Run:
    """The result of one run of a program."""

    command: tuple
    status: int
    stdout: bytes
    stderr: bytes

    def succeeds(self):
        assert self.status == 0, f"{self}"
        return self

    @property
    def text(self):
        return self.stdout.decode()

    def __str__(self):
        return f"{self.command} ended with {self.status}\nstdout: {self.stdout!r}\nstderr: {self.stderr!r}"


class Program:
    """One of the two, in a home directory of its own, bound to a vault or to none."""

    def __init__(self, argv, environment, home, start=subprocess.run):
        self.home = home
        self._start = start
        self._argv = argv
        self._environment = BASE | {"HOME": str(home)} | environment

    def __call__(self, *args, env=None, stdin=b"", cwd=None, timeout=60):
        done = self._start(
            [*self._argv, *args],
            env=self._environment | (env or {}),
            input=stdin,
            capture_output=True,
            cwd=cwd or self.home,
            timeout=timeout,
            check=False,
        )
        run = Run(args, done.returncode, done.stdout, done.stderr)
        # Messages may never show a secret of the vault.
        assert CANARY not in run.stderr, f"a secret on stderr: {run}"
        return run


def ours(ksm, vault, home):
    """Our `ksm`; it trusts the vault through `KSM_CA_FILE` and knows the server's key from its configuration."""
    reach = {"KSM_CA_FILE": vault.ca_file, "NO_PROXY": vault.no_proxy}
    return Program([ksm], reach, home)


def official(vault, home, script=str(HERE / "official.py")):
    """The official CLI, which is told both by the launcher and by what its HTTP library reads."""
    reach = {
        "REQUESTS_CA_BUNDLE": vault.ca_file,
        "NO_PROXY": vault.no_proxy,
        "INTEROP_SERVER_KEY": f"{vault.token.key_id}:{vault.token.server_key}",
    }
    return Program([sys.executable, script], reach, home, OFFICIAL.run)
