"""The instructions that runs of `ksm` take, which no other program's work disturbs, and the order of functions for the linker.

    target/interop/bin/python tests/bench/counts.py --ksm "$(tests/bench/build.sh --symbols)"
    target/interop/bin/python tests/bench/counts.py --ksm "$(tests/bench/build.sh --symbols)" --order .ci/artifacts/order/functions.txt

Each case runs once under callgrind against a `ksm dev` on loopback. With `--order`, the functions that were called are written as the linker
of releases takes them: those of short runs first. The program has to have its symbols for that, and for the counts of `exec`, which end where another
program takes over.

Needs valgrind and binutils.
"""

import argparse
import os
import re
import subprocess
import tempfile
from pathlib import Path

from ratios import MIB, cases, uid

ORDER = Path(__file__).resolve().parents[2] / ".ci/artifacts/order"


class Run:
    """One case under callgrind: how many instructions it took, and which functions they were in."""

    def __init__(self, name, command, environment, directory):
        self.name = name
        out = Path(tempfile.mkdtemp(dir=directory)) / "out"
        callgrind = ["valgrind", "--tool=callgrind", "--demangle=no", "--dump-before=execve", f"--callgrind-out-file={out}"]
        ran = subprocess.run(
            [*callgrind, *map(str, command)], env={"PATH": os.environ["PATH"], "HOME": "/", "LANG": "C.UTF-8"} | environment, capture_output=True
        )
        self.functions, self.instructions = [], 0
        for part in sorted(out.parent.iterdir()):
            text = part.read_text(errors="replace")
            self.instructions += sum(int(total) for total in re.findall(r"^(?:summary|totals): (\d+)", text, re.M)[:1])
            self.functions += re.findall(r"^c?fn=\(\d+\) (\S+)", text, re.M)
        if ran.returncode:
            raise SystemExit(f"`{name}` failed: {ran.stderr.decode()}")


def runs(ksm, directory, options):
    vaults, asked = cases(ksm, directory, options)
    few, small, large = vaults
    trusted = {"KSM_CONFIG": few.config, "KSM_CA_FILE": few.ca_file, "NO_PROXY": "localhost"}
    file, template = directory / "file", directory / "template"
    file.write_bytes(os.urandom(2 * MIB))
    login = "keeper://web-AAAAAAAAAAAAAAAAAA/field/login"
    template.write_text(f"login: {login}\n")
    held = {"KSM_CONFIG": small.config, "KSM_CA_FILE": small.ca_file, "NO_PROXY": "localhost"}
    yield Run("--version", [ksm, "--version"], {}, directory)
    for case in asked:
        case.subjects(ksm, directory)
        yield Run(case.name, [ksm, *case.args], case.ours.environment, directory)
    for name, words, environment in [
        ("exec --mask", ["exec", "--mask", "true"], trusted | {"LOGIN": login}),
        ("env", ["env", "--format", "dotenv", "LOGIN=" + login], trusted),
        ("interpolate", ["interpolate", template], trusted),
        ("notation", ["secret", "notation", login], trusted),
        ("record as JSON", ["secret", "get", "web-AAAAAAAAAAAAAAAAAA", "--json"], trusted),
        ("upload, 2 MiB", ["secret", "upload", "-u", uid(1), "--file", file], held),
        ("download, 2 MiB", ["secret", "download", "-u", uid(1), "--name", "file", "--file-output", os.devnull], held),
        ("help", ["secret", "get", "--help"], {}),
    ]:
        yield Run(name, [ksm, *words], environment, directory)
    for vault in vaults:
        vault.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ksm", type=Path, required=True, help="the binary to count")
    parser.add_argument("--records", type=int, default=10_000, help="of the large vault")
    parser.add_argument("--order", type=Path, help="write the functions to this file")
    options = parser.parse_args()
    options.ksm = options.ksm.resolve()
    symbols = {}
    with tempfile.TemporaryDirectory() as directory:
        for run in runs(options.ksm, Path(directory), options):
            told = f"{run.instructions / 1e6:12.3f} million" if run.instructions else "   not counted, for want of symbols"
            print(f"{run.name:32}{told}", flush=True)
            symbols |= dict.fromkeys(run.functions)
    if options.order:
        names = subprocess.run(ORDER / "readable", input="\n".join(symbols) + "\n", capture_output=True, check=True, text=True).stdout.splitlines()
        # Callgrind numbers the turns of a recursion.
        names = [re.sub(r"'\d+$", "", name) for name in names]
        names = [name for name in dict.fromkeys(names) if not name.startswith(("0x", "("))]
        options.order.write_text("\n".join(names) + "\n")
        print(f"{len(names)} functions in {options.order}")


if __name__ == "__main__":
    main()
