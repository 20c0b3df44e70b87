#!/usr/bin/env python3
"""Two children under one number, entered by two nodes: parted by one, read on all, and made one again."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

SHARED = ("birth_date=2024-03-01", "sex=f", "ubigeo=160101", "state=active")


def everywhere(nodes, condition, what):
    for node in nodes:
        until(lambda n=node: condition(n), 60, f"{what} at {node.name}")


def vaccine(node, dose):
    return node.ayni("put", "vaccine", "--space", "visits", "subject=dni:99000001", "date=2024-06-01", "antigen=penta",
                     f"dose={dose}")["id"]


def about(node, type_name, child):
    return {row["_id"] for row in node.ayni("list", type_name, "--where", f"subject = '{child}'")}


with Federation("midis", "loreto", "reader") as fed:
    midis, loreto, reader = nodes = [fed[name] for name in ("midis", "loreto", "reader")]
    fed.space("visits", "loreto", "reader")
    old = midis.ayni("put", "child", "--space", "visits", "dni=99000001", "surname_1=Vela", "given_names=Ana", *SHARED)["id"]
    theirs = vaccine(midis, 1)
    everywhere(nodes, lambda n: len(n.ayni("list", "vaccine")) == 1, "the first child")
    loreto.ayni("put", "child", "--space", "visits", "dni=99000001", "surname_1=Soto", "given_names=Luz", *SHARED)
    keyed = vaccine(loreto, 2)
    test = loreto.ayni("put", "hb_test", "--space", "visits", "subject=dni:99000001", "date=2024-09-15", "hb=10.5",
                       "altitude_m=100", "altitude_of=home")["id"]
    home = loreto.ayni("put", "household", "--space", "visits", f"members={old}", "ubigeo=160101")["id"]
    everywhere(nodes, lambda n: len(n.ayni("list", "household")) == 1, "the second child")
    assert midis.ayni("get", old)["fields"]["surname_1"] == "Soto"

    # A preview says how much, and changes nothing.
    versions = midis.ayni("get", old)["versions"]
    preview = midis.ayni("split", old, "--node", "loreto", "--dry-run")
    assert preview["id"] is None and preview["from"] == old and preview["changed"] == ["surname_1", "given_names"], preview
    assert (preview["moved"], preview["rewritten"], preview["references"], preview["mixed"]) == (2, 1, 1, 0), preview
    assert midis.ayni("get", old)["versions"] == versions and len(midis.ayni("list", "child")) == 1

    # Parted: each has what was written of it, on all nodes; the history says where it came from.
    done = midis.ayni("split", old, "--reason", "two children, one DNI", "--node", "loreto")
    new = done.pop("id")
    assert done == {k: v for k, v in preview.items() if k != "id"}, (done, preview)
    everywhere(nodes, lambda n: {c["_id"]: c["surname_1"] for c in n.ayni("list", "child")} == {old: "Vela", new: "Soto"},
               "two children")
    fed.agree()
    for node in nodes:
        assert node.ayni("get", home)["fields"]["members"] == [new]
        assert about(node, "vaccine", old) == {theirs} and about(node, "hb_test", new) == {test}
        assert len(about(node, "vaccine", new)) == 1 and keyed not in about(node, "vaccine", new)
        assert node.ayni("conflicts") == []
        assert [r["value"] for r in node.ayni("view", "children")] == [2]
        assert f"split from {old}: two children, one DNI" in [v["reason"] for v in node.ayni("log", new)]
        assert f"split into {new}: two children, one DNI" in [v["reason"] for v in node.ayni("log", old)]
    assert [d["verdict"] for d in reader.ayni("list", "link_decision")] == ["different"]

    # One again to all who read; and the old record exactly as it was.
    reader.ayni("link", old, new, "--reason", "other")
    everywhere(nodes, lambda n: [r["value"] for r in n.ayni("view", "children")] == [1], "one child")
    reader.ayni("unlink", old, new)
    back = reader.ayni("unsplit", new, "--reason", "one child after all")
    assert back == {"id": new, "from": old, "restored": 4, "deleted": 2, "stayed": 0}, back
    everywhere(nodes, lambda n: [c["_id"] for c in n.ayni("list", "child")] == [old], "one child again")
    fed.agree()
    for node in nodes:
        assert node.ayni("get", home)["fields"]["members"] == [old]
        assert about(node, "vaccine", old) == {theirs, keyed} and about(node, "hb_test", old) == {test}
        assert node.ayni("get", old)["fields"]["surname_1"] == "Soto"
    reader.ayni("unsplit", new, code=1)

    for wrong, code in ((("--node", "nobody"), 2), (("--node", "midis,nobody"), 2), ((), 2),
                        (("--node", "midis", "loreto"), 3), (("--node", "reader"), 1)):
        midis.ayni("split", old, *wrong, code=code)

    # A field that its rule gives to a role is not given back by who hasn't got it: that is said, in the preview as well.
    code = next(m["org"] for m in midis.ayni("member", "list") if m["name"] == "loreto")
    midis.ayni("set", next(o["_id"] for o in midis.ayni("list", "organisation") if o["code"] == code), "roles=municipality")
    old = midis.ayni("put", "child", "--space", "visits", "dni=99000002", "surname_1=Vela", "given_names=Eva", *SHARED)["id"]
    everywhere(nodes, lambda n: n.run("get", old).returncode == 0, "another child")
    until(lambda: "municipality" in str(loreto.ayni("list", "organisation")), 60, "her role")
    loreto.ayni("put", "child", "--space", "visits", "dni=99000002", "surname_1=Soto", "given_names=Sol", *SHARED[:2], "ubigeo=160102",
                "state=active")
    until(lambda: midis.ayni("get", old)["fields"]["ubigeo"] == "160102", 60, "what the municipality says")
    preview = midis.ayni("split", old, "--node", "loreto", "--dry-run")
    assert preview["role_needed"] == ["ubigeo"] and preview["changed"] == ["surname_1", "given_names"], preview
    for language, said in (("en", "not given back"), ("es", "no se devuelve")):
        assert said in midis.run("--lang", language, "split", old, "--node", "loreto", "--dry-run").stdout
    new = midis.ayni("split", old, "--node", "loreto")["id"]
    assert (midis.ayni("get", old)["fields"]["ubigeo"], midis.ayni("get", new)["fields"]["ubigeo"]) == ("160102", "160102")
    fed.agree()
    assert loreto.ayni("get", old)["fields"]["surname_1"] == "Vela"
    loreto.ayni("set", old, "ubigeo=160101")
    until(lambda: midis.ayni("get", old)["fields"]["ubigeo"] == "160101", 60, "her district")

    # Whose number is whose the number says: a file that gives the wrong one is told, and finds her once she has her own.
    def load(number, surname):
        text = f"dni,surname_1,given_names,birth_date,sex,ubigeo,state\n{number},{surname},Sol,2024-03-01,f,160102,active\n"
        run = loreto.run("--json", "import", "child", "-", "--space", "visits", stdin=text)
        assert run.returncode == 0, run
        return json.loads(run.stdout), new in run.stderr and "parted" in run.stderr

    answer, told = load("99000002", "Sota")
    assert answer["updated"] == 1 and told, answer
    answer, told = load("99000002", "Sota")
    assert answer["unchanged"] == 1 and not told, answer
    loreto.ayni("put", "identifier", "--space", "visits", "scheme=dni", "value=99000003", f"holder={new}", "state=valid")
    answer, told = load("99000003", "Sotelo")
    assert answer["updated"] == 1 and answer["created"] == 0 and not told, answer
    assert len(loreto.ayni("list", "child", "--where", "given_names = 'Sol' or given_names = 'Eva'")) == 2
    loreto.ayni("unsplit", new)
    assert not load("99000002", "Soto")[1]
print("split: all nodes agree")
