"""Roots to install into and throw away: a Debian of each architecture, this machine's own, and one with nothing but the program.

Each use has what it writes in memory, over a base that stays as it is. Needs root, whose mounts nobody else sees. Programs for another
processor run by qemu, which is registered in a namespace of users and nowhere else.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from subprocess import PIPE

from .project import ROOT, Mistake

BASES = ROOT / "target/release-rooms"
INCLUDE = "ca-certificates,man-db,python3,python3-venv,rpm"

# How the kernel knows programs for arm64: the head of the file, and which of its bits count. P keeps the name that a program is called by.
ARM64 = (
    r":ksm-arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
    r":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:%s:PF"
)

REGISTER = """\
mount -t binfmt_misc binfmt_misc "$1"
printf %s "$2" >"$1/register"
shift 2
"""

ENTER = """\
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work$3" overlay "$2/root"
if [ -d "$2/root/proc" ]; then
    mount -t proc proc "$2/root/proc"
    mount --rbind /dev "$2/root/dev"
    mount -t tmpfs tmpfs "$2/root/tmp"
    # Whoever works beside writes there, and that shows through.
    mount -t tmpfs -o mode=0700 tmpfs "$2/root/root"
fi
root=$2/root
shift 3
"""

CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


def enter(base, copies, command, emulator=None):
    """Runs a command in a room over `base`, with copies of files at its top, and returns what it printed."""
    with tempfile.TemporaryDirectory() as scratch:
        carry = "".join(f'cp "{source}" "$root"\n' for source in copies)
        options = ",userxattr" if emulator else ""
        return inside(ENTER + carry + 'exec chroot "$root" "$@"\n', base, scratch, options, *command, emulator=emulator)


def inside(script, *words, emulator=None):
    """Runs a script that may mount what it likes; with an emulator, among users of its own, who are those of this machine."""
    namespaces = ("--mount", "--pid", "--fork", "--kill-child", *(["--user"] if emulator else []))
    with tempfile.TemporaryDirectory() as place:
        register, first = (REGISTER, (place, ARM64 % emulator)) if emulator else ("", ())
        whole = ("sh", "-c", f"set -e\nread -r _\n{register}{script}", "sh", *first, *words)
        child = subprocess.Popen(["unshare", *namespaces, *whole], env=CLEAN, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)
        if emulator:
            keep_users(child.pid)
        stdout, stderr = child.communicate("go\n")
    if child.returncode:
        raise Mistake(f"`{' '.join(map(str, words))}` failed: {stdout}{stderr}".strip())
    return stdout


def keep_users(process):
    """Gives a process that has just left our users the same ones again."""
    while os.readlink(f"/proc/{process}/ns/user") == os.readlink("/proc/self/ns/user"):
        time.sleep(0.01)
    for kind in ("uid", "gid"):
        Path(f"/proc/{process}/{kind}_map").write_text("0 0 4294967295")


def debian(target):
    """The base with Debian for a target, which is made once."""
    base = BASES / f"debian-{target.debian}"
    if not base.exists():
        BASES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch, "root")
            bootstrap(target, root)
            root.rename(base)
    return base


def bootstrap(target, root):
    # Inside a container debootstrap makes no devices, which every use brings along.
    make = f'container=lxc exec debootstrap --variant=minbase --arch={target.debian} --include={INCLUDE} bookworm "$1"'
    inside(make, root, emulator=emulator_of(target))
    write_hosts(root)


def emulator_of(target):
    return next(iter(target.runner()), None)


def empty():
    """The base with nothing but what a container engine brings."""
    base = BASES / "empty"
    for name in ("dev", "etc", "proc", "tmp"):
        (base / name).mkdir(parents=True, exist_ok=True)
    write_hosts(base)
    return base


def write_hosts(root):
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
