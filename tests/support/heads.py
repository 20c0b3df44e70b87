"""What a log at rest holds, as tests/tools/log_heads.c reads it."""

import json
import subprocess

from federation import BIN


def look(home, *more):
    run = subprocess.run([BIN / "log_heads", home / "log", *more], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run
    return run.stdout


def heads(home):
    """By feed: {"feed","node","space","lane","seq","chain","forked"}."""
    return {line["feed"]: line for line in map(json.loads, look(home).splitlines())}


def chain_at(home, feed, seq):
    """The chain hash of that entry, in hexadecimal; empty where it isn't held."""
    return look(home, feed, str(seq)).strip()
