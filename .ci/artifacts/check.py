"""What `.ci/release --check` does with the artifacts: shows each to its linter, installs and runs it in a room, and builds all of them again."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

from . import emulated, image, notices, npm, rooms, sums
from .project import ROOT, TOOLS, VERSION, Mistake, output

SMOKE = ROOT / ".ci/artifacts/smoke.sh"
# The list of dependencies that auditable builds keep inside is a few KB of it.
MOST_BYTES = {"x86_64-unknown-linux-musl": 7_600_000}


def everything(artifacts, targets, stage):
    """Goes on after a failure, since a round takes an hour."""
    failed = [name for name, check, *about in steps(artifacts, targets, stage) if not passes(name, check, *about)]
    if failed:
        raise Mistake(f"these checks failed: {'; '.join(failed)}")


def steps(artifacts, targets, stage):
    for kind, target, path in artifacts:
        for check in CHECKS.get(kind, ()):
            yield f"{check.__name__.replace('_', ' ')}: {path.name}", check, kind, target, path
    for path in (path for kind, target, path in artifacts if kind == "npm" and target.runner() == []):
        yield f"npm takes it: {npm.launcher(stage).name}", npm_takes_it, "npm", None, npm.launcher(stage)
        yield "npm on this machine", on_this_machine, path, npm.launcher(stage)
    if (path := image.place(stage)).exists():
        yield f"a client loads it: {path.name}", a_client_loads_it, path, [target for target in targets if "image" in target.makes]
    yield "crates.io", crates_io_takes_it
    yield "the signature", signature, stage
    yield "the same again, from a clone", again, targets, stage


def passes(name, check, *about):
    began = time.monotonic()
    try:
        said, ended = check(*about) or "passed", True
    except (Mistake, OSError, subprocess.SubprocessError) as mistake:
        said, ended = f"failed: {mistake}", False
    print(f"{name}: {said}, {time.monotonic() - began:.1f} s", file=sys.stderr)
    return ended


def in_debian(kind, target, path):
    if target.runner() is None or is_for_musl(path):
        return "not run here"
    rooms.enter(rooms.debian(target), [SMOKE, path], smoke(kind, path), rooms.emulator_of(target))


def smoke(kind, *paths):
    return ["sh", f"/{SMOKE.name}", VERSION, kind, *(f"/{path.name}" for path in paths)]


def in_an_empty_root(_kind, target, path):
    """The static program needs no file of anybody's."""
    if not target.triple.endswith("-musl") or target.runner() is None:
        return "not run here"
    with tempfile.TemporaryDirectory() as scratch:
        alone(target, unpack(path, target, Path(scratch)))


def alone(target, program):
    for words in (["--version"], ["dev", "--", "/ksm", "secret", "list"]):
        rooms.enter(rooms.empty(), [program], ["/ksm", *words], rooms.emulator_of(target))


def by_pip_for_musl(_kind, target, path):
    """No Python on musl is at hand; a pip that is told to install for it chooses among all wheels, and its choice runs alone."""
    if not is_for_musl(path):
        return "not for musl"
    with tempfile.TemporaryDirectory() as scratch:
        choose = ("--no-index", f"--find-links={path.parent}", "--only-binary=:all:", "--no-deps", f"--platform={target.wheel}")
        output(TOOLS / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *choose, f"--target={scratch}", "ksm")
        alone(target, Path(scratch, "bin", target.program))
        if not list(Path(scratch).glob("share/man/man1/ksm.1")):
            raise Mistake(f"pip installs no manual page of {path.name}")


def is_for_musl(path):
    return "musllinux" in path.name


def unpack(path, target, scratch):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(scratch)
    else:
        with tarfile.open(path) as archive:
            archive.extractall(scratch)
    return scratch / f"ksm-{VERSION}-{target.triple}" / target.program


def all_tests(_kind, target, path):
    """On this machine's own processor the gate runs them."""
    if not target.triple.endswith("-musl") or not target.runner():
        return "not run here"
    with tempfile.TemporaryDirectory() as scratch:
        return emulated.everything(target, unpack(path, target, Path(scratch)))


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


def size_of_the_program(_kind, target, path):
    """The README says the size; a change that adds much to it shows here."""
    if target.triple not in MOST_BYTES:
        return "no limit"
    with tempfile.TemporaryDirectory() as scratch:
        size = unpack(path, target, Path(scratch)).stat().st_size
    if size > MOST_BYTES[target.triple]:
        raise Mistake(f"the program has {size} bytes, more than {MOST_BYTES[target.triple]}")
    return f"{size / 1e6:.2f} MB"


def npm_takes_it(_kind, _target, path):
    output("npm", "publish", "--dry-run", "--offline", "--access=public", path)


def a_client_loads_it(path, targets):
    with tempfile.TemporaryDirectory() as scratch:
        buildah = image.Buildah(Path(scratch))
        for target in targets:
            loaded = buildah.run("pull", "--quiet", f"--arch={target.debian}", f"oci-archive:{path}").strip()
            if target.runner() == []:
                container = buildah.run("from", loaded).strip()
                said = buildah.run("run", "--isolation=chroot", container, "--", "/ksm", "dev", "--", "/ksm", "secret", "list")
                if "Sample-Database" not in said:
                    raise Mistake(f"its program does not list the sample vault: {said}")


def crates_io_takes_it():
    """Compiles what a package has inside, and nothing that it leaves out."""
    output("cargo", "publish", "--workspace", "--locked", "--dry-run")


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
    with tempfile.TemporaryDirectory() as scratch:
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
    "archive": (in_debian, in_an_empty_root, bill_of_the_program, size_of_the_program, all_tests),
    "deb": (lintian, in_debian),
    "rpm": (rpmlint, in_debian),
    "wheel": (in_debian, by_pip_for_musl),
    "npm": (npm_takes_it,),
}
