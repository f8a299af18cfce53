"""Profiles in the OS keyring: the official CLI and we read and change the same items, and a keyring that fails fails us soon."""

import base64
import json
import os
import pty
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

import programs
from desktop import Desktop
from prompting import Prompting

# No answer of a keyring is waited for longer; a second run of python may come on top of it.
SOON = 15


@pytest.fixture
def desktop(tmp_path_factory):
    desktop = Desktop(tmp_path_factory.mktemp("desktop"))
    yield desktop
    desktop.close()


@pytest.fixture
def unlocked(desktop):
    return desktop.start_keyring()


@pytest.fixture
def at_desk(unlocked, ksm, vault, tmp_path):
    """Our CLI at a desktop with an open keyring."""
    return sit_down(ksm, vault, tmp_path, unlocked)


def sit_down(ksm, vault, tmp_path, desktop):
    home = tmp_path / "desk"
    home.mkdir(exist_ok=True)
    program = programs.ours(ksm, vault, home)
    program._environment |= desktop.environment
    return program


def official_at(desktop, vault, tmp_path):
    home = tmp_path / "official-desk"
    home.mkdir(exist_ok=True)
    program = programs.official(vault, home)
    program._environment |= desktop.environment
    return program


def names(program, *args):
    listed = program(*args, "profile", "list", "--json").succeeds()
    return [profile["name"] for profile in json.loads(listed.text)]


def redeem(program, vault, *args):
    return program("profile", "init", *args, "--token", "-", stdin=vault.token.text.encode())


def fails_soon(program, *args, status=6, **kwargs):
    started = time.monotonic()
    run = program(*args, **kwargs)
    assert run.status == status, f"{run}"
    assert time.monotonic() - started < SOON, f"{run} took {time.monotonic() - started} s"
    assert run.stderr.startswith(b"Error: ") or b"\nError: " in run.stderr, f"{run}"
    return run


def test_what_we_store_the_official_cli_uses_and_changes(at_desk, unlocked, vault, tmp_path):
    stored = redeem(at_desk, vault, "--storage", "keyring", "-p", "mine").succeeds()
    assert b"Added profile mine to system keyring" in stored.stderr
    assert not list(at_desk.home.rglob("*.ini"))
    official = official_at(unlocked, vault, tmp_path)
    assert names(official) == ["mine"]
    ours = at_desk("secret", "list", "--json").succeeds()
    assert json.loads(official("secret", "list", "--json").succeeds().text) == json.loads(ours.text)
    official("config", "color", "--disable").succeeds()
    at_desk("profile", "import", "-p", "second", vault.config).succeeds()
    assert names(official) == names(at_desk) == ["mine", "second"]
    official("profile", "active", "second").succeeds()
    listed = json.loads(at_desk("profile", "list", "--json").succeeds().text)
    assert [profile["name"] for profile in listed if profile["active"]] == ["second"]
    official("profile", "delete", "mine").succeeds()
    assert names(at_desk) == ["second"]
    at_desk("profile", "delete", "second").succeeds()
    assert names(official) == []


def test_what_the_official_cli_stores_we_use(at_desk, unlocked, vault, tmp_path):
    official = official_at(unlocked, vault, tmp_path)
    token = vault.token
    # A key may begin with a dash, which the official CLI takes for an option where the value stands apart.
    official("profile", "init", f"--token={token.client_key}", "-h", token.host, "-p", "theirs").succeeds()
    assert names(at_desk) == ["theirs"]
    before = unlocked.items(service="KSM-cli")
    # The key the development vault has, which the official CLI does not store.
    exported = at_desk("profile", "export", "--plain", "--file-format", "json").succeeds()
    assert json.loads(exported.text)["hostname"] == token.host
    assert unlocked.items(service="KSM-cli") == before, "reading changed something"


def test_settings_in_the_keyring_count(at_desk, vault):
    at_desk("profile", "import", "--storage", "keyring", "-", stdin=vault.config.encode()).succeeds()
    types = at_desk.home / "types"
    types.mkdir()
    kind = "version: v3\nkind: KeeperRecordType\ndata: [{name: OfTheKeyring, fields: [{type: text, label: Where}]}]\n"
    (types / "own.yaml").write_text(kind)
    at_desk("config", "record-type-dir", "-d", str(types)).succeeds()
    assert "OfTheKeyring" in at_desk("secret", "template", "record", "--show-list").succeeds().text
    painted = b"\x1b[3"
    assert painted in on_a_terminal(at_desk, "secret", "list")
    at_desk("config", "color", "--disable").succeeds()
    assert painted not in on_a_terminal(at_desk, "secret", "list")
    assert painted in on_a_terminal(at_desk, "--color", "secret", "list")


def on_a_terminal(program, *args):
    """The output of the program on a terminal."""
    ours, theirs = pty.openpty()
    try:
        child = subprocess.Popen([*program._argv, *args], env=program._environment, stdout=theirs, stdin=subprocess.DEVNULL, cwd=program.home)
        os.close(theirs)
        printed = b""
        try:
            while part := os.read(ours, 65536):
                printed += part
        except OSError:  # How Linux tells that nobody writes any more.
            pass
        assert child.wait(timeout=60) == 0
        return printed
    finally:
        os.close(ours)


def test_a_reserved_profile_name_costs_no_token(at_desk, vault):
    refused = redeem(at_desk, vault, "--storage", "keyring", "-p", "p-integrity")
    assert (refused.status, b"p-integrity" in refused.stderr) == (6, True), f"{refused}"
    redeem(at_desk, vault, "--storage", "keyring", "-p", "p").succeeds()


def test_items_are_the_same_to_the_byte(at_desk, unlocked, vault, tmp_path):
    config = vault.config_json
    config.pop("serverPublicKey", None)
    at_desk("profile", "import", "--storage", "keyring", "-p", "p", "-", stdin=json.dumps(config).encode()).succeeds()
    ours = unlocked.items(service="KSM-cli")
    members = ("clientId", "privateKey", "appKey", "hostname", "appOwnerPublicKey", "serverPublicKeyId")
    write = (
        "import json, sys; from keeper_secrets_manager_cli.keyring_config import KeyringConfigStorage as K;"
        "k = K(); c = json.load(sys.stdin); k.delete_profile('p'); k.save_profile('p', c); k.add_profile_to_list('p')"
    )
    values = json.dumps({member: config.get(member) for member in members})
    official = official_at(unlocked, vault, tmp_path)
    python = official._argv[0]
    subprocess.run([python, "-c", write], input=values.encode(), env=official._environment, check=True, timeout=60)
    theirs = unlocked.items(service="KSM-cli")
    assert set(ours) == {
        "ksm-cli-common",
        "ksm-cli-common-integrity",
        "ksm-cli-profile-p",
        "ksm-cli-profile-p-integrity",
    }
    for items in (ours, theirs):
        for _, attributes, _, _ in items.values():
            # The daemon adds it, to a new item or when it replaces one.
            attributes.pop("xdg:schema", None)
    for user in ("ksm-cli-profile-p", "ksm-cli-profile-p-integrity"):
        assert ours[user] == theirs[user], user
    assert ours["ksm-cli-common"][:3] == theirs["ksm-cli-common"][:3]


def test_a_file_hides_the_keyring(ksm, vault, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    asked = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "bus"))
        listener.listen()
        listener.settimeout(0.2)
        program = programs.ours(ksm, vault, home)
        program._environment |= {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={home / 'bus'}"}
        program("profile", "import", "--storage", "ini", vault.config).succeeds()
        program("secret", "list").succeeds()
        program("profile", "list").succeeds()
        try:
            asked.append(listener.accept())
        except TimeoutError:
            pass
        assert not asked, "the session bus was asked although a file has the profile"
        # And a bus that takes a call and never answers ends the wait.
        (home / "keeper.ini").unlink()
        fails_soon(program, "secret", "list")


def test_a_profile_the_file_lacks_comes_from_the_keyring(at_desk, vault):
    at_desk("profile", "import", "--storage", "keyring", "-p", "deep", vault.config).succeeds()
    at_desk("profile", "import", "--storage", "keyring", "-p", "both", vault.config).succeeds()
    at_desk("profile", "import", "--storage", "ini", "-p", "both", vault.config).succeeds()
    assert names(at_desk) == ["both"]
    assert names(at_desk, "-p", "deep") == ["deep", "both"]
    at_desk("-p", "deep", "secret", "list").succeeds()
    missing = at_desk("-p", "nobody", "secret", "list")
    assert missing.status == 3, f"{missing}"
    long = json.loads(at_desk("profile", "list", "--long", "--json").succeeds().text)
    assert [list(profile)[:2] for profile in long] == [["active", "name"]] * 3
    told = {(profile["name"], profile["storage"]): profile for profile in long}
    assert told["both", "internal"]["active"] and told["both", "internal"]["store"].endswith("keeper.ini")
    assert "hidden by" in told["both", "keyring"]["why"]
    assert told["deep", "keyring"]["why"] == "only with `-p deep`"
    assert {profile["host"] for profile in long} == {vault.token.host}


def test_importing_goes_where_the_profiles_are(at_desk, vault):
    at_desk("profile", "import", "--storage", "keyring", vault.config).succeeds()
    at_desk("profile", "import", "-p", "two", "-", stdin=vault.config.encode()).succeeds()
    assert names(at_desk) == ["_default", "two"]
    assert not (at_desk.home / "keeper.ini").exists()
    bundle = at_desk("profile", "export", "--plain", "two").succeeds().stdout
    at_desk("profile", "import", "-p", "three", "-", stdin=bundle).succeeds()
    assert names(at_desk) == ["_default", "two", "three"]
    refused = at_desk("profile", "import", "-p", "two-integrity", vault.config)
    assert refused.status == 6 and names(at_desk) == ["_default", "two", "three"], f"{refused}"


def test_keyring_setup_moves_the_active_profile(at_desk, vault):
    at_desk("profile", "import", "--storage", "ini", "-p", "mine", vault.config).succeeds()
    at_desk("profile", "setup", "--type", "keyring").succeeds()
    [told] = json.loads(at_desk("profile", "list", "--json", "--long").succeeds().text)
    assert (told["name"], told["storage"]) == ("mine", "keyring")
    assert b"privatekey" not in (at_desk.home / "keeper.ini").read_bytes()
    at_desk("secret", "list").succeeds()


def test_base64_values_are_read(at_desk, unlocked, vault):
    at_desk("profile", "import", "--storage", "keyring", vault.config).succeeds()
    items = unlocked.items(service="KSM-cli")
    unlocked.change("ksm-cli-profile-_default", base64.urlsafe_b64encode(items["ksm-cli-profile-_default"][3]))
    at_desk("secret", "list").succeeds()


def test_a_changed_profile_is_refused_and_hurts_no_other(at_desk, unlocked, vault):
    for name in ("good", "bad"):
        at_desk("profile", "import", "--storage", "keyring", "-p", name, vault.config).succeeds()
    value = unlocked.items(service="KSM-cli")["ksm-cli-profile-bad"][3]
    unlocked.change("ksm-cli-profile-bad", value.replace(b"clientId", b"clientID"))
    refused = fails_soon(at_desk, "-p", "bad", "secret", "list")
    assert b"Config integrity check failed for 'ksm-cli-profile-bad'" in refused.stderr
    at_desk("-p", "good", "secret", "list").succeeds()
    assert names(at_desk) == ["good", "bad"]
    at_desk("profile", "delete", "bad").succeeds()
    assert names(at_desk) == ["good"]
    # The list of profiles holds no keys: a command cut off between it and its hash costs nothing.
    unlocked.change("ksm-cli-common-integrity", b"0" * 64)
    run = at_desk("secret", "list").succeeds()
    assert b"Warning: the list of profiles" in run.stderr


def test_a_locked_keyring_is_an_error_without_token_loss(at_desk, unlocked, vault):
    at_desk("profile", "import", "--storage", "keyring", vault.config).succeeds()
    unlocked.lock()
    locked = fails_soon(at_desk, "secret", "list")
    assert b"locked" in locked.stderr and b"--ini-file" in locked.stderr
    fails_soon(at_desk, "profile", "list")
    fails_soon(at_desk, "profile", "init", "--storage", "keyring", "-p", "new", "--token", vault.token.text)
    assert not list(at_desk.home.rglob("*.ini")), "a file was used instead"
    redeem(at_desk, vault, "--storage", "ini", "-p", "new").succeeds()


def test_without_a_keyring_nothing_is_lost(desktop, ksm, vault, tmp_path):
    program = sit_down(ksm, vault, tmp_path, desktop)
    absent = fails_soon(program, "profile", "init", "--storage", "keyring", "--token", vault.token.text)
    assert b"org.freedesktop.secrets" in absent.stderr
    nobus = fails_soon(
        program, "profile", "init", "--storage", "keyring", "--token", vault.token.text,
        env={"DBUS_SESSION_BUS_ADDRESS": "", "XDG_RUNTIME_DIR": ""},
    )
    assert b"no session bus" in nobus.stderr
    looked = fails_soon(program, "secret", "list")
    assert b"the OS keyring (nobody offers one)" in looked.stderr
    redeem(program, vault).succeeds()
    assert names(program) == ["_default"]


def test_a_keyring_that_hangs_or_dies_ends_the_wait(at_desk, unlocked, vault):
    at_desk("profile", "import", "--storage", "keyring", vault.config).succeeds()
    unlocked.keyring.send_signal(signal.SIGSTOP)
    silent = fails_soon(at_desk, "secret", "list")
    assert b"did not answer within" in silent.stderr
    killer = threading.Timer(1.0, unlocked.stop_keyring, [signal.SIGKILL])
    killer.start()
    fails_soon(at_desk, "profile", "init", "--storage", "keyring", "--token", vault.token.text)
    killer.join()
    unlocked.start_keyring()
    assert names(at_desk) == ["_default"]
    redeem(at_desk, vault, "--storage", "keyring", "-p", "later").succeeds()


def flood(listener):
    """A bus that welcomes its client, and then sends signals that nobody asked for until it is gone."""
    signals = struct.pack("<4B3I", ord("l"), 4, 0, 1, 0, 1, 0) * 65_536
    client, _ = listener.accept()
    with client:
        client.recv(4096)
        client.sendall(b"OK 1234\r\n")
        client.recv(4096)
        try:
            while True:
                client.sendall(signals)
        except OSError:
            pass


def test_a_bus_that_never_stops_is_not_waited_for(ksm, tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen(1)
        threading.Thread(target=flood, args=(listener,), daemon=True).start()
        program = programs.Program([ksm], {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}, tmp_path)
        fails_soon(program, "keyring", "get", "foo")


def test_an_interrupted_bind_is_finished_from_the_keyring(at_desk, unlocked, ksm, vault, tmp_path):
    # The keys are stored before anybody is asked.
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = ["profile", "init", "--storage", "keyring", "--token", vault.token.text]
        environment = at_desk._environment | {"KSM_HOSTNAME": f"127.0.0.1:{server.getsockname()[1]}"}
        interrupted = subprocess.Popen([ksm, *words], env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
        server.accept()
        interrupted.kill()
        interrupted.wait()
    left = [user for user in unlocked.items(service="KSM-cli") if "pending" in user]
    assert len(left) == 2, left
    pending = json.loads(json.loads(unlocked.items(service="KSM-cli")[min(left)][3])["data"])
    redeem(at_desk, vault, "--storage", "keyring").succeeds()
    stored = json.loads(json.loads(unlocked.items(service="KSM-cli")["ksm-cli-profile-_default"][3])["data"])
    assert stored["privateKey"] == pending["privateKey"]
    assert not [user for user in unlocked.items(service="KSM-cli") if "pending" in user]


def test_no_secret_is_in_a_label_or_an_attribute(at_desk, unlocked, vault):
    at_desk("profile", "import", "--storage", "keyring", vault.config).succeeds()
    at_desk("keyring", "set", "label", "-", stdin=b"canary-value").succeeds()
    config = vault.config_json
    everything = {**unlocked.items(service="KSM-cli"), **unlocked.items(Application="lkru")}
    assert len(everything) == 5
    for label, attributes, _, _ in everything.values():
        shown = label + json.dumps(attributes)
        assert "canary" not in shown
        assert not any(config[key] in shown for key in ("clientId", "privateKey", "appKey"))


def test_each_prompt_is_waited_for(desktop, ksm, vault, tmp_path):
    program = sit_down(ksm, vault, tmp_path, desktop)
    service = Prompting(desktop.address)
    try:
        program("keyring", "set", "label", "value of canary").succeeds()
        assert service.plain == b"value of canary"
        assert program("keyring", "get", "label").succeeds().stdout == b"value of canary\n"
        program("keyring", "del", "label").succeeds()
        assert service.calls.count("Prompt") == 3
        # The bind that is stored first finds no collection, and makes one.
        redeem(program, vault, "--storage", "keyring", "-p", "new")
        assert "CreateCollection" in service.calls and service.calls.count("Prompt") > 3
    finally:
        service.close()


@pytest.mark.parametrize("method", ["Unlock", "CreateItem"])
def test_a_dismissed_prompt_ends_the_wait(desktop, ksm, vault, tmp_path, method):
    program = sit_down(ksm, vault, tmp_path, desktop)
    service = Prompting(desktop.address, dismisses=[method])
    try:
        dismissed = fails_soon(program, "keyring", "set", "label", "value")
        assert b"its prompt was dismissed" in dismissed.stderr
        assert service.plain is None
    finally:
        service.close()


class TestUtility:
    """`ksm keyring`, whose items are the Linux Keyring Utility's."""

    ATTRIBUTES = ("Agent", "lkru (Linux Keyring Utility)", "Application", "lkru", "Id", "label")

    def secret_tool(self, desktop, *args, stdin=b""):
        environment = {**programs.BASE, **desktop.environment}
        run = subprocess.run(["secret-tool", *args], input=stdin, capture_output=True, env=environment, timeout=30, check=True)
        return run.stdout

    def test_items_have_the_utilitys_attributes(self, at_desk, unlocked):
        at_desk("keyring", "set", "label", "value of canary").succeeds()
        assert self.secret_tool(unlocked, "lookup", *self.ATTRIBUTES) == b"value of canary"
        # Of a content type the daemon keeps no more than that it is text.
        [(label, attributes, content_type, _)] = unlocked.items(Application="lkru").values()
        assert label == "label"
        assert {key: value for key, value in attributes.items() if key != "xdg:schema"} == dict(
            zip(self.ATTRIBUTES[::2], self.ATTRIBUTES[1::2])
        )
        assert content_type.startswith("text/plain")
        self.secret_tool(unlocked, "store", "--label=label", *self.ATTRIBUTES, stdin=b"theirs")
        assert at_desk("keyring", "get", "label").succeeds().stdout == b"theirs\n"

    def test_bytes_go_in_and_come_out_as_they_are(self, at_desk):
        for value in (b"", b"a\n\nb\r\n", b" x ", bytes(range(256)), b"x" * 200_000):
            at_desk("keyring", "set", "--allow-empty", "--keep-newline", "label", "-", stdin=value).succeeds()
            assert at_desk("keyring", "get", "label").succeeds().stdout == value + b"\n"
            at_desk("keyring", "set", "-b", "--allow-empty", "label", "-", stdin=value).succeeds()
            assert at_desk("keyring", "get", "label").succeeds().stdout == base64.b64encode(value) + b"\n"
            assert at_desk("keyring", "get", "--base64", "label").succeeds().stdout == value + b"\n"
        plain = at_desk("keyring", "set", "plain", "no base64!").succeeds()
        assert plain.stdout == b""
        assert at_desk("keyring", "get", "-b", "plain").status == 1

    def test_a_line_end_of_stdin_is_no_part_of_a_secret(self, at_desk, unlocked):
        for value, stored in ((b"x\n", b"x"), (b"x\r\n", b"x"), (b"x\n\n", b"x\n"), (b"x", b"x")):
            at_desk("keyring", "set", "label", "-", stdin=value).succeeds()
            assert self.secret_tool(unlocked, "lookup", *self.ATTRIBUTES) == stored
            at_desk("keyring", "set", "--keep-newline", "label", "-", stdin=value).succeeds()
            assert self.secret_tool(unlocked, "lookup", *self.ATTRIBUTES) == value

    def test_answers_come_in_json(self, at_desk):
        assert json.loads(at_desk("keyring", "set", "label", "value", "--json").succeeds().stdout) == {"set": "label"}
        got = at_desk("keyring", "get", "label", "--json").succeeds().stdout
        assert json.loads(got) == {"label": "label", "secret": "value"}
        at_desk("keyring", "set", "bytes", "-", stdin=b"\xff").succeeds()
        assert at_desk("keyring", "get", "bytes", "--json").status == 1
        deleted = at_desk("keyring", "del", "label", "bytes", "--json").succeeds().stdout
        assert json.loads(deleted) == {"deleted": ["label", "bytes"]}

    def test_applications_and_collections_are_apart(self, at_desk):
        at_desk("keyring", "set", "label", "one").succeeds()
        at_desk("keyring", "-a", "other", "set", "label", "two").succeeds()
        at_desk("keyring", "set", "-a", "other", "label", "three").succeeds()
        assert at_desk("keyring", "get", "label", "-c", "default").succeeds().stdout == b"one\n"
        assert at_desk("keyring", "get", "-c", "login", "label", "-a", "other").succeeds().stdout == b"three\n"
        assert at_desk("keyring", "get", "-c", "nowhere", "label").status == 6

    def test_removing_stops_at_the_first_that_is_missing(self, at_desk):
        for label in ("a", "b", "c"):
            at_desk("keyring", "set", label, label).succeeds()
        stopped = at_desk("keyring", "delete", "a", "missing", "b")
        assert stopped.status == 3 and b"'missing'" in stopped.stderr, f"{stopped}"
        assert at_desk("keyring", "get", "a").status == 3
        assert at_desk("keyring", "get", "b").succeeds().stdout == b"b\n"
        at_desk("keyring", "del", "b", "c").succeeds()

    def test_several_items_of_one_label_are_not_guessed_among(self, at_desk, unlocked):
        at_desk("keyring", "set", "label", "one").succeeds()
        # A further attribute makes it another item, which the same search finds.
        self.secret_tool(unlocked, "store", "--label=label", *self.ATTRIBUTES, "more", "1", stdin=b"two")
        for args in (["get", "label"], ["set", "label", "three"], ["del", "label"]):
            run = at_desk("keyring", *args)
            assert run.status == 3 and b"2 items" in run.stderr, f"{run}"

    def test_failures_have_their_codes(self, at_desk, unlocked):
        assert at_desk("keyring", "set", "only-a-label").status == 2
        assert at_desk("keyring", "set", "foo", "bar", "baz").status == 2
        unlocked.lock()
        assert b"locked" in fails_soon(at_desk, "keyring", "get", "x").stderr
        unlocked.stop_keyring()
        fails_soon(at_desk, "keyring", "get", "x")
        fails_soon(at_desk, "keyring", "get", "x", env={"DBUS_SESSION_BUS_ADDRESS": "", "XDG_RUNTIME_DIR": ""})
