#!/usr/bin/env python3
"""A first sync between two namespaces of the network over a slow line, with a relay that cuts it in mid-message, and a partition."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, free_port, until  # noqa: E402
from network import NEAR, Network  # noqa: E402
from relay import Relay  # noqa: E402

ROWS, CUT_AFTER = 3000, 100000


def import_rows(node, folder, count, first):
    path = folder / f"rows-{first}.csv"
    path.write_text("dni,surname_1,given_names\n" + "".join(f"{first + i},Vela,Ana\n" for i in range(count)))
    node.ayni("import", "person", path, "--space", "visits")


def count(node):
    return node.ayni("query", "SELECT count(*) AS n FROM person")[0]["n"]


def state(node):
    return node.ayni("peer", "list")[0]["state"]


os.environ["AYNI_NET_DIAL_INTERVAL_MIN"] = "200ms"  # so that a cut costs the test little

with Network(rate="2mbit", loss=1) as network, Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    for node in (midis, loreto):
        node.stop()
    relay_port = free_port()
    midis.prefix, loreto.prefix = network.near, network.far
    midis.start()
    loreto.start(listen=False)
    import_rows(midis, fed.folder, ROWS, 40000000)
    with Relay(NEAR, relay_port, "127.0.0.1", midis.port, network.near, delay=0.05, jitter=0.02, cut_after=CUT_AFTER) as relay:
        loreto.ayni("peer", "add", f"tcp://{NEAR}:{relay_port}", "midis")
        until(lambda: count(loreto) == ROWS, 120, "everything, cut or not")
        assert relay.stats()["cuts"] >= 1, relay.stats()

    # A relay without cuts: nothing arrives in a partition, and everything after it.
    with Relay(NEAR, relay_port, "127.0.0.1", midis.port, network.near, delay=0.02) as relay:
        until(lambda: state(loreto) == "connected", 60, "a connection")
        network.part()
        import_rows(midis, fed.folder, 10, 50000000)
        assert count(loreto) == ROWS
        network.join()
        until(lambda: count(loreto) == ROWS + 10, 120, "what was written in the partition")
