"""Roots to install into and throw away: a Debian of each architecture, this machine's own, and one with nothing but the program.

Each use has what it writes in memory, over a base that stays as it is. Needs root, whose mounts nobody else sees. Programs for another
processor run by qemu, which is registered in a namespace of users and nowhere else.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from .project import ROOT, Mistake

BASES = ROOT / "target/release-rooms"
INCLUDE = "ca-certificates,man-db,python3,python3-venv,rpm"

# How the kernel knows programs for arm64: the head of the file, and which of its bits count.
ARM64 = (
    r":ksm-arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
    r":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:%s:F"
)

ENTER = """\
set -e
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work${3:+,userxattr}" overlay "$2/root"
[ -z "$3" ] || { mount -t binfmt_misc binfmt_misc "$2/work" && printf %s "$3" >"$2/work/register"; }
if [ -d "$2/root/proc" ]; then
    mount -t proc proc "$2/root/proc"
    mount --rbind /dev "$2/root/dev"
    mount -t tmpfs tmpfs "$2/root/tmp"
fi
shift 3
"""


def enter(base, copies, command, emulator=None):
    """Runs a command in a room over `base`, with copies of files at its top."""
    with tempfile.TemporaryDirectory() as scratch:
        carry = "".join(f'cp "{source}" "{scratch}/root/{Path(source).name}"\n' for source in copies)
        script = ENTER + carry + f'exec chroot "{scratch}/root" "$@"\n'
        register = ARM64 % emulator if emulator else ""
        namespaces = ["unshare", *(["--map-root-user"] if emulator else []), "--mount", "--pid", "--fork", "--kill-child"]
        where = (str(base), scratch, register)
        clean = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([*namespaces, "sh", "-c", script, "sh", *where, *command], capture_output=True, text=True, env=clean, check=False)
    if done.returncode:
        raise Mistake(f"`{' '.join(command)}` failed in {base}: {done.stdout}{done.stderr}".strip())
    return done.stdout


def debian(architecture):
    """The base with Debian, which is made once."""
    base = BASES / f"debian-{architecture}"
    if not base.exists():
        BASES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BASES) as scratch:
            bootstrap(architecture, Path(scratch, "root"))
            Path(scratch, "root").rename(base)
    return base


def bootstrap(architecture, root):
    command = ["debootstrap", "--variant=minbase", f"--arch={architecture}", f"--include={INCLUDE}"]
    foreign = architecture != subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    subprocess.run([*command, *(["--foreign"] if foreign else []), "bookworm", root], check=True, stdout=subprocess.DEVNULL)
    if foreign:
        second_stage(root)
    # As every container engine does.
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")


def second_stage(root):
    emulator = shutil.which("qemu-aarch64-static")
    script = 'mount -t binfmt_misc b "$1/mnt" && printf %s "$2" >"$1/mnt/register" && umount "$1/mnt" && exec chroot "$1" /debootstrap/debootstrap --second-stage'
    namespaces = ("unshare", "--user", "--map-root-user", "--map-auto", "--mount")
    subprocess.run([*namespaces, "sh", "-c", script, "sh", root, ARM64 % emulator], check=True, stdout=subprocess.DEVNULL)


def empty():
    """The base with nothing."""
    base = BASES / "empty"
    base.mkdir(parents=True, exist_ok=True)
    return base
