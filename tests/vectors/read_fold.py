"""The state of a record and the context of its next version, from docs/protocol.md sections 4.2 to
4.4. Entries are named by their chain hash."""

from ayni import decode, encode
from read_payload import read

RESOLUTION, WITHDRAWAL = 1, 2


class Entry:
    def __init__(self, told, standing):
        self.feed = bytes.fromhex(told["feed"])
        self.seq = told["seq"]
        self.chain = bytes.fromhex(told["chain"])
        self.before = bytes.fromhex(told.get("before", ""))
        self.time = told["time"]
        self.unreadable = told["payload"] == "unreadable"
        here = told["payload"] not in ("unreadable", "erased", "of another record")
        self.version = read(bytes.fromhex(told["payload"])) if here else None
        self.valid = here and standing[told["chain"]]["valid"]
        self.roles = standing[told["chain"]]["roles"] if here else []
        self.meta = self.version["meta"] if here else {}
        self.act = self.meta.get("act", 0)
        self.fields = self.version["fields"] if here else {}
        origin = self.meta.get("origin", "manual")
        self.origin = None if origin == "manual" else (self.meta["organisation"], origin)

    def age(self):
        return (self.time, self.chain)


class Record:
    def __init__(self, case):
        entries = [Entry(told, case["standing"]) for told in case["entries"]]
        self.held = {entry.chain: entry for entry in entries}
        self.rules = case["rules"]
        self.valid = [entry for entry in entries if entry.valid]
        self.withdrawn = [entry for entry in self.valid if self.is_withdrawn(entry)]
        self.counting = [entry for entry in self.valid
                         if entry.act != WITHDRAWAL and entry not in self.withdrawn]

    # --- 4.2 ---

    def past(self, entry):
        """The entry and all before it on its chain."""
        chain = []
        while entry is not None:
            chain.append(entry)
            entry = self.held.get(entry.before)
        return chain

    def fitting(self, by, pair):
        """What a pair names, if it is held."""
        feed, seq, prefix = pair
        for entry in sorted(self.held.values(), key=lambda entry: entry.feed):
            of_feed = entry.feed == by.feed if feed == 0 else entry.feed[:16] == feed
            if of_feed and entry.seq == seq and entry.chain[:8] == prefix:
                return entry
        return None

    def covers(self, by, what):
        for pair in by.version["context"]:
            named = self.fitting(by, pair)
            if named is not None and what in self.past(named) and by not in self.past(named):
                return True
        return False

    def context(self, own):
        blocking = [entry for entry in self.held.values()
                    if entry.unreadable or (entry.version is not None and not entry.valid)]
        free = [entry for entry in self.valid
                if not any(entry_before in blocking for entry_before in self.past(entry))]
        newest = [entry for entry in free
                  if not any(entry in self.past(other) for other in free if other is not entry)]
        made = {}
        for entry in sorted(newest, key=lambda entry: (entry.seq, entry.chain[:8])):
            feed = 0 if entry.feed == own else entry.feed[:16]
            made.setdefault(feed, []).append((entry.seq, entry.chain[:8]))
        return encode({feed: [part for pair in sorted(pairs) for part in pair]
                       for feed, pairs in made.items()})

    # --- 4.3 ---

    def is_withdrawn(self, entry):
        name = {"feed": entry.feed.hex(), "seq": entry.seq, "chain": entry.chain[:8].hex()}
        return entry.act == RESOLUTION and any(
            by.act == WITHDRAWAL and by.meta["withdraws"] == name for by in self.valid)

    def replaces(self, by, what):
        return (by.origin is None or by.origin == what.origin) and self.covers(by, what)

    def survivors(self, field, among):
        setting = [entry for entry in among if field in entry.fields]
        return [what for what in setting if not any(self.replaces(by, what) for by in setting)]

    def deletion(self):
        surviving = [entry for entry in self.counting
                     if any(entry in self.survivors(field, self.counting) for field in entry.fields)]
        deletes = [entry for entry in self.survivors(0, self.counting) if entry.fields[0] is True]
        unseen = [entry for entry in surviving if entry not in deletes
                  and not any(self.replaces(by, entry) for by in deletes)]
        return bool(deletes) and not unseen, bool(deletes) and bool(unseen)

    # --- 4.4 ---

    def alternatives(self, field, among):
        """[(value as bytes, its versions, the newest first), ...], the newest first."""
        by_value = {}
        for entry in sorted(self.survivors(field, among), key=Entry.age, reverse=True):
            by_value.setdefault(encode(entry.fields[field]), []).append(entry)
        return list(by_value.items())

    def field(self, number):
        rule, _, role = self.rules[str(number)].partition(":")
        made = self.alternatives(number, self.counting)
        preferred = []
        if rule == "authority":
            of_role = [entry for entry in self.counting if role in entry.roles]
            preferred = self.alternatives(number, of_role)
            values = [value for value, _ in preferred]
            made = preferred + [one for one in made if one[0] not in values]
        if not made:
            return None
        made, settled, shown = settle(rule, made, len(preferred))
        several = len(made) > 1
        return {
            "number": number,
            "shown": shown.hex(),
            "contested": several and not settled,
            "merged": several and settled,
            "alternatives": [{"value": value.hex(), "by": [entry.chain.hex() for entry in entries]}
                             for value, entries in made],
        }

    def state(self):
        deleted, delete_contested = self.deletion()
        numbers = sorted({number for entry in self.counting for number in entry.fields} - {0})
        fields = [field for field in map(self.field, numbers) if field is not None]
        contested = delete_contested or any(field["contested"] for field in fields)
        return {
            "deleted": deleted,
            "delete_contested": delete_contested,
            "contested": contested and not deleted,
            "fields": fields,
            "withdrawn": [entry.chain.hex() for entry in self.withdrawn],
        }


def rank(raw):
    """The order of values: null, false, true, numbers, all else bytewise."""
    value = decode(raw)
    if value is None:
        return (0,)
    if isinstance(value, bool):
        return (1, value)
    if isinstance(value, int):
        return (2, value)
    return (3, raw)


def settle(rule, made, preferred):
    """The alternatives in their order, whether the rule settles them, and what is shown."""
    filled = [one for one in made if decode(one[0]) is not None]
    values = [decode(value) for value, _ in filled]
    winner = made[0]
    settled = rule == "latest" or (rule == "authority" and preferred == 1)
    if len(made) == 1:
        return made, True, winner[0]
    if rule == "union" and all(isinstance(value, (list, tuple)) for value in values):
        items = sorted({encode(item) for value in values for item in value})
        return made, True, encode([decode(item) for item in items])
    if rule == "max" or (rule == "union" and all(isinstance(value, bool) for value in values)):
        winner, settled = max(filled, key=lambda one: rank(one[0])), True
    elif rule == "min":
        winner, settled = min(filled, key=lambda one: rank(one[0])), True
    return [winner] + [one for one in made if one is not winner], settled, winner[0]


def check(case):
    record = Record(case)
    state = record.state()
    assert sorted(state.pop("withdrawn")) == sorted(case["state"].pop("withdrawn"))
    assert state == case["state"], state
    assert record.context(bytes.fromhex(case.get("own", ""))).hex() == case["context"]
