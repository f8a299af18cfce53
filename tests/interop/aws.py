"""AWS on loopback: moto behind a server of ours that sees every request, is the metadata service and the containers' agent, and can
fail on demand.

moto plays Secrets Manager, STS, KMS and IAM. The metadata service here is stricter than moto's: it answers nobody without a session
token of version 2.
"""

import html
import json
import re
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
KEYS = ("AKIAEXAMPLEEXAMPLE00", "canary-secret-access-key")
TOKEN = "session-token-of-version-2"
ROLE = "ksm-reader"
AGENT_TOKEN = "canary-agent-token"


@dataclass(frozen=True)
class Seen:
    """One request."""

    verb: str
    path: str
    headers: dict
    body: bytes

    @property
    def operation(self):
        """`GetSecretValue`, `AssumeRole`, or verb and path of what is no service of AWS."""
        target = self.headers.get("x-amz-target", "").removeprefix("secretsmanager.")
        action = re.search(rb"Action=(\w+)", self.body)
        return target or (action and action[1].decode()) or f"{self.verb} {self.path}"

    @property
    def key_id(self):
        """The access key of its signature."""
        found = re.search(r"Credential=([^/]+)/", self.headers.get("authorization", ""))
        return found and found[1]


class Aws:
    """The whole of it. `answers` are given, in order, instead of moto's to what is asked of Secrets Manager: a status and a body,
    or `None` for a connection that is cut."""

    def __init__(self):
        self._moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._moto.start()
        host, port = self._moto.get_host_and_port()
        self.moto = f"http://{host}:{port}"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.reset()

    def reset(self):
        """As it was at first: no secret, and a metadata service that knows version 2."""
        self.seen, self.answers = [], []
        self.tokens, self.region_document = True, False
        self._post("/moto-api/reset", b"")
        self._post("/moto-api/reset-auth", b"inf")
        self.environment = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    def check_signatures(self):
        """From here on moto checks who asks and what they may, as AWS does."""
        self._post("/moto-api/reset-auth", b"0")

    def client(self, service):
        """The official library's, which goes to moto past the eyes of this server."""
        id, key = KEYS
        return boto3.client(service, endpoint_url=self.moto, region_name=REGION, aws_access_key_id=id, aws_secret_access_key=key)

    def put(self, name, text):
        return self.client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]

    def get(self, name):
        return self.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]

    def operations(self):
        """The operations requested since the last call."""
        seen, self.seen = self.seen, []
        return [request.operation for request in seen]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._moto.stop()

    def _post(self, path, body):
        request = urllib.request.Request(self.moto + path, body, {"content-type": "text/plain"}, method="POST")
        urllib.request.urlopen(request).close()

    def _answer(self, request):
        """Status and body, or `None` for none."""
        if request.path.startswith("/latest/"):
            return self._metadata(request)
        if request.path.startswith("/agent"):
            allowed = request.headers.get("authorization") == AGENT_TOKEN
            return (200, credentials("ASIAOFTHECONTAINER")) if allowed else (401, b"")
        if self.answers and "x-amz-target" in request.headers:
            return self.answers.pop(0)
        forwarded = urllib.request.Request(self.moto + request.path, request.body, request.headers, method=request.verb)
        try:
            with urllib.request.urlopen(forwarded) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return in_json(error.code, error.read()) if "x-amz-target" in request.headers else (error.code, error.read())

    def _metadata(self, request):
        if request.path == "/latest/api/token":
            return (200, TOKEN.encode()) if self.tokens and request.verb == "PUT" else (404, b"")
        if request.headers.get("x-aws-ec2-metadata-token") != TOKEN:
            return 401, b""
        roles = "/latest/meta-data/iam/security-credentials/"
        paths = {
            roles: ROLE.encode(),
            roles + ROLE: credentials("ASIAOFTHEINSTANCE"),
            "/latest/dynamic/instance-identity/document": json.dumps({"region": "eu-west-1"}).encode(),
        }
        if not self.region_document:
            paths["/latest/meta-data/placement/region"] = REGION.encode()
        return (200, paths[request.path]) if request.path in paths else (404, b"")

    def _handler(aws):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Seen(self.command, self.path, headers, body)
                aws.seen.append(request)
                answer = aws._answer(request)
                if answer is None:
                    self.close_connection = True
                    return
                status, body = answer
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        return Handler


def credentials(id):
    """Temporary credentials, as instances and agents answer."""
    return json.dumps(
        {
            "Code": "Success",
            "AccessKeyId": id,
            "SecretAccessKey": "canary-temporary-key",
            "Token": "canary-temporary-token",
            "Expiration": "2099-01-01T00:00:00Z",
        }
    ).encode()


def in_json(status, body):
    """moto refuses signatures and permissions in XML; AWS answers in the format of the request."""
    found = re.search(rb"<Code>(.*?)</Code>\s*<Message>(.*?)</Message>", body, re.DOTALL)
    return refusal(*(html.unescape(part.decode()) for part in found.groups())) if found else (status, body)


def refusal(code, message=""):
    """An answer of Secrets Manager that says no."""
    return 400, json.dumps({"__type": code, "Message": message}).encode()


def home(path, config="", credentials=""):
    """AWS's shared files in the home of a program."""
    (path / ".aws").mkdir(exist_ok=True)
    (path / ".aws" / "config").write_text(config)
    (path / ".aws" / "credentials").write_text(credentials)
