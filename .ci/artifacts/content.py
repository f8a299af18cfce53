"""What every package has beside the program: manual pages, completions, the licence, the licences of others."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .files import below, mode_of, write
from .project import ROOT, Mistake

SHELLS = {
    "bash": "completions/ksm.bash",
    "zsh": "completions/_ksm",
    "fish": "completions/ksm.fish",
    "powershell": "completions/_ksm.ps1",
    "elvish": "completions/ksm.elv",
}


@dataclass(frozen=True)
class Content:
    """The files of one target, laid out as its archive has them."""

    target: object
    root: Path

    @property
    def binary(self):
        return self.root / self.target.program

    def members(self, under):
        """The members of an archive that has everything below the directory `under`."""
        return [(f"{under}/{name}", mode_of(path), path.read_bytes()) for name, path in below(self.root)]

    def pages(self):
        """The manual pages, as (section, name, path)."""
        return [(path.suffix[1:], path.name, path) for _, path in below(self.root / "man")]


def gather(target, binary, notices, bill, root, speaker):
    """Lays the files out below `root`. `speaker` runs the program where this machine can."""
    root.mkdir(parents=True)
    shutil.copy(binary, root / target.program)
    (root / target.program).chmod(0o755)
    for name in ("README.md", "LICENSE"):
        write(root / name, (ROOT / name).read_bytes())
    write(root / "CHANGELOG.md", (ROOT / ".github/CHANGELOG.md").read_bytes())
    write(root / "THIRD-PARTY.txt", notices)
    if bill:
        write(root / "ksm.cdx.json", bill)
    write_pages(speaker, root / "man")
    for shell, name in SHELLS.items():
        write(root / name, run(speaker, "completion", shell))
    return Content(target, root)


def write_pages(speaker, directory):
    run(speaker, "help", "--man", str(directory))
    for _, path in below(directory):
        path.chmod(0o644)


def run(speaker, *words):
    done = subprocess.run([*speaker, *words], capture_output=True, env={"PATH": "/usr/bin:/bin"}, check=False)
    if done.returncode:
        raise Mistake(f"`{' '.join(map(str, [*speaker, *words]))}` failed: {done.stderr.decode().strip()}")
    return done.stdout
