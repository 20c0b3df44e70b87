#!/usr/bin/env python3
"""What was erased isn't said to be scrubbed while a volume that waits may bring it; within the set time that one is let go of."""

import os
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
os.environ["AYNI_STORE_SCRUB_AFTER"] = "1h"
from apart import Apart, carry, export, inbox  # noqa: E402
from federation import files_with, until  # noqa: E402

SPACE = "visits"
FILES, ROWS = 5, 1000  # of so few rows that they go the way of what people enter
SEED = 11


def put(node, name, space):
    return node.ayni("put", "person", "--space", space, f"surname_1={name}", "given_names=Ana")["id"]


def write_rows(path, chance):
    with open(path, "w") as file:
        file.write("surname_1,given_names\n")
        for _ in range(ROWS):
            file.write(",".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=70)) for _ in range(2)) + "\n")


def state(node, record):
    own = node.ayni("status")["node"]
    return next(s["state"] for s in node.ayni("erase", "status", record) if s["node"] == own)


def holding(home, part):
    """The files that have these bytes anywhere."""
    return [path.name for path in files_with(home, part)]


with Apart("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    chance = random.Random(SEED)
    midis.ayni("space", "create", SPACE)
    midis.ayni("space", "grant", SPACE, "loreto", "writer")
    carry(midis, loreto)
    assert loreto.state() == "member"
    carry(loreto, midis)

    # The child is in the last volume, and what comes before it is lost on the way.
    rows = fed.folder / "rows.csv"
    for _ in range(FILES):
        write_rows(rows, chance)
        midis.ayni("import", "person", rows, "--space", SPACE)
    child = put(midis, "Zurdokan", SPACE)
    export(midis, loreto, fed.folder / "first.ayni", "--volume-size", "256K")
    *_, last = volumes = sorted(fed.folder.glob("first.ayni.*"))
    assert len(volumes) >= 3, volumes
    assert loreto.ayni("bundle", "import", last)["waiting"] > 0
    (kept,) = inbox(loreto)
    bytes_of = last.read_bytes()
    part = bytes_of[len(bytes_of) // 2:][:64]
    assert holding(loreto.home, part) == [kept]

    # The order comes with the first volume of the next bundle.
    midis.ayni("erase", child, "--reason", "the mother asked for it")
    export(midis, loreto, fed.folder / "second.ayni", "--volume-size", "256K")
    loreto.ayni("bundle", "import", sorted(fed.folder.glob("second.ayni.*"))[0])
    until(lambda: state(loreto, child) == "dropped", 60, "word that it is dropped")
    assert kept in inbox(loreto), "the volume waits on"

    # Compaction says scrubbed of what no volume may bring, and of that alone.
    loreto.ayni("space", "create", "own")
    other = put(loreto, "Mamanibis", "own")
    loreto.ayni("erase", other, "--reason", "a mistake")
    until(lambda: state(loreto, other) == "dropped", 60, "the other one to be dropped")
    loreto.ayni("compact")
    until(lambda: state(loreto, other) == "scrubbed", 60, "the other one to be scrubbed")
    assert state(loreto, child) == "dropped" and holding(loreto.home, part) == [kept]

    # When its time has come the volume is let go of, and the next bundle brings what else was in it.
    assert loreto.stop() == 0
    os.environ["AYNI_STORE_SCRUB_AFTER"] = "1s"
    loreto.start(listen=False)
    until(lambda: state(loreto, child) == "scrubbed", 60, "word that it is scrubbed")
    assert holding(loreto.home, part) == [] and kept not in inbox(loreto)
    assert "bundle_given_up" in loreto.log(400)
    carry(loreto, midis)
    carry(midis, loreto)
    assert inbox(loreto) == []
    names = [sorted(row["_id"] for row in node.ayni("list", "person", "--space", SPACE)) for node in (midis, loreto)]
    assert names[0] == names[1] and len(names[0]) == FILES * ROWS, (len(names[0]), len(names[1]))
    assert loreto.run("get", child).returncode == 1
