#!/usr/bin/env python3
"""Nodes that never connect hold the same in the end: bundles to and fro, in any order, twice, lost, changed, cut off."""

import errno
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from apart import Apart, carry, export, flipped, heads, inbox, leave, refused  # noqa: E402
from disk import Disk  # noqa: E402
from federation import Failed, Federation, until  # noqa: E402

SPACE = "visits"
ROWS = 6000
SEED = 7


def put(node, name, space=SPACE):
    return node.ayni("put", "person", "--space", space, "surname_1=Vela", f"given_names={name}")["id"]


def names(node):
    return sorted(row["given_names"] for row in node.ayni("list", "person") if row["surname_1"] == "Vela")


def write_rows(path):
    """What can't be packed to less than some volumes."""
    chance = random.Random(SEED)
    with open(path, "w") as file:
        file.write("surname_1,given_names\n")
        for _ in range(ROWS):
            file.write(",".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=70)) for _ in range(2)) + "\n")


def rest(*nodes):
    """Their heads, once they have ended."""
    for node in nodes:
        assert node.stop() == 0
    return [heads(node) for node in nodes]


def wake(*nodes):
    for node in nodes:
        node.start(listen=False)


def import_through(node, file, disk, calls):
    """Whether the daemon died, at that write or sync of an import; it runs again."""
    disk.kill_after(calls)
    try:
        node.ayni("bundle", "import", file)
    except Failed as failed:
        assert failed.code in (4, 5), failed
    disk.kill_after(0)
    if node.run("status").returncode == 0:
        return False
    until(lambda: node.process.poll() is not None, 30, "its end")
    node.process = None
    node.start(listen=False, disk=disk)
    return True


with Apart("midis", "loreto", "ucayali") as fed:
    midis, loreto, ucayali = fed["midis"], fed["loreto"], fed["ucayali"]
    folder = fed.folder
    midis.ayni("space", "create", SPACE)
    for name in ("loreto", "ucayali"):
        midis.ayni("space", "grant", SPACE, name, "writer")

    # A first bundle makes a member of who has nothing but a ticket.
    first = folder / "first.ayni"
    made = export(midis, loreto, first)
    assert loreto.state() == "waiting"
    taken = loreto.ayni("bundle", "import", first)
    assert taken["stored"] == made["entries"] and taken["waiting"] == 0, (made, taken)
    assert loreto.state() == "member"
    again = loreto.ayni("bundle", "import", first)
    assert again["stored"] == 0 and again["held"] == made["entries"], again

    # To and fro: each brings what is new, and says what need not come back.
    put(loreto, "Ana")
    loreto.ayni("space", "create", "own")
    loreto.ayni("space", "grant", "own", "midis", "reader")
    put(loreto, "Eva", "own")
    carry(loreto, midis)
    assert names(midis) == ["Ana", "Eva"], names(midis)
    put(midis, "Bea")
    back = carry(midis, loreto)
    assert back["stored"] < 10, back
    assert names(loreto) == ["Ana", "Bea", "Eva"]
    carry(loreto, midis)
    quiet = folder / "quiet.ayni"
    assert export(midis, loreto, quiet)["entries"] == 0
    assert export(midis, loreto, quiet, "--full")["entries"] > made["entries"]

    # One that is lost is made up for by the next; an older one after a newer one brings nothing.
    put(midis, "Cleo")
    older = folder / "older.ayni"
    export(midis, loreto, older)
    put(midis, "Dina")
    assert carry(midis, loreto)["stored"] == 2
    assert loreto.ayni("bundle", "import", older)["stored"] == 0

    # What a kill left in the home is taken by the next start; what isn't whole there is thrown away.
    put(midis, "Fay")
    export(midis, loreto, older)
    shown = loreto.ayni("bundle", "show", older)
    assert loreto.stop() == 0
    leave(loreto, older, shown)
    leave(loreto, flipped(older, 300), {**shown, "volume": 2})
    (loreto.home / "bundles" / "partial").write_bytes(b"half of one")
    loreto.start(listen=False)
    until(lambda: "Fay" in names(loreto) and inbox(loreto) == [], 60, "Fay at loreto")

    # For somebody else, of another federation, of nobody, changed on the way, cut off: nothing is stored.
    heads_before = export(loreto, midis, quiet)["bundle"] and loreto.ayni("status")["spaces"]
    put(midis, "Eli")
    bad = folder / "bad.ayni"
    export(midis, ucayali, bad)
    assert "ucayali" in refused(loreto, "bundle", "import", bad, code=3)["hint"]
    export(midis, loreto, bad)
    size = bad.stat().st_size
    for at in (20, 100, 400, size // 2, size - 100, size - 1):
        assert refused(loreto, "bundle", "import", flipped(bad, at), code=1)["code"] == "damaged", at
    cut = folder / "cut.ayni"
    for length in (10, 300, size // 2, size - 1):
        cut.write_bytes(bad.read_bytes()[:length])
        refused(loreto, "bundle", "import", cut, code=1)
    cut.write_bytes(b"no bundle at all, but long enough to be looked at")
    refused(loreto, "bundle", "import", cut, code=3)
    assert loreto.ayni("status")["spaces"] == heads_before and inbox(loreto) == []
    assert loreto.ayni("bundle", "import", bad)["stored"] == 1

    # Many entries in volumes, which come in any order, one of them twice, to who knows nobody yet.
    rows = folder / "rows.csv"
    write_rows(rows)
    midis.ayni("import", "person", rows, "--space", SPACE)
    parts = folder / "parts.ayni"
    made = export(midis, ucayali, parts, "--volume-size", "256K")
    volumes = sorted(folder.glob("parts.ayni.*"))
    assert len(volumes) == made["volumes"] >= 3, made
    stored = 0
    for number, volume in enumerate(reversed(volumes)):
        taken = ucayali.ayni("bundle", "import", volume)
        stored += taken["stored"]
        if number + 1 < len(volumes):
            assert taken["stored"] == 0 and taken["waiting"] > 0 and taken["warnings"], taken
            assert len(inbox(ucayali)) == number + 1
            ucayali.ayni("bundle", "import", volume)
    assert stored == made["entries"] and taken["waiting"] == 0 and inbox(ucayali) == [], (stored, made, taken)
    assert ucayali.state() == "member" and names(ucayali) == ["Ana", "Bea", "Cleo", "Dina", "Eli", "Fay"]
    assert ucayali.ayni("bundle", "import", parts)["stored"] == 0

    # A daemon that is killed in the middle of an import goes on with the rest.
    carry(loreto, midis)
    export(midis, loreto, parts, "--volume-size", "256K")
    assert loreto.stop() == 0
    disk = Disk(folder / "disk", loreto.home)
    loreto.start(listen=False, disk=disk)
    deaths = sum(import_through(loreto, parts, disk, calls) for calls in (3, 9, 20, 40, 80))
    assert deaths >= 3, deaths
    # Without room nothing is lost either.
    disk.fill()
    refused(loreto, "bundle", "import", parts, code=5)
    disk.heal()
    until(lambda: loreto.ayni("status")["store"]["state"] == "ok", 30, "room")
    loreto.ayni("bundle", "import", parts)
    assert inbox(loreto) == []
    assert len(loreto.ayni("list", "person")) == len(midis.ayni("list", "person"))

    # All three hold the same of what all may have, to the last hash.
    carry(ucayali, midis)
    carry(loreto, midis)
    for node in (loreto, ucayali):
        carry(midis, node)
        carry(node, midis)
        carry(midis, node)
    for node in (midis, loreto, ucayali):
        assert node.ayni("verify", "--full")["ok"]
    held = rest(midis, loreto, ucayali)
    assert held[0] == held[1], "midis and loreto hold the same"
    assert held[2].items() <= held[0].items() and len(held[2]) > 3, "ucayali holds what it may"
    wake(midis, loreto, ucayali)

    # Who is revoked gets no bundle, and none of its is taken.
    export(ucayali, midis, quiet)
    midis.ayni("member", "revoke", "ucayali", "--reason", "a test")
    refused(midis, "bundle", "import", quiet, code=3)
    refused(midis, "bundle", "export", "--for", "ucayali", quiet, code=3)

    with Federation("another", name="Another") as other:
        stranger = other["another"]
        loreto_there = other.folder / "stranger.ayni"
        stranger.ayni("member", "add", loreto.ayni("card")["card"])
        export(stranger, loreto, loreto_there)
        assert "federation" in refused(loreto, "bundle", "import", loreto_there, code=3)["message"]

# Who was in sync over a connection is brought only what came since; what it said itself is another matter.
with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space(SPACE, "loreto")
    put(loreto, "Ana")
    until(lambda: names(midis) == ["Ana"], 60, "Ana at midis")
    midis.sync()
    file = fed.folder / "since.ayni"
    until(lambda: export(midis, loreto, file)["entries"] == 0, 60, "nothing to bring")
    everything = export(midis, loreto, file, "--full")["entries"]
    assert export(midis, loreto, file, "--since-ack")["entries"] >= everything > 0
    refused(midis, "bundle", "export", "--for", "loreto", "--full", "--since-ack", file, code=2)
    loreto.stop()
    put(midis, "Bea")
    midis.stop()
    midis.start(listen=False)
    made = export(midis, loreto, file)
    assert {one["space"]: one["entries"] for one in made["spaces"]}[SPACE] == 1 and made["entries"] < 5, made
    loreto.start(listen=False)
    assert loreto.ayni("bundle", "import", file)["stored"] == made["entries"] and names(loreto) == ["Ana", "Bea"]
    until(lambda: carry(loreto, midis) and carry(midis, loreto)["stored"] == 0, 30, "nothing to bring")
    carry(loreto, midis)
    assert export(midis, loreto, file)["entries"] == export(midis, loreto, file, "--since-ack")["entries"] == 0
