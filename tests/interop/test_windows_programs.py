"""`ksm.exe` under wine: how programs are found, started, waited for and stopped.

wine 8 hands Ctrl-C on to the programs of a console, and nothing else; `probe.c` tells them of Ctrl-Break, the end of a console and of a
session as Windows does. Unlike Windows, wine ends nobody some seconds later. Its `cmd.exe` expands `%NAME%` in arguments of batch files, though ksm quotes them so that Windows does not.
"""

import shutil
import threading
import time

import pytest

from windows import path

pytestmark = pytest.mark.xdist_group("windows")
SECRET = "canary-web-password"
RECORD = "web-AAAAAAAAAAAAAAAAAA"
REFERENCE = f"keeper://{RECORD}/field/password"

# Ctrl-C, Ctrl-Break, the end of the console, of the session, of the system.
EVENTS = ["0", "1", "2", "5", "6"]
# The status of a program that one of them ended.
INTERRUPTED = 0xC000013A
WORDS = ["plain", "two words", "", 'a "quote"', "ünïcode 鍵", "back\\slash", "C:\\dir\\", 'trailing \\"', "two words\\", "%PATH%", "^&|<>", "*", "~"]
# A batch file that prints its first argument and ends with 7.
BATCH = "@echo off\r\necho batch %1\r\nexit /b 7\r\n"


@pytest.fixture
def tools(windows, tmp_path):
    """A directory of programs."""
    directory = tmp_path / "tools"
    directory.mkdir()

    def add(name, content=None):
        file = directory / name
        if content is None:
            shutil.copy(windows.probe_exe, file)
        else:
            file.write_text(content)
        return file

    add.directory = directory
    add.variables = {"PATH": f"{path(directory)};C:\\windows\\system32"}
    return add


def test_a_program_gets_its_words_exactly(windows):
    run = windows.ksm("exec", "--", path(windows.probe_exe), "arguments", *WORDS).succeeds()
    assert run.stdout.decode().split("\0") == [*WORDS, ""]


def test_a_program_gets_its_secrets(windows, shared_vault):
    run = windows.ksm("exec", "--", path(windows.probe_exe), "variable", "SECRET", vault=shared_vault, env={"SECRET": REFERENCE})
    assert run.succeeds().stdout == SECRET.encode() + b"\0"


STATUSES = [0, 3, 255, 256, INTERRUPTED, 0xFFFFFFFF]


@pytest.mark.parametrize("status", STATUSES)
def test_the_whole_status_is_handed_on(windows, status):
    assert windows.ksm("exec", "--", path(windows.probe_exe), "exit", str(status)).status == status


@pytest.mark.parametrize("options", [["--capture-output"], ["--mask"], ["-e", f"KEY=@file:{RECORD}/field/password"]])
def test_ksm_hands_the_whole_status_on_where_it_stays(windows, shared_vault, options):
    run = windows.ksm("exec", *options, "--", path(windows.probe_exe), "exit", str(INTERRUPTED), vault=shared_vault)
    assert run.status == INTERRUPTED


@pytest.mark.parametrize("status", [3, 256, 0xFFFFFFFF])
def test_the_development_vault_hands_the_whole_status_on(windows, status):
    assert windows.ksm("dev", "--", path(windows.probe_exe), "exit", str(status)).status == status


def test_the_development_vault_serves_the_program_it_runs(windows):
    run = windows.ksm("dev", "--", "ksm", "exec", "-e", "S=Database/field/password", "--", path(windows.probe_exe), "variable", "S")
    assert run.succeeds().stdout == b"sample-db-Passw0rd\0"


def test_names_of_variables_are_one_in_any_case(windows, shared_vault):
    probe = path(windows.probe_exe)
    small, large = f"name={RECORD}/field/login", f"NAME={RECORD}/field/password"
    for options, expected in [([small, large], SECRET), ([large, small], "alice")]:
        options = [word for option in options for word in ("-e", option)]
        run = windows.ksm("exec", *options, "--", probe, "variable", "Name", vault=shared_vault, env={"nAME": "inherited"})
        assert run.succeeds().stdout == expected.encode() + b"\0", options
    run = windows.ksm("exec", "--", probe, "variable", "KSM_TOKEN", env={"ksm_Token": "canary"})
    assert run.succeeds().stdout == b"\0"


def test_endings_of_programs_go_before_bare_names(windows, tools):
    tools("npm", "#!/bin/sh\necho script\n")
    tools("npm.cmd", BATCH)
    run = windows.ksm("exec", "--", "npm", "word", env=tools.variables)
    assert (run.status, run.stdout) == (7, b"batch word\r\n"), run
    tools("npm.exe")
    run = windows.ksm("exec", "--", "npm", "exit", "5", env=tools.variables)
    assert run.status == 5, run
    run = windows.ksm("exec", "--", "npm", "word", env=tools.variables | {"PATHEXT": ".CMD;.EXE"})
    assert run.status == 7, run


def test_a_script_of_another_system_is_refused_first(windows, tools):
    tools("tool", "#!/bin/sh\n")
    run = windows.ksm("exec", "-e", f"S={REFERENCE}", "--", "tool", env=tools.variables)
    assert run.status == 126, run
    assert b"tools\\tool cannot be run: it is no executable file" in run.stderr, run


@pytest.mark.parametrize("start", [";", ".;", "sub;"])
def test_a_program_here_is_named_but_not_started(windows, tools, tmp_path, start):
    directory = tmp_path / "here"
    (directory / "sub").mkdir(parents=True)
    for folder in (directory, directory / "sub"):
        shutil.copy(windows.probe_exe, folder / "plant.exe")
    variables = {"PATH": start + tools.variables["PATH"]}
    run = windows.ksm("exec", "--", "plant", "exit", "5", env=variables, cwd=directory)
    assert run.status == 127, run
    assert run.stderr.decode().replace("\r", "") == "Error: program `plant` was not found\nHint: `.\\plant` is the one in this directory\n"
    assert windows.ksm("exec", "--", ".\\plant", "exit", "5", env=variables, cwd=directory).status == 5


def test_a_batch_file_gets_its_words(windows, tools):
    tools("show.cmd", "@echo off\r\necho [%1] [%2]\r\n")
    run = windows.ksm("exec", "--", "show", "two words", "a&b", env=tools.variables)
    assert run.succeeds().stdout == b'["two words"] ["a&b"]\r\n', run


def test_a_batch_file_is_refused_a_line_break(windows, tools):
    tools("show.cmd", BATCH)
    run = windows.ksm("exec", "--", "show", "one", "two\nlines", env=tools.variables)
    assert run.status == 125, run
    assert b"a batch file gets no argument with a line break, as argument 2 has one" in run.stderr, run


def test_the_shell_hands_a_line_to_the_systems(windows):
    run = windows.ksm("shell", stdin=b'!echo "two words" & echo more\n').succeeds()
    assert run.stdout.endswith(b'\n"two words" \r\nmore\r\n'), run


# Keeps its first argument, and puts a record into the file that is its second.
EDITOR = '@echo off\r\necho %1> "%~dp0words.txt"\r\ncopy /y "%~dp0record.json" %2 > nul\r\n'
EDITED = '{"version": "v3", "kind": "KeeperRecord", "data": [{"recordType": "login", "title": "Made here", "fields": []}]}'


@pytest.mark.parametrize("line", ["code --wait", '"{}" "--wait"', "{}"])
def test_an_editor_may_have_words_and_quotes(windows, tools, vault, line):
    folder = tools.directory / "Program Files" if "{}" in line else tools.directory
    folder.mkdir(exist_ok=True)
    # Without words, the file is the first.
    (folder / "code.cmd").write_text(EDITOR if "wait" in line else EDITOR.replace("%2", "%1"))
    (folder / "record.json").write_text(EDITED)
    editor = line.format(path(folder / "code.cmd"))
    call = ["secret", "add", "editor", "--sf", "team-AAAAAAAAAAAAAAAAA", "--rt", "login", "-o", "json", "-t", "T"]
    windows.ksm(*call, vault=vault, env=tools.variables | {"EDITOR": editor}).succeeds()
    assert "Made here" in windows.ksm("secret", "list", vault=vault).text
    if "wait" in line:
        assert (folder / "words.txt").read_text().strip(' "\n') == "--wait"


@pytest.mark.parametrize("line, told", [("'single' --wait", "there is no program `'single'` to edit with"), ('"open', 'the editor `"open` is no program')])
def test_an_editor_that_is_none_is_named(windows, tools, vault, line, told):
    call = ["secret", "add", "editor", "--sf", "team-AAAAAAAAAAAAAAAAA", "--rt", "login"]
    run = windows.ksm(*call, vault=vault, env=tools.variables | {"EDITOR": line})
    assert run.status == 6 and told in run.stderr.decode(), run


@pytest.mark.parametrize("command", [["exec", "-e", f"KEY=@file:{RECORD}/field/password"], ["dev"]])
@pytest.mark.parametrize("event", EVENTS)
def test_ksm_stays_with_a_program_that_an_event_reaches(windows, shared_vault, tmp_path, command, event):
    temporary, here = tmp_path / "temporary", tmp_path / "here"
    temporary.mkdir()
    call = [*command, "--", path(windows.probe_exe), "wait", path(here), "11"]
    places = {"TEMP": path(temporary), "TMP": path(temporary)}
    run = windows.ksm(*call, vault=shared_vault, env=places, starter=("press", path(here), event))
    assert run.status == 11, run
    assert files_below(temporary) == []


def files_below(directory):
    return [entry for entry in directory.rglob("*") if entry.is_file()]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_ends_the_development_vault(windows, tmp_path, event):
    """As it ends every program of Windows, and the directory of the vault goes with it."""
    here = tmp_path / "here"

    def tell():
        while not list(tmp_path.glob("ksm-private-*/bin/ksm.exe")):
            time.sleep(0.05)
        here.touch()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    run = windows.ksm("dev", env={"TEMP": path(tmp_path), "TMP": path(tmp_path)}, starter=("press", path(here), event))
    assert run.status == INTERRUPTED, run
    assert files_below(tmp_path) == [here]


# Keeps its words, and prints credentials.
CREDENTIALS = '@echo off\r\necho %1> "%~dp0words.txt"\r\necho {"Version": 1, "AccessKeyId": "AKIAOFTHEPROCESS", "SecretAccessKey": "canary"}\r\n'


def test_a_credential_process_may_be_a_batch_file(windows, tools, tmp_path):
    tools("get credentials.cmd", CREDENTIALS)
    config = tmp_path / "config"
    config.write_text('[profile p]\ncredential_process = "{}" "two words"\n'.format(path(tools.directory / "get credentials")))
    aws = {"AWS_CONFIG_FILE": path(config), "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    run = windows.ksm("profile", "setup", "--type", "aws", "-c", "profile", "-n", "p", env=tools.variables | aws, cwd=tmp_path)
    # It has what to ask with.
    assert run.status == 5, run
    assert (tools.directory / "words.txt").read_text() == '"two words"\n'
