#!/usr/bin/env python3
"""`aynid --http`: /health says how the node is, and nothing else is served; `ayni doctor` says the same, and what to do."""

import errno
import http.client
import json
import os
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
os.environ["AYNI_STORE_SCRUB_AFTER"] = "1s"
from disk import Disk  # noqa: E402
from federation import Federation, Node, free_port, until  # noqa: E402

PERSON = ("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")
CHECKS = {"disk", "federation", "hearing", "data", "erasure", "peers", "sync"}
PORT = free_port()


def ask(method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def health():
    """The HTTP status and the word; whatever is said of the checks agrees with them."""
    status, text, headers = ask("GET", "/health")
    said = json.loads(text)
    assert headers["Content-Type"] == "application/json" and headers["Cache-Control"] == "no-store", headers
    assert set(said) == {"status", "checks"} and set(said["checks"]) == CHECKS, said
    wrong = [word for word in said["checks"].values() if word != "ok"]
    assert said["status"] in (wrong or ["ok"]), said
    return status, said["status"]


def doctor(node, code, *more):
    said = node.ayni("doctor", *more, code=code)
    assert {finding["check"] for finding in said} == CHECKS | {"clock", "keys", "ports", "version", "catalogue"}, said
    assert all(finding["message"] and finding["hint"] if not finding["ok"] else finding["hint"] == "" for finding in said), said
    return {finding["check"]: finding for finding in said if not finding["ok"]}


def raw(data):
    """The first line of what is answered to these bytes."""
    with socket.create_connection(("127.0.0.1", PORT), timeout=20) as connection:
        connection.sendall(data)
        return connection.makefile("rb").readline().decode()


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")

    # An operator's advice: the root key lies where it was made.
    until(lambda: set(doctor(midis, 1)) == {"keys"}, 30, "a node that is well but for the root key")
    assert "root.key" in doctor(midis, 1)["keys"]["hint"]
    said = midis.run("--lang", "es", "doctor")
    assert said.returncode == 1 and "caja fuerte" in said.stdout, said
    (midis.home / "root.key").rename(fed.folder / "root.key")
    until(lambda: midis.run("doctor").returncode == 0, 30, "a node that is well")

    # With a disk that is well, and peers: all is.
    disk = Disk(fed.folder / "disk", midis.home)
    midis.stop()
    midis.start("--http", f"127.0.0.1:{PORT}", disk=disk)
    until(lambda: health() == (200, "ok"), 60, "health")

    # GET and HEAD alone, of what there is, without data.
    status, text, headers = ask("HEAD", "/health")
    assert (status, text) == (200, "") and int(headers["Content-Length"]) > 0
    assert ask("GET", "/health?full=1")[0] == 200
    for path in ("/", "/api/", "/health/", "/../node.key", "/health%00", "/" + "x" * 8000):
        assert ask("GET", path)[0] == 404, path
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        status, _, headers = ask(method, "/health", body=b"x" if method in ("POST", "PUT") else None)
        assert status == 405 and headers["Allow"] == "GET, HEAD", (method, status)
    assert ask("GET", "/health", body=b"data")[0] == 400
    assert " 400 " in raw(b"GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n")
    for garbage in (b"\0" * 4000, os.urandom(4000), b"GET " + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET /health HTTP/9.9\r\n\r\n"):
        try:
            assert " 200 " not in raw(garbage)
        except ConnectionError:
            pass
    # Crowds that say nothing keep nobody else out for long.
    crowd = [socket.create_connection(("127.0.0.1", PORT), timeout=20) for _ in range(100)]
    assert midis.state() == "member"
    for one in crowd:
        one.close()
    until(lambda: health()[0] == 200, 60, "an answer after the crowd")

    # A port in use, and an address that is none of this machine's: told in both languages, and nothing starts.
    for address, english, spanish in ((f"127.0.0.1:{PORT}", "another program listens there", "otro programa escucha allí"),
                                      ("192.0.2.1:80", "--http", "--http")):
        third = Node(fed.folder, "third")
        if not third.home.exists():
            third.init()
        os.environ["AYNI_HTTP_LISTEN"] = address
        assert english in third.refused_start() and spanish in third.refused_start(lang="es")
        del os.environ["AYNI_HTTP_LISTEN"]

    # A full disk, a disk that fails: the node is sick, says so, and recovers by itself.
    disk.fill()
    midis.ayni(*PERSON, code=5)
    assert health() == (503, "full")
    trouble = doctor(midis, 1)
    assert "disk" in trouble and "room" in trouble["disk"]["hint"], trouble
    assert "el disco está lleno" in midis.run("--lang", "es", "doctor").stdout
    disk.heal()
    until(lambda: midis.run(*PERSON).returncode == 0, 30, "a write after there was room")
    until(lambda: health() == (200, "ok"), 30, "health after there was room")
    disk.fail("sync", errno.EIO)
    midis.ayni(*PERSON, code=5)
    assert health() == (503, "failing") and "disk" in doctor(midis, 1)
    disk.heal()
    until(lambda: midis.run(*PERSON).returncode == 0, 30, "a write after the disk was healed")
    until(lambda: health() == (200, "ok"), 30, "health after the disk was healed")

    # What was erased waits for room to be written out of the files: how much is said, and it goes on by itself.
    child = midis.ayni(*PERSON)["id"]
    disk.leave(1024)
    midis.ayni("erase", child, "--reason", "asked for")
    until(lambda: health() == (200, "no_room_to_scrub"), 30, "word that there is no room to scrub")
    store = midis.ayni("status")["store"]
    assert store["state"] == "ok" and store["scrub_needed"] > store["free"] == 1024 * 1024, store
    assert "MB are needed" in doctor(midis, 1)["erasure"]["message"]
    assert "se necesitan" in midis.run("--lang", "es", "doctor").stdout
    midis.ayni(*PERSON)
    disk.heal()
    until(lambda: health() == (200, "ok") and midis.ayni("status")["store"]["scrub_needed"] == 0, 60, "room to scrub")
    own = midis.ayni("status")["node"]
    assert {s["state"] for s in midis.ayni("erase", "status", child) if s["node"] == own} == {"scrubbed"}

    # Alone it works on, and somebody may want to know.
    loreto.stop()
    until(lambda: health() == (200, "no_peer"), 60, "no peer")
    assert "peers" in doctor(midis, 1)
    loreto.start()
    until(lambda: health() == (200, "ok"), 60, "the peer again")

    # A new node is in no federation, then waits to be added; who was revoked is told so.
    third.start()
    assert "federation" in doctor(third, 1) and "ayni join" in doctor(third, 1)["federation"]["hint"]
    third.ayni("join", midis.ayni("ticket")["ticket"])
    assert "ayni card" in doctor(third, 1)["federation"]["hint"]
    third.stop()
    # Nobody asked for it: nothing is served.
    midis.stop()
    midis.start()
    try:
        ask("GET", "/health")
        raise AssertionError("it is served, and nobody asked for it")
    except ConnectionRefusedError:
        pass
