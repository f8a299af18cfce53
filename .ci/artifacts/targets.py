"""The machines that a release is for, and what each artifact calls them."""

import platform
import shutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    triple: str
    machine: str  # as `uname -m` has it
    debian: str  # as Debian, Go and images have it
    node: str  # as npm has it
    wheel: str  # the tag of a Python wheel
    makes: tuple[str, ...]

    @property
    def system(self):
        for system in ("linux", "windows", "darwin"):
            if system in self.triple:
                return system
        raise ValueError(self.triple)

    @property
    def features(self):
        """The features that `build.sh` chooses: no keyring in a static program, since it belongs to desktops."""
        return ["--no-default-features", "--features=dev-vault"] if self.triple.endswith("-musl") else []

    @property
    def program(self):
        return "ksm.exe" if self.system == "windows" else "ksm"

    def runner(self):
        """What to put before the program to run it here; None where it cannot run."""
        if self.system != platform.system().lower():
            return None
        if self.machine == platform.machine() or self.system == "darwin":
            return []
        emulator = shutil.which(f"qemu-{self.machine}-static")
        if emulator is None:
            return None
        return [emulator, "-L", self.libraries()] if self.triple.endswith("-gnu") else [emulator]

    def libraries(self):
        """Where Debian keeps the C library of another processor."""
        return f"/usr/{self.machine}-linux-gnu"


STATIC = ("archive", "wheel", "npm", "image")
DESKTOP = ("archive", "wheel", "deb", "rpm")
OTHER = ("archive", "wheel", "npm")

TARGETS = {
    target.triple: target
    for target in (
        Target("x86_64-unknown-linux-musl", "x86_64", "amd64", "linux-x64", "musllinux_1_1_x86_64", STATIC),
        Target("aarch64-unknown-linux-musl", "aarch64", "arm64", "linux-arm64", "musllinux_1_1_aarch64", STATIC),
        Target("x86_64-unknown-linux-gnu", "x86_64", "amd64", "", "manylinux_2_17_x86_64.manylinux2014_x86_64", DESKTOP),
        Target("aarch64-unknown-linux-gnu", "aarch64", "arm64", "", "manylinux_2_17_aarch64.manylinux2014_aarch64", DESKTOP),
        Target("x86_64-pc-windows-gnu", "x86_64", "amd64", "win32-x64", "win_amd64", OTHER),
        Target("aarch64-apple-darwin", "arm64", "arm64", "darwin-arm64", "macosx_11_0_arm64", OTHER),
        Target("x86_64-apple-darwin", "x86_64", "amd64", "darwin-x64", "macosx_10_12_x86_64", OTHER),
    )
}
