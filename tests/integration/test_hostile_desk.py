#!/usr/bin/env python3
"""A member who may write, and writes what hurts whoever works at a desk: names that command a terminal, links without
end, acts and approvals in the name of others. Nothing of it reaches the terminal raw, stops anybody, or counts."""

import os
import pathlib
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Federation, until  # noqa: E402
from second_node import SecondNode  # noqa: E402  (skips where it must)
from terminal import Terminal, need_terminal  # noqa: E402

need_terminal()
os.environ |= {"AYNI_PAGER": "cat", "NO_COLOR": "1"}  # what is long waits for nobody; escapes are of others then

SPACE = "padron"
# A title and a cleared screen; a CSI in one character; text that is read backwards; another line; a formula.
EVIL = "=1\x1b]0;owned\x07\x1b[2J\u009b31m\u202enimda\u2066\u200f\u2028\n  2  Vela (shown now)\x00"
HARMLESS = "\r\n\t"
MONTH = 20697  # 2026-09


def hazards(text):
    """What commands a terminal or turns the order of reading."""
    return {hex(ord(c)) for c in text if (ord(c) < 0x20 and c not in HARMLESS) or 0x7F <= ord(c) <= 0x9F
            or ord(c) in (0x61C, 0x200E, 0x200F) or 0x2028 <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069}


def all_of(terminal):
    """Up to its end."""
    said = b""
    while True:
        try:
            piece = os.read(terminal.ours, 65536)
        except OSError:  # Linux answers EIO where the other end is closed
            break
        if not piece:
            break
        said += piece
    terminal.process.wait()
    os.close(terminal.ours)
    return (terminal.seen.encode() + said).decode()


class Desk:
    """What the member writes, by names of the catalogue."""

    def __init__(self, member):
        self.member, self.space = member, member.space_named(SPACE)

    def write(self, type_name, record, **fields):
        number = self.member.type_number(type_name)
        numbers = {row[3]: n for n, row in self.member.fields_of(number).items()}
        self.member.write(self.space, number, record, {numbers[name]: value for name, value in fields.items()})

    def child(self, dni, **fields):
        record = self.member.derived(self.member.type_number("child"), ["dni", dni])
        self.write("child", record, **{"surname_1": EVIL, "given_names": EVIL, "birth_date": 20148, "sex": "f",
                                       "ubigeo": "160101", "state": "active", **fields})
        return record


def name_of(record):
    return str(uuid.UUID(bytes=record))


def names_stay_text(midis, one, other):
    """Whatever answers show them, and however."""
    for command in (("get", one), ("log", one), ("list", "child"), ("problems",), ("conflicts", "show", one), ("duplicates",),
                    ("query", "SELECT * FROM child"), ("query", "SELECT surname_1 FROM child", "--format", "csv"),
                    ("query", "SELECT surname_1 FROM child", "--format", "json"), ("export", "child"),
                    ("--json", "get", one), ("spot-check", "--sample", "2", "--space", SPACE, "--type", "child"),
                    ("set", one, EVIL.replace("\x00", "")), ("link", one, other, "--reason", "visit"), ("get", other),
                    ("unlink", one, other), ("act", "print", "2026-09")):
        said = all_of(Terminal(midis, *command))
        assert not hazards(said), (command, hazards(said), said)
    for command in ("review", "--type", "child"), ("review", "--duplicates"):
        desk = Terminal(midis, *command)
        said = desk.read(",q,?]")
        desk.type("h")
        said += desk.read(",q,?]")
        desk.type("q")
        said += all_of(desk)
        assert "nimda" in said and not hazards(said), (command, said)


def files_hold_the_text(midis):
    """As it is in JSON and CSV; as no formula in what Excel opens."""
    held = EVIL
    assert {row["surname_1"] for row in midis.ayni("list", "child")} == {held}
    for more, first in ((), '"=1'), (("--excel",), "\"'=1"):
        run = subprocess.run([BIN / "ayni", "--home", midis.home, "export", "child", *more], capture_output=True, check=True)
        text = run.stdout.decode()
        assert first in text and ("\"=" not in text or not more), (more, text)
        assert held in text, text


def links_end(midis, desk, children):
    """In a circle, with itself, in a star that nobody may be one in."""
    ids = [uuid.uuid4().bytes for _ in range(80)]
    for record in (children[0], ids[0]):
        desk.write("link_decision", uuid.uuid4().bytes, a=record, b=record, verdict="same", reason=["visit"])
    for a, b in [*zip(ids, ids[1:] + ids[:1]), *((ids[0], other) for other in ids[2:]), (children[0], ids[0])]:
        desk.write("link_decision", uuid.uuid4().bytes, a=a, b=b, verdict="same", reason=["visit"])
    desk.member.agree()
    got = until(lambda: (g := midis.ayni("get", name_of(children[0]))).get("link_contested") and g, 30, "the contested link")
    assert "linked" not in got, got
    assert not midis.ayni("get", name_of(children[1])).get("linked")
    midis.ayni("erase", name_of(children[0]), "--reason", "asked", code=3)
    assert midis.ayni("query", "SELECT count(DISTINCT _child) AS n FROM child")[0]["n"] == 2


def acts_of_others_are_nobodys(midis, desk, facility):
    """A million children, signed by all; and the approval of it. Neither counts."""
    orgs = {m["name"]: midis.ayni("get", f"organisation:{m['org']}")["id"] for m in midis.ayni("member", "list")}
    muni = uuid.UUID(orgs["midis"]).bytes
    desk.write("monthly_act", uuid.uuid4().bytes, municipality=muni, facility=facility, month=MONTH, children=1000000,
               added=1000000, removed=0, open_problems=0, list_root=bytes(32), signers=sorted(uuid.UUID(o).bytes for o in orgs.values()))
    desk.write("approval", uuid.uuid4().bytes, territory="160101", month=MONTH, workflow="monthly_act", level="midis",
               state="approved", content=bytes(32), reason=EVIL)
    desk.member.agree()
    acts = until(lambda: midis.ayni("act", "list", "2026-09"), 30, "the act")
    assert [(a["state"], a["changed_since"]) for a in acts] == [("unsigned", True)], acts
    assert not any(s["counts"] and s["org"] == "midis" for s in midis.ayni("act", "show", "2026-09")["signers"])
    said = midis.ayni("approvals", "2026-09", "--territory", "16")
    assert not any(a.get("counts") for a in said), said


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space(SPACE)
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta", "territory=160101",
               "active=true")
    facility = uuid.UUID(midis.ayni("get", "facility:renaes:00004321")["id"]).bytes
    member = SecondNode("outsider", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", member.card())
    midis.ayni("space", "grant", SPACE, "outsider", "writer")
    member.connect(midis)
    member.agree()
    desk = Desk(member)
    midis.ayni("put", "child", "--space", SPACE, "dni=99000071", "given_names=Ana", "surname_1=Vela", "birth_date=2025-03-01",
               "sex=f", "ubigeo=160101", "state=active")
    children = [desk.child(dni) for dni in ("99000071", "99000072")]  # the first unseen: contested
    member.agree()
    acts_of_others_are_nobodys(midis, desk, facility)
    names_stay_text(midis, *map(name_of, children))
    files_hold_the_text(midis)
    links_end(midis, desk, children)
    member.close()
