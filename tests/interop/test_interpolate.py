"""Templates: what both CLIs make of one where the behaviour is kept, and what the readers of quoted values read."""

import io
import json
import shutil
import subprocess

import dotenv
import pytest
import yaml

import programs
from vault import Vault

WEB = "keeper://web-AAAAAAAAAAAAAAAAAA"
ODD = "keeper://odd-AAAAAAAAAAAAAAAAAA"

# Templates that the official CLI fills and that come out the same: as the references end, so does the rest of their line.
SAME = [
    f"user={WEB}/field/login",
    f'{{"user":"{WEB}/field/login","password":"{WEB}/field/password"}}',
    f"'{WEB}/field/login' {WEB}/field/login# no comment\n",
    f"pg://{WEB}/field/login:{WEB}/field/password@host:5432/db",
    f"# {WEB}/field/login\n  # {WEB}/field/login\nx = 1 # {WEB}/field/login\n",
    f"a={WEB}/custom_field/Desk[0][number]\nb={WEB}/custom_field/Desk[number]\nc={WEB}/custom_field/Several[1]\nd={WEB}/custom_field/Several[]\n",
    f"a={WEB}/custom_field/Desk\n",
    f"a={WEB}/field/nope:-http://localhost:3000\nb={WEB}/field/nope:-x|upper\nc={WEB}/field/login:-x\n",
    f"a={WEB}/field/login:-\nb={WEB}/field/login|\nc={WEB}/field/login:-x|\n",
    f"a={ODD}/field/login|urlencode\nb={ODD}/field/login|urlencodeplus\nc={ODD}/field/login|upper\n",
    *(f"a={ODD}/field/login|{name}" for name in ("base64", "base64url", "lower", "trim", "sha256", "md5")),
    f"a={ODD}/custom_field/nope:-d\nb=keeper://missing/field/nope:-e,f\n",
    "keeper://db-AAAAAAAAAAAAAAAAAAA/field/host[0][hostName]\n",
    "no references: keeper:// and KEEPER://a/field/b, zürich\n",
    "",
]

# Once in a record of the vault, these are read back from every kind of file.
VALUES = [
    "canary plain",
    "canary 'single' \"double\" `back`",
    "canary \\ \\\\ \\n end\\",
    "canary\nsecond line\n",
    "canary\r\nwindows\rold",
    "canary # no comment",
    "canary $HOME $(id) `id` ; & | < >",
    "canary's $5 \"x\" \\",
    "canary: - {a: b} [c] *x &y !z %w @v ?",
    " canary between blanks \t",
    "canary é🔑\x7f\x85\u2028\u2029\ufeff\ufffe",
    "canary=",
    "true canary",
]
SEED = {"records": [{"title": "values", "type": "login", "fields": [], "custom": [{"type": "text", "label": str(number), "value": [value]} for number, value in enumerate(VALUES)]}]}


@pytest.fixture(scope="module")
def filled(ksm, tmp_path_factory):
    """The output of our CLI for a template, read from a file and written to one."""
    work = tmp_path_factory.mktemp("values")
    (work / "seed.json").write_text(json.dumps(SEED))
    vault = Vault(ksm, str(work / "seed.json"), work)
    program = programs.ours(ksm, vault, work)

    def fill(template):
        (work / "template").write_text(template)
        program("interpolate", "-o", "result", "template", env={"KSM_CONFIG": vault.config}).succeeds()
        return (work / "result").read_bytes()

    yield fill
    vault.close()


def reference(number, form):
    return f"keeper://values/custom_field/{number}|{form}"


@pytest.mark.parametrize("template", SAME)
def test_both_fill_a_template_alike(template, shared_vault, ksm, tmp_path):
    outputs = []
    for who in ("official", "ours"):
        home = tmp_path / who
        home.mkdir()
        (home / "t").write_text(template)
        program = programs.official(shared_vault, home) if who == "official" else programs.ours(ksm, shared_vault, home)
        env = {"KSM_CONFIG": shared_vault.config}
        piped = program("interpolate", env=env, stdin=template.encode()).succeeds()
        written = program("interpolate", "-o", "result/x", "t", env=env).succeeds()
        result = home / "result" / "x"
        marker = json.loads((home / "result" / ".x.ksm-secret").read_text())
        assert len(marker.pop("created")) == 26
        outputs.append((piped.stdout, written.stdout, result.read_bytes(), result.stat().st_mode, marker))
    assert outputs[0] == outputs[1]


def test_both_change_a_file_in_place(shared_vault, ksm, tmp_path):
    left = []
    for who in ("official", "ours"):
        home = tmp_path / who
        home.mkdir()
        (home / "t.env").write_text(f"a={WEB}/field/login\n")
        program = programs.official(shared_vault, home) if who == "official" else programs.ours(ksm, shared_vault, home)
        program("interpolate", "-w", "-b", ".old", "t.env", env={"KSM_CONFIG": shared_vault.config}).succeeds()
        files = {path.name: path.read_bytes() for path in home.iterdir() if path.suffix != ".ksm-secret" and path.suffix != ".bin"}
        left.append((files, (home / "t.env").stat().st_mode, (home / ".t.env.ksm-secret").exists()))
    assert left[0] == left[1]


@pytest.mark.parametrize("arguments", [("-C",), ("--continue",), ()])
def test_what_is_missing_is_no_success_here(arguments, shared_vault, ksm, tmp_path):
    """FIX 7: the official CLI ends with 0 and unresolved text, and does not know -C."""
    template = f"a={WEB}/field/nope\n".encode()
    env = {"KSM_CONFIG": shared_vault.config}
    run = programs.ours(ksm, shared_vault, tmp_path)("interpolate", *arguments, env=env, stdin=template)
    assert (run.status, run.stdout) == ((1, template) if arguments else (3, b""))
    official = programs.official(shared_vault, tmp_path)("interpolate", *arguments, env=env, stdin=template)
    assert official.status == (2 if arguments == ("-C",) else 0)


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_shells_read_a_value_back(number, filled):
    script = filled(f"V={reference(number, 'shell')}\nprintf %s \"$V\"\n")
    shells = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]
    assert "sh" in shells
    for shell in shells:
        done = subprocess.run([shell], input=script, capture_output=True, check=True)
        assert done.stdout.decode() == VALUES[number], shell


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_json_parsers_read_a_value_back(number, filled):
    text = filled(f'{{"v": {reference(number, "json")} }}')
    assert json.loads(text) == {"v": VALUES[number]}
    if shutil.which("jq"):
        done = subprocess.run(["jq", "-j", ".v"], input=text, capture_output=True, check=True)
        assert done.stdout.decode() == VALUES[number]


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_yaml_parsers_read_a_value_back(number, filled):
    text = filled(f"v: {reference(number, 'yaml')}\nl:\n  - {reference(number, 'yaml')} # comment\n")
    assert yaml.safe_load(text) == {"v": VALUES[number], "l": [VALUES[number]]}


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_dotenv_reads_a_value_back(number, filled):
    text = filled(f"A=before\nexport V={reference(number, 'dotenv')}\nB=after\n").decode()
    # As from a file: Python reads every end of a line as LF.
    read = dotenv.dotenv_values(stream=io.StringIO(text, newline=None))
    assert read == {"A": "before", "V": VALUES[number], "B": "after"}
