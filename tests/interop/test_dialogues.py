"""Two programs that talk through a mask: neither waits for bytes that the mask keeps (D35)."""

import os
import select
import subprocess
import sys

import pytest

from programs import BASE

KEY = "keeper://ssh-AAAAAAAAAAAAAAAAAA/field/keyPair[privateKey]"


@pytest.fixture
def environment(shared_vault, tmp_path):
    ours = {"KSM_CONFIG": shared_vault.config, "KSM_CA_FILE": shared_vault.ca_file, "NO_PROXY": shared_vault.no_proxy}
    nobody = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "e", "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "e"}
    return BASE | ours | nobody | {"HOME": str(tmp_path)}


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_may_begin_a_secret_is_let_go(ksm, environment, stream):
    program = f"import sys; [print(sys.stdin.readline() and '-----BEG', end='', flush=True, file=sys.{stream}) for _ in range(3)]"
    masked = [ksm, "exec", "--mask", "-e", f"K={KEY}", "--", sys.executable, "-c", program]
    with subprocess.Popen(masked, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for _ in range(3):
            process.stdin.write(b"go on\n")
            process.stdin.flush()
            answer = getattr(process, stream)
            if not select.select([answer], [], [], 30)[0]:
                process.kill()
            assert os.read(answer.fileno(), 100) == b"-----BEG"
        process.stdin.close()
        assert process.wait(timeout=60) == 0
