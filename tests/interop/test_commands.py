"""Every row of `commands.txt`: the same stdout, exit status and files from both CLIs, or the difference that the row gives."""

import base64
import configparser
import json
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import profiles
import programs
import table
from vault import Vault

HERE = Path(__file__).parent
ROWS = table.read(HERE / "commands.txt")
# Our lock, which stays, and the caches of both (D13, D39).
PASSING = {"keeper.ini.lock", "ksm_cache.bin", ".cache"}


@pytest.fixture(scope="module")
def names(shared_vault):
    """The values of `{name}` in the table: UIDs of the seed, and the vault's configuration in its spellings."""
    plain = json.dumps(shared_vault.config_json)
    return {
        **{uid.rstrip("A").strip("-"): uid for uid in uids(yaml.safe_load((HERE / "seed.yaml").read_text()))},
        "missing": "missing-AAAAAAAAAAAAAA",
        "config_json": plain,
        "config_base64": base64.b64encode(plain.encode()).decode(),
        "config_base64url": base64.urlsafe_b64encode(plain.encode()).decode(),
        "profile_json": base64.b64encode(json.dumps(profiles.config("third")).encode()).decode(),
        "profile_ini": base64.b64encode(profiles.ini("third").encode()).decode(),
    }


def uids(entry):
    """Every UID of a seed: of folders, what lies in them, and attachments."""
    for kind in ("folders", "records", "attachments"):
        for inner in entry.get(kind, []):
            yield inner["uid"]
            yield from uids(inner)


SEEDED = set(uids(yaml.safe_load((HERE / "seed.yaml").read_text())))


def furnish(place, home, vault):
    """Lays out what a section of the table promises; returns the environment that goes with it."""
    home.mkdir()
    if place in ("vault", "changes"):
        return {"KSM_CONFIG": vault.config}
    if place == "ini":
        path = home / "keeper.ini"
        path.write_text(profiles.ini("_default", "other"))
        path.chmod(0o600)
        return {}
    assert place == "empty"
    return {}


def left_behind(home):
    """The files in a directory: their bytes, but for an INI file what Python reads in it (ours keeps the lines it does not touch)."""
    files = {path.name: path for path in home.iterdir() if path.name not in PASSING}
    return {name: settings(path) if path.suffix == ".ini" else path.read_bytes() for name, path in files.items()}


def settings(path):
    parser = configparser.ConfigParser(allow_no_value=True)
    parser.read(path)
    return {section: dict(parser[section]) for section in parser.sections()}


@contextmanager
def vault_of(place, ksm, shared_vault, workdir):
    """The vault that one of the CLIs works in: what changes it must not be seen by the other."""
    if place != "changes":
        yield shared_vault
        return
    vault = Vault(ksm, str(HERE / "seed.yaml"), workdir)
    try:
        yield vault
    finally:
        vault.close()


def contents(vault, ksm, home):
    """All records and folders of a vault, as ours prints them."""
    ours = programs.ours(ksm, vault, home)

    def told(*args):
        return json.loads(ours(*args, env={"KSM_CONFIG": vault.config}).succeeds().text)

    listed = told("secret", "list", "--json")
    records = told("secret", "get", "--json", "--deflate", "--force-array", *(f"--uid={record['uid']}" for record in listed))
    for record in records:
        # Sealed anew in each vault.
        record.pop("links", None)
    return anonymous(json.dumps([records, told("folder", "list", "--list-records", "--json")]).encode())


def anonymous(text):
    """The same without UIDs that were drawn at random."""
    return re.sub(rb"(?<![\w-])[\w-]{22}(?![\w-])", lambda match: match[0] if match[0].decode() in SEEDED else b"<new>", text)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_both_do_the_same(row, names, shared_vault, ksm, tmp_path):
    runs, files, left = [], [], []
    for who in ("official", "ours"):
        home = tmp_path / who
        workdir = tmp_path / f"{who} vault"
        workdir.mkdir()
        with vault_of(row.place, ksm, shared_vault, workdir) as vault:
            runs.append(run(row, who, names, vault, ksm, home))
            files.append(left_behind(home))
            if row.place == "changes":
                left.append(contents(vault, ksm, workdir))
    compare(row, runs, files, left, tmp_path)


def run(row, who, names, vault, ksm, home):
    place = furnish(row.place, home, vault)
    program = programs.official(vault, home) if who == "official" else programs.ours(ksm, vault, home)
    environment = place | {name: table.fill(value, names) for name, value in row.environment.items()}
    done = program(*(table.fill(word, names) for word in row.args), env=environment)
    return replace(done, stdout=anonymous(done.stdout)) if row.place == "changes" else done


def compare(row, runs, files, left, tmp_path):
    official, ours = runs
    expected = row.difference

    if expected.status is None:
        assert ours.status == official.status, f"{official}\nbut ours: {ours}"
    else:
        assert (ours.status, official.status != expected.status) == (expected.status, True), f"{official}\nand ours: {ours}"

    if expected.pattern is not None:
        assert re.fullmatch(expected.pattern.encode(), ours.stdout), f"{ours}"
        assert not re.fullmatch(expected.pattern.encode(), official.stdout), f"no difference: {official}"
        assert programs.CANARY not in ours.stdout, f"a secret on stdout: {ours}"
    elif expected.stdout is not None:
        assert (ours.stdout, official.stdout != expected.stdout) == (expected.stdout, True), f"{official}\nand ours: {ours}"
    else:
        assert ours.stdout == official.stdout, f"{official}\nbut ours: {ours}"

    if expected.vault:
        assert left[0] != left[1], "both leave the same vault: the row gives a difference that is none"
    elif left:
        assert left[0] == left[1], f"{official}\nbut ours: {ours}"

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "ours").rglob("*")}
    assert set(modes.values()) <= {"0o600", "0o700"}, f"others may read what ours wrote: {modes}"
    if expected.file:
        assert files[0] != files[1], "both leave the same files: the row gives a difference that is none"
    else:
        assert files[0] == files[1]
