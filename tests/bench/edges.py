"""What the largest inputs cost: processor time, peak memory and status of one run for each.

    target/interop/bin/python tests/bench/edges.py --ksm "$(tests/bench/build.sh)"

Each case is a real run of the binary with an input at the edge of what it takes, or beyond it: then it is refused, which is the status.
`--only TEXT` takes the cases with that text in their names. Nothing is judged here; the manual's page on limits says what is promised.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INTEROP = HERE.parent / "interop"
sys.path.insert(0, str(INTEROP))

import profiles  # noqa: E402
from liar import Liar  # noqa: E402

PASSWORD = "keeper://{uid}/field/password"


def uid(number):
    return f"{number:020d}AA"


def login(password):
    return {"title": "t", "type": "login", "fields": [{"type": "password", "value": [password]}], "custom": []}


def lines(value, size):
    """Distinct short lines, as in a file of keys."""
    return "\n".join(f"{value}-{number:08d}" for number in range(size // 12))


class Bench:
    def __init__(self, ksm, directory, only):
        self.ksm, self.directory, self.only = ksm, Path(directory), only
        self.meter = self.directory / "meter"
        subprocess.run(["cc", "-O2", "-static", "-o", self.meter, HERE / "meter.c"], check=True)
        self.liar = Liar(directory)
        self.vault = {"KSM_CONFIG": self.liar.config, "KSM_CA_FILE": str(self.liar.ca_file), "NO_PROXY": "localhost"}
        print(f"{'case':60} {'CPU ms':>8} {'MB':>6} {'ms':>7}  status")

    def file(self, name, text):
        path = self.directory / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def case(self, name, *words, environment=None):
        if self.only not in name:
            return
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "TMPDIR": str(self.directory)} | (environment or {})
        command = [str(word) for word in (self.meter, self.ksm, *words)]
        told = subprocess.run(command, env=environment, cwd=self.directory, capture_output=True, check=True, text=True)
        cpu, rss, wall, status = map(int, told.stdout.split())
        print(f"{name:60} {cpu / 1000:8.0f} {rss / 1000:6.0f} {wall / 1000:7.0f}  {status}", flush=True)

    def env_files(self):
        for name, text in {
            "env file, 40,000 variables": "".join(f"V{number}=x\n" for number in range(40_000)),
            "env file, 4,000,000 comment lines": "#\n" * 4_000_000,
            "env file, one value of 8 MB without its closing quote": 'A="' + "\n" * 8_000_000,
        }.items():
            self.case(name, "exec", "--pristine", "--env-file", self.file("env", text), "--dry-run", "--", "true")

    def stores(self):
        section = "".join(f"{name} = {value}\n" for name, value in profiles.config("x").items())
        for name, text in {
            "keeper.ini, 100,000 sections": "".join(f"[p{number}]\nclientid = x\n" for number in range(100_000)),
            "keeper.ini, 10,000 whole profiles": "".join(f"[p{number}]\n{section}" for number in range(10_000)),
            "keeper.ini, one value of 8 MB in 1,000,000 lines": "[p]\nx =\n" + "  y\n\n" * 1_000_000,
        }.items():
            store = self.file("big.ini", text)
            self.case(name, "--ini-file", store, "profile", "list", "--json")
            self.case(name + ", saved", "--ini-file", store, "config", "color", "--enable")

    def templates(self):
        self.liar.answer = json.dumps({"records": [self.liar.record(uid(0), login("p"))]}).encode()
        reference = PASSWORD.format(uid=uid(0))
        for name, text in {
            "template, 10 MB without a reference": "keeper:// is no reference\n" * 400_000,
            "template, 100,000 references": f"a={reference}\n" * 100_000,
            "template, one line of 10 MB": "keeper://x/" * 900_000,
        }.items():
            template = self.file("template", text)
            self.case(name, "interpolate", "--allow-unsafe-for-eval", template, environment=self.vault)

    def answers(self):
        for name, count in {"answer of 1,000,000 `{}`": 1_000_000, "answer of 8,000,000 `{}`": 8_000_000}.items():
            self.liar.answer = b'{"records":[' + b"{}," * (count - 1) + b"{}]}"
            self.case(name, "secret", "list", environment=self.vault)
        records = [self.liar.record(uid(number), login("p")) for number in range(20_000)]
        self.liar.answer = json.dumps({"records": records}).encode()
        self.case("answer of 20,000 records", "secret", "list", environment=self.vault)
        self.liar.answer = json.dumps({"warnings": ["w" * 100] * 100_000}).encode()
        self.case("answer of 100,000 warnings", "secret", "list", environment=self.vault)
        self.liar.answer = b"[" * 8_000_000
        self.case("answer of 8,000,000 lists in each other", "secret", "list", environment=self.vault)

    def queries(self):
        deep = 0
        for _ in range(55):
            deep = [deep]
        for name, value in {"55 deep": deep, "10,000 wide": [[number] for number in range(10_000)]}.items():
            document = login("p") | {"custom": [{"type": "text", "value": [value]}]}
            self.liar.answer = json.dumps({"records": [self.liar.record(uid(0), document)]}).encode()
            for query in ("$..*", "$..*..*..*", "$..*..*..*..*..*..*", "|".join(["$..*"] * 1000)):
                self.case(f"query {query[:20]} on a record {name}", "secret", "get", uid(0), "-q", query, environment=self.vault)

    def masks(self):
        keys = [lines(f"k{number}", 1_700) for number in range(50)]
        passwords = [f"password-{number:06d}" for number in range(1_000)]
        runs = ["a" * (5 + 16 * number) + "b" for number in range(1_000)]
        # The values, and the text of which a program prints ten million bytes: it looks like a secret all along, and is none.
        for name, (values, text) in {
            "mask of 50 keys of 1.7 KB": (keys, "".join(line[:6] for key in keys for line in key.split("\n"))),
            "mask of 50 PEM keys": (["-----BEGIN PRIVATE KEY-----\n" + key for key in keys], "-----BEGIN PRIVATE "),
            "mask of 50 PEM keys, dashes": (["-----BEGIN PRIVATE KEY-----\n" + key for key in keys], "-"),
            "mask of 1,000 passwords": (passwords, "password-0000"),
            "mask of 8 values of 64 KB of short lines": ([lines(f"v{number}", 64_000) for number in range(8)], "v0-00000"),
            "mask of 8 MB in 128 values": ([lines(f"v{number}", 64_000) for number in range(128)], "v0-00000"),
            "mask of 8 MB in lines of six letters": (["\n".join(f"{number:06x}" for number in range(block, block + 9_000)) for block in range(0, 1_152_000, 9_000)], "0f3a7"),
            "mask of `aaaa…b`": (["a" * 60_000 + "b"], "a"),
            "mask of `aaaa…b`, lines": (["a" * 60_000 + "b"], "a" * 100 + "\n"),
            "mask of `abab…c`": (["ab" * 30_000 + "c"], "ab"),
            "mask of 1,000 `aaaa…b`": (runs, "a"),
            "mask of `%%%%…b`": (["%" * 1_000 + "b"], "%"),
            "mask of `%%%%…b`, encoded": (["%" * 1_000 + "b"], "%25"),
            "mask of `\\\\\\\\…b`": (["\\" * 1_000 + "b"], "\\"),
            "mask of `&&&&…b`, encoded": (["&" * 1_000 + "b"], "&amp;"),
            "mask of 500 secrets of `aaaa…`, all in it": (["a" * number for number in range(5, 505)], "a"),
        }.items():
            records = [self.liar.record(uid(number), login(value)) for number, value in enumerate(values)]
            self.liar.answer = json.dumps({"records": records}).encode()
            env_file = self.file("mask.env", "".join(f"V{number}={PASSWORD.format(uid=uid(number))}\n" for number in range(len(values))))
            output = self.file("output", (text * (10_000_000 // len(text) + 1))[:10_000_000])
            start = ("exec", "--pristine", "--mask", "--env-file", env_file, "--")
            # A program that is given less than all of it in its environment.
            self.case(name + ", start", *start, "/bin/true", environment=self.vault)
            self.case(name + ", 10 MB", *start, "/bin/cat", output, environment=self.vault)

    def run(self):
        for cases in (self.env_files, self.stores, self.templates, self.answers, self.queries, self.masks):
            cases()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--ksm", required=True, type=Path)
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(options.ksm.resolve(), directory, options.only)
        try:
            bench.run()
        finally:
            bench.liar.close()


if __name__ == "__main__":
    main()
