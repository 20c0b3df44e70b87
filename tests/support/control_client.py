"""The control socket as docs/protocol.md, section 8, has it: for tests that ask a daemon hundreds of times.

    control = Control(home)
    control.one("put", type="person", space="visits", fields=[["surname_1", "Vela"]])["id"]
    control.many("conflicts")
"""

import socket
import struct
import sys
import uuid

try:
    import cbor2
except ImportError:
    print("SKIP: python3 lacks cbor2")
    sys.exit(77)

END, ITEM, PROGRESS, DATA, ASKS = 0, 1, 2, 3, 4
OBJECT, RECORD = -10, -1


class Refused(Exception):
    """The daemon answered, and the answer is a failure."""

    def __init__(self, command, status, error):
        super().__init__(f"{command}: {status} {error}")
        self.status, self.error = status, error


class Gone(Exception):
    """The daemon is no more: whether the last request was done nobody knows."""


def plain(value):
    """Objects as dicts, record ids as text; other marked values as (mark, value)."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    ((mark, inner),) = value.items()
    if mark == OBJECT:
        return {inner[i]: plain(inner[i + 1]) for i in range(0, len(inner), 2)}
    if mark == RECORD:
        return str(uuid.UUID(bytes=inner))
    return (mark, tuple(inner) if isinstance(inner, list) else inner)


def items_of(frames):
    return [plain(cbor2.loads(frame)[1]) for frame in frames]


def marked(arguments):
    pairs = []
    for name, value in arguments.items():
        pairs += [name, value]
    return {OBJECT: pairs}


class Control:
    def __init__(self, home, timeout=120):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(str(home / "control.sock"))
        except OSError as error:
            self.socket.close()
            raise Gone(str(error)) from error
        self.input = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.input.close()
        self.socket.close()

    def send(self, frame):
        body = cbor2.dumps(frame)
        self.socket.sendall(struct.pack(">I", len(body)) + body)

    def receive_bytes(self, size):
        got = self.input.read(size)
        if len(got) < size:
            raise Gone("the connection ended")
        return got

    def receive(self):
        (size,) = struct.unpack(">I", self.receive_bytes(4))
        return self.receive_bytes(size)

    def converse(self, command, arguments, data):
        self.send(["ayni-control-1", command, marked(arguments)])
        items = []
        while True:
            body = self.receive()
            if body[1] == ITEM:  # after the head of an array of two
                items.append(body)
                continue
            frame = cbor2.loads(body)
            if frame[0] == ASKS:
                self.send([DATA, data.pop(0)] if data else [END])
            elif frame[0] == END:
                return items, frame[1], plain(frame[2])

    def raw(self, command, data=(), **arguments):
        """The frames of all items, as they came. `data` is a list of the chunks that the daemon may ask for."""
        try:
            items, status, error = self.converse(command, arguments, list(data))
        except OSError as gone:
            raise Gone(str(gone)) from gone
        if status != 0:
            raise Refused(command, status, error)
        return items

    def many(self, command, data=(), **arguments):
        """All items of the answer."""
        return items_of(self.raw(command, data, **arguments))

    def one(self, command, **arguments):
        return self.many(command, **arguments)[-1]

    def rows(self, command, **arguments):
        """What `list` and `export` answer: a dict for each row, nulls left out."""
        columns, *rows = self.many(command, **arguments)
        return [{name: value for name, value in zip(columns, row) if value is not None} for row in rows]
