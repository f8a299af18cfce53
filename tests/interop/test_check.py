"""`ksm profile check` in a network of its own, where addresses are dead, name servers silent and clocks wrong: it says what the commands
would meet, and one cure for each. Only root can make networks."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import network

HOSTS = "::1 localhost\n127.0.0.1 localhost\n::1 dead.test\n127.0.0.9 dead.test\n"
SEED = Path(__file__).parent / "seed.yaml"
# Of a certificate that was valid once.
ONCE = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)

PROFILE = "check the host of the profile"
# What is wrong, the topic and the words of the finding, and its cure.
FINDINGS = {
    "every address is dead": ("network", "nobody answers (tried [::1]:", "check the network, and the host of the profile"),
    "nobody listens": ("network", "Connection refused", "check the network, and the host of the profile"),
    "the name server is silent": ("network", "no name server answered", "check the network, and the name servers of this machine"),
    "it never speaks": ("tls", "timed out", PROFILE),
    "it speaks no TLS": ("tls", "corrupt message", PROFILE),
    "it hangs up": ("tls", "eof", PROFILE),
    "the proxy is dead": ("network", "with the proxy in HTTPS_PROXY", "check the proxy that HTTPS_PROXY names"),
    "the name of the proxy is unknown": ("network", "no name server answered", "check the network, and the name servers of this machine"),
    "the proxy refuses": ("network", "refuses to connect to localhost", "the proxy does not reach localhost"),
    "the certificate ran out": ("tls", "did not prove who it is", "whoever runs that server has to renew its certificate"),
    "the certificate ran out, and the time is not told": ("tls", "did not prove who it is", "check the clock of this machine"),
}


def certificate(subject, valid, key, issuer, issuer_key, is_authority):
    name = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid)
        .not_valid_after(ONCE if valid < ONCE else valid + datetime.timedelta(days=20000))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def told(ksm, tmp_path):
    """The status and the JSON of `profile check` for each case."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("authority", ONCE, authority, "authority", authority, True)
    leaf = certificate("localhost", ONCE - datetime.timedelta(days=9), key, "authority", authority, False)
    plain = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for name, content in (("root.pem", root), ("server.pem", leaf + plain), ("hosts", HOSTS.encode()), ("resolv.conf", f"nameserver {network.NAME_SERVER}\n".encode())):
        (tmp_path / name).write_bytes(content)
    mount = "mount --bind hosts /etc/hosts && mount --bind resolv.conf /etc/resolv.conf && exec \"$@\""
    inside = [sys.executable, network.__file__, ksm, SEED]
    done = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", mount, "sh", *inside],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        timeout=200,
        check=True,
    )
    return json.loads(done.stdout)


def test_each_finding_has_one_cure(told):
    # Commands pass over a dead address, and so it does.
    status, said = told.pop("one of several addresses is dead")
    assert status == 0, said
    wrong = {}
    for case, (status, said) in told.items():
        topic, words, cure = FINDINGS[case]
        [line] = [line for line in json.loads(said)[0]["checks"] if line["status"] == "failed"]
        if not (status == 5 and line["check"] == topic and words in line["message"] and cure in line["hint"]):
            wrong[case] = (status, line)
    assert not wrong, json.dumps(wrong, indent=1)
    assert told.keys() == FINDINGS.keys()
