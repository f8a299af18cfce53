"""`ksm env`: what is written is read back to the byte, or refused by name."""

import json
import os
import random
import re
import subprocess
import unicodedata

import pytest

import env_readers
import programs
from vault import Vault

# Values that have been trouble for some reader.
ODD = [
    "", " ", "\n", "\n\n", "\r", "\r\n", "\t", "a\n", "a\n\n", "a\r", "a\r\n", "\na", " a", "a ", "a\tb", "#", "#a", "a#b", "a # b", "=", "=a",
    "a=b", "'", "''", '"', '""', "`", "'\"", "'\"`", "it's", 'a "b" c', "\\", "\\\\", "a\\", "\\n", "\\'", '\\"', "'\\n", "'\\d", "\\\r", "$",
    "$$", "$A", "${A}", "$(id)", "`id`", "'$(id)'", "'$(id)\"", "!", "!!", "%", "%25", "%0A", "~", "~root", "*", "?", "[a]", "{a,b}", ";", "&",
    "|", "<<EOF", "EOF", "a\nEOF\nb", "::add-mask::x", "export A=b", "- a", "a: b", "yes", "null", "1e5", "0x1", "\x01", "\x1b[31m", "\x7f",
    "\x85", "\u00a0", "\u2028", "\u2029a", "\ufeff", "\ufeffa", "\u200b", "\u202e", "\ufffe", "\U0010ffff", "\uf601", "é", "e\u0301", "密码",
    "🔑", "👩‍👩‍👧", "‘a’", "‚b‛", "a‘b", "'‘'", "“x”", "x" * 5000, "a\u2028'b'", "'a' 'b'", "\"a\" 'b'", "a'b\"c", "'a\nb\"", "'\r\"",
]
CHARACTERS = "abAB019 \n\n\r\t'\"`\\$#=!%&|;<>(){}[]*?~^:,.@-+/_"


def classes():
    """Characters of every class of Unicode that a text can have."""
    found = {}
    for code in range(1, 0x110000):
        kind = unicodedata.category(chr(code))
        if kind != "Cs" and len(found.setdefault(kind, [])) < 40:
            found[kind].append(chr(code))
    return [char for each in found.values() for char in each]


def generated(count):
    pick = random.Random(40)
    unicode = classes()
    while count:
        count -= 1
        length = pick.randint(0, 12)
        yield "".join(pick.choice(CHARACTERS) if pick.random() < 0.8 else pick.choice(unicode) for _ in range(length))


VALUES = {f"V{number:04}": value for number, value in enumerate([*ODD, *generated(1000)])}


def env_file(values):
    """A file for `--env-file` that holds any value."""
    escape = {"\\": "\\\\", '"': '\\"', "\r": "\\r"}
    lines = (f'{name}="{"".join(escape.get(char, char) for char in value)}"\n' for name, value in values.items())
    return "".join(lines).encode()


@pytest.fixture
def write(ksm, tmp_path):
    """Writes those values that a format holds; returns what was written, these, and the reasons why others were refused."""
    program = programs.Program([ksm], {}, tmp_path)

    def write(form, values):
        values, refused = dict(values), {}
        words = ["--name", "values", "--namespace", "apps"] if form == "k8s" else []
        while True:
            (tmp_path / "values").write_bytes(env_file(values))
            (tmp_path / "runner").write_bytes(b"BEFORE=1")
            run = program("env", "--env-file", "values", "--format", form, *words, env={"GITHUB_ENV": str(tmp_path / "runner")})
            if run.status == 0:
                break
            assert (run.status, run.stdout) == (1, b""), run
            found = re.search(rb"^Error: `(\w+)` cannot hold the variable `(V\d+)`: (.*)\nHint: these formats can hold it: (.*)\n$", run.stderr)
            assert found and found[1].decode() == form, run
            name = found[2].decode()
            refused[name] = (found[3].decode(), found[4].decode().split(", "))
            del values[name]
        if form != "github":
            return run.stdout, values, refused
        assert env_readers.github_masks(run.stdout) >= {line for value in values.values() for line in re.split("[\r\n]", value) if not re.fullmatch(env_readers.BLANK, line)}
        written = (tmp_path / "runner").read_bytes()
        assert written.startswith(b"BEFORE=1\n")
        return written.removeprefix(b"BEFORE=1"), values, refused

    return write


def blank(value):
    return value != value.strip("\t\n\v\f\r ")


# Whether a format may refuse a value.
REFUSED = {
    "docker": lambda value: "\n" in value or value.endswith("\r"),
    "gitlab": lambda value: "\n" in value or "$" in value or blank(value),
    "github": lambda value: value.endswith("\r"),
    "systemd": lambda value: any(ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF for char in value),
    # Both kinds of quotes, or a backslash beside one.
    "dotenv": lambda value: "${" in value or len(set(value) & set("'\"\\\r")) > 1 or "\\\\" in value or "\\" in value and value.endswith("\\"),
}


@pytest.mark.parametrize("form", env_readers.READERS)
def test_every_reader_gives_back_every_value(write, tmp_path, form):
    written, held, refused = write(form, VALUES)
    for name, (reason, alternatives) in refused.items():
        assert REFUSED[form](VALUES[name]), (VALUES[name], reason)
        assert "json" in alternatives and form not in alternatives
    assert len(held) > 600
    expected = {name: value.encode() for name, value in held.items()}
    for reader, read in env_readers.READERS[form].items():
        found = read(written, tmp_path / "written")
        wrong = {name: (value, found.get(name)) for name, value in expected.items() if found.get(name) != value}
        assert not wrong, f"{reader}: {wrong}"


def test_what_a_format_holds_is_not_refused(write):
    for form, may_refuse in REFUSED.items():
        if form == "dotenv":
            continue
        _, held, _ = write(form, VALUES)
        assert not [value for value in held.values() if may_refuse(value)], form


def test_our_own_reader_gives_back_a_dotenv_file(ksm, write, tmp_path):
    written, held, _ = write("dotenv", VALUES)
    (tmp_path / "again").write_bytes(written)
    run = programs.Program([ksm], {}, tmp_path)("env", "--env-file", "again", "--json")
    assert json.loads(run.succeeds().stdout) == held


@pytest.fixture(scope="module")
def filled(ksm, tmp_path_factory):
    """Our CLI before a vault with a record that has all values which a field can have."""
    work = tmp_path_factory.mktemp("values")
    custom = [{"type": "text", "label": name, "value": [value]} for name, value in VALUES.items()]
    seed = {"records": [{"title": "values", "type": "login", "fields": [], "custom": custom}]}
    (work / "seed.json").write_text(json.dumps(seed))
    vault = Vault(ksm, str(work / "seed.json"), work)
    program = programs.ours(ksm, vault, work)
    program("profile", "init", vault.token.text).succeeds()
    yield program
    vault.close()


def test_a_record_becomes_the_environment_of_a_shell(ksm, filled, tmp_path):
    line = f'eval "$({ksm} env values)"; exec env -0'
    for shell in (["bash", "-c"], ["dash", "-c"], ["zsh", "-fc"], ["fish", "--no-config", "-c"]):
        fish = shell[0] == "fish"
        text = f"{ksm} env values --format fish | source; exec env -0" if fish else line
        run = subprocess.run([*shell, text], env=filled._environment, cwd=filled.home, capture_output=True, check=True, timeout=60)
        found = dict(entry.split(b"=", 1) for entry in run.stdout.split(b"\0") if entry)
        wrong = {name: value for name, value in VALUES.items() if value and found.get(name.encode()) != value.encode()}
        assert (run.stderr, wrong) == (b"", {}), shell
        assert not [name for name, value in VALUES.items() if not value and name.encode() in found]


# Each shell's own list of its variables.
SHELLS = {
    "bash": (["bash", "-c"], "compgen -v; compgen -v | sed s/^/X/ >/dev/null; printf '%s\\n' HISTCMD OPTIND RANDOM SRANDOM MAILCHECK COMP_POINT"),
    "dash": (["dash", "-c"], "set | sed 's/=.*//'"),
    "zsh": (["zsh", "-fc"], "zmodload zsh/parameter zsh/datetime zsh/zle; print -l ${(k)parameters}"),
    "fish": (["fish", "--no-config", "-c"], "set -n"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_no_variable_of_a_shell_runs_its_value(ksm, tmp_path, shell):
    """Arithmetic variables are evaluated when they are set, and a subscript of an array runs commands."""
    argv, names = SHELLS[shell]
    environment = env_readers.BASE | {"HOME": str(tmp_path)}
    listed = subprocess.run([*argv, names], env=environment, capture_output=True, check=True, text=True).stdout.split()
    names = sorted({name for name in listed if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name)} - {"PATH", "path"})
    assert len(names) > 8
    form = "fish" if shell == "fish" else "shell"
    program = programs.Program([ksm], {}, tmp_path)
    attack = f"x[$(/usr/bin/touch {tmp_path}/run)]"
    taken = 0
    for name in names:
        (tmp_path / "file").write_text(f"{name}='{attack}'")
        run = program("env", "--env-file", "file", "--format", form)
        if run.status == 1:
            assert b"a shell has a variable of this name" in run.stderr
            continue
        taken += 1
        (tmp_path / "written").write_bytes(run.succeeds().stdout)
        line = "cat $argv[2] | source; /usr/bin/env -0" if shell == "fish" else 'eval "$(cat "$1")"; exec /usr/bin/env -0'
        for interactive in ([], ["-i"]):
            read = subprocess.run([*argv[:-1], *interactive, argv[-1], line, "x", str(tmp_path / "written")], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
            assert f"{name}={attack}".encode() in read.stdout.split(b"\0"), (name, read)
            assert not os.path.exists(tmp_path / "run"), name
    assert taken > 3


def test_an_eval_of_a_failure_does_nothing(filled):
    for words in (["env", "no such record"], ["env", "values", "--format", "docker"], ["env", "values", "--prefix", "LD_"], ["env"]):
        run = filled(*words)
        assert run.status != 0 and run.stdout == b"", run
