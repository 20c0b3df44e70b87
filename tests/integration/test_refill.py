#!/usr/bin/env python3
"""What was dropped for an order that turns out not to count is asked for again, of whoever still has it."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

SPACE = "visits"
NAMES = ("Ana", "Rosa", "Luz")


def shown(node):
    return sorted(row["given_names"] for row in node.ayni("list", "person"))


def entries(node):
    return next(s["entries"] for s in node.ayni("status")["spaces"] if s["space"] == SPACE)


with Federation("midis", "loreto", "innova") as fed:
    midis, loreto, innova = fed["midis"], fed["loreto"], fed["innova"]
    fed.space(SPACE, "midis", "innova", owner=loreto)
    records = [innova.ayni("put", "person", "--space", SPACE, "surname_1=Vela", f"given_names={name}")["id"] for name in NAMES]
    for node in (midis, loreto):
        until(lambda n=node: shown(n) == sorted(NAMES), 60, f"what innova wrote at {node.name}")

    # An erasure of which the owner hears nothing.
    loreto.stop()
    for record in records[:2]:
        innova.ayni("erase", record, "--only", "--space", SPACE, "--reason", "no consent")
    until(lambda: shown(midis) == ["Luz"], 60, "the erasure at midis")
    assert shown(innova) == ["Luz"]
    innova.stop()
    midis.stop()

    # The owner ends that right, up to what is held there: neither erasure counts any more.
    loreto.start()
    before = entries(loreto)
    loreto.ayni("space", "ungrant", SPACE, "innova")
    until(lambda: entries(loreto) > before, 60, "the cut")
    assert shown(loreto) == sorted(NAMES)

    # Where the payloads were dropped they come again.
    midis.start()
    until(lambda: shown(midis) == sorted(NAMES), 90, "what had been dropped")
    assert midis.ayni("verify", "--full")["ok"]
    until(lambda: midis.sync() is not None and midis.ayni("sync", "--wait")["in_sync"], 60, "in sync")
    before = [midis.ayni("list", "person"), midis.ayni("problems"), [midis.ayni("log", record) for record in records]]
    midis.ayni("rebuild")
    assert before == [midis.ayni("list", "person"), midis.ayni("problems"), [midis.ayni("log", record) for record in records]]

    # Also after a restart nothing is asked for any more, and nothing goes again.
    assert midis.stop() == 0
    midis.start()
    assert shown(midis) == sorted(NAMES)
