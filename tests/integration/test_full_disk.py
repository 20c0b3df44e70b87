#!/usr/bin/env python3
"""A node on a full disk reads on, refuses to write and says how much it needs, and goes on by itself."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from answers import answers, differences  # noqa: E402
from control_client import Control  # noqa: E402
from federation import Federation, Node, skip, until  # noqa: E402

DISK = "48m"


class SmallDisk:
    """A file system in memory, for one node's home."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        run = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], capture_output=True, text=True)
        if run.returncode != 0:
            skip(f"a small file system can't be mounted here (root can): {run.stderr.strip()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.folder], check=True)

    def free(self):
        is_ = os.statvfs(self.folder)
        return is_.f_bavail * is_.f_frsize

    def fill(self, leave):
        with open(self.folder / "filler", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, self.free() - leave)

    def make_room(self):
        (self.folder / "filler").unlink()


PUT = ("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")


def put(node, **more):
    return node.ayni(*PUT, **more)


def store(node):
    return node.ayni("status")["store"]


def people(node):
    return sorted(row["_id"] for row in node.ayni("list", "person"))


def said(node):
    with Control(node.home) as control:
        return answers(control, sample=50)


def fill_up(node, disk, folder, first):
    """Until the daemon itself finds no room."""
    disk.fill(leave=400_000)
    for i in range(50):
        run = node.run("--json", "import", "person", people_file(folder, first + 1000 * i), "--space", "visits")
        if run.returncode != 0:
            return run
    raise AssertionError("the disk doesn't get full")


def people_file(folder, first, count=600):
    path = folder / f"people-{first}.csv"
    path.write_text("dni,surname_1,given_names\n" + "".join(f"{first + i},Vela,Ana\n" for i in range(count)))
    return path


with Federation("midis") as fed, SmallDisk(fed.folder / "disk") as disk:
    midis = fed["midis"]
    loreto = Node(disk.folder, "loreto")
    fed.nodes["loreto"] = loreto
    loreto.log_path = fed.folder / "loreto.log"
    fed.add(loreto)
    fed.space("visits", "loreto")
    assert (loreto.home / "ballast").stat().st_blocks > 0
    first = put(loreto)["id"]
    assert store(loreto)["state"] == "ok" and store(loreto)["needed"] == 0

    # Full: what doesn't fit is refused with what is needed, in JSON and for people.
    refused = fill_up(loreto, disk, fed.folder, 10_000_000)
    assert refused.returncode == 5 and '"code":"full"' in refused.stdout, refused
    is_ = store(loreto)
    assert is_["state"] == "full" and is_["needed"] > is_["free"], is_
    told = put(loreto, code=5)["error"]
    assert re.search(r"is full: [\d.]+ MB are free and [\d.]+ MB are needed", told["message"]), told
    assert "goes on by itself" in told["hint"], told
    needed = float(re.search(r"([\d.]+) MB are needed", told["message"])[1]) * 1e6
    assert abs(needed - is_["needed"]) <= 100_000, (needed, is_)
    spanish = loreto.run("--lang", "es", *PUT)
    assert spanish.returncode == 5 and "lleno" in spanish.stderr, spanish
    for command in (("set", first, "surname_1=Rojas"), ("delete", first, "--reason", "x"), ("space", "create", "more")):
        assert loreto.run(*command).returncode == 5, command
    assert "disk_full" in loreto.log(200) and "needed=" in loreto.log(200)

    # Reading goes on, for people and peers; what comes from others waits; nothing is half there.
    assert loreto.ayni("get", first)["fields"]["surname_1"] == "Vela"
    held = people(loreto)
    assert loreto.ayni("verify")["ok"]
    theirs = put(midis)["id"]
    assert not loreto.sync(3, code=1)["in_sync"]
    assert people(loreto) == held
    assert set(held) <= set(people(midis)), "what was acknowledged didn't reach the peer"

    # A restart on the full disk is no other.
    assert loreto.stop() == 0
    loreto.start()
    until(lambda: loreto.run(*PUT).returncode == 5, 30, "a refusal")
    assert set(held) <= set(people(loreto))  # a little more may have found room

    # With room, writing goes on without anybody's doing, also what came from others.
    disk.make_room()
    until(lambda: store(loreto)["state"] == "ok", 60, "room that is seen")
    put(loreto)
    until(lambda: theirs in people(loreto), 90, "what the peer wrote meanwhile")
    assert loreto.sync(60)["in_sync"] and midis.sync(60)["in_sync"]
    assert set(held) < set(people(loreto)) and people(loreto) == people(midis)
    assert "disk_has_room" in loreto.log(200)
    until(lambda: (loreto.home / "ballast").exists() and (loreto.home / "ballast").stat().st_blocks > 0, 60, "the ballast")
    assert loreto.ayni("verify", "--full")["ok"]
    before = said(loreto)
    loreto.ayni("rebuild")
    assert before == said(loreto), differences(before, said(loreto))
    assert loreto.stop() == 0
    del fed.nodes["loreto"]
