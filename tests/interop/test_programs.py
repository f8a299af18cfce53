"""Programs that people really start with `ksm exec`: each sees what it would see if it were started directly with the secret."""

import json
import shutil
import socket
import struct
import subprocess
import threading

import pytest

from programs import BASE

SECRET = "canary-web-password"
REFERENCE = "keeper://web-AAAAAAAAAAAAAAAAAA/field/password"

# A C program that shows its arguments, a variable, its standard input, an exit status of its own.
C_SOURCE = """
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words) {
    for (int i = 1; i < count; i++) printf("<%s>", words[i]);
    printf("%s:%d", getenv("SECRET"), getchar());
    return 42;
}
"""

PROGRAMS = {
    "sh": ["sh", "-c", 'printf %s "$SECRET"; echo "$0 $*" >&2; read line; exit 3', "zero", "a b", "$SECRET", "*"],
    "bash": ["bash", "-c", 'cat <(printf %s "$SECRET"); [[ $- != *i* ]]; trap "echo bye" EXIT; exit 9'],
    "python": ["python3", "-c", "import os, sys; print(os.environ['SECRET'], sys.argv[1:], sys.stdin.read()); sys.exit(7)", "-x", "ü"],
    "node": ["node", "-e", "console.log(process.env.SECRET, process.argv.slice(1)); process.exit(5)", "--", "-L", "two words"],
    "env": ["env"],
    "a pipeline": ["sh", "-c", "yes | head -n 1; printenv SECRET"],
    "a signal": ["python3", "-c", "import os, signal; print(os.environ['SECRET'], flush=True); os.kill(os.getpid(), signal.SIGUSR1)"],
}


@pytest.fixture
def environment(shared_vault, tmp_path):
    ours = {"KSM_CONFIG": shared_vault.config, "KSM_CA_FILE": shared_vault.ca_file, "NO_PROXY": shared_vault.no_proxy}
    return BASE | {"HOME": str(tmp_path)}, ours


def run(command, environment, **more):
    more = {"input": b"line\n"} | more
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False, **more)
    # The order of variables is the one thing that is not kept (D24).
    return ended.returncode, sorted(ended.stdout.splitlines()), ended.stderr


def compare(ksm, words, environment, *options):
    base, ours = environment
    # Our settings for connections are no credentials, so the program inherits them.
    plain = {name: value for name, value in ours.items() if name != "KSM_CONFIG"}
    direct = run(words, base | plain | {"SECRET": SECRET})
    through = run([ksm, "exec", *options, "--", *words], base | ours | {"SECRET": REFERENCE})
    assert through == direct


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_the_same_through_exec(ksm, environment, name):
    words = PROGRAMS[name]
    assert shutil.which(words[0]), f"`{words[0]}` is missing"
    compare(ksm, words, environment)


def test_a_compiled_program_is_the_same_through_exec(ksm, environment, tmp_path):
    source, program = tmp_path / "program.c", tmp_path / "program"
    source.write_text(C_SOURCE)
    subprocess.run(["cc", "-o", program, source], check=True)
    compare(ksm, [str(program), "", "a  b", "-X"], environment)
    # The same where ksm stays in between.
    compare(ksm, [str(program), "", "a  b", "-X"], environment, "--file", f"{tmp_path}/login=web-AAAAAAAAAAAAAAAAAA/field/login")


def postgres_that_asks(server, heard):
    """As much of a PostgreSQL server as asks for a password in plain text, and then has none of it."""
    line, _ = server.accept()
    with line, line.makefile("rb") as read:
        while True:
            (length,) = struct.unpack("!i", read.read(4))
            (code,) = struct.unpack("!i", read.read(length - 4)[:4])
            if code == 196608:  # the protocol itself; anything before asks for encryption
                break
            line.sendall(b"N")
        line.sendall(b"R" + struct.pack("!ii", 8, 3))
        assert read.read(1) == b"p"
        (length,) = struct.unpack("!i", read.read(4))
        heard.append(read.read(length - 4).rstrip(b"\0").decode())


def test_psql_takes_its_password_from_the_environment(ksm, environment):
    base, ours = environment
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=postgres_that_asks, args=(server, heard), daemon=True)
        thread.start()
        port = str(server.getsockname()[1])
        command = [ksm, "exec", "-e", f"PGPASSWORD={REFERENCE}", "--", "psql", "-h", "127.0.0.1", "-p", port, "-U", "app", "-c", "select 1"]
        status, said, complained = run(command, base | ours)
        thread.join(timeout=10)
    assert (status, said, heard) == (2, [], [SECRET]), complained
    assert SECRET.encode() not in complained


def as_container_engines_read(text):
    """`docker run --env-file`: lines of NAME=VALUE, nothing quoted, nothing escaped, comments at the start of a line only."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def test_a_container_engine_reads_values_from_env_files(ksm, environment, tmp_path):
    base, ours = environment
    template, filled = tmp_path / "env.tmpl", tmp_path / "env"
    template.write_text(f"# ours\nPASSWORD={REFERENCE}\nURL=keeper://web-AAAAAAAAAAAAAAAAAA/field/url\nPLAIN=a b\n")
    status, _, complained = run([ksm, "interpolate", str(template), "-o", str(filled)], base | ours)
    assert status == 0, complained
    read = as_container_engines_read(filled.read_text())
    assert read == {"PASSWORD": SECRET, "URL": "https://shop.example.com/?a=1&b=2", "PLAIN": "a b"}


def test_nothing_of_it_can_be_seen_from_outside(ksm, environment, tmp_path):
    """Arguments and environments of every process, ours and the program's, while it runs; none but theirs are in their namespace."""
    base, ours = environment
    alone = ["unshare", "--pid", "--fork", "--mount-proc"]
    look = """
import json, os, sys
seen = {}
for pid in filter(str.isdigit, os.listdir('/proc')):
    for part in ('cmdline', 'environ'):
        try:
            with open(f'/proc/{pid}/{part}', 'rb') as open_part:
                if b'can' b'ary' in open_part.read():
                    seen.setdefault(part, []).append(int(pid))
        except OSError:
            pass
print(json.dumps([os.getpid(), seen]))
"""
    for options in ([], ["--mask"], ["-e", f"FILE=@file:{REFERENCE}"]):
        command = [*alone, ksm, "exec", *options, "--", "python3", "-c", look]
        status, said, complained = run(command, base | ours | {"SECRET": REFERENCE}, cwd=tmp_path)
        assert status == 0, complained
        us, seen = json.loads(b"".join(said))
        # Its own environment is where the secret belongs, and nowhere else.
        assert seen == {"environ": [us]}, options
    assert list(tmp_path.iterdir()) == []
