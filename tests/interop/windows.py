"""`ksm.exe` under Debian's wine, on a Windows of its own in a temporary directory.

`KSM_WINDOWS` names the program under test (default: the debug build for `x86_64-pc-windows-gnu`). Nothing here skips: a missing
program or package is a failure.

wine hands on the environment of the test, but sets some variables itself (`PATH`, `TEMP`, `USERPROFILE` and others), and the system
sees eight bits of an exit status. So every program is started by `windows/probe.c`, which sets any variable and tells the whole
status. wine 8 lacks `bcryptprimitives.dll`; `windows/prng.c` stands for it.
"""

import os
import shutil
import subprocess
from pathlib import Path, PureWindowsPath

from programs import CANARY, Run

HERE = Path(__file__).parent
DEBUG_BUILD = HERE.parents[1] / "target" / "x86_64-pc-windows-gnu" / "debug" / "ksm.exe"
WINE = "/usr/lib/wine/wine64"
SERVER = "/usr/lib/wine/wineserver64"
COMPILER = "x86_64-w64-mingw32-gcc"


def path(unix):
    """A path as programs of Windows see it: drive Z is the root of this system."""
    return str(PureWindowsPath("Z:" + str(unix).replace("/", "\\")))


class Windows:
    """One system with `ksm.exe`, `probe.exe`, and the usual directories of a user."""

    def __init__(self, directory):
        exe = Path(os.environ.get("KSM_WINDOWS", DEBUG_BUILD)).resolve()
        assert exe.exists(), f"no program at {exe}: `cargo build --target x86_64-pc-windows-gnu` makes it; KSM_WINDOWS names another"
        assert os.access(WINE, os.X_OK), f"no {WINE}: Debian's package wine64 has it"
        assert shutil.which(COMPILER), f"no {COMPILER}: Debian's package gcc-mingw-w64-x86-64 has it"
        self._directory = directory
        self._environment = {
            "HOME": str(directory),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "WINEDEBUG": "-all",
            # Without Mono, Gecko, menus of a desktop, and a debugger that asks what to do about a crash.
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=",
            "WINEPREFIX": str(directory / "wine"),
        }
        self._wine("wineboot", "--init")
        self.drive = directory / "wine" / "drive_c"
        system = self.drive / "windows" / "system32"
        self.ksm_exe = str(exe)
        self.probe_exe = str(directory / "probe.exe")
        compile_c("prng.c", system / "bcryptprimitives.dll", "-shared", "-ladvapi32")
        compile_c("probe.c", self.probe_exe, "-municode")
        # The services of the system start with its first program, end with its last, and hold on to the pipes of the first.
        self._holder = subprocess.Popen([WINE, self.probe_exe, "hold"], env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._holder.stdout.read(4) == b"here", f"wine cannot run {self.probe_exe}"
        # The directory of the user who runs this, with `AppData\\Roaming` and `AppData\\Local` in it.
        self.user = self.drive / "users" / os.environ.get("USER", "root")

    def run(self, program, *args, env=None, stdin=b"", cwd=None, timeout=60, starter=("start",)):
        """Runs a program, named by its path on this system, with these variables besides those of the system."""
        variables = [f"{name}={value}" for name, value in (env or {}).items()]
        done = self._wine(
            self.probe_exe, *starter, *variables, "--", path(program), *args, stdin=stdin, cwd=cwd or self._directory, timeout=timeout
        )
        stderr, told, status = done.stderr.rpartition(b"\nprobe: status ")
        assert told, f"{program} {args} did not start: {done.stdout!r} {done.stderr!r}"
        run = Run((str(program), *args), int(status), done.stdout, stderr)
        # Messages may never show a secret of the vault.
        assert CANARY not in run.stderr, f"a secret on stderr: {run}"
        return run

    def ksm(self, *args, vault=None, env=None, **how):
        """Runs `ksm.exe`; with a vault it trusts that, and is bound to it by `KSM_CONFIG`."""
        reach = reach_of(vault) if vault else {}
        return self.run(self.ksm_exe, *args, env=reach | (env or {}), **how)

    def start(self, *args, env=None, cwd=None):
        """Starts `ksm.exe` as a process of its own, which can be killed."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([WINE, self.ksm_exe, *args], env=self._environment | (env or {}), cwd=cwd or self._directory, **streams)

    def close(self):
        self._holder.stdin.close()
        self._holder.wait(timeout=20)
        subprocess.run([SERVER, "-k"], env=self._environment, check=False, timeout=60)
        shutil.rmtree(self._directory / "wine", ignore_errors=True)

    def _wine(self, *words, stdin=b"", cwd=None, timeout=120):
        return subprocess.run([WINE, *words], env=self._environment, input=stdin, capture_output=True, cwd=cwd, timeout=timeout, check=False)


def reach_of(vault):
    """The variables by which a program on Windows finds the vault."""
    return {"KSM_CA_FILE": path(vault.ca_file), "NO_PROXY": vault.no_proxy, "KSM_CONFIG": vault.config}


def compile_c(source, target, *options):
    subprocess.run([COMPILER, "-O1", "-Wall", "-Werror", "-o", str(target), str(HERE / "windows" / source), *options], check=True)
