"""A container's life: any user, nothing to write to, process 1 (B1 to B3)."""

import json
import signal
import socket

import pytest

from image import Image

UID = 12345
REFERENCE = "keeper://web-AAAAAAAAAAAAAAAAAA/field/login"
SHOW = ("/ksm", "exec", "--", "/sh", "-c", 'echo "$P is seen by process $$"; exit 7')
SHOWN = (7, "alice is seen by process 1\n")


@pytest.fixture
def image(ksm, vault, tmp_path):
    image = Image(tmp_path / "image", ksm)
    with open(vault.ca_file) as ca:
        image.file("/ca.pem", ca.read(), mode=0o644)
    return image


@pytest.fixture
def start(vault):
    """The environment of a container that knows its token and nothing else."""
    return {"KSM_TOKEN": vault.token.text, "KSM_CA_FILE": "/ca.pem", "P": REFERENCE}


def ended(run):
    return (run.returncode, run.stdout)


@pytest.mark.parametrize("user", [UID, 0])
def test_the_first_start_binds_and_later_ones_do_not(image, start, user):
    image.directory("/volume", owner=user)
    environment = start | {"KSM_INI_DIR": "/volume"}
    for _ in range(3):
        run = image.run(*SHOW, env=environment, user=user, volumes=["/volume"])
        assert ended(run) == SHOWN, run.stderr
    assert sorted(path.name for path in image.path("/volume").iterdir()) == ["keeper.ini", "keeper.ini.lock"]
    store = image.path("/volume/keeper.ini").stat()
    assert (store.st_uid, store.st_mode & 0o777) == (user, 0o600)
    # A volume that is read-only by now is good enough to read from.
    run = image.run(*SHOW, env=environment, user=user)
    assert ended(run) == SHOWN, run.stderr


def test_without_a_writable_store_no_token_is_spent(image, start):
    run = image.run(*SHOW, env=start, user=UID)
    assert ended(run) == (125, ""), run
    assert "KSM_TOKEN was not used" in run.stderr
    run = image.run("/ksm", "secret", "list", env=start, user=UID)
    assert ended(run) == (6, ""), run
    for home in ("/", "/nowhere", "/etc"):
        run = image.run("/ksm", "secret", "list", env=start | {"HOME": home}, user=UID)
        assert ended(run) == (6, ""), run
    # It is good yet.
    run = image.run(*SHOW, env=start | {"KSM_EPHEMERAL": "true"}, user=UID)
    assert ended(run) == SHOWN, run.stderr


def test_missing_roots_are_no_reason_to_trust_everybody(image, start):
    del start["KSM_CA_FILE"]
    run = image.run("/ksm", "--ephemeral", "secret", "list", env=start, user=UID)
    assert ended(run) == (5, ""), run
    assert "certificate" in run.stderr


def test_a_configuration_in_a_variable_needs_no_place(image, start, vault):
    del start["KSM_TOKEN"]
    run = image.run(*SHOW, env=start | {"KSM_CONFIG": vault.config}, user=UID)
    assert (*ended(run), run.stderr) == (*SHOWN, "")


def test_the_program_as_process_1_dies_of_its_signals(image, start, vault):
    del start["KSM_TOKEN"]
    line = 'trap "echo caught; exit 9" TERM; kill -TERM $$'
    run = image.run("/ksm", "exec", "--", "/sh", "-c", line, env=start | {"KSM_CONFIG": vault.config}, user=UID)
    assert ended(run) == (9, "caught\n")


def test_a_waiting_process_1_can_be_stopped(image, vault):
    image.file("/dev/null", "", mode=0o644)  # the shell's own wish for a job in the background
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        config = json.dumps(vault.config_json | {"hostname": host})
        # Process 1 gets no signal of its own container unless it asked for it.
        line = "(i=0; while [ $i -lt 900000 ]; do i=$((i+1)); done; kill -TERM 1) & exec /ksm secret list"
        run = image.run("/sh", "-c", line, env={"KSM_CONFIG": config, "KSM_CA_FILE": "/ca.pem"}, user=UID)
    assert (*ended(run), run.stderr) == (128 + signal.SIGTERM, "", "")


@pytest.mark.parametrize("user, groups, mode, group", [(UID, "", 0o644, 0), (UID, "777", 0o440, 777), (0, "", 0o644, 0), (0, "", 0o400, 0)])
def test_a_mounted_secret_is_read_where_it_lies(image, start, vault, user, groups, mode, group):
    for text in (json.dumps(vault.config_json), vault.config):
        path = image.secret_volume(f"/etc/ksm-{len(text)}", text, mode, group)
        # The token is for a start without a configuration, and this is one.
        environment = start | {"KSM_CONFIG_FILE": path}
        run = image.run(*SHOW, env=environment, user=user, groups=groups)
        assert (*ended(run), run.stderr) == (*SHOWN, "")
    # It was not spent.
    del environment["KSM_CONFIG_FILE"]
    run = image.run(*SHOW, env=environment | {"KSM_EPHEMERAL": "true"}, user=user)
    assert ended(run) == SHOWN, run.stderr


def test_an_unreadable_mounted_secret_is_not_skipped(image, start, vault):
    path = image.secret_volume("/etc/ksm", vault.config, 0o400)
    run = image.run("/ksm", "secret", "list", env=start | {"KSM_CONFIG_FILE": path, "KSM_EPHEMERAL": "true"}, user=UID)
    assert ended(run) == (6, ""), run
    assert "cannot read /etc/ksm/config: Permission denied" in run.stderr


def test_replicas_on_one_volume_are_one_device(image, start):
    image.directory("/volume", owner=UID)
    environment = start | {"KSM_INI_DIR": "/volume"}
    # Each is process 1 to itself, so a process number tells nobody from anybody.
    replicas = [image.start(*SHOW, env=environment, user=UID, volumes=["/volume"]) for _ in range(4)]
    for replica in replicas:
        stdout, stderr = replica.communicate(timeout=60)
        assert (replica.returncode, stdout) == SHOWN, stderr
    store = image.path("/volume/keeper.ini").read_text()
    assert store.count("clientid = ") == 1
    assert sorted(path.name for path in image.path("/volume").iterdir()) == ["keeper.ini", "keeper.ini.lock"]


def test_replicas_with_separate_volumes_need_separate_tokens(image, start):
    for number in (1, 2):
        image.directory(f"/volume{number}", owner=UID)
    first, second = (
        image.run(*SHOW, env=start | {"KSM_INI_DIR": volume}, user=UID, volumes=[volume]) for volume in ("/volume1", "/volume2")
    )
    assert ended(first) == SHOWN, first.stderr
    assert ended(second) == (125, ""), second
    assert "a token makes one device, once" in second.stderr
    assert [path.name for path in image.path("/volume2").iterdir()] == []


def test_a_volume_of_our_group_is_accepted(image, start):
    # A volume under `fsGroup`: root's and the group's, which new files inherit.
    image.directory("/volume", mode=0o2775, owner=0, group=777)
    environment = start | {"KSM_INI_DIR": "/volume"}
    run = image.run(*SHOW, env=environment, user=UID, groups="777", volumes=["/volume"])
    assert ended(run) == SHOWN, run.stderr
    assert "Warning" not in run.stderr
    # When it is mounted again, the group gets what the owner has. The directory was named, so that is worth a word and no more.
    image.path("/volume/keeper.ini").chmod(0o660)
    run = image.run(*SHOW, env=environment, user=UID, groups="777", volumes=["/volume"])
    assert ended(run) == SHOWN, run.stderr
    assert run.stderr == "Warning: /volume/keeper.ini can be changed by others (its mode is 0660)\n"


def test_a_killed_start_is_restarted(image, start):
    image.directory("/volume", owner=UID)
    image.file("/dev/null", "", mode=0o644)
    environment = start | {"KSM_INI_DIR": "/volume"}
    for spins in (1_000, 20_000, 80_000):
        line = f"(i=0; while [ $i -lt {spins} ]; do i=$((i+1)); done; kill -KILL 1) & exec /ksm secret list --json"
        image.run("/sh", "-c", line, env=environment, user=UID, volumes=["/volume"])
    run = image.run(*SHOW, env=environment, user=UID, volumes=["/volume"])
    assert ended(run) == SHOWN, run.stderr
