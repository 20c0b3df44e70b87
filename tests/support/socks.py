"""A SOCKS5 proxy (RFC 1928, CONNECT without a login) in a thread, and what it was asked for."""

import select
import socket
import struct
import threading


class Socks:
    def __enter__(self):
        self.asked = []  # (host, port), as each client named them
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.open = [self.listener]
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        for one in self.open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(client)
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        try:
            far = self.greet(client)
            if far is not None:
                self.open.append(far)
                carry(client, far)
        except OSError:
            pass
        client.close()

    def greet(self, client):
        """The connection that was asked for; None where it can't be made."""
        version, count = exactly(client, 2)
        methods = exactly(client, count)
        assert version == 5 and 0 in methods, (version, methods)
        client.sendall(b"\x05\x00")
        version, command, _, kind = exactly(client, 4)
        assert (version, command) == (5, 1), (version, command)
        if kind == 1:
            host = socket.inet_ntop(socket.AF_INET, exactly(client, 4))
        elif kind == 4:
            host = socket.inet_ntop(socket.AF_INET6, exactly(client, 16))
        else:
            host = exactly(client, exactly(client, 1)[0]).decode()
        port, = struct.unpack(">H", exactly(client, 2))
        self.asked.append((host, port))
        try:
            far = socket.create_connection((host, port), 10)
        except OSError:
            client.sendall(b"\x05\x05\x00\x01" + bytes(6))  # refused
            return None
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return far


def exactly(one, size):
    data = b""
    while len(data) < size:
        more = one.recv(size - len(data))
        if not more:
            raise OSError("it ended")
        data += more
    return data


def carry(a, b):
    """Until either ends."""
    while True:
        for one in select.select([a, b], [], [])[0]:
            data = one.recv(65536)
            if not data:
                a.close()
                b.close()
                return
            (b if one is a else a).sendall(data)
