"""What the servers of Azure and Google have in common: TLS on loopback with an authority of their own, a list of what was asked,
and failures on demand."""

import datetime
import ipaddress
import json
import re
import socket
import ssl
import threading
import urllib.parse
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Asked:
    """One request."""

    verb: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body) if self.body else {}

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode()))

    @property
    def bearer(self):
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Server:
    """Answers over TLS, and in plain at `plain_url` for what a machine gives to itself.

    `faults` maps the number of a request, from 0 on, to what befalls it: a status, `cut` for a connection that ends before the
    request counts, `lose` for one that ends after."""

    def __init__(self, directory):
        self.ca_file, key_file = certificates(directory)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(key_file)
        self._server = Listener(("127.0.0.1", 0), self._handler())
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._plain = Listener(("127.0.0.1", 0), self._handler())
        for server in (self._server, self._plain):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.host = f"localhost:{self._server.server_port}"
        self.url = f"https://{self.host}"
        self.plain_host = f"127.0.0.1:{self._plain.server_port}"
        self.plain_url = f"http://{self.plain_host}"
        self.lock = threading.Lock()
        self.faults, self.count, self.asked = {}, 0, []

    def fail(self, faults):
        """From the next request on, which is number 0."""
        with self.lock:
            self.faults, self.count, self.asked = dict(faults), 0, []

    def paths(self):
        """The requests since the last call, each as verb and path."""
        with self.lock:
            asked, self.asked = self.asked, []
        return [f"{request.verb} {request.path}" for request in asked]

    def close(self):
        for server in (self._server, self._plain):
            server.shutdown()
            server.server_close()

    def answer(self, asked):
        """Status, object and headers."""
        raise NotImplementedError

    def _outcome(self, asked):
        with self.lock:
            fault = self.faults.get(self.count)
            self.count += 1
            self.asked.append(asked)
            if fault == "cut":
                return None
            if isinstance(fault, int):
                wait = {"retry-after": "1"} if fault == 429 else {}
                return fault, {"error": {"code": "Fault", "message": "On demand.", "status": "FAULT"}}, wait
            answer = self.answer(asked)
            return None if fault == "lose" else answer

    def _handler(server):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def any(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                path, _, query = self.path.partition("?")
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(urllib.parse.parse_qsl(query))
                outcome = server._outcome(Asked(self.command, urllib.parse.unquote(path), query, headers, body))
                if outcome is None:
                    self.close_connection = True
                    self.connection.close() if not isinstance(self.connection, ssl.SSLSocket) else self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, value, headers = outcome
                body = b"" if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()
                self.send_response(status)
                for name, text in ({"content-type": "application/json", "content-length": str(len(body))} | headers).items():
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = any

            def log_message(self, *_):
                pass

        return Handler


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that goes away is no news."""


def certificates(directory):
    """An authority, and a certificate of `localhost` with its key: two files."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name, issuer, key, signer, is_authority):
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .add_extension(usage(is_authority), critical=True)
            .sign(signer, hashes.SHA256())
        )

    def usage(is_authority):
        flags = ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"]
        return x509.KeyUsage(
            digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority, **{flag: False for flag in flags}
        )

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = certificate(name("Clouds of a test"), name("Clouds of a test"), authority_key, authority_key, True)
    leaf = certificate(name("localhost"), authority.subject, key, authority_key, False)
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    directory.mkdir(exist_ok=True)
    (directory / "ca.pem").write_bytes(authority.public_bytes(PEM))
    (directory / "server.pem").write_bytes(leaf.public_bytes(PEM) + private)
    return directory / "ca.pem", directory / "server.pem"


def matched(pattern, text):
    """The groups of a pattern that matches all of `text`, or `None`."""
    found = re.fullmatch(pattern, text)
    return found and found.groups()
