"""A user at a terminal: an interactive shell, keys to press, and what shows."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

TIMEOUT = 30


BASH = ["bash", "--norc", "--noprofile", "--noediting", "-i"]


class Shell:
    """A shell, `bash` by default, with job control on a terminal of its own."""

    def __init__(self, environment, directory, program=BASH):
        self._keys, theirs = pty.openpty()
        fcntl.ioctl(self._keys, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 97, 0, 0))
        self._process = subprocess.Popen(
            program,
            env=environment | {"PS1": "prompt$ ", "TERM": "dumb", "HISTFILE": ""},
            cwd=directory,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_control,
        )
        os.close(theirs)
        self._shown = ""
        self._read_until = 0
        if program is BASH:
            self.prompt()

    def press(self, keys):
        os.write(self._keys, keys.encode())

    def run(self, line):
        """Types a line, and passes over its echo."""
        self.press(line + "\r")
        self.expect(re.escape(line[-20:]))

    def expect(self, pattern, timeout=TIMEOUT):
        """Waits for what matches, after all that was expected before, and returns the match."""
        deadline = time.monotonic() + timeout
        while True:
            found = re.compile(pattern).search(self._shown, self._read_until)
            if found:
                self._read_until = found.end()
                return found
            left = deadline - time.monotonic()
            assert left > 0, f"no {pattern!r} in {self._shown[self._read_until :]!r} after {self._shown[: self._read_until]!r}"
            if select.select([self._keys], [], [], left)[0]:
                self._shown += os.read(self._keys, 65536).decode(errors="replace")

    def shows(self, pattern, timeout=0.3):
        """Whether it shows within a moment."""
        try:
            self.expect(pattern, timeout)
            return True
        except AssertionError:
            return False

    def settles(self, quiet=0.2):
        """Waits until nothing more shows, and returns what did."""
        before = len(self._shown)
        while select.select([self._keys], [], [], quiet)[0]:
            self._shown += os.read(self._keys, 65536).decode(errors="replace")
        return self._shown[before:]

    def prompt(self):
        self.expect(r"prompt\$ ")

    @property
    def shown(self):
        return self._shown

    def front(self):
        """The program that the keys are for, by name."""
        try:
            with open(f"/proc/{os.tcgetpgrp(self._keys)}/comm") as name:
                return name.read().strip()
        except FileNotFoundError:
            return None

    def is_cooked(self):
        return bool(termios.tcgetattr(self._keys)[3] & termios.ICANON)

    def echoes(self):
        return bool(termios.tcgetattr(self._keys)[3] & termios.ECHO)

    def resize(self, lines, columns):
        fcntl.ioctl(self._keys, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def hang_up(self):
        """Closes the window."""
        os.close(self._keys)
        self._process.wait(timeout=TIMEOUT)

    def close(self):
        self._process.kill()
        self._process.wait()
        for line in subprocess.run(["ps", "-o", "pid=", "-s", str(self._process.pid)], capture_output=True, text=True).stdout.split():
            try:
                os.kill(int(line), signal.SIGKILL)
            except ProcessLookupError:
                pass


def _control():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def state(pid):
    """The letter that the system has for what a process does; `None` for one that is gone."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(") ", 1)[1][0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def eventually(holds, what):
    deadline = time.monotonic() + TIMEOUT
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)
