#!/usr/bin/env python3
"""A rebuild as an operator sees it: others go on meanwhile, Ctrl-C leaves what was there, a start waits for what it needs."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from answers import answers, differences  # noqa: E402
from control_client import Control  # noqa: E402
from federation import BIN, Federation  # noqa: E402

ROWS = 6000


def said(node):
    with Control(node.home) as control:
        return answers(control, sample=100)


def people(control):
    return len(control.many("list", type="person")) - 1


def beside(node):
    return (node.home / "views" / "beside").exists()


class Watching:
    """Asks again and again how many people there are, while something else goes on."""

    def __init__(self, node):
        self.node, self.counts, self.end = node, [], threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        with Control(self.node.home) as control:
            self.counts.append(people(control))
            while not self.end.is_set():
                self.counts.append(people(control))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()


def interrupt(node):
    """A rebuild that is given up in the middle; False where it had ended before."""
    command = subprocess.Popen([BIN / "ayni", "--home", node.home, "rebuild"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
    while command.poll() is None and not beside(node):
        pass
    command.send_signal(signal.SIGINT)
    return command.wait(60) != 0


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("visits")
    path = fed.folder / "people.csv"
    path.write_text("dni,surname_1,given_names\n" + "".join(f"{10_000_000 + i},Vela,Ana\n" for i in range(ROWS)))
    midis.ayni("import", "person", path, "--space", "visits")
    before = said(midis)

    # Who reads meanwhile sees all of it, at any moment; who writes isn't kept waiting, and it isn't lost.
    with Watching(midis) as watching:
        done = midis.ayni("rebuild")
    assert done["done"] and done["records"] > ROWS, done
    assert watching.counts and set(watching.counts) == {ROWS}, watching.counts
    assert said(midis) == before, differences(before, said(midis))
    assert not beside(midis)

    # Interrupted, it leaves nothing behind, and what is read is as it was.
    assert any(interrupt(midis) for _ in range(10)), "it is too fast to be interrupted"
    assert said(midis) == before
    with Watching(midis) as watching:
        midis.ayni("put", "person", "--space", "visits", "surname_1=Rojas", "given_names=Eva")
        midis.ayni("rebuild")
    assert set(watching.counts) <= {ROWS, ROWS + 1}, watching.counts
    before = said(midis)

    # views/ deleted: the daemon answers at once, and lists when it has all of them.
    midis.kill()
    shutil.rmtree(midis.home / "views")
    midis.start()
    with Control(midis.home) as control:
        assert people(control) == ROWS + 1
    assert said(midis) == before, differences(before, said(midis))

    # Killed in the middle: the old one is there.
    for _ in range(3):
        command = subprocess.Popen([BIN / "ayni", "--home", midis.home, "rebuild"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while command.poll() is None and not beside(midis):
            pass
        midis.kill()
        command.wait(60)
        midis.start()
        assert not beside(midis)
        assert said(midis) == before, differences(before, said(midis))
