#!/usr/bin/env bash
# Puts the ksm of the release that this action belongs to on the PATH of the steps behind it, once GitHub's attestation says that the
# release workflow of the repository made it.
set -euo pipefail

version=$(awk -F'"' '/^version = / { print $2; exit }' "$GITHUB_ACTION_PATH/../../../Cargo.toml")
case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) target=x86_64-unknown-linux-musl ending=tar.gz ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ending=tar.gz ;;
    macOS-X64) target=x86_64-apple-darwin ending=tar.gz ;;
    macOS-ARM64) target=aarch64-apple-darwin ending=tar.gz ;;
    Windows-X64) target=x86_64-pc-windows-gnu ending=zip ;;
    *)
        echo "::error::ksm has no program for $RUNNER_OS on $RUNNER_ARCH"
        exit 1
        ;;
esac

name=ksm-$version-$target
place=$(mktemp -d "$RUNNER_TEMP/ksm.XXXXXX")
cd "$place"
gh release download "v$version" --repo "$REPOSITORY" --pattern "$name.$ending"
gh attestation verify "$name.$ending" --repo "$REPOSITORY" --signer-workflow "$REPOSITORY/.github/workflows/release.yml"
case $ending in
    zip) unzip -q "$name.zip" ;;
    *) tar -xzf "$name.tar.gz" ;;
esac
"$name/ksm" --version
if [[ $RUNNER_OS == Windows ]]; then place=$(cygpath -w "$place"); fi
echo "$place/$name" >>"$GITHUB_PATH"
