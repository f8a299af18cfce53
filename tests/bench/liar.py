"""A server with a key that its clients trust, which answers what it is told to."""

import base64
import hashlib
import http.server
import json
import os
import threading

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recorder import serve

KEY_ID = 20
POINT = 65


def encode(data):
    return base64.b64encode(data).decode()


def point(key):
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def seal(key, plain):
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


class Liar:
    """Answers every request with `answer`, authenticated."""

    def __init__(self, directory):
        self.answer = b"{}"
        self.app_key = os.urandom(32)
        server_key = ec.generate_private_key(ec.SECP256R1())
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                sealed = base64.b64decode(self.headers["TransmissionKey"])
                theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sealed[:POINT])
                shared = hashlib.sha256(server_key.exchange(ec.ECDH(), theirs)).digest()
                key = AESGCM(shared).decrypt(sealed[POINT : POINT + 12], sealed[POINT + 12 :], None)
                body = seal(key, liar.answer)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.ca_file, self._server = serve(directory, "liar", Handler)
        device = ec.generate_private_key(ec.SECP256R1())
        pkcs8 = device.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.config = json.dumps(
            {
                "hostname": f"localhost:{self._server.server_address[1]}",
                "clientId": encode(bytes(64)),
                "privateKey": encode(pkcs8),
                "appKey": encode(self.app_key),
                "serverPublicKeyId": str(KEY_ID),
                "serverPublicKey": encode(point(server_key)),
            }
        )

    def record(self, uid, document):
        """A member of `records`."""
        key = os.urandom(32)
        data = seal(key, json.dumps(document).encode())
        return {"recordUid": uid, "recordKey": encode(seal(self.app_key, key)), "data": encode(data), "revision": 1}

    def close(self):
        self._server.shutdown()
