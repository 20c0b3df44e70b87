#!/usr/bin/env python3
"""Two records, one child: linked on one node, read as one on another, parted by a third; and two who disagree."""

import datetime
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

CHILD = ("surname_1=Vela", "given_names=Ana", "birth_date=2024-03-01", "sex=f", "ubigeo=160101", "state=active")


def linked(node, one):
    return node.ayni("get", one).get("linked", [])


def counted(node, *more):
    """Children in the last month that ended, however it is asked."""
    total = sum(row["value"] for row in node.ayni("view", "children", *more))
    assert total == sum(row["value"] for row in node.ayni("view", "children", "--by", "sex,language", *more))
    return total


def now():
    """A time between what was done and what will be."""
    time.sleep(0.005)
    text = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    time.sleep(0.005)
    return text


def everywhere(nodes, condition, what):
    for node in nodes:
        until(lambda n=node: condition(n), 60, f"{what} at {node.name}")


with Federation("midis", "loreto", "ucayali") as fed:
    midis, loreto, ucayali = nodes = [fed[name] for name in ("midis", "loreto", "ucayali")]
    fed.space("visits", "loreto", "ucayali")
    by_dni = midis.ayni("put", "child", "--space", "visits", "dni=99000001", *CHILD)["id"]
    by_cnv = loreto.ayni("put", "child", "--space", "visits", "cnv=1234567", *CHILD)["id"]
    twin = loreto.ayni("put", "child", "--space", "visits", "dni=99000002", *CHILD)["id"]
    everywhere(nodes, lambda n: len(n.ayni("list", "child")) == 3, "three children")
    before = {one: midis.ayni("get", one) for one in (by_dni, by_cnv, twin)}
    test = loreto.ayni("put", "hb_test", "--space", "visits", f"subject={by_cnv}", "date=2024-09-15", "hb=10.5",
                       "altitude_m=100", "altitude_of=home")["id"]
    everywhere(nodes, lambda n: counted(n) == 3 and len(n.ayni("list", "hb_test")) == 1, "three that count")
    assert [row["children"] for row in midis.ayni("query", "@same-names-same-birth")] == [3]
    assert {row["_id"] for row in midis.ayni("query", "@incomplete-children") if row["no_number"]} == set()
    apart = now()

    # What can't be decided, in words and codes.
    for wrong, code in ((("link", by_dni, by_cnv), 2), (("link", by_dni, by_dni, "--reason", "visit"), 3),
                        (("link", by_dni, by_cnv, "--reason", "same_name"), 3),
                        (("link", by_dni, "dni:97000000", "--reason", "visit"), 1),
                        (("distinct", by_dni, twin, "--verdict", "same"), 2),
                        (("unlink", by_dni, by_cnv), 1)):
        midis.ayni(*wrong, code=code)
    assert "same_names" in midis.run("link", by_dni, by_cnv, "--reason", "same_name").stderr

    # Linked on one node, by a document's number; read on the others.
    answer = midis.ayni("link", "dni:99000001", by_cnv, "--reason", "same_names,document_seen", "--keep", by_cnv)
    assert answer["verdict"] == "same" and answer["linked"] == [by_cnv] and answer["child"] == by_cnv, answer
    assert answer["changed"] == ["a", "b", "verdict", "reason", "keep"], answer
    everywhere(nodes, lambda n: linked(n, by_dni) == [by_cnv] and linked(n, by_cnv) == [by_dni], "the link")
    everywhere(nodes, lambda n: counted(n) == 2, "two that count")
    assert [row["children"] for row in midis.ayni("query", "@same-names-same-birth")] == [2]
    tests = ("query", "SELECT _id FROM hb_test WHERE _child = child_of(:id)")
    assert [[row["_id"] for row in n.ayni(*tests, f"id={by_dni}")] for n in nodes] == [[test]] * 3
    behind = {row["id"]: row.get("child") for row in ucayali.ayni("view", "children", "--trace")}
    assert behind == {by_dni: by_cnv, by_cnv: by_cnv, twin: None}, behind
    assert counted(midis, "--as-of", apart) == 3 and counted(midis, "--as-of", now()) == 2
    assert "linked" not in midis.ayni("get", by_dni, "--as-of", apart)
    assert "one with: " + by_cnv in ucayali.run("get", by_dni).stdout
    assert loreto.ayni("get", by_dni)["fields"] == before[by_dni]["fields"]
    decision = loreto.ayni("get", answer["id"])
    assert decision["type"] == "link_decision" and decision["fields"]["reason"] == ["document_seen", "same_names"], decision

    # Unlinked by a third; what was there before is there again, and the history has both decisions.
    ucayali.ayni("unlink", by_cnv, by_dni, "--reason", "wrong mother")
    everywhere(nodes, lambda n: linked(n, by_dni) == [], "the end of the link")
    assert {one: midis.ayni("get", one) for one in before} == before
    everywhere(nodes, lambda n: counted(n) == 3, "three again")
    history = loreto.ayni("log", answer["id"])
    assert [v["fields"]["verdict"] for v in history] == ["undecided", "same"], history
    assert history[0]["reason"] == "wrong mother" and history[1]["fields"]["keep"] == by_cnv, history

    # Twins inside what is linked: contested on all nodes, and nobody is parted by it.
    midis.ayni("link", by_dni, by_cnv, "--reason", "same_id")
    midis.ayni("link", by_cnv, twin, "--reason", "same_mother")
    everywhere(nodes, lambda n: len(linked(n, by_dni)) == 2, "three that are one")
    loreto.ayni("distinct", by_dni, twin, "--verdict", "twins")
    everywhere(nodes, lambda n: n.ayni("get", by_cnv).get("link_contested"), "the contested link")
    assert len(linked(midis, twin)) == 2
    everywhere(nodes, lambda n: [(r["value"], r["contested"]) for r in n.ayni("view", "children")] == [(1, 1)], "one, contested")
    midis.ayni("erase", by_cnv, "--reason", "asked", code=3)
    loreto.ayni("unlink", by_cnv, twin)
    everywhere(nodes, lambda n: "link_contested" not in n.ayni("get", by_dni) and linked(n, twin) == [], "the twin parted")

    # Two stewards who disagree: contested, the same at all, and settled by who decides again.
    ucayali.stop()
    midis.ayni("distinct", by_dni, by_cnv)
    midis.stop()
    loreto.stop()
    ucayali.start()
    ucayali.ayni("link", by_dni, by_cnv, "--reason", "visit", "--keep", by_dni)
    ucayali.ayni("unlink", by_dni, by_cnv)
    ucayali.ayni("link", by_dni, by_cnv, "--reason", "visit")
    midis.start()
    loreto.start()
    everywhere(nodes, lambda n: [c["id"] for c in n.ayni("conflicts")] == [answer["id"]], "the conflict")
    fed.agree()
    shown = [n.ayni("get", by_dni) for n in nodes]
    assert shown[0] == shown[1] == shown[2] and shown[0]["link_contested"] and shown[0]["linked"] == [by_cnv], shown
    loreto.ayni("resolve", answer["id"], "verdict=different", "--reason", "saw both")
    everywhere(nodes, lambda n: n.ayni("conflicts") == [] and linked(n, by_cnv) == [], "what was settled")

    # Rebuilt, it says the same.
    midis.ayni("link", by_dni, twin, "--reason", "other")
    said = {one: midis.ayni("get", one) for one in before}
    assert said[twin]["linked"] == [by_dni], said
    figures = [midis.ayni("view", "children", "--trace"), midis.ayni("view", "children", "--by", "sex")]
    midis.ayni("rebuild")
    assert {one: midis.ayni("get", one) for one in before} == said
    assert figures == [midis.ayni("view", "children", "--trace"), midis.ayni("view", "children", "--by", "sex")]

    # Erased as one, all its records and what was decided on it; who isn't one with it stays.
    midis.ayni("unlink", by_dni, twin)
    midis.ayni("link", by_dni, by_cnv, "--reason", "visit")
    erased = midis.ayni("erase", by_dni, "--reason", "the mother asked for it")
    assert erased["linked"] == [by_cnv] and erased["kept"] == 0, erased
    everywhere(nodes, lambda n: [c["_id"] for c in n.ayni("list", "child")] == [twin], "one child left")
    for node in nodes:
        node.ayni("get", test, code=1)
        assert node.ayni("list", "link_decision") == [] and counted(node) == 1
print("linked: all nodes agree")
