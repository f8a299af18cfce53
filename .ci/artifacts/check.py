"""What `.ci/release --check` does with the artifacts: shows each to its linter, installs and runs it in a room, and builds all of them again."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from . import notices, npm, rooms, sums
from .project import ROOT, TOOLS, VERSION, Mistake, output

SMOKE = ROOT / ".ci/artifacts/smoke.sh"


def everything(artifacts, targets, stage):
    for kind, target, path in artifacts:
        for check in CHECKS.get(kind, ()):
            step(f"{check.__name__.replace('_', ' ')}: {path.name}", check, kind, target, path)
    for path in (path for kind, target, path in artifacts if kind == "npm" and target.runner() == []):
        step("npm on this machine", on_this_machine, path, npm.launcher(stage))
    step("the signature", signature, stage)
    step("the same again, from a clone", again, targets, stage)


def step(name, check, *about):
    began = time.monotonic()
    said = check(*about)
    print(f"{name}: {said or 'passed'}, {time.monotonic() - began:.1f} s", file=sys.stderr)


def in_debian(kind, target, path):
    # pip takes the wheel for musl on systems of musl only; the workflow has one.
    if target.runner() is None or "musllinux" in path.name:
        return "not run here"
    rooms.enter(rooms.debian(target), [SMOKE, path], smoke(kind, path), rooms.emulator_of(target))


def smoke(kind, *paths):
    return ["sh", f"/{SMOKE.name}", VERSION, kind, *(f"/{path.name}" for path in paths)]


def in_an_empty_root(kind, target, path):
    """The static program needs no file of anybody's."""
    if not target.triple.endswith("-musl") or target.runner() is None:
        return "not run here"
    with tempfile.TemporaryDirectory() as scratch:
        program = unpack(path, target, Path(scratch))
        for words in (["--version"], ["dev", "--", "/ksm", "secret", "list"]):
            rooms.enter(rooms.empty(), [program], ["/ksm", *words], rooms.emulator_of(target))


def unpack(path, target, scratch):
    with tarfile.open(path) as tar:
        tar.extractall(scratch, filter="data")
    return scratch / f"ksm-{VERSION}-{target.triple}" / target.program


def lintian(_kind, _target, path):
    """Errors stop the release; what Debian would want of its own packages does not."""
    output("lintian", "--fail-on=error", "--tag-display-limit=0", "--allow-root", path)


def rpmlint(_kind, _target, path):
    output("rpmlint", "--config", ROOT / ".ci/artifacts/rpmlint.toml", path)


def bill_of_the_program(_kind, target, path):
    """Syft reads from the binary what cargo knows of it."""
    if not (TOOLS / "syft").exists():
        return "not run here"
    with tempfile.TemporaryDirectory() as scratch:
        program = unpack(path, target, Path(scratch))
        found = json.loads(output(TOOLS / "syft", "scan", f"file:{program}", "--output=cyclonedx-json", "--quiet"))
    inside = {(part["name"], part["version"]) for part in found.get("components", []) if part.get("purl", "").startswith("pkg:cargo/")}
    linked = {(package["name"], package["version"]) for package in notices.crates(target)}
    if not linked <= inside:
        raise Mistake(f"the binary does not name {sorted(linked - inside)[:5]}")
    return f"{len(linked)} crates"


def on_this_machine(*paths):
    rooms.enter("/", [SMOKE, *paths], smoke("npm", *paths))


def signature(stage):
    """A key of the moment signs and is believed; after a change to the sums it is not."""
    with tempfile.TemporaryDirectory() as scratch:
        secret, public, copy = (str(Path(scratch, name)) for name in ("key", "key.pub", sums.NAME))
        output("minisign", "-G", "-W", "-s", secret, "-p", public)
        Path(copy).write_bytes(b"".join(f"{line}\n".encode() for line in sums.lines(stage)))
        sums.sign(Path(scratch), secret)
        output("minisign", "-V", "-p", public, "-m", copy)
        Path(copy).write_text("")
        if not subprocess.run(["minisign", "-V", "-p", public, "-m", copy], capture_output=True, check=False).returncode:
            raise Mistake("minisign believes a signature of something else")


def again(targets, stage):
    """Other directories, the same bytes."""
    with tempfile.TemporaryDirectory(dir=ROOT / "target") as scratch:
        clone = Path(scratch, "clone")
        output("git", "clone", "--quiet", ROOT, clone)
        (clone / "target").mkdir()
        (clone / "target/release-tools").symlink_to(TOOLS.parent)
        names = [f"--target={target.triple}" for target in targets]
        environment = {name: text for name, text in os.environ.items() if name != sums.KEY}
        subprocess.run([clone / ".ci/release", VERSION, *names], env=environment, check=True, stdout=subprocess.DEVNULL)
        second = (clone / f"target/release-{VERSION}/{sums.NAME}").read_text().splitlines()
    different = sorted(set(second) ^ set(sums.lines(stage)))
    if different:
        raise Mistake(f"two builds differ: {', '.join(sorted({line.split()[1] for line in different}))}")


CHECKS = {
    "archive": (in_debian, in_an_empty_root, bill_of_the_program),
    "deb": (lintian, in_debian),
    "rpm": (rpmlint, in_debian),
    "wheel": (in_debian,),
}
