"""A page whose terminal output is true: docs/guide/. Blocks that begin with ```console hold commands as a person types them,

    loreto$ ayni import padron_municipal.csv --map padron --space loreto/ninez
    leídos 240

each with the node whose person types it; they are run one after the other, and what they print must be what stands there.
What differs from one federation to the next (ids, nodes, times, sizes, the order of rows) is left out of the comparison.
A comment before a block says what isn't shown: <!-- keys: 1 s q --> is typed at a review, <!-- then: loreto$ ... --> is
run after it."""

import collections
import os
import pty
import pwd
import re
import select
import subprocess
import time

STEWARD = "rosa"  # who types at all nodes, in the page
PROMPT = re.compile(r"^([a-z][a-z-]*)\$ (.*)$")
COMMENT = re.compile(r"^<!-- (keys|then): (.*) -->$")

# What no two federations have in common, and what stands for it.
VARYING = [(re.compile(pattern), word) for pattern, word in (
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "ID"),
    (r"\b[a-z2-7]{52}\b", "NODE"),
    (r"\b[0-9a-f]{16,64}\b", "HASH"),
    (r"\b\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?", "TIME"),
    (r"\b\d+(\.\d+)? (B|kB|MB|GB|TB|ms|s)\b", "SIZE"),
    (r"\btcp://\S+", "ENDPOINT"),
)]


class Step:
    """A command of a page, and what stands below it."""

    def __init__(self, node, command, line):
        self.node, self.command, self.line = node, command, line
        self.output, self.keys, self.then = [], None, []


def steps_of(text):
    """The commands of a page in their order."""
    steps, comments, inside = [], [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```console"
            continue
        comment, prompt = COMMENT.match(line), PROMPT.match(line)
        if not inside:
            comments += [comment.groups()] if comment else []
        elif prompt:
            step = Step(*prompt.groups(), number)
            for kind, words in comments:
                if kind == "keys":
                    step.keys = words.split(" ")
                else:
                    step.then.append(words)
            steps.append(step)
            comments = []
        else:
            steps[-1].output.append(line)
    return steps


def with_outputs(text, outputs):
    """The page again, each command with what it printed."""
    page, inside, outputs = [], False, iter(outputs)
    for line in text.splitlines():
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and PROMPT.match(line):
            page += [line, *next(outputs)]
            continue
        elif inside:
            continue
        page.append(line)
    return "\n".join(page) + "\n"


def what_is_said(lines):
    """The lines without what varies, in any order, as are the names in a cell."""
    said = collections.Counter()
    for line in lines:
        for pattern, word in VARYING:
            line = pattern.sub(word, line)
        words = sorted(re.split(r"[\s,]+", line.strip()))
        said[" ".join(words)] += any(words)
    return +said


def at_terminal(arguments, environment, folder, keys):
    """What a command shows at a pseudo-terminal where the keys are typed, each when it asks for one."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder)
    os.close(theirs)
    seen, asked, end = "", 0, time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                seen += os.read(ours, 65536).decode(errors="replace")
            except OSError:
                break
        elif not seen.endswith("\n") and seen[asked:].rstrip().endswith(("]", ":")) and keys:
            os.write(ours, (keys.pop(0) + "\n").encode())
            asked = len(seen)
    assert process.wait(timeout=60) == 0, seen
    os.close(ours)
    return seen.replace("\r\n", "\n").splitlines()


class Runner:
    """Runs the commands of a page at the nodes of a federation, in one folder with the files that they name."""

    def __init__(self, fed, folder, binaries, language):
        self.fed, self.folder, self.binaries, self.language = fed, folder, binaries, language

    def environment(self, node):
        return {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "dumb", "AYNI_HOME": str(self.fed[node].home),
                "PATH": f"{self.binaries}:{os.environ['PATH']}"}

    def run(self, node, command, keys=None):
        """The lines that it prints."""
        command = command.replace("ayni ", f"ayni --lang {self.language} ", 1)
        environment = self.environment(node)
        if keys is not None:
            lines = at_terminal(["sh", "-c", command], environment, self.folder, list(keys))
        else:
            done = subprocess.run(["sh", "-c", "{ " + command + "; } 2>&1"], env=environment, cwd=self.folder, text=True, timeout=120,
                                  stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
            assert done.returncode in (0, 1), f"{node}$ {command}\n{done.stdout}"
            lines = done.stdout.splitlines()
        user = re.compile(rf"\b{re.escape(pwd.getpwuid(os.geteuid()).pw_name)}\b")
        return [user.sub(STEWARD, line).rstrip() for line in lines]

    def step(self, step):
        lines = self.run(step.node, step.command, step.keys)
        for hidden in step.then:
            self.run(*PROMPT.match(hidden).groups())
        return lines
