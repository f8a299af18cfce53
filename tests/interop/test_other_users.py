"""What other users of the machine put in our way: files, links, FIFOs and directories of theirs (D32, F1, F2, F5, O5).

Each case runs as root and as an ordinary user: root has more to lose.
"""

import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

import profiles

US, STRANGER, OVERFLOW = 12345, 777, 65534
# In a namespace that knows us alone, everybody else is the overflow user.
KNOWS_US = ("unshare", "--user", "--map-root-user")
KNOWS_NOBODY = ("unshare", "--user")
SECRET = profiles.config("_default")["privateKey"]


class Ground:
    """A directory in which every user makes files, and one that is ours, with a store."""

    def __init__(self, path, ksm, user):
        self.user, self.path = user, path
        path.chmod(0o755)
        self.shared = self.directory("shared", mode=0o1777, owner=0)
        self.home = self.directory("home", mode=0o700, owner=user)
        self.store = self.file("home/keeper.ini", profiles.ini("_default"), owner=user)
        # The build directory may be closed to others.
        self.ksm = str(shutil.copy(ksm, path / "ksm"))

    def own(self, path, owner):
        os.chown(path, owner, owner, follow_symlinks=False)
        return path

    def directory(self, place, owner, mode=0o755):
        path = self.path / place
        path.mkdir()
        path.chmod(mode)
        return self.own(path, owner)

    def file(self, place, text, owner, mode=0o600):
        path = self.path / place
        path.write_text(text)
        path.chmod(mode)
        return self.own(path, owner)

    def link(self, place, target, owner):
        path = self.path / place
        path.symlink_to(target)
        return self.own(path, owner)

    def fifo(self, place, owner):
        path = self.path / place
        os.mkfifo(path, 0o666)
        path.chmod(0o666)
        return self.own(path, owner)

    def run(self, *args, env=None, user=None, before=(), cwd=None):
        user = self.user if user is None else user
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "KSM_INI_DIR": str(self.home)}
        return subprocess.run([*before, self.ksm, *args], env=environment | (env or {}), cwd=cwd or self.shared, user=user, group=user,
                              extra_groups=[], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)  # fmt: skip

    def export(self, target, **more):
        return self.run("-o", str(target), "profile", "export", "--file-format", "json", "--plain", **more)

    def holds_secret(self):
        """The files of others that hold a secret."""
        files = (path for path in self.path.rglob("*") if path.is_file() and not path.is_symlink() and path.name != "ksm")
        return [path for path in files if path.stat().st_uid not in (self.user, 0) and SECRET.encode() in path.read_bytes()]


@pytest.fixture(params=[0, US], ids=["root", "user"])
def ground(ksm, request):
    with tempfile.TemporaryDirectory() as path:
        yield Ground(Path(path), ksm, request.param)


def refused(run, reason):
    assert run.returncode not in (0, 101), run
    assert SECRET not in run.stdout + run.stderr
    assert reason in run.stderr, run.stderr


def test_a_strangers_file_gets_no_secret(ground):
    file = ground.file("shared/empty", "", STRANGER, 0o666)
    template = ground.file("home/template", "keeper://x/field/password", ground.user)
    refused(ground.export(file), f"belongs to another user ({STRANGER})")
    refused(ground.run("interpolate", str(template), "-o", str(file)), f"belongs to another user ({STRANGER})")
    assert file.read_text() == "" and file.stat().st_uid == STRANGER
    assert ground.holds_secret() == []


def test_root_keeps_the_owner_of_what_is_one_users(ground):
    """The path was named, and nobody but that user could have put something there."""
    if ground.user != 0:
        return
    theirs = ground.directory("theirs", owner=STRANGER, mode=0o700)
    file = ground.file("theirs/file", "old", STRANGER, 0o640)
    assert ground.export(file).returncode == 0
    about = file.stat()
    assert (about.st_uid, about.st_gid, stat.S_IMODE(about.st_mode)) == (STRANGER, STRANGER, 0o640)
    # A new one is ours all the same.
    assert ground.export(theirs / "new").returncode == 0
    assert (theirs / "new").stat().st_uid == 0
    # In a directory of many, it may be anybody's trap.
    refused(ground.export(ground.file("shared/file", "old", STRANGER)), "belongs to another user")


def test_a_user_takes_over_neither_roots_file_nor_group(ground):
    """Root's file would become the user's, and the user cannot give a file to a group that others are in."""
    if ground.user == 0:
        return
    roots = ground.file("home/roots", "old", 0, 0o644)
    refused(ground.export(roots), "belongs to another user (0)")
    assert (roots.read_text(), roots.stat().st_uid) == ("old", 0)
    file = ground.file("home/file", "old", ground.user, 0o660)
    os.chown(file, ground.user, STRANGER)
    assert ground.export(file).returncode == 0
    about = file.stat()
    assert (about.st_uid, about.st_gid, stat.S_IMODE(about.st_mode)) == (ground.user, ground.user, 0o600)


@pytest.mark.parametrize("through_link", [False, True])
def test_a_strangers_fifo_gets_no_secret(ground, through_link):
    fifo = ground.fifo("shared/fifo", STRANGER)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    target = ground.link("shared/link", "fifo", STRANGER) if through_link else fifo
    refused(ground.export(target), f"user {STRANGER}" if through_link else f"({STRANGER})")
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_our_own_fifo_and_devices_are_written_to(ground):
    fifo = ground.fifo("shared/fifo", ground.user)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    assert ground.export(fifo).returncode == 0
    assert SECRET.encode() in os.read(reader, 1 << 16)
    os.close(reader)
    # Our stdout here is a pipe of root's, which no other user may open again.
    for device in ("/dev/null", *(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] if ground.user == 0 else [])):
        run = ground.export(device)
        assert run.returncode == 0 and (SECRET in run.stdout) == (device != "/dev/null"), run


def test_a_strangers_link_on_the_way_is_not_followed(ground):
    inside = ground.directory("home/inside", ground.user)
    for owner, name in ((STRANGER, "theirs"), (ground.user, "ours")):
        ground.link(f"shared/{name}", str(inside), owner)
    refused(ground.export(ground.shared / "theirs/file"), f"user {STRANGER}")
    refused(ground.run("exec", "--file", f"{ground.shared}/theirs/file=x/field/password", "true"), f"user {STRANGER}")
    refused(ground.run("profile", "import", "--ini-file", str(ground.shared / "theirs/new.ini"), profiles.ini("a")), "")
    assert list(inside.iterdir()) == []
    assert ground.export(ground.shared / "ours/file").returncode == 0
    assert (inside / "file").stat().st_uid == ground.user


def test_a_link_leads_to_no_directory_of_a_stranger(ground):
    theirs = ground.directory("theirs", STRANGER, mode=0o777)
    ground.link("home/link", str(theirs), ground.user)
    refused(ground.export(ground.home / "link/file"), f"belongs to user {STRANGER}")
    assert list(theirs.iterdir()) == []


def test_nobody_is_a_stranger_where_nobody_is_known(ground):
    ground.file("shared/keeper.ini", profiles.ini("planted"), OVERFLOW, 0o444)
    nowhere = {"KSM_INI_DIR": ""}
    refused(ground.run("profile", "list", env=nowhere), f"belongs to user {OVERFLOW}")
    # There, every file of the host's is the overflow user's.
    mount = ground.directory("mount", owner=0)
    ground.file("mount/keeper.ini", profiles.ini("mounted"), 0, 0o444)
    run = ground.run("profile", "list", env=nowhere, before=KNOWS_US, cwd=mount)
    assert run.returncode == 0 and "mounted" in run.stdout, run
    # Where everybody makes files, it may be anybody's.
    ground.file("shared/keeper.ini", profiles.ini("planted"), STRANGER, 0o444)
    for namespace in (KNOWS_US, KNOWS_NOBODY):
        refused(ground.run("profile", "list", env=nowhere, before=namespace), f"belongs to user {OVERFLOW}")


def test_an_unknown_user_gets_no_secret(ground):
    fifo = ground.fifo("shared/fifo", STRANGER)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    for namespace in (KNOWS_US, KNOWS_NOBODY):
        refused(ground.export(fifo, before=namespace), f"belongs to another user ({OVERFLOW})")
    assert os.read(reader, 1) == b""
    os.close(reader)
    theirs = ground.directory("theirs", STRANGER, mode=0o777)
    file = ground.file("theirs/file", "", STRANGER, 0o666)
    refused(ground.export(file, before=KNOWS_US), f"belongs to another user ({OVERFLOW})")
    ground.link("home/link", str(theirs), ground.user)
    refused(ground.export(ground.home / "link/new", before=KNOWS_US), f"belongs to user {OVERFLOW}")
    ground.link("shared/link", str(ground.home), STRANGER)
    refused(ground.export(ground.shared / "link/new", before=KNOWS_US), f"belongs to user {OVERFLOW}")
    assert os.listdir(theirs) == ["file"] and file.read_text() == ""
    ground.link("home/shared", str(ground.shared), ground.user)
    for place in (ground.shared / "named", ground.home / "named", ground.home / "shared/behind", "/dev/null"):
        run = ground.export(place, before=KNOWS_US)
        assert run.returncode == 0, run
    assert (ground.shared / "behind").stat().st_uid == ground.user


def test_nothing_private_lies_with_an_unknown_user(ground):
    theirs = ground.directory("theirs", STRANGER, mode=0o1777)
    ours = ground.directory("theirs/ours", ground.user, mode=0o700)
    group = ground.directory("group", STRANGER, mode=0o770)
    os.chown(group, STRANGER, ground.user)
    shown = ("dev", "--", "sh", "-c", "echo $KSM_CA_FILE")
    for place in (theirs, ours, group):
        run = ground.run(*shown, env={"XDG_RUNTIME_DIR": str(place)}, before=KNOWS_US)
        assert run.returncode == 0 and run.stdout.startswith("/dev/shm/"), run
        run = ground.run("config", "cache", "--clear", env={"KSM_CACHE_DIR": str(place)}, before=KNOWS_US)
        refused(run, "can be changed by other users")
    # Above it are directories of root's, which nobody knows there either.
    place = ground.directory("run", ground.user, mode=0o700)
    run = ground.run(*shown, env={"XDG_RUNTIME_DIR": str(place)}, before=KNOWS_US)
    assert run.returncode == 0 and run.stdout.startswith(f"{place}/"), run
    run = ground.run("config", "cache", "--clear", env={"KSM_CACHE_DIR": str(place)}, before=KNOWS_US)
    assert run.returncode == 0, run


def test_what_cannot_be_locked_is_told_with_its_cure(ground):
    lock = ground.home / "keeper.ini.lock"
    for what, make in (
        ("a symbolic link", lambda place: ground.link(place, "keeper.ini", STRANGER)),
        ("a FIFO", lambda place: ground.fifo(place, STRANGER)),
        ("a directory", lambda place: ground.directory(place, STRANGER)),
    ):
        make("home/keeper.ini.lock")
        run = ground.run("profile", "active", "_default")
        refused(run, f"cannot lock {lock}, {what} that belongs to user {STRANGER}")
        assert run.returncode == 6 and f"remove it, as user {STRANGER} or as root: {lock}" in run.stderr, run
        lock.rmdir() if lock.is_dir() and not lock.is_symlink() else lock.unlink()
    ground.file("home/keeper.ini.lock", "", 0)
    run = ground.run("profile", "active", "_default")
    if ground.user == 0:
        assert run.returncode == 0, run
    else:
        refused(run, f"cannot lock {lock}, a file that belongs to user 0")
        assert run.returncode == 6 and f"`sudo chown {US} {lock}`" in run.stderr, run


def test_root_locks_no_user_out(ground):
    """The lock file is the user's whose directory it is in; one that was there may be another name of any file."""
    theirs = ground.directory("theirs", US, mode=0o700)
    made = ground.run("profile", "import", "--ini-file", str(theirs / "new.ini"), profiles.ini("a"))
    assert made.returncode == 0, made
    assert (theirs / "new.ini.lock").stat().st_uid == US
    lock = ground.file("theirs/old.ini.lock", "", ground.user)
    made = ground.run("profile", "import", "--ini-file", str(theirs / "old.ini"), profiles.ini("a"))
    assert made.returncode == 0 and lock.stat().st_uid == ground.user, made


def test_a_store_made_under_the_lock_stays_its_makers(ground, vault):
    """Whose the store is was decided before the token was sent; what came later is not touched, and the token not lost."""
    target = ground.shared / "new.ini"
    shutil.copy(vault.ca_file, ground.path / "ca.pem")
    (ground.path / "ca.pem").chmod(0o644)
    environment = {"KSM_CA_FILE": str(ground.path / "ca.pem"), "NO_PROXY": vault.no_proxy}
    init = ("--ini-file", str(target), "profile", "init", "-t", vault.another_token().text)

    def plant():
        lock = Path(f"{target}.lock")
        while not lock.exists():
            time.sleep(0.005)
        time.sleep(0.3)
        ground.file("shared/new.ini", "", STRANGER, 0o666)

    planter = threading.Thread(target=plant)
    planter.start()
    slow = ("strace", "-f", "-o", "/dev/null", "-e", "trace=connect", "-e", "inject=connect:delay_enter=1500000")
    run = ground.run(*init, env=environment, before=slow)
    planter.join()
    refused(run, "new.ini exists already")
    assert (target.read_text(), target.stat().st_uid) == ("", STRANGER)
    assert ground.holds_secret() == []
    left = [path for path in ground.shared.iterdir() if path != target]
    assert all(path.stat().st_uid == ground.user and stat.S_IMODE(path.stat().st_mode) == 0o600 for path in left), left
    target.unlink()
    assert ground.run(*init, env=environment).returncode == 0
    assert "privatekey" in target.read_text() and target.stat().st_uid == ground.user


def test_private_places_of_others_are_passed_over(ground):
    theirs = ground.directory("theirs", STRANGER, mode=0o777)
    open_to_all = ground.directory("open", ground.user, mode=0o777)
    behind = ground.link("shared/run", str(ground.directory("run", ground.user, mode=0o700)), STRANGER)
    for place in (theirs, open_to_all, behind):
        before = set(os.listdir(place))
        run = ground.run("dev", "--", "sh", "-c", "command -v ksm; echo $KSM_CA_FILE", env={"XDG_RUNTIME_DIR": str(place)})
        assert run.returncode == 0 and str(place) not in run.stdout, run
        assert set(os.listdir(place)) == before
    ours = ground.directory("ours", ground.user, mode=0o700)
    run = ground.run("dev", "--", "sh", "-c", "echo $KSM_CA_FILE", env={"XDG_RUNTIME_DIR": str(ours)})
    assert run.stdout.startswith(str(ours)), run
    assert list(ours.iterdir()) == []


def test_root_uses_what_the_caller_of_sudo_has(ground):
    project = ground.directory("project", US)
    store = ground.file("project/keeper.ini", profiles.ini("_default", "other"), US)
    found = {"KSM_INI_DIR": "", "HOME": "/nonexistent"}
    for uid, is_used in ((str(US), ground.user in (0, US)), ("777", ground.user == US), ("", ground.user == US), ("x", ground.user == US)):
        run = ground.run("profile", "list", env=found | {"SUDO_UID": uid}, cwd=project)
        assert (run.returncode == 0) == is_used, (uid, run)
    run = ground.run("profile", "active", "other", env=found | {"SUDO_UID": str(US)}, cwd=project)
    assert run.returncode == 0, run
    assert all(path.stat().st_uid == US for path in project.iterdir())
    assert "active_profile = other" in store.read_text()


def test_hints_name_the_cure(ground):
    store = ground.file("shared/keeper.ini", profiles.ini("_default"), ground.user, 0o666)
    run = ground.run("profile", "list", env={"KSM_INI_DIR": ""})
    refused(run, "chmod 600")
    ground.own(store, STRANGER)
    refused(ground.run("profile", "list", env={"KSM_INI_DIR": ""}), "chown")


def test_a_file_that_stays_is_emptied_and_told(ground):
    """The program closes the directory of its `exec --file`; root may remove there all the same."""
    line = f'"{ground.ksm}" exec --file secret=keeper://Sample-Website-000000A/field/password -- sh -c "cat secret >/dev/null; chmod 500 .; exit 7"'
    run = ground.run("dev", "--", "sh", "-c", line, cwd=ground.home)
    left = ground.home / "secret"
    assert run.returncode == 7, run
    if ground.user == 0:
        assert not left.exists() and "removed" not in run.stderr, run
    else:
        assert left.read_bytes() == b""
        assert f"{left} could not be removed, and was emptied: Permission denied" in run.stderr, run


def test_no_bus_is_ours_where_we_are_not_known(ground):
    """There, everybody is the user that we are, and the bus may be anybody's."""
    path = ground.home / "bus"
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(path))
        ground.own(path, ground.user)
        bus.listen()
        bus.settimeout(0.2)
        for before, expected in [((), 1), (KNOWS_NOBODY, 0)]:
            run = []
            ask = lambda: run.append(ground.run("keyring", "get", "any", env={"DBUS_SESSION_BUS_ADDRESS": f"unix:path={path}"}, before=before))
            asking = threading.Thread(target=ask)
            asking.start()
            asked = 0
            while asking.is_alive():
                try:
                    bus.accept()[0].close()
                    asked += 1
                except TimeoutError:
                    pass
            assert run[0].returncode not in (0, 101), run
            assert (asked > 0) == (expected > 0), (before, run)


def test_want_of_threads_is_no_mistake_of_ours(ground):
    if ground.user == 0:
        return  # whom no such limit holds
    run = ground.run("secret", "list", env={"KSM_HOSTNAME": "vault.invalid"}, before=("prlimit", "--nproc=1"))
    assert "no thread can be started" in run.stderr, run
    assert run.returncode == 1 and "`ulimit -u`" in run.stderr, run
