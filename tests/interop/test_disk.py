"""Disks that are full and files that are mounts: what only root can set up (F3, T1)."""

import json
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


WRITES = "openat,write,fsync,linkat,renameat,renameat2,unlinkat,fchmod,flock,exit_group"


def killed_at(ksm, home, call, nth, *args, signal="KILL"):
    """Runs ksm and kills it at the nth call of this kind; tells whether it came so far."""
    inject = ("strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal={signal}:when={nth}")
    run = subprocess.run([*inject, ksm, *args], cwd=home, env={"PATH": "/usr/bin:/bin"}, capture_output=True, timeout=60, check=False)
    return run.returncode < 0 or run.returncode == 128 + 9


def leftovers(home):
    return sorted(path.name for path in home.iterdir() if path.name.endswith(".new"))


@pytest.mark.parametrize("old", [None, "old"], ids=["new", "replaced"])
def test_a_killed_output_is_whole_or_absent(ksm, home, old):
    """Wherever it is killed: the old file or the new one, and nothing beside it but for the moment before a rename."""
    out = home / "out"
    export = ("-o", "out", "profile", "export", "--file-format", "json", "--plain")
    subprocess.run([ksm, *export], cwd=home, env={}, check=True)
    whole = out.read_bytes()
    kills = 0
    for call in WRITES.split(","):
        for nth in range(1, 60):
            out.unlink(missing_ok=True)
            if old:
                out.write_text(old)
            if not killed_at(ksm, home, call, nth, *export):
                break
            kills += 1
            found = out.read_bytes() if out.exists() else None
            assert found in (whole, old and old.encode()), (call, nth)
            if leftovers(home):
                assert old and call in ("renameat", "renameat2", "openat", "linkat"), (call, nth, leftovers(home))
            # The next write of that path removes what the moment left.
            subprocess.run([ksm, *export], cwd=home, env={}, check=True)
            assert leftovers(home) == [] and out.read_bytes() == whole, (call, nth)
    assert kills > 10


def test_an_output_too_large_for_a_limit_leaves_nothing(ksm, home):
    """SIGXFSZ, which ends a program as SIGKILL does, where nobody ignores it."""
    limit = "ulimit -f 0; exec \"$0\" -o out profile export --file-format json --plain"
    run = subprocess.run(["sh", "-c", limit, ksm], cwd=home, env={}, capture_output=True, timeout=60, check=False)
    assert run.returncode != 0
    assert sorted(path.name for path in home.iterdir()) == ["keeper.ini"]


@pytest.mark.parametrize("error", ["ENOLCK", "EOPNOTSUPP"])
def test_a_file_system_without_locks_is_told(ksm, home, error):
    inject = ("strace", "-f", "-o", "/dev/null", "-e", "trace=flock", "-e", f"inject=flock:error={error}")
    run = subprocess.run([*inject, ksm, "profile", "active", "other"], cwd=home, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 6
    assert "cannot lock files" in run.stderr and "KSM_INI_DIR" in run.stderr, run.stderr


def test_only_who_can_close_a_file_is_told_to(ksm, home, environment):
    """What is mounted read-only was given its mode elsewhere."""
    (home / "config").write_text(json.dumps(profiles.config("_default")))
    script = """
        rm keeper.ini; chmod 644 config; export KSM_CONFIG_FILE="$PWD/config"
        "$0" profile list 2>&1 >/dev/null; echo -
        mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"; "$0" profile list 2>&1 >/dev/null
    """
    run = in_namespace(script, home, ksm, env=environment)
    told, silent = run.stdout.split("-\n")
    assert run.returncode == 0 and "is too open" in told and silent == "", run


def test_files_are_made_without_unnamed_ones(ksm, home):
    """Where the system has no `O_TMPFILE`, or gives such files no name; here a kernel that says so stands for it."""
    export = (ksm, "-o", "out", "profile", "export", "--file-format", "json", "--plain")
    for inject in ("inject=linkat:error=EPERM", "inject=linkat:error=ENOSYS", "inject=renameat2:error=EINVAL"):
        call = inject.split("=")[1].split(":")[0]
        for _ in range(2):
            run = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, *export], cwd=home,
                                 env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
            assert run.returncode == 0, (inject, run.stderr)
            assert sorted(path.name for path in home.iterdir()) == ["keeper.ini", "out"]
        (home / "out").unlink()
