#!/usr/bin/env python3
"""What may know what: the order of docs/architecture.md, held against what the sources include."""

import os
import pathlib
import re

SOURCE = pathlib.Path(os.environ.get("AYNI_SOURCE", ".")).resolve()
FOREIGN = {  # a header of each foreign library, and where it is known
    "sodium.h": r"proto/crypto\.c",
    "cbor.h": r"proto/cbor_(write|token)\.c",
    "utf8proc.h": r"proto/text\.c",
    "zstd.h": r"proto/compress\.c",
    "lmdb.h": r"daemon/store/.*",
    "zmq.h": r"daemon/net/.*|cli/remote\.c",
    "sqlite3.h": r"daemon/records/sql/.*",
    "microhttpd.h": r"daemon/http/.*",
    "ini.h": r"daemon/config.*\.c",
    "jansson.h": r"daemon/records/json_form\.[ch]|cli/(output_json|input_json|json_lines)\.c",
    "csv.h": r"cli/csv\.c",
    "libsmartcols.h": r"cli/output_table\.c",
    "libintl.h": r"po/language\.h",
}
CLOCKS = r"\b(clock_gettime|gettimeofday|time\(NULL\))"
wrong = []


def files(folder):
    return sorted((SOURCE / folder).rglob("*.[ch]"))


def name(path):
    return path.relative_to(SOURCE).as_posix()


def includes(path):
    return re.findall(r'^#include "([^"]+)\.h"', path.read_text(), re.M)


def order():
    """The names in proto/, each with its place; a part of another has that one's."""
    text = (SOURCE / "docs/architecture.md").read_text().replace("\n", " ")
    (listed,) = re.findall(r"Inside `proto/` a file may use those before it: (.*?)\. Inside `daemon/`", text)
    places = {}
    for place, (one, parts) in enumerate(re.findall(r"(\w+)(?: \(([^)]*)\))?(?:,|$)", listed)):
        places[one] = place
        for part in re.findall(r"\w+_\w+|\w+", parts):
            if (SOURCE / f"proto/{part}.h").exists():
                places.setdefault(part, place)
    return places


def place_of(places, base):
    """Its own, or that of the longest name that it begins with: sync_peer is a part of sync."""
    while base not in places and "_" in base:
        base = base.rsplit("_", 1)[0]
    return places.get(base)


places = order()
layers = ["store", "records", "view", "federation", "net", "bundle", "control"]
for path in files("proto"):
    own = place_of(places, path.stem)
    if own is None:
        wrong.append(f"{name(path)} isn't in the order of docs/architecture.md")
    for used in includes(path):
        if not used.startswith("proto/"):
            wrong.append(f"{name(path)} includes {used}.h")
        elif own is not None and (place_of(places, used.removeprefix("proto/")) or 0) > own:
            wrong.append(f"{name(path)} includes {used}.h, which comes later")
for path in files("daemon"):
    folder = path.relative_to(SOURCE / "daemon").parts[0]
    for used in includes(path):
        parts = used.split("/")
        if parts[0] not in ("po", "proto", "daemon"):
            wrong.append(f"{name(path)} includes {used}.h")
        elif folder in layers and len(parts) >= 3 and parts[1] in layers and layers.index(parts[1]) > layers.index(folder):
            wrong.append(f"{name(path)} includes {used}.h, which is closer to the world")
for path in files("cli"):
    wrong += [f"{name(path)} includes {used}.h" for used in includes(path) if used.split("/")[0] not in ("po", "proto", "cli")]
for path in files("po"):
    wrong += [f"{name(path)} includes {used}.h" for used in includes(path) if not used.startswith("po/")]
for path in files("po") + files("proto") + files("daemon") + files("cli"):
    text = path.read_text()
    for header in re.findall(r"^#include <(?:\w+/)?([\w.]+)>", text, re.M):
        if header in FOREIGN and not re.fullmatch(FOREIGN[header], name(path)):
            wrong.append(f"{name(path)} includes <{header}>")
    if re.search(CLOCKS, text) and name(path) not in ("daemon/clock.c", "cli/progress.c"):
        wrong.append(f"{name(path)} asks for the time")

assert not wrong, "\n".join(wrong)
