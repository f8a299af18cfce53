"""`secret add` beside the official CLI: the same arguments and files store the same record, but where the official one loses or
changes what was meant; and the official SDK reads everything that ours adds."""

import json

import pytest
from keeper_secrets_manager_core import SecretsManager
from keeper_secrets_manager_core.storage import InMemoryKeyValueStorage

TEAM = "team-AAAAAAAAAAAAAAAAA"
INNER = "inner-AAAAAAAAAAAAAAAA"
UID = "A" * 22

# Both store these alike.
SAME = [
    ["login", "login=ada", "password=canary-1", "url=https://example.com/?a=b"],
    ["login", "f.login=ada", "c.text[Cost centre]=north", r"c.text[\[x\]\\]=y", "c.multiline[Two]=a\nb"],
    ["contact", "name.first=Ada", "name.last=L", "text[Company]=x", "email=ada@example.com"],
    ["contact", "phone.number=1", "phone.type=mobile", "phone.number=2", "phone.ext=3", "phone.type=Work"],
    ["contact", 'phone={"number": "1", "type": "Home"}', 'phone={"number": "2"}', 'name={"first": "A"}'],
    ["address", "address.country=us", "address.city=Paris", "address.zip=canary"],
    ["bankCard", 'paymentCard={"cardNumber": "canary", "cardExpirationDate": "01/2030"}', "pinCode=x", f"addressRef={UID}"],
    ["birthCertificate", "name.first=A", "birthDate=2020-02-29"],
    ["encryptedNotes", "note=canary note", "date=1714521600000"],
    ["encryptedNotes", "date=2024-05-01T12:30:15+02:00"],
    ["encryptedNotes", "date=2024-05-01 12:30"],
    ["encryptedNotes", "date=-5"],
    ["serverCredentials", "host.hostName=h", "host.port=22", "login=", "password="],
    ["sshKeys", "keyPair.privateKey=canary-key", "keyPair.publicKey=p", "c.url[Docs]=https://x"],
    ["pamMachine", "text[Instance Id]=i", "text[Provider Group]=g", "pamHostname.hostName=h"],
    ["pamDatabase", 'script[Rotation Scripts]={"command": "c"}', "databaseType=mysql"],
    ["login", "c.name[Owner].first=A", "c.name[Owner].last=B", "c.phone[Desk].number=1", "c.phone[Desk].type=Work"],
    ["login", "c.name.first=A", "c.address.street1=S", "c.host={\"hostName\": \"h\"}", "c.text[Empty]="],
]

# The official CLI loses or changes these; ours stores: type, label, value of the fields with values.
BETTER = [
    (["login", "password=12345", "login=true", "url=null"],
     [["login", None, ["true"]], ["password", None, ["12345"]], ["url", None, ["null"]]]),
    (["login", "login=1e5", "c.text[List]=[1, 2]"], [["login", None, ["1e5"]], ["text", "List", ["[1, 2]"]]]),
    (["login", "c.text=first", "c.text=second"], [["text", None, ["first"]], ["text", None, ["second"]]]),
    # A field that is filled loses the label that its type gives it.
    (["contact", "text=x"], [["text", "Company", ["x"]]]),
    (["login", "login[User]=ada"], [["login", "User", ["ada"]]]),
    (["softwareLicense", 'securityQuestion=[{"question": "q"}, {"question": "r"}]'],
     [["securityQuestion", None, [{"question": "q"}, {"question": "r"}]]]),
]

# Both refuse these.
REFUSED = [
    ["login", "name=plain"],
    ["login", "nosuch=x"],
    ["login", "host.hostName=x"],
    ["login", "login=a", "login=b"],
    ["login", "login.first=x"],
    ["contact", "name.nosuch=x"],
    ["contact", "phone.type=carrier pigeon"],
    ["encryptedNotes", "date=tomorrow"],
    ["login", "oneTimeCode=JBSWY3DPEHPK3PXP"],
    ["login", "fileRef=short"],
    ["bankCard", 'paymentCard={"cardExpirationDate": "soon"}'],
    ["login", "x.login=a"],
    ["login", "c.text[open=a"],
    ["nosuch", "login=a"],
]


@pytest.fixture
def stored(vault, monkeypatch):
    """Reads a record's JSON with the official SDK."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", vault.ca_file)
    monkeypatch.setenv("NO_PROXY", vault.no_proxy)
    for name in ("KSM_CONFIG", "KSM_TOKEN", "KSM_HOSTNAME", "KSM_SKIP_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    token = vault.token
    client = SecretsManager(
        token=token.client_key,
        hostname=token.host,
        config=InMemoryKeyValueStorage(),
        server_public_key=token.server_key,
        server_public_key_id=token.key_id,
    )
    client.get_secrets([UID])

    def read(uid):
        (record,) = client.get_secrets([uid])
        return record.dict

    return read


@pytest.fixture
def add(vault, ours, official):
    """Runs `secret add` in one of the two."""

    def run(who, *args, **more):
        program = ours if who == "ours" else official
        return program("secret", "add", *args, env={"KSM_CONFIG": vault.config}, **more)

    return run


def field(add, who, kind, *arguments, folder=TEAM):
    return add(who, "field", "--sf", folder, "--rt", kind, "-t", "Added", "-n", "canary note", *arguments)


def normal(record):
    """A record without what the official one gets wrong: flags that are texts, numbers that were texts, labels of the type lost."""
    record = json.loads(json.dumps(record))
    for entry in record["fields"] + record["custom"]:
        if str(entry.get("required")).lower() == "true":
            entry["required"] = True
        for value in entry["value"]:
            if isinstance(value, dict):
                value.update({name: str(member) for name, member in value.items() if type(member) is int})
    for entry in record["fields"]:
        entry.pop("label", None)
    return record


def with_values(record):
    fields = record["fields"] + record["custom"]
    return [[entry["type"], entry.get("label"), entry["value"]] for entry in fields if entry["value"]]


@pytest.mark.long
def test_the_same_arguments_store_the_same_record(add, stored):
    for kind, *arguments in SAME:
        records = [normal(stored(field(add, who, kind, *arguments).succeeds().text)) for who in ("official", "ours")]
        assert records[0] == records[1], f"{kind} {arguments}"


def test_what_the_official_one_loses_is_stored(add, stored):
    for (kind, *arguments), expected in BETTER:
        ours = stored(field(add, "ours", kind, *arguments).succeeds().text)
        assert with_values(ours) == expected
        official = field(add, "official", kind, *arguments)
        assert official.status or with_values(stored(official.text)) != expected, f"no difference: {kind} {arguments}"


@pytest.mark.long
def test_both_refuse_the_same(add):
    for kind, *arguments in REFUSED:
        official, ours = (field(add, who, kind, *arguments) for who in ("official", "ours"))
        assert (official.status, ours.status) == (1, 2), f"{kind} {arguments}: {official} {ours}"
        assert ours.stdout == official.stdout == b""


def test_a_record_lands_in_the_folder_that_was_named(add, ours, vault):
    for folder in (TEAM, INNER):
        uid = field(add, "ours", "login", "login=ada", folder=folder).succeeds().text
        listed = ours("secret", "list", "-f", folder, "--json", env={"KSM_CONFIG": vault.config}).succeeds()
        assert uid in [record["uid"] for record in json.loads(listed.text)]
    assert field(add, "ours", "login", "login=ada", folder=UID).status == 3


RECORDS = """\
version: v3
kind: KeeperRecord
data:
- recordType: login
  title: From a file
  notes: canary
  fields:
  - {type: login, value: 0012}
  - {type: password, value: [canary-2], privacyScreen: false, complexity: {length: 64}}
  - {type: passkey, value: []}
  customFields:
  - {type: text, label: Yes, value: yes}
  - {type: name, label: Owner, value: {first: A, middle: ''}}
  - {type: phone, value: [{number: 1, type: home}, {number: 2}]}
  - {type: host, label: Nothing, value: []}
- record_type: encryptedNotes
  title: Another
  fields:
  - {type: date, value: '2024-05-01'}
  custom_fields: []
"""


def test_the_same_file_stores_the_same_records(add, stored, tmp_path):
    path = tmp_path / "records.yml"
    path.write_text(RECORDS)
    found = []
    for who in ("official", "ours"):
        uids = json.loads(add(who, "file", "--sf", TEAM, "-f", str(path)).succeeds().text)
        found.append([normal(stored(uid)) for uid in uids])
    # Custom fields without values stand where the file has them; the official one moves them to the end.
    assert found[0] == found[1]
    assert found[1][0]["fields"][1]["value"] == ["0012"]


def test_a_template_filled_in_is_a_file_of_records(add, ours, stored, tmp_path):
    for form in ("json", "yaml"):
        template = ours("secret", "template", "record", "-o", form, "softwareLicense").succeeds().text
        path = tmp_path / f"record.{form}"
        filled = template.replace("<#ADD: Date in ISO8601 Format or Epoch Milliseconds>", "2024-05-01")
        lines = ["<#ADD: The title of record here. This is required.>", "<#ADD: License Number>"]
        for at, line in enumerate(lines):
            filled = filled.replace(line, f"canary {at}")
        for hint in ("Add some notes or remove.", "Expiration Date in ISO8601 Format or Epoch Milliseconds",
                     "Record UID of File record.", "Security Question", "Answer To The Question"):
            filled = filled.replace(f"<#ADD: {hint}>", "")
        path.write_text(filled)
        (uid,) = json.loads(add("ours", "file", "--sf", TEAM, "-f", str(path)).succeeds().text)
        record = stored(uid)
        assert record["title"] == "canary 0"
        # The labelled date is found by the label that the template tells.
        assert with_values(record) == [["licenseNumber", None, ["canary 1"]], ["date", "Date Active", [1714521600000]]]


def test_a_copy_is_the_record_once_more(add, stored, ours, vault):
    # A record with fields that its type does not have.
    uid = add("ours", "clone", "-u", "ssh-AAAAAAAAAAAAAAAAAA", "-t", "Copy").succeeds().text
    original, copy = stored("ssh-AAAAAAAAAAAAAAAAAA"), stored(uid)
    assert copy == original | {"title": "Copy"}
    listed = ours("secret", "list", "-f", INNER, "--json", env={"KSM_CONFIG": vault.config}).succeeds()
    assert uid in [record["uid"] for record in json.loads(listed.text)]
    assert add("ours", "clone", "-u", "web-AAAAAAAAAAAAAAAAAA").status == 1
    assert add("ours", "clone", "-u", "missing-AAAAAAAAAAAAAA").status == 3
