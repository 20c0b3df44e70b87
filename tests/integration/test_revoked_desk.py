#!/usr/bin/env python3
"""A member is revoked while it works on, and one that hasn't heard of it takes what it writes: what it decided before counts, what it
decided after doesn't, whoever held it, and is listed; all nodes answer alike."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from answers import answers, differences  # noqa: E402
from control_client import Control  # noqa: E402
from federation import Federation, until  # noqa: E402

SPACE = "padron"
CHILD = ("given_names=Ana", "birth_date=2024-03-05", "sex=f", "ubigeo=160301", "state=active")
ALIKE = ("list ", "export ", "get ", "conflict", "view ", "act")
AFTER = {"child", "identifier", "link_decision", "data_flag", "monthly_act"}  # of which types it wrote afterwards


def child(node, dni, surname="Vela"):
    return node.ayni("put", "child", "--space", SPACE, f"dni={dni}", f"surname_1={surname}", *CHILD)["id"]


def contest(node, dni):
    """A register says otherwise than who entered her."""
    id_ = child(node, dni)
    node.ayni("import", "child", "-", "--space", SPACE, stdin=f"dni,surname_1\n{dni},Rojas\n")
    return id_


def sync(*nodes):
    for node in nodes:
        until(lambda n=node: n.ayni("sync", "--wait", "--timeout", "60")["in_sync"], 90, f"{node.name} in sync")


def draft(node, *more):
    return node.ayni("act", "draft", "2026-09", "--facility", "renaes:00004321", *more)


def register_parties(midis, muni):
    own = next(m["org"] for m in midis.ayni("member", "list") if m["name"] == midis.name)
    midis.ayni("set", f"organisation:{own}", "roles=health,midis")
    midis.ayni("member", "add", muni.ayni("card")["card"], "--org", "org-muni")
    midis.ayni("set", "organisation:org-muni", "kind=municipality")
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta", "territory=160301",
               "active=true")


with Federation("midis", "muni", "loreto") as fed:
    midis, muni, loreto = (fed[name] for name in ("midis", "muni", "loreto"))
    fed.space(SPACE, "muni", "loreto")
    register_parties(midis, muni)
    settled, waiting = contest(loreto, "99000001"), contest(loreto, "99000002")
    one, other, apart, alone = (child(loreto, f"9900000{i}") for i in range(3, 7))
    sync(loreto, muni)

    # While it was a member.
    muni.ayni("resolve", settled, "surname_1=Vela")
    muni.ayni("link", one, other, "--reason", "visit")
    muni.ayni("flag", apart, "outlier")
    draft(muni)
    sync(muni, midis)
    midis.ayni("act", "sign", "2026-09")
    sync(midis, muni)
    muni.ayni("approve", "2026-09", "--territory", "160301")
    sync(muni, midis, loreto)

    # It goes on, and so does who hears of nothing but that.
    muni.stop()
    loreto.stop()
    midis.ayni("member", "revoke", "muni", "--reason", "left")
    midis.stop()
    muni.start()
    loreto.start()
    muni.ayni("unresolve", settled)
    muni.ayni("resolve", waiting, "surname_1=Rojas")
    muni.ayni("distinct", one, other)
    muni.ayni("flag", alone, "outlier")
    late = child(muni, "99000009")
    draft(muni, "--again")
    muni.ayni("link", apart, alone, "--reason", "visit")
    until(lambda: loreto.ayni("get", apart).get("linked"), 60, "the last that it wrote")
    until(lambda: loreto.run("get", late).returncode == 0, 60, "the child that it entered")
    loreto.ayni("set", waiting, "given_names=Rosa")  # having seen what won't count
    muni.stop()
    midis.start()
    until(lambda: not loreto.ayni("get", apart).get("linked"), 60, "loreto to hear that it was revoked")
    sync(loreto, midis)

    said = []
    for node in (midis, loreto):
        state = {id_: node.ayni("get", id_) for id_ in (settled, waiting, one, apart)}
        assert state[settled]["fields"]["surname_1"] == "Vela" and not state[settled]["contested"], state[settled]
        assert set(state[waiting]["contested"]) == {"surname_1"} and state[waiting]["fields"]["given_names"] == "Rosa", state[waiting]
        assert state[one]["linked"] == [other] and not state[apart].get("linked"), state
        assert late not in {row["_id"] for row in node.ayni("list", "child")}
        assert [flag["record"] for flag in node.ayni("list", "data_flag")] == [apart]
        (act,), (approval,) = node.ayni("act", "list", "2026-09"), node.ayni("approvals", "2026-09", "--territory", "16")
        assert act["state"] == "signed" and approval["state"] == "approved" and approval["counts"], (act, approval)
        assert not approval["content_changed"], approval
        assert {p["type"] for p in node.ayni("problems") if "no_right" in p.values()} == AFTER, node.ayni("problems")
        with Control(node.home) as control:
            said.append({q: a for q, a in answers(control).items() if q.startswith(ALIKE)})
    assert said[0] == said[1], differences(*said)
