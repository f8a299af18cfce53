"""The tests of this package on another processor. Its unit tests and vectors are compiled for it and run by qemu. The tests of commands
are this machine's, over a namespace where `ksm` is the program for the other: what stands around it costs no emulation.
"""

import json
import re
import subprocess

from . import rooms
from .project import ROOT, Mistake

COMPILE = ROOT / ".ci/artifacts/tests.sh"
# What the tests of commands start.
KSM = ROOT / "target/debug/ksm"
# Of each program of tests, so that one that hangs is told. The commands take some minutes.
LIMIT = "30m"
# What qemu cannot stand in for.
OURS_ALONE = (
    # qemu 7.2 does not know the call that sets a terminal up (TCGETS2), and has hands of its own in signals and process groups.
    *("supervise", "on_a_terminal", "mask::a_terminal", "identities::a_token_is_typed", "init::a_long_line_at_the_prompt"),
    *("dev::what_our_parent_ignores", "exec_files::the_next_run_sweeps_what_a_kill_left", "sync::kubernetes::troubles::a_run_killed"),
    # They look at the process, which is qemu's: its arguments, its memory, its dump.
    *("onlookers::", "large::a_file_is_in_memory_once", "failures::answers::an_answer_without_end"),
    # They bound the time of a processor.
    *("completion::", "mask_cost::", "start::"),
    # Another clock comes in by a library, and no library into a static program.
    *("clock::", "cache::times::"),
    # The build under test has no keyring, and another target's name.
    *("inputs::an_empty_stdin", "inputs::an_endless_stdin", "names::a_link_called_lkru", "people::what_is_moved", "help::a_verbose_version"),
)
# Their limits of time are those of a processor that is not emulated.
UNIT_TESTS_OF_TIME = ("http::issuer::tests::a_hostile_certificate_costs_no_time",)
# They look at texts, which are the same on every processor: the source, and thousands of addresses.
TESTS_OF_TEXTS = ("clouds::", "dependencies::", "limits::", "manual::", "modules::", "order::", "promises::", "test_names::", "variables::")


def everything(target, program):
    """Runs all tests, and says how many there are."""
    compiled = compile_tests(target, "--lib", "--bins", "--test=library")
    for_here = ["cargo", "test", "--locked", "--no-run", *target.features, "--test=cli"]
    left_out = {"lib ksm": UNIT_TESTS_OF_TIME, "bin ksm": (), "test library": TESTS_OF_TEXTS}
    unit = sum(run(target, compiled[name], *skip(names)) for name, names in left_out.items())
    return f"{unit} unit tests and {commands(target, program, for_here)} of commands"


def compile_tests(target, *chosen):
    """Returns programs by what they are called."""
    return executables([COMPILE, target.triple, *chosen])


def executables(command):
    done = subprocess.run([*command, "--message-format=json"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Mistake(f"`{' '.join(map(str, command))}` failed")
    built = (json.loads(line) for line in done.stdout.splitlines() if '"executable":"' in line)
    return {called(one): one["executable"] for one in built}


def called(built):
    """`test cli` and `lib ksm` are programs of tests, `ksm` is the program itself."""
    target = built["target"]
    return f"{target['kind'][0]} {target['name']}" if built["profile"]["test"] else target["name"]


def run(target, program, *words):
    """Runs a program of tests, and returns how many passed."""
    return passed('exec timeout "$@"\n', target, LIMIT, program, *words)


def commands(target, program, compile_here, *names):
    """Runs tests of commands, whose `ksm` is `program`, and returns how many passed."""
    tests = executables(compile_here)["test cli"]
    return passed('mount --bind "$1" "$2"\nshift 2\nexec timeout "$@"\n', target, program, KSM, LIMIT, tests, *names, *skip(OURS_ALONE))


def skip(names):
    return [word for name in names for word in ("--skip", name)]


def passed(script, target, *words):
    said = rooms.inside(f'cd "{ROOT}"\n{script}', *words, emulator=rooms.emulator_of(target))
    return sum(int(number) for number in re.findall(r"(\d+) passed", said))
