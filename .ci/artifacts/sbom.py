"""The bill of materials in CycloneDX's form: what is in the program, from which registry, under which licence."""

import json
import time
import tomllib
import uuid

from .files import commit_time
from .notices import crates
from .project import DESCRIPTION, LICENSE, ROOT, VERSION


def bill(target):
    locked = {(package["name"], package["version"]): package.get("checksum") for package in lock()["package"]}
    parts = [component(package, locked) for package in crates(target)]
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, purl('ksm', VERSION) + target.triple)}",
            "version": 1,
            "metadata": {
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(commit_time())),
                "component": {
                    **named("application", "ksm", VERSION),
                    "description": DESCRIPTION,
                    "licenses": [{"expression": LICENSE}],
                    "properties": [{"name": "ksm:target", "value": target.triple}],
                },
            },
            "components": parts,
        },
        indent=1,
    )


def lock():
    return tomllib.loads((ROOT / "Cargo.lock").read_text())


def component(package, locked):
    part = named("library", package["name"], package["version"])
    if package["license"]:
        # A slash is what `OR` was before SPDX.
        part["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    checksum = locked[package["name"], package["version"]]
    return {**part, "hashes": [{"alg": "SHA-256", "content": checksum}]}


def named(kind, name, version):
    return {"type": kind, "bom-ref": purl(name, version), "name": name, "version": version, "purl": purl(name, version)}


def purl(name, version):
    return f"pkg:cargo/{name}@{version}"
