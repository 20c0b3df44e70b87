#!/usr/bin/env python3
"""`ayni problems` by territory, node, kind, type and space, counted by source and territory, against what was written."""

import collections
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

DISTRICTS = ("160101", "160102", "250101")


def put_child(node, space, number, district, **more):
    fields = {"surname_1": "Ríos", "surname_2": "Vela", "given_names": "Ana", "birth_date": "2025-10-01", "sex": "f",
              "ubigeo": district, "state": "active", **more}
    node.ayni("put", "child", "--space", space, f"dni={number}", *(f"{k}={v}" for k, v in fields.items()))


with Federation("midis", "partner") as fed:
    midis, partner = fed["midis"], fed["partner"]
    fed.space("registers", "partner")
    fed.space("visits", "partner")
    ids = {node: node.ayni("card")["node"] for node in (midis, partner)}

    # Two tests each that a rule finds: of these districts, by these nodes. They say nothing of a place: whom they are about does.
    written = collections.Counter()
    for i, (node, district) in enumerate((n, d) for n in (midis, partner) for d in DISTRICTS):
        number = 99000001 + i
        put_child(node, "registers", number, district)
        for day in (1, 2):
            node.ayni("put", "hb_test", "--space", "visits", f"subject=dni:{number}", f"date=2026-06-0{day}", "hb=3.5")
            written["hb_unusual", "visits", ids[node], district] += 1
    fed.agree()

    # A child that two spaces hold, and show differently: both are told, each of the other.
    put_child(midis, "registers", 99000050, "160101")
    put_child(midis, "visits", 99000050, "160102", given_names="Anita")
    for place, space in (("160101", "registers"), ("160102", "visits")):
        written["discrepancy", space, ids[midis], place] += 2
    fed.agree()

    def summary(node, *options):
        return collections.Counter({(p["reason"], p["space"], p["node"], p["territory"]): p["problems"]
                                    for p in node.ayni("problems", "--summary", *options)})

    def matching(**wanted):
        keys = ("kind", "space", "node", "territory")
        return collections.Counter({k: n for k, n in written.items()
                                    if all(v.startswith(wanted.get(name, "")) for name, v in zip(keys, k))})

    for node in (midis, partner):
        assert summary(node) == written, (node.name, summary(node), written)
    filters = [{}, {"territory": "16"}, {"territory": "1601"}, {"territory": "160102"}, {"territory": "01"},
               {"node": ids[midis]}, {"node": ids[partner], "territory": "25"}, {"kind": "hb_unusual"},
               {"kind": "discrepancy", "node": ids[partner]}, {"kind": "missing"}, {"space": "visits", "territory": "16"}]
    for wanted in filters:
        options = [x for k, v in wanted.items() for x in (f"--{k}", v)]
        expected = matching(**wanted)
        assert summary(midis, *options) == expected, (wanted, summary(midis, *options), expected)
        listed = midis.ayni("problems", *options)
        assert collections.Counter((p["reason"], p["space"], p["node"]) for p in listed) == \
            sum((collections.Counter({k[:3]: n}) for k, n in expected.items()), collections.Counter()), (wanted, listed)

    assert {p["problems"] for p in midis.ayni("problems", "--summary", "--type", "hb_test")} == {2}
    told = midis.ayni("problems", "--kind", "discrepancy", "--space", "visits")
    assert {p["field"] for p in told} == {"ubigeo", "given_names"} and all("registers" in p["message"] for p in told), told
    # A node by its name; for people, names and no ids.
    assert summary(midis, "--node", "partner") == matching(node=ids[partner])
    assert "partner" in midis.run("problems", "--summary").stdout

    # What nobody knows is refused with the nearest there is.
    for options, near in ((("--kind", "hb_unusal"), "hb_unusual"), (("--node", "nobody"), ""), (("--territory", "1x"), "department")):
        run = midis.run("problems", *options)
        assert run.returncode == 2 and near in run.stderr, run
