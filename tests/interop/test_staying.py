"""ksm as process 1 that stays with its program (D22, B3), in a PID namespace of its own."""

import base64
import os
import signal
import subprocess
import time

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


# Signals that programs and terminals send at their end. Each kind comes at about 1,000 a second.
SPRAYS = {
    "a window that changes": (signal.SIGWINCH,),
    "children that end": (signal.SIGCHLD,),
    "everything": (signal.SIGWINCH, signal.SIGCHLD, signal.SIGURG, signal.SIGUSR1, signal.SIGPIPE),
}
# How often each end is tried; the script of the gate has no time for more.
ENDS = int(os.environ.get("ENDS", "60"))


def spin(process):
    """Whether the process uses a processor without end, or does not obey: what is left of it after a moment."""
    try:
        process.wait(timeout=20)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


@pytest.mark.parametrize("spray", SPRAYS)
@pytest.mark.parametrize("options", [["--mask"], ["--capture-output"]])
def test_signals_at_the_end_make_nothing_spin(ksm, tmp_path, spray, options):
    ignore = "trap '' WINCH URG USR1 PIPE; sleep 0.0$((RANDOM % 5)); echo done"
    spun = 0
    for _ in range(ENDS):
        # One that ignores signals is not ended by them, and so is no program it starts.
        process = subprocess.Popen(
            [ksm, "exec", *options, "--", "bash", "-c", ignore],
            env=BASE | {"HOME": str(tmp_path)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        caught = 1 << (signal.SIGUSR1 - 1)
        while process.poll() is None and time.monotonic() < deadline:
            # Before it catches them they would end it.
            if caught_by(process.pid) & caught:
                for number in SPRAYS[spray]:
                    try:
                        os.kill(process.pid, number)
                    except ProcessLookupError:
                        break
            time.sleep(0.0002)
        spun += spin(process)
    assert spun == 0, f"{spun} of {ENDS}"


def caught_by(pid):
    """The signals that a process handles, as bits."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
    except (OSError, StopIteration):
        return 0


def test_orphans_that_end_with_it_make_nothing_spin(start):
    # Forty of them end in the moment in which the program does.
    line = "for i in $(seq 40); do (sleep 0.2 &); done; sleep 0.2; echo done"
    spun = 0
    for _ in range(max(ENDS // 6, 10)):
        process = start(line)
        spun += spin(process)
        process.stdout.close()
    assert spun == 0


@pytest.mark.parametrize("options", [["--mask"], ["--capture-output"]])
def test_waiting_output_is_ended_among_other_signals(ksm, tmp_path, options):
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [ksm, "exec", *options, "--", "head", "-c", "400000", "/dev/zero"],
        env=BASE | {"HOME": str(tmp_path)},
        stdout=writer,
    )
    os.close(writer)
    time.sleep(1)
    for _ in range(1000):
        os.kill(process.pid, signal.SIGWINCH)
    os.kill(process.pid, signal.SIGTERM)
    assert not spin(process)
    assert process.returncode == -signal.SIGTERM
    os.close(reader)


def memory_of(pid):
    """What a process can write to, which is where it keeps what it read."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            if "w" in rights:
                begin, end = (int(number, 16) for number in place.split("-"))
                memory.seek(begin)
                parts.append(memory.read(end - begin))
    return b"".join(parts)


def test_no_key_stays_in_memory_while_the_program_runs(ksm, vault, tmp_path):
    environment = BASE | {"HOME": str(tmp_path), "KSM_CA_FILE": vault.ca_file, "NO_PROXY": vault.no_proxy}
    config = vault.config_json
    store = tmp_path / "keeper.ini"
    known = {name.lower(): value for name, value in config.items()}
    lines = [f"{name} = {value}" for name, value in known.items()]
    store.write_text("\n".join(["[_default]", *lines, "", "[_config]", "active_profile = _default", ""]))
    store.chmod(0o600)
    process = subprocess.Popen(
        [ksm, "exec", "-e", "F=@file:web-AAAAAAAAAAAAAAAAAA/field/password", "--", "sh", "-c", "cat $F; echo; exec sleep 60"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert "canary" in process.stdout.readline()
        memory = memory_of(process.pid)
        assert b"_default" in memory or len(memory) > 100_000
        for name in ("privatekey", "appkey"):
            key = known[name]
            raw = base64.b64decode(key + "==")
            # The scalar of a private key is in the middle of its encoding.
            secret = raw[-32:] if name == "appkey" else raw[36:68]
            assert key.encode() not in memory, f"{name} as text"
            assert secret not in memory, f"{name} as bytes"
    finally:
        process.kill()
        process.wait()
