#!/usr/bin/env python3
"""The conflict desk: what rules merged, records in several spaces, who may settle what, many by one rule."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

CHILD = ("given_names=Ana", "birth_date=2024-03-01", "sex=f", "ubigeo=160101", "state=active")
CHILDREN = 4


def shown(node, *arguments, language="en"):
    """What a person sees."""
    run = node.run("--lang", language, *arguments)
    assert run.returncode == 0, run
    return run.stdout


def edit_apart(first, second, edits):
    """Each edits while the other is down; then both are up and hear each other."""
    second.stop()
    for arguments in edits[first.name]:
        first.ayni(*arguments)
    first.stop()
    second.start()
    for arguments in edits[second.name]:
        second.ayni(*arguments)
    first.start()


def places(items):
    return {(i["id"], i["space"], f) for i in items for f in i.get("fields", [i.get("field")])}


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    fed.space("census", "loreto")
    ids = [midis.ayni("put", "child", "--space", "visits", f"dni=9900000{i}", "surname_1=Vela", *CHILD)["id"] for i in range(CHILDREN)]
    midis.ayni("put", "child", "--space", "census", "dni=99000000", "surname_1=Vela", *CHILD)
    until(lambda: len(loreto.ayni("list", "child")) == CHILDREN + 1, 30, "the children at loreto")
    edit_apart(midis, loreto, {
        "midis": [("set", one, "--space", "visits", "surname_1=Vera", "address=Jr. Uno 1", "sex=f") for one in ids]
        + [("set", ids[0], "--space", "census", "surname_1=Vega", "address=Jr. Uno 1")],
        "loreto": [("set", one, "--space", "visits", "surname_1=Vila", "address=Jr. Dos 2") for one in ids]
        + [("set", ids[0], "--space", "census", "surname_1=Vidal", "address=Jr. Uno 1")],
    })
    for node in (midis, loreto):
        until(lambda n=node: len(n.ayni("conflicts")) == CHILDREN + 1, 60, f"the conflicts at {node.name}")

    # Each conflict is of one space, and a filter leaves no other in.
    everywhere = {(one, "visits", "surname_1") for one in ids} | {(ids[0], "census", "surname_1")}
    assert places(midis.ayni("conflicts")) == everywhere
    assert places(midis.ayni("conflicts", "--space", "census")) == {(ids[0], "census", "surname_1")}
    assert places(midis.ayni("conflicts", "--space", "visits", "--type", "child")) == {p for p in everywhere if p[1] == "visits"}
    assert midis.ayni("conflicts", "--space", "visits", "--type", "person") == []
    run = midis.run("conflicts", "show", ids[0])
    assert run.returncode == 2 and "census" in run.stderr and "visits" in run.stderr, run
    assert "Vidal" in shown(midis, "conflicts", "show", ids[0], "--space", "census")

    # What it said before, when both had seen the same, and who had written that.
    for node in (midis, loreto):
        before = node.ayni("conflicts", "show", ids[1])["before"]
        assert set(before) == {"surname_1"} and (before["surname_1"]["value"], before["surname_1"]["org"]) == ("Vela", "midis"), before
        assert "Vela (midis" in shown(node, "conflicts", "show", ids[1])
    assert "before:  Vela  - midis" in midis.run("--lang", "en", "review", "--space", "visits", stdin="q\n").stdout

    # What rules merged: each field once, with who said what and what is shown; equal values are none.
    for node in (midis, loreto):
        merged = node.ayni("conflicts", "--merged")
        assert places(merged) == {(one, "visits", "address") for one in ids}, merged
        for merge in merged:
            values = merge["values"]
            assert merge["rule"] == "latest" and merge["shown"] == "Jr. Dos 2" == values[0]["value"], merge
            assert [(v["n"], v["value"], v["org"]) for v in values] == [(1, "Jr. Dos 2", "loreto"), (2, "Jr. Uno 1", "midis")], values
            assert all(v["steward"] and v["time"] and v["node"] for v in values), values
    assert places(midis.ayni("conflicts", "--merged", "--space", "census")) == set()
    since = sorted(m["since"] for m in merged)
    assert places(midis.ayni("conflicts", "--merged", "--since", since[-1])) == {(merged[-1]["id"], "visits", "address")}
    assert midis.ayni("conflicts", "--merged", "--since", "2100-01-01") == []
    assert midis.ayni("conflicts", "--since", "2100-01-01") == []
    assert midis.run("conflicts", "--since", "lunes").returncode == 2
    for language, words in (("en", "rule"), ("es", "regla")):
        text = shown(midis, "conflicts", "--merged", language=language)
        assert words in text and text.count("Jr. Uno 1") == CHILDREN and "latest" in text, text
    assert "Settled by rules of the catalogue" in shown(midis, "conflicts", "show", ids[1])

    # Another value set over it, and taken back, by either side.
    midis.ayni("resolve", ids[1], "address@2", "--reason", "the family moved back")
    until(lambda: loreto.ayni("get", ids[1])["fields"]["address"] == "Jr. Uno 1", 30, "the resolution at loreto")
    assert (ids[1], "visits", "address") not in places(loreto.ayni("conflicts", "--merged"))
    loreto.ayni("unresolve", ids[1])
    until(lambda: (ids[1], "visits", "address") in places(midis.ayni("conflicts", "--merged")), 30, "the merge at midis")
    assert midis.ayni("get", ids[1])["fields"]["address"] == "Jr. Dos 2"
    assert [v["act"] for v in midis.ayni("log", ids[1])][:2] == ["withdrawal", "resolution"]

    # A record in two spaces is asked about in each, and settled where it was asked.
    run = midis.run("--lang", "en", "review", "--type", "child", stdin="2\n" * (CHILDREN + 1))
    assert run.returncode == 0 and f"settled: {CHILDREN + 1}" in run.stdout, run
    assert midis.ayni("conflicts") == []
    assert {midis.ayni("get", ids[0], "--space", s)["fields"]["surname_1"] for s in ("visits", "census")} == {"Vera", "Vega"}

    # By one rule: listed first, each rule picks what it says, and says nothing where it doesn't fit.
    edit_apart(midis, loreto, {
        "midis": [("set", one, "--space", "visits", "surname_2=Soto") for one in ids],
        "loreto": [("set", one, "--space", "visits", "surname_2=Sosa") for one in ids],
    })
    until(lambda: len(midis.ayni("conflicts")) == CHILDREN, 60, "the conflicts at midis")
    prefer = ("resolve", "--space", "visits", "--prefer")
    for rule, value in (("latest", "Sosa"), ("earliest", "Soto"), ("oldest", "Soto"), ("node:midis", "Soto"), ("org:loreto", "Sosa"),
                        ("origin:manual", "Sosa"), ("role:midis", "Soto"), ("role:health", None), ("origin:padron", None)):
        listed = midis.ayni(*prefer, rule, "--dry-run")
        assert {(r["id"], r["space"], r["field"], r["value"], r["shown"]) for r in listed} == \
            ({(one, "visits", "surname_2", value, "Sosa") for one in ids} if value else set()), (rule, listed)
    for rule in ("org:nobody", "role:king", "node:nobody", "org:", "latest:", "origin"):
        assert midis.run(*prefer, rule, "--dry-run").returncode == 2, rule
    assert len(midis.ayni("conflicts")) == CHILDREN, "a preview has settled something"

    # What it rests on is recorded in the same commit; what nobody lists as evidence is refused, and nothing is settled then.
    assert midis.run("resolve", ids[0], "--space", "visits", "surname_2@1", "--evidence", "a dream").returncode == 3
    midis.ayni("resolve", ids[0], "--space", "visits", "surname_2@1", "--evidence", "document_seen", "--reason", "her card")
    decision, = midis.ayni("list", "conflict_decision")
    assert (decision["record"], decision["field"], decision["evidence"], decision["note"]) == (ids[0], 2, "document_seen", "her card"), decision
    assert decision["_space"] == "visits"
    midis.ayni(*prefer, "org:midis", "--evidence", "visit", "--where", "surname_2 = 'Sosa'", "--type", "child")
    assert midis.ayni("conflicts") == []
    assert {midis.ayni("get", one, "--space", "visits")["fields"]["surname_2"] for one in ids[1:]} == {"Soto"}
    assert sorted(d["record"] for d in midis.ayni("list", "conflict_decision", "--where", "evidence = 'visit'")) == sorted(ids[1:])
    until(lambda: len(loreto.ayni("list", "conflict_decision")) == CHILDREN and not loreto.ayni("conflicts"), 30, "the decisions at loreto")

    # Two resolutions that didn't know of each other, and a deletion that didn't know of an edit: asked about in words.
    edit_apart(midis, loreto, {"midis": [("set", ids[2], "surname_1=Vargas")], "loreto": [("set", ids[2], "surname_1=Vasquez")]})
    until(lambda: len(midis.ayni("conflicts")) == 1 and len(loreto.ayni("conflicts")) == 1, 60, "the conflict")
    edit_apart(midis, loreto, {"midis": [("resolve", ids[2], "surname_1@1"), ("delete", ids[3], "--reason", "twice")],
                               "loreto": [("resolve", ids[2], "surname_1@2"), ("set", ids[3], "surname_2=Vivas")]})
    until(lambda: places(midis.ayni("conflicts")) == {(ids[2], "visits", "surname_1"), (ids[3], "visits", "_deleted")}, 60, "the conflicts")
    assert all(a["act"] == "resolution" for a in midis.ayni("conflicts", "show", ids[2])["fields"]["surname_1"])
    for language, words in (("en", ("settled it so", "Is it to be deleted?")), ("es", ("lo resolvió así", "¿Se elimina?"))):
        run = midis.run("--lang", language, "review", stdin="s\ns\n")
        assert all(word in run.stdout for word in words), run
    run = midis.run("--lang", "en", "review", stdin="2\n2\nu\n1\n")
    assert run.returncode == 0 and midis.ayni("conflicts") == [], run
