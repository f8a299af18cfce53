"""ksm as process 1 that stays with its program (D22, B3), in a PID namespace of its own."""

import signal
import subprocess

import pytest

from programs import BASE


@pytest.fixture
def start(ksm, tmp_path):
    """Starts a shell line under a ksm that is process 1. The namespace dies with it, and so does everybody in it."""

    def start(line):
        command = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child"]
        return subprocess.Popen(
            [*command, ksm, "exec", "--mask", "--", "sh", "-c", line],
            env=BASE | {"HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )

    return start


def ended(process):
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_it_ends_as_its_program_ends(start):
    assert ended(start("echo $PPID; exit 7")) == (7, "1\n")
    assert ended(start("kill -TERM $$")) == (128 + signal.SIGTERM, "")
    assert ended(start("kill -KILL $$")) == (128 + signal.SIGKILL, "")


def test_it_buries_the_dead_of_others(start):
    # Those that nobody buries stay until the whole namespace ends, and so would the loop.
    line = "for i in 1 2 3; do (sh -c 'exit 3' &); done; sleep 0.5; while cat /proc/[0-9]*/stat | grep -q ') Z '; do sleep 0.1; done; echo buried"
    assert ended(start(line)) == (0, "buried\n")


def test_a_container_that_is_stopped_ends(start):
    line = "trap 'echo stopped; exit 9' TERM; kill -TERM 1; while :; do sleep 0.02; done"
    assert ended(start(line)) == (9, "stopped\n")
