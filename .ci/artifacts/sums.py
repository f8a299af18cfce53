"""SHA256SUMS over everything in a directory, and its signature by minisign."""

import subprocess

from .files import sha256
from .project import ROOT, VERSION, Mistake, output

NAME = "SHA256SUMS"
# The file of a secret key that has no password.
KEY = "KSM_MINISIGN_KEY"
# Its public half, which users check with.
PUBLIC = ROOT / ".github/ksm.pub"


def lines(directory):
    names = sorted(path.name for path in directory.iterdir() if not path.name.startswith(NAME))
    return [f"{sha256(directory / name)}  {name}" for name in names]


def write(directory):
    (directory / NAME).write_text("".join(f"{line}\n" for line in lines(directory)))


def sign(directory, key):
    comment = f"ksm {VERSION} {NAME}"
    subprocess.run(["minisign", "-S", "-s", key, "-m", directory / NAME, "-t", comment], check=True, stdout=subprocess.DEVNULL)


def check_key():
    if not PUBLIC.exists():
        raise Mistake(f"there is no {PUBLIC.relative_to(ROOT)}, so nobody could check a signature; `minisign -R` makes it from the key that {KEY} names")


def verify(directory):
    output("minisign", "-V", "-p", PUBLIC, "-m", directory / NAME)
