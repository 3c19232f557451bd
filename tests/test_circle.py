"""The circle: refused → why → the record → published → check and verify pass. With a real name server."""
import json
import os
import pathlib
import re
import subprocess

import pytest

from nsd import Nsd

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
BOUNCE = ROOT / "examples/gmail-spf-hard-fail.eml"
SPF = 'example.jp. 60 IN TXT "v=spf1 include:_spf.service.example -all"\n'
OTHERS = ('_spf.service.example. 60 IN TXT "v=spf1 ip4:198.51.100.0/24 -all"\n'
          '_dmarc.example.jp. 60 IN TXT "v=DMARC1; p=reject; rua=mailto:d@example.jp"\n'
          "example.jp. 60 IN MX 10 mail.example.jp.\nmail.example.jp. 60 IN A 192.0.2.25\n"
          "25.2.0.192.in-addr.arpa. 60 IN PTR mail.example.jp.\n")
MESSAGE = (b"From: info@example.jp\r\nTo: hanako.suzuki@gmail.com\r\nDate: Mon, 23 Nov 2026 10:00:00 +0900\r\n"
           b"Message-ID: <1@example.jp>\r\nSubject: hello\r\n\r\nhello\r\n")


def todoku(nsd, *arguments):
    return subprocess.run([TODOKU, *arguments, "--dns", nsd.address], input=MESSAGE, capture_output=True, timeout=30,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})


SENT = ["--ip", "192.0.2.25", "--mail-from", "info@example.jp", "--helo", "mail.example.jp"]


@pytest.fixture
def nsd(tmp_path):
    server = Nsd(tmp_path, SPF + OTHERS)
    yield server
    server.close()


def test_what_why_proposes_is_published_and_the_mail_passes(nsd):
    assert todoku(nsd, "verify", "-", *SENT).returncode == 1
    before = json.loads(todoku(nsd, "check", "example.jp", "--message", "-", "--json", *SENT).stdout)
    assert [r["rule"] for r in before["gmail"]["replies"]] == ["google.dmarc-policy", "google.spf-hard-fail"]

    text = todoku(nsd, "why", "--format", "zone", BOUNCE).stdout.decode()
    record = re.search(r"^(example\.jp\.\tIN TXT \( .* \))$", text, re.M).group(1)
    nsd.serve(record + "\n" + OTHERS)

    assert "It is mended" in todoku(nsd, "why", BOUNCE).stdout.decode()
    assert todoku(nsd, "verify", "-", *SENT).returncode == 0
    after = json.loads(todoku(nsd, "check", "example.jp", "--message", "-", "--json", *SENT).stdout)
    assert after["gmail"] == {"refused": False, "replies": [], "cases": []} and after["failed"] == 0
    others = json.loads(todoku(nsd, "spf", "--ip", "198.51.100.9", "--mail-from", "info@example.jp", "--json").stdout)
    assert others["result"] == "pass", "nobody who passed before fails now"


def test_evidence_of_a_real_server_replays_byte_for_byte(nsd, tmp_path):
    evidence = str(tmp_path / "evidence")
    first = todoku(nsd, "verify", "-", "--json", *SENT, "--evidence", evidence)
    again = subprocess.run([TODOKU, "verify", "-", "--json", *SENT, "--replay", evidence], input=MESSAGE, capture_output=True,
                           timeout=30, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    assert first.stdout == again.stdout and first.returncode == again.returncode


def test_an_answer_that_cannot_be_validated_is_no_answer(nsd, tmp_path):
    anchor = tmp_path / "anchor"
    anchor.write_text(". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n")
    done = todoku(nsd, "verify", "-", *SENT, "--trust-anchor", str(anchor), "--json")
    assert done.returncode == 75 and json.loads(done.stdout)["spf"]["result"] == "temperror"
    assert todoku(nsd, "verify", "-", "--trust-anchor", "/no/such/file").returncode == 65
