"""What the repository says about itself, and what stops a release before anything is built."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from .targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
VERSION = PACKAGE["version"]
DESCRIPTION = PACKAGE["description"]
LICENSE = PACKAGE["license"]
HOME = PACKAGE.get("repository")
TOOLS = ROOT / "target/release-tools/bin"
BUILD = ROOT / ".ci/artifacts/build.sh"


class Mistake(Exception):
    """A sentence for whoever called."""


def output(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Mistake(f"`{' '.join(map(str, command))}` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def check_version(version):
    if version != VERSION:
        raise Mistake(f"Cargo.toml has version {VERSION}, not {version}; change it there first")


def check_changelog(version):
    """What is published says what it brings."""
    heading = re.compile(rf"^## \[{re.escape(version)}\]", re.MULTILINE)
    if not heading.search((ROOT / ".github/CHANGELOG.md").read_text()):
        raise Mistake(f".github/CHANGELOG.md has no heading `## [{version}]`; name there what the release brings")


def check_home():
    """npm and PyPI compare it with where the workflow runs."""
    if HOME is None:
        raise Mistake("Cargo.toml names no `repository`; packages without their public home are refused by npm")


def check_targets(names):
    for name in names:
        if name not in TARGETS:
            raise Mistake(f"no target is called {name}; there are {', '.join(TARGETS)}")


def check_tree():
    changed = output("git", "status", "--porcelain")
    if changed:
        first = changed.splitlines()[0][3:]
        raise Mistake(f"{first} is not committed; a release is made of a commit and nothing else")


def check_toolchain():
    wanted, found = PACKAGE["rust-version"], output("rustc", "--version")
    if not found.startswith(f"rustc {wanted}."):
        raise Mistake(f"releases are built with Rust {wanted}, and this is {found}; `rustup default {wanted}` chooses it")


# A command, the artifacts it is for, and where it comes from.
COMMANDS = (
    ("dpkg-deb", "deb", "apt-get install dpkg"),
    ("rpmbuild", "rpm", "apt-get install rpm"),
    ("buildah", "image", "apt-get install buildah"),
    ("cargo-auditable", "", ".ci/artifacts/tools.sh"),
)
# The same for those who look at them.
CHECKERS = (
    ("debootstrap", "deb", "apt-get install debootstrap"),
    ("debootstrap", "archive", "apt-get install debootstrap"),
    ("lintian", "deb", "apt-get install lintian"),
    ("rpmlint", "rpm", "apt-get install rpmlint"),
    ("npm", "npm", "apt-get install npm"),
    ("minisign", "", "apt-get install minisign"),
)


def check_tools(targets, checks, signs):
    """Names everything that is missing at once, so that one round of installing is enough."""
    made = {kind for target in targets for kind in target.makes} | {""}
    wanted = [(command, source) for command, kind, source in (*COMMANDS, *(CHECKERS if checks else ())) if kind in made]
    for target in targets:
        needs = output(BUILD, "--needs", target.triple).splitlines()
        wanted += [tuple(line.split(" ", 1)) for line in needs]
        if target.system == "linux" and target.runner() != []:
            wanted.append((f"qemu-{target.machine}-static", "apt-get install qemu-user-static"))
            wanted += [(target.libraries(), f"apt-get install libc6-{target.debian}-cross")] * target.triple.endswith("-gnu")
    if signs:
        wanted.append(("minisign", "apt-get install minisign"))
    rust = output("rustup", "target", "list", "--installed").split() if shutil.which("rustup") else []
    missing = sorted({(command, source) for command, source in wanted if not is_here(command, rust)})
    if missing:
        listed = "; ".join(f"{Path(command).name} ({source})" for command, source in missing)
        raise Mistake(f"missing: {listed}")


def check_speaker(targets):
    if all(target.runner() is None for target in targets):
        raise Mistake("this machine runs no program of these targets, so nothing can write the manual pages; add a target that it runs")


def is_here(command, rust_targets):
    if command.startswith("rustup:"):
        return command.removeprefix("rustup:") in rust_targets
    return Path(command).is_dir() or shutil.which(command) is not None


def check_absent(path):
    if path.exists():
        raise Mistake(f"{path.relative_to(ROOT)} is there already; a release is made once, so move it away first")


def build(target):
    """Builds the program of a target, and returns where it is."""
    done = subprocess.run([BUILD, target.triple], env={**os.environ, "AUDITABLE": "1"}, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Mistake(f"the build for {target.triple} failed")
    return ROOT / done.stdout.strip()


def describe_build():
    """Tells the compiler and the packages which commit this is."""
    os.environ["SOURCE_DATE_EPOCH"] = output("git", "log", "-1", "--format=%ct")
    os.environ["KSM_BUILD_COMMIT"] = output("git", "rev-parse", "--short=12", "HEAD")
