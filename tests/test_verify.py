"""`todoku verify`: every judge on one message, and what is known of who sent it."""
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
ZONE = ('example.jp. TXT "v=spf1 ip4:192.0.2.0/24 -all"\n_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n'
        "25.2.0.192.in-addr.arpa. PTR mail.example.jp.\nmail.example.jp. A 192.0.2.25\n")
BODY = "From: taro@example.jp\nSubject: x\n\nhello\n"


def verify(tmp_path, message, *options, zone=ZONE):
    (tmp_path / "zone").write_text(zone)
    done = subprocess.run([TODOKU, "verify", "--json", "--zone", tmp_path / "zone", *options, "-"], input=message.encode(),
                          capture_output=True, timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    return json.loads(done.stdout), done.returncode


@pytest.mark.parametrize("header, ip, helo, mail_from, source", [
    ("Return-Path: <taro@example.jp>\nReceived: from mail.example.jp (x [192.0.2.25]) by mx\n", "192.0.2.25", "mail.example.jp", "taro@example.jp", "received"),
    ("Return-Path: <>\nReceived: from unknown (HELO h.example) (192.0.2.25) by mx\n", "192.0.2.25", "h.example", None, "received"),
    ('Received-SPF: pass (x) client-ip=192.0.2.25; envelope-from="taro@example.jp"; helo=h.example;\n', "192.0.2.25", "h.example", "taro@example.jp", "received-spf"),
    ("Received: from localhost (localhost [127.0.0.1]) by a\nReceived: from m (m [192.0.2.25]) by b\n", "192.0.2.25", "m", None, "received"),
    ("", None, None, None, "unknown"),
])
def test_who_sent_it_is_taken_from_the_message(tmp_path, header, ip, helo, mail_from, source):
    got, _ = verify(tmp_path, header + BODY)
    assert (got["ip"], got["helo"], got["mail_from"], got["ip_source"]) == (ip, helo, mail_from, source)


def test_what_is_given_is_stronger_than_what_the_message_says(tmp_path):
    got, status = verify(tmp_path, "Received: from m (m [192.0.2.25]) by b\n" + BODY, "--ip", "198.51.100.1", "--mail-from", "taro@example.jp")
    assert got["ip"] == "198.51.100.1" and got["spf"]["result"] == "fail" and status == 1


@pytest.mark.parametrize("what, options, zone, status", [
    ("SPF aligned", ["--ip", "192.0.2.25", "--mail-from", "taro@example.jp"], ZONE, 0),
    ("SPF of another domain", ["--ip", "192.0.2.25", "--mail-from", "a@example.org"], ZONE + 'example.org. TXT "v=spf1 +all"\n', 1),
    ("only HELO passes, there is a MAIL FROM", ["--ip", "192.0.2.25", "--helo", "example.jp", "--mail-from", "a@example.org"], ZONE, 1),
    ("HELO passes, MAIL FROM is empty", ["--ip", "192.0.2.25", "--helo", "example.jp", "--mail-from", "<>"], ZONE, 0),
    ("the policy cannot be asked", ["--ip", "192.0.2.25", "--mail-from", "taro@example.jp"], ZONE.replace('_dmarc.example.jp. TXT "v=DMARC1; p=reject"', "_dmarc.example.jp. SERVFAIL"), 75),
    ("no policy, but SPF", ["--ip", "192.0.2.25", "--mail-from", "a@example.jp"], 'example.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n', 0),
    ("nothing at all", ["--ip", "192.0.2.25", "--mail-from", "a@example.jp"], "x. A 192.0.2.1\n", 1),
])
def test_the_exit_status_says_whether_it_would_be_accepted(tmp_path, what, options, zone, status):
    assert verify(tmp_path, BODY, *options, zone=zone)[1] == status


@pytest.mark.parametrize("author", ["a(@example.jp; spf=pass smtp.mailfrom=x", "a@exa\x01mple.jp", '"a;b"@example.jp'])
def test_nothing_in_the_message_can_write_a_result_of_its_own(tmp_path, author):
    got, _ = verify(tmp_path, f"From: {author}\n\nx\n", "--ip", "192.0.2.25", "--mail-from", author.replace("\x01", ""), "--helo", "x; dkim=pass")
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", got["authentication_results"])  # what quotes hold is no result
    assert [len(re.findall(rf";\s*{method}=", bare)) for method in ("spf", "dkim", "dmarc")] == [1, 1, 1]
    assert "dkim=none" in bare and not re.search(r"[\x00-\x08\x0b-\x1f]", bare)


def test_a_message_without_an_author_is_no_crash(tmp_path):
    for message in ("", "\n", "From:\n\n", "From: a@b, c@d\n\n", "no header at all"):
        got, status = verify(tmp_path, message)
        assert status == 1 and got["dmarc"]["result"] == "permerror"
