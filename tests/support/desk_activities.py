"""What people do at a desk, while it is killed: activities of tests/support/kills.py as those of tests/support/activities.py."""

import contextlib

from activities import SPACE, Activity, import_people, numbers, value_of, word
from control_client import Refused

MUNICIPALITY, FACILITY = "loreto", "renaes:00004321"  # who drafts acts, and of what: kills.py registers both
CHILD = {"surname_1": "Vela", "given_names": "Ana", "birth_date": "2024-03-05", "sex": "f", "ubigeo": "160301", "state": "active"}
MONTH, DISTRICT = "2026-09", "160301"


def put_two(control, mark, name):
    """Two persons of one name."""
    fields = [["surname_1", name], ["given_names", mark]]
    return [control.one("put", type="person", space=SPACE, fields=fields)["id"] for _ in range(2)]


class Links(Activity):
    """Two persons, of whom it is decided again and again whether they are one."""

    DECISIONS = (("link", {"reason": "visit"}, "same"), ("distinct", {}, "different"), ("unlink", {}, "undecided"))

    def __init__(self, *given):
        super().__init__(*given)
        self.two, self.verdict, self.tried = None, None, None

    def step(self, control):
        self.two = self.two or put_two(control, "Ana", f"{self.mark} two")
        words = [d for d in self.DECISIONS if d[2] != self.verdict and (self.verdict or d[2] != "undecided")]
        command, more, self.tried = self.random.choice(words)
        control.one(command, one=self.two[0], other=self.two[1], **more)
        self.verdict, self.tried = self.tried, None

    def check(self, control):
        if self.two is None:
            return
        told = {row["verdict"] for row in control.rows("list", type="link_decision", space=SPACE)
                if {row["a"], row["b"]} == set(self.two)}
        assert len(told) <= 1 and told <= {self.verdict, self.tried}, f"{told}, not {self.verdict} or {self.tried}"
        self.verdict, self.tried = next(iter(told), None), None
        for one, other in (self.two, self.two[::-1]):
            linked = control.one("get", id=one).get("linked", [])
            assert linked == ([other] if self.verdict == "same" else []), (linked, self.verdict)


class ErasesLinked(Activity):
    """Two who are one are erased as one, with the decision on them."""

    def __init__(self, *given):
        super().__init__(*given)
        self.tried, self.erased, self.pending = 0, {}, None

    def step(self, control):
        self.tried += 1
        name = f"{self.mark} {word(f'{self.tried:06}')}"
        two = put_two(control, "Ana", name)
        control.one("link", one=two[0], other=two[1], reason="visit")
        self.pending = (two, name)
        control.one("erase", id=two[self.tried % 2], space=SPACE, reason="asked for")
        self.erased |= {record: name for record in two}
        self.pending = None

    def check(self, control):
        here = {row["_id"] for row in control.rows("list", type="person", space=SPACE)}
        named = {id_ for row in control.rows("list", type="link_decision", space=SPACE) for id_ in (row["a"], row["b"])}
        assert not self.erased.keys() & (here | named), f"erased, and here: {self.erased.keys() & (here | named)}"
        if self.pending is not None and not here & set(self.pending[0]):
            self.erased |= {record: self.pending[1] for record in self.pending[0]}
        self.pending = None


class Flags(Activity):
    """Follow-up marks: opened, and answered."""

    STATES = ("open", "explained", "corrected")

    def __init__(self, *given):
        super().__init__(*given)
        self.said, self.tried = {}, None

    def step(self, control):
        kind = self.random.choice(("outlier", "rule_failed", "accuracy"))
        self.tried = (kind, self.random.choice([s for s in self.STATES if s != self.said.get(kind)]))
        control.one("flag", id=self.record(control), kind=kind, state=self.tried[1])
        self.said[kind], self.tried = self.tried[1], None

    def record(self, control):
        if not hasattr(self, "about"):
            fields = [["surname_1", f"{self.mark} one"], ["given_names", "Ana"]]
            self.about = control.one("put", type="person", space=SPACE, fields=fields)["id"]
        return self.about

    def check(self, control):
        told = {row["kind"]: row["state"] for row in control.rows("list", type="data_flag", space=SPACE)
                if row["record"] == getattr(self, "about", None)}
        if self.tried is not None and told.get(self.tried[0]) == self.tried[1]:
            self.said[self.tried[0]] = self.tried[1]
        self.tried = None
        assert told == self.said, f"marks are {told}, and {self.said} was acknowledged"


class Acts(Activity):
    """The act of a month: drafted anew by one, signed by the other, who is of the health side."""

    def __init__(self, *given):
        super().__init__(*given)
        self.signed = set()  # of which list this node's signature was acknowledged

    def step(self, control):
        if self.node.name == MUNICIPALITY:
            fields = [["dni", f"{next(numbers)}"], *([k, v] for k, v in CHILD.items())]
            control.one("put", type="child", space=SPACE, fields=fields)
            act = control.one("act.draft", period=MONTH, facility=FACILITY, again=True)
        else:
            try:
                act = control.one("act.sign", period=MONTH, anyway=True)
            except Refused as refused:
                if refused.error["code"] != "not_found" and "contested" not in refused.error["text"]:
                    raise  # none was drafted yet; or both have drafted and signed at once
                return
        self.signed.add(act["list_root"])

    def check(self, control):
        for act in control.many("act.list", period=MONTH):
            shown = control.one("act.show", id=act["id"])
            said = [one for one in shown["signers"] if one["counts"] and one["node"][1].hex() == self.node.key]
            assert said or shown["list_root"] not in self.signed, f"a signature is gone: {shown}"


class Approves(Activity):
    """The act of the month, approved by the municipality and by the level above it, or returned."""

    def __init__(self, *given):
        super().__init__(*given)
        self.said = []  # states of the approval that this node was told it had set

    def step(self, control):
        steps = ("ready", "approve") if self.node.name == MUNICIPALITY else ("accept", "return", "approve")
        step = self.random.choice(steps)
        reason = {"reason": "look again"} if step == "return" else {}
        with contextlib.suppress(Refused):  # most are: it isn't signed, it is contested, or it isn't that level's turn
            done = control.one("approve", period=MONTH, territory=DISTRICT, step=step, **reason)
            if done["written"]:
                self.said.append((done["id"], done["state"]))

    def check(self, control):
        for record in {record for record, _ in self.said}:
            told = {entry["fields"].get("state") for entry in control.many("log", id=record)}
            said = {state for one, state in self.said if one == record}
            assert said <= told, f"gone from the history of {record}: {said - told}"
        for approval in control.many("approvals", period=MONTH, territory=DISTRICT):
            assert approval["level"] in ("municipality", "network", "midis"), approval


class SpotChecks(Activity):
    """A sample is drawn, and its answers come back."""

    def __init__(self, *given):
        super().__init__(*given)
        self.about, self.said, self.tried = [], {}, {}

    def step(self, control):
        fields = [["surname_1", f"{self.mark} checked"], ["given_names", "Ana"]]
        self.about.append(control.one("put", type="person", space=SPACE, fields=fields)["id"])
        control.rows("spot_check", sample=5, type="person", space=SPACE, seed="killed")
        self.tried = {record: self.random.choice(("true", "false", "partly", "absent")) for record in self.about[-4:]}
        self.tried = {record: word for record, word in self.tried.items() if record not in self.said}
        rows = [[i + 2, record, "2026-09-30", word, "seed killed", "random"] for i, (record, word) in enumerate(self.tried.items())]
        *rejects, counts = control.many("import", [rows], type="spot_check", space=SPACE, file="form.csv", rows=len(rows),
                                        header=["record", "date", "found", "reason", "chosen"])
        assert not rejects and counts["created"] == len(rows), (rejects, counts)
        self.said |= self.tried
        self.tried = {}

    def check(self, control):
        mine = set(self.about)
        told = {row["record"]: row["found"] for row in control.rows("list", type="spot_check", space=SPACE) if row["record"] in mine}
        assert all(told.get(record) == found for record, found in self.said.items()), "answers are gone"
        assert told.items() <= (self.said | self.tried).items(), "answers that nobody gave"
        self.said |= told
        self.tried = {}


class SettlesMany(Activity):
    """Two values of each of some people, all settled by one rule, and taken back by one command."""

    def __init__(self, *given):
        super().__init__(*given)
        self.records, self.settled, self.cut_off = [], None, False  # settled: all of them, or none of them

    def step(self, control):
        if not self.records:
            self.contest(control)
        self.cut_off = True
        if self.settled:
            control.many("unresolve", type="person", space=SPACE, since="2020-01-01", where=self.mine())
        else:
            control.many("resolve", type="person", space=SPACE, where=self.mine(), prefer="earliest", reason="asked")
        self.settled, self.cut_off = not self.settled, False

    def mine(self):
        return f"surname_1 LIKE '{self.mark}%'"

    def contest(self, control):
        dnis = [f"{next(numbers)}" for _ in range(4)]
        records = [control.one("put", type="person", space=SPACE,
                               fields=[["dni", dni], ["surname_1", f"{self.mark} first"], ["given_names", "Ana"]])["id"] for dni in dnis]
        assert import_people(control, dnis, f"{self.mark} second", "register.csv")["conflicts"] == len(dnis)
        self.records, self.settled = records, False

    def check(self, control):
        if not self.records:
            return
        waiting = {conflict["id"] for conflict in control.many("conflicts", space=SPACE)} & set(self.records)
        if not self.cut_off:
            assert waiting == (set() if self.settled else set(self.records)), f"{waiting} wait, settled: {self.settled}"
        for record in set(self.records) - waiting:
            assert value_of(control.one("get", id=record), "surname_1") == f"{self.mark} first", record
        self.settled = not waiting  # what was cut off goes on where it was


DESK = (Links, ErasesLinked, Flags, Acts, Approves, SpotChecks, SettlesMany)
