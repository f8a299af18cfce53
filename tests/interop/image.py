"""A container image with one program in it and next to nothing else, run by any user, as process 1, on a root that is read-only.

Needs the right to mount and to change roots, which root has; `.ci/run` is root.
"""

import os
import re
import shutil
import subprocess

UNSHARE = (shutil.which("unshare"), "--mount", "--pid", "--fork", "--kill-child")


class Image:
    """A root directory with `/ksm` and `/sh`, the libraries of both, and what every container engine puts there."""

    def __init__(self, root, ksm):
        self.root = root
        root.mkdir()
        root.chmod(0o755)
        for program, place in ((ksm, "ksm"), (shutil.which("sh"), "sh")):
            self._copy(program, place)
            for library in re.findall(r"(/\S+) \(0x", subprocess.check_output(["ldd", program], text=True)):
                self._copy(library, library)
        self.file("/etc/hosts", "127.0.0.1 localhost\n", mode=0o644)

    def path(self, place):
        return self.root / place.lstrip("/")

    def file(self, place, text, mode=0o600, owner=0, group=None):
        path = self.path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.chown(path, owner, owner if group is None else group)
        path.chmod(mode)
        return path

    def directory(self, place, mode=0o755, owner=0, group=None):
        path = self.path(place)
        path.mkdir(parents=True)
        os.chown(path, owner, owner if group is None else group)
        path.chmod(mode)
        return path

    def secret_volume(self, place, text, mode, group=0):
        """A secret as Kubernetes mounts it: root's, on a mount that is read-only, behind links to a directory that is swapped when the secret changes."""
        self.file(f"{place}/..2026_01_31/config", text, mode, owner=0, group=group)
        self.link(f"{place}/..data", "..2026_01_31", owner=0)
        self.link(f"{place}/config", "..data/config", owner=0)
        return f"{place}/config"

    def link(self, place, target, owner):
        self.path(place).symlink_to(target)
        os.chown(self.path(place), owner, owner, follow_symlinks=False)

    def run(self, *args, env, user, groups="", cwd="/", volumes=(), prepare=""):
        """Runs a program of the image with exactly this environment; only the directories in `volumes` can be written to."""
        started = self.start(*args, env=env, user=user, groups=groups, cwd=cwd, volumes=volumes, prepare=prepare)
        stdout, stderr = started.communicate(timeout=60)
        return subprocess.CompletedProcess(args, started.returncode, stdout, stderr)

    def start(self, *args, env, user, groups="", cwd="/", volumes=(), prepare=""):
        """The same, without waiting for its end."""
        script = [
            "set -e",
            'cd "$0"',
            "mount --bind . .",
            'cd "$0"',
            *(f"mount --bind .{volume} .{volume}" for volume in volumes),
            "mount -o remount,ro,bind .",
            prepare,
            f'exec chroot --userspec={user}:{user} --groups={groups} . /sh -c \'cd "$0" && exec "$@"\' "$@"',
        ]
        return subprocess.Popen(
            [*UNSHARE, shutil.which("sh"), "-c", "\n".join(script), str(self.root), cwd, *args],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _copy(self, source, place):
        target = self.path(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy(source, target)
            target.chmod(0o755)
