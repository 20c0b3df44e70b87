#!/usr/bin/env python3
"""Which lines the tests have run: of the preset `coverage`, after its tests.

    cmake --workflow --preset coverage
    tests/coverage.py [LEAST]        modules under LEAST per cent of their lines (70), and all in all
"""

import collections
import json
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BUILD = SOURCE / "build/coverage"
FOLDERS = ("proto", "daemon", "cli")

least = float(sys.argv[1]) if len(sys.argv) > 1 else 70
counts = collections.defaultdict(collections.Counter)  # of each file: how often each line was run
for notes in (path for folder in FOLDERS for path in (BUILD / folder).rglob("*.gcda")):
    run = subprocess.run(["gcov", "--json-format", "--stdout", notes], cwd=BUILD, capture_output=True, text=True, check=True)
    for document in map(json.loads, run.stdout.splitlines()):
        for file in document["files"]:
            path = (pathlib.Path(document["current_working_directory"]) / file["file"]).resolve()
            if path.is_relative_to(SOURCE) and path.relative_to(SOURCE).parts[0] in FOLDERS:
                for line in file["lines"]:
                    counts[path.relative_to(SOURCE)][line["line_number"]] += line["count"]

if not counts:
    sys.exit("nothing was counted: cmake --workflow --preset coverage")
rows = sorted((100 * sum(c > 0 for c in lines.values()) / len(lines), len(lines), path) for path, lines in counts.items())
for share, size, path in rows:
    if share < least:
        print(f"{share:3.0f} % of {size:4} lines  {path}")
total = sum(size for _, size, _ in rows)
print(f"{sum(share * size for share, size, _ in rows) / total:.1f} % of {total} lines in all")
