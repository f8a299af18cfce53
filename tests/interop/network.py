"""A network with everything that goes wrong in networks, in a namespace of its own; prints what `ksm profile check` says in it.

Its directory holds `server.pem`, the certificate and key of a server, and `root.pem`, who vouched for it."""

import fcntl
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
from email.utils import formatdate

NAME_SERVER = "127.0.0.53"
SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x49
# Sockets live as long as the program.
KEPT = []


def start_loopback():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP_AND_RUNNING))


def listener(family=socket.AF_INET, address="127.0.0.1", port=0, backlog=50):
    listener = socket.socket(family)
    listener.bind((address, port))
    listener.listen(backlog)
    KEPT.append(listener)
    return listener


def port_of(a_socket):
    return a_socket.getsockname()[1]


def dead(family, address, port=0):
    """The port of an address that drops what comes, since nobody ever accepts those who wait already."""
    full = listener(family, address, port, backlog=0)
    for _ in range(4):
        waiting = socket.socket(family)
        waiting.setblocking(False)
        waiting.connect_ex((address, port_of(full)))
        KEPT.append(waiting)
    return port_of(full)


def answering(answer, tls=None):
    """The port of a server that answers everything with the same bytes, if anything."""
    server = listener()

    def serve():
        while True:
            client, _ = server.accept()
            try:
                client = tls.wrap_socket(client, server_side=True) if tls else client
                client.recv(4096)
                client.sendall(answer)
                client.close()
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return port_of(server)


def cases():
    vault = int(os.environ["KSM_DEV_TOKEN"].rsplit(":", 4)[1])
    dead(socket.AF_INET6, "::1", vault)
    nowhere = dead(socket.AF_INET, "127.0.0.9")
    dead(socket.AF_INET6, "::1", nowhere)
    silent = socket.socket(type=socket.SOCK_DGRAM)
    silent.bind((NAME_SERVER, 53))
    KEPT.append(silent)
    expired = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    expired.load_cert_chain("server.pem")
    head = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n"
    refusal, dated = head + b"\r\n", head + f"Date: {formatdate(usegmt=True)}\r\n\r\n".encode()
    at = lambda port: {"KSM_HOSTNAME": f"localhost:{port}"}
    proxy = lambda where: {"HTTPS_PROXY": f"http://{where}", "NO_PROXY": ""}
    return {
        "one of several addresses is dead": {},
        "every address is dead": {"KSM_HOSTNAME": f"dead.test:{nowhere}"},
        "nobody listens": at(1),
        "the name server is silent": {"KSM_HOSTNAME": "any.test"},
        "it never speaks": at(port_of(listener())),
        "it speaks no TLS": at(answering(refusal)),
        "it hangs up": at(answering(b"")),
        "the proxy is dead": proxy(f"dead.test:{nowhere}"),
        "the name of the proxy is unknown": proxy("any.test:3128"),
        "the proxy refuses": proxy(f"localhost:{answering(refusal)}"),
        "the certificate ran out": at(answering(dated, expired)) | {"KSM_CA_FILE": "root.pem"},
        "the certificate ran out, and the time is not told": at(answering(refusal, expired)) | {"KSM_CA_FILE": "root.pem"},
    }


def main(ksm, seed):
    if "KSM_DEV_TOKEN" not in os.environ:
        start_loopback()
        os.execv(ksm, [ksm, "dev", "--seed", seed, "--", sys.executable, __file__, ksm, seed])
    check = [ksm, "profile", "check", "--json"]
    running = {
        case: subprocess.Popen(check, env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for case, variables in cases().items()
    }
    # None says so much that it waits for its turn.
    said = {case: run.communicate()[0] for case, run in running.items()}
    print(json.dumps({case: (run.returncode, said[case]) for case, run in running.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
