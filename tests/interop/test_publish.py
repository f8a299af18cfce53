"""What `publish.sh` asks of the registries, in a shell where each of their clients keeps what it was given in a directory."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSION = "0.1.0"
PLATFORMS = ("darwin-arm64", "linux-x64")

# A client of every registry: what is published is a file in $WORLD/there, and each call is a line of $WORLD/calls. $BROKEN begins the
# call that fails.
CLIENT = """\
#!/bin/sh
set -eu
# A line, without the directory.
call=$(echo "${0##*/} $*" | sed "s|$WORLD/made/||g" | tr '\\n' ' ')
echo "$call" >>"$WORLD/calls"
case $call in "${BROKEN:-none}"*) exit 1 ;; esac
there() { [ -e "$WORLD/there/$1" ]; }
publish() {
    ! there "$1" || { echo "$1 is there already" >&2; exit 1; }
    : >"$WORLD/there/$1"
}
name_of() { tar xzOf "$1" package/package.json | jq -r '.name + "@" + .version' | tr / _; }
case $call in
    'cargo info'*) there "crate-$4" ;;
    'cargo publish'*) publish "crate-$4@0.1.0" ;;
    'npm view'*) there "npm-$(echo "$2" | tr / _)" ;;
    'npm publish'*) publish "npm-$(name_of "$5")" ;;
    'gh release view'*) there page ;;
    'gh release create'*) publish page && printf '%s' "$8" >"$WORLD/notes" ;;
    'skopeo login'*) cat >"$WORLD/password" ;;
esac
"""


class World:
    """The registries, and a release that is ready."""

    def __init__(self, directory):
        self.directory = directory
        for name in ("there", "bin", "made"):
            (directory / name).mkdir()
        for name in ("cargo", "uv", "npm", "skopeo", "gh"):
            (directory / "bin" / name).write_text(CLIENT)
            (directory / "bin" / name).chmod(0o755)
        for platform in PLATFORMS:
            self.package(f"ksm-cli-{platform}", f"@ksm-cli/{platform}")
        self.package("ksm", "ksm")
        for name in ("ksm-0.1.0-py3-none-win_amd64.whl", "ksm-0.1.0-image.oci.tar", "SHA256SUMS"):
            (directory / "made" / name).write_text("")
        # The script reads the changelog beside it.
        (directory / ".ci/artifacts").mkdir(parents=True)
        (directory / ".github").mkdir()
        (directory / ".ci/artifacts/publish.sh").symlink_to(ROOT / ".ci/artifacts/publish.sh")
        changelog = "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [0.1.0]\n\n- first\n\n### Fixed\n\n- `x`\n\n## [0.0.9]\n\n- older\n"
        (directory / ".github/CHANGELOG.md").write_text(changelog)

    def package(self, file, name):
        place = self.directory / "package"
        place.mkdir(exist_ok=True)
        (place / "package.json").write_text(json.dumps({"name": name, "version": VERSION}))
        subprocess.run(["tar", "czf", f"made/{file}-{VERSION}.tgz", "package"], cwd=self.directory, check=True)

    def publish(self, broken="none"):
        """Runs the script once, and returns its exit code and the calls that changed something."""
        calls = self.directory / "calls"
        calls.write_text("")
        environment = {
            "PATH": f"{self.directory / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "WORLD": str(self.directory),
            "BROKEN": broken,
            "GH_TOKEN": "canary-token",
            "GITHUB_ACTOR": "somebody",
            "GITHUB_REPOSITORY": "Example/Ksm",
        }
        script = self.directory / ".ci/artifacts/publish.sh"
        done = subprocess.run(["bash", script, VERSION, "made"], cwd=self.directory, env=environment, capture_output=True, text=True, timeout=60)
        assert "canary-token" not in calls.read_text() + done.stdout + done.stderr
        asks = ("cargo info", "npm view", "gh release view", "skopeo login")
        return done.returncode, [line.strip() for line in calls.read_text().splitlines() if not line.startswith(asks)]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


PACKAGES = [f"npm publish --provenance --access public ksm-cli-{platform}-{VERSION}.tgz" for platform in PLATFORMS]
LAUNCHER = f"npm publish --provenance --access public ksm-{VERSION}.tgz"


def test_what_others_depend_on_is_published_first(world):
    code, calls = world.publish()
    assert code == 0
    assert [call.split(" --")[0] for call in calls[:3]] == ["cargo publish", "cargo publish", "uv publish"]
    assert [call.rsplit(" ", 1)[1] for call in calls[:2]] == ["ksm-kernels", "ksm"]
    assert calls[3:6] == [*PACKAGES, LAUNCHER]
    assert [call.rsplit(" ", 1)[1] for call in calls[6:8]] == ["docker://ghcr.io/example/ksm:0.1.0", "docker://ghcr.io/example/ksm:latest"]
    assert calls[8].startswith("gh release create v0.1.0 --verify-tag")
    assert calls[-1].startswith("gh release upload v0.1.0 --clobber")
    assert all(name in calls[-1] for name in ("SHA256SUMS", "win_amd64.whl", "image.oci.tar"))


def test_the_page_has_the_notes_of_its_version(world):
    world.publish()
    assert (world.directory / "notes").read_text().strip() == "- first\n\n### Fixed\n\n- `x`"


@pytest.mark.parametrize("broken", ["cargo publish --locked --package ksm-kernels", "uv publish", PACKAGES[1], "skopeo copy", "gh release create"])
def test_a_step_that_failed_is_taken_up_again(world, broken):
    code, before = world.publish(broken)
    assert code != 0 and before[-1].startswith(broken), before
    code, after = world.publish()
    assert code == 0
    # What is there already is not published twice: the clients of the registries refuse that.
    assert not {call for call in before[:-1] if " publish" in call and not call.startswith("uv")} & set(after)
    assert after[-1].startswith("gh release upload")


def test_a_release_that_is_out_is_left_alone(world):
    world.publish()
    code, calls = world.publish()
    assert code == 0
    assert not [call for call in calls if call.startswith(("cargo publish", "npm publish", "gh release create"))]
