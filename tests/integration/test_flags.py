#!/usr/bin/env python3
"""Follow-up marks: set, seen on another node and beside their record, explained there, listed by place and kind; who may."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

CHILD = ("surname_1=Ríos", "surname_2=Vela", "given_names=Ana", "birth_date=2025-10-01", "sex=f", "state=active")

with Federation("midis", "partner") as fed:
    midis, partner = fed["midis"], fed["partner"]
    fed.space("registers", "partner")
    fed.space("desk", "partner")
    for number, district in ((99000001, "160101"), (99000002, "250101")):
        midis.ayni("put", "child", "--space", "registers", f"dni={number}", *CHILD, f"ubigeo={district}")
    child = midis.ayni("get", "dni:99000001")
    assert "flags" not in child, child
    visits = [midis.ayni("put", "growth", "--space", "registers", f"subject=dni:{n}", "date=2026-01-01", "weight_g=7000")["id"]
              for n in (99000001, 99000002)]

    # A mark is a signed record of its own, beside what it is about; the same one again is the same record.
    assert midis.ayni("flag", "list") == []
    mark = midis.ayni("flag", visits[0], "outlier", "--reason", "too heavy")
    assert set(mark) == {"id", "changed"} and set(mark["changed"]) == {"record", "kind", "state"}, mark
    assert midis.ayni("flag", visits[0], "outlier") == {"id": mark["id"], "changed": []}
    assert midis.ayni("get", mark["id"])["fields"] == {"record": visits[0], "kind": "outlier", "state": "open"}
    assert midis.ayni("flag", "dni:99000002", "no_service_seen", "--in", "desk")["id"] != mark["id"]

    def kinds(node, *options):
        return {(f["id"], f["type"], f["space"], f["territory"], f["kind"], f["state"])
                for f in node.ayni("flag", "list", *options)}

    other = midis.ayni("get", "dni:99000002")["id"]
    outlier = (visits[0], "growth", "registers", "160101", "outlier", "open")
    unseen = (other, "child", "desk", "250101", "no_service_seen", "open")
    assert kinds(midis) == {outlier, unseen}, kinds(midis)
    assert kinds(midis, "--territory", "16") == kinds(midis, "--type", "growth") == kinds(midis, "--kind", "outlier") == {outlier}
    assert kinds(midis, "--space", "desk") == kinds(midis, "--type", "child") == {unseen}
    assert kinds(midis, "--node", "partner") == set() == kinds(midis, "--state", "explained")

    # It comes to others, who see it beside the record, and say what became of it where it stands.
    until(lambda: kinds(partner) == {outlier, unseen}, 30, "the marks at the partner")
    beside = partner.ayni("get", visits[0])["flags"]
    assert [(f["kind"], f["reason"], f["space"]) for f in beside] == [("outlier", "too heavy", "registers")], beside
    assert "too heavy" in partner.run("get", visits[0]).stdout
    assert "flags" not in partner.ayni("get", visits[1])
    partner.ayni("flag", visits[0], "outlier", "--state", "explained", "--reason", "weighed again")
    partner.ayni("flag", "dni:99000002", "no_service_seen", "--state", "corrected")
    explained, corrected = (*outlier[:5], "explained"), (*unseen[:5], "corrected")
    until(lambda: kinds(midis, "--state", "all") == {explained, corrected}, 30, "what became of them")
    assert kinds(midis) == set() and kinds(midis, "--state", "explained", "--node", "partner") == {explained}
    assert "flags" not in midis.ayni("get", visits[0])

    # Two states at once are settled by the newest; nothing is contested.
    midis.ayni("flag", visits[1], "rule_failed")
    assert midis.ayni("conflicts") == []

    # What is erased takes its marks along; a child those of all that is about it.
    midis.ayni("put", "spot_check", "--space", "desk", f"record={visits[0]}", "date=2026-02-01", "found=true", "chosen=suspected")
    midis.ayni("flag", visits[0], "accuracy")
    midis.ayni("erase", visits[1], "--reason", "asked for")
    until(lambda: {f[4] for f in kinds(partner)} == {"accuracy"}, 30, "the end of the mark")
    midis.ayni("erase", "dni:99000001", "--reason", "the mother asked for it")
    assert kinds(midis, "--state", "all") == {corrected} and midis.ayni("list", "spot_check") == []
    until(lambda: kinds(partner, "--state", "all") == {corrected} and partner.ayni("list", "spot_check") == [], 30,
          "the end of the others")

    # What isn't there, or nobody knows, is refused.
    assert midis.run("flag", "019f8a6c-1f2e", "outlier").returncode == 1
    assert midis.run("flag", other, "weird").returncode == 3
    assert midis.run("flag", other, "outlier", "--state", "shut").returncode == 2
    partner.ayni("space", "create", "own")
    assert midis.run("flag", other, "accuracy", "--in", "own").returncode in (2, 3)
