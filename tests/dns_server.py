"""A DNS server on loopback that says what a test wants – also nothing, or nonsense."""
import ipaddress
import socket
import struct
import threading

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}


def wire_name(name):
    return b"".join(bytes([len(p)]) + p.encode() for p in name.rstrip(".").split(".") if p) + b"\0"


def rdata(kind, value):
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "TXT":
        data = value.encode()
        return b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255))
    if kind == "MX":
        return struct.pack("!H", value[0]) + wire_name(value[1])
    return wire_name(value)


class Server:
    """`zone`: {name: [(type, value), ...]}; "SILENT" or "GARBAGE" instead of the list."""

    def __init__(self, zone):
        self.zone = {n.lower(): r for n, r in zone.items()}
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                query, client = self.socket.recvfrom(4096)
            except OSError:
                return
            reply = self.reply(query)
            if reply:
                self.socket.sendto(reply, client)

    def reply(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        name, (kind,) = ".".join(labels).lower(), struct.unpack("!H", query[at + 1:at + 3])
        question = query[12:at + 5]
        self.asked.append((name, kind))
        records = self.zone.get(name)
        if records == "SILENT":
            return None
        if records == "GARBAGE":
            return query[:2] + b"\xff" * 40
        found = [(k, v) for k, v in records or [] if TYPES[k] in (kind, 5)]
        exists = records is not None or any(n.endswith("." + name) for n in self.zone)
        head = query[:2] + struct.pack("!HHHHH", 0x8180 | (0 if exists else 3), 1, len(found), 0, 0)
        return head + question + b"".join(
            b"\xc0\x0c" + struct.pack("!HHIH", TYPES[k], 1, 60, len(rdata(k, v))) + rdata(k, v) for k, v in found)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
