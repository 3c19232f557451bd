"""The same bounce as other programs hand it on: each function takes a message and gives it back otherwise written."""
import base64
import quopri
import re


def split(message):
    """Header and body of a message whose lines end in LF."""
    head, _, body = message.partition(b"\n\n")
    return head, body


def lf(message):
    return message.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def crlf(message):
    return lf(message).replace(b"\n", b"\r\n")


def cr(message):
    return lf(message).replace(b"\n", b"\r")


def truncations(message, step=1):
    lines = lf(message).split(b"\n")
    for n in range(1, len(lines), step):
        yield b"\n".join(lines[:n]) + b"\n"


def _boundary(head):
    found = re.search(rb'^content-type:\s*multipart/.*?boundary="?([^"\s;]+)', head, re.I | re.S | re.M)
    return found and found.group(1)


def _encoded(head, body, name, encode):
    if re.search(rb"^content-transfer-encoding:\s*(base64|quoted-printable)", head, re.I | re.M):
        return head, body
    head = re.sub(rb"^content-transfer-encoding:.*\n?", b"", head, flags=re.I | re.M).rstrip(b"\n")
    return head + b"\nContent-Transfer-Encoding: " + name, encode(body)


def _reencoded(message, name, encode):
    """Every part for people, and the report, in another transfer encoding."""
    head, body = split(lf(message))
    boundary = _boundary(head)
    if boundary is None:
        if b"mime-version" not in head.lower():
            head += b"\nMIME-Version: 1.0"
        return b"\n\n".join(_encoded(head, body, name, encode))
    parts = body.split(b"--" + boundary)
    for i in range(1, len(parts)):
        if parts[i].startswith(b"--"):
            break
        if not parts[i].startswith(b"\n"):
            return message
        if parts[i].startswith(b"\n\n"):
            part_head, part_body = b"", parts[i][2:]
        else:
            part_head, part_body = split(parts[i][1:])
        if re.search(rb"^content-type:\s*(multipart|message/rfc822)", part_head, re.I | re.M):
            continue
        part_head, part_body = _encoded(part_head, part_body.rstrip(b"\n") + b"\n", name, encode)
        parts[i] = b"\n" + part_head.lstrip(b"\n") + b"\n\n" + part_body.rstrip(b"\n") + b"\n"
    return head + b"\n\n" + (b"--" + boundary).join(parts)


def in_base64(message):
    return _reencoded(message, b"base64", base64.encodebytes)


def in_quoted_printable(message):
    return _reencoded(message, b"quoted-printable", quopri.encodestring)


def forwarded(message):
    """As an attachment of somebody's mail."""
    return (b"From: taro@example.jp\nTo: admin@example.jp\nSubject: Fwd: what is this?\nDate: Mon, 23 Nov 2026 10:00:00 +0900\n"
            b"Message-ID: <fwd@example.jp>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_forwarded\"\n\n"
            b"--=_forwarded\nContent-Type: text/plain; charset=utf-8\n\nCan you tell what this means?\n\n"
            b"--=_forwarded\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=\"bounce.eml\"\n\n"
            + lf(message).rstrip(b"\n") + b"\n\n--=_forwarded--\n")


def reordered(message):
    """The parts of a multipart, the last first."""
    head, body = split(lf(message))
    boundary = _boundary(head)
    if boundary is None:
        return message
    pieces = body.split(b"--" + boundary)
    end = next((i for i, p in enumerate(pieces) if i > 0 and p.startswith(b"--")), None)
    if end is None or end < 3:
        return message
    parts = [p.rstrip(b"\n") + b"\n" for p in pieces[1:end]]
    return head + b"\n\n" + (b"--" + boundary).join(pieces[:1] + parts[::-1] + pieces[end:])


def _each_line(mark):
    return lambda message: b"".join(mark + line for line in lf(message).splitlines(keepends=True))


BEFORE = b"Hello,\nsince yesterday all our mail comes back like this. What is to be done?\n\n"
BEHIND = b"\n\nMany thanks for any help!\n"


def with_prose_around(message):
    return BEFORE + lf(message) + BEHIND


def in_utf16(message):
    return b"\xff\xfe" + lf(message).decode("utf-8").encode("utf-16-le")


def html_escaped(text):
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def in_smart_quotes(text):
    return text.replace(b"'", "\u2019".encode())


def linked(text):
    """As Markdown writes an address in brackets."""
    return re.sub(rb"<([\w.+-]+@[\w.-]+)>", rb"[<\1>](mailto:\1)", text)


# The whole file, as a person hands it on.
SHOWN = {"a blank line first": lambda m: b"\n" + m, "blank lines first": lambda m: b"\r\n \n\n" + m,
         "a byte order mark": lambda m: b"\xef\xbb\xbf" + m, "quoted": _each_line(b"> "), "quoted twice": _each_line(b">> "),
         "behind bars": _each_line(b"| "), "indented": _each_line(b"    "), "prose around": with_prose_around,
         "quoted, prose around": lambda m: with_prose_around(_each_line(b"> ")(m)),
         "indented, prose around": lambda m: with_prose_around(_each_line(b"    ")(m))}

# A notice's text alone, as a mail client shows it.
COPIED = {"quoted": _each_line(b"> "), "quoted without blanks": _each_line(b">"), "indented": _each_line(b"    "),
          "prose around": with_prose_around, "escaped": html_escaped, "smart quotes": in_smart_quotes, "linked": linked,
          "UTF-16": in_utf16}

WAYS = {"CRLF": crlf, "CR": cr, "base64": in_base64, "quoted-printable": in_quoted_printable,
        "forwarded": forwarded, "reordered": reordered}
