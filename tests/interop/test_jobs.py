"""Job control of a program that ksm stays with, at a shell on a terminal (supervision 3)."""

import os
import re
import signal
import subprocess
import time

import pytest

from programs import BASE
from terminal import Shell, eventually, state

FILE = "-e F=@file:web-AAAAAAAAAAAAAAAAAA/field/password"


@pytest.fixture
def shell(ksm, shared_vault, tmp_path):
    (tmp_path / "ksm").symlink_to(ksm)
    ours = {"KSM_CONFIG": shared_vault.config, "KSM_CA_FILE": shared_vault.ca_file, "NO_PROXY": shared_vault.no_proxy}
    shell = Shell(BASE | ours | {"HOME": str(tmp_path), "PATH": f"{tmp_path}:{BASE['PATH']}"}, tmp_path)
    yield shell
    shell.close()


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return int(children.read().split()[0])


def interrupt(shell):
    """Presses Ctrl-C until the prompt shows: a shell goes on if the key comes between two of its commands."""
    eventually(lambda: shell.press("\x03") or shell.shows(r"prompt\$ "), "it is not interrupted")


# Starts that a key comes into. The moment of each is another.
PRESSES = int(os.environ.get("PRESSES", "100"))

WAYS = ["--mask", FILE, "--capture-output"]


@pytest.mark.parametrize("way", WAYS)
def test_a_program_that_stops_returns_to_the_shell(shell, way):
    shell.run(f"ksm exec {way} -- sh -c 'kill -STOP $$; echo went on; exit 7'")
    shell.expect("Stopped")
    shell.prompt()
    assert shell.is_cooked()
    shell.run("echo still $((1 + 1))")
    shell.expect("still 2")
    shell.prompt()
    shell.run("fg")
    shell.expect(r"\nwent on")
    shell.prompt()
    assert shell.is_cooked()
    shell.run("echo status $?")
    shell.expect("status 7")


@pytest.mark.parametrize("way", [FILE, "--capture-output"])
def test_the_key_that_stops_programs_stops_ours(shell, way):
    # `sh` may be dash, which no key stops while it starts a program, under ksm or not.
    shell.run(f"ksm exec {way} -- bash -c 'echo begun >&2; sleep 0.5; cat; echo went on'")
    if way == FILE:
        shell.expect(r"\nbegun")
    else:
        shell.expect(r"\n")
        eventually(lambda: jobs(shell), "it does not start")
    shell.press("\x1a")
    shell.expect("Stopped")
    shell.prompt()
    shell.run("fg")
    shell.press("typed\r\x04")
    shell.expect(r"\nwent on")
    shell.prompt()


@pytest.mark.parametrize("key, seen", [("\x1a", "Stopped"), ("\x03", r"\^C")])
def test_a_key_at_any_moment_of_the_start_counts(shell, key, seen):
    for number in range(PRESSES):
        shell.run("ksm exec --capture-output -- sleep 61")
        while shell.front() != "ksm":
            pass
        time.sleep(number % 100 * 0.00004)
        shell.press(key)
        shell.expect(seen)
        shell.prompt()
        shell.run("kill -9 %%")
        shell.prompt()


def jobs(shell):
    found = subprocess.run(["pgrep", "-s", str(shell._process.pid), "-x", "sleep|cat"], capture_output=True)
    return bool(found.stdout)


@pytest.mark.parametrize("way", WAYS)
def test_who_stops_ksm_stops_its_program_and_wakes_both(shell, way):
    shell.run(f"ksm exec {way} -- sleep 61 & echo job $!.")
    ksm = int(shell.expect(r"\njob (\d+)\.").group(1))
    shell.prompt()
    eventually(lambda: has_child(ksm, "sleep"), "it does not start")
    program = child_of(ksm)
    os.kill(ksm, signal.SIGTSTP)
    eventually(lambda: state(program) == "T" and state(ksm) == "T", "one of them goes on")
    os.kill(ksm, signal.SIGCONT)
    eventually(lambda: state(program) == "S" and state(ksm) == "S", "one of them stays")
    os.kill(ksm, signal.SIGTERM)
    eventually(lambda: state(program) in (None, "Z"), "it does not end")


def test_who_stops_ksm_stops_a_session_of_its_own(shell):
    shell.run("ksm exec --mask -- bash -c 'echo pids $PPID $$.; while :; do sleep 0.1; done'")
    ksm, program = map(int, shell.expect(r"pids (\d+) (\d+)\.").groups())
    eventually(lambda: not shell.is_cooked(), "its keys are not passed on")
    os.kill(ksm, signal.SIGTSTP)
    shell.expect("Stopped")
    shell.prompt()
    assert state(program) == "T"
    assert shell.is_cooked()
    shell.run("fg")
    eventually(lambda: state(program) == "S" and not shell.is_cooked(), "it stays")
    interrupt(shell)
    assert shell.is_cooked()
    assert state(program) is None


def has_child(pid, name):
    try:
        child = child_of(pid)
        with open(f"/proc/{child}/comm") as comm:
            return comm.read().strip() == name
    except (IndexError, FileNotFoundError):
        return False


@pytest.mark.parametrize("stdin", ["", "</dev/null"])
def test_a_new_size_and_its_signal_arrive(shell, stdin):
    # bash forgets a signal that comes while it runs the trap of the same signal, so the trap only counts.
    program = (
        "trap 'came=$((came + 1))' WINCH; echo pid $PPID.; "
        "while :; do sleep 0.05; if ((came > told)); then told=$came; stty size <&1; fi; done"
    )
    shell.run(f'ksm exec --mask -- bash -c "{program.replace("$", chr(92) + "$")}" {stdin}')
    ksm = int(shell.expect(r"pid (\d+)\.").group(1))
    shell.resize(40, 132)
    shell.expect("40 132")
    # Nobody knows why somebody sends it; it arrives.
    os.kill(ksm, signal.SIGWINCH)
    shell.expect("40 132")
    interrupt(shell)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", ["exec sleep 62", "kill -STOP $$"])
def test_a_window_that_closes_ends_all(shell, way, how):
    shell.run(f"ksm exec {way} -- sh -c 'echo pids $PPID $$. >/dev/tty; {how}'")
    ksm, program = map(int, shell.expect(r"\npids (\d+) (\d+)\.").groups())
    if "STOP" in how:
        shell.expect("Stopped")
    shell.hang_up()
    for pid in (program, ksm):
        eventually(lambda: state(pid) in (None, "Z"), "it goes on without a terminal")


@pytest.mark.parametrize("way", [FILE, "--mask"])
@pytest.mark.parametrize("stdin", ["", "</dev/null", "<<< text"])
def test_a_password_is_read_from_the_terminal_without_echo(shell, way, stdin):
    program = 'read -rsp "Say it: " word </dev/tty; echo; echo length ${#word}'
    shell.run(f"ksm exec {way} -- bash -c '{program}' {stdin}")
    shell.expect(r"\n.*Say it: ")
    # Echo is off before the prompt shows; ours is a moment later to know.
    eventually(lambda: not shell.echoes(), "what is typed shows")
    shell.press("open-sesame\r")
    shell.expect(r"\nlength 11")
    shell.prompt()
    assert "open-sesame" not in shell.shown
    assert shell.echoes()


def test_a_terminal_is_made_only_for_a_mask(shell):
    shell.run("tty; ksm exec -e F=@file:web-AAAAAAAAAAAAAAAAAA/field/password -- tty; ksm exec --mask -- tty")
    direct, with_file, with_mask = (shell.expect(r"(/dev/pts/\d+)\s").group(1) for _ in range(3))
    assert direct == with_file != with_mask
    shell.prompt()


def test_a_background_job_leaves_keys_to_the_shell(shell):
    shell.run("ksm exec --mask -- sh -c 'kill -STOP $$; sleep 3; echo woke'")
    shell.expect("Stopped")
    shell.prompt()
    shell.run("bg")
    shell.prompt()
    for number in range(5):
        shell.run(f"echo typed $(({number} + 10))")
        shell.expect(f"typed 1{number}")
    shell.expect("woke")
    assert not re.search("Stopped", shell.shown[shell.shown.index("bg") :])


def test_the_prompt_stops_quits_and_asks_again(shell):
    shell.run("env -u KSM_CONFIG ksm profile init")
    shell.expect("it is not shown")
    eventually(lambda: not shell.echoes(), "what is typed shows")
    shell.press("US:canary\x1a")
    shell.expect("Stopped")
    shell.prompt()
    assert shell.echoes() and shell.is_cooked()
    shell.run("fg")
    shell.expect("it is not shown")
    eventually(lambda: not shell.echoes(), "what is typed shows")
    shell.press("US:canary\x1c")
    shell.expect("Quit")
    shell.prompt()
    assert shell.echoes() and shell.is_cooked()
    assert "canary" not in shell.shown
