#!/usr/bin/env python3
"""A month's acts are approved level by level: in order, by who may, returned with a reason, and what changes after shows."""

import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, frozen, until  # noqa: E402

KINDS = {"muni": ["kind=municipality"], "red": ["kind=authority", "roles=health"], "gore": ["kind=regional_government"]}


def approve(node, step, *more, territory="160301", code=0):
    return node.ayni("approve", "2026-09", "--territory", territory, "--step", step, *more, code=code)


def levels(node, territory="16"):
    return {(a["territory"], a["level"]): a for a in node.ayni("approvals", "2026-09", "--territory", territory)}


with Federation("midis", "muni", "red", "gore") as fed:
    midis, muni, red, gore = nodes = [fed[n] for n in ("midis", "muni", "red", "gore")]
    fed.space("padron", "muni", "red", "gore")

    for name, kinds in KINDS.items():
        midis.ayni("member", "add", fed[name].ayni("card")["card"], "--org", f"org-{name}")
        midis.ayni("set", f"organisation:org-{name}", *kinds)
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta",
               "territory=160301", "active=true")
    child = muni.ayni("put", "child", "--space", "padron", "surname_1=Vela", "given_names=Ana", "birth_date=2024-03-05",
                      "sex=f", "ubigeo=160301", "state=active", "dni=99000001")["id"]
    fed.agree()
    approve(muni, "approve", code=1)  # there is no act
    muni.ayni("act", "draft", "2026-09", "--facility", "renaes:00004321")
    approve(muni, "approve", code=3)  # which the facility hasn't signed
    fed.agree()
    red.ayni("act", "sign", "2026-09")
    fed.agree()
    waiting = muni.ayni("approvals", "2026-09")
    assert [(a["territory"], a["level"], a["state"]) for a in waiting] == [("160301", "municipality", None)], waiting

    # Who may not, and what isn't the next step.
    approve(red, "approve", code=3)    # the municipality hasn't
    approve(gore, "approve", territory="16", code=3)
    approve(midis, "approve", code=3)
    approve(red, "accept", code=1)     # nothing to accept
    approve(muni, "accept", code=3)    # there is nothing below a municipality
    approve(muni, "approve", "--level", "midis", code=3)
    approve(red, "return", code=2)     # without a reason
    muni.ayni("approve", "2026-09", "--territory", "1603O1", code=2)

    # Who may write at all may write a record that says to be an act, of anybody and of any district: it is named, and hinders nobody.
    other = gore.ayni("get", "organisation:org-gore")["id"]
    draft = gore.ayni("put", "monthly_act", "--space", "padron", f"municipality={other}", "facility=renaes:00004321",
                      "month=2026-09", "children=7", "added=7", "removed=0", "open_problems=0", "list_root=" + "ab" * 32,
                      f"signers={other}")["id"]
    fed.agree()
    content = approve(muni, "ready")
    assert (content["state"], content["acts"], content["acts_unsigned"]) == ("ready", 1, 1), content
    assert [(w["code"], "org-gore (160301)" in w["message"]) for w in content["warnings"]] == [("not_signed", True)], content
    approve(red, "approve", code=3)    # still: the municipality hasn't
    done = approve(muni, "approve")
    assert (done["state"], done["level"], done["acts"], done["written"]) == ("approved", "municipality", 1, True), done
    assert done["content"] == content["content"] and done["warnings"][0]["code"] == "not_signed", done
    assert not muni.ayni("approve", "2026-09", "--territory", "160301")["written"], "approve is what it does if not said"
    approve(muni, "ready", code=3)     # no way back by oneself
    fed.agree()

    # Back with a reason, and up again.
    returned = approve(red, "return", "--reason", "one child is missing")
    assert (returned["state"], returned["reason"], returned["level"]) == ("returned", "one child is missing", "municipality")
    fed.agree()
    approve(red, "approve", code=3)
    assert levels(muni)["160301", "municipality"]["reason"] == "one child is missing"
    assert approve(muni, "approve")["state"] == "approved"
    fed.agree()
    accepted = approve(red, "accept")
    assert (accepted["state"], accepted["org"], accepted["reason"]) == ("accepted", "org-red", None), accepted
    assert approve(red, "approve")["level"] == "network"
    fed.agree()
    approve(midis, "approve", territory="16", code=3)  # the region hasn't
    over = approve(gore, "approve", territory="16")
    assert (over["level"], over["acts"], over["acts_unsigned"]) == ("region", 1, 1), over
    gore.ayni("delete", draft, "--reason", "tried")
    fed.agree()
    assert not approve(gore, "approve", territory="16")["written"], "what wasn't signed was never in it"
    fed.agree()
    assert approve(midis, "accept", territory="16")["state"] == "accepted"
    assert approve(midis, "approve", territory="16")["level"] == "midis"
    fed.agree()
    for node in nodes:
        states = until(lambda n=node: len(s := levels(n)) == 4 and s, 30, f"approvals at {node.name}")
        assert {key: a["state"] for key, a in states.items()} == {
            ("160301", "municipality"): "accepted", ("160301", "network"): "approved", ("16", "region"): "accepted",
            ("16", "midis"): "approved"}, states
        assert all(a["counts"] and not a["content_changed"] and not a["contested"] for a in states.values()), states

    # What is published names its file and the approval that it rests on, for everybody who holds the space.
    top = levels(midis)["16", "midis"]
    file = hashlib.blake2b(b"resumen", digest_size=32).hexdigest()
    publication = ("put", "publication", "--space", "padron", "kind=brief", "territory=16", "month=2026-09", "language=spa", f"file={file}")
    midis.ayni(*publication, f"approval={top['id']}", code=3)  # nobody says how many cells are hidden
    midis.ayni(*publication, f"approval={top['id']}", "suppressed=2")
    fed.agree()
    published = ("query", "SELECT p.file, p.suppressed, a.level, a.state FROM publication p JOIN approval a ON a._id = p.approval")
    for node in nodes:
        assert node.ayni(*published) == [{"file": file, "suppressed": 2, "level": "midis", "state": "approved"}], node.ayni(*published)

    # What was approved is nobody else's to say, whether or not it is true.
    network = levels(muni)["160301", "network"]
    muni.ayni("set", network["id"], "content=" + "ab" * 32)
    assert not levels(muni)["160301", "network"]["counts"]
    fed.agree()
    assert approve(red, "approve")["written"]
    fed.agree()
    network = levels(muni)["160301", "network"]
    assert network["counts"] and not network["content_changed"], network

    # What changes after shows at every level: the children as of the act, the act as of its approvals.
    muni.ayni("set", child, "given_names=Ana Lucia")
    again = approve(muni, "approve")
    assert not again["written"] and again["acts_changed"] == 1, again
    assert again["warnings"][0]["code"] == "changed_since", again
    muni.ayni("act", "draft", "2026-09", "--facility", "renaes:00004321", "--again")
    fed.agree()
    for node in nodes:
        states = levels(node)
        assert all(a["content_changed"] for a in states.values()), states
        assert states["16", "midis"]["state"] == "approved", "nothing is reopened"

    # Who has no part in it can say what it likes: it doesn't count, and who may says it anew.
    muni.ayni("set", levels(muni)["160301", "network"]["id"], "state=accepted")
    fed.agree()
    assert not levels(midis)["160301", "network"]["counts"]
    approve(gore, "approve", territory="16", code=3)
    red.ayni("act", "sign", "2026-09")
    fed.agree()

    # Two approve at once, apart: one state, and the contents both stand until somebody approves again.
    red.stop()
    approve(muni, "approve")
    with frozen(midis, muni, gore):
        red.start()
        red.ayni("set", child, "sex=m")
        assert approve(red, "return", "--reason", "sex")["state"] == "returned"
    fed.agree()
    seen = {node.name: levels(node)["160301", "municipality"]["state"] for node in nodes}
    assert len(set(seen.values())) == 1, seen
    assert approve(muni, "approve")["state"] == "approved"
    fed.agree()
    assert approve(red, "approve")["state"] == "approved"
