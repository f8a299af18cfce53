"""Google on loopback: the token endpoint, the exchange of tokens, impersonation, the metadata server, and Secret Manager."""

import base64
import json
import time

import google_crc32c
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from clouds import PEM, Server, matched

PROJECT = "ksm-tests"
EMAIL = f"sync@{PROJECT}.iam.gserviceaccount.com"
OTHER = f"other@{PROJECT}.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
REFRESH = "canary-refresh-token"
SUBJECT = "canary-subject-token"
AUDIENCE = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"


class Google(Server):
    """`secrets` has the versions of each, from old to new: bytes and state. `lasts` is the lifetime of tokens in seconds."""

    def __init__(self, directory):
        super().__init__(directory)
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._public = self._key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        self.reset()

    def reset(self):
        with self.lock:
            self.secrets, self.tokens = {}, {}
            self.lasts, self.denied, self.damage = 3600, set(), False
            self.faults, self.count, self.asked = {}, 0, []

    @property
    def account(self):
        """The key of a service account, as `gcloud` downloads it."""
        private = self._key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "0123",
            "private_key": private,
            "client_email": EMAIL,
            "token_uri": f"{self.url}/token",
        }

    @property
    def user(self):
        return {
            "type": "authorized_user",
            "client_id": "client",
            "client_secret": "canary-client-secret",
            "refresh_token": REFRESH,
            "token_uri": f"{self.url}/token",
            "quota_project_id": PROJECT,
        }

    def workload(self, source, impersonates=None):
        """Credentials of another issuer, by way of `source`."""
        credentials = {
            "type": "external_account",
            "audience": AUDIENCE,
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": f"{self.url}/v1/token",
            "credential_source": source,
        }
        if impersonates:
            path = f"/v1/projects/-/serviceAccounts/{impersonates}:generateAccessToken"
            credentials["service_account_impersonation_url"] = self.url + path
        return credentials

    @property
    def environment(self):
        """The variables that lead the tools of Google here."""
        return {
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "CLOUDSDK_AUTH_TOKEN_HOST": f"{self.url}/token",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER": f"{self.url}/",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_STS": f"{self.url}/",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS": f"{self.url}/",
            "GCE_METADATA_HOST": self.plain_host,
        }

    def values(self):
        """The newest version of each secret, as text."""
        return {name: versions[-1][0].decode() for name, versions in self.secrets.items() if versions}

    def token(self, email):
        token = f"canary-token-{len(self.tokens)}"
        self.tokens[token] = (time.time() + self.lasts, email)
        return token

    def answer(self, asked):
        if asked.path == "/token":
            return self._token(asked.form)
        if asked.path == "/v1/token":
            return self._exchange(asked.form)
        if asked.path == "/subject":
            allowed = asked.headers.get("x-subject") == "yes"
            return (200, {"value": SUBJECT}, {}) if allowed else (403, {"error": "forbidden"}, {})
        if asked.path.startswith("/computeMetadata") or asked.path == "/":
            return self._metadata(asked)
        account = matched(r"/v1/projects/-/serviceAccounts/([^:]+):generateAccessToken", asked.path)
        ends, email = self.tokens.get(asked.bearer) or self._self_signed(asked.bearer)
        if ends < time.time():
            return refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if account:
            wanted = asked.json
            if wanted.get("scope") != [SCOPE] or account[0] != OTHER:
                return refusal(403, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getAccessToken' denied.")
            ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + self.lasts))
            return 200, {"accessToken": self.token(OTHER), "expireTime": ends}, {}
        if email == "user" and asked.headers.get("x-goog-user-project") != PROJECT:
            return refusal(403, "PERMISSION_DENIED", "The call of a user needs a quota project.")
        return self._secrets(asked)

    def _token(self, form):
        lasts = {"expires_in": self.lasts, "token_type": "Bearer"}
        if form.get("grant_type") == JWT_GRANT:
            try:
                claims = jwt.decode(form["assertion"], certs=self._verifier(), audience="https://oauth2.googleapis.com/token")
            except ValueError as reason:
                return 400, {"error": "invalid_grant", "error_description": f"Invalid JWT Signature: {reason}"}, {}
            if (claims["iss"], claims["scope"]) != (EMAIL, SCOPE):
                return 400, {"error": "invalid_scope", "error_description": "Wrong issuer or scope."}, {}
            return 200, {"access_token": self.token(EMAIL)} | lasts, {}
        expected = {"grant_type": "refresh_token", "client_id": "client", "client_secret": "canary-client-secret", "refresh_token": REFRESH}
        if {name: form.get(name) for name in expected} != expected:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, {}
        return 200, {"access_token": self.token("user")} | lasts, {}

    def _self_signed(self, bearer):
        """Google's own client saves the request for a token: its assertion is one."""
        try:
            claims = jwt.decode(bearer, certs=self._verifier())
        except ValueError:
            return 0, ""
        return claims["exp"], claims["iss"]

    def _verifier(self):
        return {"0123": self._public}

    def _exchange(self, form):
        expected = {
            "grant_type": EXCHANGE_GRANT,
            "audience": AUDIENCE,
            "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "subject_token": SUBJECT,
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        }
        # Who only wants to act as a service account may say so.
        scopes = (SCOPE, "https://www.googleapis.com/auth/iam")
        if {name: form.get(name) for name in expected} != expected or form.get("scope") not in scopes:
            return 400, {"error": "invalid_grant", "error_description": "The subject token is not accepted."}, {}
        return 200, {
            "access_token": self.token("workload"),
            "issued_token_type": expected["requested_token_type"],
            "token_type": "Bearer",
            "expires_in": self.lasts,
        }, {}

    def _metadata(self, asked):
        flavor = {"metadata-flavor": "Google", "content-type": "text/plain"}
        if asked.headers.get("metadata-flavor") != "Google":
            return 403, "Missing Metadata-Flavor:Google header.", flavor
        account = "/computeMetadata/v1/instance/service-accounts/default"
        match asked.path:
            case "/":
                return 200, "computeMetadata/\n", flavor
            case "/computeMetadata/v1/project/project-id":
                return 200, PROJECT, flavor
            case "/computeMetadata/v1/universe/universe-domain" | "/computeMetadata/v1/universe/universe_domain":
                return 200, "googleapis.com", flavor
            case path if path == f"{account}/token":
                value = {"access_token": self.token(EMAIL), "expires_in": self.lasts, "token_type": "Bearer"}
                return 200, value, flavor | {"content-type": "application/json"}
            case path if path.rstrip("/") == account:
                return 200, {"email": EMAIL, "scopes": [SCOPE]}, flavor | {"content-type": "application/json"}
        return 404, "Not found", flavor

    def _secrets(self, asked):
        parent = f"/v1/projects/{PROJECT}/secrets"
        if not asked.path.startswith(parent):
            return refusal(403, "PERMISSION_DENIED", "Permission denied on the project (or it may not exist).")
        rest = asked.path.removeprefix(parent)
        if rest == "" and asked.verb == "POST":
            return self._create(asked)
        found = matched(r"/([0-9A-Za-z_-]{1,255})(/versions/([^:/]+))?(?::(\w+))?", rest)
        if not found:
            return refusal(400, "INVALID_ARGUMENT", "The name is invalid.")
        name, _, version, method = found
        what = f"{asked.verb} {method or ('version' if version else 'secret')}"
        if what in self.denied:
            return refusal(403, "PERMISSION_DENIED", f"Permission for {what} denied.")
        if name not in self.secrets:
            return refusal(404, "NOT_FOUND", f"Secret [{parent[4:]}/{name}] not found.")
        versions = self.secrets[name]
        match what:
            case "GET access":
                return self._access(name, versions, version)
            case "POST addVersion":
                return self._add(asked, name, versions)
            case "GET secret":
                return 200, {"name": f"projects/1/secrets/{name}", "createTime": TIME, "replication": {"automatic": {}}}, {}
            case "DELETE secret":
                del self.secrets[name]
                return 200, {}, {}
            case "POST disable" | "POST destroy":
                versions[int(version) - 1][1] = "DISABLED" if method == "disable" else "DESTROYED"
                return 200, self._version(name, int(version)), {}
        return refusal(404, "NOT_FOUND", "Method not found.")

    def _create(self, asked):
        name = asked.query.get("secretId", "")
        if "POST create" in self.denied:
            return refusal(403, "PERMISSION_DENIED", "Permission for POST create denied.")
        if matched(r"[0-9A-Za-z_-]{1,255}", name) is None or "replication" not in asked.json:
            return refusal(400, "INVALID_ARGUMENT", "The name or the replication is invalid.")
        if name in self.secrets:
            return refusal(409, "ALREADY_EXISTS", f"Secret [projects/1/secrets/{name}] already exists.")
        self.secrets[name] = []
        return 200, {"name": f"projects/1/secrets/{name}", "createTime": TIME, "replication": asked.json["replication"]}, {}

    def _access(self, name, versions, version):
        number = len(versions) if version == "latest" else int(version)
        if not 1 <= number <= len(versions):
            return refusal(404, "NOT_FOUND", f"Secret [projects/1/secrets/{name}] not found or has no versions.")
        data, state = versions[number - 1]
        if state != "ENABLED":
            return refusal(400, "FAILED_PRECONDITION", f"Secret Version [projects/1/secrets/{name}/versions/{number}] is in {state} state.")
        checksum = google_crc32c.value(data) ^ self.damage
        payload = {"data": base64.b64encode(data).decode(), "dataCrc32c": str(checksum)}
        return 200, {"name": f"projects/1/secrets/{name}/versions/{number}", "payload": payload}, {}

    def _add(self, asked, name, versions):
        payload = asked.json.get("payload", {})
        data = base64.b64decode(payload.get("data", ""))
        checksum = payload.get("dataCrc32c")
        if len(data) > 65536 or (checksum is not None and int(checksum) != google_crc32c.value(data)):
            return refusal(400, "INVALID_ARGUMENT", "The payload is too large, or its checksum is wrong.")
        versions.append([data, "ENABLED"])
        return 200, self._version(name, len(versions)) | {"clientSpecifiedPayloadChecksum": checksum is not None}, {}

    def _version(self, name, number):
        return {"name": f"projects/1/secrets/{name}/versions/{number}", "createTime": TIME, "state": self.secrets[name][number - 1][1]}


TIME = "2026-01-02T03:04:05.678Z"


def refusal(status, code, message):
    return status, {"error": {"code": status, "message": message, "status": code}}, {}


def in_file(path, credentials):
    """Google's credentials in a file."""
    path.write_text(json.dumps(credentials))
    return str(path)
