"""One suite for every place that keeps profiles: a new store is one line in `STORES`."""

import base64
import json
import random
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import Callable

import pytest

import programs
from aws import KEYS, Aws
from desktop import Desktop


AWS_KEYS = {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1]}


@dataclass(frozen=True)
class Store:
    """How a store is asked for, prepared, and damaged."""

    name: str
    options: tuple
    prepare: Callable
    damage: Callable
    # The options of `profile move`, and whether a profile takes this way to be saved.
    move: tuple = ()
    by_move: bool = False

    def move_of(self, profile):
        return ("profile", "move", profile, "--to", self.name, *(word.format(profile) for word in self.move))


def no_preparation(_):
    return None


def a_desktop(directory):
    return Desktop(directory).start_keyring()


def damage_file(program, _, profile):
    path = program.home / "keeper.ini"
    path.write_text(path.read_text().replace(f"[{profile}]\nclientid = ", f"[{profile}]\nclientid = !"))


def damage_item(_, desktop, profile):
    user = f"ksm-cli-profile-{profile}"
    desktop.change(user, desktop.items(service="KSM-cli")[user][3].replace(b"clientId", b"clientID"))


def damage_secret(_, cloud, profile):
    cloud.client("secretsmanager").put_secret_value(SecretId=f"stores/{profile}", SecretString="canary")


class Cloud(Aws):
    """AWS as a place. Deleting a profile leaves its secret, which is not ours alone, and says so."""

    all = []

    def __init__(self):
        super().__init__()
        self.all.append(self)

    def items(self, **_):
        return {}


STORES = [
    Store("ini", ("--storage", "ini"), no_preparation, damage_file),
    Store("keyring", ("--storage", "keyring"), a_desktop, damage_item),
    Store("aws", ("--storage", "ini"), lambda _: Cloud(), damage_secret, ("--secret", "stores/{}"), True),
]


@pytest.fixture(params=STORES, ids=lambda store: store.name)
def store(request):
    return request.param


@pytest.fixture
def place(store, tmp_path_factory):
    place = store.prepare(tmp_path_factory.mktemp("place"))
    yield place
    if place is not None:
        place.close()


@pytest.fixture
def program(ksm, shared_vault, store, place, tmp_path):
    program = programs.ours(ksm, shared_vault, tmp_path)
    program._environment |= AWS_KEYS | (place.environment if place is not None else {})
    return program


@pytest.fixture
def save(program, store, shared_vault):
    """Saves the vault's configuration under a name, with a host of the test's choice."""

    def save(name, host=None):
        config = shared_vault.config_json | ({"hostname": host} if host else {})
        saved = program("profile", "import", *store.options, "-p", name, "-", stdin=json.dumps(config).encode())
        return program(*store.move_of(name)) if store.by_move and saved.status == 0 else saved

    return save


def names(program):
    return [profile["name"] for profile in json.loads(program("profile", "list", "--json").succeeds().text)]


def exported(program, name):
    exported = program("profile", "export", "--plain", "--file-format", "json", name)
    if b"storage=aws" in exported.stderr:
        # Such a profile is not exported, as with the official CLI.
        return json.loads(base64.b64decode(cloud(program).get(f"stores/{name}")))
    return json.loads(exported.succeeds().text)


def cloud(program):
    return next(place for place in Cloud.all if place.url == program._environment["AWS_ENDPOINT_URL"])


def test_what_is_saved_is_loaded_and_listed(program, save, store, shared_vault):
    save("a").succeeds()
    save("b").succeeds()
    assert names(program) == ["a", "b"]
    program("secret", "list").succeeds()
    program("-p", "b", "secret", "list").succeeds()
    config = shared_vault.config_json
    kept = exported(program, "b")
    for member in ("clientId", "privateKey", "appKey"):
        assert kept[member].rstrip("=") == config[member].translate(str.maketrans("-_", "+/")).rstrip("="), member
    long = json.loads(program("profile", "list", "--json", "--long").succeeds().text)
    assert {profile["storage"] for profile in long} == {"internal" if store.name == "ini" else store.name}


def test_a_profile_is_replaced_and_the_others_stay(program, save):
    save("a").succeeds()
    save("b").succeeds()
    save("a", host="other.example").succeeds()
    assert names(program) == ["a", "b"]
    assert exported(program, "a")["hostname"] == "other.example"
    assert exported(program, "b")["hostname"] != "other.example"


def test_a_deleted_profile_is_gone_with_its_keys(program, save, store, place, shared_vault):
    save("a").succeeds()
    save("b").succeeds()
    program("profile", "delete", "a").succeeds()
    assert names(program) == ["b"]
    assert program("profile", "delete", "a").status == 3
    program("profile", "delete", "b").succeeds()
    assert names(program) == []
    key = shared_vault.config_json["privateKey"].encode()
    left = [path.read_bytes() for path in program.home.rglob("*") if path.is_file()]
    left += [item[3] for item in place.items(service="KSM-cli").values()] if place is not None else []
    assert not any(key in text for text in left)


def test_a_renamed_profile_keeps_keys_and_rank(program, save):
    save("a").succeeds()
    save("b").succeeds()
    program("profile", "rename", "a", "c").succeeds()
    assert sorted(names(program)) == ["b", "c"]
    program("secret", "list").succeeds()
    listed = json.loads(program("profile", "list", "--json").succeeds().text)
    assert [profile["name"] for profile in listed if profile["active"]] == ["c"]
    assert program("profile", "rename", "c", "b").status == 6
    assert program("profile", "rename", "c", "_config").status == 2
    assert program("profile", "rename", "a", "d").status == 3
    assert sorted(names(program)) == ["b", "c"]


def test_a_damaged_profile_hurts_no_other(program, save, store, place):
    save("good").succeeds()
    save("bad").succeeds()
    store.damage(program, place, "bad")
    assert program("-p", "bad", "secret", "list").status in (4, 6)
    program("-p", "good", "secret", "list").succeeds()
    program("profile", "delete", "bad").succeeds()
    assert names(program) == ["good"]


def test_savers_at_once_lose_nothing(program, save):
    wanted = [f"p{number}" for number in range(6)]
    runs = {}
    threads = [threading.Thread(target=lambda name=name: runs.update({name: save(name)})) for name in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(run.status == 0 for run in runs.values()), [str(run) for run in runs.values()]
    assert sorted(names(program)) == wanted
    for name in wanted:
        exported(program, name)


def test_a_killed_save_leaves_the_old_or_new_profile(program, save, store, place, shared_vault):
    save("a", host="host-0.example").succeeds()
    save("b").succeeds()
    moments = random.Random(5)
    for number in range(1, 25):
        before = exported(program, "a")["hostname"]
        after = f"host-{number}.example"
        config = json.dumps(shared_vault.config_json | {"hostname": after}).encode()
        command = [*program._argv, "profile", "import", *store.options, "-p", "a", "-"]
        saving = subprocess.Popen(
            command,
            env=program._environment,
            cwd=program.home,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        saving.stdin.write(config)
        saving.stdin.close()
        time.sleep(moments.uniform(0, 0.15))
        saving.send_signal(signal.SIGKILL)
        saving.wait(timeout=10)
        if isinstance(place, Desktop):
            place.revive_keyring()
        assert exported(program, "a")["hostname"] in (before, after)
        assert names(program) == ["a", "b"]
    save("a").succeeds()
    program("secret", "list").succeeds()
    assert not list(program.home.glob(".*.new")), "a draft was left"


@pytest.mark.parametrize("target", STORES, ids=lambda store: f"to-{store.name}")
def test_a_profile_moves_with_its_keys(program, save, store, target, tmp_path_factory):
    save("a").succeeds()
    places = []
    for variable, prepare in (("DBUS_SESSION_BUS_ADDRESS", a_desktop), ("AWS_ENDPOINT_URL", lambda _: Cloud())):
        if variable not in program._environment:
            places.append(prepare(tmp_path_factory.mktemp("target")))
            program._environment |= places[-1].environment
    try:
        before = exported(program, "a")
        program(*target.move_of("a")).succeeds()
        assert exported(program, "a") == before
        [told] = json.loads(program("profile", "list", "--json", "--long").succeeds().text)
        assert told["storage"] == ("internal" if target.name == "ini" else target.name)
        program("secret", "list").succeeds()
        assert program(*target.move_of("nobody")).status == 3
    finally:
        for place in places:
            place.close()
