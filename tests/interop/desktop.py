"""A desktop's keyring: a session bus and gnome-keyring, both of the test's own, and what lies in them."""

import os
import signal
import subprocess
import time

from jeepney.io.blocking import open_dbus_connection
import secretstorage

# No program is started by the bus, so that an absent keyring stays absent.
BUS = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={directory}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
PASSWORD = b"password of the keyring"


class Desktop:
    """A bus; the keyring on it is started and stopped by name."""

    def __init__(self, directory):
        self.directory = directory
        config = directory / "bus.conf"
        config.write_text(BUS.format(directory=directory))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"],
            stdout=subprocess.PIPE,
        )
        self.address = self._bus.stdout.readline().decode().strip()
        assert self.address, "the session bus did not start"
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": self.address, "XDG_RUNTIME_DIR": str(directory)}
        self.keyring = None

    def start_keyring(self, unlocked=True):
        """Starts gnome-keyring over what an earlier one stored, and waits until it is on the bus."""
        self.keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *(["--unlock"] if unlocked else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": str(self.directory), **self.environment},
        )
        if unlocked:
            self.keyring.stdin.write(PASSWORD)
        self.keyring.stdin.close()
        for _ in range(100):
            try:
                with self.bus() as bus:
                    if secretstorage.check_service_availability(bus):
                        collection = secretstorage.get_default_collection(bus) if unlocked else None
                        assert collection is None or not collection.is_locked()
                        return self
            except (OSError, secretstorage.exceptions.SecretStorageException):
                pass
            time.sleep(0.1)
        raise AssertionError("gnome-keyring did not start")

    def revive_keyring(self):
        """gnome-keyring aborts now and then, in GLib, when a client dies in the middle of a call: it starts again over what it stored."""
        time.sleep(0.05)
        if self.keyring.poll() is not None:
            self.start_keyring()

    def stop_keyring(self, with_signal=signal.SIGTERM):
        self.keyring.send_signal(with_signal)
        self.keyring.wait(timeout=10)

    def bus(self):
        return open_dbus_connection(bus=self.address)

    def lock(self):
        """Locks the keyring; nothing on this bus can show a prompt."""
        with self.bus() as bus:
            secretstorage.get_default_collection(bus).lock()

    def items(self, **attributes):
        """The stored items, as (label, attributes, content type, secret) by user name or label."""
        with self.bus() as bus:
            found = secretstorage.get_default_collection(bus).search_items(attributes)
            return {
                item.get_attributes().get("username", item.get_label()): (
                    item.get_label(),
                    item.get_attributes(),
                    item.get_secret_content_type(),
                    item.get_secret(),
                )
                for item in found
            }

    def change(self, username, secret):
        """Puts another value into an item of the service KSM-cli."""
        with self.bus() as bus:
            [item] = secretstorage.get_default_collection(bus).search_items({"service": "KSM-cli", "username": username})
            item.set_secret(secret)

    def close(self):
        for process in (self.keyring, self._bus):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait(timeout=10)
