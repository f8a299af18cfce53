"""Reads `commands.txt`, the table of command lines on which both CLIs have to agree, and says what each row means."""

import json
import re
import shlex
from dataclasses import dataclass, field

ARROW = re.compile(r"\s+=>\s+")
ASSIGNMENT = re.compile(r"([A-Z_][A-Z0-9_]*)=(.*)", re.DOTALL)
REASON = re.compile(r"(D\d+|FIX \d+|compatibility [\d.]+)(, (D\d+|FIX \d+))*")
ASPECT = re.compile(r'status (?P<status>-?\d+)|stdout (?P<stdout>"(?:[^"\\]|\\.)*")|stdout /(?P<pattern>.*?)/|(?P<file>file)|(?P<vault>vault)')


@dataclass
class Difference:
    """A deliberate difference: the result of ours."""

    status: int | None = None
    stdout: bytes | None = None
    pattern: str | None = None
    file: bool = False
    vault: bool = False


@dataclass
class Row:
    """One line of the table."""

    line: int
    place: str
    text: str
    environment: dict = field(default_factory=dict)
    args: list = field(default_factory=list)
    difference: Difference = field(default_factory=Difference)

    def __str__(self):
        return f"{self.line}: {self.text}"


def read(path):
    """The rows of the table, in order."""
    rows, place = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            place = line[1:-1]
        elif line and not line.startswith("#"):
            rows.append(parse(number, place, line))
    return rows


def parse(number, place, line):
    command, _, note = ARROW.sub("\0", line).partition("\0")
    row = Row(number, place, command)
    row.args = shlex.split(command)
    while row.args and (assignment := ASSIGNMENT.fullmatch(row.args[0])):
        row.environment[assignment[1]] = assignment[2]
        row.args.pop(0)
    if note:
        row.difference = difference(number, note)
    return row


def difference(number, note):
    """Reads `status 3, stdout "text": FIX 19, D1`."""
    what, _, why = note.rpartition(": ")
    assert REASON.fullmatch(why), f"line {number} gives no reason for its difference"
    found = Difference()
    rest = what
    while rest:
        aspect = ASPECT.match(rest)
        assert aspect, f"line {number}: cannot read `{rest}`"
        if aspect["status"]:
            found.status = int(aspect["status"])
        if aspect["stdout"]:
            found.stdout = json.loads(aspect["stdout"]).encode()
        if aspect["pattern"]:
            found.pattern = aspect["pattern"]
        found.file |= aspect["file"] is not None
        found.vault |= aspect["vault"] is not None
        rest = rest[aspect.end() :].removeprefix(", ")
    return found


def fill(text, names):
    """Replaces each `{name}`; one that stands for nothing is a mistake."""
    return re.sub(r"\{(\w+)\}", lambda match: names[match[1]], text)
