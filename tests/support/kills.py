"""Daemons that are killed at any moment, and what must be true afterwards.

A Life is a federation of two nodes that work, are killed, start again and are looked at, again and again, all chosen
by one seed. After each kill:

- what a dead node had told another, it holds itself: nobody heard of an entry before it was durable
- all that was acknowledged is there (tests/support/activities.py, desk_activities.py), and each chain and seal verifies
- views/ has caught up by itself, both nodes answer alike, and a rebuild answers the same to every question
- no feed has forked, and no node has had to begin a new one

Nodes compact as soon as something is erased; in the end no file has it.
"""

import os
import random
import sys
import threading
import time

import activities
import desk_activities
from answers import answers, differences
from control_client import Control
from disk import Disk
from federation import Federation, contents, until
from heads import chain_at, heads

os.environ["AYNI_STORE_SCRUB_AFTER"] = "0s"
NODES = ("midis", "loreto")
WORK_MEAN_S, WORK_MAX_S = 0.04, 0.4
CALLS_MAX = 80  # of writes, syncs and maps until a node dies at one of them
SYNC_S, SCRUB_S = 60, 120
REBUILDS_MAX = 5
SAMPLE = 60  # records whose state and history are compared after each kill; at the end of a life, all
ALIKE = ("list ", "export ", "get ", "conflict", "view ", "act")


def check_told(teller, hearer):
    """Of what `teller` wrote, `hearer` holds nothing that isn't on the teller's own disk. Both are dead."""
    own, heard = heads(teller.home), heads(hearer.home)
    for feed, head in heard.items():
        if head["node"] != teller.key:
            continue
        assert feed in own and own[feed]["seq"] >= head["seq"], f"{hearer.name} heard {head}, {teller.name} has {own.get(feed)}"
        assert chain_at(teller.home, feed, head["seq"]) == head["chain"], f"{hearer.name} heard another history: {head}"


def check_feeds(node):
    """One feed for each place and lane: whoever lost something would have begun another."""
    held = heads(node.home).values()
    places = [(h["node"], h["space"], h["lane"]) for h in held]
    assert len(places) == len(set(places)), f"{node.name} has begun a new feed: {places}"
    assert not any(h["forked"] for h in held), f"{node.name} has a fork"


class Life:
    def __init__(self, seed, desk=False):
        """With what people do at a desk, too, if `desk`."""
        self.seed, self.random, self.desk = seed, random.Random(seed), desk
        self.kills = 0
        self.told = []  # what happened, for who must understand a failure

    def __enter__(self):
        self.federation = Federation(*NODES)
        self.federation.__enter__()
        try:
            self.prepare()
        except BaseException:
            self.federation.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, *error):
        if error[0] is not None:
            print(f"AYNI_SEED={self.seed}, after {self.kills} kills:", *self.told[-6:], sep="\n  ", file=sys.stderr)
        return self.federation.__exit__(*error)

    def prepare(self):
        self.federation.space(activities.SPACE, *NODES[1:])
        self.nodes = list(self.federation.nodes.values())
        for node in self.nodes:
            with Control(node.home) as control:
                node.key = control.one("status")["node"][1].hex()
        with Control(self.nodes[0].home) as control:
            fields = [["surname_1", "Rojas"], ["given_names", "Ana"]]
            shared = control.one("put", type="person", space=activities.SPACE, fields=fields)["id"]
        if self.desk:
            self.register_parties()
        self.disks = {n.name: Disk(self.federation.folder / f"disk of {n.name}", n.home) for n in self.nodes}
        kinds = activities.ACTIVITIES + (desk_activities.DESK if self.desk else ())
        self.activities = {n.name: [a(n, self.random, shared) for a in kinds] for n in self.nodes}
        self.settle(self.nodes)

    def register_parties(self):
        """Of the monthly act: a municipality, a facility, and whoever signs for it."""
        steering, *others = self.nodes
        own = next(m["org"] for m in steering.ayni("member", "list") if m["name"] == steering.name)
        steering.ayni("set", f"organisation:{own}", "roles=health,midis")
        for node in others:
            steering.ayni("member", "add", node.ayni("card")["card"], "--org", f"org-{node.name}")
            steering.ayni("set", f"organisation:org-{node.name}", "kind=municipality")
        steering.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00004321", "name=Nauta",
                      "territory=160301", "active=true")

    def tell(self, text):
        self.told.append(text)

    # --- a round ---

    def round(self):
        victims = self.random.choice([[n] for n in self.nodes] + [self.nodes])
        busy = [a for n in self.nodes for a in self.random.sample(self.activities[n.name], self.random.randint(1, 3))]
        pause = min(self.random.expovariate(1 / WORK_MEAN_S), WORK_MAX_S)
        self.tell(f"{[n.name for n in victims]} after {pause * 1000:.0f} ms of {[a.mark for a in busy]}")
        for node in victims:
            if self.random.random() < 0.5:
                self.kill_at_call(node)
        self.work_and_kill(victims, busy, pause)
        if len(victims) > 1:
            check_told(self.nodes[0], self.nodes[1])
            check_told(self.nodes[1], self.nodes[0])
        for node in victims:
            check_feeds(node)
            self.restart(node)
        self.settle(self.nodes)
        self.check(victims)

    def work_and_kill(self, victims, busy, pause):
        errors = []
        stop = threading.Event()

        def run(activity):
            errors.append(activities.work(activity, lambda: Control(activity.node.home), stop))

        threads = [threading.Thread(target=run, args=(activity,)) for activity in busy]
        for thread in threads:
            thread.start()
        time.sleep(pause)
        for node in victims:
            node.kill()
            self.kills += 1
        stop.set()
        for thread in threads:
            thread.join()
        for error in errors:
            if error is not None:
                raise error

    def kill_at_call(self, node):
        """At one of its writes, syncs and maps, perhaps in the middle of it, unless the pause is over before."""
        calls, torn = self.random.randint(1, CALLS_MAX), self.random.random() < 0.3
        self.disks[node.name].kill_after(calls, torn)
        self.tell(f"{node.name} at its call {calls}{', torn' if torn else ''}")

    def restart(self, node):
        """Also one that is killed again while it starts."""
        disk = self.disks[node.name]
        disk.kill_after(0)
        while self.random.random() < 0.2:
            node.spawn(disk=disk)
            time.sleep(self.random.random() * 0.03)
            node.kill()
            self.kills += 1
            self.tell(f"{node.name} once more, while it started")
        node.start(disk=disk)

    def settle(self, nodes):
        """In sync, and everybody has said of each erasure that it is scrubbed: nothing is written after that."""
        for node in nodes:
            with Control(node.home) as control:
                until(lambda c=control: c.one("sync", wait=True, timeout=SYNC_S)["in_sync"], SYNC_S, f"{node.name} in sync")
        for node in nodes:
            self.wait_for_receipts(node)

    def wait_for_receipts(self, node):
        with Control(node.home) as control:
            until(lambda: all(s["state"] == "scrubbed" for s in control.many("erase.status")), SCRUB_S,
                  f"all to have scrubbed, at {node.name}")

    # --- what must be true ---

    def check(self, victims, sample=SAMPLE):
        said = {}
        for node in self.nodes:
            with Control(node.home) as control:
                for activity in self.activities[node.name]:
                    activity.check(control)
                verified = control.one("verify", full=True)
                assert verified["ok"], verified
                said[node.name] = answers(control, sample)
        one, other = (said[n.name] for n in self.nodes)
        one = {q: a for q, a in one.items() if q.startswith(ALIKE)}
        other = {q: a for q, a in other.items() if q.startswith(ALIKE)}
        assert one == other, f"the nodes answer otherwise:\n{differences(one, other)}"
        for node in victims:
            self.check_rebuild(node, said[node.name], sample)

    def check_rebuild(self, node, before, sample):
        """What the log gets meanwhile, such as a receipt that is written anew, lets it begin again."""
        with Control(node.home) as control:
            control.one("rebuild")
            after = answers(control, sample)
            for _ in range(REBUILDS_MAX):
                if before["space.list"] == after["space.list"]:  # how many entries the log has
                    break
                before = answers(control, sample)
                control.one("rebuild")
                after = answers(control, sample)
        assert before == after, f"{node.name} answers otherwise after a rebuild:\n{differences(before, after)}"

    def check_scrubbed(self):
        """What was erased is in no file of any node, as soon as all say so."""
        kinds = (activities.Erases, desk_activities.ErasesLinked)
        erased = [a for acts in self.activities.values() for a in acts if isinstance(a, kinds)]
        names = [name.encode() for activity in erased for name in activity.erased.values()]
        for node in self.nodes:
            self.wait_for_receipts(node)
            for path, content in contents(node.home):
                found = [name for name in names if name in content]
                assert not found, f"{path} has {found}"

    def end(self):
        """Everything, of all nodes."""
        self.check(self.nodes, sample=None)
        self.check_scrubbed()
