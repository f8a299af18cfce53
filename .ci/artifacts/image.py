"""The container image: one index with an image for each architecture, as an OCI archive, made without a daemon."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from .files import commit_time, tar
from .project import DESCRIPTION, HOME, LICENSE, ROOT, VERSION, Mistake

DOCKERFILE = ROOT / ".ci/artifacts/Dockerfile"
# The machine in an ELF header, for each architecture of an image.
ELF = {"amd64": 62, "arm64": 183}


def make(contents, out):
    with tempfile.TemporaryDirectory() as scratch:
        buildah = Buildah(Path(scratch))
        buildah.run("manifest", "create", "ksm")
        for content in contents:
            build(buildah, content, Path(scratch))
        buildah.run("manifest", "push", "--all", "ksm", f"oci:{scratch}/layout:ksm:{VERSION}")
        layout = Path(scratch, "layout")
        check(layout, [content.target.debian for content in contents])
        members = [(path.relative_to(layout).as_posix(), 0o644, path.read_bytes()) for path in sorted(layout.rglob("*")) if path.is_file()]
        target = place(out)
        with target.open("wb") as file:
            tar(file, members)
    return target


def place(directory):
    return directory / f"ksm-{VERSION}-image.oci.tar"


class Buildah:
    """Keeps everything in one directory, and needs no mount of its own."""

    def __init__(self, scratch):
        self.places = ("--root", str(scratch / "storage"), "--runroot", str(scratch / "run"), "--storage-driver", "vfs")

    def run(self, *words):
        done = subprocess.run(["buildah", *self.places, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Mistake(f"`buildah {words[0]}` failed: {done.stderr.strip()}")
        return done.stdout


def build(buildah, content, scratch):
    architecture = content.target.debian
    context = scratch / architecture
    context.mkdir()
    shutil.copy(content.binary, context / "ksm")
    os.utime(context / "ksm", (commit_time(), commit_time()))
    buildah.run(
        "build",
        "--manifest=ksm",
        f"--platform=linux/{architecture}",
        f"--timestamp={commit_time()}",
        *(f"--label={name}={text}" for name, text in labels().items()),
        f"--file={DOCKERFILE}",
        str(context),
    )


def labels():
    facts = {
        "title": "ksm",
        "description": DESCRIPTION,
        "version": VERSION,
        "revision": os.environ["KSM_BUILD_COMMIT"],
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(commit_time())),
        "licenses": LICENSE,
        "source": HOME,
    }
    return {f"org.opencontainers.image.{name}": text for name, text in facts.items() if text}


def check(layout, architectures):
    """An image that says one architecture and holds the program of another starts nowhere."""
    [top] = read(layout / "index.json")["manifests"]
    index = blob(layout, top["digest"])
    found = {image["platform"]["architecture"]: image for image in index["manifests"]}
    if sorted(found) != sorted(architectures):
        raise Mistake(f"the image has {sorted(found)}, not {sorted(architectures)}")
    for architecture, image in found.items():
        manifest = blob(layout, image["digest"])
        config = blob(layout, manifest["config"]["digest"])
        expect(config["architecture"], architecture)
        expect(config["config"]["User"], "65532:65532")
        expect(config["config"]["Entrypoint"], ["/ksm"])
        [layer] = manifest["layers"]
        with tarfile.open(blob_path(layout, layer["digest"])) as files:
            expect(files.getnames(), ["ksm"])
            header = files.extractfile("ksm").read(20)
        expect(int.from_bytes(header[18:20], "little"), ELF[architecture])


def expect(found, wanted):
    if found != wanted:
        raise Mistake(f"the image has {found} where {wanted} belongs")


def blob_path(layout, digest):
    return layout / "blobs" / digest.replace(":", "/")


def blob(layout, digest):
    return read(blob_path(layout, digest))


def read(path):
    return json.loads(path.read_text())
