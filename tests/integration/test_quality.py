#!/usr/bin/env python3
"""The figures of data quality of two nodes, against what is counted here from what was written: random records, by source, origin,
territory and type. AYNI_SEED chooses them."""

import collections
import csv
import datetime
import json
import os
import pathlib
import random
import statistics
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation, until  # noqa: E402

SEED = int(os.environ.get("AYNI_SEED", random.SystemRandom().randrange(10**9)))
DISTRICTS = ("160101", "160102", "160201", "250101")
CATALOGUE = json.loads((SOURCE / "daemon/records/catalogue/ecd_1.json").read_text())
TYPES = {t["name"]: t for t in CATALOGUE["types"]}
NARROWED = 20000  # what a weight may be at most, once steering has said so
FIGURES = {("completeness", "fields"), ("validity", "values"), ("consistency", "rules"), ("accuracy", "random"),
           ("accuracy", "suspected"), ("triangulation", "fields"), ("contested", "records"), ("quarantined", "versions"),
           ("marks", "open"), ("linkage", "members"), ("outliers", "range"), ("outliers", "source")}
BIRTH = datetime.date(2025, 3, 1)
OUTLIERS = {"z": 200, "least": 5, "ranges": [
    {"type": "growth", "field": "weight_g", "months": [0, 15], "low": 4000, "high": 25000},
    {"type": "growth", "field": "weight_g", "months": [16, 40], "low": 4500, "high": 26000},
    {"type": "hb_test", "field": "hb", "low": 35, "high": 200}]}


def fields_of(name):
    own = TYPES[name].get("fields", [])
    return (CATALOGUE["event_block"]["fields"] if "event_block" in TYPES[name] else []) + own


def rule_count(name):
    block = TYPES[name].get("event_block")
    shared = [] if block is None else [r for r in CATALOGUE["event_block"]["rules"]
                                       if r["name"] not in block.get("without_rules", [])]
    return len(shared) + len(TYPES[name].get("rules", []))


class Record:
    """What a record shows, and what the figures need of it besides."""

    def __init__(self, kind, space, fields, node, origin, place):
        self.kind, self.space, self.fields, self.place = kind, space, fields, place
        self.versions = [(node, origin, True)]
        self.contested = False

    def group(self, version=-1):
        node, origin, _ = self.versions[version]
        return (self.space, node, origin, self.place, self.kind)


class Oracle:
    """Counts by (word, of), space, node, origin, place, type."""

    def __init__(self):
        self.cells = collections.defaultdict(lambda: [0, 0])

    def add(self, figure, group, numerator, denominator=1):
        cell = self.cells[figure, group]
        cell[0] += numerator
        cell[1] += denominator

    def record(self, record, records):
        group = record.group()
        for i, (_, _, counts) in enumerate(record.versions):
            self.add(("quarantined", "versions"), record.group(i), int(not counts))
        required = [f["name"] for f in fields_of(record.kind) if f.get("required")]
        self.add(("completeness", "fields"), group, sum(f in record.fields for f in required), len(required))
        bad = int(record.fields.get("weight_g", 0) > NARROWED)
        self.add(("validity", "values"), group, len(record.fields) - bad, len(record.fields))
        broken = int(record.kind == "hb_test" and not 4 <= record.fields["hb"] <= 20)
        if record.kind in ("growth", "hb_test"):
            broken += any(other is not record and other.kind == record.kind and
                          all(other.fields[f] == record.fields[f] for f in ("subject", "date")) for other in records)
        self.add(("consistency", "rules"), group, rule_count(record.kind) - broken, rule_count(record.kind))
        self.add(("contested", "records"), group, int(record.contested))

    def rows(self, keep, by):
        """As `quality` answers them: of the groups for which `keep` says so, with what `by` names of each."""
        sums = collections.defaultdict(lambda: [0, 0])
        for (figure, group), (numerator, denominator) in self.cells.items():
            if keep(group):
                shown = tuple(v or None for v, name in zip(group, ("source", "source", "origin", "territory", "type")) if name in by)
                sums[figure, shown][0] += numerator
                sums[figure, shown][1] += denominator
        return {k: tuple(v) for k, v in sums.items()}


def answered(node, *options, by=()):
    keys = [k for k, name in (("space", "source"), ("node", "source"), ("origin", "origin"), ("territory", "territory"),
                              ("type", "type")) if name in by]
    rows = node.ayni("quality", *(["--by", ",".join(by)] if by else []), *options)
    for row in rows:
        if row["numerator"] is not None and row["denominator"]:
            assert row["value"] == round(100 * row["numerator"] / row["denominator"] + 1e-9, 2), row
    return {((r["word"], r["of"]), tuple(r[k] for k in keys)): (r["numerator"], r["denominator"])
            for r in rows if (r["word"], r["of"]) in FIGURES and r["denominator"]}


class World:
    """Two nodes that write at random, and the records as they should be shown."""

    def __init__(self, fed, rng):
        self.fed, self.rng = fed, rng
        self.nodes = (fed["midis"], fed["partner"])
        self.ids = {n: n.ayni("card")["node"] for n in self.nodes}
        self.records, self.oracle, self.latencies = [], Oracle(), []
        self.today = datetime.date.today()

    def sync(self):
        for node in self.nodes:
            node.sync()

    def load(self, node, kind, rows, space):
        path = self.fed.folder / "rows.csv"
        with open(path, "w", newline="") as file:
            table = csv.DictWriter(file, sorted({k for r in rows for k in r}))
            table.writeheader()
            table.writerows(rows)
        counts = node.ayni("import", kind, path, "--space", space)
        assert counts["rejected"] == 0, counts

    def add(self, kind, space, fields, node, origin, place):
        self.records.append(Record(kind, space, fields, self.ids[node], origin, place))
        return self.records[-1]

    def put(self, node, kind, space, fields, place, extra=()):
        record = self.add(kind, space, fields, node, "manual", place)
        record.id = node.ayni("put", kind, "--space", space, *extra, *(f"{k}={v}" for k, v in fields.items()))["id"]
        return record

    def children(self):
        """Of both, some without a name that they must have; some in a second space, which may show another one."""
        self.children = []
        for number in range(99000001, 99000025):
            node, district = self.rng.choice(self.nodes), self.rng.choice(DISTRICTS)
            fields = {"surname_1": "Ríos", "given_names": self.rng.choice(("Ana", "Luz")), "birth_date": "2025-03-01",
                      "sex": "f", "ubigeo": district, "state": "active"}
            child = self.add("child", "registers", fields, node, "csv", district)
            child.number, child.node = number, node
            self.identify(child, "registers", node, "csv")
            self.children.append(child)
        for node in self.nodes:
            self.load(node, "child", [{"dni": c.number, **c.fields} for c in self.children if c.node is node], "registers")
        self.sync()
        for child in self.rng.sample(self.children, 4):
            fields = {**child.fields, "given_names": self.rng.choice(("Ana", "Luz"))}
            second = self.put(self.nodes[0], "child", "visits", fields, fields["ubigeo"], (f"dni={child.number}",))
            same = sum(fields[f] == child.fields[f] for f in fields)
            for record in (child, second):
                self.oracle.add(("triangulation", "fields"), record.group(), same, len(fields))
            second.number = child.number
            for record in (child.identifier, self.identify(second, "visits", self.nodes[0], "manual")):
                self.oracle.add(("triangulation", "fields"), record.group(), 4, 4)
        seen = {r.id for r in self.records if r.space == "visits" and r.kind == "child"}
        for child in [c for c in self.children if not self.is_twofold(c, seen)][:3]:
            child.node.ayni("set", f"dni:{child.number}", "given_names=", "--space", "registers")
            del child.fields["given_names"]
            child.versions.append((self.ids[child.node], "manual", True))

    def identify(self, child, space, node, origin):
        """The record of its number, which is made along with it."""
        fields = {"holder": 0, "scheme": "dni", "value": child.number, "state": "valid"}
        child.identifier = self.add("identifier", space, fields, node, origin, child.place)
        return child.identifier

    def is_twofold(self, child, seen):
        return self.nodes[0].ayni("get", f"dni:{child.number}", "--space", "registers")["id"] in seen

    def services(self):
        """Imported, or entered and contested; of the child's district, or where they say."""
        rows = {node: collections.defaultdict(list) for node in self.nodes}
        for i in range(60):
            node, child = self.rng.choice(self.nodes), self.rng.choice(self.children)
            day = self.today - datetime.timedelta(days=self.rng.randrange(0, 200))
            where = self.rng.choice(DISTRICTS) if self.rng.random() < 0.3 else None
            fields = {"subject": f"dni:{child.number}", "date": day.isoformat(), "source": "kobo", "source_id": f"s{i}"}
            if where:
                fields["ubigeo"] = where
            if self.rng.random() < 0.5:
                kind = "growth"
                fields["weight_g"] = self.rng.randrange(3000, 30000)
            else:
                kind = "hb_test"
                fields["hb"] = self.rng.randrange(30, 220) / 10
            record = self.add(kind, "visits", fields, node, "csv", where or child.place)
            rows[node][kind].append(fields)
            record.date = day
        for node in self.nodes:
            for kind, of in rows[node].items():
                self.load(node, kind, of, "visits")
        self.sync()
        self.contests()

    def contests(self):
        midis, partner = self.nodes
        rows = []
        for i in range(3):
            child = self.rng.choice(self.children)
            fields = {"subject": f"dni:{child.number}", "date": self.today.isoformat(), "source": "kobo", "source_id": f"c{i}",
                      "weight_g": 5000 + i}
            record = self.put(midis, "growth", "visits", fields, child.place)
            record.date, record.contested = self.today, True
            rows.append({**fields, "weight_g": 6000 + i})
            record.fields = rows[-1]
            record.versions.append((self.ids[partner], "csv", True))
        self.sync()
        self.load(partner, "growth", rows, "visits")
        self.sync()

    def members(self):
        midis = self.nodes[0]
        programme = midis.ayni("query", "SELECT code FROM code_list WHERE list = 'programme' LIMIT 1")[0]["code"]
        red = midis.ayni("put", "organisation", "--space", "registry", "code=red", "name=Red", "kind=ngo")["id"]
        for i, child in enumerate(self.rng.sample(self.children, 4)):
            gone, ended = i == 0, i == 1
            member = str(uuid.UUID(int=self.rng.getrandbits(128), version=4)) if gone else f"dni:{child.number}"
            fields = {"member": member, "programme": programme, "organisation": red, "starts_on": "2026-01-0%d" % (i + 1)}
            if ended:
                fields["ends_on"] = "2026-02-01"
            record = self.put(midis, "programme_membership", "visits", fields, "" if gone else child.place)
            if not ended:
                self.oracle.add(("linkage", "members"), record.group(), int(not gone))

    def marks(self):
        midis = self.nodes[0]
        known = [r for r in self.records if r.kind in ("growth", "hb_test")]
        listed = {(k, row["source_id"]): row["_id"] for k in ("growth", "hb_test")
                  for row in midis.ayni("list", k, "--columns", "_id,source_id")}
        for record in known:
            record.id = listed[record.kind, record.fields["source_id"]]
        for record in self.rng.sample(known, 6):
            state = self.rng.choice(("open", "explained"))
            midis.ayni("flag", record.id, self.rng.choice(("outlier", "accuracy")), "--state", state)
            self.oracle.add(("marks", "open"), record.group(), int(state == "open"))
        for record in self.rng.sample(known, 6):
            found, chosen = self.rng.choice(("true", "false", "partly", "absent")), self.rng.choice(("random", "suspected"))
            midis.ayni("put", "spot_check", "--space", "visits", f"record={record.id}", f"date={self.today}", f"found={found}",
                       f"chosen={chosen}", "reason=seed 4711")
            self.oracle.add(("accuracy", chosen), record.group(), int(found == "true"))
        midis.ayni("set", "field:203:10", f"maximum={NARROWED}")
        midis.ayni("put", "rule_set", "--space", "registry", "name=OUR-OUTLIERS", "norm=trial", "valid_from=2026-06-01",
                   "confirmed=false", f"parameters={json.dumps({'outliers': OUTLIERS})}")

    def count(self):
        for record in self.records:
            self.oracle.record(record, self.records)
        self.count_outliers()

    def count_outliers(self):
        """Outside its range at that age; else far from the middle of what its source measures in that range."""
        groups = collections.defaultdict(list)
        for record in self.records:
            for limits in OUTLIERS["ranges"]:
                first, last = limits.get("months", (0, 1000))
                if limits["type"] == record.kind and first <= months_between(BIRTH, record.date) <= last:
                    value = round(record.fields[limits["field"]] * (10 if limits["field"] == "hb" else 1))
                    outside = not limits["low"] <= value <= limits["high"]
                    self.oracle.add(("outliers", "range"), record.group(), int(outside))
                    if not outside:
                        width = -(-(limits["high"] - limits["low"] + 1) // 2048)
                        taken = limits["low"] + (value - limits["low"]) // width * width
                        groups[record.space, record.versions[-1][0], json.dumps(limits)].append((record, taken))
        for values in groups.values():
            middle = statistics.median(v for _, v in values)
            mad = statistics.median(abs(v - middle) for _, v in values)
            for record, value in values:
                if len(values) >= OUTLIERS["least"] and mad > 0:
                    far = 6745 * abs(value - middle) > 100 * OUTLIERS["z"] * mad
                    self.oracle.add(("outliers", "source"), record.group(), int(far))


def months_between(birth, day):
    return 12 * (day.year - birth.year) + day.month - birth.month - (day.day < birth.day)


def check(world, node, options, keep, by):
    expected = world.oracle.rows(keep, by)
    got = answered(node, *options, by=by)
    assert got == expected, (SEED, node.name, options, by, {k: (got.get(k), expected.get(k)) for k in {*got, *expected}
                                                             if got.get(k) != expected.get(k)})


def check_latency(world):
    days = sorted(min((world.today - r.date).days, 120) for r in world.records if hasattr(r, "date"))
    row, = world.nodes[0].ayni("quality", "latency")
    if datetime.date.today() != world.today:
        return  # midnight came in between: some arrived on the day after
    half = len(days) // 2
    median = days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2
    assert (row["denominator"], row["value"], row["unit"]) == (len(days), median, "days"), (SEED, row, median)
    row, = world.nodes[1].ayni("quality", "latency")
    assert row["denominator"] is None and "steering" in row["message"], row


def check_unique(world):
    """Against the pairs that are listed: one where one of its two is, and once where both are."""
    midis = world.nodes[0]
    place_of = {midis.ayni("get", f"dni:{c.number}", "--space", "registers")["id"]: c.place for c in world.children}
    pairs = [{place_of[p["a"]], place_of[p["b"]]} for p in midis.ayni("duplicates")]
    assert pairs, SEED
    row, = midis.ayni("quality", "uniqueness")
    assert (row["numerator"], row["denominator"]) == (len(place_of) - len(pairs), len(place_of)), (SEED, row, len(pairs))
    for row in midis.ayni("quality", "uniqueness", "--by", "territory"):
        here = sum(p == row["territory"] for p in place_of.values())
        assert (row["numerator"], row["denominator"]) == (here - sum(row["territory"] in p for p in pairs), here), (SEED, row)
    row, = [r for r in midis.ayni("quality") if r["word"] == "uniqueness"]
    assert row["value"] is None and "ayni quality uniqueness" in row["message"], row


def check_sources(node, *period):
    """As `view sources` has them; what isn't expected of anybody is nothing, and not 0 %."""
    sources = {(s["space"], s["node"]): s for s in node.ayni("view", "sources", *period) if s["space"] != "registry"}
    for word, share in (("completeness", "received"), ("timeliness", "on_time")):
        rows = {(r["space"], r["node"]): r for r in node.ayni("quality", word, "--by", "source", *period) if r["of"] == "reports"}
        assert rows.keys() == sources.keys(), (rows.keys(), sources.keys())
        for place, row in rows.items():
            source = sources[place]
            counts = (source[share], source["expected"]) if source["expected"] else (None, None)
            assert (row["numerator"], row["denominator"], row["value"]) == (*counts, source[word]), (row, source)
            assert ("message" in row) == (not source["expected"]), row
        total, = [r for r in node.ayni("quality", word, *period) if r["of"] == "reports"]
        assert total["denominator"] == (sum(s["expected"] for s in sources.values()) or None), total
    fresh, = node.ayni("quality", "freshness")
    assert fresh["denominator"] == sum(s["entries"] > 0 for s in sources.values()) and 0 <= fresh["value"] < 1, fresh
    row, = [r for r in node.ayni("quality", "completeness", "--by", "territory") if r["of"] == "reports"]
    assert row["denominator"] is None and row["value"] is None and row["message"], row


with Federation("midis", "partner") as fed:
    world = World(fed, random.Random(SEED))
    midis, partner = world.nodes
    fed.space("registers", "partner")
    fed.space("visits", "partner")
    world.children()
    world.services()
    world.members()
    world.marks()
    world.sync()
    check_sources(partner)
    check_sources(midis, "--period", world.today.strftime("%Y-%m"))
    world.count()
    space, node, origin, place, kind = range(5)
    for by in ((), ("source",), ("territory",), ("type",), ("source", "origin", "territory", "type")):
        check(world, midis, (), lambda g: True, by)
    for options, keep in ((("--territory", "1601"), lambda g: g[place].startswith("1601")),
                          (("--space", "visits"), lambda g: g[space] == "visits"),
                          (("--node", "partner"), lambda g: g[node] == world.ids[partner]),
                          (("--type", "growth"), lambda g: g[kind] == "growth")):
        check(world, midis, options, keep, ("source", "type"))
    check_latency(world)
    check_unique(world)
    found = sum(n for (figure, _), (n, _) in world.oracle.cells.items() if figure[0] == "outliers")
    listed = midis.ayni("problems", "--kind", "outlier")
    assert len(listed) == found > 0 and all(p["level"] == "warn" and p["message"] for p in listed), (SEED, found, listed)

    # One word, and a month: what is of it.
    month = world.today.strftime("%Y-%m")
    fields, = [r for r in midis.ayni("quality", "completeness", "--period", month, "--type", "hb_test") if r["of"] == "fields"]
    of_month = sum(r.kind == "hb_test" and r.fields["date"].startswith(month) for r in world.records)
    per = sum(bool(f.get("required")) for f in fields_of("hb_test"))
    assert fields["denominator"] == (of_month * per or None), (SEED, fields, of_month)

    # Levels; people read names; what nobody knows is refused.
    districts = {r["territory"] for r in midis.ayni("quality", "contested", "--level", "department")}
    assert districts <= {"16", "25", None}, districts
    assert "partner" in midis.run("quality", "--by", "source").stdout
    for options in (("fullness",), ("--by", "colour"), ("--territory", "9x")):
        assert midis.run("quality", *options).returncode == 2, options
