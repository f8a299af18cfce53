"""What a program asks of the system that starts it, read from the program itself: nothing of a C library that is newer than its wheel's tag
says, nothing at all in a static one, and on Windows no library but the system's own."""

import re
import struct

from .project import Mistake, output

OF_LINUX = {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "librt.so.1"}
# MinGW's own libraries begin with `lib`, and no machine of a user has them.
OF_WINDOWS = re.compile(r"(?!lib)[\w-]+\.(dll|drv)", re.IGNORECASE)
LOADER, DYNAMIC = 3, 2


def check(target, program):
    """Refuses a program that would not start where its artifact can be installed."""
    for wrong in {"linux": of_linux, "windows": of_windows, "darwin": lambda *_: ()}[target.system](target, program):
        raise Mistake(f"the program for {target.triple} {wrong}")


def of_linux(target, program):
    data = program.read_bytes()
    if target.triple.endswith("-musl"):
        yield from ("is not static" for kind in segments(data) if kind in (LOADER, DYNAMIC))
        return
    libraries = {name.decode() for name in re.findall(rb"(?<=\0)(?:lib|ld-)[\w+.-]*\.so\.\d+(?=\0)", data)}
    yield from (f"needs {name}" for name in sorted(libraries - OF_LINUX))
    newest = max(tuple(map(int, version)) for version in re.findall(rb"\0GLIBC_(\d+)\.(\d+)", data))
    if newest > promised(target):
        yield f"needs glibc {newest[0]}.{newest[1]}"


def promised(target):
    """The oldest C library that pip installs the wheel beside."""
    return tuple(map(int, re.match(r"manylinux_(\d+)_(\d+)_", target.wheel).groups()))


def segments(data):
    """The kinds of the segments that the header of an ELF file lists."""
    [place] = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    return [struct.unpack_from("<I", data, place + number * size)[0] for number in range(count)]


def of_windows(_target, program):
    libraries = re.findall(r"DLL Name: (\S+)", output("x86_64-w64-mingw32-objdump", "-p", program))
    yield from (f"needs {name}" for name in libraries if not OF_WINDOWS.fullmatch(name))
