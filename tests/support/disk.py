"""A disk that fails when a test says so: the other side of tests/preload/disk.c.

    disk = Disk(folder / "disk", node.home)
    node.start(disk=disk)
    disk.fail("write", errno.ENOSPC)     # from now on
    disk.fail("sync", errno.EIO, count=1, skip=3)
    disk.heal()
"""

import errno
import mmap
import os
import struct

from federation import BIN, skip

LIBRARY = BIN.parent / "lib" / "libdisk.so"
ALL = 2**32 - 2
FAULTS = {"write": 0, "sync": 16, "map": 32}
CALLS, KILL_AT, TORN, FULL = 48, 52, 56, 60
SIZE = 64


class Disk:
    def __init__(self, path, under):
        if not LIBRARY.exists():
            skip(f"{LIBRARY} was not built")
        path.write_bytes(bytes(SIZE))
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), SIZE)
        self.path, self.under = path, under

    def environment(self):
        """For the program that is to have it."""
        library = os.pathsep.join(filter(None, (os.environ.get("LD_PRELOAD"), str(LIBRARY))))
        checks = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
        return {"LD_PRELOAD": library, "ASAN_OPTIONS": checks, "AYNI_DISK": str(self.path), "AYNI_DISK_UNDER": str(self.under)}

    def put(self, at, *numbers):
        struct.pack_into(f"<{len(numbers)}I", self.map, at, *numbers)

    def get(self, at):
        return struct.unpack_from("<I", self.map, at)[0]

    def fail(self, what, error, count=ALL, skip=0, torn=False):
        """Of the calls to come, `count` after the first `skip` fail; a torn write does half of its work before."""
        self.put(TORN, int(torn))
        self.put(FAULTS[what], 0, skip, count, 0)
        self.put(FAULTS[what], error)

    def failed(self, what):
        """How many calls have failed since fail()."""
        return self.get(FAULTS[what] + 12)

    def fill(self):
        """No room: no write goes, and none is free."""
        self.put(FULL, 1)
        self.fail("write", errno.ENOSPC)

    def leave(self, kib):
        """So much is free, it says, and what is written goes."""
        self.put(FULL, kib)

    def heal(self):
        for what in FAULTS.values():
            self.put(what, 0)
        self.put(FULL, 0)

    def kill_after(self, calls, torn=False):
        """The program dies at this call, counted from now."""
        self.put(TORN, int(torn))
        self.put(KILL_AT, self.get(CALLS) + calls if calls else 0)
