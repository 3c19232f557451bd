"""./dev case FILE: a case from the field becomes a test.

Masks addresses, host names and IP addresses, each always by the same stand-in, keeps the receivers' own names (the
catalogue knows them), and writes the input and the row that the program gives today into tests/cases/. Personal names
and words are for a person to mask: read what is printed."""
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT / "tests/cases"
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
LOCALS = ["taro", "hanako", "jiro", "yuki", "ken", "aki"]
RESERVED = re.compile(r"(?i)(^|\.)(example(\.(com|net|org|jp|ne\.jp|co\.jp))?|test|invalid|localhost)$")
ADDRESS = re.compile(rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
NAME = re.compile(rb"(?<![A-Za-z0-9@._-])[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*"
                  rb"\.(?:com|net|org|jp|info|biz|io|dev|co|de|fr|uk|us|ru|cn|kr|it|es|br|nl|eu|me|tv|cc)(?![A-Za-z0-9_-])")
IPV4 = re.compile(rb"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
IPV6 = re.compile(rb"(?<![0-9A-Za-z:])[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])")


def known_names():
    """Names that say who the receiver is, and pages that replies name: these stay."""
    names = set()
    for path in (ROOT / "catalog").glob("*.rule"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("Host:", "Domain:")):
                names.update(n.lstrip("*.") for n in line.split(":", 1)[1].split())
            if line.startswith(("Text:", "Mark:", "Source:")):
                names.update(m.decode() for m in NAME.findall(line.lower().encode()))
    return names


class Mask:
    def __init__(self):
        self.known = known_names()
        self.stand_ins = {}

    def stays(self, name):
        name = name.lower().rstrip(".")
        return bool(RESERVED.search(name)) or any(name == k or name.endswith("." + k) for k in self.known)

    def one(self, kind, original, make):
        of_kind = self.stand_ins.setdefault(kind, {})
        if original.lower() not in of_kind:
            of_kind[original.lower()] = make(len(of_kind))
        return of_kind[original.lower()]

    def domain(self, name):
        if self.stays(name):
            return name
        labels = name.split(".")
        tail = 3 if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2 else 2
        below = labels[:-tail]
        apex = self.one("domain", ".".join(labels[-tail:]), lambda n: ["example.jp", "example.com", "example.net", "example.org"][n]
                        if n < 4 else f"d{n}.example")
        return ".".join([*(["mail"] if below else []), apex])

    def address(self, m):
        local, _, domain = m.group(0).decode().rpartition("@")
        if local.lower() in ("mailer-daemon", "postmaster", "abuse", "noreply", "no-reply"):
            return f"{local}@{self.domain(domain)}".encode()
        return (self.one("local", local, lambda n: LOCALS[n % len(LOCALS)] + (str(n // len(LOCALS)) if n >= len(LOCALS) else "")) +
                "@" + self.domain(domain)).encode()

    def ip(self, m):
        try:
            ip = ipaddress.ip_address(m.group(0).decode())
        except ValueError:
            return m.group(0)
        if not ip.is_global:
            return m.group(0)
        return self.one("ip", str(ip), (lambda n: f"192.0.2.{25 + n}") if ip.version == 4 else (lambda n: f"2001:db8::{25 + n:x}")).encode()

    def all(self, text):
        text = ADDRESS.sub(self.address, text)
        text = NAME.sub(lambda m: self.domain(m.group(0).decode()).encode(), text)
        return IPV6.sub(self.ip, IPV4.sub(self.ip, text))


def rows(path):
    """What the program says of a file today: recipient, cause, permanence of each failure."""
    done = subprocess.run([TODOKU, "why", "--json", "--offline", path], capture_output=True, timeout=60)
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        told = json.loads(line)
        yield told["recipient"] or "", told["cause"], told["permanence"]


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    source = pathlib.Path(sys.argv[1])
    masked = Mask().all(source.read_bytes())
    target = CASES / re.sub(r"[^A-Za-z0-9._-]+", "-", source.name)
    number = 2
    while target.exists():
        target = target.with_name(f"{source.stem}-{number}{source.suffix}")
        number += 1
    target.write_bytes(masked)
    table = CASES / "expected.tsv"
    told = list(rows(target)) or [("", "-", "")]
    with table.open("a", encoding="utf-8") as f:
        f.writelines("\t".join([target.name, *row]) + "\n" for row in told)
    sys.stdout.write(masked.decode("utf-8", "replace"))
    print(f"\n{target.relative_to(ROOT)} and {len(told)} row(s) in {table.relative_to(ROOT)}: "
          "mask what is private and left, and correct the rows to what is right.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
