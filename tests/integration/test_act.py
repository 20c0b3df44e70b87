#!/usr/bin/env python3
"""The monthly act: a municipality drafts it, the facility's side signs it on its own node, and what changes after shows."""

import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, frozen  # noqa: E402

FACILITY = "renaes:00004321"
DRAFT = ("act", "draft", "2026-09", "--facility", FACILITY)
ids = {}


def write(node, number, **more):
    values = {"surname_1": "Vela", "given_names": "Ana " + chr(64 + number), "birth_date": "2024-03-05", "sex": "f",
              "ubigeo": "160301", "state": "active", "dni": f"990000{number:02}", **more}
    ids[number] = node.ayni("put", "child", "--space", "padron", *(f"{k}={v}" for k, v in values.items()))["id"]


def changes(act):
    return sorted((one["change"], one["id"]) for one in act["differences"])


def signers(act):
    return sorted((one["org"], one["counts"]) for one in act["signers"])


with Federation("midis", "muni", "red", "hospital") as fed:
    midis, muni, red, hospital = nodes = [fed[n] for n in ("midis", "muni", "red", "hospital")]
    fed.space("padron", "muni", "red", "hospital")

    # Each node is of an organisation of its own; steering says what kind each is.
    for node, kinds in ((muni, ["kind=municipality"]), (red, ["kind=authority", "roles=health"]),
                        (hospital, ["kind=authority", "roles=health"])):
        midis.ayni("member", "add", node.ayni("card")["card"], "--org", f"org-{node.name}")
        midis.ayni("set", f"organisation:org-{node.name}", *kinds)
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta",
               "territory=160301", "active=true")
    for number in range(1, 9):
        write(muni, number)
    write(muni, 9, ubigeo="160302")
    write(muni, 10, birth_date="2018-03-05")  # is six by then
    write(muni, 11, birth_date="2026-09-15")  # born in the month
    write(muni, 12, birth_date="2026-10-02")  # born after it
    write(muni, 13, state="moved_abroad")
    write(muni, 14)
    muni.ayni("put", "death", "--space", "padron", f"subject={ids[14]}", "date=2026-09-20", "certified=true",
              "source=manual", "source_id=d1")
    fed.agree()

    # Who may not draft, and what can't be drafted.
    red.ayni(*DRAFT, code=3)
    muni.ayni(*DRAFT, "--municipality", "org-red", code=3)
    muni.ayni("act", "draft", "2026-09", "--facility", "renaes:99", code=1)
    muni.ayni("act", "draft", "2100-01", "--facility", FACILITY, code=2)
    muni.ayni("act", "show", "2026-09", code=1)

    act = muni.ayni(*DRAFT)
    assert (act["children"], act["added"], act["removed"], act["open_problems"]) == (9, 1, 1, 0), act
    assert act["written"] and act["state"] == "draft" and act["territory"] == "160301", act
    assert not muni.ayni(*DRAFT)["written"], "the same again"
    assert muni.ayni("get", act["id"])["versions"] == 1
    fed.agree()
    midis.ayni("act", "sign", "2026-09", code=3)

    # The facility's node has another list, which it hasn't sent: it sees in what before it signs.
    red.stop()
    muni.ayni("set", ids[6], "given_names=Anita")
    with frozen(midis, muni, hospital):
        red.start()
        write(red, 15)
        red.ayni("set", ids[2], "given_names=Ana Lucia")
        red.ayni("set", ids[6], "given_names=Juana")
        red.ayni("delete", ids[3], "--reason", "entered twice")
        here = sorted([("added", ids[15]), ("edited", ids[2]), ("edited", ids[6]), ("removed", ids[3])])
        shown = red.ayni("act", "show", "2026-09")
        assert shown["changed_since"] and shown["named"] and shown["children_now"] == 9, shown
        assert changes(shown) == here, (shown, ids)
        refused = red.ayni("act", "sign", "2026-09", code=1)
        assert changes(refused) == here and not refused["written"] and refused["state"] == "draft", refused
        # With open eyes it may: what it signs is the municipality's list.
        signed = red.ayni("act", "sign", "2026-09", "--anyway")
        assert signed["written"] and signed["state"] == "signed" and signed["changed_since"], signed
        assert signed["list_root"] == act["list_root"] and not red.ayni("act", "sign", "2026-09")["written"]
    fed.agree()
    assert changes(muni.ayni("act", "show", "2026-09")) == here

    # Drafted anew only where somebody says so, and then all sign anew. What is open blocks nothing.
    muni.ayni(*DRAFT, code=3)
    act = muni.ayni(*DRAFT, "--again")
    assert act["written"] and act["state"] == "draft" and act["children"] == 9 and not act["changed_since"], act
    assert act["open_problems"] == 1, act

    # Nobody signs for another: what is set by hand is shown as what it is.
    fed.agree()
    midis.ayni("set", act["id"], "signers=" + ",".join(midis.ayni("get", f"organisation:org-{n.name}")["id"]
                                                      for n in (muni, red)))
    fed.agree()
    faked = red.ayni("act", "show", "2026-09")
    assert faked["state"] == "draft" and signers(faked) == [("org-muni", True), ("org-red", False)], faked

    # Two sign at once, apart: both are there in the end.
    red.stop()
    assert hospital.ayni("act", "sign", "2026-09")["state"] == "signed"
    with frozen(midis, muni, hospital):
        red.start()
        assert red.ayni("act", "sign", "2026-09")["written"]
    fed.agree()
    for node in nodes:
        shown = node.ayni("act", "show", "2026-09")
        assert signers(shown) == [("org-hospital", True), ("org-muni", True), ("org-red", True)], shown
        assert shown["state"] == "signed" and shown["changed_since"] is False and shown["differences"] == [], shown

    # What stands beside the list isn't anybody's to change unseen, and no signature is crowded out or taken away.
    for said in ("children=1000000", "open_problems=0", "facility=" + ids[1]):
        field = said.split("=")[0]
        midis.ayni("set", act["id"], said)
        shown = midis.ayni("act", "show", "2026-09")
        assert shown["state"] == "altered" and len(signers(shown)) == 3, (said, shown)
        midis.ayni("set", act["id"], f"{field}={FACILITY if field == 'facility' else act[field]}")
        assert midis.ayni("act", "show", "2026-09")["state"] == "signed"
    for said in ("", ",".join(str(uuid.UUID(int=n)) for n in range(1, 10))):
        midis.ayni("set", act["id"], f"signers={said}")
        shown = midis.ayni("act", "show", "2026-09")
        assert shown["state"] == "signed" and [s[0] for s in signers(shown) if s[1]] == [
            "org-hospital", "org-muni", "org-red"], shown

    # On paper, in both languages.
    midis.sync()
    muni.sync()
    groups = " ".join(act["list_root"][i:i + 4] for i in range(0, 32, 4))
    for lang, words in (("en", ("MONTHLY ACT", "Signed electronically", "as it is in the act", "contested")),
                        ("es", ("ACTA MENSUAL", "Firmado electr", "como en el acta", "en conflicto"))):
        page = muni.run("--lang", lang, "act", "print", "2026-09").stdout
        assert all(word in page for word in (*words, groups, "org-muni", "given_names", ids[6])), page

    # What changes after shows on all nodes, child by child, and reopens nothing.
    red.ayni("set", ids[5], "sex=m", "--reason", "seen")
    muni.ayni("set", ids[4], "state=moved_abroad")
    write(hospital, 17)
    fed.agree()
    for node in nodes:
        shown = node.ayni("act", "show", "2026-09")
        assert shown["changed_since"] and shown["state"] == "signed" and shown["children_now"] == 9, shown
        assert changes(shown) == sorted([("edited", ids[5]), ("removed", ids[4]), ("added", ids[17])]), shown
        (listed,) = node.ayni("act", "list", "2026-09", "--territory", "16")
        assert listed["changed_since"] and listed["children_now"] == 9, listed
        assert node.ayni("act", "list", "2026-08") == [] and node.ayni("act", "list", "--territory", "15") == []

    # Of several districts in one listing each has its own list.
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004322", "name=Nauta 2",
               "territory=160302", "active=true")
    midis.ayni("set", "organisation:org-hospital", "kind=municipality")
    fed.agree()
    assert hospital.ayni("act", "draft", "2026-09", "--facility", "renaes:00004322")["children"] == 1
    listed = {act["municipality"]: act for act in hospital.ayni("act", "list", "2026-09")}
    assert (listed["org-hospital"]["changed_since"], listed["org-hospital"]["children_now"]) == (False, 1), listed
    assert (listed["org-muni"]["changed_since"], listed["org-muni"]["children_now"]) == (True, 9), listed

    # Two records that links join are one child of the list; parted again, it is as before.
    pair = sorted((ids[7], ids[8]))
    muni.ayni("link", *pair, "--reason", "same_names")
    joined = muni.ayni("act", "show", "2026-09", "--municipality", "org-muni")
    assert joined["children_now"] == 8, joined
    assert set(changes(joined)) - set(changes(shown)) == {("edited", pair[0]), ("removed", pair[1])}, joined
    muni.ayni("unlink", *pair, "--reason", "other")
    assert changes(muni.ayni("act", "show", "2026-09", "--municipality", "org-muni")) == changes(shown)

    # The next month is told against this act, as it was when it was drafted.
    october = muni.ayni("act", "draft", "2026-10", "--facility", FACILITY)
    assert (october["children"], october["added"], october["removed"]) == (10, 2, 1), october
