#!/usr/bin/env python3
"""`ayni export` as spreadsheets read it: XLSX with values of their types, CSV whose cells are no formulas."""

import pathlib
import re
import sys
import zipfile
from xml.etree import ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402

NAMES = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def rows(path):
    """Cells by their heading: text, a number, a truth; a day as the number that Excel has for it, with its style."""
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not sheet.findall(".//s:f", NAMES), "a formula"
    found = []
    for row in sheet.findall(".//s:row", NAMES):
        cells = {}
        for cell in row.findall("s:c", NAMES):
            column = re.match("[A-Z]+", cell.get("r")).group()
            if cell.get("t") == "inlineStr":
                cells[column] = "".join(cell.find("s:is", NAMES).itertext())
            elif cell.get("t") == "b":
                cells[column] = cell.find("s:v", NAMES).text == "1"
            else:
                number = float(cell.find("s:v", NAMES).text)
                cells[column] = ("day", number) if cell.get("s") else number
        found.append(cells)
    headings = found[0]
    return [{headings[column]: value for column, value in cells.items()} for cells in found[1:]]


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("s", **{"class": "sensitive"})
    child = midis.ayni("put", "child", "--space", "s", "dni=99000001", "surname_1=Ñahui", "given_names=Ana", "birth_date=2024-03-01", "sex=f",
                       "ubigeo=160101", "state=active", "address==1+1, \"San José\"")["id"]
    midis.ayni("put", "hb_test", "--space", "s", f"subject={child}", "date=2026-01-01", "hb=10.5", "note=@sum")
    midis.ayni("put", "growth", "--space", "s", f"subject={child}", "date=2026-01-01", "weight_g=9350", "oedema=false")
    path = fed.folder / "out.xlsx"

    def export(kind, *more, code=0):
        run = midis.run("export", kind, *more)
        assert run.returncode == code, run
        return run

    path.write_text("what was there")
    run = export("child", "--format", "xlsx", path)
    assert run.stdout.split() == ["rows", "1"] and run.stderr == "", run
    assert path.stat().st_mode & 0o077 == 0 or path.read_bytes()[:2] == b"PK", path.stat()
    (row,) = rows(path)
    assert (row["surname_1"], row["address"], row["ubigeo"], row["_id"]) == ("Ñahui", '=1+1, "San José"', "160101", child), row
    assert row["birth_date"] == ("day", 45352.0), row  # 2024-03-01
    path.unlink()
    export("hb_test", path, "--format", "xlsx", "--where", "hb > 10")
    (row,) = rows(path)
    assert row["hb"] == 10.5 and row["note"] == "@sum", row
    assert path.stat().st_mode & 0o077 == 0, path.stat()  # children are in it
    export("growth", "--format", "xlsx", path)
    (row,) = rows(path)
    assert row["weight_g"] == 9350 and row["oedema"] is False, row
    export("growth", "--format", "xlsx", path, "--where", "weight_g > 10000")
    assert rows(path) == []

    # What can't be is said, and leaves no file that isn't whole.
    path.unlink()
    assert "FILE" in export("child", "--format", "xlsx", code=2).stderr
    export("child", "--format", "xlsx", "--excel", path, code=2)
    export("child", path, code=2)
    export("chidl", "--format", "xlsx", path, code=2)
    assert not path.exists()
    assert "can't be written" in export("child", "--format", "xlsx", fed.folder / "nowhere" / "out.xlsx", code=2).stderr

    # CSV that is safe to open in Excel comes back as it was.
    out = fed.folder / "children.csv"
    out.write_text(export("child", "--excel").stdout, encoding="utf-8")
    assert "'=1+1" in out.read_text(encoding="utf-8")
    assert midis.ayni("import", "child", out, "--space", "s")["unchanged"] == 1
    assert midis.ayni("get", child)["fields"]["address"] == '=1+1, "San José"'
