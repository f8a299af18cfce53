#!/usr/bin/env bash
# Every check of the source and its dependencies, here and on any machine of a developer. Stops at the first that fails.
#
# Needs cargo and cargo-deny. ADVISORIES=1 also asks the advisory database, which has to be fetched from outside the package registry.
set -euo pipefail
cd "$(dirname "$0")/.."
# Where `clippy.toml` lies.
export CLIPPY_CONF_DIR=$PWD/.ci

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

step cargo fmt --check
step cargo deny --locked --config .ci/deny.toml check ${ADVISORIES:+advisories} bans licenses sources
step cargo clippy --locked --workspace --all-targets -- -D warnings
# What ships without the development vault is the library and the program.
step cargo clippy --locked --no-default-features -- -D warnings
step cargo clippy --locked --no-default-features --features keyring -- -D warnings
RUSTDOCFLAGS='-D warnings' step cargo doc --locked --no-deps --lib
# Most tests wait most of the time, the longest for a minute.
RUST_TEST_THREADS=${RUST_TEST_THREADS:-8} step cargo test --locked --workspace
# The static build, with the tests of what it lacks.
step cargo test --locked --no-default-features --features dev-vault --test cli stores::
# Other systems, as far as this machine can compile for them. Nothing is linked, so any C compiler will do for FreeBSD.
installed=$(rustup target list --installed 2>/dev/null || true)
if grep -qx x86_64-pc-windows-gnu <<<"$installed" && command -v x86_64-w64-mingw32-gcc >/dev/null; then
    step cargo check --locked --target x86_64-pc-windows-gnu
fi
if grep -qx x86_64-unknown-freebsd <<<"$installed"; then
    CC_x86_64_unknown_freebsd=cc step cargo check --locked --lib --target x86_64-unknown-freebsd
fi
