"""SHA256SUMS over everything in a directory, and its signature by minisign."""

import subprocess

from .files import sha256
from .project import VERSION

NAME = "SHA256SUMS"
# The file of a secret key that has no password.
KEY = "KSM_MINISIGN_KEY"


def lines(directory):
    names = sorted(path.name for path in directory.iterdir() if not path.name.startswith(NAME))
    return [f"{sha256(directory / name)}  {name}" for name in names]


def write(directory):
    (directory / NAME).write_text("".join(f"{line}\n" for line in lines(directory)))


def sign(directory, key):
    comment = f"ksm {VERSION} {NAME}"
    subprocess.run(["minisign", "-S", "-s", key, "-m", directory / NAME, "-t", comment], check=True, stdout=subprocess.DEVNULL)
