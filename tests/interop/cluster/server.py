"""An API server of Kubernetes with its etcd on loopback, and two who may use it: an administrator, and the account of ksm with the
rights that the guide names."""

import json
import os
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

ADMIN, KSM = "admin-token", "ksm-token"
NAMESPACE = "shop"
RIGHTS = {
    "apiVersion": "v1",
    "kind": "List",
    "items": [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": {"name": "ksm-sync", "namespace": NAMESPACE},
            "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "create", "patch"]}],
        },
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "ksm-sync", "namespace": NAMESPACE},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "ksm-sync"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "ksm-sync"}],
        },
    ],
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cluster:
    def __init__(self, directory):
        self.directory = Path(directory)
        self._stack = ExitStack()
        self._etcd, peer, self._port = free_port(), free_port(), free_port()
        etcd, peer = f"http://127.0.0.1:{self._etcd}", f"http://127.0.0.1:{peer}"
        self._start(
            "etcd",
            "etcd",
            f"--data-dir={self.directory}/etcd.data",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        )
        tokens = self.directory / "tokens.csv"
        tokens.write_text(f'{ADMIN},admin,1,"system:masters"\n{KSM},ksm-sync,2\n')
        key, public = self.directory / "sa.key", self.directory / "sa.pub"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True, capture_output=True)
        self._start(
            "kube-apiserver",
            os.environ["KUBE_APISERVER"],
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self._port}",
            f"--cert-dir={self.directory}/certificates",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--endpoint-reconciler-type=none",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-signing-key-file={key}",
            f"--service-account-key-file={public}",
        )
        self.admin = self._kubeconfig("admin", ADMIN, self._port)
        self.ksm = self._kubeconfig("ksm", KSM, self._port)
        self.stranger = self._kubeconfig("stranger", "no-token", self._port)
        self.nowhere = self._kubeconfig("nowhere", KSM, free_port())
        self._await_readiness()
        self.kubectl("apply", "-f", "-", stdin=json.dumps(RIGHTS))

    def close(self):
        self._stack.close()

    def _start(self, name, *command):
        log = self._stack.enter_context(open(self.directory / f"{name}.log", "wb"))
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.directory)

        def end():
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

        self._stack.callback(end)

    def _kubeconfig(self, name, token, port):
        path = self.directory / f"{name}.kubeconfig"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}}],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [{"name": name, "context": {"cluster": "c", "user": "u", "namespace": NAMESPACE}}],
            "current-context": name,
        }
        path.write_text(json.dumps(config))
        return str(path)

    def environment(self, kubeconfig):
        path = f"{os.environ['KUBECTL_DIRECTORY']}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.directory), "KUBECONFIG": kubeconfig}

    def kubectl(self, *arguments, stdin="", check=True):
        done = subprocess.run(
            ["kubectl", *arguments],
            env=self.environment(self.admin),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not check or done.returncode == 0, f"{arguments}: {done}"
        return done.stdout

    def _await_readiness(self):
        deadline = time.monotonic() + 120
        while self.kubectl("get", "--raw", "/readyz", check=False) != "ok":
            assert time.monotonic() < deadline, (self.directory / "kube-apiserver.log").read_text()[-2000:]
            time.sleep(0.5)

    def secret(self, name):
        return json.loads(self.kubectl("get", "secret", name, "-o", "json", "--show-managed-fields"))
