#!/usr/bin/env python3
"""Registers of children: loaded, loaded again, corrected, apart and then together."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation, Node, until  # noqa: E402

DEMO = SOURCE / "tests" / "demo"


def entries(node, space):
    return {s["space"]: s["entries"] for s in node.ayni("space", "list")}[space]


with Federation("midis", "loreto", "innova") as fed:
    midis, loreto, innova = (fed[n] for n in ("midis", "loreto", "innova"))
    fed.space("registers", "loreto", "innova", **{"class": "sensitive"})

    # The table of territories is steering's to load, and comes to all.
    table = midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")
    assert table["rejected"] == 0 and table["created"] == table["read"] > 50, table
    assert midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")["unchanged"] == table["read"]
    loreto.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv", code=3)
    midis.ayni("reference", "import", "who-lhfa", DEMO / "ubigeo_loreto.csv", code=2)
    assert [t["name"] for t in midis.ayni("reference", "list")] == ["ubigeo"]

    # What a dry run says comes true, and nothing was written by it.
    padron = ("import", DEMO / "padron_municipal.csv", "--space", "registers", "--map", "padron")
    loreto.stop()
    loreto.start(listen=False)
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
