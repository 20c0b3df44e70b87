#!/usr/bin/env python3
"""The steward's looks at everything: `ayni quality`, `problems` and `spot-check` over so many records of one node. Prints JSON lines.

    bench_quality.py [RECORDS]       1000000

A twentieth of them are children with their numbers, the rest measurements, imported. `seconds` is the command's own time; `memory_mb`
what the daemon holds of its own afterwards at most (VmHWM without mapped files); `put_ms` the slowest of the writes that were made one after
the other while it ran.
"""

import json
import pathlib
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Federation  # noqa: E402

DISTRICTS = [f"16{p:02}{d:02}" for p in range(1, 9) for d in range(1, 12)]


def load(node, folder, records):
    rng = random.Random(4711)
    children = records // 40
    path = folder / "rows.csv"
    with open(path, "w") as file:
        file.write("dni,surname_1,given_names,birth_date,sex,ubigeo,state\n")
        for i in range(children):
            name = "".join(rng.choices("abcdefghilmnoprstuvz", k=9)).capitalize()
            file.write(f"{40000000 + i},{name},{name[:5]},2025-0{1 + i % 9}-1{i % 10},{'fm'[i % 2]},{rng.choice(DISTRICTS)},active\n")
    node.ayni("import", "child", path, "--space", "registers", timeout=3600)
    with open(path, "w") as file:
        file.write("subject,date,source,source_id,weight_g,length_mm\n")
        for i in range(records - 2 * children):
            file.write(f"dni:{40000000 + i % children},2026-0{1 + i % 9}-1{i % 10},kobo,s{i},{rng.gauss(9000, 1200):.0f},"
                       f"{rng.gauss(740, 60):.0f}\n")
    node.ayni("import", "growth", path, "--space", "visits", timeout=3600)


def anonymous_mb(node):
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{node.process.pid}/status").read_text().splitlines())
    return int(status["RssAnon"].split()[0]) // 1024


def measure(node, *arguments):
    slowest, ended = [0.0], threading.Event()

    def write():
        while not ended.wait(0.2):
            began = time.monotonic()
            node.ayni("put", "growth", "--space", "visits", "subject=dni:40000000", "date=2026-01-01", "weight_g=7000")
            slowest[0] = max(slowest[0], time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    began = time.monotonic()
    run = subprocess.run([BIN / "ayni", "--home", node.home, "--json", *arguments], stdout=subprocess.DEVNULL, check=True)
    took = time.monotonic() - began
    ended.set()
    writer.join()
    print(json.dumps({"bench": " ".join(arguments), "exit": run.returncode, "seconds": round(took, 2), "memory_mb": anonymous_mb(node),
                      "put_ms": round(1000 * slowest[0])}), flush=True)


def main(records=1000000):
    with Federation("midis") as fed:
        midis = fed["midis"]
        fed.space("registers")
        fed.space("visits")
        began = time.monotonic()
        load(midis, fed.folder, records)
        print(json.dumps({"bench": "load", "records": records, "seconds": round(time.monotonic() - began, 1)}), flush=True)
        for arguments in (("quality", "freshness"), ("quality", "contested"), ("quality", "completeness", "--by", "source"),
                          ("quality", "consistency"), ("quality", "outliers"), ("quality", "latency"), ("quality", "triangulation"),
                          ("quality",), ("quality", "--by", "source,territory,type"), ("quality", "--territory", "1601"),
                          ("problems", "--summary"), ("spot-check", "--sample", "30"),
                          ("spot-check", "--sample", "30", "--territory", "1601")):
            measure(midis, *arguments)


main(*map(int, sys.argv[1:]))
