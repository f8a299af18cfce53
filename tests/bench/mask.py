"""How fast `ksm exec --mask` passes on output that holds no secret, against `cat` through the same pipe.

    target/interop/bin/python tests/bench/mask.py --ksm "$(tests/bench/build.sh)"

Each run moves the same text from one `cat` to another; ours masks it on the way. The best of the runs counts, since whatever else the
machine does can only slow them down. The aim is a ratio of 0.5 or more.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
INTEROP = HERE.parent / "interop"
sys.path.insert(0, str(INTEROP))

from vault import Vault  # noqa: E402

REFERENCES = {
    "P": "keeper://web-AAAAAAAAAAAAAAAAAA/field/password",
    "L": "keeper://web-AAAAAAAAAAAAAAAAAA/field/login",
}
LINE = "2026-01-31T23:59:59.123Z INFO request {number} from 10.0.{number}.7 served in {number} ms, status=200 bytes=5120\n"


def text(megabytes):
    block = "".join(LINE.format(number=number) for number in range(10_000)).encode()
    size = megabytes * 1_000_000
    return (block * (size // len(block) + 1))[:size]


def seconds(command, environment, size):
    """Runs `command` into a pipe that another `cat` empties."""
    began = time.monotonic()
    source = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    sink = subprocess.run(["wc", "-c"], stdin=source.stdout, capture_output=True, check=True)
    source.stdout.close()
    assert source.wait() == 0, f"{command} failed"
    assert int(sink.stdout) == size, f"{command} lost output"
    return time.monotonic() - began


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--ksm", required=True, type=Path)
    arguments.add_argument("--megabytes", type=int, default=100)
    arguments.add_argument("--runs", type=int, default=5)
    options = arguments.parse_args()
    ksm = str(options.ksm.resolve())
    with tempfile.TemporaryDirectory() as workdir:
        source = Path(workdir) / "text"
        source.write_bytes(text(options.megabytes))
        size = source.stat().st_size
        vault = Vault(ksm, str(INTEROP / "seed.yaml"), workdir)
        plain = {"PATH": os.environ["PATH"], "HOME": workdir}
        masked = plain | REFERENCES | {"KSM_CONFIG": vault.config, "KSM_CA_FILE": vault.ca_file, "NO_PROXY": vault.no_proxy}
        # `cat` through a pipe: as many copies as ours makes, without the masking.
        through_cat = ["sh", "-c", f"cat {source} | cat"]
        through_ksm = [ksm, "exec", "--mask", "--", "cat", str(source)]
        best = {"cat": [], "ksm": []}
        for _ in range(options.runs):
            best["cat"].append(seconds(through_cat, plain, size))
            best["ksm"].append(seconds(through_ksm, masked, size))
        vault.close()
    cat, ours = min(best["cat"]), min(best["ksm"])
    print(f"cat through a pipe    {size / cat / 1e6:7.0f} MB/s")
    print(f"ksm exec --mask       {size / ours / 1e6:7.0f} MB/s")
    print(f"ratio                 {cat / ours:7.2f}")


if __name__ == "__main__":
    main()
