#!/usr/bin/env bash
# Compiles tests for a static target, with options of `cargo test` that choose which:
#
#   tests.sh aarch64-unknown-linux-musl --test library
#
# emulated.py runs them. Nothing of the system is linked, so the compiler's own linker serves.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1
shift

name=${target//-/_}
declare -x "CARGO_TARGET_${name^^}_RUSTFLAGS=-Clinker=rust-lld -Clinker-flavor=ld.lld -Clink-self-contained=yes"
declare -x "CC_$name=${target%%-*}-linux-gnu-gcc"
CARGO_PROFILE_DEV_DEBUG=false cargo test --locked --no-run --target "$target" --no-default-features --features dev-vault "$@"
