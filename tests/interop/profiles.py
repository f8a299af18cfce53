"""Profiles of no vault, for commands that only read and write them. Their keys are well formed and belong to nobody."""

import base64
import functools

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@functools.cache
def config(name):
    """A bound device as the JSON object that the SDKs store; one and the same for a name all through a run."""
    private = ec.derive_private_key(int.from_bytes(name.encode().rjust(32, b"\1")), ec.SECP256R1())
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    pkcs8 = private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "hostname": "US",
        "clientId": encode(name.encode().ljust(64, b"\xfb")),
        "privateKey": encode(pkcs8),
        "appKey": encode(b"canary".rjust(32, b"\xff")),
        "appOwnerPublicKey": encode(point),
        "serverPublicKeyId": "10",
    }


def ini(*names):
    """`keeper.ini` as the official CLI writes it, with these profiles; the first is active."""
    lines = ["[_config]", f"active_profile = {names[0]}", "color = True", "cache = False", "record_type_dir", "editor"]
    lines += ["editor_use_blocking = False", "editor_process_name", ""]
    for name in names:
        members = config(name)
        keys = ("clientId", "privateKey", "appKey", "hostname", "appOwnerPublicKey", "serverPublicKeyId")
        lines += [f"[{name}]", *(f"{key.lower()} = {members[key]}" for key in keys), ""]
    return "\n".join(lines) + "\n"


def encode(data):
    return base64.b64encode(data).decode()
