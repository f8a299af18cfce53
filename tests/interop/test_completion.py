"""Completion in real shells: what Tab puts on a line, from the command line itself and from answers that were kept."""

import os
import subprocess

import pytest

from programs import BASE
from terminal import Shell

# How a shell starts without files of its user, and what it is told first.
STARTS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(ksm completion bash); PS1='rea''dy> '"),
    "old name": (["bash", "--norc", "--noprofile", "-i"], "eval \"$(_KSM_COMPLETE=bash_source ksm)\"; PS1='rea''dy> '"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -D; source <(ksm completion zsh); PS1='rea''dy> '"),
    "fish": (["fish", "--no-config", "-i"], "ksm completion fish | source; function fish_prompt; echo -n rea; echo -n 'dy> '; end"),
    "elvish": (["elvish", "-norc"], "eval (ksm completion elvish | slurp); set edit:prompt = { print 'rea'; print 'dy> ' }"),
}


@pytest.fixture
def environment(ksm, shared_vault, tmp_path):
    (tmp_path / "ksm").symlink_to(ksm)
    ours = {"KSM_CONFIG": shared_vault.config, "KSM_CA_FILE": shared_vault.ca_file, "NO_PROXY": shared_vault.no_proxy}
    environment = BASE | ours | {"HOME": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    subprocess.run(["ksm", "--cache", "secret", "list"], env=environment, check=True, capture_output=True)
    return environment


@pytest.mark.parametrize("name", STARTS)
def test_a_title_is_completed_and_read_back(name, environment, tmp_path):
    program, line = STARTS[name]
    shell = Shell(environment, tmp_path, program)
    try:
        shell.press(line + "\r")
        shell.expect("ready> ")
        # elvish draws a line letter by letter, so that what Tab added is known by what the line does; it adds no blank, and
        # offers a name that it has to quote.
        accepted = "\r" if name == "elvish" else ""
        for typed, added in [("ksm sec\t", "ecret"), (f" get Web\t{accepted}", "shop"), (" --field log\t", "in")]:
            shell.press(typed)
            shell.shows(added, timeout=3)
        shell.press("\r")
        shell.expect("alice")
    finally:
        shell.close()


@pytest.mark.parametrize("quote", ['"', "'"])
def test_an_open_quote_of_bash_is_kept(quote, environment, tmp_path):
    program, line = STARTS["bash"]
    shell = Shell(environment, tmp_path, program)
    try:
        shell.press(line + "\r")
        shell.expect("ready> ")
        shell.press(f"ksm secret get {quote}Web\t")
        shell.shows("shop" + quote, timeout=3)
        shell.press(" --field login\r")
        shell.expect("alice")
    finally:
        shell.close()
