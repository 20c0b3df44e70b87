"""What a node is busy with when it is killed, and what must be there afterwards.

An activity belongs to one node and lives as long as its federation. step() asks the daemon for one thing and notes
what was acknowledged; when the daemon dies in the middle it raises Gone. check() looks, after the restart, that
nothing acknowledged is missing and that what wasn't is there as a whole or not at all. To try something new (a backup,
an erasure), write a class and put it into ACTIVITIES.
"""

import itertools
import json
import shutil
import subprocess

from control_client import Gone, Refused
from federation import BIN, until

SPACE = "visits"
ROWS = (3, 3, 40, 40, 40, 200, 200, 1100)  # the last goes into the bulk lane
numbers = itertools.count(10_000_000)  # national numbers, each used once


def word(number):
    """A number as a name, which has letters alone."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def number_of(name):
    return int("".join(str(ord(letter) - ord("a")) for letter in name))


def value_of(record, field):
    """What is shown: the value, or the first of the alternatives."""
    return record["fields"].get(field)


class Activity:
    def __init__(self, node, random, shared):
        """`shared` is a record that all nodes of the federation may change."""
        self.node, self.random, self.shared = node, random, shared
        self.mark = f"{node.name} {type(self).__name__}"

    def step(self, control):
        raise NotImplementedError

    def check(self, control):
        raise NotImplementedError


class Puts(Activity):
    """New records."""

    def __init__(self, *given):
        super().__init__(*given)
        self.acknowledged = {}
        self.tried = 0

    def step(self, control):
        self.tried += 1
        name = f"{self.mark} {word(self.tried)}"
        fields = [["surname_1", name], ["given_names", "Ana"]]
        record = control.one("put", type="person", space=SPACE, fields=fields)["id"]
        self.acknowledged[record] = name

    def check(self, control):
        people = {row["_id"]: row for row in control.rows("list", type="person", space=SPACE)}
        for record, name in self.acknowledged.items():
            assert people.get(record, {}).get("surname_1") == name, f"{record} {name} is gone: {people.get(record)}"
        mine = [row for row in people.values() if row["surname_1"].startswith(self.mark + " ")]
        assert all(row["given_names"] == "Ana" for row in mine), "half a record"
        assert len(mine) <= self.tried, "more records than were asked for"


class Sets(Activity):
    """One record, changed again and again."""

    def __init__(self, *given):
        super().__init__(*given)
        self.record = None
        self.tried = self.acknowledged = 0

    def step(self, control):
        if self.record is None:
            fields = [["surname_1", self.mark], ["given_names", word(0)]]
            self.record = control.one("put", type="person", space=SPACE, fields=fields)["id"]
        self.tried += 1
        control.one("set", id=self.record, fields=[["given_names", word(self.tried)]], reason="counted")
        self.acknowledged = self.tried

    def check(self, control):
        if self.record is None:
            return
        shown = number_of(value_of(control.one("get", id=self.record), "given_names"))
        assert self.acknowledged <= shown <= self.tried, f"{shown} is shown, {self.acknowledged} was acknowledged"
        told = {entry["fields"].get("given_names") for entry in control.many("log", id=self.record)}
        assert told == {word(n) for n in range(shown + 1)}, f"the history of {self.record} has holes: {told}"
        self.tried = self.acknowledged = shown


def import_people(control, dnis, surname, name):
    rows = [[i + 2, dni, surname, "Ana"] for i, dni in enumerate(dnis)]
    chunks = [rows[i:i + 256] for i in range(0, len(rows), 256)]
    *rejects, counts = control.many("import", chunks, type="person", space=SPACE,
                                    header=["dni", "surname_1", "given_names"], file=name, rows=len(rows))
    assert not rejects, f"{counts}, the first for {rejects[0]}"
    return counts


class Resolves(Activity):
    """A person's value and a register's differ; the steward settles it."""

    def __init__(self, *given):
        super().__init__(*given)
        self.contested, self.settled, self.pending = set(), {}, None

    def step(self, control):
        dni = f"{next(numbers)}"
        fields = [["dni", dni], ["surname_1", "Vela"], ["given_names", "Ana"]]
        record = control.one("put", type="person", space=SPACE, fields=fields)["id"]
        assert import_people(control, [dni], "Rojas", "register.csv")["conflicts"] == 1
        self.contested.add(record)
        self.pending = (record, f"Settled {word(dni)}")
        control.one("resolve", id=record, fields=[["surname_1", self.pending[1]]], reason="asked her")
        self.settled[record] = self.pending[1]
        self.contested.remove(record)
        self.pending = None

    def check(self, control):
        waiting = {conflict["id"] for conflict in control.many("conflicts", space=SPACE)}
        if self.pending is not None and self.pending[0] not in waiting:
            self.settled[self.pending[0]] = self.pending[1]
            self.contested.remove(self.pending[0])
        self.pending = None
        assert self.contested <= waiting, f"conflicts are gone: {self.contested - waiting}"
        for record, name in self.settled.items():
            state = control.one("get", id=record)
            assert value_of(state, "surname_1") == name and not state["contested"], f"{record}: {state}"


class Imports(Activity):
    """Files of rows; the one that was cut off is imported again."""

    def __init__(self, *given):
        super().__init__(*given)
        self.acknowledged, self.pending = [], None

    def step(self, control):
        self.pending = self.pending or [f"{next(numbers)}" for _ in range(self.random.choice(ROWS))]
        answer = import_people(control, self.pending, self.mark, "people.csv")
        assert answer["created"] + answer["unchanged"] == len(self.pending), answer
        self.acknowledged += self.pending
        self.pending = None

    def check(self, control):
        people = {row["dni"]: row for row in control.rows("export", type="person", space=SPACE) if "dni" in row}
        assert all(dni in people for dni in self.acknowledged), "imported rows are gone"
        mine = [row for row in people.values() if row["surname_1"] == self.mark]
        assert all(row["given_names"] == "Ana" for row in mine), "half a row"
        known = {*self.acknowledged, *(self.pending or [])}
        assert all(row["dni"] in known for row in mine), "rows that nobody imported"


class Contests(Activity):
    """All nodes change the same record, apart or not, and settle it now and then."""

    def __init__(self, *given):
        super().__init__(*given)
        self.tried, self.acknowledged = 0, set()

    def step(self, control):
        self.tried += 1
        name = f"{self.mark} {word(self.tried)}"
        change = {"id": self.shared, "fields": [["surname_2", name]], "reason": "contested"}
        contested = "surname_2" in control.one("get", id=self.shared)["contested"]
        try:
            control.one("resolve" if contested and self.random.random() < 0.3 else "set", **change)
        except Refused as refused:
            if refused.error["code"] != "not_found":  # another has settled it meanwhile
                raise
            return
        self.acknowledged.add(name)

    def check(self, control):
        told = {entry["fields"].get("surname_2") for entry in control.many("log", id=self.shared)}
        assert self.acknowledged <= told, f"gone from the history: {self.acknowledged - told}"


def ask_unless_busy(control, command, **arguments):
    """The answer, or None where something else is in the way."""
    try:
        return control.one(command, **arguments)
    except Refused as refused:
        if refused.error["code"] != "busy":
            raise
        return None


class Rebuilds(Activity):
    """views/ made anew; that it ends in the same is what the round compares."""

    def step(self, control):
        control.one("rebuild")

    def check(self, control):
        pass


class Compactions(Activity):
    """Both stores written anew under their names, while others write: a kill leaves the old file or the new one."""

    def step(self, control):
        done = ask_unless_busy(control, "compact")  # with a rebuild, a backup
        assert done is None or 0 < done["bytes"] == done["log_bytes"] + done["views_bytes"], done

    def check(self, control):
        for store in ("log", "views"):  # where the node compacts by itself, that ends
            until(lambda s=store: not list((self.node.home / s).glob("*.new*")), 60, f"nothing left in {store}")


class Backups(Activity):
    """Copies of the node while it works: what is under its name is whole, and makes a home; anything else doesn't."""

    def __init__(self, *given):
        super().__init__(*given)
        self.tried, self.acknowledged = [], {}

    def step(self, control):
        folder = self.node.home.parent / f"{self.node.name} backup {len(self.tried)}"
        self.tried.append(folder)
        done = ask_unless_busy(control, "backup", folder=str(folder))  # with a compaction
        if done is None:
            assert not any(folder.iterdir()), "a backup that was refused left something"
            return
        self.acknowledged[folder] = done["entries"]

    def check(self, control):
        for folder in self.tried[-4:]:
            home = folder.with_suffix(".restored")
            arguments = [BIN / "ayni", "--json", "--home", home, "restore", folder]
            restore = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
            if folder in self.acknowledged:
                assert json.loads(restore.stdout)["entries"] == self.acknowledged[folder], restore
            else:
                assert (restore.returncode == 0) == (folder / "log.ayni").exists(), restore
            shutil.rmtree(home, ignore_errors=True)
        for folder in self.tried:
            shutil.rmtree(folder, ignore_errors=True)
        self.tried, self.acknowledged = [], {}


class Erases(Activity):
    """Records that are erased, and stay so."""

    def __init__(self, *given):
        super().__init__(*given)
        self.erased, self.pending = {}, {}  # by record, the name that nobody is to find any more
        self.tried = 0

    def step(self, control):
        self.tried += 1
        name = f"{self.mark} {word(f'{self.tried:06}')}"
        fields = [["surname_1", name], ["given_names", "Ana"]]
        record = control.one("put", type="person", space=SPACE, fields=fields)["id"]
        self.pending = {record: name}
        control.one("erase", id=record, space=SPACE, reason="asked for", only=True)
        self.erased |= self.pending
        self.pending = {}

    def check(self, control):
        here = {row["_id"] for row in control.rows("list", type="person", space=SPACE)}
        assert not self.erased.keys() & here, f"erased, and here again: {self.erased.keys() & here}"
        if not self.pending.keys() & here:
            self.erased |= self.pending
        self.pending = {}


ACTIVITIES = (Puts, Sets, Resolves, Imports, Contests, Rebuilds, Compactions, Backups, Erases)


def work(activity, connect, stop):
    """Until the daemon is gone, or `stop` is set. What goes wrong otherwise is answered."""
    try:
        with connect() as control:
            while not stop.is_set():
                activity.step(control)
    except Gone:
        return None
    except Exception as error:  # told by the thread that joins this one
        return error
    return None
