"""Attachments between the two CLIs and the official SDK: what either puts into the vault, the others take out to the byte."""

import hashlib
import json
import os

import pytest

from test_sdk import PAPERS, WEB, only, read, sdk, storage, trusted, values  # noqa: F401 (fixtures)

CONTENT = b"canary\0\r\n--" + bytes(range(256)) * 999
NAMES = ["note.txt", "data.json", "page.html", "scan.pdf", "photo.jpg", "logo.png", "all.zip", "noextension", "Zürich ключ.txt"]


def place(program, name, content=CONTENT):
    path = program.home / name
    path.write_bytes(content)
    return str(path)


def put(program, vault, name, *options):
    run = program("secret", "upload", "-u", WEB, "-f", place(program, name), *options, env={"KSM_CONFIG": vault.config})
    return run.succeeds().text


def get(program, vault, uid):
    target = program.home / "downloaded"
    args = ("secret", "download", "-u", WEB, "--file-uid", uid, "--file-output", str(target))
    assert program(*args, env={"KSM_CONFIG": vault.config}).succeeds().stdout == b""
    return target.read_bytes()


def entry(ours, vault, uid):
    return only(file for file in read(ours, vault, WEB)["files"] if file["file_uid"] == uid)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_the_same_whoever_uploads_it(ours, official, vault, name):
    by_us, by_them = put(ours, vault, name), put(official, vault, name)
    for uid in (by_us, by_them):
        assert get(ours, vault, uid) == get(official, vault, uid) == CONTENT
    same = [{key: entry(ours, vault, uid)[key] for key in ("name", "title", "type", "size")} for uid in (by_us, by_them)]
    assert same[0] == same[1]
    # The record still holds its own members.
    record = read(ours, vault, WEB)
    assert values(record)["password"] == ["canary-web-password"]
    assert values(record)["fileRef"] == [by_us, by_them]


def test_the_sdk_reads_what_we_upload(sdk, ours, vault):
    uid = put(ours, vault, "scan.pdf", "-t", "A scan")
    file = only(sdk.get_secrets([WEB])).find_file_by_title("A scan")
    assert (file.f["fileUid"], file.name, file.type, file.size) == (uid, "scan.pdf", "application/pdf", len(CONTENT))
    assert file.get_file_data() == CONTENT
    ours("secret", "delete-attachment", "-u", WEB, "-f", "A scan", env={"KSM_CONFIG": vault.config}).succeeds()
    record = only(sdk.get_secrets([WEB]))
    assert record.files == []
    assert record.get_standard_field_value("fileRef") == []


def test_either_deletes_what_the_other_uploaded(ours, official, vault):
    for uploader, remover in ((ours, official), (official, ours)):
        uid = put(uploader, vault, "note.txt")
        remover("secret", "delete-attachment", "-u", WEB, "-f", uid, env={"KSM_CONFIG": vault.config}).succeeds()
        assert read(ours, vault, WEB)["files"] == []


def peak(ksm, vault, home, *args):
    """The most memory, in bytes, that one run of ours held."""
    environment = {"PATH": os.environ["PATH"], "KSM_CONFIG": vault.config, "KSM_CA_FILE": vault.ca_file}
    # Open for both, stdout would count as closed (O7).
    quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(ksm, [ksm, *args], environment, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    assert status == 0, f"{args} ended with {status}"
    return usage.ru_maxrss << 10


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def test_a_large_file_is_in_memory_once(ksm, vault, tmp_path):
    # A debug build encrypts a few megabytes a second.
    size = 64 << 20 if "debug" in ksm else 1 << 30
    there, back, small = tmp_path / "large.bin", tmp_path / "back.bin", tmp_path / "small.bin"
    with there.open("wb") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    small.write_bytes(b"small")
    # How many pages of the program are in memory depends on how the system cached its file. A second copy would still break the bound.
    ours = peak(ksm, vault, tmp_path, "secret", "upload", "-u", WEB, "-f", str(small)) + (32 << 20)
    up = peak(ksm, vault, tmp_path, "secret", "upload", "-u", WEB, "-f", str(there))
    down = peak(ksm, vault, tmp_path, "secret", "download", "-u", WEB, "--name", "large.bin", "--file-output", str(back))
    print(json.dumps({"file": size >> 20, "up": up >> 20, "down": down >> 20, "unit": "MiB"}))
    for most in (up, down):
        assert size < most < size + ours, f"{most >> 20} MiB for a file of {size >> 20} MiB"
    assert digest(there) == digest(back)
