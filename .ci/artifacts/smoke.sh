#!/bin/sh
# Installs an artifact, tries it as its first user would, removes it, and looks for what it left:
#
#   smoke.sh VERSION archive|deb|rpm|wheel|npm|program FILE...
#
# Writes only where the artifact's installer does, and into a directory of its own. Meant for a root that may be thrown away.
set -eu
version=$1 kind=$2
shift 2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home"

fail() {
    echo "Error: $kind: $*" >&2
    exit 1
}

# What the program does for anybody, wherever it came from.
try() {
    "$1" --version | grep -qx "ksm $version" || fail "is not version $version: $("$1" --version)"
    "$1" --version -v | grep -q '^target: ' || fail 'does not say what it was built for'
    "$1" dev -- "$1" secret list | grep -q Sample-Database || fail 'does not list the sample vault'
    "$1" completion bash >"$home/printed.bash"
    grep -q _KSM_COMPLETE "$home/printed.bash" || fail 'prints no completion'
    "$1" help exec | grep -q 'Start a program' || fail 'has no guide'
}

# A completion that was installed is the one that the program prints, and bash takes it.
try_completion() {
    cmp -s "$1" "$home/printed.bash" || fail "$1 is not what ksm prints"
    ! command -v bash >/dev/null || bash -c '. "$1" && complete -p ksm >/dev/null' - "$1" || fail "bash takes no $1"
}

try_page() {
    [ -s "$1" ] || fail "no manual page $1"
    ! command -v man >/dev/null || MANROFFSEQ='' man -l "$1" | grep -qi ksm || fail "man does not show $1"
}

# The files that an installer may have made.
files() {
    find "$@" -xdev ! -name '*.pyc' ! -name __pycache__ ! -path '*/cache/*' 2>/dev/null | sort
}

# Installs, tries and removes by the commands of the kind.
round() {
    places=$1
    # shellcheck disable=SC2086
    files $places >"$home/before"
    install_it
    try_it
    remove_it
    # shellcheck disable=SC2086
    files $places >"$home/after"
    cmp -s "$home/before" "$home/after" || fail "leaves $(diff "$home/before" "$home/after" | sed -n 's/^> //p' | head -5)"
}

of_system() {
    try ksm
    try_completion /usr/share/bash-completion/completions/ksm
    try_page /usr/share/man/man1/ksm.1.gz
}

case $kind in
    program)
        try "$1"
        ;;
    archive)
        cd "$home"
        case $1 in
            *.zip) unzip -q "$1" ;;
            *) tar xzf "$1" ;;
        esac
        cd ksm-*
        PATH=$PWD:$PATH
        try ksm
        try_completion completions/ksm.bash
        case $1 in *.zip) ;; *) try_page man/man1/ksm.1 ;; esac
        for text in LICENSE THIRD-PARTY.txt; do [ -s $text ] || fail "has no $text"; done
        ;;
    deb)
        package=$1
        install_it() { dpkg -i "$package" >/dev/null; }
        try_it() { of_system; }
        remove_it() { dpkg --purge ksm >/dev/null; }
        round '/usr /etc /opt /root'
        ;;
    rpm)
        package=$1
        # Without a list of packages, as on Debian, rpm cannot know that the C library is there.
        without=
        rpm -q glibc >/dev/null 2>&1 || without=--nodeps
        install_it() { rpm -i $without "$package"; }
        try_it() { of_system; }
        remove_it() { rpm -e ksm; }
        round '/usr /etc /opt /root'
        ;;
    wheel)
        wheel=$1
        python3 -m venv "$home/venv"
        programs=$home/venv/bin
        [ -d "$programs" ] || programs=$home/venv/Scripts
        PATH=$programs:$PATH
        pip() { python -m pip --disable-pip-version-check --quiet "$@"; }
        install_it() { pip install --no-index "$wheel"; }
        try_it() {
            [ "$(command -v ksm | sed 's/\.exe$//')" = "$programs/ksm" ] || fail 'is not in the environment'
            try ksm
            [ ! -d "$home/venv/share" ] || try_page "$home/venv/share/man/man1/ksm.1"
        }
        remove_it() {
            pip uninstall --yes ksm
            find "$home/venv/share" -type d -empty -delete 2>/dev/null || true
        }
        round "$home/venv"
        ;;
    npm)
        mkdir "$home/app"
        cd "$home/app"
        echo '{"private": true}' >package.json
        npm install --silent --no-audit --no-fund --offline "$@"
        try node_modules/.bin/ksm
        code=0
        node_modules/.bin/ksm exec -- sh -c 'exit 7' || code=$?
        [ "$code" = 7 ] || fail "ends with $code, and its program with 7"
        npm uninstall --silent --no-audit --no-fund ksm
        [ ! -e node_modules/.bin/ksm ] || fail 'leaves its command'
        ;;
    *)
        fail 'is no kind of artifact'
        ;;
esac
echo "$kind: passed"
