#!/usr/bin/env python3
"""Every text that people see is there in Spanish, with the same places for values."""
import os
import re
import shutil
import subprocess
import sys

source = os.environ["AYNI_SOURCE"]
if not shutil.which("xgettext") or not shutil.which("msgcat"):
    print("SKIP: gettext is not installed")
    sys.exit(77)


def texts(po):
    """msgid -> msgstr of the bytes of a .po file."""
    flat = subprocess.run(["msgcat", "--no-wrap", "-"], input=po, stdout=subprocess.PIPE, check=True).stdout.decode()
    flat = re.sub(r"^#.*\n", "", flat, flags=re.M)
    return dict(re.findall(r'^msgid "(.*)"\nmsgstr "(.*)"$', flat, flags=re.M))


files = sorted(
    os.path.relpath(os.path.join(folder, name), source)
    for part in ("cli", "daemon", "proto")
    for folder, _, names in os.walk(os.path.join(source, part))
    for name in names
    if name.endswith((".c", ".h"))
)
pot = subprocess.run(
    ["xgettext", "--keyword=_", "--keyword=N_", "--from-code=UTF-8", "--no-location", "-o", "-", "-f", "-"],
    input="\n".join(files).encode(), stdout=subprocess.PIPE, cwd=source, check=True).stdout.replace(b"CHARSET", b"UTF-8")
with open(os.path.join(source, "po", "es.po"), "rb") as file:
    spanish = texts(file.read())

failed = False
for text in texts(pot):
    if text == "":
        continue
    translated = spanish.get(text, "")
    if translated == "":
        print("FAILED: not in po/es.po (run po/update):", text)
        failed = True
    elif re.findall(r"{}|%[a-z]+", text) != re.findall(r"{}|%[a-z]+", translated):
        print("FAILED: other places for values:", text)
        failed = True
sys.exit(failed)
