"""The readers of what `ksm env` writes: real programs, and models of three that do not run here.

Each takes the bytes that were written and returns the variables in them.
"""

import base64
import ctypes
import glob
import json
import os
import re
import subprocess
from pathlib import Path

import dotenv
import kubernetes_validate
import yaml

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "target" / "interop-node" / "node_modules"
# Variables that the shells set by themselves.
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/nonexistent"}


def in_shell(*argv, line='eval "$(cat "$1")"; exec env -0'):
    def read(written, path):
        path.write_bytes(written)
        run = subprocess.run([*argv, line, "x", str(path)], env=BASE, capture_output=True, check=False, timeout=60)
        assert (run.returncode, run.stderr) == (0, b""), run
        entries = (entry.split(b"=", 1) for entry in run.stdout.split(b"\0") if entry)
        return {name.decode(): value for name, value in entries}

    return read


def node(code):
    def read(written, path):
        path.write_bytes(written)
        script = f"const text = require('fs').readFileSync({json.dumps(str(path))}, 'utf8'); process.stdout.write(JSON.stringify({code}))"
        run = subprocess.run(["node", "-e", script], env=BASE | {"NODE_PATH": str(NODE_MODULES)}, capture_output=True, check=True, timeout=60)
        return encoded(json.loads(run.stdout))

    return read


def python_dotenv(written, path):
    path.write_bytes(written)
    return encoded(dotenv.dotenv_values(path))


def encoded(texts):
    return {name: text.encode() for name, text in texts.items()}


def docker(written, _):
    """A model of `parseKeyValueFile` in `opts/file.go` of docker/cli."""
    found = {}
    lines = written.split(b"\n")
    assert lines.pop() == b""
    for number, line in enumerate(lines):
        # `bufio.Scanner` has room for so much, the end of the line included.
        assert len(line) + 1 <= 64 * 1024
        line = line.removesuffix(b"\r").decode()
        line = (line.removeprefix("\ufeff") if number == 0 else line).lstrip()
        if line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            name = name.lstrip(" \t")
            assert name and equals and not set(name) & set(" \t")
            found[name] = value.encode()
    return found


def systemd(written, path):
    """The function that reads `EnvironmentFile=`, from the library of the systemd that is installed."""
    path.write_bytes(written)
    (library,) = glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so")
    load = ctypes.CDLL(library).load_env_file
    load.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.POINTER(ctypes.c_char_p))]
    strings = ctypes.POINTER(ctypes.c_char_p)()
    assert load(None, str(path).encode(), ctypes.byref(strings)) == 0
    entries, at = [], 0
    while strings and strings[at] is not None:
        entries.append(strings[at].split(b"=", 1))
        at += 1
    return {name.decode(): value for name, value in entries}


def github(written, windows=False):
    """A model of `EnvFileKeyValuePairs` in the runner's `FileCommandManager.cs`."""
    text = written.decode().removeprefix("\ufeff")
    at = 0

    def line():
        nonlocal at
        end = text.find("\n", at)
        if at >= len(text):
            return None, ""
        if end < 0:
            rest, at = text[at:], len(text)
            return rest, None
        start, newline = at, "\n"
        if windows and 0 <= text.find("\r\n", start) < end:
            end, newline = text.find("\r\n", start), "\r\n"
        at = end + len(newline)
        return text[start:end], newline

    found = {}
    while (head := line()[0]) is not None:
        if not head:
            continue
        equals, heredoc = head.find("="), head.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, value = head.split("=", 1)
        else:
            name, delimiter = head.split("<<", 1)
            assert name and delimiter
            start = end = at
            body, newline = line()
            while body != delimiter:
                assert body is not None and newline is not None
                end = at - len(newline)
                body, newline = line()
            value = text[start:end] if end > start else ""
        found[name] = value.encode()
    return found


# What C# takes for white space.
BLANK = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*"


def github_masks(printed):
    """A model of `ActionCommand` and `add-mask`: what the runner hides."""
    hidden = set()
    # The log may be in the middle of a line.
    log = "..." + printed.decode()
    for line in log.split("\n"):
        if line in ("", "..."):
            continue
        data = line.removeprefix("::add-mask::")
        assert data != line, line
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            data = data.replace(code, char)
        assert not re.fullmatch(BLANK, data)
        hidden.add(data)
    return hidden


def gitlab(written, _):
    """A model of `ParseDotenvArtifactService` of GitLab, and of its runner, which expands a value that is not raw."""
    found = {}
    for line in written.decode().split("\n")[:-1]:
        match = re.fullmatch("(.*?)=(.*)", line, re.DOTALL)
        assert match, line
        name, value = (part.lstrip("\t\n\v\f\r ").rstrip("\0\t\n\v\f\r ") for part in match.groups())
        assert re.fullmatch("[A-Za-z0-9_]+", name) and "$" not in value
        found[name] = value.encode()
    return found


def kubernetes(written, _):
    manifest = yaml.safe_load(written)
    kubernetes_validate.validate(manifest, "1.27", strict=True)
    assert (manifest["kind"], manifest["metadata"]) == ("Secret", {"name": "values", "namespace": "apps"})
    return {name: base64.b64decode(value, validate=True) for name, value in manifest["data"].items()}


def powershell(written, _):
    """A model of the two forms of a value that are written: PowerShell doubles quotes, of which these five are one kind."""
    found = {}
    for line in written.decode("ascii").split("\n")[:-1]:
        name, value = re.fullmatch(r"\$env:(\w+) = (.*)", line).groups()
        if literal := re.fullmatch("'((?:[^'‘’‚‛]|(['‘’‚‛])\\2)*)'", value):
            found[name] = re.sub("(['‘’‚‛])\\1", r"\1", literal[1]).encode()
        else:
            found[name] = base64.b64decode(re.fullmatch(r"\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\('([\w+/=]*)'\)\)", value)[1])
    return found


def on(system):
    return lambda written, _: github(written, windows=system == "windows")


# By format; each reads every value that is written.
READERS = {
    "shell": {
        "bash": in_shell("bash", "-c"),
        "bash --posix": in_shell("bash", "--posix", "-c"),
        "dash": in_shell("dash", "-c"),
        "zsh": in_shell("zsh", "-fc"),
        "zsh -o rcquotes": in_shell("zsh", "-f", "-o", "rcquotes", "-c"),
    },
    "fish": {"fish": in_shell("fish", "--no-config", "-c", line="cat $argv[2] | source; exec env -0")},
    "powershell": {"a model of PowerShell": powershell},
    "dotenv": {
        "python-dotenv": python_dotenv,
        "Node's dotenv": node("require('dotenv').parse(text)"),
        "the fast one of Node's dotenv": node("require('dotenv').parse(text, {fast: true})"),
    },
    "json": {"Python": lambda written, _: encoded(json.loads(written)), "Node": node("JSON.parse(text)")},
    "yaml": {"PyYAML": lambda written, _: encoded(yaml.safe_load(written))},
    "docker": {"a model of docker": docker},
    "systemd": {"systemd": systemd},
    "github": {"a model of the runner": on("linux"), "one on Windows": on("windows")},
    "gitlab": {"a model of GitLab": gitlab},
    "k8s": {"PyYAML": kubernetes},
}
