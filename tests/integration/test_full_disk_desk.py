#!/usr/bin/env python3
"""Each command of the desk on a full disk: refused with where, how much and what to do, nothing half there; reading goes on; and
with room the same command does its work, without a restart."""

import concurrent.futures
import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from control_client import Control  # noqa: E402
from disk import Disk  # noqa: E402
from federation import Federation, until  # noqa: E402

CHILD = {"given_names": "Ana", "birth_date": "2024-03-05", "sex": "f", "ubigeo": "160301", "state": "active"}
KINDS = ("child", "identifier", "link_decision", "data_flag", "spot_check", "monthly_act", "approval")


def put(node, dni, surname):
    fields = [f"{k}={v}" for k, v in {**CHILD, "surname_1": surname, "dni": dni}.items()]
    return node.ayni("put", "child", "--space", "padron", *fields)["id"]


def contest(node, dni):
    """A register says otherwise than who entered her."""
    id_ = put(node, dni, "Vela")
    node.ayni("import", "child", "-", "--space", "padron", stdin=f"dni,surname_1\n{dni},Rojas\n")
    return id_


class Full:
    """What is asked of a node while its disk is full, and again with room."""

    def __init__(self, node, disk):
        self.node, self.disk = node, disk

    def refuses(self, *command, stdin=None):
        before = self.shown()
        self.disk.fill()
        run = self.node.run(*command, stdin=stdin)
        assert run.returncode == 5, (command, run)
        assert str(self.node.home) in run.stderr and "is full" in run.stderr and "goes on by itself" in run.stderr, (command, run)
        assert self.shown() == before, command
        self.disk.heal()

    def then_does(self, *command, stdin=None):
        self.refuses(*command, stdin=stdin)
        before = self.shown()
        answer = self.node.ayni(*command, stdin=stdin)
        assert self.shown() != before, f"{command} changed nothing: {answer}"
        return answer

    def shown(self):
        """All that anybody wrote, by its history."""
        with Control(self.node.home) as control:
            ids = [row["_id"] for kind in KINDS for row in control.rows("list", type=kind)]
            return [control.many("log", id=id_) for id_ in ids]


with Federation("midis", "muni") as fed:
    midis, muni = fed["midis"], fed["muni"]
    fed.space("padron", "muni")
    org = next(m["org"] for m in midis.ayni("member", "list") if m["name"] == "midis")
    midis.ayni("set", f"organisation:{org}", "roles=health,midis")
    midis.ayni("member", "add", muni.ayni("card")["card"], "--org", "org-muni")
    midis.ayni("set", "organisation:org-muni", "kind=municipality")
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta", "territory=160301",
               "active=true")
    disks = {}
    for node in (midis, muni):
        node.stop()
        disks[node] = Disk(fed.folder / f"disk of {node.name}", node.home)
        node.start(disk=disks[node])
    midis.sync()
    muni.sync()
    full = Full(muni, disks[muni])
    one, other = put(muni, "99000001", "Vela"), put(muni, "99000002", "Vela")
    torn = contest(muni, "99000003")
    many = [contest(muni, f"9900001{i}") for i in range(3)]

    full.then_does("resolve", torn, "surname_1=Vela", "--reason", "asked")
    full.then_does("unresolve", torn)
    full.then_does("resolve", "--prefer", "earliest", "--type", "child")
    full.then_does("unresolve", "--since", "2026-01-01", "--type", "child")
    full.then_does("link", one, other, "--reason", "visit")
    full.then_does("unlink", one, other)
    full.then_does("distinct", one, other)
    full.then_does("flag", one, "outlier")
    full.then_does("flag", one, "outlier", "--state", "explained")
    full.then_does("put", "child", "--space", "padron", "dni=99000004", "surname_1=Vela", *(f"{k}={v}" for k, v in CHILD.items()))

    form = list(csv.DictReader(io.StringIO(muni.run("spot-check", "--sample", 2, "--space", "padron", "--type", "child").stdout)))
    for row in form:
        row.update(date="2026-10-01", found="true")
    text = io.StringIO()
    table = csv.DictWriter(text, form[0])
    table.writeheader()
    table.writerows(form)
    answers = fed.folder / "answers.csv"
    answers.write_text(text.getvalue())
    full.then_does("spot-check", "--answers", answers, "--space", "padron")

    # Two children under one number, of whom each node entered one.
    both = put(muni, "99000005", "Vela")
    muni.sync()
    midis.sync()
    midis.ayni("set", both, "given_names=Rosa", "surname_1=Rojas")
    midis.sync()
    until(lambda: muni.ayni("get", both)["fields"]["surname_1"] == "Rojas", 30, "the other child")
    new = full.then_does("split", both, "--node", "midis", "--reason", "two children")["id"]
    full.then_does("unsplit", new, "--reason", "one after all")
    full.then_does("act", "draft", "2026-09", "--facility", "renaes:00004321")
    until(lambda: midis.ayni("act", "list", "2026-09"), 30, "the act")
    Full(midis, disks[midis]).then_does("act", "sign", "2026-09", "--anyway")
    until(lambda: muni.ayni("act", "list", "2026-09")[0]["state"] == "signed", 30, "the signature")
    full.then_does("approve", "2026-09", "--territory", "160301")

    # What must be written all the same: where views/ alone finds no room to forget who is erased, the ballast is for it.
    full.then_does("link", one, other, "--reason", "visit")
    muni.stop()
    views = Disk(fed.folder / "disk of views", muni.home / "views")
    muni.start(disk=views)
    views.fill()
    put(muni, "99000006", "Vela")  # is in log/ and can't be read yet
    until(lambda: muni.ayni("status")["store"]["state"] == "full", 30, "a full disk")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        erased = pool.submit(muni.ayni, "erase", one, "--reason", "asked")
        until(lambda: (muni.home / "ballast").stat().st_size == 0, 30, "room for what is erased")
        views.fail("write", 0)  # what was given up is enough; as free is still nothing
        assert erased.result()["linked"] == [other]
    until(lambda: muni.run("get", one).returncode == muni.run("get", other).returncode == 1, 30, "nobody who was erased")
    assert muni.ayni("list", "data_flag") == []
    assert muni.run("put", "person", "--space", "padron", "surname_1=Vela", "given_names=Ana").returncode == 5, "what isn't urgent"
    views.heal()
    put(muni, "99000007", "Vela")
    assert muni.ayni("verify", "--full")["ok"]
