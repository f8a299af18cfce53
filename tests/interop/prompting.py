"""A Secret Service that prompts for everything, and whose person answers as the test says."""

import os
import threading

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
from secretstorage import dhcrypto

PROMPT = "org.freedesktop.Secret.Prompt"
PATH = "/org/freedesktop/secrets/"


class Prompting:
    """Serves on a bus in a thread of its own. `dismisses` names the methods whose prompt is dismissed."""

    def __init__(self, address, dismisses=()):
        self._bus = open_dbus_connection(bus=address)
        assert self._bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets")).body == (1,)
        self._dismisses = dismisses
        self._is_locked, self._collection = True, None
        self._prompts = {}
        self.calls, self.plain = [], None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._bus.close()
        self._thread.join(timeout=10)

    def _serve(self):
        try:
            while True:
                message = self._bus.receive()
                if message.header.message_type == MessageType.method_call:
                    self._answer(message)
        except (OSError, ValueError):
            pass

    def _answer(self, call):
        fields = call.header.fields
        name, path = fields[HeaderFields.member], fields[HeaderFields.path]
        self.calls.append(name)
        if name == "Prompt":
            self._bus.send(new_method_return(call))
            return self._complete(path)
        answer = getattr(self, f"_{name}", None)
        if answer is None:
            return self._bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", ("no such method",)))
        self._bus.send(new_method_return(call, *answer(*call.body)))

    def _complete(self, path):
        name, act = self._prompts.pop(path)
        is_dismissed = name in self._dismisses
        result = ("s", "") if is_dismissed else act()
        for at in (PATH + "prompt/of_another", path):
            signal = new_signal(DBusAddress(at, interface=PROMPT), "Completed", "bv", (is_dismissed or at != path, result))
            self._bus.send(signal)

    def _prompt(self, name, act):
        path = f"{PATH}prompt/{len(self.calls)}"
        self._prompts[path] = (name, act)
        return path

    def _OpenSession(self, algorithm, theirs):
        assert algorithm == "dh-ietf1024-sha256-aes128-cbc-pkcs7"
        self._session = dhcrypto.Session()
        self._session.set_server_public_key(int.from_bytes(theirs[1], "big"))
        return "vo", (("ay", self._session.my_public_key.to_bytes(128, "big")), PATH + "session/1")

    def _ReadAlias(self, name):
        return "o", (self._collection or "/",)

    def _CreateCollection(self, properties, alias):
        assert (properties["org.freedesktop.Secret.Collection.Label"], alias) == (("s", "Default"), "default")

        def create():
            self._collection = PATH + "collection/made"
            return "o", self._collection

        return "oo", ("/", self._prompt("CreateCollection", create))

    def _Get(self, interface, name):
        return "v", (("b", self._is_locked and name == "Locked" and interface.endswith("Collection")),)

    def _Unlock(self, paths):
        def unlock():
            self._is_locked = False
            return "ao", paths

        return "aoo", ([], self._prompt("Unlock", unlock))

    def _SearchItems(self, attributes):
        return "ao", ([PATH + "collection/made/1"] if self.plain else [],)

    def _CreateItem(self, properties, secret, replace):
        def create():
            self.plain = self._opened(secret)
            return "o", PATH + "collection/made/1"

        return "oo", ("/", self._prompt("CreateItem", create))

    def _GetSecret(self, session):
        return "(oayays)", (self._sealed(),)

    def _Delete(self):
        def delete():
            self.plain = None
            return "s", ""

        return "o", (self._prompt("Delete", delete),)

    def _cipher(self, iv):
        return Cipher(algorithms.AES(self._session.aes_key), modes.CBC(iv))

    def _opened(self, secret):
        decryptor = self._cipher(secret[1]).decryptor()
        padded = decryptor.update(secret[2]) + decryptor.finalize()
        return padded[: -padded[-1]]

    def _sealed(self):
        iv, padding = os.urandom(16), 16 - len(self.plain) % 16
        encryptor = self._cipher(iv).encryptor()
        body = encryptor.update(self.plain + bytes([padding] * padding)) + encryptor.finalize()
        return (PATH + "session/1", iv, body, "text/plain")
