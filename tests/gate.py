"""The gate, started on free ports of loopback, and a client that can be anybody."""
import atexit
import json
import os
import pathlib
import re
import smtplib
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))


class Gate:
    def __init__(self, folder, *arguments, zone=None, api=True):
        self.folder = pathlib.Path(folder)
        self.log = self.folder / "gate.jsonl"
        self.maildir = self.folder / "mail-at-gate"
        self.zone = self.folder / "gate.zone"
        words = ["--smtp", "127.0.0.1:0", "--log", self.log, "--maildir", self.maildir, "--name", "mx.gmail.test", "--lang", "en"]
        if zone is not None:
            self.zone.write_text(zone)
            words += ["--zone", self.zone]
        if api:
            words += ["--api", "127.0.0.1:0"]
        self.text = open(self.folder / "gate.out", "ab")
        self.errors = self.folder / "gate.err"
        self.process = subprocess.Popen([TODOKU, "gate", *words, *arguments], stdout=self.text, stderr=open(self.errors, "wb"))
        atexit.register(self.process.kill)  # a test that fails leaves none behind
        self.port = self.find(r"127\.0\.0\.1:(\d+)\n")
        self.address = f"127.0.0.1:{self.port}"
        self.api = "http://127.0.0.1:%d" % self.find(r"http://127\.0\.0\.1:(\d+)\n") if api else None

    def find(self, pattern):
        for _ in range(200):
            found = re.search(pattern, self.errors.read_text())
            if found:
                return int(found.group(1))
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("the gate did not start: " + self.errors.read_text())

    def transactions(self, n=1):
        """At least `n`, as its log has them."""
        for _ in range(200):
            lines = self.log.read_text().splitlines() if self.log.exists() else []
            if len(lines) >= n:
                return [json.loads(line) for line in lines]
            time.sleep(0.05)
        raise AssertionError(f"the gate told of {len(lines)} transactions, not {n}")

    def delivered(self, address):
        return sorted((self.maildir / address / "new").glob("*")) if self.maildir.exists() else []

    def get(self, path, method="GET", body=None, headers=None):
        request = urllib.request.Request(self.api + path, data=body, method=method, headers=headers or {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def get_json(self, path):
        return json.loads(self.get(path))

    def close(self):
        self.process.terminate()
        try:
            return self.process.wait(40)
        finally:
            self.text.close()


class Client(smtplib.SMTP):
    """Comes from `ip`, by XCLIENT."""

    def __init__(self, gate, ip=None, helo="mail.example.jp", ehlo=True):
        super().__init__("127.0.0.1", gate.port, local_hostname=helo, timeout=30)
        if ip is not None:
            self.ehlo()
            code, _ = self.docmd("XCLIENT", "ADDR=" + ("IPV6:" + ip if ":" in ip else ip))
            assert code == 220
        if ehlo:
            self.ehlo()

    def offer(self, sender, recipient, message):
        """The last reply: (code, text), its lines joined by blanks and without codes."""
        for verb, argument in (("MAIL", f"FROM:<{sender}>"), ("RCPT", f"TO:<{recipient}>"), ("DATA", "")):
            code, text = self.docmd(verb, argument)
            if code >= 400:
                return plain(code, text)
        if isinstance(message, str):
            message = message.encode()
        self.send(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")
        return plain(*self.getreply())


def plain(code, text):
    lines = [re.sub(r"^[245]\.\d+\.\d+ ?", "", line).strip() for line in text.decode().split("\n")]
    status = re.match(r"([245]\.\d+\.\d+)", text.decode())
    return code, status.group(1) if status else "", " ".join(lines)


def message(author="shop@example.jp", to="taro@gmail.test", extra="", body="hello\r\n"):
    return (f"From: {author}\r\nTo: {to}\r\nSubject: hello\r\nDate: Sat, 28 Nov 2026 07:10:00 +0000\r\n"
            f"Message-ID: <1@example.jp>\r\n{extra}\r\n{body}")
