"""Catches one request of `ksm` so that another program can send the same bytes."""

import http.server
import json
import ssl
import subprocess
import threading
from pathlib import Path

# A refusal that says the server did nothing and will not: no client sends its request again after it.
REFUSAL = json.dumps({"result_code": "access_denied", "message": "recorded"}).encode()


def serve(directory, name, handler):
    """Serves TLS on loopback; returns the certificate to trust, as a file, and the server."""
    ca_file, key = Path(directory) / f"{name}.pem", Path(directory) / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        # Both the root and the server's own certificate; rustls takes none that says CA for the latter.
        + ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", ca_file],
        check=True,
        capture_output=True,
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return ca_file, server


class Recorder:
    """A TLS server on loopback that keeps the request it got, refuses it, and trusts to `ca_file` for being believed."""

    def __init__(self, directory):
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                recorder.path = self.path
                recorder.headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
                recorder.body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(403)
                self.send_header("Content-Length", str(len(REFUSAL)))
                self.end_headers()
                self.wfile.write(REFUSAL)

            def log_message(self, *_):
                pass

        self.path = self.headers = self.body = None
        self.ca_file, self._server = serve(directory, "recorder", Handler)
        self.host = f"localhost:{self._server.server_address[1]}"

    def close(self):
        self._server.shutdown()


# The sender's own business.
HOP = {"host", "content-length", "connection", "accept", "user-agent", "accept-encoding"}
