"""A container's life: any user, nothing to write to, process 1 (security.md B1 to B3)."""

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
def test_the_first_start_binds_and_the_next_ones_use_what_it_saved(image, start, user):
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


def test_without_a_place_to_save_the_token_is_not_spent(image, start):
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


def test_process_1_can_be_stopped_while_it_waits_for_an_answer(image, vault):
    image.file("/dev/null", "", mode=0o644)  # the shell's own wish for a job in the background
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        config = json.dumps(vault.config_json | {"hostname": host})
        # Process 1 gets no signal of its own container unless it asked for it.
        line = "(i=0; while [ $i -lt 900000 ]; do i=$((i+1)); done; kill -TERM 1) & exec /ksm secret list"
        run = image.run("/sh", "-c", line, env={"KSM_CONFIG": config, "KSM_CA_FILE": "/ca.pem"}, user=UID)
    assert (*ended(run), run.stderr) == (128 + signal.SIGTERM, "", "")
