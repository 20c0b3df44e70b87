#!/usr/bin/env python3
"""A value in another unit: refused in a sentence that names the unit and what to do, at the command and in a file; nothing is stored."""

import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402

CHILD = "00000000-0000-4000-8000-000000000001"
# What was typed, and what is said of it in both languages.
HB = {
    "110": ("110.0 g/dL is over the maximum 25.0 g/dL: was it measured in another unit?",
            "110.0 g/dL está por encima del máximo 25.0 g/dL: ¿se midió en otra unidad?"),
    "1.1": ("1.1 g/dL is under the minimum 2.0 g/dL: was it measured in another unit?",
            "1.1 g/dL está por debajo del mínimo 2.0 g/dL: ¿se midió en otra unidad?"),
    "11.0 g/dL": ("'11.0 g/dL' is not a number: give it in g/dL, without the unit",
                  "«11.0 g/dL» no es un número: indíquelo en g/dL, sin la unidad"),
    "11.02": ("'11.02' is too large, or has more decimals than 1: give it in g/dL",
              "«11.02» es demasiado grande, o tiene más de los decimales que admite (1): indíquelo en g/dL"),
}

with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("visits")

    for value, (english, spanish) in HB.items():
        test = ("put", "hb_test", "--space", "visits", f"subject={CHILD}", "date=2026-03-01", f"hb={value}")
        error = midis.ayni(*test, code=3)["error"]
        assert error["message"] == english and "hb" in error["hint"] and "ayni types hb_test" in error["hint"], error
        said = midis.run("--lang", "es", *test)
        assert said.returncode == 3 and spanish in said.stderr, said

    # Kilograms for grams: the field's own name says its unit, and so does what is said of it.
    error = midis.ayni("put", "growth", "--space", "visits", f"subject={CHILD}", "date=2026-03-01", "weight_g=12.5",
                       code=3)["error"]
    assert error["message"].endswith("give it in g") and "weight_g" in error["hint"], error
    error = midis.ayni("put", "growth", "--space", "visits", f"subject={CHILD}", "date=2026-03-01", "weight_kg=12.5",
                       code=2)["error"]
    assert "weight_kg" in error["message"] and "weight_g" in error["hint"], error

    # In a file the rows that are right go in, the others to the rejects, with the same words.
    table, rejects = fed.folder / "hb.csv", fed.folder / "rejects.csv"
    rows = [*HB, "11.0"]
    table.write_text("subject,date,hb,source,source_id\n"
                     + "".join(f"{CHILD},2026-03-01,{hb},other,h-{n}\n" for n, hb in enumerate(rows)))
    done = midis.ayni("import", "hb_test", table, "--space", "visits", "--rejects", rejects)
    assert (done["created"], done["rejected"]) == (1, len(HB)), done
    with open(rejects, encoding="utf-8", newline="") as file:
        said = [(row["column"], row["reason"]) for row in csv.DictReader(file)]
    assert len(said) == len(HB) and all(column == "hb" for column, _ in said), said
    assert [row["hb"] for row in midis.ayni("list", "hb_test")] == [11.0]
    assert midis.ayni("list", "growth") == []
