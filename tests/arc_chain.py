"""ARC chains of our own making, sealed by dkimpy, and what may go wrong with them. RFC 8617"""
import functools
import subprocess

import dkim

MESSAGE = (b"From: taro@example.jp\r\nTo: hanako@example.com\r\nSubject: order\r\nDate: Tue, 24 Nov 2026 10:00:00 +0900\r\n"
           b"Message-ID: <1@example.jp>\r\n\r\nThank you for your order.\r\n")
SIGNED = [b"from", b"to", b"subject", b"date", b"message-id"]


@functools.cache
def key():
    """A private key in PEM, and the p= of its record."""
    private = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True, check=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=private, capture_output=True, check=True).stdout
    return private, "".join(public.decode().split("\n")[1:-2])


def record():
    return "v=DKIM1; k=rsa; p=" + key()[1]


def sealed(message, hop, result=b"spf=pass smtp.mailfrom=taro@example.jp", headers=SIGNED):
    """The message with one more set, of mx<hop>.example.org."""
    name = b"mx%d.example.org" % hop
    evaluated = b"Authentication-Results: " + name + b"; " + result
    evaluated += (b"; arc=pass" if hop > 1 else b"") + b"\r\n"
    fields = dkim.arc_sign(evaluated + message, b"arc", name, key()[0], name, include_headers=headers, timestamp=1764000000)
    return b"".join(f if f.endswith(b"\r\n") else f + b"\r\n" for f in fields) + message


@functools.cache
def chain(hops):
    message = MESSAGE
    for hop in range(1, hops + 1):
        message = sealed(message, hop)
    return message


def fields(message):
    """The header's fields, each with its folds."""
    header, _, body = message.partition(b"\r\n\r\n")
    found = []
    for line in header.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            found[-1] += b"\r\n" + line
        else:
            found.append(line)
    return found, body


def changed(message, name, instance, change):
    """The field of this name and instance handed to `change`; None drops it, a list stands for it."""
    found, body = fields(message)
    out = []
    for field in found:
        is_it = field.lower().startswith(name.lower() + b":") and b"i=%d;" % instance in field.replace(b" ", b"")
        new = change(field) if is_it else field
        out += new if isinstance(new, list) else [] if new is None else [new]
    assert out != found, "nothing was changed"
    return b"\r\n".join(out) + b"\r\n\r\n" + body
