#!/usr/bin/env python3
"""Writes, syncs and maps that fail, at each step of a commit: refused and told, reading goes on, and so does writing
as soon as the disk does, without a restart."""

import errno
import os
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from answers import answers, differences  # noqa: E402
from control_client import Control, Refused  # noqa: E402
from disk import Disk  # noqa: E402
from federation import Federation, until  # noqa: E402

STEPS = 7  # calls of a commit of log/ and of the one of views/ that follows it
SEED = int(os.environ.get("AYNI_SEED", 1))
rng = random.Random(SEED)


class Writer:
    """Puts people, and knows which were acknowledged, and of which it is known that views/ has followed."""

    def __init__(self, node):
        self.node, self.acknowledged, self.followed = node, [], 0

    def put(self):
        """Whether it was acknowledged; what else is answered must be a failure of the store."""
        with Control(self.node.home) as control:
            try:
                fields = [["surname_1", "Vela"], ["given_names", "Ana"]]
                self.acknowledged.append(control.one("put", type="person", space="visits", fields=fields)["id"])
                return True
            except Refused as refused:
                assert refused.error["code"] in ("full", "io"), refused
                assert refused.error["hint"], refused
                return False

    def read(self, healthy=True):
        """Reading goes on: what was acknowledged is there, each as a whole; what came while views/ fails, later."""
        self.followed = len(self.acknowledged) if healthy else self.followed
        there = self.acknowledged[:self.followed]
        with Control(self.node.home) as control:
            people = {row["_id"]: row for row in control.rows("list", type="person")}
            control.one("get", id=there[-1])
        assert set(there) <= set(people), "acknowledged, and gone"
        assert all(row["surname_1"] == "Vela" and row["given_names"] == "Ana" for row in people.values()), "half a record"

    def state(self):
        with Control(self.node.home) as control:
            return control.one("status")["store"]["state"]


def caught_up(node):
    with Control(node.home) as control:
        store = control.one("status")["store"]
    return store["state"] == "ok" and store["behind"] == 0


def try_fault(writer, disk, what, error, count, skip, torn):
    """One kind of failure, then a disk that works again."""
    told = f"AYNI_SEED={SEED}: {what} {errno.errorcode[error]} count={count} skip={skip} torn={torn}"
    try:
        disk.fail(what, error, count=count, skip=skip, torn=torn)
        for _ in range(2):
            writer.put()
        writer.read(healthy=False)
        disk.heal()
        until(lambda: writer.put(), 60, "a write after the disk was healed")
        until(lambda: caught_up(writer.node), 60, "projections that catch up")
        writer.read()
    except BaseException:
        print(told, file=sys.stderr)
        raise


def same_after(node, change, what):
    with Control(node.home) as control:
        before = answers(control, sample=30)
    change()
    with Control(node.home) as control:
        after = answers(control, sample=30)
        assert control.one("verify", full=True)["ok"]
    assert before == after, f"AYNI_SEED={SEED}: {what}: {differences(before, after)}"


def restart(node, disk):
    node.kill()
    node.start(disk=disk)


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("visits")
    assert midis.stop() == 0
    disk = Disk(fed.folder / "disk", midis.home)
    midis.start(disk=disk)
    writer = Writer(midis)
    assert writer.put()

    # As long as it fails nothing is written, all say so, and reading goes on.
    for what in ("write", "sync"):
        disk.fail(what, errno.EIO)
        assert not writer.put() and not writer.put()
        assert writer.state() == "failing"
        run = midis.run("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")
        assert run.returncode == 5 and "fails" in run.stderr, run
        writer.read()
        assert "log_write_failed reason=io" in midis.log(50)
        disk.heal()
        until(writer.put, 60, "a write")
        assert "log_write_resumed" in midis.log(50)

    # No room at all, as statvfs says too.
    disk.fill()
    assert not writer.put() and writer.state() == "full"
    assert midis.run("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana").returncode == 5
    writer.read()
    disk.heal()
    until(writer.put, 60, "a write")
    until(lambda: caught_up(midis), 60, "projections that catch up")

    # Each step of a commit, failing once, twice, for good; whole or torn.
    for skip in range(STEPS):
        for count in (1, 2):
            try_fault(writer, disk, "write", rng.choice((errno.EIO, errno.ENOSPC)), count, skip, rng.random() < 0.5)
        try_fault(writer, disk, "sync", errno.EIO, 1, skip, False)
    same_after(midis, lambda: midis.ayni("rebuild"), "a rebuild")
    same_after(midis, lambda: restart(midis, disk), "a restart")

    # A file that can't be mapped again once it has been unmapped: for reading there is nothing while that lasts.
    disk.fail("map", errno.ENOMEM, count=1)
    disk.fail("write", errno.EIO, count=1, skip=4)
    writer.put()
    disk.heal()
    until(writer.put, 60, "a write")
    until(lambda: caught_up(midis), 60, "projections that catch up")
    writer.read()
    same_after(midis, lambda: restart(midis, disk), "a restart")
