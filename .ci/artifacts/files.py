"""Files that come out the same wherever and whenever they are made: archives in a fixed order, with the time of the commit, owned by root."""

import gzip
import hashlib
import io
import os
import tarfile
import time
import zipfile
from pathlib import Path


# From 1, which is quick, to 9.
EFFORT = int(os.environ.get("KSM_RELEASE_EFFORT", 9))


def commit_time():
    return int(os.environ["SOURCE_DATE_EPOCH"])


def below(root):
    """The files below a directory, in order, as (name, path)."""
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted((path.relative_to(root).as_posix(), path) for path in found)


def mode_of(path):
    return 0o755 if os.access(path, os.X_OK) else 0o644


def tar_gz(target, members):
    """Writes members, which are (name, mode, bytes)."""
    with open(target, "wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=EFFORT, mtime=commit_time()) as packed:
        tar(packed, members)
    return target


def tar(file, members):
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, mode, data in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(data), mode, commit_time()
            entry.uname = entry.gname = "root"
            archive.addfile(entry, io.BytesIO(data))


def zip_file(target, members):
    moment = time.gmtime(commit_time())[:6]
    with zipfile.ZipFile(target, "w", compresslevel=EFFORT) as archive:
        for name, mode, data in members:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, data)
    return target


def gz(text):
    return gzip.compress(text.encode(), mtime=0)


def write(path, data, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    path.chmod(mode)
    return path


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
