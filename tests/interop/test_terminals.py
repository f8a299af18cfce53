"""Terminals of three widths, by `tmux`: no line is broken by the edge, and columns line up by the width in which they are shown."""

import itertools
import os
import shlex
import shutil
import socket
import subprocess
import threading
import time

import pytest
import wcwidth

from programs import BASE
from terminal import eventually
from vault import Vault

WIDTHS = [60, 80, 200]
# The column of titles is not wrapped, as in the official tables, so these fit into the narrowest terminal.
TITLES = ["Orders", "訂單資料庫の鍵", "🔑 Deploy 🚀 key", "Zürich café", "本番環境 🔑"]
LABELS = ["login", "備考", "🔑 note"]
LONG = "本番環境のデータベースに接続するためのパスワードは 🔑 別の記録 に あります。 Übermäßig long words and 漢字 alternate, 🚀 until the line ends"


class Window:
    """A terminal of so many columns, and a program that runs in it. It has lines enough to show everything at once."""

    def __init__(self, directory, columns, argv, environment):
        self._tmux = [shutil.which("tmux"), "-u", "-S", str(directory / f"{columns}.socket"), "-f", "/dev/null"]
        self._environment = BASE | environment | {"HOME": str(directory), "TERM": "screen-256color"}
        run = f"{shlex.join(argv)}; echo ended $?; exec sleep 600"
        self._ask("new-session", "-d", "-x", str(columns), "-y", "900", "-c", str(directory), run)

    def _ask(self, *words):
        return subprocess.run([*self._tmux, *words], env=self._environment, capture_output=True, text=True, check=True).stdout

    def lines(self, *, joined=False):
        """What shows; `joined`, with the lines whole that the edge broke."""
        return self._ask("capture-pane", "-p", *(["-J"] if joined else [])).rstrip("\n").split("\n")

    def press(self, keys):
        self._ask("send-keys", "-l", keys)

    def enter(self):
        self._ask("send-keys", "Enter")

    def wait_for(self, text):
        eventually(lambda: any(text in line for line in self.lines()), f"no {text!r}")
        return self.lines()

    def answer(self):
        """The lines of a program that ended well, none of them broken."""
        lines = self.wait_for("ended ")
        assert lines[-1] == "ended 0", lines
        self.is_whole()
        return lines[:-1]

    def is_whole(self):
        # A line that is drawn anew between the two looks is whole, too.
        for _ in range(5):
            broken = set(line.rstrip() for line in self.lines(joined=True)) - set(line.rstrip() for line in self.lines())
            if not broken:
                return
        raise AssertionError(broken)

    def close(self):
        subprocess.run([*self._tmux, "kill-server"], env=self._environment, capture_output=True)


@pytest.fixture
def titled(ksm, tmp_path):
    """A vault with records of other scripts."""
    seed = ["records:"]
    for number, title in enumerate(TITLES):
        fields = ", ".join(f'{{ type: text, label: "{label}", value: ["{LONG}"] }}' for label in LABELS)
        seed.append(f'  - {{ uid: title-{number}-AAAAAAAAAAAAAA, title: "{title}", type: login, fields: [], custom: [{fields}] }}')
    path = tmp_path / "seed.yaml"
    path.write_text("\n".join(seed) + "\n")
    vault = Vault(ksm, str(path), tmp_path)
    yield vault
    vault.close()


@pytest.fixture
def window(tmp_path):
    opened = []

    def open_window(columns, argv, vault=None, **environment):
        reach = {"KSM_CONFIG": vault.config, "KSM_CA_FILE": vault.ca_file, "NO_PROXY": vault.no_proxy} if vault else {}
        opened.append(Window(tmp_path, columns, argv, reach | environment))
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("words", [["--help"], ["secret", "--help"], ["secret", "get", "--help"], ["sync", "--help"]])
def test_a_help_page_fits_from_80_columns_on(ksm, window, columns, words):
    shown = window(columns, [ksm, *words])
    lines = shown.wait_for("ended 0")
    assert any("Usage: ksm" in line for line in lines)
    assert max(map(wcwidth.wcswidth, lines)) <= min(columns, 80), lines
    if columns >= 80:
        shown.is_whole()


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("topic", ["exit-codes", "variables", "names-and-notation", "start"])
def test_a_topic_is_wrapped_to_the_terminal(ksm, window, columns, topic):
    shown = window(columns, [ksm, "help", topic])
    lines = shown.wait_for("ended 0")
    # Code is not broken, so a narrow terminal may break it.
    broken = set(line.rstrip() for line in shown.lines(joined=True)) - set(line.rstrip() for line in lines)
    assert all(line.startswith("    ") for line in broken), broken


def cells(line, starts):
    """The cells of a line that begin at these columns of the terminal; none may lie across one."""
    found, at = [""] * len(starts), 0
    for character in line:
        column = max((index for index, start in enumerate(starts) if start <= at), default=None)
        width = max(wcwidth.wcwidth(character), 0)
        if at + 1 in starts:
            assert character == " ", f"{line!r} goes on into column {at + 1}"
        if column is not None:
            found[column] += character
        at += width
    return [cell.strip() for cell in found]


def table(lines, heading):
    """The rows of the table whose first column has this heading."""
    rule = next(index for index, line in enumerate(lines) if line.startswith(f" {heading}")) + 1
    dashes = " " + lines[rule]
    starts = [index for index in range(len(dashes) - 1) if dashes[index] == " " and dashes[index + 1] == "-"]
    return [cells(line, starts) for line in itertools.takewhile(str.strip, lines[rule + 1 :])]


@pytest.mark.parametrize("columns", WIDTHS)
def test_columns_line_up_whatever_the_script(ksm, titled, window, columns):
    rows = table(window(columns, [ksm, "secret", "list"], titled).answer(), "UID")
    assert sorted(row[0] for row in rows if row[0]) == [f"title-{number}-AAAAAAAAAAAAAA" for number in range(len(TITLES))]
    assert sorted(row[-1] for row in rows) == sorted(TITLES), rows


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_record_fits_the_terminal(ksm, titled, window, columns):
    lines = window(columns, [ksm, "secret", "get", "-u", "title-2-AAAAAAAAAAAAAA"], titled).answer()
    rows = table(lines, "Custom Field")
    for label in LABELS:
        first = next(index for index, row in enumerate(rows) if row[0] == label)
        value = rows[first][-1]
        for row in rows[first + 1 :]:
            if row[0]:
                break
            value += row[-1]
        assert value.replace(" ", "") == LONG.replace(" ", ""), rows


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_token_is_asked_for_and_not_shown(ksm, vault, window, columns):
    environment = {"KSM_CA_FILE": vault.ca_file, "NO_PROXY": vault.no_proxy}
    shown = window(columns, [ksm, "profile", "init"], **environment)
    shown.wait_for("One-time token (it is not shown):")
    shown.is_whole()
    shown.press(vault.token.text)
    shown.enter()
    lines = shown.wait_for("ended 0")
    for part in (vault.token.client_key, vault.token.server_key[:20]):
        assert part not in "".join(lines)


class SlowProxy:
    """A proxy that lets so many bytes a second go to the server."""

    def __init__(self, rate):
        self._rate = rate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client):
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            asked += client.recv(1)
        host, port = asked.split()[1].decode().rsplit(":", 1)
        try:
            server = socket.create_connection((host, int(port)))
        except OSError:
            return client.close()
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        threading.Thread(target=self._pass, args=(server, client, None), daemon=True).start()
        self._pass(client, server, self._rate)

    @staticmethod
    def _pass(source, target, rate):
        try:
            while piece := source.recv(16 << 10):
                target.sendall(piece)
                if rate:
                    time.sleep(len(piece) / rate)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self._listener.close()


@pytest.mark.parametrize("columns", WIDTHS)
def test_progress_stays_on_one_line_and_goes(ksm, vault, window, tmp_path, columns):
    file = tmp_path / "large.bin"
    file.write_bytes(os.urandom(12 << 20))
    proxy = SlowProxy(2 << 20)
    upload = [ksm, "secret", "upload", "-u", "web-AAAAAAAAAAAAAAAAAA", "-f", str(file)]
    shown = window(columns, upload, vault, NO_PROXY="", HTTPS_PROXY=proxy.address)
    lines = shown.wait_for(" left")
    for _ in range(5):
        shown.is_whole()
        bars = [line for line in lines if " of " in line]
        assert len(bars) <= 1, lines
        time.sleep(0.2)
        lines = shown.lines()
    lines = shown.answer()
    assert not any(" left" in line for line in lines), lines
    proxy.close()
