"""`ksm.exe` under wine: paths, devices, encodings, profiles in files and in the Credential Manager, access lists, `ksm dev`.

wine keeps access lists as modes of the files on this system, with the classes owner, administrators (shown as the group) and all
others. What lists say of other users and groups is tested by unit tests of `private_file::access` alone.
"""

import pytest

from windows import path

pytestmark = pytest.mark.xdist_group("windows")
SECRET = b"canary-web-password"
REFERENCE = "keeper://web-AAAAAAAAAAAAAAAAAA/field/password"


@pytest.fixture
def here(windows, tmp_path_factory):
    """A directory of the test's own on drive C."""
    made = windows.drive / tmp_path_factory.mktemp("files").name
    made.mkdir()
    return made


def c(file, windows):
    return "C:\\" + str(file.relative_to(windows.drive)).replace("/", "\\")


def mode(file):
    return file.stat().st_mode & 0o777


@pytest.mark.parametrize("device", ["NUL", "nul", "C:\\windows\\Nul", "\\\\.\\NUL", "NUL:"])
def test_a_device_is_written_to(windows, shared_vault, here, device):
    windows.ksm("-o", device, "secret", "notation", REFERENCE, vault=shared_vault, cwd=here).succeeds()
    assert list(here.iterdir()) == []


@pytest.fixture(scope="module")
def token(shared_vault):
    return shared_vault.another_token().text


@pytest.fixture
def reach(shared_vault):
    return {"KSM_CA_FILE": path(shared_vault.ca_file), "NO_PROXY": shared_vault.no_proxy}


def value_of(windows, reach, here):
    return windows.ksm("secret", "notation", REFERENCE, env=reach, cwd=here).succeeds().stdout


def test_a_profile_lives_in_either_store(windows, here, reach, token):
    windows.user.chmod(0o700)
    # As `>` of Windows PowerShell writes it.
    (here / "token.txt").write_bytes(f"\ufeff{token}\r\n".encode("utf-16-le"))
    windows.ksm("profile", "init", "--token-file", "token.txt", env=reach, cwd=here).succeeds()
    store = windows.user / "keeper.ini"
    assert mode(store) & 0o007 == 0, oct(mode(store))
    assert value_of(windows, reach, here) == SECRET

    store.chmod(0o644)
    listed = windows.ksm("profile", "list", env=reach, cwd=here).succeeds()
    assert b"others can read it" in listed.stderr and b"icacls" in listed.stderr
    store.chmod(0o646)
    refused = windows.ksm("profile", "list", env=reach, cwd=here)
    assert refused.status == 6 and b"can be changed by others" in refused.stderr

    # Named, it is used, and made private by the change.
    named = ("--ini-file", c(store, windows), "profile")
    windows.ksm(*named, "rename", "_default", "moved", env=reach, cwd=here).succeeds()
    assert mode(store) & 0o007 == 0, oct(mode(store))
    windows.ksm("profile", "move", "moved", "--to", "keyring", env=reach, cwd=here).succeeds()
    assert b"clientid" not in store.read_bytes()
    assert value_of(windows, reach, here) == SECRET
    listed = windows.ksm("profile", "list", "--long", env=reach, cwd=here).succeeds()
    assert b"Windows Credential Manager" in listed.stdout and b"moved" in listed.stdout
    windows.ksm("profile", "delete", "moved", env=reach, cwd=here).succeeds()
    store.unlink()
    gone = windows.ksm("secret", "list", env=reach, cwd=here)
    assert gone.status == 6 and b"\\ProgramData\\ksm\\keeper.ini" in gone.stderr and b"\\etc" not in gone.stderr, gone


def test_secrets_of_other_programs_are_kept(windows, here):
    windows.ksm("keyring", "set", "backup", "-", stdin="canary ünï\n".encode(), cwd=here).succeeds()
    assert windows.ksm("keyring", "get", "backup", cwd=here).succeeds().stdout.decode() == "canary ünï\n"
    windows.ksm("keyring", "del", "backup", cwd=here).succeeds()
    gone = windows.ksm("keyring", "get", "backup", cwd=here)
    assert gone.status == 3 and b"has 0 items of this label" in gone.stderr
    other = windows.ksm("keyring", "-c", "login", "get", "backup", cwd=here)
    assert other.status == 6 and b"no collection `login`" in other.stderr, other


def test_output_goes_where_paths_of_windows_lead(windows, here):
    # wine adds what others can do with the directory to the list of each file in it.
    here.chmod(0o700)
    deep = here / ("d" * 100) / ("e" * 100) / ("f" * 100)
    deep.mkdir(parents=True)
    deep.chmod(0o700)
    name = c(here, windows)
    for given, made in [
        (name + "\\ünï 鍵.txt", here / "ünï 鍵.txt"),
        ("\\\\?\\" + name + "\\verbatim", here / "verbatim"),
        (name[2:] + "\\rooted", here / "rooted"),
        ("C:relative", here / "relative"),
        (path(here / "other drive"), here / "other drive"),
        (c(deep, windows) + "\\deep", deep / "deep"),
    ]:
        windows.ksm("-o", given, "version", cwd=here).succeeds()
        assert made.read_bytes(), given
        assert mode(made) & 0o007 == 0, (given, oct(mode(made)))
    old = here / "old"
    old.write_text("open to all")
    old.chmod(0o666)
    windows.ksm("-o", "OLD", "version", cwd=here).succeeds()
    assert b"open" not in old.read_bytes() and mode(old) & 0o007 == 0
    assert not [file for file in here.iterdir() if file.name.startswith(".")]


def test_a_vault_that_runs_gives_another_token(windows, here):
    run = windows.ksm("dev", "--", "ksm", "dev", "token", cwd=here).succeeds()
    assert run.text.startswith("localhost:") and run.text.count(":") == 4, run


def left_behind(windows):
    return list(windows.user.rglob("ksm-private-*"))


@pytest.mark.parametrize(
    "variables, line",
    [
        ({}, b'set "KSM_DEV_TOKEN='),
        ({"PSMODULEPATH": "C:\\program files\\powershell\\7\\Modules"}, b"$env:KSM_DEV_TOKEN = '"),
        ({"MSYSTEM": "MINGW64"}, b"export KSM_DEV_TOKEN='"),
    ],
)
def test_a_killed_vault_told_its_shell_and_is_swept(windows, here, variables, line):
    with windows.start("dev", env=variables, cwd=here) as vault:
        lines = iter(vault.stdout.readline, b"")
        assert any(printed.startswith(line) for printed in lines)
        assert len(left_behind(windows)) == 1
        vault.kill()
    windows.ksm("dev", "--", path(windows.probe_exe), "exit", "0", cwd=here).succeeds()
    assert left_behind(windows) == []
