#!/usr/bin/env python3
"""Power that goes while a node writes, on ext4 and XFS: everything acknowledged before is there, and all of it holds together.

A file system in a file is shut down as its driver offers for this (FS_IOC_SHUTDOWN without flushing): nothing that
isn't on the disk by then gets there. Then the daemon is killed, the file system unmounted, mounted, and the node
started. AYNI_CUTS is how often (100 on each), AYNI_SEED chooses the rest.
"""

import fcntl
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import activities  # noqa: E402
from answers import answers, differences  # noqa: E402
from control_client import Control  # noqa: E402
from federation import Federation, Node, skip, until  # noqa: E402
from heads import heads  # noqa: E402
from kills import check_told  # noqa: E402

CUTS = int(os.environ.get("AYNI_CUTS", 100))
SEED = int(os.environ.get("AYNI_SEED", 1))
SHUTDOWN, WITHOUT_FLUSHING = 0x8004587D, 2
SIZE_MIB = 400
KINDS = ("ext4", "xfs")
for kind in KINDS:
    if shutil.which(f"mkfs.{kind}") is None:
        skip(f"there is no mkfs.{kind} here")


class FileSystem:
    """A file system in a file, that can lose its power."""

    def __init__(self, folder, kind):
        self.image, self.folder, self.kind = folder / f"{kind}.image", folder / kind, kind
        with open(self.image, "wb") as file:
            file.truncate(SIZE_MIB << 20)
        subprocess.run([f"mkfs.{kind}", "-q", self.image], check=True, capture_output=True)
        self.folder.mkdir()
        self.mount()

    def mount(self):
        run = subprocess.run(["mount", "-o", "loop", self.image, self.folder], capture_output=True, text=True)
        if run.returncode != 0:
            skip(f"a file system in a file can't be mounted here (root can): {run.stderr.strip()}")

    def cut(self):
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING))
        finally:
            os.close(folder)

    def in_use(self):
        """Also where another process has made itself a view of all that is mounted, and keeps it for a while."""
        return subprocess.run(["losetup", "-j", self.image], capture_output=True, text=True, check=True).stdout != ""

    def unmount(self):
        until(lambda: subprocess.run(["umount", self.folder], capture_output=True).returncode == 0, 20, "unmounting")
        until(lambda: not self.in_use(), 60, "the end of all that uses the disk")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.folder], capture_output=True)


class Cuts:
    """A node on that disk, and a peer elsewhere that hears of what it writes."""

    def __init__(self, federation, disk, rng):
        self.disk, self.rng, self.peer = disk, rng, federation["midis"]
        self.node = Node(disk.folder, "loreto")
        self.node.log_path = federation.folder / f"{self.node.name}.log"
        federation.nodes[self.node.name] = self.node
        federation.add(self.node)
        self.peer.ayni("space", "grant", activities.SPACE, self.node.name, "writer")
        until(lambda: any(s["space"] == activities.SPACE and s["role"] == "writer" for s in self.node.ayni("space", "list")), 30, "the right")
        with Control(self.node.home) as control:
            self.node.key = control.one("status")["node"][1].hex()
            fields = [["surname_1", "Rojas"], ["given_names", "Ana"]]
            shared = control.one("put", type="person", space=activities.SPACE, fields=fields)["id"]
        self.activities = [a(self.node, rng, shared) for a in activities.ACTIVITIES]

    def write_and_cut(self):
        errors, stop = [], threading.Event()
        busy = self.rng.sample(self.activities, 3)
        threads = [threading.Thread(target=lambda a=a: errors.append(self.work(a, stop))) for a in busy]
        for thread in threads:
            thread.start()
        time.sleep(self.rng.random() * 0.4)
        self.disk.cut()
        stop.set()
        self.node.kill()
        for thread in threads:
            thread.join()
        for error in errors:
            if error is not None:
                raise error
        return [a.mark for a in busy]

    def work(self, activity, stop):
        """A write that the dead disk refuses is no error; one that it acknowledges would be found missing."""
        error = activities.work(activity, lambda: Control(self.node.home), stop)
        return None if isinstance(error, (activities.Refused, OSError)) else error

    def round(self):
        told = self.write_and_cut()
        self.disk.unmount()
        self.disk.mount()
        self.peer.kill()
        check_told(self.node, self.peer)
        assert not any(head["forked"] for head in heads(self.node.home).values())
        self.peer.start()
        self.node.start()
        with Control(self.node.home) as control:
            until(lambda: control.one("sync", wait=True, timeout=60)["in_sync"], 60, "in sync")
            for activity in self.activities:
                activity.check(control)
            assert control.one("verify", full=True)["ok"]
            before = answers(control, 50)
            control.one("rebuild")
            after = answers(control, 50)
        assert before == after, f"after {told}: {differences(before, after)}"


for kind in KINDS:
    with Federation("midis") as fed:
        midis = fed["midis"]
        fed.space(activities.SPACE)
        with FileSystem(fed.folder, kind) as disk:
            cuts = Cuts(fed, disk, random.Random(SEED))
            for cut in range(CUTS):
                try:
                    cuts.round()
                except BaseException:
                    print(f"AYNI_SEED={SEED}: {kind}, cut {cut + 1}", file=sys.stderr)
                    raise
            assert cuts.node.stop() == 0
            del fed.nodes[cuts.node.name]
    print(f"{CUTS} power cuts on {kind}")
