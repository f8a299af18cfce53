"""The commands that write files, in a home with two profiles."""

import json
from dataclasses import dataclass, field

import profiles

PLACES = {
    "web": "keeper://web-AAAAAAAAAAAAAAAAAA/field/password",
    "files": "files-AAAAAAAAAAAAAAAA",
    "config": profiles.encode(json.dumps(profiles.config("new")).encode()),
}
# As it stands in records, and as the profiles' keys hold it.
SECRETS = (b"canary", profiles.config("other")["appKey"].encode())


def holds_secret(content):
    return any(secret in content for secret in SECRETS)


@dataclass
class Command:
    """A command in a home with two profiles, and the files that it makes or changes."""

    words: tuple
    changes: tuple
    # Its own work again ends in the same files.
    again: bool = True
    files: dict = field(default_factory=dict)


COMMANDS = [
    Command(("profile", "active", "other"), ("keeper.ini",)),
    Command(("profile", "rename", "other", "third"), ("keeper.ini",), again=False),
    Command(("profile", "delete", "other"), ("keeper.ini",), again=False),
    Command(("profile", "move", "other", "--to", "ini", "-f", "to.ini"), ("keeper.ini", "to.ini"), again=False),
    Command(("config", "color", "--disable"), ("keeper.ini",)),
    Command(("-o", "new.txt", "profile", "export", "--plain", "other"), ("new.txt",)),
    Command(("-o", "old.txt", "profile", "export", "--plain", "other"), ("old.txt",), files={"old.txt": "before"}),
    Command(("interpolate", "template.txt", "-o", "filled.txt"), ("filled.txt",), files={"template.txt": "a={web}\n"}),
    Command(("interpolate", "-w", "template.txt"), ("template.txt", "template.txt.bak"), again=False, files={"template.txt": "a={web}\n"}),
    Command(("secret", "download", "-u", "{files}", "--name", "The paper", "--file-output", "paper.txt"), ("paper.txt",)),
    Command(("exec", "--file", "secret.txt={web}", "--", "true"), ()),
]


def filled(command):
    """The words of a command and the content of its files, with what is theirs of the vault."""
    words = [word.format(**PLACES) for word in command.words]
    return words, {name: text.format(**PLACES) for name, text in command.files.items()}


def environment(command, vault, home):
    found = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "KSM_CA_FILE": vault.ca_file}
    # The others look after the profiles that lie in the home.
    return found | ({} if command.words[0] in ("profile", "config", "-o") else {"KSM_CONFIG": vault.config})
