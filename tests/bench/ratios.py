"""The costs of `ksm`, as ratios to programs people know, measured in one interleaved run.

    python3 -m venv target/interop && target/interop/bin/pip install -r tests/interop/requirements.txt
    target/interop/bin/python tests/bench/ratios.py --ksm "$(tests/bench/build.sh)"

`secret get` runs against `ksm dev` on loopback. `curl` posts the very bytes that `ksm` sent, recorded once, to the same vault, with the
same roots: the vault's certificate alone (as `curl` is told one CA file), then the system's bundle and that certificate. `--version`
runs beside the official CLI's `version`, and beside a program that prints a line. CPU is user and system time, the minimum over the
runs, because whatever else the machine does can only add to it. Milliseconds differ from machine to machine; read the ratios.

Needs cc, curl, openssl, and rustc for the last comparison.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INTEROP = HERE.parent / "interop"
sys.path.insert(0, str(INTEROP))

from recorder import Recorder  # noqa: E402
from vault import Vault  # noqa: E402

RECORD = "web-AAAAAAAAAAAAAAAAAA"
GET = ["secret", "get", RECORD, "--field", "login"]
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


class Subject:
    """A program under measurement and the best it has shown."""

    def __init__(self, name, command, environment, every=1):
        self.name, self.command, self.every = name, [str(word) for word in command], every
        self.environment = {"PATH": os.environ["PATH"], "HOME": "/", "LANG": "C.UTF-8"} | environment
        self.cpu = self.rss = self.wall = float("inf")

    def run(self, meter):
        told = subprocess.run([meter, *self.command], env=self.environment, capture_output=True, check=True, text=True)
        cpu, rss, wall, status = map(int, told.stdout.split())
        if status:
            sys.exit(f"`{self.name}` ended with status {status}: nothing to measure")
        self.cpu, self.rss, self.wall = min(self.cpu, cpu), min(self.rss, rss), min(self.wall, wall)


def record(ksm, vault, directory):
    """The request of one `secret get`, as a file of options for curl."""
    recorder = Recorder(directory)
    config = json.dumps(vault.config_json | {"hostname": recorder.host})
    subprocess.run(
        [ksm, *GET],
        env={"KSM_CONFIG": config, "SSL_CERT_FILE": str(recorder.ca_file), "NO_PROXY": "localhost"},
        capture_output=True,
        check=False,
    )
    recorder.close()
    if recorder.body is None:
        sys.exit("`ksm secret get` sent nothing to the recorder")
    body = directory / "body"
    body.write_bytes(recorder.body)
    options = [f'url = "https://{vault.config_json["hostname"]}{recorder.path}"', f'data-binary = "@{body}"', "silent", "fail"]
    options += [f'header = "{name}: {value}"' for name, value in recorder.headers.items()]
    path = directory / "curl.conf"
    path.write_text("\n".join(options) + "\n")
    return path


def hello(directory, target):
    """A program that prints a line, built as `ksm` is."""
    source, program = directory / "hello.rs", directory / "hello"
    source.write_text('fn main() {\n    println!("hello");\n}\n')
    flags = ["-Copt-level=s", "-Cpanic=abort", "-Cstrip=symbols"]
    if target:
        flags += ["--target", target, "-Crelocation-model=static"]
    subprocess.run(["rustc", *flags, "-o", program, source], check=True, capture_output=True)
    return program


def measure(args, vault, directory):
    meter = directory / "meter"
    subprocess.run(["cc", "-O2", "-static", "-o", meter, HERE / "meter.c"], check=True)
    request = record(args.ksm, vault, directory)
    both = directory / "bundle.pem"
    both.write_text((BUNDLE.read_text() if BUNDLE.exists() else "") + Path(vault.ca_file).read_text())

    config = base64.b64encode(json.dumps(vault.config_json).encode()).decode()
    def get(roots):
        return {"KSM_CONFIG": config, "SSL_CERT_FILE": str(roots), "NO_PROXY": "localhost"}
    def curl(roots):
        return ["curl", "-q", "--noproxy", "*", "--cacert", roots, "-K", request]

    official = [sys.executable, INTEROP / "official.py", "version"]
    # The official CLI takes as long as a hundred of the others, and varies less.
    slow = max(1, args.runs // 10)
    subjects = {
        "get": Subject("ksm secret get, one CA", [args.ksm, *GET], get(vault.ca_file)),
        "curl": Subject("curl, one CA", curl(vault.ca_file), {}),
        "get bundle": Subject("ksm secret get, system bundle", [args.ksm, *GET], get(both)),
        "curl bundle": Subject("curl, system bundle", curl(both), {}),
        "version": Subject("ksm --version", [args.ksm, "--version"], {}),
        "hello": Subject("a program that prints a line", [hello(directory, args.target)], {}),
        "official": Subject("official ksm version", official, {"INTEROP_SERVER_KEY": "20:none"}, every=slow),
    }
    for turn in range(args.runs):
        for subject in subjects.values():
            if turn % subject.every == 0:
                subject.run(meter)
    return subjects


def report(subjects, binary):
    print(f"{'':32}{'CPU ms':>9}{'wall ms':>9}{'peak MB':>9}   minimum of all runs")
    for subject in subjects.values():
        print(f"{subject.name:32}{subject.cpu / 1e3:9.2f}{subject.wall / 1e3:9.2f}{subject.rss / 1024:9.1f}")
    print()
    cpu = lambda one, other: subjects[one].cpu / subjects[other].cpu  # noqa: E731
    print(f"get / curl, CPU, one CA          {cpu('get', 'curl'):6.3f}   aim 0.25, at most 0.30")
    print(f"get / curl, CPU, system bundle   {cpu('get bundle', 'curl bundle'):6.3f}   aim 0.12")
    print(f"get / curl, peak memory          {subjects['get'].rss / subjects['curl'].rss:6.3f}   aim 0.4")
    print(f"--version / hello, CPU           {cpu('version', 'hello'):6.3f}   aim 1.5, static 2.5")
    print(f"--version / official, CPU        1/{cpu('official', 'version'):.0f}   aim 1/200")
    print(f"size of the binary               {binary.stat().st_size / 1e6:6.2f} MB   aim 3.0 without the keyring")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ksm", type=Path, required=True, help="the binary to measure")
    parser.add_argument("--runs", type=int, default=100)
    args = parser.parse_args()
    args.ksm = args.ksm.resolve()
    args.target = next((part for part in args.ksm.parts if part.endswith("-linux-musl")), None)
    with tempfile.TemporaryDirectory() as directory:
        directory = Path(directory)
        vault = Vault(args.ksm, INTEROP / "seed.yaml", directory)
        subjects = measure(args, vault, directory)
        vault.close()
    report(subjects, args.ksm)


if __name__ == "__main__":
    main()
