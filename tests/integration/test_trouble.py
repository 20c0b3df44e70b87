#!/usr/bin/env python3
"""Nodes that stall, die, move, dial each other at once, and lose their rights."""

import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, free_port, until  # noqa: E402

ROWS = 600


def put(node, count=1):
    for _ in range(count):
        node.ayni("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")


def import_rows(node, folder, count, first):
    """Many rows at once, of people whose numbers begin at `first`."""
    path = folder / f"{node.name}-{first}.csv"
    rows = "".join(f"{first + i},Vela,Ana\n" for i in range(count))
    path.write_text("dni,surname_1,given_names\n" + rows)
    node.ayni("import", "person", path, "--space", "visits")


def people(node):
    return sorted(row["_id"] for row in node.ayni("list", "person"))


def converge(nodes, count, seconds=120):
    """All hold the same, and as many."""
    until(lambda: all(len(people(n)) == count for n in nodes), seconds, f"{count} people at all nodes")
    assert all(people(n) == people(nodes[0]) for n in nodes)


def links(a, b):
    """The connections of two nodes as the one that listens has them: established, between their two processes."""
    return [p["state"] for p in a.ayni("peer", "list") if p["name"] == b.name]


def wait_for_role(node, role):
    until(lambda: {s["space"]: s["role"] for s in node.ayni("space", "list")}.get("visits") == role, 60,
          f"{role} at {node.name}")


with Federation("midis", "loreto", "ucayali", "apurimac") as fed:
    midis, loreto, ucayali, apurimac = (fed[n] for n in ("midis", "loreto", "ucayali", "apurimac"))
    everybody = list(fed.nodes.values())
    fed.space("visits", "loreto", "ucayali", "apurimac")
    count = 0

    # A peer that has stopped reading doesn't stop the others.
    apurimac.process.send_signal(signal.SIGSTOP)
    import_rows(loreto, fed.folder, ROWS, 40000000)
    count += ROWS
    converge([midis, loreto, ucayali], count)
    apurimac.process.send_signal(signal.SIGCONT)
    converge(everybody, count)

    # Killed in the middle of a sync, each in turn, while others write: all of it is there in the end.
    for round_, victim in enumerate((ucayali, midis, apurimac)):
        writer = loreto
        import_rows(writer, fed.folder, ROWS, 41000000 + round_ * 1000)
        count += ROWS
        victim.kill()
        put(writer)
        count += 1
        victim.start()
        converge(everybody, count)
    assert all(n.ayni("verify")["ok"] for n in everybody)

    # Two nodes that are told to dial each other end with one connection, and stay so.
    for a, b in ((loreto, ucayali), (ucayali, loreto)):
        a.ayni("peer", "add", f"tcp://127.0.0.1:{b.port}", b.name)
    until(lambda: links(loreto, ucayali) == links(ucayali, loreto) == ["connected"], 60, "one connection")
    put(loreto)
    count += 1
    converge(everybody, count)
    assert links(loreto, ucayali) == links(ucayali, loreto) == ["connected"]

    # A node that listens elsewhere says so in the registry, and the others follow it there.
    assert ucayali.stop() == 0
    ucayali.port = free_port()
    ucayali.start()
    put(ucayali)
    count += 1
    converge(everybody, count)
    assert midis.stop() == 0
    midis.port = free_port()
    midis.start()  # it dials the others, who learn from its card where it is now
    put(midis)
    count += 1
    converge(everybody, count)
    assert loreto.stop() == 0 and ucayali.stop() == 0
    loreto.start()
    ucayali.start()
    put(ucayali)
    count += 1
    converge(everybody, count)

    # The end of a right: its cut is given without anybody's doing, and all readers agree what counts.
    midis.ayni("space", "ungrant", "visits", "apurimac")
    wait_for_role(apurimac, "none")
    put(loreto)
    count += 1
    readers = [midis, loreto, ucayali]
    converge(readers, count)
    fed.agree(*readers)
    answers = [n.ayni("list", "person") for n in readers]
    assert answers[0] == answers[1] == answers[2]
    problems = [sorted((p["id"], p["reason"]) for p in n.ayni("problems")) for n in readers]
    assert problems[0] == problems[1] == problems[2], problems
