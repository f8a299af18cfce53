"""The one place of a run for everything that is not its result. What a killed run left there, the next one removes."""

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager

from .project import ROOT, Mistake

PLACE = ROOT / "target/.release"


@contextmanager
def taken():
    """Makes it, and sends temporary files there. It goes with this run, and its lock however the run ends."""
    PLACE.mkdir(parents=True, exist_ok=True)
    lock = os.open(PLACE, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Mistake("another run is making a release here; wait for its end") from None
    try:
        empty()
        tempfile.tempdir = str(PLACE)
        yield PLACE
    finally:
        empty()
        PLACE.rmdir()
        os.close(lock)


def empty():
    for left in PLACE.iterdir():
        shutil.rmtree(left)
