"""Real nodes for integration tests: homes in a temporary folder, daemons on loopback, the command as a user has it.

    with Federation("midis", "loreto") as fed:
        fed["loreto"].ayni("put", "child", "--space", "s", "surname_1=Vela")

Every daemon that was started is ended, also when the test fails; then the ends of their logs are printed.
Waiting is for an event with a deadline: until(), never a sleep for its own sake.
"""

import contextlib
import datetime
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(os.environ.get("AYNI_BIN", "build/dev/bin")).resolve()
SOURCE = pathlib.Path(os.environ.get("AYNI_SOURCE", ".")).resolve()


def skip(reason):
    print(f"SKIP: {reason}")
    sys.exit(77)


PORTS = range(10000, 32000)  # below those that the system gives to who dials
ports_taken = []  # an abstract socket for each port of this test: its name is free again when the test is gone


def free_port():
    """One that no other test gets as long as this one runs, also while nobody listens there."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0ayni-test-port-{port}")
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        ports_taken.append(mark)
        return port


def until(condition, seconds=30, what="the condition"):
    """Ask until it answers something true; that is returned."""
    end = time.monotonic() + seconds
    pause = 0.005
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(pause)
        pause = min(2 * pause, 0.05)


def not_at_midnight(seconds=180):
    """Lets a day end that would end meanwhile, for what counts by days and months."""
    now = datetime.datetime.now()
    left = 86400 - (now.hour * 3600 + now.minute * 60 + now.second)
    if left <= seconds:
        time.sleep(left)


@contextlib.contextmanager
def frozen(*nodes):
    """They hear and say nothing meanwhile, and are where they were after it."""
    for node in nodes:
        node.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for node in nodes:
            node.process.send_signal(signal.SIGCONT)


def contents(folder):
    """Each file below it with what it holds; one that goes meanwhile, as a store does that is compacted, is left out."""
    for path in pathlib.Path(folder).rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                yield path, path.read_bytes()


def files_with(folder, what):
    """Those that have these bytes anywhere, free pages included."""
    return [path for path, content in contents(folder) if what in content]


class Failed(Exception):
    """The command ended with another code than expected."""

    def __init__(self, arguments, run):
        super().__init__(f"ayni {' '.join(arguments)}: exit {run.returncode}\n{run.stdout}{run.stderr}")
        self.code = run.returncode
        self.stdout, self.stderr = run.stdout, run.stderr


class Node:
    def __init__(self, folder, name):
        self.name = name
        self.home = folder / name
        self.port = free_port()
        self.log_path = folder / f"{name}.log"
        self.process = None
        self.prefix = []  # of the command that starts the daemon: where it is to run

    def run(self, *arguments, timeout=120, stdin=None, folder=None):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        environment.pop("AYNI_HOME", None)
        return subprocess.run([BIN / "ayni", "--home", self.home, "--lang", "en", *map(str, arguments)],
                              capture_output=True, text=True, timeout=timeout, env=environment, input=stdin, cwd=folder)

    def ayni(self, *arguments, code=0, timeout=120, stdin=None):
        """The JSON that the command prints: a document, or a list of the lines of those that print lines."""
        run = self.run("--json", *arguments, timeout=timeout, stdin=stdin)
        if run.returncode != code:
            raise Failed(list(map(str, arguments)), run)
        text = run.stdout.strip()
        if arguments[0] in ("list", "query", "export", "watch"):
            return [json.loads(line) for line in text.splitlines()]
        return json.loads(text) if text else None

    def init(self, *more, code=0):
        return self.ayni("init", "--name", self.name, *more, code=code)

    def spawn(self, *more, listen=True, disk=None):
        """Start it, and wait for nothing. `disk` is a Disk of support/disk.py."""
        arguments = [*self.prefix, BIN / "aynid", "--home", self.home, *more]
        if listen:
            arguments += ["--listen", f"tcp://127.0.0.1:{self.port}"]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env={**os.environ, **(disk.environment() if disk else {})})

    def start(self, *more, listen=True, disk=None):
        self.spawn(*more, listen=listen, disk=disk)
        until(self.answers, 60, f"an answer of {self.name}")
        return self

    def refused_start(self, lang="en"):
        """What a daemon says that must not start here; its exit code must say so too."""
        run = subprocess.run([BIN / "aynid", "--home", self.home, "--listen", f"tcp://127.0.0.1:{self.port}"],
                             capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                             env={**os.environ, "AYNI_LANG": lang})
        assert run.returncode != 0, f"a daemon started in {self.home}"
        return run.stderr

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"aynid of {self.name} ended with {self.process.returncode}:\n{self.log(20)}")
        return (self.home / "control.sock").exists() and self.run("status").returncode == 0

    def stop(self, with_signal=signal.SIGTERM):
        """Ends the daemon; its exit code."""
        if self.process is None:
            return None
        self.process.send_signal(with_signal)
        code = self.process.wait(60)
        self.process = None
        return code

    def kill(self):
        return self.stop(signal.SIGKILL)

    def log(self, lines):
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    def sync(self, seconds=60, code=0):
        return self.ayni("sync", "--wait", "--timeout", seconds, timeout=seconds + 30, code=code)

    def state(self):
        return self.ayni("status")["state"]


class Federation:
    """The first name steers. All run, are members, and have heard so."""

    LISTEN = True

    def __init__(self, *names, name="Primera Infancia"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ayni-test-"))
        self.nodes = {n: Node(self.folder, n) for n in names}
        self.steering = self.nodes[names[0]]
        self.federation = name

    def __getitem__(self, name):
        return self.nodes[name]

    def __enter__(self):
        try:
            self.steering.init("--steering", "--federation", self.federation)
            self.steering.start(listen=self.LISTEN)
            for node in list(self.nodes.values())[1:]:
                self.add(node)
        except BaseException:
            self.end(failed=True)
            raise
        return self

    def add(self, node, *more):
        """Found by card and ticket, as a new partner would be."""
        node.init()
        node.start(listen=self.LISTEN)
        node.ayni("join", self.steering.ayni("ticket")["ticket"])
        self.steering.ayni("member", "add", node.ayni("card")["card"], *more)
        self.wait_for(node)

    def wait_for(self, node):
        """Until it has heard that it is a member."""
        until(lambda: node.state() == "member", 30, f"membership of {node.name}")
        # The catalogue is in the bulk lane, and may come later than what is urgent.
        until(lambda: node.run("types", "person").returncode == 0, 60, f"the catalogue at {node.name}")

    def space(self, name, *writers, owner=None, **options):
        """A space of the steering node, or of `owner`, with these nodes as writers."""
        owner = owner or self.steering
        owner.ayni("space", "create", name, *(x for k, v in options.items() for x in (f"--{k}", v)))
        for writer in writers:
            owner.ayni("space", "grant", name, self.nodes[writer].name, "writer")
        for writer in writers:
            until(lambda w=writer: any(s["space"] == name and s["role"] in ("writer", "owner") and not s.get("awaits_key")
                                       for s in self.nodes[w].ayni("space", "list")), 30, f"{name} at {writer}")

    def agree(self, *nodes):
        """Until these, or all, are connected with each other, hold the same, and show it."""
        nodes = nodes or self.nodes.values()
        names = {node.name for node in nodes}
        for node in nodes:
            until(lambda n=node: names - {n.name} <= {p["name"] for p in n.ayni("peer", "list") if p["state"] == "connected"}, 60,
                  f"{node.name} to be connected with all")
        for node in nodes:
            node.sync()

    def end(self, failed):
        for node in self.nodes.values():
            if node.process is not None and node.process.poll() is None:
                node.process.send_signal(signal.SIGTERM)
        codes = {}
        for node in self.nodes.values():
            if node.process is None:
                continue
            try:
                codes[node.name] = node.process.wait(60)
            except subprocess.TimeoutExpired:
                node.process.kill()
                codes[node.name] = "killed: it did not stop"
        if failed:
            for node in self.nodes.values():
                print(f"--- {node.name}\n{node.log(30)}", file=sys.stderr)
        logs = {n: node.log(4000) for n, node in self.nodes.items()}
        shutil.rmtree(self.folder, ignore_errors=True)
        if not failed:
            for name, code in codes.items():
                if code != 0:
                    print(f"--- {name} ended with {code}\n{logs[name][-20000:]}", file=sys.stderr)
            assert all(code == 0 for code in codes.values()), f"daemons ended with {codes}"
            for name, log in logs.items():
                assert "Sanitizer" not in log, f"{name}: {log[-4000:]}"

    def __exit__(self, kind, error, trace):
        self.end(failed=kind is not None)
