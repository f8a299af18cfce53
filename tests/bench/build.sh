#!/usr/bin/env bash
# Builds the release binary that starts fastest on this machine and prints its path: the static one of releases where its target and C
# compiler are there (`rustup target add x86_64-unknown-linux-musl`, Debian's musl-tools), the ordinary one elsewhere. With `--symbols`
# the path is that of the same program with its symbols.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=x86_64-unknown-linux-musl
if rustup target list --installed | grep -qx "$target" && command -v musl-gcc >/dev/null; then
    symbols=$PWD/target/$target/release/ksm.symbols
    built=$(KSM_SYMBOLS=$symbols .ci/artifacts/build.sh "$target")
    [[ ${1:-} == --symbols ]] && echo "$symbols" || echo "$built"
else
    cargo build --locked --release >&2
    echo target/release/ksm
fi
