#!/usr/bin/env python3
"""What `sync --wait` says is in sync, the other has: also what was written a moment before it was asked."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from control_client import Control  # noqa: E402
from federation import Federation  # noqa: E402

ROUNDS = 25  # where the engine wasn't told before it was asked, one in fifteen failed

with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    with Control(midis.home) as here, Control(loreto.home) as there:
        for _ in range(ROUNDS):
            person = here.one("put", type="person", space="visits", fields=[["surname_1", "Vela"], ["given_names", "Ana"]])["id"]
            for control in (here, there):
                assert control.one("sync", wait=True, timeout=60)["in_sync"]
            assert there.one("get", id=person)["id"] == person
