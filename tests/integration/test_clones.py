#!/usr/bin/env python3
"""Homes that are copied, and run twice; homes that are put back to what they were: nothing is lost, and everything counts."""

import json
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from copies import SPACE, Hands, clone, told  # noqa: E402
from federation import BIN, Federation, until  # noqa: E402


def heads(node):
    """Of a node at rest."""
    run = subprocess.run([BIN / "log_heads", node.home / "log"], capture_output=True, text=True, timeout=60, check=True)
    return list(map(json.loads, run.stdout.splitlines()))


def put_back(node, folder):
    """Both stores as they were, where they were: what a machine sees that was rolled back."""
    for store in ("log", "views"):
        shutil.rmtree(node.home / store)
        shutil.copytree(folder / store, node.home / store)


with Federation("midis", "loreto", "ucayali") as fed:
    midis, loreto, ucayali = fed["midis"], fed["loreto"], fed["ucayali"]
    fed.space(SPACE, "loreto", "ucayali")
    hands = Hands()
    for node in (midis, loreto, ucayali):
        hands.put(node)
    hands.held_by(midis, loreto, ucayali)
    keys = {n.name: n.ayni("card")["node"] for n in (midis, loreto, ucayali)}
    assert not any(told(node, key) for node in (midis, loreto, ucayali) for key in keys.values())

    # A home is copied to a second machine, and both go on. All operators are told.
    loreto.stop()
    second = clone(fed, loreto)
    loreto.start()
    second.start()
    for _ in range(3):
        hands.put(loreto)
        hands.put(second)
        hands.put(ucayali)
    hands.held_by(midis, loreto, second, ucayali)
    for node in (midis, loreto, second, ucayali):
        until(lambda n=node: told(n, keys["loreto"]) == {"runs_twice"}, 30, f"{node.home.name} is told")
        assert node.ayni("status")["problems"] >= 1
    assert "home_elsewhere" in second.log(1000) and "home_elsewhere" not in loreto.log(1000)

    # The steering node likewise: it steers with both hands.
    midis.stop()
    third = clone(fed, midis)
    midis.start()
    third.start()
    for _ in range(3):
        hands.put(midis)
        hands.put(third)
        hands.put(loreto)
    hands.held_by(midis, third, loreto, second, ucayali)
    third.ayni("space", "create", "elsewhere")
    midis.ayni("space", "create", "here")
    for node in (midis, third):
        until(lambda n=node: {"here", "elsewhere"} <= {s["space"] for s in n.ayni("space", "list")}, 60,
              f"both spaces at {node.home.name}")
    until(lambda: told(ucayali, keys["midis"]) == {"runs_twice"}, 30, "ucayali is told")

    # Copies that hear of each other don't begin anew again and again.
    assert third.stop() == second.stop() == 0
    before = len(heads(second))
    second.start()
    for _ in range(5):
        hands.put(loreto)
        hands.put(second)
    hands.held_by(loreto, second, midis)
    second.stop()
    assert len(heads(second)) <= before + 4, (before, len(heads(second)))

    # A machine that is rolled back hears of what it wrote, begins anew, and has it again.
    ucayali.stop()
    shutil.copytree(ucayali.home, fed.folder / "snapshot")
    ucayali.start()
    hands.put(ucayali, 3)
    hands.held_by(midis, loreto)
    ucayali.stop()
    put_back(ucayali, fed.folder / "snapshot")
    ucayali.start()
    hands.held_by(ucayali)
    hands.put(ucayali, 2)
    hands.put(loreto)
    hands.held_by(midis, loreto, ucayali)
    until(lambda: told(loreto, keys["ucayali"]) == {"began_anew"}, 30, "loreto is told")
    for node in (midis, loreto, ucayali):
        assert node.stop() == 0
    assert not any(head["forked"] for node in (midis, loreto, ucayali) for head in heads(node))
