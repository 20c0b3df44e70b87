"""A TCP relay that takes its time: delay, jitter, and cuts in the middle of what it carries.

    relay.py LISTEN-ADDRESS PORT TO-ADDRESS TO-PORT [delay=S] [jitter=S] [cut_every=S] [cut_after=BYTES]

`delay` is one way; `jitter` is added at random and never changes the order. A cut resets all connections, every so many seconds, or
when so many bytes more have gone (half of the piece at hand has gone then). Each line `stats` on standard input is answered by a line
of JSON. For another namespace it is a program of its own; `Relay` runs it.
"""

import asyncio
import json
import random
import socket
import struct
import subprocess
import sys

PIECE = 4096


class Counts:
    connections = cuts = carried = 0


class Pipe:
    """One way of one connection."""

    def __init__(self, reader, writer, options, cut):
        self.reader, self.writer, self.options, self.cut = reader, writer, options, cut
        self.queue = asyncio.Queue(64)
        self.free_at = 0.0

    async def take(self):
        clock = asyncio.get_running_loop().time
        while piece := await self.reader.read(PIECE):
            due = clock() + self.options["delay"] + random.random() * self.options["jitter"]
            self.free_at = max(self.free_at, due)
            await self.queue.put((self.free_at, piece))
        await self.queue.put((self.free_at, b""))

    async def give(self):
        clock = asyncio.get_running_loop().time
        while True:
            due, piece = await self.queue.get()
            await asyncio.sleep(max(0, due - clock()))
            if not piece:
                return
            before = Counts.carried
            Counts.carried += len(piece)
            every = self.options["cut_after"]
            if every and before // every != Counts.carried // every:
                self.writer.write(piece[:len(piece) // 2])
                await asyncio.sleep(0)
                self.cut()
                return
            self.writer.write(piece)
            await self.writer.drain()


class Carrier:
    def __init__(self, to, options):
        self.to, self.options, self.writers = to, options, set()

    def cut(self):
        Counts.cuts += 1
        for writer in list(self.writers):
            one = writer.get_extra_info("socket")
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def carry(self, reader, writer):
        Counts.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.to)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self.writers |= both
        pipes = [Pipe(reader, far_writer, self.options, self.cut), Pipe(far_reader, writer, self.options, self.cut)]
        tasks = [asyncio.ensure_future(step()) for pipe in pipes for step in (pipe.take, pipe.give)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.writers -= both
        for one in both:
            one.transport.abort()


async def cut_by_the_clock(carrier, seconds):
    while True:
        await asyncio.sleep(seconds)
        carrier.cut()


async def answer_questions():
    loop = asyncio.get_running_loop()
    questions = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while await questions.readline():
        print(json.dumps({name: getattr(Counts, name) for name in ("connections", "cuts", "carried")}), flush=True)


async def main(listen, port, to, to_port, *settings):
    options = {"delay": 0.0, "jitter": 0.0, "cut_every": 0.0, "cut_after": 0}
    options.update((name, float(value)) for name, value in (s.split("=") for s in settings))
    carrier = Carrier((to, int(to_port)), options)
    await asyncio.start_server(carrier.carry, listen, int(port), limit=PIECE)
    if options["cut_every"]:
        asyncio.ensure_future(cut_by_the_clock(carrier, options["cut_every"]))
    print("ready", flush=True)
    await answer_questions()


class Relay:
    """The program, by `prefix` (as `ip netns exec NAME`) elsewhere; ends with the block."""

    def __init__(self, listen, port, to, to_port, prefix=(), **options):
        settings = [f"{name}={value}" for name, value in options.items()]
        self.command = [*prefix, sys.executable, __file__, listen, str(port), to, str(to_port), *settings]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stats(self):
        self.process.stdin.write("stats\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
