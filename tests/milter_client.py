"""An MTA's side of the milter protocol, and what becomes of a message by it."""
import socket
import struct

ACTIONS, EVENTS = 0x1ff, 0x1fffff
CONTINUE = b"c"


class Refused(Exception):
    """The reply that a message got."""


class Mta:
    """One connection. Waits for answers only where the filter did not ask to go without."""

    NO_REPLY = {b"C": 0x1000, b"H": 0x2000, b"M": 0x4000, b"R": 0x8000, b"T": 0x10000, b"L": 0x80, b"N": 0x40000, b"B": 0x80000}

    def __init__(self, address, version=6, actions=ACTIONS, events=EVENTS):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(20)
        self.socket.connect(address)
        self.send(b"O", struct.pack("!III", version, actions, events))
        letter, data = self.receive()
        assert letter == b"O"
        self.version, self.actions, self.events = struct.unpack("!III", data[:12])
        assert self.actions & ~actions == 0 and self.events & ~events == 0

    def send(self, letter, data=b""):
        self.socket.sendall(struct.pack("!I", len(data) + 1) + letter + data)

    def exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            if not more:
                raise ConnectionError("closed by the filter")
            data += more
        return data

    def receive(self):
        length, = struct.unpack("!I", self.exactly(4))
        data = self.exactly(length)
        return data[:1], data[1:]

    def tell(self, letter, data=b""):
        """A command that is no message's end."""
        self.send(letter, data)
        if not self.events & self.NO_REPLY[letter]:
            answer = self.receive()
            assert answer[0] == CONTINUE, answer

    def macros(self, stage, **values):
        if values:
            self.send(b"D", stage + b"".join(b"{%s}\0%s\0" % (n.encode(), v.encode()) for n, v in values.items()))

    def client(self, ip="192.0.2.1", helo="mail.example.jp", **macros):
        self.macros(b"C", daemon_name="smtpd")
        family = b"6" if ":" in ip else b"4"
        self.tell(b"C", b"client.example\0" + family + struct.pack("!H", 25) + ip.encode() + b"\0")
        if helo:
            self.macros(b"H", **macros)
            self.tell(b"H", helo.encode() + b"\0")

    def message(self, message, sender="<taro@example.jp>", recipient="<hanako@example.com>", chunk=65535, **macros):
        """The message as it would be delivered, or Refused."""
        header, _, body = message.partition(b"\r\n\r\n")
        fields = split_fields(header)
        self.macros(b"M", **macros)
        self.tell(b"M", sender.encode() + b"\0")
        self.tell(b"R", recipient.encode() + b"\0")
        self.macros(b"T", i="4XyzABC")
        self.tell(b"T")
        for name, value in fields:
            if not self.events & 0x100000 and value.startswith(b" "):
                value = value[1:]
            self.tell(b"L", name + b"\0" + value.replace(b"\r\n", b"\n") + b"\0")
        self.tell(b"N")
        for at in range(0, len(body), chunk):
            self.tell(b"B", body[at:at + chunk])
        self.send(b"E")
        return self.delivered(fields, body)

    def delivered(self, fields, body):
        self.progress = self.held = 0
        while True:
            letter, data = self.receive()
            if letter == b"i":
                at, (name, value) = struct.unpack("!I", data[:4])[0], data[4:].split(b"\0")[:2]
                fields.insert(max(0, at - 1), (name, self.given(value)))
            elif letter == b"m":
                self.change(fields, struct.unpack("!I", data[:4])[0], *data[4:].split(b"\0")[:2])
            elif letter in b"pq":
                self.progress, self.held = self.progress + (letter == b"p"), self.held + (letter == b"q")
            elif letter in b"ca":
                return b"".join(n + b":" + v + b"\r\n" for n, v in fields) + b"\r\n" + body
            else:
                raise Refused(letter.decode() + " " + data.rstrip(b"\0").replace(b"%%", b"%").decode())

    def given(self, value):
        return (value if self.events & 0x100000 else b" " + value).replace(b"\n", b"\r\n")

    def change(self, fields, n, name, value):
        places = [i for i, f in enumerate(fields) if f[0].lower() == name.lower()]
        assert n <= len(places), "a field is changed that is not there"
        if value:
            fields[places[n - 1]] = name, self.given(value)
        else:
            del fields[places[n - 1]]

    def close(self):
        self.send(b"Q")
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def split_fields(header):
    fields = []
    for line in header.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            fields[-1] = fields[-1][0], fields[-1][1] + b"\r\n" + line
        else:
            name, _, value = line.partition(b":")
            fields.append((name, value))
    return fields
