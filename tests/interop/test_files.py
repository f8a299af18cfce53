"""Each CLI reads files of the other: `keeper.ini`, exports, `KSM_CONFIG`."""

import base64
import json

WEB = "web-AAAAAAAAAAAAAAAAAA"
LOGIN = ("secret", "get", WEB, "--field", "login")


def ini(program):
    return program.home / "keeper.ini"


def bind_ours(ours, vault):
    """Redeems the vault's token with our CLI; returns the file it wrote."""
    assert ours("profile", "init", "--token", vault.token.text).succeeds().stdout == b""
    return ini(ours)


def bind_official(official, vault):
    """The same with the official CLI, which wants the host beside the token, and cannot be told the server's key."""
    # In one word: apart, the official CLI lower-cases a key that starts with `-` (FIX 1).
    options = (f"--token={vault.token.client_key}", "--hostname", vault.token.host)
    assert official("profile", "init", *options).succeeds().stdout == b""
    return ini(official)


def test_the_official_cli_works_with_our_ini(ours, official, vault):
    path = bind_ours(ours, vault)
    assert path.stat().st_mode & 0o777 == 0o600
    assert official("--ini-file", str(path), *LOGIN).succeeds().stdout == b"alice"
    same = [program("--ini-file", str(path), "profile", "list").succeeds().stdout for program in (ours, official)]
    assert same[0] == same[1]


def test_we_work_with_the_official_ini(ours, official, vault):
    path = bind_official(official, vault)
    assert json.loads(ours("--ini-file", str(path), "profile", "list", "--json").succeeds().text) == [
        {"active": True, "name": "_default"}
    ]
    # The official CLI has no place for the key of a vault like this one; ours has (D10).
    path.write_text(path.read_text().rstrip("\n") + f"\nserverpublickey = {vault.token.server_key}\n")
    assert ours("--ini-file", str(path), *LOGIN).succeeds().stdout == b"alice"


def test_a_dropped_server_key_is_named(ours, official, vault):
    path = bind_ours(ours, vault)
    official("--ini-file", str(path), "profile", "active", "_default").succeeds()
    assert "serverpublickey =" not in path.read_text()
    run = ours("--ini-file", str(path), *LOGIN)
    assert run.status != 0
    assert b"serverpublickey" in run.stderr, f"{run}"


def test_both_change_one_file(ours, official, vault):
    """Each adds a profile, each makes the other's active, each deletes; the rest stays as it was."""
    path = bind_ours(ours, vault)
    config = base64.b64encode(json.dumps(vault.config_json).encode()).decode()
    official("--ini-file", str(path), "profile", "import", "-p", "theirs", config).succeeds()
    ours("--ini-file", str(path), "profile", "import", "-p", "more", config).succeeds()
    ours("--ini-file", str(path), "profile", "active", "theirs").succeeds()
    official("--ini-file", str(path), "profile", "active", "more").succeeds()
    expected = [{"active": False, "name": "_default"}, {"active": False, "name": "theirs"}, {"active": True, "name": "more"}]
    for program in (ours, official):
        assert json.loads(program("--ini-file", str(path), "profile", "list", "--json").succeeds().text) == expected
    official("--ini-file", str(path), "profile", "delete", "theirs").succeeds()
    ours("--ini-file", str(path), "profile", "delete", "_default").succeeds()
    for program in (ours, official):
        names = json.loads(program("--ini-file", str(path), "profile", "list", "--json").succeeds().text)
        assert names == [{"active": True, "name": "more"}]
    assert official("--ini-file", str(path), *LOGIN).succeeds().stdout == b"alice"


def export(program, path, *options):
    return program("--ini-file", str(path), "profile", "export", *options).succeeds().text


def test_the_official_cli_imports_our_exports(ours, official, vault):
    path = bind_ours(ours, vault)
    for form in ("ini", "json"):
        target = official.home / f"{form}.ini"
        official("profile", "import", "-f", str(target), export(ours, path, "--file-format", form)).succeeds()
        assert official("--ini-file", str(target), *LOGIN).succeeds().stdout == b"alice"


def test_we_import_its_exports(ours, official, vault):
    path = bind_official(official, vault)
    for form in ("ini", "json"):
        target = ours.home / f"{form}.ini"
        ours("profile", "import", "-f", str(target), export(official, path, "--file-format", form)).succeeds()
        # Both read an export alike.
        plain = [export(program, target, "--plain", "--file-format", "json") for program in (ours, official)]
        assert json.loads(plain[0]) == json.loads(plain[1]) == json.loads(export(official, path, "--plain", "--file-format", "json"))


def test_an_export_is_a_ksm_config(ours, official, vault):
    path = bind_ours(ours, vault)
    for options in (("--file-format", "json"), ("--file-format", "json", "--plain")):
        text = export(ours, path, *options)
        for program in (ours, official):
            assert program(*LOGIN, env={"KSM_CONFIG": text}).succeeds().stdout == b"alice"


def test_a_token_is_spent_once_between_the_two(ours, official, vault):
    bind_official(official, vault)
    run = ours("profile", "init", "--token", vault.token.text)
    assert (run.status, run.stdout) == (4, b"")
    assert not ini(ours).exists()
