"""Runs scripts of Python in forks of a process that has imported what the official CLI is made of, which is most of what a run takes.

What reads the environment while it is imported stays out: the CLI itself, its SDK, and `keyring`.
"""

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from importlib import import_module

LIBRARIES = (
    *("click", "click_help_colors", "click_repl", "colorsys", "importlib_metadata", "iso8601", "jsonpath_rw_ext", "prompt_toolkit", "psutil"),
    *("requests", "secretstorage", "update_checker", "yaml", "keeper_secrets_manager_helper.v3.record"),
    *("jaraco.classes.properties", "jaraco.context", "jaraco.functools"),
    *("cryptography.hazmat.primitives.asymmetric.ec", "cryptography.hazmat.primitives.ciphers.aead", "cryptography.hazmat.primitives.serialization"),
)
# In bytes, of a command with its environment.
MOST = 1 << 18


class Prepared:
    """The process that forks, from the first run on."""

    def __init__(self):
        self._one_at_a_time = threading.Lock()
        self._channel = None

    def run(self, command, *, env, input, cwd, timeout, **_):
        """As `subprocess.run` with `capture_output`, for a command of Python's and a script."""
        _, *words = command
        asked = json.dumps({"words": words, "environment": env, "directory": str(cwd)}).encode()
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            stdin.write(input)
            stdin.seek(0)
            with self._one_at_a_time:
                status = self._ask(asked, [stdin.fileno(), stdout.fileno(), stderr.fileno()], timeout)
            if status is None:
                raise subprocess.TimeoutExpired(command, timeout)
            stdout.seek(0)
            stderr.seek(0)
            return subprocess.CompletedProcess(command, status, stdout.read(), stderr.read())

    def _ask(self, asked, streams, timeout):
        """The status, or `None` if it takes too long."""
        if self._channel is None:
            self._start()
        socket.send_fds(self._channel, [asked], streams)
        self._channel.settimeout(timeout)
        try:
            return json.loads(self._channel.recv(MOST))
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._channel = None
            return None

    def _start(self):
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()


def forked(channel):
    """Forks for each command that is asked for, and returns it in the fork."""
    for library in LIBRARIES:
        import_module(library)
    while True:
        asked, streams, *_ = socket.recv_fds(channel, MOST, 3)
        if not asked:
            sys.exit()
        child = os.fork()
        if child == 0:
            return json.loads(asked), streams
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        channel.send(json.dumps(os.waitstatus_to_exitcode(status)).encode())


def main():
    channel = socket.socket(fileno=int(sys.argv[1]))
    asked, streams = forked(channel)
    channel.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["directory"])
    sys.argv = asked["words"]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
