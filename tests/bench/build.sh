#!/usr/bin/env bash
# Builds the release binary that starts fastest on this machine and prints its path: static, not position independent and without the
# keyring, where the musl target and its C compiler are there (`rustup target add x86_64-unknown-linux-musl`, Debian's musl-tools); the
# ordinary one elsewhere.
# A static program touches fewer pages before its first instruction of ours: that is half of the CPU of `ksm --version`.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=x86_64-unknown-linux-musl
if rustup target list --installed | grep -qx "$target" && command -v musl-gcc >/dev/null; then
    RUSTFLAGS='-C relocation-model=static' CC_x86_64_unknown_linux_musl=musl-gcc \
        cargo build --locked --release --no-default-features --features dev-vault --target "$target" >&2
    echo "target/$target/release/ksm"
else
    cargo build --locked --release >&2
    echo target/release/ksm
fi
