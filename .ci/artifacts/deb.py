"""The Debian package."""

import os
import re
import tempfile
import time
from pathlib import Path

from . import filesystem
from .files import EFFORT, commit_time, gz, write
from .project import DESCRIPTION, HOME, ROOT, VERSION, output

DOCUMENTS = "usr/share/doc/ksm"
MAINTAINER = "ksm maintainers <maintainers@ksm.invalid>"

CONTROL = """\
Package: ksm
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: libc6 (>= 2.17)
Recommends: ca-certificates
Suggests: gnome-keyring | kwalletmanager
Section: utils
Priority: optional
{home}Description: {description}
 ksm hands the secrets of a Keeper Secrets Manager vault to people, scripts
 and programs. Commands, options, output and files are those of the official
 Python CLI, so scripts go on working.
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ksm
Comment: The licenses of the libraries inside are in THIRD-PARTY.txt.gz.

Files: *
Copyright: {holder}
License: Expat

License: Expat
{text}
"""


def make(content, out):
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "ksm")
        filesystem.lay_out(content, root, DOCUMENTS)
        write_documents(root / DOCUMENTS)
        write_control(content, root)
        set_modes_and_times(root)
        target = out / f"ksm_{VERSION}_{content.target.debian}.deb"
        output("dpkg-deb", "--root-owner-group", "-Zxz", f"-z{EFFORT}", "--build", root, target)
    return target


def write_documents(directory):
    third = directory / "THIRD-PARTY.txt"
    write(directory / "THIRD-PARTY.txt.gz", gz(third.read_text()))
    third.unlink()
    write(directory / "copyright", copyright_file())
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(commit_time()))
    entry = f"ksm ({VERSION}) unstable; urgency=medium\n\n  * See README.md and the changelog of the project.\n\n -- {MAINTAINER}  {date}\n"
    write(directory / "changelog.gz", gz(entry))


def copyright_file():
    """LICENSE in the form of Debian: a paragraph each, blanks in front."""
    text = (ROOT / "LICENSE").read_text()
    holder = re.search(r"Copyright \(c\) (.*)", text)[1]
    terms = text.split(holder, 1)[1].strip()
    lines = (f" {line}" if line.strip() else " ." for line in terms.splitlines())
    return COPYRIGHT.format(holder=holder, text="\n".join(lines))


def write_control(content, root):
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    home = f"Homepage: {HOME}\n" if HOME else ""
    fields = {"version": VERSION, "architecture": content.target.debian, "maintainer": MAINTAINER}
    text = CONTROL.format(size=size, home=home, description=short(DESCRIPTION), **fields)
    write(root / "DEBIAN/control", text)


def short(sentence):
    """A description of Debian begins neither with an article nor with a capital."""
    return sentence.removeprefix("A ").rstrip(".")


def set_modes_and_times(root):
    for path in [root, *root.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (commit_time(), commit_time()))
