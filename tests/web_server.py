"""`todoku web` on loopback, for the tests: started on a free port, answers from a zone, ended with the test."""
import http.client
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
ZONE = """example.jp. TXT "v=spf1 include:_spf.esp.example ip4:198.51.100.7 -all"
_spf.esp.example. TXT "v=spf1 ip4:203.0.113.0/24 ~all"
_dmarc.example.jp. TXT "v=DMARC1; p=none"
example.jp. MX 10 mail.example.jp.
25.2.0.192.in-addr.arpa. PTR mail.example.jp.
mail.example.jp. A 192.0.2.25
"""


class Server:
    def __init__(self, folder, *arguments):
        zone = folder / "server.zone"
        zone.write_text(ZONE)
        self.process = subprocess.Popen([TODOKU, "web", "--listen", "127.0.0.1:0", "--zone", str(zone), *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.process.stderr.read()
        self.port = int(self.url.rsplit(":", 1)[1].rstrip("/"))

    def ask(self, method, path, body=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in fields.items()})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def metric(self, name):
        lines = self.ask("GET", "/metrics")[2].decode().splitlines()
        return next(int(line.split()[-1]) for line in lines if line.startswith(name + " "))

    def end(self):
        self.process.terminate()
        assert self.process.wait(timeout=20) == 0, self.process.stderr.read()
