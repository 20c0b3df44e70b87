import datetime
import uuid

from ayni import decode, encode, need

DIGITS = {"dni": (8, 8), "cui": (8, 8), "cnv": (6, 15), "padron": (6, 12)}
EPOCH = datetime.date(1970, 1, 1)


def invalid(condition):
    need(condition, "invalid")


def whole(value, lowest=-(2**63), highest=2**63 - 1):
    invalid(isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest)
    return value


def plain(value, most):
    invalid(isinstance(value, str) and 0 < len(value) <= most)
    invalid(all(c in "\t\n\r" or not (ord(c) < 32 or ord(c) == 127) for c in value))
    return value


def identifier(value, scheme):
    plain(value, 60)
    if scheme == "ubigeo":
        invalid(value.isdecimal() and len(value) in (2, 4, 6))
    elif scheme in DIGITS:
        invalid(value.isdecimal() and DIGITS[scheme][0] <= len(value) <= DIGITS[scheme][1])
    return value


def octets(value, size):
    invalid(isinstance(value, bytes) and len(value) == size)
    return value


def members(value, show):
    invalid(isinstance(value, (list, tuple)) and len(value) > 0)
    encodings = [encode(item) for item in value]
    invalid(all(a < b for a, b in zip(encodings, encodings[1:])))
    return ",".join(sorted(show(item) for item in value))


def decimal(value, scale):
    digits = f"{abs(whole(value)):0{scale + 1}}"
    sign = "-" if value < 0 else ""
    return sign + (digits if scale == 0 else f"{digits[:-scale]}.{digits[-scale:]}")


def point(value):
    invalid(isinstance(value, (list, tuple)) and len(value) == 4)
    parts = [decimal(whole(value[0], -90 * 10**6, 90 * 10**6), 6)]
    parts.append(decimal(whole(value[1], -180 * 10**6, 180 * 10**6), 6))
    for item, lowest, highest in ((value[2], -500, 9000), (value[3], 0, 10**6)):
        parts.append("-" if item is None else str(whole(item, lowest, highest)))
    while len(parts) > 2 and parts[-1] == "-":
        parts.pop()
    return " ".join(parts)


def day(value):
    return EPOCH + datetime.timedelta(whole(value, -719162, 2932896))


def show(kind, argument, codes, value):
    """The value as text; refuses what is none of the kind."""
    if value is None:
        return ""
    if kind == "text":
        return plain(value, int(argument))
    if kind == "code":
        invalid(value in codes)
        return value
    if kind == "set":
        return members(value, lambda item: show("code", "", codes, item))
    if kind == "id":
        return identifier(value, argument)
    if kind == "ids":
        return members(value, lambda item: identifier(item, argument))
    if kind == "int":
        return decimal(value, 0)
    if kind == "dec":
        return decimal(value, int(argument))
    if kind == "date":
        return day(value).isoformat()
    if kind == "month":
        invalid(day(value).day == 1)
        return day(value).isoformat()[:7]
    if kind == "time":
        then = datetime.datetime.fromtimestamp(whole(value, 0, 253402300799), datetime.timezone.utc)
        return then.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if kind == "bool":
        invalid(isinstance(value, bool))
        return "true" if value else "false"
    if kind == "point":
        return point(value)
    if kind == "ref":
        return str(uuid.UUID(bytes=octets(value, 16)))
    if kind == "refs":
        return members(value, lambda item: show("ref", "", codes, item))
    return octets(value, int(argument)).hex()


def check(case):
    kind, _, argument = case["kind"].partition(" ")
    value = decode(bytes.fromhex(case["value"]))
    text = show(kind, argument, case.get("codes", "").split(), value)
    assert text == case.get("text"), text
