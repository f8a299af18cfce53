"""The development vault as these tests see it: the environment that `ksm dev` gives to a command."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass

# The command that `ksm dev` runs: tells its environment, and stays until it is hung up on.
HOLD = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"


@dataclass(frozen=True)
class Token:
    """A four-part one-time token, taken apart because the official programs know no host with a port in it."""

    text: str
    host: str
    client_key: str
    key_id: str
    server_key: str

    @classmethod
    def parse(cls, text):
        return cls(text, *text.rsplit(":", 3))


class Vault:
    """A running `ksm dev`, with one token to spend and the configuration of one device."""

    def __init__(self, ksm, seed, workdir):
        self._ksm = ksm
        self._process = subprocess.Popen(
            [ksm, "dev", "--seed", seed, "--", sys.executable, "-c", HOLD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=workdir,
        )
        told = self._process.stdout.readline()
        assert told, f"`{ksm} dev` ended with status {self._process.wait()} before it ran its command"
        environment = json.loads(told)
        self.ca_file = environment["KSM_CA_FILE"]
        self.token = Token.parse(environment["KSM_DEV_TOKEN"])
        self.no_proxy = environment["NO_PROXY"]
        self.config = environment["KSM_CONFIG"]
        self._socket = environment["KSM_DEV_SOCKET"]

    def another_token(self):
        """A token besides the one that every vault starts with."""
        asked = subprocess.run([self._ksm, "dev", "token"], env={"KSM_DEV_SOCKET": self._socket}, capture_output=True, text=True, check=True)
        return Token.parse(asked.stdout.strip())

    @property
    def config_json(self):
        """The device's configuration as the JSON object that the SDKs store."""
        text = self.config.strip()
        return json.loads(text if text.startswith("{") else base64.urlsafe_b64decode(text.translate(URL_SAFE) + "=="))

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(timeout=20) == 0, "`ksm dev` did not end as its command did"


URL_SAFE = str.maketrans("+/", "-_")
