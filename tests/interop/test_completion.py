"""Completion in real shells: the arguments of the line that Tab has completed, as the shell hands them over."""

import json
import os
import re
import subprocess
import sys

import pytest

from programs import BASE
from terminal import Shell

BASH = ["bash", "--norc", "--noprofile", "-i"]

# How a shell starts without files of its user, and what it is told first.
STARTS = {
    "bash": (BASH, "source <(ksm completion bash); PS1='rea''dy> '"),
    "old name": (BASH, "eval \"$(_KSM_COMPLETE=bash_source ksm)\"; PS1='rea''dy> '"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -D; source <(ksm completion zsh); PS1='rea''dy> '"),
    "fish": (["fish", "--no-config", "-i"], "ksm completion fish | source; function fish_prompt; echo -n rea; echo -n 'dy> '; end"),
    "elvish": (["elvish", "-norc"], "eval (ksm completion elvish | slurp); set edit:prompt = { print 'rea'; print 'dy> ' }"),
}
SHELLS = ["bash", "zsh", "fish", "elvish"]

# Stands for the program at the end: tells its arguments. Scripts reach the real one.
STAND_IN = """#!{python}
import json, os, sys
if "_KSM_COMPLETE" in os.environ or sys.argv[1] == "completion":
    os.execv({ksm!r}, ["ksm", *sys.argv[1:]])
print(json.dumps(sys.argv[1:]), file=open({told!r}, "w"))
print("to" "ld")
"""


@pytest.fixture
def environment(ksm, shared_vault, tmp_path):
    ours = {"KSM_CONFIG": shared_vault.config, "KSM_CA_FILE": shared_vault.ca_file, "NO_PROXY": shared_vault.no_proxy}
    home = tmp_path / "home"
    programs = tmp_path / "programs"
    for directory in (home, programs):
        directory.mkdir()
    stand_in = programs / "ksm"
    stand_in.write_text(STAND_IN.format(python=sys.executable, ksm=ksm, told=str(tmp_path / "told")))
    stand_in.chmod(0o755)
    environment = BASE | ours | {"HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    return environment


@pytest.fixture
def kept(ksm, environment):
    """With the answers of a vault in the cache."""
    subprocess.run([ksm, "--cache", "secret", "list"], env=environment, check=True, capture_output=True)


@pytest.fixture
def start(environment, tmp_path):
    """Starts a shell by name; gives what runs a line with its tabs, and returns the arguments of `ksm`."""
    shells = []

    def start(name, *more):
        program, line = STARTS[name]
        shell = Shell(environment, environment["HOME"], program)
        shells.append(shell)
        for line in (line, *more):
            shell.press(line + "\r")
            shell.expect("ready> ")
        told = tmp_path / "told"

        def complete(keys):
            told.unlink(missing_ok=True)
            *completed, rest = keys.split("\t")
            for part in completed:
                shell.press(part + "\t")
                # elvish lets a person choose where it has to quote.
                if "COMPLETING" in shell.settles(1 if name == "elvish" else 0.2):
                    shell.press("\r")
            shell.press(rest)
            # A press of Return that comes with others may be taken for one of several pasted lines.
            shell.settles()
            shell.press("\r")
            shell.expect("told")
            shell.expect("ready> ")
            return json.loads(told.read_text())

        complete.shell = shell
        return complete

    yield start
    for shell in shells:
        shell.close()


@pytest.mark.parametrize("name", STARTS)
def test_words_and_names_are_completed(name, start, kept):
    complete = start(name)
    for typed, expected in [
        ("ksm sec\t get x", ["secret", "get", "x"]),
        ("ksm secret get Web\t --field log\t", ["secret", "get", "Web shop", "--field", "login"]),
        ("ksm secret get Orders\t", ["secret", "get", "Orders database"]),
        ("ksm secret get --unm\t", ["secret", "get", "--unmask"]),
    ]:
        assert complete(typed) == expected


@pytest.mark.parametrize("name", SHELLS)
def test_where_nothing_fits_nothing_is_inserted(name, start):
    complete = start(name)
    for typed in ["ksm secret get \t", "ksm exec -e DB=x\t", "ksm secret list \t", "ksm profile export nothing\t"]:
        assert complete(typed) == typed.removeprefix("ksm").split()


@pytest.mark.parametrize("name", SHELLS)
def test_a_notation_is_completed_section_by_section(name, start, kept):
    complete = start(name)
    for typed, expected in [
        ("ksm secret notation kee\tWeb\tfie\tlog\t", ["secret", "notation", "keeper://Web shop/field/login"]),
        ("ksm secret get keeper://Ord\tfield/pas\t", ["secret", "get", "keeper://Orders database/field/password"]),
        ("ksm exec -e DB=keeper://Web\tfield/log\t -- x", ["exec", "-e", "DB=keeper://Web shop/field/login", "--", "x"]),
        ("ksm exec --env=DB=keeper://Web\tty\t", ["exec", "--env=DB=keeper://Web shop/type"]),
    ]:
        if name == "elvish":
            # It lets a person choose where several need quotes.
            typed = typed.replace("fie\tlog", "field/log")
            for title in ("Web shop", "Orders database"):
                typed = typed.replace("kee\t", "keeper://").replace(f"keeper://{title[:3]}\t", f"'keeper://{title}/'")
        assert complete(typed) == expected


@pytest.mark.parametrize("name", SHELLS)
def test_a_program_is_completed_by_its_name(name, start):
    complete = start(name)
    for typed, expected in [
        ("ksm exec -- mkfif\tx", ["exec", "--", "mkfifo", "x"]),
        ("ksm exec mkfif\tx", ["exec", "mkfifo", "x"]),
        ("ksm exec -- /usr/bin/mkfif\tx", ["exec", "--", "/usr/bin/mkfifo", "x"]),
    ]:
        assert complete(typed) == expected


@pytest.mark.parametrize("quote", ['"', "'"])
def test_an_open_quote_of_bash_is_kept(quote, start, kept, environment):
    with open(environment["HOME"] + "/my file.txt", "w"):
        pass
    complete = start("bash")
    for typed, expected in [
        (f"ksm secret get {quote}Web\t -f x", ["secret", "get", "Web shop", "-f", "x"]),
        (f"ksm secret get {quote}keeper://Web\tty\t -f x", ["secret", "get", "keeper://Web shop/type", "-f", "x"]),
        (f"ksm interpolate {quote}my\t -n", ["interpolate", "my file.txt", "-n"]),
    ]:
        assert complete(typed) == expected


def test_what_was_typed_is_not_run(start, kept, environment):
    for name in SHELLS:
        # Where Tab first expands a word, zsh itself runs what is in it.
        complete = start(name, *["bindkey '^I' complete-word"] * (name == "zsh"))
        for typed in ['ksm secret get "$(touch ran)\t', "ksm exec -e A=$(touch ran)\t", "ksm interpolate `touch ran`\t"]:
            complete.shell.press(typed)
            complete.shell.settles()
            assert not os.path.exists(environment["HOME"] + "/ran"), (name, typed)
            complete.shell.press("\x03")
            complete.shell.settles()


def test_bash_lists_words_as_they_are(start, kept, environment):
    complete = start("bash")
    shell = complete.shell
    for typed, shown in [
        ("ksm secret notation keeper://Web\t\t\t", "keeper://Web shop/field/"),
        ("ksm secret notation keeper://Web\tfield/\t\t\t", "keeper://Web shop/field/login"),
    ]:
        shell.press(typed)
        shell.expect(re.escape(shown))
        shell.press("\x03")
        shell.settles()


def test_a_large_directory_is_no_trouble(start, environment):
    home = environment["HOME"]
    for number in range(5000):
        with open(f"{home}/file-{number}", "w"):
            pass
    with open(f"{home}/line\nend", "w"):
        pass
    complete = start("bash")
    assert complete("ksm interpolate file-499\t8") == ["interpolate", "file-4998"]
    assert complete("ksm interpolate line\t") == ["interpolate", "line\nend"]
    os.mkdir(f"{home}/directory")
    assert complete("ksm secret list > dire\tfile; ksm y") == ["y"]
    assert os.path.exists(f"{home}/directory/file")


NAMES = ["my file.txt", "it's", 'say "x"', "$(touch x)", "semi;touch x", "a=b:c", ".hidden"]


@pytest.mark.parametrize("name", SHELLS)
def test_files_are_completed_as_by_the_shell(name, start, environment):
    home = environment["HOME"]
    for file in NAMES:
        with open(f"{home}/{file}", "w"):
            pass
    os.makedirs(f"{home}/a directory/below")
    complete = start(name)
    for typed, expected in [
        ("ksm interpolate my\t", ["interpolate", "my file.txt"]),
        ("ksm interpolate it\t", ["interpolate", "it's"]),
        ("ksm interpolate say\t", ["interpolate", 'say "x"']),
        ("ksm interpolate semi\t", ["interpolate", "semi;touch x"]),
        ("ksm interpolate .hid\t", ["interpolate", ".hidden"]),
        ("ksm exec --env-file my\t -- x", ["exec", "--env-file", "my file.txt", "--", "x"]),
        ("ksm exec --env-file=my\t -- x", ["exec", "--env-file=my file.txt", "--", "x"]),
        ("ksm secret update x --field-from=note=my\t", ["secret", "update", "x", "--field-from=note=my file.txt"]),
        ("ksm secret update x --field-from note=a\\ d\tbel\t", ["secret", "update", "x", "--field-from", "note=a directory/below/"]),
        ("ksm help --man a\\ d\tb\t", ["help", "--man", "a directory/below/"]),
        ("ksm exec -- cat my\t", ["exec", "--", "cat", "my file.txt"]),
        ("ksm exec cat my\t", ["exec", "cat", "my file.txt"]),
    ]:
        if name == "elvish":
            typed = typed.replace("a\\ d", "'a d'")
        if name == "zsh":
            # Its slash leaves with the next key.
            expected = [word.rstrip("/") for word in expected]
        assert complete(typed) == expected, typed
    assert not os.path.exists(f"{home}/x")
