#!/usr/bin/env python3
"""Rules that look at other records of the same subject: asked of what is put and imported, also among the rows of one file,
and of what came from others, where nothing is refused."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

CHILD = ("surname_1=Ríos", "given_names=Ana", "birth_date=2025-09-01", "sex=f", "ubigeo=160101", "state=active")


def codes(answer):
    return {w["code"] for w in answer.get("warnings", [])}


with Federation("midis", "partner") as fed:
    midis, partner = fed["midis"], fed["partner"]
    fed.space("registers", "partner")
    folder = fed.folder

    def put(type_name, *values, node=midis):
        return node.ayni("put", type_name, "--space", "registers", *values)

    def load(type_name, *lines):
        """The reasons of what is rejected, and the words of what is warned of, with their lines."""
        (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        rejects = folder / "rejects.csv"
        rejects.unlink(missing_ok=True)
        run = midis.run("--json", "import", type_name, folder / "rows.csv", "--space", "registers", "--rejects", rejects)
        reasons = [line.split(",")[-2] for line in rejects.read_text(encoding="utf-8").splitlines()[1:]] if rejects.exists() else []
        return reasons, [line.strip() for line in run.stderr.splitlines() if line.startswith("  line ")]

    # What is entered by hand: a warning is told and the record made, what rejects makes none.
    put("child", "dni=99000001", *CHILD)
    put("person", "dni=99800001", "surname_1=Quispe", "given_names=Lesly")
    iron = ("subject=dni:99000001", "product=iron_drops", "purpose=preventive")
    assert codes(put("supplement", *iron, "number=1", "date=2026-01-10")) == set()
    soon = put("supplement", *iron, "number=2", "date=2026-02-03")
    assert codes(soon) == {"too_soon"}, soon
    assert codes(midis.ayni("set", soon["id"], "date=2026-02-04")) == set()
    assert codes(put("consent", "subject=dni:99000001", "basis=consent", "given_by=dni:99800001", "form=handwritten",
                     "purposes=care", "given_on=2026-01-01")) == {"giver_is_no_guardian"}
    put("newborn_check", "subject=dni:99000001", "date=2025-09-05", "number=1")
    refused = midis.ayni("put", "newborn_check", "--space", "registers", "subject=dni:99000001", "date=2025-09-05", "number=2", code=3)
    assert refused["error"]["code"] == "number_out_of_order", refused
    assert len(midis.ayni("list", "newborn_check")) == 1

    # What steering loads is what they measure by; before that nothing is said.
    penta = ("subject=dni:99000001", "antigen=penta")
    assert codes(put("vaccine", *penta, "dose=1", "date=2025-10-20")) == set()
    (folder / "schedule.csv").write_text(
        "rule_set,component,dose,age_min_days,age_max_days,min_interval_days,max_interval_days,his_codes,note\n"
        "MC-02-2024,vac_pentavalent,1,55,119,,,90723,\nMC-02-2024,vac_pentavalent,2,,,28,70,90723,\n", encoding="utf-8")
    (folder / "weights.csv").write_text("sex,age_days,l,m,s\n1,181,0.1738,7.934,0.1116\n2,181,-0.0756,7.297,0.1204\n", encoding="utf-8")
    midis.ayni("reference", "import", "schedule-rules", folder / "schedule.csv")
    midis.ayni("reference", "import", "who-wfa", folder / "weights.csv")
    assert {p["reason"] for p in midis.ayni("problems", "--type", "vaccine")} == {"dose_outside_age"}
    assert codes(put("vaccine", "subject=dni:99000001", "antigen=hexa", "dose=2", "date=2025-11-16")) == {"dose_outside_interval"}
    assert codes(put("growth", "subject=dni:99000001", "date=2026-03-01", "weight_g=3000", "note=scale")) == {"score_flagged"}
    assert codes(put("development_test", "subject=dni:99000001", "date=2026-03-01", "instrument=tepsi", "result=normal")) == \
        {"age_outside_instrument"}

    # A delivery without a birth is a problem until there is one.
    pregnancy = put("pregnancy", "woman=dni:99800001", "last_menstrual_period=2024-12-01", "ended_on=2025-09-01")["id"]
    assert codes(put("delivery", f"subject={pregnancy}", "date=2025-09-01", "place=facility", "weeks=39", "kind=normal",
                     "live_births=1")) == {"no_birth"}
    assert [p["reason"] for p in midis.ayni("problems", "--type", "delivery")] == ["no_birth"]
    put("birth", "subject=dni:99000001", "mother=dni:99800001", "cnv=9000001", "date=2025-09-01", "weight_g=3100", "weeks=39",
        "place=facility")
    assert midis.ayni("problems", "--type", "delivery") == []

    # Of the rows of one file each sees those before it, and what was held; a second time nothing is new, so nothing is said.
    rows = ("subject,date,length_mm,source,source_id", "dni:99000001,2026-03-02,700,kobo,a", "dni:99000001,2026-04-01,679,kobo,b",
            "dni:99000001,2026-04-01,681,kobo,c")
    assert load("growth", *rows) == ([], ["line 3, length_mm: The length is 20 mm or more below an earlier one",
                                          "line 4, date: There is another one like it on that date"])
    assert load("growth", *rows) == ([], [])
    assert load("newborn_check", "subject,date,number", "dni:99000001,2025-09-09,3", "dni:99000001,2025-09-09,2",
                "dni:99000001,2025-09-10,4")[0] == ["number_out_of_order"]
    assert {n["number"] for n in midis.ayni("list", "newborn_check")} == {1, 3, 4}

    # Those who are linked are one child: what is about either is looked at together, among the rows of a file too.
    put("child", "dni=99000003", *CHILD)
    dose = ("antigen=bcg", "dose=1", "date=2025-09-02")
    one = put("vaccine", "subject=dni:99000001", *dose)
    other = put("vaccine", "subject=dni:99000003", *dose)
    assert codes(one) == codes(other) == set()
    repeated = lambda: {p["id"] for p in midis.ayni("problems", "--kind", "possible_repeat", "--type", "vaccine")}  # noqa: E731
    assert repeated() == set()
    midis.ayni("link", "dni:99000001", "dni:99000003", "--reason", "same_names")
    assert repeated() == {one["id"], other["id"]}
    refused = midis.ayni("put", "newborn_check", "--space", "registers", "subject=dni:99000003", "date=2025-09-11", "number=2", code=3)
    assert refused["error"]["code"] == "number_out_of_order", refused
    rows = ("subject,antigen,dose,date,source,source_id", "dni:99000001,hvb,1,2025-09-03,kobo,d",
            "dni:99000003,hvb,1,2025-09-03,kobo,e")
    assert load("vaccine", *rows) == ([], ["line 3, date: There is another one like it on that date"])
    midis.ayni("unlink", "dni:99000001", "dni:99000003", "--reason", "cousins")
    assert repeated() == set()

    # What comes from another node, which couldn't know better, is stored and listed in words.
    fed.space("own")
    midis.ayni("put", "newborn_check", "--space", "own", "subject=dni:99000002", "date=2025-09-08", "number=1")
    partner.ayni("put", "newborn_check", "--space", "registers", "subject=dni:99000002", "date=2025-09-07", "number=2")
    until(lambda: len(midis.ayni("list", "newborn_check")) == 5, 30, "the partner's check")
    found = midis.ayni("problems", "--type", "newborn_check")
    assert {(p["reason"], p["level"], p["space"]) for p in found} == \
        {("number_out_of_order", "reject", "own"), ("number_out_of_order", "reject", "registers")}, found
    fed.agree()
    assert len(partner.ayni("list", "growth")) == 4
    assert {p["reason"] for p in partner.ayni("problems", "--type", "growth")} == \
        {"shorter_than_before", "possible_repeat", "score_flagged"}
    spanish = json.loads(midis.run("--json", "--lang", "es", "problems", "--kind", "shorter_than_before").stdout)
    assert {p["message"] for p in spanish} == {"La talla es 20 mm o más menor que una anterior"}, spanish
