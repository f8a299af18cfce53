"""Every command that writes, as root where another user may make files: he gets no secret and nothing of ours is changed for him
(F2, F5, O5). Only root can make files of other users."""

import os
import shutil
import signal
import stat
import subprocess
import time

import pytest

import profiles
import writers

STRANGER = 777
MADE = [
    (command, name)
    for command in [*writers.COMMANDS, writers.Command(("profile", "import", "-p", "new", "-f", "made.ini", "{config}"), ("made.ini",))]
    for name in (*command.changes, *(["secret.txt"] if "--file" in command.words else []))
    if name not in ("keeper.ini", *command.files)
]


@pytest.fixture
def place(tmp_path):
    """A directory for everybody, as `/tmp` is."""
    for path in (tmp_path, *tmp_path.parents):
        path.chmod(path.stat().st_mode | 0o055)
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(0o1777)
    return place


def fresh(place, command):
    for path in place.iterdir():
        # A quick stranger removes his own meanwhile.
        path.unlink(missing_ok=True) if not path.is_dir() or path.is_symlink() else shutil.rmtree(path)
    for name, text in ({"keeper.ini": profiles.ini("_default", "other")} | writers.filled(command)[1]).items():
        (place / name).write_text(text)
        (place / name).chmod(0o600)


def run(ksm, command, vault, place):
    words = writers.filled(command)[0]
    environment = writers.environment(command, vault, place)
    return subprocess.run([ksm, *words], cwd=place, env=environment, capture_output=True, timeout=60, check=False)


def given_away(place):
    """The files of other users that hold a secret."""
    found = []
    for path in place.rglob("*"):
        try:
            if path.lstat().st_uid != 0 and path.is_file() and writers.holds_secret(path.read_bytes()):
                found.append(path.name)
        except FileNotFoundError:
            pass
    return found


@pytest.mark.parametrize("plant", ["empty", "open", "link", "fifo"])
@pytest.mark.parametrize(("command", "name"), MADE, ids=lambda value: value if isinstance(value, str) else " ".join(value.words[:3]))
def test_what_a_stranger_planted_takes_no_secret(ksm, shared_vault, place, command, name, plant):
    fresh(place, command)
    target, victim = place / name, place.parent / "victim"
    victim.write_bytes(b"before")
    reader = None
    if plant == "link":
        target.symlink_to(victim)
    elif plant == "fifo":
        os.mkfifo(target)
        target.chmod(0o666)
        reader = os.open(target, os.O_RDONLY | os.O_NONBLOCK)
    else:
        target.touch()
        target.chmod(0o666 if plant == "open" else 0o600)
    os.chown(target, STRANGER, STRANGER, follow_symlinks=False)
    done = run(ksm, command, shared_vault, place)
    assert not given_away(place), done
    assert victim.read_bytes() == b"before", done
    if reader is not None:
        assert os.read(reader, 1 << 16) == b"", done
        os.close(reader)
    # He is told, or what is his went out of the way.
    if done.returncode == 0 and target.exists():
        assert target.lstat().st_uid == 0 and not stat.S_ISLNK(target.lstat().st_mode), done
    elif done.returncode != 0:
        assert b"Error: " in done.stderr and not writers.holds_secret(done.stderr), done


@pytest.mark.parametrize(("command", "name"), MADE, ids=lambda value: value if isinstance(value, str) else " ".join(value.words[:3]))
def test_a_stranger_who_is_quick_gets_no_secret(ksm, shared_vault, place, command, name):
    """He makes the file again and again while the command runs."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([]), os.setgid(STRANGER), os.setuid(STRANGER), os.umask(0)
            os.chdir(place)
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                    time.sleep(0.001)
                    os.unlink(name)
                except OSError:
                    pass
        finally:
            os._exit(0)
    try:
        for _ in range(12):
            fresh(place, command)
            done = run(ksm, command, shared_vault, place)
            assert not given_away(place), done
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
