#!/usr/bin/env python3
"""Founding, joining, spaces, rights and revocation with real daemons."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, Node, free_port, until  # noqa: E402

with Federation("midis", "loreto", "innova") as fed:
    midis, loreto, innova = (fed[n] for n in ("midis", "loreto", "innova"))

    # Everybody sees the same members; organisations were made of the cards' names.
    members = midis.ayni("member", "list")
    assert {m["name"]: m["role"] for m in members} == {"midis": "steering", "loreto": "partner", "innova": "partner"}
    assert all(m["org"] and m["state"] == "member" for m in members)
    until(lambda: loreto.ayni("member", "list") == innova.ayni("member", "list") == midis.ayni("member", "list"),
          30, "equal member lists")

    # A second home of the same kind, a second daemon in one home, a port in use: told, nothing lost.
    assert loreto.ayni("init", "--name", "again", code=3)["error"]["message"]
    assert "in use" in loreto.refused_start() and "está usando" in loreto.refused_start(lang="es")
    third = Node(fed.folder, "third")
    third.init()
    third.port = midis.port
    assert "another program listens there" in third.refused_start()
    assert "otro programa escucha allí" in third.refused_start(lang="es")
    assert "ayni init" in Node(fed.folder, "nowhere").refused_start()
    assert "--name NOMBRE" in Node(fed.folder, "nowhere").refused_start(lang="es")

    # What init refuses leaves no half-made home behind.
    fresh = Node(fed.folder, "fresh")
    fresh.init("--steering", "--federation", "", code=3)
    assert not (fresh.home / "node.key").exists()
    fresh.init("--steering", "--federation", "Otra")

    # A ticket of another federation, a cut ticket, a card that is none.
    other = Node(fed.folder, "other")
    other.init("--steering", "--federation", "Otra")
    other.start()
    ticket = other.ayni("ticket")["ticket"]
    assert "another federation" in loreto.ayni("join", ticket, code=3)["error"]["message"]
    fed.nodes["other"] = other
    new = Node(fed.folder, "new")
    new.init()
    new.start()
    fed.nodes["new"] = new
    new.ayni("join", ticket[:-8], code=3)
    midis.ayni("member", "add", "ayni-card-1:abcd", code=3)
    # Who isn't a member yet waits, and can't make spaces.
    assert new.ayni("join", midis.ayni("ticket")["ticket"])["state"] == "waiting"
    new.ayni("space", "create", "early", code=3)
    loreto.ayni("member", "add", new.ayni("card")["card"], code=3)

    # A space and rights in it.
    loreto.ayni("space", "create", "loreto/visits")
    loreto.ayni("space", "create", "loreto/visits", code=3)
    loreto.ayni("space", "grant", "loreto/visits", "innova", "reader")
    innova_role = lambda: {s["space"]: s["role"] for s in innova.ayni("space", "list")}.get("loreto/visits")  # noqa: E731
    until(lambda: innova_role() == "reader", 30, "the reader's right")
    innova.ayni("space", "grant", "loreto/visits", "innova", "writer", code=3)
    loreto.ayni("space", "ungrant", "loreto/visits", "innova")
    until(lambda: innova_role() == "none", 30, "the end of the right")
    loreto.ayni("space", "grant", "loreto/visits", "innova", "boss", code=2)
    loreto.ayni("space", "grant", "nowhere", "innova", "reader", code=1)

    # Revocation cuts at once, and for ever.
    midis.ayni("member", "revoke", "innova", "--reason", "laptop stolen")
    until(lambda: all(p["state"] != "connected" for p in innova.ayni("peer", "list")), 30, "the cut")
    states = {m["name"]: m["state"] for m in midis.ayni("member", "list")}
    assert states["innova"] == "revoked"
    midis.ayni("member", "add", innova.ayni("card")["card"], code=3)
    midis.ayni("member", "revoke", "midis", "--reason", "no", code=3)

    # Restarted daemons are members still, and find each other again.
    assert loreto.stop() == 0
    loreto.start()
    assert loreto.state() == "member"
    assert loreto.sync(60)["in_sync"]

    # Of the endpoints of a card that one serves that answers, wherever it stands.
    midis.stop()
    os.environ["AYNI_NET_ADVERTISE"] = f"tcp://127.0.0.1:{free_port()},tcp://127.0.0.1:{midis.port}"
    midis.start()
    del os.environ["AYNI_NET_ADVERTISE"]
    latest = Node(fed.folder, "latest")
    fed.nodes["latest"] = latest
    fed.add(latest)
    assert latest.sync(60)["in_sync"]
