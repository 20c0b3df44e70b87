#!/usr/bin/env python3
"""Two stewards who couldn't hear each other: what each sees afterwards, in words and as JSON, and how it is settled."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Failed, Federation, until  # noqa: E402

CHILD = ("birth_date=2024-03-01", "sex=f", "ubigeo=160101", "state=active")
NAMES = ("Ana", "Eva", "Inés", "Luz")
CHILDREN = len(NAMES)


def refused(node, *arguments, code):
    try:
        node.ayni(*arguments, code=code)
    except Failed as failed:
        raise AssertionError(f"{arguments}: {failed}") from failed


def shown(node, *arguments):
    """What a person sees."""
    run = node.run(*arguments)
    assert run.returncode == 0, run
    return run.stdout


def conflicts(node):
    return {c["id"]: c["fields"] for c in node.ayni("conflicts")}


def edit_apart(first, second, edits):
    """Each edits while the other is down; then both are up and hear each other."""
    second.stop()
    for arguments in edits[first.name]:
        first.ayni("set", *arguments)
    first.stop()
    second.start()
    for arguments in edits[second.name]:
        second.ayni("set", *arguments)
    first.start()


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    ids = [midis.ayni("put", "child", "--space", "visits", f"dni=9900000{i}", "surname_1=Vela", f"given_names={name}",
                      *CHILD)["id"] for i, name in enumerate(NAMES)]
    until(lambda: len(loreto.ayni("list", "child")) == CHILDREN, 30, "the children at loreto")
    edit_apart(midis, loreto, {
        "midis": [(one, "surname_1=Vera", "surname_2=Soto") for one in ids],
        "loreto": [(one, "surname_1=Vila") for one in ids],
    })
    for node in (midis, loreto):
        until(lambda n=node: conflicts(n) == {one: ["surname_1"] for one in ids}, 60, f"the conflicts at {node.name}")

    # Side by side, equally numbered at both, the shown one first; the field that one side alone changed isn't among them.
    both = [n.ayni("conflicts", "show", ids[0])["fields"] for n in (midis, loreto)]
    values = [a["value"] for a in both[0]["surname_1"]]
    assert sorted(values) == ["Vera", "Vila"] and set(both[0]) == {"surname_1"}, both
    assert [a["value"] for a in both[1]["surname_1"]] == values, both
    assert [a["n"] for a in both[0]["surname_1"]] == [1, 2] and all(a["seen"] for a in both[0]["surname_1"]), both
    for node in (midis, loreto):
        text = shown(node, "conflicts", "show", "dni:99000000")
        assert "Vera" in text and "Vila" in text and "FIELD@N" in text and ids[0] in text, text
        text = shown(node, "get", "dni:99000000")
        assert values[0] in text and "contested" in text, text
        assert node.ayni("get", ids[0])["fields"]["surname_1"] == values[0]
        row = next(r for r in node.ayni("list", "child") if r["_id"] == ids[0])
        assert row["_contested"] == ["surname_1"], row
        assert ids[0] in shown(node, "conflicts") and "surname_1" in shown(node, "conflicts")
        assert len(node.ayni("conflicts", "--mine")) == CHILDREN
        assert node.ayni("status")["conflicts"] == CHILDREN

    # Who looked away is told so; what isn't there can't be chosen.
    refused(midis, "resolve", ids[0], "surname_1@1", "--expect", "3", code=1)
    refused(midis, "resolve", ids[0], "surname_1@3", code=2)
    refused(midis, "resolve", ids[0], "surname_2@1", code=1)
    refused(midis, "resolve", ids[0], "surname_1=" + "x" * 5000, code=3)

    # By number, by value, taken back, and by value again.
    chosen = midis.ayni("resolve", ids[0], "surname_1@2", "--expect", "2", "--reason", "her card")
    assert values[1] in str(chosen), chosen
    assert ids[0] not in conflicts(midis)
    until(lambda: ids[0] not in conflicts(loreto), 30, "the resolution at loreto")
    assert "resolution" in shown(loreto, "log", ids[0]) and "her card" in shown(loreto, "log", ids[0])
    assert "resolución" in loreto.run("--lang", "es", "log", ids[0]).stdout
    midis.ayni("unresolve", ids[0])
    assert [a["value"] for a in midis.ayni("conflicts", "show", ids[0])["fields"]["surname_1"]] == values
    assert "withdrawal" in [v["act"] for v in midis.ayni("log", ids[0])]
    refused(midis, "unresolve", ids[0], code=1)
    midis.ayni("resolve", ids[0], "surname_1=Velarde")
    assert midis.ayni("get", ids[0])["fields"]["surname_1"] == "Velarde"

    # Many by one rule: listed first, then settled; nobody's rule is refused.
    refused(midis, "resolve", "--prefer", "prettiest", code=2)
    listed = midis.ayni("resolve", "--prefer", "node:loreto", "--dry-run")
    assert {r["id"] for r in listed} == set(ids[1:]) and set(conflicts(midis)) == set(ids[1:]), listed
    assert all(one in shown(midis, "resolve", "--prefer", "node:loreto", "--dry-run") for one in ids[1:])
    midis.ayni("resolve", "--prefer", "node:loreto", "--type", "child", "--space", "visits")
    assert conflicts(midis) == {}
    assert {midis.ayni("get", one)["fields"]["surname_1"] for one in ids[1:]} == {"Vila"}
    assert shown(midis, "conflicts", "show", ids[1]).count("Vera") == 0

    # A deletion that the other side knew nothing of: shown alive, contested.
    midis.stop()
    loreto.ayni("delete", ids[1], "--reason", "entered twice")
    loreto.stop()
    midis.start()
    midis.ayni("set", ids[1], "surname_2=Ríos")
    loreto.start()
    until(lambda: conflicts(loreto).get(ids[1]) == ["_deleted"], 60, "the contested deletion")
    assert loreto.ayni("get", ids[1])["fields"]["surname_2"] == "Ríos"
    assert "_deleted" in shown(loreto, "conflicts", "show", ids[1])
    loreto.ayni("delete", ids[1], "--reason", "entered twice, and looked at")
    assert conflicts(loreto) == {} and len(loreto.ayni("list", "child")) == CHILDREN - 1
    assert "deleted" in shown(loreto, "get", ids[1])

    # Rows in the order that was asked for.
    names = [r["given_names"] for r in loreto.ayni("list", "child", "--order-by", "given_names desc")]
    assert names == sorted(names, reverse=True) and len(names) == CHILDREN - 1, names
    assert [r["given_names"] for r in loreto.ayni("list", "child", "--order-by", "given_names")] == names[::-1]
    times = [r["_time"] for r in loreto.ayni("list", "child", "--order-by", "_time")]
    assert times == sorted(times), times
    refused(loreto, "list", "child", "--order-by", "given_names sideways", code=2)
    refused(loreto, "list", "child", "--order-by", "_contested", code=2)
    refused(loreto, "list", "child", "--limit", "-1", code=2)
