#!/usr/bin/env bash
# Builds the fuzz targets and runs each of them, or those that are named, for so many seconds: tests/fuzz/run.sh [SECONDS [TARGET...]]
#
# FUZZ_SEED makes runs alike. A stable compiler is enough: without sanitizers, which find little where there is no unsafe code of ours. Seeds lie beside this file.
# What reached new code is kept in target/fuzz/corpus, and what broke a promise in target/fuzz/found/TARGET-KIND-HASH; the program
# target/fuzz/TRIPLE/release/TARGET runs such a file again.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
if (($#)); then
    targets=("$@")
else
    mapfile -t targets < <(cargo fuzz list --fuzz-dir tests/fuzz)
fi

host=$(rustc -vV | sed -n 's/^host: //p')
cargo fuzz build --fuzz-dir tests/fuzz --target-dir target/fuzz --target "$host" --sanitizer none --codegen-units 16
mkdir -p target/fuzz/found
failed=()
for target in "${targets[@]}"; do
    corpus=target/fuzz/corpus/$target
    mkdir -p "$corpus"
    options=(-seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048 -artifact_prefix="target/fuzz/found/$target-")
    if said=$("target/fuzz/$host/release/$target" "$corpus" "tests/fuzz/seeds/$target" "${options[@]}" 2>&1); then
        grep '^Done' <<<"$said" | sed "s/^Done/$target:/"
    else
        failed+=("$target")
        tail -n 40 <<<"$said"
    fi
done
if ((${#failed[@]})); then
    printf 'These broke what is promised: %s\n' "${failed[*]}"
    exit 1
fi
