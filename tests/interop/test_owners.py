"""Owners whose files are used, and owners whose files are not (D14, F2, F5, F7). Only root can make files of other users."""

import pytest

import profiles
from image import Image

US, STRANGER, OVERFLOW = 12345, 777, 65534
LIST = ("/ksm", "profile", "list", "--json")
NAMES = '[{"active": true, "name": "_default"}, {"active": false, "name": "other"}]'


@pytest.fixture
def image(ksm, tmp_path):
    image = Image(tmp_path / "image", ksm)
    image.directory("/project", owner=US)
    return image


def work(image, *args, user=US, env=None):
    return image.run(*args, env=env or {}, user=user, cwd="/project", volumes=["/project"])


def store(image, owner, mode=0o600, group=None, place="/project/keeper.ini"):
    return image.file(place, profiles.ini("_default", "other"), mode=mode, owner=owner, group=group)


def used(run):
    assert (run.returncode, run.stdout) == (0, NAMES), run.stderr
    return run.stderr


def refused(run, reason):
    assert (run.returncode, run.stdout) == (6, ""), run
    assert reason in run.stderr


@pytest.mark.parametrize(
    ("user", "owner", "mode"),
    [(US, US, 0o600), (US, 0, 0o644), (0, 0, 0o600)],
)
def test_stores_of_ours_and_of_root_are_used(image, user, owner, mode):
    store(image, owner, mode)
    assert ("too open" in used(work(image, *LIST, user=user))) == (mode != 0o600)


@pytest.mark.parametrize(
    ("user", "owner", "mode"),
    [(US, STRANGER, 0o644), (US, OVERFLOW, 0o666), (US, OVERFLOW, 0o444), (0, US, 0o600), (0, OVERFLOW, 0o444)],
)
def test_a_strangers_store_is_refused_unless_named(image, user, owner, mode):
    path = store(image, owner, mode)
    before = path.read_text()
    refused(work(image, *LIST, user=user), f"belongs to user {owner}")
    refused(work(image, "/ksm", "profile", "active", "other", user=user), f"belongs to user {owner}")
    assert path.read_text() == before
    assert f"belongs to user {owner}" in used(work(image, "/ksm", "--ini-file", "keeper.ini", *LIST[1:], user=user))
    assert f"belongs to user {owner}" in used(work(image, *LIST, user=user, env={"KSM_INI_DIR": "/project"}))
    assert used(work(image, *LIST, user=user, env={"KSM_CONFIG_SKIP_MODE": "TRUE"})) == ""


def test_a_group_that_is_not_ours_is_others(image):
    store(image, US, mode=0o660, group=50)
    refused(work(image, *LIST), "can be changed by others")
    store(image, US, mode=0o660)
    assert "too open" in used(work(image, *LIST))


def test_a_strangers_link_is_not_followed(image):
    """It may lead to a store of ours that we did not mean, or to a place that is not ours to write."""
    image.directory("/open", mode=0o777)
    real = store(image, US, place="/project/real.ini")
    before = real.read_text()
    image.link("/open/keeper.ini", "/project/real.ini", STRANGER)
    at_the_link = {"cwd": "/open", "volumes": ["/project", "/open"], "user": US, "env": {}}
    refused(image.run(*LIST, **at_the_link), f"belongs to user {STRANGER}")
    for command in (("profile", "active", "other"), ("profile", "delete", "other")):
        refused(image.run("/ksm", "--ini-file", "keeper.ini", *command, **at_the_link), f"belongs to user {STRANGER}")
    run = image.run("/ksm", "-o", "keeper.ini", "profile", "export", env={"KSM_INI_DIR": "/project", "KSM_INI_FILE": "real.ini"},
                    user=US, cwd="/open", volumes=["/project", "/open"])  # fmt: skip
    assert run.returncode != 0
    assert real.read_text() == before
    # Our own link is followed, and stays.
    image.link("/project/keeper.ini", "real.ini", US)
    run = work(image, "/ksm", "profile", "active", "other")
    assert run.returncode == 0, run.stderr
    assert image.path("/project/keeper.ini").is_symlink() and "active_profile = other" in real.read_text()


def test_what_root_edits_for_a_user_stays_the_users(image):
    path = store(image, US)
    run = work(image, "/ksm", "--ini-file", "keeper.ini", "profile", "active", "other", user=0)
    assert run.returncode == 0, run.stderr
    assert (path.stat().st_uid, path.stat().st_gid, path.stat().st_mode & 0o777) == (US, US, 0o600)
    run = work(image, "/ksm", "profile", "active", "_default")
    assert run.returncode == 0, run.stderr


def test_a_directory_that_cannot_be_written_costs_nothing(image, vault):
    path = store(image, US)
    before = path.read_text()
    with open(vault.ca_file) as ca:
        image.file("/ca.pem", ca.read(), mode=0o644)
    environment = {"KSM_CA_FILE": "/ca.pem", "KSM_CLI_TOKEN": vault.token.text}
    image.path("/project").chmod(0o555)
    for command in (("init", "-p", "new"), ("active", "other"), ("delete", "other")):
        run = work(image, "/ksm", "profile", *command, env=environment)
        assert (run.returncode, run.stdout) == (6, ""), run
    assert path.read_text() == before
    assert [path.name for path in image.path("/project").iterdir()] == ["keeper.ini"]
    image.path("/project").chmod(0o755)
    run = work(image, "/ksm", "profile", "init", "-p", "new", env=environment)
    assert run.returncode == 0, run.stderr
