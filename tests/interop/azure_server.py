"""Azure on loopback: Entra ID, one key vault, and the two services that give tokens to managed identities."""

import base64
import datetime
import json
import time
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from clouds import Server, matched

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "66666666-7777-8888-9999-000000000000"
SECRET = "canary-client-secret"
FEDERATED = "canary-federated-token"
HEADER = "canary-identity-header"
RESOURCE = "https://vault.azure.net"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Secret:
    """Versions from old to new, each a value with its attributes."""

    versions: list = field(default_factory=list)
    # Requests until a change of state has settled, as a vault takes seconds.
    settles_in: int = 0


class Azure(Server):
    """`settling` is how many requests a deletion or recovery takes. `lasts` is the lifetime of tokens in seconds."""

    def __init__(self, directory):
        super().__init__(directory)
        self.reset()

    def reset(self):
        with self.lock:
            self.secrets, self.deleted, self.tokens = {}, {}, {}
            self.settling, self.lasts, self.soft_delete, self.denied = 2, 3600, True, set()
            self.faults, self.count, self.asked = {}, 0, []

    @property
    def environment(self):
        """The variables of a client that signs in with its secret."""
        return {
            "AZURE_TENANT_ID": TENANT,
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_CLIENT_SECRET": SECRET,
            "AZURE_AUTHORITY_HOST": self.url,
            "AZURE_KEYVAULT_URL": self.url,
        }

    def answer(self, asked):
        if asked.path.startswith("/elsewhere/"):
            # The metadata service of another cloud.
            return 404, "<html>", {}
        if matched(r"/[^/]+(/v2.0)?/.well-known/openid-configuration", asked.path) is not None:
            base = f"{self.url}/{TENANT}"
            return 200, {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
            }, {}
        if matched(r"/[^/]+/oauth2/v2.0/token", asked.path) is not None:
            return self._entra(asked)
        if asked.path in ("/metadata/identity/oauth2/token", "/msi/token"):
            return self._managed(asked)
        if "api-version" not in asked.query:
            return refusal(400, "BadParameter", "api-version is missing.")
        if self.tokens.get(asked.bearer, 0) < time.time():
            challenge = f'Bearer authorization="{self.url}/{TENANT}", resource="{RESOURCE}"'
            return *refusal(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")[:2], {"www-authenticate": challenge}
        return self._vault(asked)

    def token(self):
        token = f"canary-token-{len(self.tokens)}"
        self.tokens[token] = time.time() + self.lasts
        return token

    def _entra(self, asked):
        form = asked.form
        wrong = None
        if asked.path.split("/")[1] != TENANT:
            wrong = "invalid_request", "AADSTS90002: Tenant not found."
        elif form.get("client_id") != CLIENT:
            wrong = "unauthorized_client", "AADSTS700016: Application was not found in the directory."
        elif "client_assertion" in form:
            if form.get("client_assertion_type") != JWT_BEARER or not self._is_proof(form["client_assertion"]):
                wrong = "invalid_client", "AADSTS700024: Client assertion is not within its valid time range."
        elif form.get("client_secret") != SECRET:
            wrong = "invalid_client", "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 0"
        elif (form.get("grant_type"), form.get("scope")) != ("client_credentials", f"{RESOURCE}/.default"):
            wrong = "invalid_scope", f"AADSTS70011: {form.get('scope')}"
        if wrong:
            return 401, {"error": wrong[0], "error_description": wrong[1], "error_codes": [1]}, {}
        return 200, {"token_type": "Bearer", "expires_in": self.lasts, "ext_expires_in": self.lasts, "access_token": self.token()}, {}

    def _is_proof(self, assertion):
        """Whether it is the token of the other issuer, or one that the key of the client's certificate signed."""
        if assertion == FEDERATED:
            return True
        if assertion.count(".") != 2:
            return False
        header, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in assertion.split("."))
        signed = assertion.rpartition(".")[0].encode()
        try:
            self.certificate.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        header, claims = json.loads(header), json.loads(claims)
        thumbprint = base64.urlsafe_b64encode(self.certificate.fingerprint(hashes.SHA1())).decode().rstrip("=")
        lasts = claims["exp"] - time.time()
        return (
            (header["alg"], header["x5t"].rstrip("=")) == ("RS256", thumbprint)
            and claims["aud"] == f"{self.url}/{TENANT}/oauth2/v2.0/token"
            and claims["iss"] == claims["sub"] == CLIENT
            and claims["jti"]
            and 0 < lasts <= 600
        )

    def certified(self, path):
        """Makes a key and a certificate for the client."""
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
        self.certificate = certificate.sign(key, hashes.SHA256())
        plain = serialization.NoEncryption()
        pem = serialization.Encoding.PEM
        path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + self.certificate.public_bytes(pem))
        return str(path)

    def _managed(self, asked):
        header = ("metadata", "true") if asked.path.startswith("/metadata") else ("x-identity-header", HEADER)
        if asked.headers.get(header[0], "").lower() != header[1]:
            return 400, {"error": "invalid_request", "error_description": "Required metadata header not specified"}, {}
        if asked.query.get("resource") != RESOURCE or asked.query.get("client_id", CLIENT) != CLIENT:
            return 400, {"error": "invalid_request", "error_description": "Identity not found"}, {}
        ends = str(int(time.time() + self.lasts))
        return 200, {
            "access_token": self.token(), "expires_on": ends, "expires_in": str(self.lasts), "resource": RESOURCE, "token_type": "Bearer"
        }, {}

    def _vault(self, asked):
        listing = matched(r"/deletedsecrets/?", asked.path)
        if listing is not None:
            return 200, {"value": [self._bundle(name, deleted=True) for name in sorted(self.deleted)], "nextLink": None}, {}
        found = matched(r"/(deletedsecrets|secrets)/([0-9A-Za-z-]{1,127})(?:/([0-9a-z]*))?", asked.path)
        if not found:
            return refusal(400, "BadParameter", "The request URI contains an invalid name.")
        place, name, rest = found
        what = f"{asked.verb} {place}{' ' + rest if rest else ''}"
        if what in self.denied:
            return refusal(403, "Forbidden", f"The user does not have the permission for {what}.", "ForbiddenByPolicy")
        name = next((known for known in (*self.secrets, *self.deleted) if known.lower() == name.lower()), name)
        secret, deleted = self.secrets.get(name), self.deleted.get(name)
        settling = next((one for one in (secret, deleted) if one and one.settles_in), None)
        if settling:
            settling.settles_in -= 1
        there = secret if secret and not settling else None
        gone = deleted if deleted and not settling else None
        return getattr(self, f"_{asked.verb.lower()}_{place}")(asked, name, rest, there, gone, settling)

    def _get_secrets(self, asked, name, version, there, gone, settling):
        if not there:
            return not_found(name)
        bundle = self._bundle(name)
        if not bundle["attributes"]["enabled"]:
            return refusal(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled")
        return 200, bundle, {}

    def _put_secrets(self, asked, name, version, there, gone, settling):
        if settling:
            state = "ObjectIsBeingDeleted" if name in self.deleted else "ObjectIsBeingRecovered"
            return refusal(409, "Conflict", f"Secret {name} is currently being changed.", state)
        if gone:
            message = f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused."
            return refusal(409, "Conflict", message, "ObjectIsDeletedButRecoverable")
        value = asked.json.get("value")
        if not isinstance(value, str) or len(value.encode()) > 25600:
            return refusal(400, "BadParameter", "The value is missing or larger than 25k.")
        attributes = {"enabled": True} | asked.json.get("attributes", {})
        # What the request does not say, the new version does not have.
        said = {key: asked.json[key] for key in ("contentType", "tags") if key in asked.json}
        self.secrets.setdefault(name, Secret()).versions.append((value, attributes, said))
        return 200, self._bundle(name), {}

    def _patch_secrets(self, asked, name, version, there, gone, settling):
        if not there:
            return not_found(name)
        there.versions[-1][1].update(asked.json.get("attributes", {}))
        return 200, {key: value for key, value in self._bundle(name).items() if key != "value"}, {}

    def _delete_secrets(self, asked, name, version, there, gone, settling):
        if not there:
            return not_found(name)
        bundle = self._bundle(name, deleted=True)
        del self.secrets[name]
        if self.soft_delete:
            self.deleted[name] = there
            there.settles_in = self.settling
        return 200, bundle, {}

    def _get_deletedsecrets(self, asked, name, rest, there, gone, settling):
        return (200, self._bundle(name, deleted=True), {}) if gone else not_found(name)

    def _delete_deletedsecrets(self, asked, name, rest, there, gone, settling):
        return (204, None, {}) if self.deleted.pop(name, None) else not_found(name)

    def _post_deletedsecrets(self, asked, name, rest, there, gone, settling):
        if rest != "recover" or not gone:
            return not_found(name)
        self.secrets[name] = self.deleted.pop(name)
        gone.settles_in = self.settling
        bundle = self._bundle(name)
        del bundle["value"]
        return 200, bundle, {}

    def _bundle(self, name, deleted=False):
        secret = self.secrets.get(name) or self.deleted.get(name)
        value, attributes, *said = secret.versions[-1]
        level = "Recoverable+Purgeable" if self.soft_delete else "Purgeable"
        bundle = {
            "value": value,
            "id": f"{self.url}/secrets/{name}/{len(secret.versions):032x}",
            "attributes": {"created": 1700000000, "updated": 1700000000, "recoveryLevel": level, "recoverableDays": 90} | attributes,
        } | (said[0] if said else {})
        if not deleted:
            return bundle
        del bundle["value"]
        if self.soft_delete:
            bundle |= {"recoveryId": f"{self.url}/deletedsecrets/{name}", "deletedDate": 1700000000, "scheduledPurgeDate": 1707776000}
        return bundle


def refusal(status, code, message, inner=None):
    error = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return status, {"error": error}, {}


def not_found(name):
    return refusal(404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault.")
