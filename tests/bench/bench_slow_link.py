#!/usr/bin/env python3
"""A satellite's line: 64 kbit/s, 700 ms there and back, 2 % loss, cut every 60 s. Real daemons in namespaces of the network; tbf keeps
the rate, nftables loses packets, a relay delays and cuts (tests/support/network.py, relay.py). Prints JSON lines.

    bench_slow_link.py [FIRST-SYNC-RECORDS [RECORDS-BESIDE-AN-ERASURE]]       10000 100000

First a first sync: `share` is the bytes of messages that arrived whole, a second, of what the line carries. Then urgent erasures while
another first sync runs, which isn't waited for: `seconds` until each is done at the far end; the same with spaces that are confidential.
"""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, free_port, until  # noqa: E402
from network import NEAR, Network  # noqa: E402
from relay import Relay  # noqa: E402

LINE, ERASURES = 8000, 3  # bytes a second


def import_rows(node, folder, space, count, first):
    path = folder / f"rows-{first}.csv"
    path.write_text("dni,surname_1,given_names\n" + "".join(
        f"{first + i},{NAMES[i % 7]},{NAMES[i % 11]} {NAMES[i // 11 % 13]}\n" for i in range(count)))
    node.ayni("import", "person", path, "--space", space, timeout=600)


NAMES = ("Quispe", "Mamani", "Vela", "Flores", "Rojas", "Huaman", "Ana", "Luz", "Rosa", "Julio", "Elmer", "Soto", "Inga")


def count(node, space):
    return node.ayni("query", f"SELECT count(*) AS n FROM person WHERE _space = '{space}'")[0]["n"]


def wait(condition, pause, seconds=3600):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(pause)


def peer(node):
    return node.ayni("peer", "list")[0]


def first_sync(network, fed, records):
    midis, loreto = fed["midis"], fed["loreto"]
    port = free_port()
    import_rows(midis, fed.folder, "visits", records, 40000000)
    with Relay(NEAR, port, "127.0.0.1", midis.port, network.near, delay=0.35, cut_every=60) as relay:
        before, line_before = peer(loreto)["received_bytes"], network.bytes()
        began = time.monotonic()
        loreto.ayni("peer", "add", f"tcp://{NEAR}:{port}", "midis")
        wait(lambda: count(loreto, "visits") == records, 0.5)
        took = time.monotonic() - began
        received = peer(loreto)["received_bytes"] - before
        line = network.bytes() - line_before
        print(json.dumps({"bench": "slow_link", "records": records, "seconds": round(took, 1), "cuts": relay.stats()["cuts"],
                          "payload_bytes": received, "line_bytes": line, "bytes_per_record": round(received / records, 1),
                          "share": round(received / took / LINE, 3)}), flush=True)


def erase_beside(network, fed, records, confidential):
    midis, loreto = fed["midis"], fed["loreto"]
    port = free_port()
    import_rows(midis, fed.folder, "visits", records, 50000000)
    with Relay(NEAR, port, "127.0.0.1", midis.port, network.near, delay=0.35):
        loreto.ayni("peer", "add", f"tcp://{NEAR}:{port}", "midis")
        until(lambda: peer(loreto)["state"] == "connected", 120, "a connection")
        for _ in range(ERASURES):
            time.sleep(20)  # the windows have found their size
            here = count(loreto, "visits")
            child = midis.ayni("query", "SELECT _id FROM person WHERE _space = 'few'")[0]["_id"]
            began = time.monotonic()
            midis.ayni("erase", child, "--reason", "asked for")
            wait(lambda: loreto.run("get", child).returncode != 0, 0.05, 120)
            print(json.dumps({"bench": "slow_link_erasure", "confidential": confidential, "records": records, "arrived_before": here,
                              "seconds": round(time.monotonic() - began, 2)}), flush=True)


def measure(run, *space):
    """In a federation whose two nodes share two spaces, one of them with five persons, and nothing but the slow line."""
    with Network(rate="64kbit", loss=2) as network, Federation("midis", "loreto") as fed:
        midis, loreto = fed["midis"], fed["loreto"]
        for name in ("visits", "few"):
            midis.ayni("space", "create", name, *space)
            midis.ayni("space", "grant", name, "loreto", "writer")
        import_rows(midis, fed.folder, "few", 5, 60000000)
        until(lambda: count(loreto, "few") == 5, 60, "five persons")
        for node in (midis, loreto):
            node.stop()
        midis.prefix, loreto.prefix = network.near, network.far
        midis.start()
        loreto.start(listen=False)
        run(network, fed)


def main(records=10000, beside=100000):
    if records:
        measure(lambda network, fed: first_sync(network, fed, records))
    if beside:
        measure(lambda network, fed: erase_beside(network, fed, beside, False))
        measure(lambda network, fed: erase_beside(network, fed, beside, True), "--class", "sealed", "--confidential")


main(*map(int, sys.argv[1:]))
