#!/usr/bin/env bash
# The dependency tree on Linux has no more packages than stated here, macros and this one included. A line of the manual
# (src/manual/dependencies.md) says the same numbers.
set -euo pipefail
cd "$(dirname "$0")/.."

most() {
    local most=$1 count
    shift
    count=$(cargo tree --locked --target x86_64-unknown-linux-gnu -e normal --prefix none --no-dedupe "$@" | sort -u | wc -l)
    echo "$count packages${*:+ with $*}, at most $most"
    ((count <= most))
}

most 176
most 174 --no-default-features
