#!/usr/bin/env bash
# Builds the program for a target as releases do, and prints the path of the binary: the one place that knows how. With --needs, prints
# what that takes instead, a line each: a command and where it comes from.
#
#   static   *-unknown-linux-musl     needs nothing of the system; no keyring, whose D-Bus belongs to desktops
#   desktop  *-unknown-linux-gnu      runs with the C library of 2014 (glibc 2.17) and newer ones
#   windows  x86_64-pc-windows-gnu
#   mac      *-apple-darwin           on a Mac only: zig has Apple's C library, and not the frameworks of certificates and the Keychain
#
# SOURCE_DATE_EPOCH and KSM_BUILD_COMMIT are passed on to the compiler; AUDITABLE=1 keeps the list of dependencies in the binary.
set -euo pipefail
cd "$(dirname "$0")/../.."

glibc=2.17
tools=$PWD/target/release-tools/bin

needs() {
    echo "rustup:$1 rustup target add $1"
    case $1 in
        x86_64-unknown-linux-musl) printf '%s\n' 'musl-gcc apt-get install musl-tools' 'nm apt-get install binutils' ;;
        aarch64-unknown-linux-musl)
            printf '%s\n' 'aarch64-linux-gnu-gcc apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross' 'nm apt-get install binutils'
            ;;
        *-unknown-linux-gnu) echo "$tools/cargo-zigbuild .ci/artifacts/tools.sh" ;;
        x86_64-pc-windows-gnu) printf 'x86_64-w64-mingw32-%s-mingw-w64-x86-64\n' 'gcc apt-get install gcc' 'objdump apt-get install binutils' ;;
        *-apple-darwin) echo 'xcrun a Mac with the developer tools' ;;
        *) return 2 ;;
    esac
}

# Equal sources give equal bytes wherever they lie.
flags=(
    "--remap-path-prefix=$PWD=/ksm"
    "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
    "--remap-path-prefix=$(rustc --print sysroot)=/rust"
)
features=()
build=(build)

prepare() {
    case $1 in
        *-unknown-linux-musl)
            # A static program that is not position independent touches fewer pages before its first instruction of ours: that is half
            # of the CPU of `ksm --version`. The linker sorts the functions, by symbols that tell the instances of a generic one apart.
            # It is found by PATH, since the paths among flags become part of the program.
            flags+=(-Crelocation-model=static -Clinker=link-in-order -Clinker-flavor=ld.lld -Clink-self-contained=yes)
            flags+=(-Csymbol-mangling-version=v0)
            PATH=$PWD/.ci/artifacts/order:$PATH
            features=(--no-default-features --features dev-vault)
            export CC_x86_64_unknown_linux_musl=musl-gcc CC_aarch64_unknown_linux_musl=aarch64-linux-gnu-gcc
            ;;
        *-unknown-linux-gnu)
            build=(zigbuild)
            PATH=$tools:$PATH
            ;;
    esac
}

if [[ ${1:-} == --needs ]]; then
    needs "$2"
    exit
fi
target=$1
needs "$target" >/dev/null
prepare "$target"
# Options of the caller, such as an order file for the linker, come last.
# shellcheck disable=SC2206
flags+=(${RUSTFLAGS:-})
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS
suffix=
[[ ${build[0]} == build ]] || suffix=.$glibc
export KSM_BUILD_TARGET=$target
# shellcheck disable=SC2086
cargo ${AUDITABLE:+auditable} "${build[@]}" --locked --release --bin ksm --target "$target$suffix" "${features[@]}" >&2
binary=target/$target/release/ksm
[[ $target != *windows* ]] || binary+=.exe
echo "$binary"
