"""One-time codes against an implementation that is neither ours nor the official one: Debian's `oathtool`."""

import base64
import json
import os
import subprocess

import pytest

import programs
from vault import Vault

SHAPES = [(6, 30, 10), (7, 30, 20), (8, 60, 33), (8, 17, 64), (6, 30, 200)]


@pytest.mark.parametrize("algorithm", ["SHA1", "SHA256", "SHA512"])
def test_codes_are_those_of_oathtool(ksm, tmp_path, algorithm):
    secrets = {f"{digits} {period} {length}": (digits, period, os.urandom(length)) for digits, period, length in SHAPES}
    records = [{"title": title, "type": "login", "fields": {"oneTimeCode": address(algorithm, *of)}} for title, of in secrets.items()]
    seed = tmp_path / "codes.json"
    seed.write_text(json.dumps({"records": records}))
    vault = Vault(ksm, str(seed), tmp_path)
    ours = programs.ours(ksm, vault, tmp_path)
    for title, of in secrets.items():
        # Again if a new code came up meanwhile.
        for _ in range(5):
            before = oathtool(algorithm, *of)
            code = ours("secret", "totp", title, env={"KSM_CONFIG": vault.config}).succeeds().text
            if before == oathtool(algorithm, *of):
                break
        assert code == before, title
    vault.close()


def address(algorithm, digits, period, secret):
    text = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/canary?secret={text}&algorithm={algorithm}&digits={digits}&period={period}"


def oathtool(algorithm, digits, period, secret):
    command = ["oathtool", f"--totp={algorithm}", "-d", str(digits), "-s", f"{period}s", secret.hex()]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
