#!/usr/bin/env bash
# Installs what `.ci/release` needs: on Debian, as root, everything; elsewhere the targets of the compiler and the programs of registries.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(
    binutils buildah debootstrap dpkg-dev lintian man-db minisign python3-venv qemu-user-static rpm rpmlint
    gcc-aarch64-linux-gnu gcc-mingw-w64-x86-64 libc6-dev-arm64-cross musl-tools
)
# Node of another source brings its own npm, which conflicts with Debian's.
command -v npm >/dev/null || packages+=(nodejs npm)
auditable=0.7.7

install_packages() {
    command -v apt-get >/dev/null || return 0
    # Waits for another that installs.
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qy --no-install-recommends "${packages[@]}"
}

install_targets() {
    rustup target add "$@"
}

# Kept by their hashes.
install_programs() {
    [[ -x target/release-tools/bin/pip ]] || python3 -m venv target/release-tools
    target/release-tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r .ci/artifacts/requirements.txt
}

cargo auditable --version >/dev/null 2>&1 || cargo install --quiet --locked "cargo-auditable@$auditable"
if [[ $(uname -s) == Darwin ]]; then
    install_targets aarch64-apple-darwin x86_64-apple-darwin
else
    install_packages
    install_targets {x86_64,aarch64}-unknown-linux-{musl,gnu} x86_64-pc-windows-gnu
    install_programs
fi
