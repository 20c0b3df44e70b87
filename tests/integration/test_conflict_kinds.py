#!/usr/bin/env python3
"""Contested references and sets, on the node that settles them and on another; and what was settled since a time taken back at once."""

import datetime
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

CHILD = ("birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", "given_names=Ana")


def now():
    """A time that everything before lies before, and all after isn't."""
    time.sleep(0.002)
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


with Federation("midis", "ngo") as fed:
    midis, ngo = nodes = [fed["midis"], fed["ngo"]]
    fed.space("s", "ngo")

    def put(node, kind, *fields):
        return node.ayni("put", kind, "--space", "s", *fields)["id"]

    def both(*command):
        """What both say, once they say the same: who has written shows it at once."""
        return until(lambda: [first for first in [midis.ayni(*command)] if first == ngo.ayni(*command)], 60, f"the same {command}")[0]

    def values(record, field):
        return [one["value"] for one in both("conflicts", "show", record)["fields"][field]]

    def load(kind, text):
        """What a file says at the other node stands beside what there is."""
        both("list", kind)
        assert ngo.ayni("import", kind, "-", "--space", "s", stdin=text)["conflicts"] > 0

    # One number that two gave, each to a child of its own: a reference; and a set that no rule joins.
    first, second = (put(midis, "child", f"cnv=10000{n}", f"surname_1=Vela {'XY'[n]}", *CHILD) for n in range(2))
    put(midis, "identifier", "scheme=dni", "value=99000001", f"holder={first}", "state=valid")
    load("identifier", f"scheme,value,holder,state\ndni,99000001,{second},valid\n")
    (open_one,) = both("conflicts", "--type", "identifier")
    assert open_one["fields"] == ["holder"], open_one
    offered = values(open_one["id"], "holder")
    assert set(offered) == {first, second}, offered
    ngo.ayni("resolve", open_one["id"], f"holder={first}", "--reason", "her card")
    assert both("get", open_one["id"])["fields"]["holder"] == first and both("conflicts") == []
    ngo.ayni("unresolve", open_one["id"])
    assert values(open_one["id"], "holder") == offered
    since = both("conflicts", "show", open_one["id"])["since"]["holder"]
    assert [(one["value"], one["org"], one.get("act"), one.get("withdrawn")) for one in since] == [
        (first, "midis", None, None), (second, "ngo", None, None), (first, "ngo", "resolution", True)], since
    for language, words in (("en", ("How it came to that", "taken back")), ("es", ("Cómo se llegó a eso", "deshecho"))):
        text = midis.run("--lang", language, "conflicts", "show", open_one["id"]).stdout
        assert all(word in text for word in words), text
    midis.ayni("resolve", open_one["id"], f"holder={second}")

    consent = put(midis, "consent", f"subject={first}", "basis=legal_power", "norm=Ley 1", "purposes=care", "given_on=2026-01-02")
    load("consent", f'_id,purposes\n{consent},"care,research"\n')
    (open_one,) = both("conflicts")
    assert open_one["fields"] == ["purposes"], open_one
    assert sorted(values(consent, "purposes")) == [["care"], ["care", "research"]], values(consent, "purposes")
    midis.ayni("resolve", consent, "purposes=care,research,benefit")
    assert both("get", consent)["fields"]["purposes"] == ["benefit", "care", "research"] and both("conflicts") == []

    # What was settled by a rule is taken back at once: hers alone, since then alone, what counts still, and as it was before.
    children = [put(midis, "child", f"cnv=20000{n}", "surname_1=Vela", *CHILD) for n in range(8)]
    load("child", "cnv,surname_1\n" + "".join(f"20000{n},Vila\n" for n in range(8)))
    before = both("conflicts", "--type", "child")
    assert len(before) == 8
    midis.ayni("resolve", children[0], "surname_1=Vega")
    since = now()
    both("conflicts", "--type", "child")
    ngo.ayni("resolve", children[1], "surname_1=Vega")
    both("conflicts", "--type", "child")
    assert len(midis.ayni("resolve", "--prefer", "node:ngo", "--reason", "the wrong rule")) == 6
    midis.ayni("set", children[2], "surname_1=Veliz")
    midis.ayni("set", children[3], "surname_2=Ríos")
    undo = ("unresolve", "--since", since, "--type", "child")
    preview = midis.ayni(*undo, "--dry-run")
    assert {row["id"] for row in preview} == set(children[3:]) and all(row["changed"] == ["surname_1"] for row in preview), preview
    midis.ayni(*undo, "--where", "no_such_column = 1", code=2)
    assert len(midis.ayni(*undo, "--where", "surname_2 is null", "--dry-run")) == 4
    assert midis.ayni("unresolve", "--since", now(), "--dry-run") == [] == ngo.ayni(*undo, "--space", "registry", "--dry-run")
    assert both("conflicts", "--type", "child") == []
    assert midis.ayni(*undo, "--reason", "it was the older register") == preview
    again = both("conflicts", "--type", "child")
    assert [c for c in before if c["id"] in children[3:]] == again, (before, again)
    assert midis.ayni(*undo) == []
    shown = [both("get", child)["fields"]["surname_1"] for child in children[:3]]
    assert shown == ["Vega", "Vega", "Veliz"], shown
    log = [entry for entry in both("log", children[4]) if entry.get("reason") == "it was the older register"]
    assert len(log) == 1, log
    # Settled anew, by the right one.
    assert len(midis.ayni("resolve", "--prefer", "node:midis", "--type", "child")) == 5
    assert {both("get", child)["fields"]["surname_1"] for child in children[3:]} == {"Vela"}
    for wrong in (("unresolve",), ("unresolve", children[0], "--since", since), ("unresolve", children[0], "--dry-run"),
                  ("unresolve", "--since", "yesterday"), ("unresolve", "--since", since, "--where", "sex = 'f'")):
        midis.ayni(*wrong, code=2)
