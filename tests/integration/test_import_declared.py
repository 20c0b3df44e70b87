#!/usr/bin/env python3
"""What is declared of a file goes before what would be found in it: letters, cells, days and decimals that mean two things."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402

HEAD = ["dni", "surname_1", "given_names", "birth_date", "sex", "ubigeo", "state"]
MAP = """{"name": "m", "origin": "m", "dates": "DD/MM/YYYY", "records": [{"name": "child", "type": "child", "identifiers": {"dni": "dni"},
 "fields": {"surname_1": "surname_1", "given_names": "given_names", "birth_date": "birth_date",
 "sex": "sex", "ubigeo": "ubigeo", "state": "state"}}]}"""


def write(path, rows, delimiter=",", encoding="utf-8"):
    path.write_bytes("".join(delimiter.join(row) + "\n" for row in rows).encode(encoding))
    return path


with Federation("midis") as fed:
    node, path = fed["midis"], fed.folder / "children.csv"
    node.ayni("space", "create", "s", "--class", "sensitive")

    def load(*more, into="child", code=0, **arguments):
        types = [into] if into else []
        return node.ayni("import", *types, path, "--space", "s", "--rejects", fed.folder / "rejects.csv", *more, code=code, **arguments)

    def child(dni):
        return node.ayni("get", f"dni:{dni}")["fields"]

    # Latin-1 whose bytes are UTF-8 by luck: found to be another name, and right where it was said.
    lucky = [HEAD, ["99000001", "VelaÅŸ", "Ana", "2024-03-01", "f", "160101", "active"]]
    write(path, lucky, encoding="cp1252")
    assert load("--dry-run")["created"] == 1
    load("--encoding", "latin-1")
    assert child("99000001")["surname_1"] == "VelaÅŸ"
    write(path, [HEAD, ["99000002", "Muñoz", "Ana", "2024-03-01", "f", "160101", "active"]], encoding="latin-1")
    refused = node.run("import", "child", path, "--space", "s", "--encoding", "utf-8")
    assert refused.returncode == 3 and "line 2 is not UTF-8" in refused.stderr, refused
    load()
    assert child("99000002")["surname_1"] == "Muñoz"

    # The header holds the other character more often than the one that stands between cells.
    rows = [["_a,b,c,d,e,f,g,h,i", *HEAD, "address"],
            ["x", "99000003", "Vela", "Ana", "2024-03-01", "f", "160101", "active", "Jr. Lima 1, Iquitos"]]
    write(path, rows, ";")
    load(code=2)
    told = node.run("import", "child", path, "--space", "s", "--delimiter", ";")
    assert told.returncode == 0 and "between cells: ;" in told.stderr, told
    assert child("99000003")["address"] == "Jr. Lima 1, Iquitos"
    write(path, [HEAD, ["99000004", "Vela", "Ana", "2024-03-01", "f", "160101", "active"]], "\t")
    load("--delimiter", "tab")
    load("--delimiter", "a", code=2)
    load("--delimiter", ";;", code=2)
    load("--encoding", "utf-16", code=2)

    # 01/02/2024 is of February, unless it is said to be of January; a map's own form is left for this file alone.
    write(path, [HEAD, ["99000005", "Vela", "Ana", "01/02/2024", "f", "160101", "active"]])
    assert load()["dates"] == "DD/MM/YYYY"
    assert child("99000005")["birth_date"] == "2024-02-01"
    write(path, [HEAD, ["99000006", "Vela", "Ana", "01/02/2024", "f", "160101", "active"],
                 ["99000007", "Vela", "Eva", "31/01/2024", "f", "160101", "active"]])
    done = load("--dates", "MM/DD/YYYY")
    assert (done["created"], done["rejected"]) == (1, 1) and "dates" not in done, done
    assert child("99000006")["birth_date"] == "2024-01-02"
    (fed.folder / "map.json").write_text(MAP)
    write(path, [HEAD, ["99000008", "Vela", "Ana", "2024-03-01", "f", "160101", "active"]])
    load("--map", fed.folder / "map.json", into=None, code=3)
    load("--map", fed.folder / "map.json", "--dates", "YYYY-MM-DD", into=None)
    assert child("99000008")["birth_date"] == "2024-03-01"
    load("--dates", "DD.MM.YYYY", code=2)

    # A point that is declared to be no decimal mark is refused, and so is a comma.
    for mark, good, bad in ((",", "10,5", "10.5"), (".", "10.5", "10,5")):
        for value, code in ((good, 0), (bad, 3)):
            write(path, [["subject", "date", "hb"], ["dni:99000001", "2026-01-01", value]], ";")
            load("--decimals", mark, "--dry-run", into="hb_test", code=code)
    load("--decimals", "x", into="hb_test", code=2)
