#!/bin/sh
# Runs smoke.sh on each artifact of a directory that is for this machine and can be installed by what is on it:
#
#   try.sh VERSION DIRECTORY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=$1
cd "$2"
made=$PWD

machine=$(uname -m)
case $(uname -s) in
    Linux)
        system=unknown-linux wheels="*musllinux*_$machine" node=linux
        ! ldd --version 2>&1 | grep -q GNU || wheels="*manylinux*_$machine"
        ;;
    Darwin) system=apple-darwin wheels="*macosx*_$machine" node=darwin ;;
    *) system=pc-windows wheels='*win_amd64' node=win32 ;;
esac
case $machine in
    aarch64 | arm64) triple=aarch64 debian=arm64 node=$node-arm64 ;;
    *) triple=x86_64 debian=amd64 node=$node-x64 ;;
esac

has() { command -v "$1" >/dev/null 2>&1; }

tried=0
smoke() {
    for path in "$@"; do
        [ -e "$path" ] || [ "$path" = "$1" ] || { echo "Error: no artifact is called $path" >&2; exit 1; }
    done
    sh "$here/smoke.sh" "$version" "$@"
    tried=$((tried + 1))
}

smoke_each() {
    kind=$1
    shift
    for path in "$@"; do smoke "$kind" "$path"; done
}

smoke_each archive "$made"/ksm-*-"$triple-$system"*[pz]
[ "$system" = apple-darwin ] || ! has dpkg || smoke_each deb "$made"/*_"$debian".deb
has dpkg || ! has rpm || smoke_each rpm "$made"/*."$machine".rpm
# shellcheck disable=SC2086
if has python3 || has python; then smoke_each wheel "$made"/$wheels.whl; fi
! has npm || smoke npm "$made/ksm-cli-$node-$version.tgz" "$made/ksm-$version.tgz"
echo "$tried artifacts passed"
