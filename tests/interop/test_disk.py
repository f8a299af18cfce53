"""Disks that are full and files that are mounts: what only root can set up (F3, T1)."""

import resource
import signal
import subprocess

import pytest

import profiles


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "home"
    path.mkdir()
    store = path / "keeper.ini"
    store.write_text(profiles.ini("_default", "other"))
    store.chmod(0o600)
    return path


def in_namespace(script, home, *args, env):
    """Runs a shell script whose mounts nobody else sees."""
    command = ["unshare", "--mount", "sh", "-ec", script, *args]
    return subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def environment(vault):
    return {"KSM_CA_FILE": vault.ca_file, "KSM_CLI_TOKEN": vault.token.text, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def test_a_full_disk_keeps_both_store_and_token(ksm, home, environment):
    script = """
        mkdir full; mount -t tmpfs -o size=8k none full; cp keeper.ini full; cd full
        head -c 99999 /dev/zero > fill 2>/dev/null || :
        for command in "init -p new" "active other" "delete other"; do
            "$0" profile $command && exit 99 || echo $?
        done
        # Room for one more file, but a bind takes two for a moment.
        rm fill; "$0" profile init -p new && exit 99 || echo $?
        cmp keeper.ini ../keeper.ini; ls -A
        mount -o remount,size=64k .; "$0" profile init -p new
    """
    run = in_namespace(script, home, ksm, env=environment)
    assert (run.returncode, run.stdout) == (0, "6\n6\n6\n6\nkeeper.ini\nkeeper.ini.lock\n"), run.stderr
    assert run.stderr.count("No space left on device") == 4, run.stderr


def test_a_store_that_is_a_mount_costs_no_token(ksm, home, environment):
    script = """
        cp keeper.ini other.ini; mount --bind other.ini keeper.ini
        "$0" profile init -p new && exit 99 || echo $?
        umount keeper.ini; "$0" profile init -p new
    """
    run = in_namespace(script, home, ksm, env=environment)
    assert (run.returncode, run.stdout) == (0, "6\n"), run.stderr
    assert "mount its directory instead" in run.stderr


def test_an_interrupted_save_leaves_the_old_or_new_store(ksm, home, environment):
    store = home / "keeper.ini"
    before = store.read_bytes()
    outcomes = set()
    for room in (*range(0, 40), *range(40, len(before) + 60, 37)):
        def limit(room=room):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        command = [ksm, "profile", "active", "other"]
        run = subprocess.run(command, cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             preexec_fn=limit, restore_signals=False, timeout=60, check=False)  # fmt: skip
        outcomes.add(run.returncode)
        if run.returncode == 6:
            assert store.read_bytes() == before, room
        else:
            assert (run.returncode, b"active_profile = other" in store.read_bytes()) == (0, True), room
            store.write_bytes(before)
        assert sorted(path.name for path in home.iterdir()) == ["keeper.ini", "keeper.ini.lock"]
    assert outcomes == {0, 6}
