"""Reads every vector with a second, independent implementation: docs/protocol.md and Debian's
python3-cbor2 and python3-nacl, nothing of ours. A format NAME.json is read by read_NAME.py, whose
check(case) raises Refused for what must be refused and AssertionError where something differs."""

import importlib
import json
import pathlib
import sys

try:
    import cbor2  # noqa: F401
    import nacl.signing  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}; install python3-cbor2 and python3-nacl")
    sys.exit(77)

from ayni import Refused


def check_case(reader, case):
    """None, or what is wrong."""
    try:
        reader.check(case)
    except Refused as refusal:
        if case.get("refused") != str(refusal):
            return f"refused as {refusal}"
        return None
    except AssertionError as difference:
        return f"differs: {difference!r}"
    return "accepted" if "refused" in case else None


def main():
    folder = pathlib.Path(__file__).resolve().parent
    count, failed = 0, 0
    for path in sorted(folder.glob("*.json")):
        vectors = json.loads(path.read_text())
        reader = importlib.import_module(f"read_{path.stem}")
        for number, case in enumerate(vectors["cases"]):
            count += 1
            wrong = check_case(reader, case)
            if wrong is not None:
                failed += 1
                print(f"{path.name} case {number} ({case['name']}): {wrong}")
    print(f"{count} vectors read, {failed} failed")
    return 1 if failed or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
