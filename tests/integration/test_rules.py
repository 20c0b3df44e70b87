#!/usr/bin/env python3
"""Rules of the catalogue: what they warn of at the writer's node, what they find in what came from others, in both languages."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

CHILD = ("surname_1=Ríos", "surname_2=Vela", "given_names=Ana", "birth_date=2024-10-01", "sex=f", "ubigeo=160101",
         "state=active")
UNUSUAL = "Haemoglobin under 4.0 or over 20.0 g/dL"


def warned(run):
    """The warnings of a command that did what it was asked to."""
    assert run.returncode == 0, run
    warnings = json.loads(run.stdout)["warnings"]
    assert all(set(w) == {"code", "message", "hint"} for w in warnings), warnings
    assert all(f"ayni: warning: {w['message']}" in run.stderr for w in warnings), run
    return {w["code"]: w["message"] for w in warnings}


with Federation("midis", "partner") as fed:
    midis, partner = fed["midis"], fed["partner"]
    fed.space("registers")
    fed.space("visits", "partner")

    # A warning is told in words, and what was asked for is done. Without one nothing is added.
    child = midis.ayni("put", "child", "--space", "registers", "dni=99000001", *CHILD)
    assert set(child) == {"id"}, child
    put = ("put", "hb_test", "--space", "registers", "subject=dni:99000001")
    assert warned(midis.run("--json", *put, "date=2025-06-01", "hb=3.5")) == {"hb_unusual": UNUSUAL}
    test = midis.ayni(*put, "date=2025-06-02", "hb=10.5")["id"]
    assert warned(midis.run("--json", "set", test, "hb=21.5")) == {"hb_unusual": UNUSUAL}
    assert midis.ayni("get", test)["fields"]["hb"] == 21.5
    people = midis.run("set", test, "hb=22.5")
    assert people.stdout.split() == ["record", test, "changed", "hb"] and UNUSUAL in people.stderr, people
    spanish = midis.run("--json", "--lang", "es", "set", test, "hb=23.5")
    assert "advertencia: Hemoglobina" in spanish.stderr, spanish

    # All of them are told, not the first alone; a resolution is judged like any change.
    midis.ayni("put", "person", "--space", "registers", "dni=99800001", "surname_1=Quispe", "given_names=Lesly")
    midis.ayni("put", "guardian_link", "--space", "registers", "child=dni:99000001", "person=dni:99800001", "role=mother")
    assert set(warned(midis.run("--json", "set", "dni:99000001", "surname_2=Otra", "given_names="))) == \
        {"surname_2_not_mothers", "missing"}
    midis.ayni("set", "dni:99000001", "given_names=Ana")

    # An import counts them and says where they are.
    rows = fed.folder / "tests.csv"
    rows.write_text("subject,date,hb,source,source_id\n" + "dni:99000001,2025-07-01,3.0,kobo,a\n"
                    "dni:99000001,2025-07-02,11.0,kobo,b\n")
    run = midis.run("--json", "import", "hb_test", rows, "--space", "registers")
    counts = json.loads(run.stdout)
    assert (counts["created"], counts["rejected"], counts["warnings"]) == (2, 0, 1), counts
    assert f"line 2, hb: {UNUSUAL}" in run.stderr, run

    # Who doesn't know the child can't know better; who does lists what has come, and it counts all the same.
    partner.ayni("put", "growth", "--space", "visits", "subject=dni:99000001", "date=2024-09-01", "weight_g=3000")
    until(lambda: midis.ayni("list", "growth"), 30, "the measurement")
    assert partner.ayni("problems") == []
    found = midis.ayni("problems", "--type", "growth")
    assert len(found) == 1, found
    assert set(found[0]) == {"id", "type", "space", "node", "time", "reason", "field", "level", "message", "hint"}, found
    assert (found[0]["reason"], found[0]["level"], found[0]["field"]) == ("date_before_birth", "reject", "date"), found
    assert found[0]["node"] == partner.ayni("card")["node"] and found[0]["space"] == "visits", found
    assert found[0]["message"] == "The date is before the birth" and found[0]["hint"], found
    spanish = json.loads(midis.run("--json", "--lang", "es", "problems", "--type", "growth").stdout)
    assert spanish[0]["message"] == "La fecha es anterior al nacimiento" and spanish[0]["hint"] != found[0]["hint"], spanish
    assert found[0]["message"] in midis.run("problems").stdout

    # A filter leaves out the others; what is corrected is no problem any more.
    assert {p["reason"] for p in midis.ayni("problems", "--space", "registers")} == {"hb_unusual", "surname_2_not_mothers"}
    assert midis.ayni("problems", "--type", "growth", "--space", "registers") == []
    midis.ayni("set", "dni:99000001", "birth_date=2024-08-01", "surname_2=Quispe")
    assert midis.ayni("problems", "--type", "growth") == []
    assert {p["type"] for p in midis.ayni("problems")} == {"hb_test"}

    # A rule that steering adds finds what was there before it, on every node.
    midis.ayni("put", "rule", "--space", "registry", "type=203", "name=under_four_kilos", "level=warn",
               "expression=weight_g >= 4000", "message_es=Menos de 4 kg", "message_en=Under 4 kg")
    problems = until(lambda: partner.ayni("problems"), 30, "the rule at the partner")
    assert [(p["reason"], p["level"], p["message"]) for p in problems] == [("under_four_kilos", "warn", "Under 4 kg")], problems

    # There may be more than one page of them.
    rows.write_text("subject,date,hb,source,source_id\n" +
                    "".join(f"dni:{98000000 + i},2025-07-01,3.0,odk,{i}\n" for i in range(3000)))
    assert midis.ayni("import", "hb_test", rows, "--space", "registers")["warnings"] == 3000
    many = midis.ayni("problems", "--type", "hb_test")
    assert len({p["id"] for p in many}) == len(many) == 3003, len(many)
    assert midis.run("problems", "--type", "hb_test").stdout.count(UNUSUAL) == 3003

    # The registry is read by members alone: it may name a person.
    org = midis.ayni("put", "organisation", "--space", "registry", "code=red", "name=Red", "kind=ngo", "data_officer=Ana Ríos")
    assert midis.ayni("get", org["id"])["fields"]["data_officer"] == "Ana Ríos"
