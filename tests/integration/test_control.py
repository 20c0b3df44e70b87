#!/usr/bin/env python3
"""The control socket as a client that does everything wrong meets it: each request ends with an answer, and the daemon lives."""

import pathlib
import re
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from control_client import Control, Gone, Refused  # noqa: E402
from federation import SOURCE, Federation  # noqa: E402

OBJECT, RECORD = -10, -1
USAGE = -12  # AYNI_E_USAGE
# What no argument is; each is given for all arguments at once.
WRONG = {
    "a number": -7,
    "a list": [1, [2, "x"], None],
    "an object": {OBJECT: ["x", 1]},
    "yes": True,
    "nothing": None,
    "a text with a NUL": "a\0b",
    "a long text": "x" * 20000,
    "an empty text": "",
    "a record": {RECORD: b"\7" * 16},
}


def commands_and_arguments():
    """By their names in the sources: so a new command is tried here as it comes."""
    sources = [path.read_text() for path in sorted((SOURCE / "daemon/control").glob("*.c"))]
    commands = {name for text in sources for name in re.findall(r'\{ "([a-z.]+)", handle_', text)}
    arguments = {name for text in sources
                 for name in re.findall(r'(?:call_\w+|ayni_control_find)\(\s*[^,"]+,\s*"([a-z_]+)"', text)}
    return sorted(commands), sorted(arguments)


def status_of(home, command, arguments):
    """0, or why it was refused, which has words."""
    try:
        with Control(home) as control:
            control.raw(command, **arguments)
    except Refused as refused:
        assert refused.status < 0, refused
        assert not refused.error or refused.error["text"], refused  # empty: the items are the answer, and it is no
        return refused.status
    return 0


def ends_connection(home, data):
    """What isn't a request ends its connection, with an answer or without."""
    with Control(home, timeout=20) as control:
        control.socket.sendall(data)
        try:
            while True:
                control.receive()
        except Gone:
            pass


def frame(body):
    return struct.pack(">I", len(body)) + body


with Federation("midis") as fed:
    midis = fed["midis"]
    midis.ayni("space", "create", "visits")
    commands, arguments = commands_and_arguments()
    assert len(commands) > 40 and {"put", "conflicts.show", "steward.add"} <= set(commands), commands
    assert {"space", "id", "reason", "limit", "fields"} <= set(arguments), arguments

    for command in commands:
        for what, value in WRONG.items():
            try:
                status_of(midis.home, command, {name: value for name in arguments})
            except Gone:
                print(command, what)
                raise
    with Control(midis.home) as control:
        # What must be there and isn't is told, and by its name.
        for command, needed in (("get", "id"), ("put", "type"), ("set", "id"), ("delete", "id"), ("proof", "id"),
                                ("conflicts.show", "id"), ("steward.add", "name"), ("member.revoke", "node"),
                                ("space.create", "name"), ("peer.add", "endpoint"), ("list", "type")):
            try:
                control.raw(command, lang="en")
                raise AssertionError(f"{command} needs {needed}")
            except Refused as refused:
                assert refused.status == USAGE and refused.error["args"] == [needed], refused
        assert status_of(midis.home, "no.such.command", {}) == USAGE
        assert control.one("status")["state"] == "member"

    for garbage in (b"", b"\0\0\0\0", frame(b"\xff"), frame(b"\x80"), frame(b"\x83\x01\x02\x03"), b"\xff\xff\xff\xff",
                    frame(b"\x9f" * 1000), frame(b"\x5a\xff\xff\xff\xff"), struct.pack(">I", 100) + b"short"):
        with Control(midis.home, timeout=20) as control:
            control.socket.sendall(garbage)
        if len(garbage) > 4 and not garbage.endswith(b"short"):
            ends_connection(midis.home, garbage)
    assert midis.state() == "member"
