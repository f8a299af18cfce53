"""`ksm shell` from a pipe beside the official shell: the same greeting, the same answers in the same order."""

import pytest

import programs

WEB = "web-AAAAAAAAAAAAAAAAAA"
GREETING = "Running in shell mode. Type 'quit' to exit.\n\n"

# One script a row. Both print the same behind the greeting, and end with 0.
SCRIPTS = [
    "secret list\nquit\nsecret list --json\n",
    "secret list --json\n",
    "secret notation keeper://{web}/field/login\nsecret notation keeper://{web}/field/url\n",
    "secret get -u {web} --field login\n\n   \nfolder list --json\n",
    "secret list -t 'ORDERS'\nsecret list -t \"ORDERS\" --json\nexit\n",
    "no-such-command\nsecret list\nq\n",
    "-nc secret list\nsecret list --uid '{web}'\n",
    "secret get -u missing-AAAAAAAAAAAAAA --field login\nsecret list\n",
    "profile list --json\n",
    "",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_both_answer_the_same_lines_alike(script, ksm, shared_vault, tmp_path):
    lines = script.replace("{web}", WEB).encode()
    answers = []
    for program in (programs.ours(ksm, shared_vault, tmp_path), programs.official(shared_vault, tmp_path)):
        run = program("shell", stdin=lines, env={"KSM_CONFIG": shared_vault.config}).succeeds()
        greeting, found, answer = run.text.partition(GREETING)
        assert found, run
        answers.append((greeting.splitlines()[:8], answer))
    assert answers[0] == answers[1]
