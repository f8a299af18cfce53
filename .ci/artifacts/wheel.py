"""The wheel for pip, pipx and uv: a zip with the program and four files about it."""

import base64
import hashlib

from .files import zip_file
from .project import DESCRIPTION, HOME, LICENSE, ROOT, VERSION

NAME = "ksm"


def make(content, out):
    tags = [f"py3-none-{tag}" for tag in content.target.wheel.split(".")]
    info = f"{NAME}-{VERSION}.dist-info"
    members = [
        (f"{NAME}-{VERSION}.data/scripts/{content.target.program}", 0o755, content.binary.read_bytes()),
        *((f"{NAME}-{VERSION}.data/data/share/man/man{section}/{name}", 0o644, path.read_bytes()) for section, name, path in content.pages()),
        (f"{info}/licenses/LICENSE", 0o644, (ROOT / "LICENSE").read_bytes()),
        (f"{info}/licenses/THIRD-PARTY.txt", 0o644, (content.root / "THIRD-PARTY.txt").read_bytes()),
        *((f"{info}/sboms/{path.name}", 0o644, path.read_bytes()) for path in content.root.glob("*.cdx.json")),
        (f"{info}/METADATA", 0o644, metadata().encode()),
        (f"{info}/WHEEL", 0o644, wheel(tags).encode()),
    ]
    members.append((f"{info}/RECORD", 0o644, record(members, info).encode()))
    return zip_file(out / f"{NAME}-{VERSION}-py3-none-{content.target.wheel}.whl", members)


def metadata():
    fields = [
        "Metadata-Version: 2.4",
        f"Name: {NAME}",
        f"Version: {VERSION}",
        f"Summary: {DESCRIPTION}",
        f"License-Expression: {LICENSE}",
        "License-File: LICENSE",
        "License-File: THIRD-PARTY.txt",
        "Requires-Python: >=3.8",
        *([f"Project-URL: Source, {HOME}"] if HOME else []),
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(fields) + "\n\n" + (ROOT / "README.md").read_text()


def wheel(tags):
    fields = ["Wheel-Version: 1.0", "Generator: ksm", "Root-Is-Purelib: false", *(f"Tag: {tag}" for tag in tags)]
    return "\n".join(fields) + "\n"


def record(members, info):
    def digest(data):
        return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()

    lines = [f"{name},sha256={digest(data)},{len(data)}" for name, _, data in members]
    return "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
