#!/usr/bin/env bash
# Every check of the source and its dependencies, here and on any machine of a developer. Stops at the first that fails.
#
# Needs rustup, cargo and cargo-deny. ADVISORIES=1 also asks the advisory database, which has to be fetched from outside the package registry.
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
step .ci/packages.sh
step cargo clippy --locked --workspace --all-targets -- -D warnings
# Without the development vault there are no tests to check, since they need it.
step cargo clippy --locked --no-default-features -- -D warnings
step cargo clippy --locked --no-default-features --features keyring -- -D warnings
RUSTDOCFLAGS='-D warnings' step cargo doc --locked --no-deps --lib
# Most tests wait most of the time, the longest for a minute.
RUST_TEST_THREADS=${RUST_TEST_THREADS:-12} step cargo test --locked --workspace
# The static build, with the tests of what it lacks.
step cargo test --locked --no-default-features --features dev-vault --test cli stores::
# Other systems, and 32 bits. Nothing is linked, so no C compiler is needed. `.ci/run` builds programs for Windows and arm64, and runs them.
# Who compiles for macOS asks a Mac where its headers are.
[[ $(uname -s) == Darwin ]] || export SDKROOT=/
check_for() {
    local name=${1//-/_}
    rustup --quiet target add "$1"
    env "CC_$name=true" "AR_$name=true" cargo check --locked --target "$1"
}
for target in aarch64-apple-darwin i686-unknown-linux-musl x86_64-unknown-freebsd; do
    step check_for "$target"
done
