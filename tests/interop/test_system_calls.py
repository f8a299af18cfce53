"""Every command that writes, with each system call on its files refused, and cut off at each of them (F3, O5).

`strace` tells which calls those are, and makes the system refuse one of them or kill the program in it."""

import re
import shutil
import subprocess

import pytest

import profiles
import writers

CHANGES = (
    "openat openat2 open creat link linkat rename renameat renameat2 unlink unlinkat mkdir mkdirat symlink symlinkat chmod fchmod "
    "fchmodat chown fchown fchownat lchown truncate ftruncate fallocate write pwrite64 writev copy_file_range fsync fdatasync"
).split()
# What only looks; being killed there is being killed at the next change.
LOOKS = "fstat newfstatat statx readlink readlinkat flock fcntl getdents64".split()
LINE = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")


def names(home):
    return {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}


class Sweep:
    def __init__(self, ksm, vault, tmp_path, command):
        self.ksm, self.command, self.home, self.log = ksm, command, tmp_path / "home", tmp_path / "log"
        self.words, self.files = writers.filled(command)
        self.environment = writers.environment(command, vault, self.home)

    def fresh(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        for name, text in ({"keeper.ini": profiles.ini("_default", "other")} | self.files).items():
            (self.home / name).write_text(text)
            (self.home / name).chmod(0o600)

    def run(self, *strace):
        argv = ["strace", "-f", "-qq", "-y", "-o", self.log, *strace, self.ksm, *self.words] if strace else [self.ksm, *self.words]
        return subprocess.run(argv, cwd=self.home, env=self.environment, capture_output=True, timeout=60, check=False)

    def calls(self):
        """Calls on files of the home by the program itself: the name, which one of that name, and whether it changes anything. Of
        those that are alike, the first and the last."""
        self.fresh()
        self.before = names(self.home)
        whole = self.run("-e", "trace=" + ",".join("?" + name for name in CHANGES + LOOKS))
        assert whole.returncode == 0, whole.stderr
        self.after = names(self.home)
        lines = filter(None, map(LINE.match, self.log.read_text(errors="replace").splitlines()))
        counts, alike, first = {}, {}, None
        for line in lines:
            first = first or line["pid"]
            if line["pid"] != first:
                continue
            name, rest = line["name"], line["rest"]
            counts[name] = counts.get(name, 0) + 1
            if str(self.home) in rest:
                changes = name in CHANGES and (not name.startswith("open") or "O_CREAT" in rest or "O_TMPFILE" in rest)
                alike.setdefault((name, re.sub(r"\d+", "", rest)), []).append((name, counts[name], changes))
        return sorted({call for calls in alike.values() for call in (calls[0], calls[-1])})

    def judge(self, call, how):
        """What is wrong after the program was killed in a call, or the call was refused."""
        name, number, _ = call
        self.fresh()
        run = self.run("-e", f"inject={name}:{how}:when={number}")
        here = f"{' '.join(self.command.words)}: {name} number {number}, {how}, status {run.returncode}"
        wrong = []
        if b"panicked" in run.stderr or run.returncode in (101, -6, -11):
            wrong.append(f"a panic: {run.stderr!r}")
        if writers.holds_secret(run.stderr):
            wrong.append("a secret on stderr")
        left = names(self.home)
        if self.command.words[0] == "exec" and run.returncode == 0:
            # The program ran. A file that could not be looked at or removed afterwards stays (the manual's known gaps).
            return []
        for name in self.command.changes:
            # A move that fails takes the keys out of the new file again, and leaves what is no secret.
            undone = run.returncode > 0 and name not in self.before and not writers.holds_secret(left.get(name, b""))
            if left.get(name) not in (self.before.get(name), self.after.get(name)) and not undone:
                wrong.append(f"{name} is neither the old nor the new one")
            if run.returncode == 0 and left.get(name) != self.after.get(name):
                wrong.append(f"{name} was not written, and nothing is said")
        if how.startswith("error"):
            if run.returncode < 0:
                wrong.append("ends by a signal")
            if run.returncode > 0 and b"Error: " not in run.stderr:
                wrong.append(f"no error is told: {run.stderr!r}")
            extra = set(left) - set(self.before) - set(self.after) - set(self.command.changes)
            if extra and name not in ("unlink", "unlinkat"):
                wrong.append(f"it leaves {sorted(extra)}")
        # The next one of its kind finds its way, and clears away what lay there.
        empty = left.get("secret.txt") == b""  # A kill before it was noted for the next run leaves this, and no secret.
        as_before = all(left.get(name) == self.before.get(name) for name in self.command.changes)
        if not empty and (self.command.again or as_before):
            again = self.run()
            if again.returncode != 0:
                wrong.append(f"afterwards it fails with {again.stderr!r}")
            extra = set(names(self.home)) - set(self.after)
            if extra:
                wrong.append(f"the next one leaves {sorted(extra)}")
        return [f"{here}: {what}" for what in wrong]


@pytest.mark.parametrize("command", writers.COMMANDS, ids=lambda command: " ".join(command.words[:3]))
def test_a_refused_or_cut_call_leaves_old_or_new(ksm, shared_vault, tmp_path, command):
    sweep = Sweep(ksm, shared_vault, tmp_path, command)
    calls = sweep.calls()
    assert any(changes for _, _, changes in calls), calls
    wrong = []
    for call in calls:
        if call[2]:
            wrong += sweep.judge(call, "signal=KILL")
        wrong += sweep.judge(call, "error=EIO")
    assert not wrong, "\n".join(wrong)
