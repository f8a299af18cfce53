#!/usr/bin/env bash
# Publishes the artifacts of a directory that `.ci/release --join` made, in an order that leaves nobody with half of something: what
# others depend on comes first, the page of the release last. A step that was done before is passed over, so that it can be run again.
#
#   publish.sh VERSION DIRECTORY
#
# Needs GH_TOKEN, CARGO_REGISTRY_TOKEN, and a workflow that PyPI and npm trust.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1 made=$(realpath "$2")

# `ksm` on crates.io is built from `ksm-kernels` on crates.io.
crates() {
    for crate in ksm-kernels ksm; do
        cargo info --registry crates-io "$crate@$version" >/dev/null 2>&1 || cargo publish --locked --package "$crate"
    done
}

pypi() {
    uv publish --trusted-publishing always --check-url https://pypi.org/simple/ "$made"/*.whl
}

# The packages with the programs, then the one that starts them.
npm_packages() {
    local package name
    for package in "$made"/ksm-cli-*.tgz "$made/ksm-$version.tgz"; do
        name=$(tar xzOf "$package" package/package.json | jq --raw-output .name)
        npm view "$name@$version" version >/dev/null 2>&1 || npm publish --provenance --access public "$package"
    done
}

image() {
    skopeo login --username "$GITHUB_ACTOR" --password-stdin ghcr.io <<<"$GH_TOKEN"
    for tag in "$version" latest; do
        skopeo copy --all "oci-archive:$made/ksm-$version-image.oci.tar" "docker://ghcr.io/${GITHUB_REPOSITORY,,}:$tag"
    done
}

# The part of the changelog that is about this version is the text of the page.
page() {
    local notes
    notes=$(awk -v heading="## [$version]" 'index($0, "## [") == 1 { here = index($0, heading) == 1; next } here' .github/CHANGELOG.md)
    gh release view "v$version" >/dev/null 2>&1 || gh release create "v$version" --verify-tag --title "ksm $version" --notes "$notes"
    gh release upload "v$version" --clobber "$made"/*
}

crates
pypi
npm_packages
image
page
