#!/usr/bin/env python3
"""Reference tables: loaded by steering, held by all, and what growth is by them. The standards of the WHO are compared with
the scores that its own sample has, where both lie beside the project; a small made-up one is always there."""

import csv
import datetime
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation  # noqa: E402

REFERENCE = pathlib.Path(os.environ.get("AYNI_SHARED", SOURCE.parent / "shared")) / "reference"
GIVEN = {"ubigeo": "ubigeo", "schedule-rules": "schedule_rules", "his-codes": "his_codes", "products": "ppor_dit_products",
         "indicators": "fed_indicators_2025_2026", "who-lhfa": "who_lhfa_day", "who-wfa": "who_wfa_day",
         "who-bmifa": "who_bmifa_day", "who-hcfa": "who_hcfa_day", "who-acfa": "who_acfa_day", "who-wfl": "who_wfl_cm",
         "who-wfh": "who_wfh_cm"}
SCORES = ("haz", "waz", "whz", "baz", "hcz", "acz")
DAY = datetime.date(2026, 3, 1)


def standard(median, days=1827):
    """A made-up length for age: the same median at each day."""
    return "\n".join(["sex,age_days,l,m,s"] + [f"{sex},{day},1,{median},0.05" for sex in (1, 2) for day in range(days)]) + "\n"


def thousandths(text):
    return str(round(float(text) * 1000)) if text else ""


def write_sample(folder):
    """The children and measures of WHO's sample as files of our own; and the rows."""
    with open(REFERENCE / "who_test_children.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    children, measures = folder / "children.csv", folder / "measures.csv"
    with open(children, "w", encoding="utf-8") as file:
        print("dni,surname_1,given_names,birth_date,sex,ubigeo,state", file=file)
        for row in rows:
            born = DAY - datetime.timedelta(days=int(row["age_days"]))
            print(f"{99100000 + int(row['id'])},Prueba,Uno,{born},{'fm'[row['sex'] == '1']},160101,active", file=file)
    with open(measures, "w", encoding="utf-8") as file:
        print("subject,date,weight_g,length_mm,position,oedema,head_mm,arm_mm,source,source_id", file=file)
        for row in rows:
            size = {name: str(round(float(row[name]) * 10)) if row[name] else "" for name in
                    ("lenhei_cm", "head_cm", "muac_cm")}
            position = {"l": "lying", "h": "standing", "": ""}[row["measure"]]
            print(f"dni:{99100000 + int(row['id'])},{DAY},{thousandths(row['weight_kg'])},{size['lenhei_cm']},{position},"
                  f"{'true' if row['oedema'] == 'y' else 'false'},{size['head_cm']},{size['muac_cm']},other,{row['id']}",
                  file=file)
    return rows, children, measures


with Federation("midis", "ngo") as fed:
    midis, ngo = fed["midis"], fed["ngo"]
    fed.space("s", "ngo")
    folder = fed.folder

    # A standard of one's own: refused as it should be, stored once, an edition beside another.
    (folder / "first.csv").write_text(standard(80))
    (folder / "second.csv").write_text(standard(100))
    for text in ("a,b\n1,2\n", standard(80).replace("\n1,7,", "\n1,8,"), "sex,age_days,l,m,s\n1,0,1,80,x\n"):
        (folder / "wrong.csv").write_text(text)
        midis.ayni("reference", "import", "who-lhfa", folder / "wrong.csv", code=3)
    midis.ayni("reference", "import", "who-lhfb", folder / "first.csv", code=2)
    ngo.ayni("reference", "import", "who-lhfa", folder / "first.csv", code=3)
    midis.ayni("reference", "import", "ubigeo", SOURCE / "tests/demo/ubigeo_loreto.csv", "--edition", "1", code=2)
    midis.ayni("reference", "import", "who-lhfa", folder / "first.csv", "--edition", "x" * 21, code=3)
    assert midis.ayni("reference", "list") == []
    child = midis.ayni("put", "child", "--space", "s", "dni=99000001", "surname_1=Vela", "given_names=Ana",
                       f"birth_date={DAY - datetime.timedelta(days=400)}", "sex=f", "ubigeo=160101", "state=active")["id"]
    midis.ayni("put", "growth", "--space", "s", f"subject={child}", f"date={DAY}", "length_mm=840", "weight_g=9000",
               "source=other", "source_id=mine")
    asked = ("query", "SELECT haz, waz, flags FROM growth WHERE source_id = 'mine'")
    assert midis.ayni(*asked) == [{}]
    loaded = midis.ayni("reference", "import", "who-lhfa", folder / "first.csv", "--edition", "a")
    assert loaded["read"] == 2 * 1827 and loaded["created"] > 1 and loaded["rejected"] == 0, loaded
    again = midis.ayni("reference", "import", "who-lhfa", folder / "first.csv", "--edition", "a")
    assert again["unchanged"] == loaded["created"] and again["created"] == again["updated"] == 0, again
    assert midis.ayni(*asked) == [{"haz": 1.0}]
    midis.ayni("reference", "import", "who-lhfa", folder / "second.csv", "--edition", "b")
    assert midis.ayni(*asked) == [{"haz": -3.2}]
    ngo.sync()
    assert ngo.ayni(*asked) == [{"haz": -3.2}]
    assert [(t["edition"], t["whole"], t["rows"]) for t in ngo.ayni("reference", "list")] == [
        ("b", True, 3654), ("a", True, 3654)]

    # An edition that isn't whole is of no use; the one before it is taken.
    part = midis.ayni("list", "reference_table", "--where", "edition = 'b' AND part = 2")[0]["_id"]
    midis.ayni("set", part, "licence=changed")
    assert midis.ayni(*asked) == [{"haz": -3.2}]
    midis.ayni("set", part, "content=1,1,1,1,1")
    assert midis.ayni(*asked) == [{"haz": 1.0}]
    assert [t["whole"] for t in midis.ayni("reference", "list")] == [False, True]
    midis.ayni("set", midis.ayni("list", "growth")[0]["_id"], "length_mm=1090")
    assert midis.ayni(*asked) == [{"haz": 7.25, "flags": ["haz"]}]
    assert midis.ayni("list", "growth", "--where", "haz > 6")[0]["length_mm"] == 1090
    assert "haz" not in midis.ayni("list", "growth")[0]

    if not (REFERENCE / "who_test_children.csv").exists():
        print("the tables of the WHO are not here (AYNI_SHARED says where): not compared with them")
        sys.exit(0)

    # All that come with the project, and what all nodes have then.
    for name, file in GIVEN.items():
        before = midis.ayni("view")
        answer = midis.ayni("reference", "import", name, REFERENCE / f"{file}.csv", *(["--edition", "c"] if "lhfa" in name else []))
        assert answer["rejected"] == 0 and answer["created"] > 0, (name, answer)
        assert name == "ubigeo" or midis.ayni("view") == before, name
    again = midis.ayni("reference", "import", "schedule-rules", REFERENCE / "schedule_rules.csv")
    assert again["unchanged"] == again["read"], again
    ngo.sync()
    held = {t["name"]: t["rows"] for t in ngo.ayni("reference", "list") if t.get("edition") not in ("a", "b")}
    assert set(held) == set(GIVEN), held
    assert held["who-wfl"] == 1302 and held["products"] == 34, held
    # A cell may hold several codes.
    with open(REFERENCE / "his_codes.csv", encoding="utf-8", newline="") as file:
        codes = {code for row in csv.DictReader(file) for code in row["code"].split("|")}
    assert {row["code"] for row in ngo.ayni("list", "code_list", "--where", "list = 'his'")} == codes
    assert held["his-codes"] == len(codes), held
    # One row stands for doses 2 to 5.
    assert held["schedule-rules"] == 61 + 3, held
    doses = ngo.ayni("query", "SELECT r.name, s.dose, s.counted_from FROM schedule_rule s JOIN rule_set r ON r._id = s.rule_set "
                              "WHERE component = 'iron_folic_acid' ORDER BY dose")
    assert [row["dose"] for row in doses] == [1, 2, 3, 4, 5] and doses[0]["counted_from"] == "last_menstrual_period", doses

    rows, children, measures = write_sample(folder)
    for type_, path in (("child", children), ("growth", measures)):
        answer = midis.ayni("import", type_, path, "--space", "s")
        assert answer["created"] == len(rows), answer
    ngo.sync()
    found = {row["source_id"]: row for row in ngo.ayni(
        "query", f"SELECT source_id, {', '.join(SCORES)}, flags FROM growth")}
    compared = 0
    for row in rows:
        for score in SCORES:
            expected = float(row[f"exp_{score}"]) if row[f"exp_{score}"] and row["id"] not in ("95", "343") else None
            assert found[row["id"]].get(score) == expected, (row, found[row["id"]])
            compared += expected is not None
        flags = {score for score in ("haz", "waz", "whz", "baz") if row.get(f"flag_{score}") == "1"}
        if row["id"] not in ("95", "343"):
            assert flags == set(found[row["id"]].get("flags", [])) & {"haz", "waz", "whz", "baz"}, (row, found[row["id"]])
    assert compared > 1000, compared
    print(f"{compared} scores of {len(rows)} children are those of the WHO")
