"""The package of Fedora, RHEL and openSUSE."""

import shutil
import tempfile
import time
from pathlib import Path

from . import filesystem
from .deb import MAINTAINER
from .files import EFFORT, commit_time, write
from .project import DESCRIPTION, HOME, LICENSE, VERSION, output

DOCUMENTS = "usr/share/doc/ksm"
# Those that the system may not have without us.
DIRECTORIES = (DOCUMENTS, "usr/share/fish", "usr/share/fish/vendor_completions.d", "usr/share/zsh", "usr/share/zsh/site-functions")

SPEC = """\
Name: ksm
Version: {version}
Release: 1
Summary: {summary}
License: {license}
Group: Applications/System
Packager: {packager}
{home}Requires: libc.so.6(GLIBC_2.17)(64bit)
Recommends: ca-certificates

%description
ksm hands the secrets of a Keeper Secrets Manager vault to people, scripts
and programs. Commands, options, output and files are those of the official
Python CLI, so scripts go on working.

%files
{directories}
{files}

%changelog
* {date} {packager} - {version}-1
- The README and the changelog of the project say what is new.
"""

# The program is built and stripped, and its date is that of the commit.
MACROS = {
    "_topdir": "{scratch}",
    "_rpmdir": "{scratch}/out",
    "_build_name_fmt": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
    "_buildhost": "localhost",
    "_build_id_links": "none",
    "_binary_payload": f"w{EFFORT}.gzdio",
    "__os_install_post": "%{nil}",
    "debug_package": "%{nil}",
    "use_source_date_epoch_as_buildtime": "1",
    "clamp_mtime_to_source_date_epoch": "1",
    "_docdir": "/usr/share/doc",
}


def make(content, out):
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "root")
        filesystem.lay_out(content, root, DOCUMENTS, zsh="site-functions")
        write(root / DOCUMENTS / "LICENSE", (content.root / "LICENSE").read_bytes())
        spec = Path(scratch, "ksm.spec")
        spec.write_text(spec_of(root))
        macros = [f"--define={name} {text.replace('{scratch}', scratch)}" for name, text in MACROS.items()]
        pack = ["rpmbuild", "-bb", "--quiet", f"--buildroot={root}", f"--target={content.target.machine}-linux", *macros, spec]
        output(*pack)
        [made] = Path(scratch, "out").iterdir()
        return shutil.move(made, out / made.name)


def spec_of(root):
    return SPEC.format(
        version=VERSION,
        summary=DESCRIPTION.removeprefix("A ").capitalize().replace("keeper secrets manager", "Keeper Secrets Manager"),
        license=LICENSE,
        packager=MAINTAINER,
        home=f"URL: {HOME}\n" if HOME else "",
        directories="\n".join(f"%dir /{name}" for name in DIRECTORIES),
        files="\n".join(entry(path.relative_to(root).as_posix()) for path in sorted(root.rglob("*")) if path.is_file()),
        date=time.strftime("%a %b %d %Y", time.gmtime(commit_time())),
    )


def entry(name):
    """A line of %files: how the file is marked, its mode, its place."""
    marks = {f"{DOCUMENTS}/LICENSE": "%license ", f"{DOCUMENTS}/THIRD-PARTY": "%license ", DOCUMENTS: "%doc ", "usr/share/man": "%doc "}
    kind = next((mark for place, mark in marks.items() if name.startswith(place)), "")
    mode = "0755" if name.startswith("usr/bin/") else "0644"
    return f"{kind}%attr({mode}, root, root) /{name}"
