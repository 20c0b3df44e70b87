#!/usr/bin/env python3
"""Registers of children: loaded, loaded again, corrected, apart and then together."""

import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation  # noqa: E402

DEMO = SOURCE / "tests" / "demo"


def entries(node, space):
    return {s["space"]: s["entries"] for s in node.ayni("space", "list")}[space]


def rows(name, delimiter):
    with open(DEMO / name, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


both = {row["dni"] for row in rows("padron_ong.csv", ";")}

with Federation("midis", "loreto", "innova") as fed:
    midis, loreto, innova = (fed[n] for n in ("midis", "loreto", "innova"))
    fed.space("registers", "loreto", "innova", **{"class": "sensitive"})

    # The table of territories is steering's to load, and comes to all.
    table = midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")
    assert table["rejected"] == 0 and table["created"] == table["read"] > 50, table
    assert midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")["unchanged"] == table["read"]
    loreto.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv", code=3)
    midis.ayni("reference", "import", "who-lhfa", DEMO / "ubigeo_loreto.csv", code=3)
    assert [t["name"] for t in midis.ayni("reference", "list")] == ["ubigeo"]

    # One node alone: what a dry run says comes true, and nothing was written by it.
    midis.stop()
    innova.stop()
    padron = ("import", DEMO / "padron_municipal.csv", "--space", "registers", "--map", "padron")
    before = entries(loreto, "registers")
    told = loreto.ayni(*padron, "--dry-run")
    assert entries(loreto, "registers") == before
    done = loreto.ayni(*padron)
    assert told == done, (told, done)
    assert (done["read"], done["created"], done["rejected"], done["conflicts"]) == (240, 240, 0, 0), done

    # The same file again changes nothing.
    before = entries(loreto, "registers")
    again = loreto.ayni(*padron)
    assert (again["unchanged"], again["created"], again["updated"]) == (240, 0, 0), again
    assert entries(loreto, "registers") == before

    # What a steward corrected stays corrected, and the file has nothing new to say.
    child = "dni:" + next(row["dni"] for row in rows("padron_municipal.csv", ",") if row["dni"] not in both)
    loreto.ayni("set", child, "given_names=Yessenia", "--reason", "DNI seen")
    assert loreto.ayni(*padron)["unchanged"] == 240
    assert loreto.ayni("get", child)["fields"]["given_names"] == "Yessenia"
    assert loreto.ayni("conflicts") == []

    # The other register on another node, and then together: exactly what differs is contested.
    loreto.stop()
    innova.start()
    ong = ("import", DEMO / "padron_ong.csv", "--space", "registers", "--map", "padron-ngo")
    done = innova.ayni(*ong)
    assert (done["read"], done["created"], done["rejected"], done["conflicts"]) == (90, 90, 0, 0), done
    for node in (midis, loreto):
        node.start()
    fed.agree()
    open_ones = loreto.ayni("conflicts")
    assert open_ones == innova.ayni("conflicts") == midis.ayni("conflicts")
    assert len(open_ones) == 10 and all(c["type"] == "child" and len(c["fields"]) == 1 for c in open_ones), open_ones
    assert len(loreto.ayni("list", "child")) == 240 + 90 - 40
    before = entries(loreto, "registers")
    assert loreto.ayni(*padron)["unchanged"] == 240 and innova.ayni(*ong)["unchanged"] == 90
    assert entries(loreto, "registers") == before
