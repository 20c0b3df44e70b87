#!/usr/bin/env python3
"""A node that is lost comes back from its backup: it goes on in feeds of its own and fetches what it wrote since."""

import json
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Failed, Federation, until  # noqa: E402

SPACE = "visits"


def put(node, name):
    return node.ayni("put", "person", "--space", SPACE, "surname_1=Vela", f"given_names={name}")["id"]


def names(node):
    return sorted(row["given_names"] for row in node.ayni("list", "person"))


def feeds(node):
    """Of a node at rest, by (author, space, lane): how many feeds there are."""
    run = subprocess.run([BIN / "log_heads", node.home / "log"], capture_output=True, text=True, timeout=60, check=True)
    count = {}
    for head in map(json.loads, run.stdout.splitlines()):
        assert not head["forked"], head
        key = (head["node"], head["space"], head["lane"])
        count[key] = count.get(key, 0) + 1
    return count


def refused(node, *arguments, code):
    try:
        node.ayni(*arguments, code=0)
    except Failed as failed:
        assert failed.code == code, failed
        return json.loads(failed.stdout)["error"]
    raise AssertionError(f"{arguments} was done")


def heard(node):
    until(lambda: not node.ayni("status")["hearing"], 60, f"{node.name} has heard")


def lose(node):
    """The machine is gone, with all that was on it."""
    if node.process is not None:
        node.kill()
    shutil.rmtree(node.home)


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space(SPACE, "loreto")
    for name in ("Ana", "Bea"):
        put(loreto, name)
    folder = fed.folder / "backup of loreto"

    # What can't be is refused, and leaves nothing behind.
    (fed.folder / "full").mkdir()
    (fed.folder / "full" / "letter").write_text("dear")
    assert "not empty" in refused(loreto, "backup", fed.folder / "full", code=3)["message"]
    assert [p.name for p in (fed.folder / "full").iterdir()] == ["letter"]
    refused(loreto, "backup", "/proc/nowhere", code=5)
    refused(loreto, "restore", fed.folder / "full", code=3)  # its own home is there
    home, loreto.home = loreto.home, fed.folder / "other"
    assert refused(loreto, "restore", fed.folder / "full", code=1)["code"] == "not_found"
    refused(loreto, "restore", code=2)
    assert not loreto.home.exists()
    loreto.home = home

    # A backup holds what there was, and what makes it this node; for its owner alone.
    done = loreto.ayni("backup", folder)
    assert done["done"] and done["folder"] == str(folder) and done["entries"] > 0, done
    assert sorted(p.name for p in folder.iterdir()) == ["log.ayni", "node.key"]
    assert all(p.stat().st_mode & 0o77 == 0 for p in [folder, *folder.iterdir()])
    assert (folder / "log.ayni").stat().st_size == done["bytes"]

    # Lost, with entries that came after the backup; others hold those.
    put(loreto, "Clara")
    until(lambda: names(midis) == ["Ana", "Bea", "Clara"], 30, "Clara at midis")
    lose(loreto)

    # One that was cut off, or changed, makes no home.
    whole = (folder / "log.ayni").read_bytes()
    for bad in (whole[:len(whole) // 2], whole[:-1], whole[:100] + b"x" + whole[101:], b""):
        (folder / "log.ayni").write_bytes(bad)
        refused(loreto, "restore", folder, code=3)
        assert not (loreto.home / "node.key").exists() and not (loreto.home / "log" / "data.mdb").exists()
    (folder / "log.ayni").write_bytes(whole)

    # A restore that is killed can be begun again.
    for pause in (0.0, 0.01, 0.03, 0.06):
        worker = subprocess.Popen([BIN / "aynid", "--worker", "restore", "--home", loreto.home, "--from", folder],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            worker.wait(pause)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        if (loreto.home / "node.key").exists():
            shutil.rmtree(loreto.home)
    back = loreto.ayni("restore", folder)
    assert back["name"] == "loreto" and back["entries"] == done["entries"], back
    assert not (loreto.home / "restoring").exists()

    # Before it has heard from another member what was erased since, it shows and takes no records.
    midis.stop()
    loreto.start()
    assert back["waiting"] and loreto.ayni("status")["hearing"]
    for command in (["list", "person"], ["export", "person"], ["put", "person", "--space", SPACE, "surname_1=X"], ["conflicts"],
                    ["problems"], ["view"], ["watch"]):
        assert refused(loreto, *command, code=3)["code"] == "hearing"
    assert loreto.ayni("member", "list") and loreto.ayni("peer", "list") and loreto.ayni("verify")["ok"]
    loreto.stop()
    midis.start()

    # It goes on: its lost entries come back, what it writes now is in feeds of its own, and nothing has forked.
    loreto.start()
    heard(loreto)
    until(lambda: names(loreto) == ["Ana", "Bea", "Clara"], 60, "its own newer entries at loreto")
    put(loreto, "Dora")
    put(midis, "Elsa")
    for node in (midis, loreto):
        until(lambda n=node: names(n) == ["Ana", "Bea", "Clara", "Dora", "Elsa"], 60, f"all at {node.name}")
        assert node.ayni("verify", "--full")["ok"]
    until(lambda: loreto.sync()["in_sync"], 60, "in sync")

    # The steering node likewise: it still steers.
    folder = fed.folder / "backup of midis"
    midis.ayni("backup", folder)
    put(midis, "Flor")
    midis.ayni("space", "create", "after")
    until(lambda: "Flor" in names(loreto), 30, "Flor at loreto")
    lose(midis)
    put(loreto, "Gina")
    midis.ayni("restore", folder)
    midis.start()
    heard(midis)
    everybody = ["Ana", "Bea", "Clara", "Dora", "Elsa", "Flor", "Gina"]
    until(lambda: names(midis) == everybody, 60, "all at midis")
    until(lambda: "after" in {s["space"] for s in midis.ayni("space", "list")}, 30, "the newer space at midis")
    ucayali = type(midis)(fed.folder, "ucayali")
    fed.nodes["ucayali"] = ucayali
    fed.add(ucayali)
    midis.ayni("space", "grant", SPACE, "ucayali", "writer")
    until(lambda: names(ucayali) == everybody, 60, "all at ucayali")
    put(ucayali, "Hilda")
    everybody.append("Hilda")
    for node in (midis, loreto, ucayali):
        until(lambda n=node: names(n) == everybody, 60, f"all at {node.name}")
        assert node.ayni("verify", "--full")["ok"]
    fed.agree()
    for node in (midis, loreto):
        node.stop()
    counts = feeds(midis)
    assert counts == feeds(loreto), counts
    assert max(counts.values()) == 2, counts

    # Where nobody can be reached, it is told to go on; and who is restored so waits for nobody.
    for more in ([], ["--alone"]):
        lose(ucayali)
        ucayali.ayni("restore", fed.folder / "backup of loreto", *more)
        ucayali.start()
        assert ucayali.ayni("status")["hearing"] == (more == [])
        if not more:
            refused(ucayali, "list", "person", code=3)
            assert ucayali.ayni("restore", "--alone")["done"]
            assert refused(ucayali, "restore", "--alone", code=1)["code"] == "not_found"
        assert names(ucayali) == ["Ana", "Bea"]
        ucayali.stop()
