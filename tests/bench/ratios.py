"""The costs of `ksm`, as ratios to programs people know, measured in one interleaved run.

    python3 -m venv target/interop && target/interop/bin/pip install -r tests/interop/requirements.txt
    target/interop/bin/python tests/bench/ratios.py --ksm "$(tests/bench/build.sh)"

Each case asks a `ksm dev` on loopback. `curl` posts the very bytes that `ksm` sent, recorded once, to the same vault, with the same
roots, and receives what `ksm` received. `--version` runs beside the official CLI's `version`, and beside a program that prints a line.
CPU is user and system time. Each figure is the minimum over the runs, because whatever else the machine does can only add to it.
Milliseconds differ from machine to machine; read the ratios.

Needs cc, curl, openssl, and rustc for the comparison with a program that prints a line.
"""

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INTEROP = HERE.parent / "interop"
sys.path.insert(0, str(INTEROP))

from recorder import Recorder  # noqa: E402
from vault import Vault  # noqa: E402

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
MIB = 1 << 20
FILE = 128 * MIB
# A page of the cache that belongs to a large folio counts whole, however little of it a program touches.
PIECE = 64 << 10


class Subject:
    """A program under measurement and the best it has shown."""

    def __init__(self, name, command, environment=(), every=1):
        self.name, self.command, self.every = name, [str(word) for word in command], every
        self.environment = {"PATH": os.environ["PATH"], "HOME": "/", "LANG": "C.UTF-8"} | dict(environment)
        self.cpu = self.rss = self.wall = float("inf")

    def run(self, meter):
        told = subprocess.run([meter, *self.command], env=self.environment, capture_output=True, check=True, text=True)
        cpu, rss, wall, status = map(int, told.stdout.split())
        if status:
            sys.exit(f"`{self.name}` ended with status {status}: nothing to measure")
        self.cpu, self.rss, self.wall = min(self.cpu, cpu), min(self.rss, rss), min(self.wall, wall)


class Case:
    """`ksm` with a question, and `curl` with the same request."""

    def __init__(self, name, args, vault, cpu, memory, every=1, roots=None, environment=()):
        self.name, self.args, self.vault, self.goals, self.every = name, args, vault, (cpu, memory), every
        self.roots, self.environment = roots or vault.ca_file, dict(environment)

    def subjects(self, ksm, directory):
        config = base64.b64encode(json.dumps(self.vault.config_json).encode()).decode()
        environment = {"KSM_CONFIG": config, "SSL_CERT_FILE": str(self.roots), "NO_PROXY": "localhost"} | self.environment
        self.ours = Subject(f"ksm: {self.name}", [ksm, *self.args], environment, self.every)
        curl = ["curl", "-q", "--noproxy", "*", "--cacert", self.roots, "-K", self._recorded(ksm, directory)]
        self.curl = Subject(f"curl: {self.name}", curl, every=self.every)
        return [self.ours, self.curl]

    def _recorded(self, ksm, directory):
        """The request, as a file of options for curl."""
        directory = Path(tempfile.mkdtemp(dir=directory))
        recorder = Recorder(directory)
        config = json.dumps(self.vault.config_json | {"hostname": recorder.host})
        environment = {"KSM_CONFIG": config, "SSL_CERT_FILE": str(recorder.ca_file), "NO_PROXY": "localhost"} | self.environment
        subprocess.run([ksm, *self.args], env=environment, capture_output=True, check=False)
        recorder.close()
        if recorder.body is None:
            sys.exit(f"`ksm {' '.join(self.args)}` sent nothing to the recorder")
        body = directory / "body"
        body.write_bytes(recorder.body)
        options = [f'url = "https://{self.vault.config_json["hostname"]}{recorder.path}"', f'data-binary = "@{body}"', "silent", "fail"]
        options += [f'header = "{name}: {value}"' for name, value in recorder.headers.items()]
        path = directory / "curl.conf"
        path.write_text("\n".join(options) + "\n")
        return path

    def report(self):
        cpu, memory = self.ours.cpu / self.curl.cpu, self.ours.rss / self.curl.rss
        line("ksm / curl: " + self.name, cpu, self.goals[0], memory, self.goals[1])


def line(name, cpu, cpu_goal, memory=None, memory_goal=None):
    def cell(value, goal):
        return f"{value:8.3f} {'' if goal is None else f'{goal:5.2f}':>6}" if value is not None else " " * 15

    print(f"{name:46}{cell(cpu, cpu_goal)}{cell(memory, memory_goal)}")


def cases(ksm, directory, options):
    """The cases, and the vaults they ask."""
    few = Vault(ksm, str(INTEROP / "seed.yaml"), directory)
    both = directory / "bundle.pem"
    both.write_text((BUNDLE.read_text() if BUNDLE.exists() else "") + Path(few.ca_file).read_text())
    small, large = (Vault(ksm, seed(directory, count), directory) for count in (options.records // 10, options.records))
    record = "web-AAAAAAAAAAAAAAAAAA"
    get = ["secret", "get", record, "--field", "login"]
    references = {name.upper(): f"keeper://{record}/field/{name}" for name in ("login", "password", "url")}
    some = uid(options.records // 2)
    return [few, small, large], [
        Case("one field", get, few, 0.19, 0.27),
        Case("one field, system bundle", get, few, 0.12, None, roots=both),
        Case("exec, 3 references", ["exec", "true"], few, 0.25, 0.35, environment=references),
        Case(f"list {options.records // 10}", ["secret", "list"], small, 0.52, 0.45, every=2),
        Case(f"list {options.records}", ["secret", "list"], large, 1.55, 1.5, every=4),
        Case(f"one of {options.records} by title", ["secret", "notation", f"keeper://{TITLE.format(options.records // 2)}/field/password"], large, 1.3, 1.2, every=4),
        Case(f"one of {options.records} by UID", ["secret", "get", some, "--field", "password"], large, 0.2, 0.3),
    ]


TITLE = "Production database {}"


def uid(number):
    return base64.urlsafe_b64encode((7 << 120 | number).to_bytes(16)).decode().rstrip("=")


def seed(directory, count):
    """Records of some 890 bytes on the wire."""
    records = [
        {
            "uid": uid(number),
            "title": TITLE.format(number),
            "type": "databaseCredentials",
            "notes": "Rotated every ninety days by the platform team; ask before use.",
            "fields": {"login": f"service-{number}", "password": f"canary-{number}-Zx9!kQ2w", "host": {"hostName": f"db-{number}.internal", "port": "5432"}},
            "custom": [{"type": "text", "label": "Region", "value": ["eu-central-1"]}],
        }
        for number in range(count)
    ]
    path = directory / f"{count}.json"
    path.write_text(json.dumps({"records": records}))
    return str(path)


def hello(directory, target):
    """A program that prints a line, built as `ksm` is."""
    source, program = directory / "hello.rs", directory / "hello"
    source.write_text('fn main() {\n    println!("hello");\n}\n')
    flags = ["-Copt-level=s", "-Cpanic=abort", "-Cstrip=symbols"]
    if target:
        flags += ["--target", target, "-Crelocation-model=static"]
    subprocess.run(["rustc", *flags, "-o", program, source], check=True, capture_output=True)
    return program


def evicted(source, directory):
    """A copy that lies in single pages of the cache."""
    copy = directory / source.name
    with source.open("rb") as whole, copy.open("wb") as out:
        while piece := whole.read(PIECE):
            out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    copy.chmod(0o755)
    return copy


def files(ksm, vault, directory, every):
    """A large file up and down."""
    source = directory / "large"
    source.write_bytes(os.urandom(FILE))
    environment = {"KSM_CONFIG": vault.config, "KSM_CA_FILE": vault.ca_file, "NO_PROXY": "localhost"}
    up = lambda number: [ksm, "secret", "upload", "-u", uid(number), "--file", source]  # noqa: E731
    subprocess.run(up(1), env=environment, capture_output=True, check=True)
    down = [ksm, "secret", "download", "-u", uid(1), "--name", "large", "--file-output", os.devnull]
    return [Subject("upload, 128 MiB", up(2), environment, every), Subject("download, 128 MiB", down, environment, every)]


def cipher_seconds():
    told = subprocess.run(
        ["openssl", "speed", "-elapsed", "-seconds", "1", "-bytes", "16384", "-evp", "aes-256-gcm"], capture_output=True, check=True, text=True
    )
    thousands = re.search(r"AES-256-GCM\s+([\d.]+)k", told.stdout, re.IGNORECASE)
    return FILE / (float(thousands.group(1)) * 1000)


def measure(options, directory):
    meter = directory / "meter"
    subprocess.run(["cc", "-O2", "-static", "-o", meter, HERE / "meter.c"], check=True)
    ksm = evicted(options.ksm, directory)
    vaults, asked = cases(ksm, directory, options)
    official = [sys.executable, INTEROP / "official.py", "version"]
    # The official CLI takes as long as a hundred of the others, and varies less.
    slow = max(1, options.runs // 10)
    alone = [
        Subject("ksm --version", [ksm, "--version"]),
        Subject("a program that prints a line", [hello(directory, options.target)]),
        Subject("official ksm version", official, {"INTEROP_SERVER_KEY": "20:none"}, every=slow),
    ]
    subjects = [subject for case in asked for subject in case.subjects(ksm, directory)] + alone
    if options.files:
        subjects += files(ksm, vaults[1], directory, every=max(1, options.runs // 4))
    for turn in range(options.runs):
        for subject in subjects:
            if turn % subject.every == 0:
                subject.run(meter)
    for vault in vaults:
        vault.close()
    return asked, alone, subjects


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ksm", type=Path, required=True, help="the binary to measure")
    parser.add_argument("--runs", type=int, default=84)
    parser.add_argument("--records", type=int, default=10_000, help="of the large vault")
    parser.add_argument("--files", action="store_true", help="128 MiB up and down as well")
    options = parser.parse_args()
    options.ksm = options.ksm.resolve()
    options.target = next((part for part in options.ksm.parts if part.endswith("-linux-musl")), None)
    with tempfile.TemporaryDirectory() as directory:
        asked, (version, line_printer, official), subjects = measure(options, Path(directory))
    print(f"{'':46}{'CPU ms':>9}{'wall ms':>9}{'peak MB':>9}   minimum of all runs")
    for subject in subjects:
        print(f"{subject.name:46}{subject.cpu / 1e3:9.2f}{subject.wall / 1e3:9.2f}{subject.rss / 1024:9.1f}")
    print(f"\n{'':46}{'CPU':>8}{'goal':>7}{'memory':>8}{'goal':>7}")
    for case in asked:
        case.report()
    line("--version / a program that prints a line", version.cpu / line_printer.cpu, 1.2)
    print(f"--version / official CLI, CPU: 1/{official.cpu / version.cpu:.0f}, goal 1/1000")
    if options.files:
        floor = cipher_seconds() * 1e6
        for subject, goal in zip(subjects[-2:], (3, None)):
            line(subject.name + " / AES-256-GCM alone", subject.cpu / floor, goal)
    print(f"size of the binary: {options.ksm.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
