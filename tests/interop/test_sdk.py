"""The official Python SDK at work in the development vault: what it can do there, and that our `ksm` reads what it wrote."""

import base64
import json

import pytest
from keeper_secrets_manager_core import SecretsManager
from keeper_secrets_manager_core.configkeys import ConfigKeys
from keeper_secrets_manager_core.dto.dtos import KeeperFileUpload, RecordCreate, RecordField
from keeper_secrets_manager_core.dto.payload import CreateOptions, UpdateOptions
from keeper_secrets_manager_core.exceptions import KeeperError
from keeper_secrets_manager_core.storage import InMemoryKeyValueStorage

TEAM = "team-AAAAAAAAAAAAAAAAA"
INNER = "inner-AAAAAAAAAAAAAAAA"
WEB = "web-AAAAAAAAAAAAAAAAAA"
PAPERS = "files-AAAAAAAAAAAAAAAA"


@pytest.fixture
def trusted(vault, monkeypatch):
    """Lets the SDK's HTTP library trust the vault's certificate, and keeps the configuration of nobody else out."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", vault.ca_file)
    monkeypatch.setenv("NO_PROXY", vault.no_proxy)
    for name in ("KSM_CONFIG", "KSM_TOKEN", "KSM_HOSTNAME", "KSM_SKIP_VERIFY"):
        monkeypatch.delenv(name, raising=False)


def redeem(vault, storage):
    token = vault.token
    return SecretsManager(
        token=token.client_key,
        hostname=token.host,
        config=storage,
        server_public_key=token.server_key,
        server_public_key_id=token.key_id,
    )


@pytest.fixture
def storage():
    return InMemoryKeyValueStorage()


@pytest.fixture
def sdk(vault, storage, trusted):
    """An SDK client that has redeemed the vault's token."""
    client = redeem(vault, storage)
    client.get_secrets([WEB])
    return client


def only(found):
    (one,) = found
    return one


def read(ours, vault, uid):
    """A record as our `ksm` prints it."""
    return json.loads(ours("secret", "get", uid, "--json", env={"KSM_CONFIG": vault.config}).succeeds().text)


def values(record, section="fields"):
    return {field["label"]: field["value"] for field in record[section]}


def login(title, secret):
    record = RecordCreate("login", title)
    record.fields = [RecordField("login", "bob"), RecordField("password", secret)]
    record.notes = "made by the SDK"
    return record


def test_a_token_is_redeemed_once(sdk, vault, storage):
    assert storage.get(ConfigKeys.KEY_APP_KEY) and storage.get(ConfigKeys.KEY_OWNER_PUBLIC_KEY)
    assert storage.get(ConfigKeys.KEY_CLIENT_KEY) is None
    with pytest.raises(KeeperError, match="access_denied"):
        redeem(vault, InMemoryKeyValueStorage()).get_secrets()


def test_it_reads_what_is_there(sdk):
    records = sdk.get_secrets()
    assert {record.title for record in records} >= {"Web shop", "Orders database", "Deploy key", "Papers"}
    web = only(record for record in records if record.uid == WEB)
    assert web.field("password", single=True) == "canary-web-password"
    assert web.custom_field("Several") == ["a", "b", "c"]
    assert sdk.get_notation(f"keeper://{WEB}/field/login") == "alice"


def test_it_asks_for_some_records_only(sdk):
    assert [record.uid for record in sdk.get_secrets([WEB])] == [WEB]
    assert sdk.get_secrets(["missing-AAAAAAAAAAAAAA"]) == []


def test_it_sees_the_tree_of_folders(sdk):
    tree = {folder.folder_uid: (folder.name, folder.parent_uid) for folder in sdk.get_folders()}
    assert tree[TEAM] == ("Team", "")
    assert tree[INNER] == ("Inner", TEAM)


def test_it_downloads(sdk):
    papers = only(sdk.get_secrets([PAPERS]))
    assert papers.find_file_by_title("The paper").get_file_data() == b"canary paper\n"


@pytest.mark.parametrize("subfolder", [None, INNER], ids=["shared folder", "sub folder"])
def test_what_it_creates_we_read(sdk, ours, vault, subfolder):
    uid = sdk.create_secret_with_options(CreateOptions(TEAM, subfolder), login("New one", "canary-new"))
    record = read(ours, vault, uid)
    assert (record["title"], record["type"], record["notes"]) == ("New one", "login", "made by the SDK")
    assert values(record) == {"login": ["bob"], "password": ["canary-new"]}
    listed = ours("secret", "list", "--folder", subfolder or TEAM, "--json", env={"KSM_CONFIG": vault.config}).succeeds()
    assert uid in {entry["uid"] for entry in json.loads(listed.text)}


def test_what_it_updates_we_read(sdk, ours, vault):
    record = only(sdk.get_secrets([WEB]))
    record.set_standard_field_value("password", "canary-changed")
    record.add_custom_field(field_type="text", label="Added", value="later")
    sdk.save(record)
    found = read(ours, vault, WEB)
    assert values(found)["password"] == ["canary-changed"]
    assert values(found, "custom")["Added"] == ["later"]


def test_a_stale_update_is_refused(sdk):
    first, second = only(sdk.get_secrets([WEB])), only(sdk.get_secrets([WEB]))
    first.title = "First"
    sdk.save(first)
    second.title = "Second"
    with pytest.raises(KeeperError):
        sdk.save(second)


@pytest.mark.parametrize(("rollback", "expected"), [(False, "canary-rotated"), (True, "canary-web-password")])
def test_a_transaction_counts_when_it_is_closed(sdk, ours, vault, rollback, expected):
    record = only(sdk.get_secrets([WEB]))
    record.set_standard_field_value("password", "canary-rotated")
    sdk.save(record, transaction_type="rotation")
    assert values(read(ours, vault, WEB))["password"] == ["canary-web-password"]
    sdk.complete_transaction(WEB, rollback=rollback)
    assert values(read(ours, vault, WEB))["password"] == [expected]


def test_what_it_uploads_we_download(sdk, ours, vault):
    content = b"canary\0" + bytes(range(256)) * 9
    uid = sdk.upload_file(only(sdk.get_secrets([WEB])), KeeperFileUpload("scan.bin", "A scan", None, content))
    assert only(sdk.get_secrets([WEB])).find_file_by_title("A scan").get_file_data() == content
    attachment = only(read(ours, vault, WEB)["files"])
    assert (attachment["file_uid"], attachment["name"], attachment["size"]) == (uid, "scan.bin", len(content))
    downloaded = ours("secret", "notation", f"keeper://{WEB}/file/scan.bin", env={"KSM_CONFIG": vault.config})
    assert downloaded.succeeds().stdout == content


def test_what_it_detaches_is_gone(sdk, ours, vault):
    papers = only(sdk.get_secrets([PAPERS]))
    gone = papers.find_file_by_title("The paper").f["fileUid"]
    kept = [uid for uid in papers.get_standard_field_value("fileRef") if uid != gone]
    papers.set_standard_field_value("fileRef", kept)
    sdk.save_with_options(papers, UpdateOptions(None, [gone]))
    assert {file["file_uid"] for file in read(ours, vault, PAPERS)["files"]} == set(kept)


def test_what_it_deletes_is_gone(sdk, ours, vault):
    answer = only(sdk.delete_secret([WEB]))
    assert (answer["recordUid"], answer["responseCode"]) == (WEB, "ok")
    listed = ours("secret", "list", "--json", env={"KSM_CONFIG": vault.config}).succeeds()
    assert WEB not in {entry["uid"] for entry in json.loads(listed.text)}


def test_folders_are_made_renamed_and_deleted(sdk):
    uid = sdk.create_folder(CreateOptions(TEAM, INNER), "Deep")
    sdk.update_folder(uid, "Deeper")
    made = only(folder for folder in sdk.get_folders() if folder.folder_uid == uid)
    assert (made.name, made.parent_uid) == ("Deeper", INNER)
    assert only(sdk.delete_folder([uid]))["responseCode"] == "ok"
    assert uid not in {folder.folder_uid for folder in sdk.get_folders()}


def test_a_folder_with_records_is_deleted_by_force_only(sdk):
    assert only(sdk.delete_folder([INNER]))["responseCode"] != "ok"
    assert only(sdk.delete_folder([INNER], force_deletion=True))["responseCode"] == "ok"
    assert INNER not in {folder.folder_uid for folder in sdk.get_folders()}


def ask(ours, vault, *args, stdin=b""):
    return ours(*args, env={"KSM_CONFIG": vault.config}, stdin=stdin).succeeds().text


def test_what_we_update_it_reads(sdk, ours, vault):
    before = only(sdk.get_secrets([WEB]))
    ask(ours, vault, "secret", "update", "-u", WEB, "--field-from", "password=-", "-t", "Ünïcode", stdin=b"canary-ours\n")
    after = only(sdk.get_secrets([WEB]))
    assert (after.title, after.field("password", single=True)) == ("Ünïcode", "canary-ours")
    before.title = "Ünïcode"
    before.field("password", "canary-ours")
    assert after.dict == before.dict


def test_what_we_overtook_it_cannot_save(sdk, ours, vault):
    record = only(sdk.get_secrets([WEB]))
    ask(ours, vault, "secret", "update", "-u", WEB, "-n", "ours")
    record.title = "theirs"
    with pytest.raises(KeeperError):
        sdk.save(record)


def test_what_we_delete_is_gone_for_it(sdk, ours, vault):
    ask(ours, vault, "secret", "delete", "-u", WEB)
    assert sdk.get_secrets([WEB]) == []


def test_folders_of_ours_are_its_and_its_are_ours(sdk, ours, vault):
    made = ask(ours, vault, "folder", "add", "-f", INNER, "-t", "Tïef")
    uid = sdk.create_secret_with_options(CreateOptions(TEAM, made), login("In ours", "canary-new"))
    assert only(sdk.get_secrets([uid])).inner_folder_uid == made
    theirs = sdk.create_folder(CreateOptions(TEAM, made), "Theirs")
    ask(ours, vault, "folder", "update", "-f", theirs, "-t", "Öurs")
    tree = {folder.folder_uid: (folder.name, folder.parent_uid) for folder in sdk.get_folders()}
    assert (tree[made], tree[theirs]) == (("Tïef", INNER), ("Öurs", made))
    ask(ours, vault, "folder", "delete", "--force", theirs, made)
    assert sdk.get_secrets([uid]) == []


@pytest.mark.parametrize("form", ["JSON", "base64"])
def test_its_configuration_is_ours(sdk, storage, ours, form):
    text = json.dumps({key.value: storage.get(key) for key in ConfigKeys if storage.get(key)})
    if form == "base64":
        text = base64.b64encode(text.encode()).decode()
    run = ours("secret", "get", WEB, "--field", "login", env={"KSM_CONFIG": text})
    assert run.succeeds().stdout == b"alice"


def test_our_configuration_is_its(vault, trusted):
    client = SecretsManager(config=InMemoryKeyValueStorage(json.dumps(vault.config_json)))
    assert only(client.get_secrets([WEB])).field("login", single=True) == "alice"
