#!/usr/bin/env bash
# Asks the vault once for all secrets, has the runner hide their values in logs, and appends them to the environment of later steps.
set -euo pipefail

sources=()
while IFS= read -r line; do
    [[ -z ${line//[[:space:]]/} ]] || sources+=("$line")
done <<<"$SECRETS"
ksm env --format github -- "${sources[@]}"
