"""Ways to a node that aren't a plain dial: a SOCKS5 proxy, IPv6, names of either kind, the second of two endpoints; and budgets of links."""

import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from federation import Federation, Node, free_port, not_at_midnight, until  # noqa: E402
from socks import Socks  # noqa: E402


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


def settings(node, text):
    node.home.mkdir(parents=True, exist_ok=True)
    (node.home / "aynid.conf").write_text(text)


def peer(node, other):
    return next((p for p in node.ayni("peer", "list") if p["name"] == other.name), None)


def visits(node, count):
    for i in range(count):
        node.ayni("put", "person", "--space", "s", f"given_names=Ana {chr(97 + i)}", "surname_1=Vela")


def people(node):
    return len(node.ayni("list", "person", "--columns", "_id"))


def by_a_proxy(fed):
    """A node that can only go out by a proxy becomes a member and hears what is written."""
    midis = fed.steering
    with Socks() as proxy:
        node = Node(fed.folder, "puno")
        fed.nodes["puno"] = node
        node.init()
        settings(node, f"[net]\nproxy = {proxy.address}\n")
        node.start(listen=False)
        node.ayni("join", midis.ayni("ticket")["ticket"])
        midis.ayni("member", "add", node.ayni("card")["card"])
        fed.wait_for(node)
        assert proxy.asked and set(proxy.asked) == {("127.0.0.1", midis.port)}, proxy.asked
        assert peer(node, midis)["state"] == "connected"
        # And nothing without it: the proxy is gone, the other end is still there.
        connections = len(proxy.asked)
    until(lambda: peer(node, midis)["state"] != "connected", 30, "the end of the proxy to be noticed")
    with open(node.home / "aynid.conf", "w", encoding="ascii") as file:
        file.write("[net]\n")
    node.stop()
    node.start(listen=False)
    until(lambda: peer(node, midis)["state"] == "connected", 30, "a connection without the proxy")
    assert len(proxy.asked) >= connections


def over_ipv6(fed):
    """Listens, says so in its card, and is dialled there."""
    midis = fed.steering
    node = Node(fed.folder, "tacna")
    fed.nodes["tacna"] = node
    node.init()
    node.start("--listen", f"tcp://[::1]:{node.port}", listen=False)
    card = node.ayni("card")["card"]
    node.ayni("join", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", card)
    fed.wait_for(node)
    node.stop()
    node.start("--listen", f"tcp://[::1]:{node.port}", listen=False)
    midis.ayni("peer", "add", f"tcp://[::1]:{node.port}", "tacna")
    until(lambda: peer(midis, node)["state"] == "connected", 30, "a connection over IPv6")
    midis.stop()
    midis.start("--listen", f"tcp://[::1]:{free_port()}", listen=False)
    until(lambda: peer(midis, node)["state"] == "connected", 60, "a dial over IPv6 alone")
    midis.stop()
    midis.start()


def with_hosts(fed, text):
    """A prefix of commands that see this as /etc/hosts; None where that can't be."""
    hosts = fed.folder / "hosts"
    hosts.write_text(text)
    prefix = ["unshare", "--mount", "sh", "-c", f"mount --bind {hosts} /etc/hosts && exec \"$@\"", "sh"]
    try:
        done = subprocess.run([*prefix, "getent", "ahostsv6", "six.example"], capture_output=True, text=True)
    except OSError:
        return None
    return prefix if done.returncode == 0 and "::1" in done.stdout else None


def by_name(fed):
    """A name that stands for an address of IPv6, or for one of each kind of which that one answers. Its card says where it isn't."""
    midis = fed.steering
    prefix = with_hosts(fed, "127.0.0.1 localhost\n::1 six.example\n::1 both.example\n127.0.0.1 both.example\n")
    if prefix is None:
        print("no /etc/hosts of one's own here: names of IPv6 not tried")
        return
    node = Node(fed.folder, "ica")
    fed.nodes["ica"] = node
    node.init()
    settings(node, "[net]\nadvertise = tcp://127.0.0.1:1\n")
    node.start("--listen", f"tcp://[::1]:{node.port}", listen=False)
    node.ayni("join", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", node.ayni("card")["card"])
    fed.wait_for(node)
    midis.stop()
    midis.prefix = prefix
    for name in ("six.example", "both.example"):
        endpoint = f"tcp://{name}:{node.port}"
        settings(midis, f"[peer {endpoint}]\nday = 1K\n[peer tcp://[::1]:{node.port}]\nday = 1M\n")
        midis.start(listen=False)  # nobody can dial it
        midis.ayni("peer", "add", endpoint, "ica")
        until(lambda: peer(midis, node)["state"] == "connected", 60, f"a connection to {name}")
        midis.stop()
    midis.prefix = []
    settings(midis, "")
    midis.start()


def with_a_budget(fed):
    """What can wait waits, an erasure doesn't; the meter says so, and remembers the day across a restart."""
    midis, loreto = fed.steering, fed["loreto"]
    fed.space("s", "loreto")
    visits(loreto, 3)
    until(lambda: people(midis) == 3, 30, "three persons")
    one = midis.ayni("list", "person", "--columns", "_id")[0]["_id"]
    midis.stop()
    name = peer(loreto, midis)["node"]
    settings(loreto, f"[link]\nrate = 1M\n[peer {name[:20]}]\nday = 1K\n")
    loreto.stop()
    loreto.start()
    midis.start()
    until(lambda: peer(loreto, midis)["state"] == "connected", 60, "a connection")
    visits(loreto, 1)
    until(lambda: peer(loreto, midis)["held_by"] == "day", 60, "something held back")
    meter = peer(loreto, midis)
    assert meter["held_until"] is not None, meter
    assert meter["sent_today"] > 1024 and meter["sent_bytes"] >= meter["sent_today"], meter
    loreto.ayni("erase", one, "--reason", "asked for")
    until(lambda: people(midis) == 2, 30, "the erasure, which never waits")
    meter = peer(loreto, midis)
    loreto.stop()
    settings(loreto, "[net]\n")
    midis.stop()
    loreto.start()
    after = peer(loreto, midis)
    assert after["state"] != "connected" and after["sent_bytes"] >= meter["sent_bytes"], (meter, after)
    midis.start()
    until(lambda: peer(loreto, midis)["state"] == "connected", 60, "a connection")
    after = peer(loreto, midis)
    assert after["sent_bytes"] >= meter["sent_bytes"] and after["sent_today"] + after["received_today"] > 0, (meter, after)
    until(lambda: people(midis) == 3, 60, "what was held back")
    assert peer(loreto, midis)["held_by"] is None


not_at_midnight()  # a budget is of a day
with Federation("midis", "loreto") as fed:
    with_a_budget(fed)
    by_a_proxy(fed)
    if has_ipv6():
        over_ipv6(fed)
        by_name(fed)
    else:
        print("no IPv6 here: not tried")
