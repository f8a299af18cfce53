"""`exec --env-file` reads a file as python-dotenv does without interpolation. Where it does not, the case says so."""

import io
import random
import re

import dotenv
import dotenv.parser
import pytest

import programs

# The file, and what we make of it where that is not what python-dotenv makes of it; `None` is a refusal.
SAME = object()
CASES = [
    ("", SAME),
    ("# A=1\n\n  \n", SAME),
    ("A=1", SAME),
    (" A = 1 \r\nB=2\rC=3", SAME),
    ("export A=1\nexport\tB=2\nexportC=3", SAME),
    ("A=\nB=''\nC=\"\"", SAME),
    ("A\nexport B\nexport", SAME),
    ("A=b c # note\nB=b#c\nC=#c", SAME),
    ("A='b # c' # note\nB=\"b # c\"#note", SAME),
    ("A=\"one\ntwo\"\nB='one\n\ntwo'", SAME),
    (r'A="\n\t\\\"' + r"\'\$\x\a\b\f\r\v" + '"', SAME),
    (r"""A='\n\\\'"'""", SAME),
    # python-dotenv 1.2.2 reads this as we do; 1.2.4 takes the backslash to hide the only closing quote.
    (r"A='C:\'", "A=C:\\"),
    (r"A=\n\ ", SAME),
    ("A=$B\nB=\"${A}\"\nC='$(id)'", SAME),
    ("A=`b`\nA=a'b\"c", SAME),
    ("a.b-c=1\n'A B'=2\nÄ=ö", SAME),
    ("A=b=c=", SAME),
    ("A=1\nA=2\nB", SAME),
    # A bare name unsets in python-dotenv, and sets nothing here.
    ("A=1\nA=2\nA", "A=1\nA=2"),
    ("A=\t'x'\t#y\n  B='z'", SAME),
    ("A=x\u00a0\u2003# note\nB=\u00a0y", SAME),
    # A comment to everybody else.
    ("A= # note", "A="),
    # A mark at the start that belongs to the encoding.
    ("\ufeffA=1", "A=1"),
    # A line that python-dotenv skips with a warning would leave the program without its variable.
    ("A=1\nB b\nC=3", None),
    ("A=1\n=b\nC=3", None),
    ("A=1\nB='b' b\nC=3", None),
    ("A=1\nB: b\nC=3", None),
    ("A=1\nB:b\nC=3", None),
    ("A=1\nB=\"b\nC=3", None),
]


def read_by_python(text):
    values = dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize("text, ours", CASES)
def test_python_dotenv_reads_the_same_values(ksm, tmp_path, text, ours):
    (tmp_path / "file").write_bytes(text.encode())
    program = programs.Program([ksm], {}, tmp_path)
    run = program("exec", "--pristine", "--env-file", "file", "env", "-0")
    if ours is None:
        assert run.status == 125
        assert re.search(rb"^Error: file: .*line 2", run.stderr)
        return
    read = dict(entry.split("=", 1) for entry in run.succeeds().text.split("\0") if entry)
    assert read == read_by_python(text if ours is SAME else ours)


# Parts of env files, and a few that do not belong there.
PIECES = ["A", "B", "=", "=", "=", "'", "'", '"', '"', "\\", "#", " ", "\t", "\n", "\n", "\r", "\r\n", "export ", "é", "$", "`", "${A}", "\\n", "\\'", '\\"', "\x0b", "\x85", "\u2028", "\u00a0", ".", "x y"]
# Where we differ on purpose: a closing quote behind a backslash, on which versions of python-dotenv differ; `export` and nothing but a
# comment, which is no assignment to us; a comment for a value; names that are no names of variables.
OURS = re.compile(r"""\\['"]|export[^\S\r\n]+#|=[^\S\r\n]+#|'[^']*=[^']*'[^\S\r\n]*=""")


def generated(seed):
    pick = random.Random(seed)
    while True:
        text = "".join(pick.choice(PIECES) for _ in range(pick.randint(1, 14)))
        if not OURS.search(text):
            return text


def test_python_dotenv_reads_odd_files_the_same(ksm, tmp_path):
    program = programs.Program([ksm], {}, tmp_path)
    for text in map(generated, range(300)):
        (tmp_path / "file").write_bytes(text.encode())
        run = program("exec", "--pristine", "--env-file", "file", "env", "-0")
        lines = list(dotenv.parser.parse_stream(io.StringIO(text, newline="")))
        if any(line.error for line in lines):
            assert run.status == 125, text
            continue
        # Later lines win; a bare name sets nothing.
        expected = {line.key: line.value for line in lines if line.key is not None and line.value is not None}
        read = dict(entry.split("=", 1) for entry in run.succeeds().text.split("\0") if entry)
        assert read == expected, repr(text)
