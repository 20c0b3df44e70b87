#!/usr/bin/env python3
"""Two stewards who do the opposite of each other on two nodes that can't hear each other, or at once on one: all nodes show the
same afterwards, nothing that was acknowledged is gone, and where they disagree it is a conflict or is said."""

import concurrent.futures
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from answers import answers, differences  # noqa: E402
from control_client import Control, Refused  # noqa: E402
from federation import Federation, until  # noqa: E402

SPACE = "padron"
CHILD = {"birth_date": "2024-03-05", "sex": "f", "ubigeo": "160301", "state": "active"}
MONTH, DISTRICT = "2026-09", "160301"
ANY = object()
ALIKE = ("list ", "export ", "get ", "conflict", "view ", "act")


class Desk:
    """One steward at one node: what she does is done, or refused in words."""

    def __init__(self, node):
        self.node = node

    def ask(self, command, *, may_refuse=False, **arguments):
        with Control(self.node.home) as control:
            try:
                return control.many(command, **arguments)
            except Refused as refused:
                assert may_refuse and refused.error["text"], refused
                return None

    def child(self, dni, surname="Vela"):
        fields = [["dni", dni], ["surname_1", surname], ["given_names", "Ana"], *([k, v] for k, v in CHILD.items())]
        return self.ask("put", type="child", space=SPACE, fields=fields)[-1]["id"]


def contest(desk, dni):
    """A register says otherwise than who entered her."""
    id_ = desk.child(dni)
    desk.node.ayni("import", "child", "-", "--space", SPACE, stdin=f"dni,surname_1\n{dni},Rojas\n")
    return id_


class Pair:
    """What both do, and of what both nodes must say the same afterwards: `apart` is what, where neither had heard of the other."""

    def __init__(self, name, one, other, then, apart=ANY):
        self.name, self.one, self.other, self.then, self.apart = name, one, other, then, apart


def values_of(desk, id_):
    """All that are alive of her surname."""
    got = desk.ask("get", id=id_)[-1]
    return {v["value"] for v in got["contested"].get("surname_1", [])} or {got["fields"]["surname_1"]}


def is_open(desk, id_, **more):
    return any(c["id"] == id_ for c in desk.ask("conflicts", **more))


def decision_on(desk, one, other):
    (row,) = [r for r in rows(desk, "link_decision") if {r.get("a"), r.get("b")} == {one, other}]
    return row


def rows(desk, type_):
    with Control(desk.node.home) as control:
        return control.rows("list", type=type_)


def gone(desk, id_):
    return desk.ask("get", id=id_, may_refuse=True) is None


def pairs(desk, first):
    """Made by one desk; `first` is a number that no other set of them has."""
    numbers = iter(range(first, first + 100))

    def child():
        return desk.child(f"{next(numbers)}")

    def torn():
        return contest(desk, f"{next(numbers)}")

    a, b, c, d, e, f = torn(), torn(), torn(), child(), child(), child()
    g, h, i, j, k = child(), child(), child(), child(), child()
    desk.ask("link", one=h, other=i, reason="visit")
    desk.ask("resolve", id=b, fields=[["surname_1", "Vela"]])
    return [
        Pair("resolve one way and the other", lambda x: x.ask("resolve", id=a, fields=[["surname_1", "Vela"]], may_refuse=True),
             lambda x: x.ask("resolve", id=a, fields=[["surname_1", "Rojas"]], may_refuse=True),
             lambda x: values_of(x, a), {"Vela", "Rojas"}),
        Pair("take a resolution back and edit over it", lambda x: x.ask("unresolve", id=b, may_refuse=True),
             lambda x: x.ask("set", id=b, fields=[["surname_1", "Ríos"]], reason="seen"), lambda x: values_of(x, b), {"Ríos"}),
        Pair("settle by a rule and delete", lambda x: x.ask("resolve", type="child", where=f"_id = '{c}'", prefer="earliest"),
             lambda x: x.ask("delete", id=c, reason="entered twice", may_refuse=True), lambda x: is_open(x, c), True),
        Pair("link and distinct", lambda x: x.ask("link", one=d, other=e, reason="visit"),
             lambda x: x.ask("distinct", one=d, other=e), lambda x: decision_on(x, d, e).get("_contested"), ["verdict"]),
        Pair("unlink and erase", lambda x: x.ask("unlink", one=h, other=i, may_refuse=True),
             lambda x: x.ask("erase", id=h, reason="asked"), lambda x: gone(x, h), True),
        Pair("flag and erase", lambda x: x.ask("flag", id=f, kind="outlier", may_refuse=True),
             lambda x: x.ask("erase", id=f, reason="asked"), lambda x: gone(x, f), True),
        Pair("edit and erase", lambda x: x.ask("set", id=g, fields=[["surname_1", "Ríos"]], reason="seen", may_refuse=True),
             lambda x: x.ask("erase", id=g, reason="asked"), lambda x: gone(x, g)),
        Pair("flag and explain", lambda x: x.ask("flag", id=j, kind="outlier"),
             lambda x: x.ask("flag", id=j, kind="outlier", state="explained"),
             lambda x: [r["state"] for r in rows(x, "data_flag") if r["record"] == j]),
        Pair("link and delete", lambda x: x.ask("link", one=k, other=d, reason="visit", may_refuse=True),
             lambda x: x.ask("delete", id=k, reason="entered twice"), lambda x: decision_on(x, k, d)["verdict"]),
    ]


def month_pairs(facility):
    """The municipality's node, which drafted and approved the month, and the one that signs for the facility."""
    month = {"period": MONTH}

    def act(x):
        (shown,) = x.ask("act.list", **month)
        return shown["id"], shown["state"], shown["changed_since"]

    def approval(x):
        return [(a["level"], a["state"], a["counts"]) for a in x.ask("approvals", territory=DISTRICT, **month)]

    def delete_act(x):
        (shown,) = x.ask("act.list", **month)
        x.ask("delete", id=shown["id"], reason="drafted too early")

    return [
        Pair("sign and draft anew", lambda x: x.ask("act.sign", anyway=True, may_refuse=True, **month),
             lambda x: (x.child("99000290"), x.ask("act.draft", facility=facility, again=True, **month)), act),
        Pair("return and approve", lambda x: x.ask("approve", territory=DISTRICT, step="return", reason="look", may_refuse=True, **month),
             lambda x: x.ask("approve", territory=DISTRICT, may_refuse=True, **month), approval),
        Pair("sign and delete", lambda x: x.ask("act.sign", anyway=True, may_refuse=True, **month), delete_act,
             lambda x: [a["state"] for a in x.ask("act.list", **month)], ["contested"]),
    ]


def register_parties(midis, muni):
    """Of the monthly act."""
    own = next(m["org"] for m in midis.ayni("member", "list") if m["name"] == midis.name)
    midis.ayni("set", f"organisation:{own}", "roles=health,midis")
    midis.ayni("member", "add", muni.ayni("card")["card"], "--org", "org-muni")
    midis.ayni("set", "organisation:org-muni", "kind=municipality")
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta", "territory=160301",
               "active=true")


def part(nodes, desks, tried):
    """The one does it while the other is away, and the other way round."""
    nodes[1].stop()
    for pair in tried:
        pair.one(desks[0])
    nodes[0].stop()
    nodes[1].start()
    for pair in tried:
        pair.other(desks[1])
    nodes[0].start()
    agree(nodes)
    alike(nodes, desks, tried, apart=True)


def agree(nodes):
    for _ in range(2):
        for node in nodes:
            until(lambda n=node: n.ayni("sync", "--wait", "--timeout", "60")["in_sync"], 90, f"{node.name} in sync")


def alike(nodes, desks, tried, apart=False):
    said = []
    for node in nodes:
        with Control(node.home) as control:
            assert control.one("verify", full=True)["ok"]
            said.append({q: a for q, a in answers(control, None).items() if q.startswith(ALIKE)})
    assert said[0] == said[1], f"the nodes answer otherwise:\n{differences(*said)}"
    for pair in tried:
        one, other = (pair.then(desk) for desk in desks)
        assert one == other, (pair.name, one, other)
        assert not apart or pair.apart is ANY or one == pair.apart, (pair.name, one, pair.apart)


with Federation("midis", "muni") as fed:
    midis, muni = nodes = [fed["midis"], fed["muni"]]
    fed.space(SPACE, "muni")
    register_parties(midis, muni)
    desks = [Desk(midis), Desk(muni)]
    agree([midis, muni])
    apart, together = pairs(desks[1], 99000100), pairs(desks[0], 99000300)
    agree(nodes)

    part(nodes, desks, apart)

    # Of a month.
    desks[1].ask("act.draft", period=MONTH, facility="renaes:00004321")
    agree(nodes)
    desks[0].ask("act.sign", period=MONTH, anyway=True)
    agree(nodes)
    desks[1].ask("approve", period=MONTH, territory=DISTRICT)
    agree(nodes)
    for pair in month_pairs("renaes:00004321"):
        part(nodes, desks, [pair])

    # On one node, at once.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for pair in together:
            for done in [pool.submit(pair.one, desks[0]), pool.submit(pair.other, desks[0])]:
                done.result()
    agree(nodes)
    alike(nodes, desks, together)
