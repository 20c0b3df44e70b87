#!/usr/bin/env python3
"""Nothing acknowledged is lost to a SIGKILL, whatever the daemon was at: tests/support/kills.py says what is looked at.

AYNI_KILLS is how many kills there are (100); AYNI_SEED the one federation to try again; AYNI_DESK=1 has the nodes do what
people do at a desk besides.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from kills import Life  # noqa: E402

KILLS = int(os.environ.get("AYNI_KILLS", 100))
KILLS_OF_A_LIFE = 25

kills = 0
seed = int(os.environ.get("AYNI_SEED", 1))
while kills < KILLS:
    with Life(seed, desk="AYNI_DESK" in os.environ) as life:
        while life.kills < KILLS_OF_A_LIFE:
            life.round()
        life.end()
    kills += life.kills
    seed += 1
    if "AYNI_SEED" in os.environ:
        break
print(f"{kills} kills")
