"""Two namespaces of the network and a line between them: slow, lossy, or cut off.

    with Network(rate="64kbit", loss=2) as network:
        network.near, network.far      # prefixes of commands that are to run on either side
        network.part(), network.join()

What the machine lacks for it skips the test, with what that is. The rate is kept by tbf on either end, loss and partitions are nftables'.
"""

import os
import shutil
import subprocess

from federation import skip

NEAR, FAR = "10.77.0.1", "10.77.0.2"


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")


class Network:
    def __init__(self, rate=None, loss=0):
        self.rate, self.loss = rate, loss
        self.names = [f"ayni{os.getpid()}{side}" for side in "ab"]
        self.near, self.far = (["ip", "netns", "exec", name] for name in self.names)

    def __enter__(self):
        if os.geteuid() != 0:
            skip("namespaces of the network need root")
        for tool, package in (("ip", "iproute2"), ("tc", "iproute2"), ("nft", "nftables")):
            if shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
                skip(f"{tool} is missing: install {package}")
        try:
            self.make()
        except OSError as error:
            self.end()
            skip(f"no namespaces of the network here: {error}")
        return self

    def __exit__(self, *_):
        self.end()

    def make(self):
        a, b = self.names
        for name in self.names:
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", a, "link", "add", "line", "type", "veth", "peer", "name", "line", "netns", b)
        for name, address in zip(self.names, (NEAR, FAR)):
            run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "line")
            run("ip", "-n", name, "link", "set", "line", "up")
            if self.rate:
                run("ip", "netns", "exec", name, "tc", "qdisc", "add", "dev", "line", "root", "tbf", "rate", self.rate,
                    "burst", "3200", "latency", "400ms")
        self.join()

    def end(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def filter(self, rule):
        """What arrives on the line, at either end."""
        for name in self.names:
            run("ip", "netns", "exec", name, "nft", "-f", "-", text=f"""
                table inet line {{
                }}
                delete table inet line
                table inet line {{
                    chain arrives {{
                        type filter hook input priority 0;
                        {rule}
                    }}
                }}
                """)

    def part(self):
        self.filter('iifname "line" drop')

    def join(self):
        self.filter(f'iifname "line" numgen random mod 1000 < {int(10 * self.loss)} drop' if self.loss else "")

    def bytes(self):
        """That have left the near end for the far one, headers and all."""
        done = subprocess.run([*self.near, "cat", "/sys/class/net/line/statistics/tx_bytes"], capture_output=True, text=True)
        return int(done.stdout)
