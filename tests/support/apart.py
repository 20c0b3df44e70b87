"""Nodes that never connect, and the bundles that people carry between them."""

import datetime
import json
import pathlib
import subprocess

from federation import BIN, Failed, Federation


class Apart(Federation):
    """A federation of nodes that don't listen, and whose cards have no endpoints."""

    LISTEN = False

    def wait_for(self, node):
        """It is a member, and hears so by a bundle."""


def refused(node, *arguments, code):
    try:
        node.ayni(*arguments)
    except Failed as failed:
        assert failed.code == code, failed
        return json.loads(failed.stdout)["error"]
    raise AssertionError(f"{arguments} was done")


def export(node, to, file, *more):
    return node.ayni("bundle", "export", "--for", to.name, *more, file)


def flipped(file, at):
    """A copy with a bit of that byte changed."""
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    copy = file.with_suffix(".flipped")
    copy.write_bytes(data)
    return copy


def carry(giver, taker, file=None, *more):
    """A bundle from one to the other; what the import answered."""
    file = file or giver.home.parent / f"{giver.name} to {taker.name}.ayni"
    export(giver, taker, file, *more)
    return taker.ayni("bundle", "import", file)


def heads(node):
    """Of a node at rest, by feed: how far it is held."""
    run = subprocess.run([BIN / "log_heads", node.home / "log"], capture_output=True, text=True, timeout=60, check=True)
    read = [json.loads(line) for line in run.stdout.splitlines()]
    return {head["feed"]: (head["seq"], head["chain"]) for head in read}


def leave(node, file, shown):
    """The volume as a node at rest has it that was killed before anything of it was in its log; `shown` is what `bundle show` says."""
    time = datetime.datetime.fromisoformat(shown["time"].replace("Z", "+00:00"))
    folder = node.home / "bundles"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{round(time.timestamp() * 1000):016x}-{shown['bundle']}-{shown['volume']:05d}"
    (folder / name).write_bytes(file.read_bytes())


def inbox(node):
    """What is kept because it waits."""
    return sorted(path.name for path in pathlib.Path(node.home / "bundles").glob("*"))
