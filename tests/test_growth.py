"""No input costs more than its length: what doubles in size may not quite cost 2.3 times the instructions.

Instructions are counted by valgrind, so a busy machine changes nothing. Each row builds the nastiest shape of one kind of input."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
BOUNCE = "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"
SAID = "550 5.1.1 <a@example.jp>: user unknown\n"
REPORT = (BOUNCE + "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\n"
          "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n")
POSTFIX = ("Nov 23 10:00:00 mx postfix/smtp[1]: 4ABC12: to=<{}>, relay=x[192.0.2.1]:25, dsn=4.1.1, status={} "
           "(host x said: 450 4.1.1 unknown)\n")
MESSAGE = "From: a@example.jp\nTo: b@example.com\nSubject: x\nDate: Thu, 26 Nov 2026 00:00:00 +0000\nMessage-ID: <1@example.jp>\n"
ZONE = 'example.jp. TXT "v=spf1 -all"\ns._domainkey.example.jp. TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC"\n'
SES = {"notificationType": "Bounce", "mail": {"messageId": "1", "source": "a@example.jp"}}


def repeated(head, line, tail=""):
    return lambda n: head + "".join(line.format(i) for i in range(n)) + tail


def ses(n):
    return json.dumps({**SES, "bounce": {"bounceType": "Permanent", "bouncedRecipients": [
        {"emailAddress": f"u{i}@example.jp", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"} for i in range(n)]}})


WHY = {  # name: (how many the smaller has, what builds it)
    "a header of lines without colons": (20000, repeated(BOUNCE, "Subject x\n", "\n" + SAID)),
    "a header of names without colons": (20000, repeated(BOUNCE, "Return-Path x\n", "\n" + SAID)),
    "a part's header of names without colons": (
        20000, repeated(BOUNCE + "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "Content-Type x\n", "\n" + SAID + "--b--\n")),
    "a field folded without end": (20000, repeated(BOUNCE + "X: y\n", " z\n", "\n" + SAID)),
    "many Received fields": (4000, repeated("", "Received: from [192.0.2.{0}] by x; Thu, 26 Nov 2026 00:00:00 +0000\n", BOUNCE + "\n" + SAID)),
    "a report of many recipients": (500, repeated(REPORT, "Final-Recipient: rfc822; u{}@example.jp\nAction: failed\nStatus: 5.1.1\n\n", "--b--\n")),
    "a notice of many recipients": (500, repeated(BOUNCE + "\nHi. This is the qmail-send program at x.\n\n", "<u{}@example.jp>:\nuser unknown\n\n")),
    "a report of many recipients, with its transcript": (300, lambda n: (
        REPORT.replace("failed\n", "".join(f">>> RCPT To:<u{i}@example.jp>\n<<< 550-5.1.1 {i} is none\n<<< 550 5.1.1 of ours\n" for i in range(n)))
        + "".join(f"Final-Recipient: rfc822; u{i}@example.jp\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 {i} is none\n\n"
                  for i in range(n)) + "--b--\n")),
    "a notice of many recipients, with its transcript": (300, lambda n: (
        BOUNCE + "\n   ----- The following addresses had permanent fatal errors -----\n"
        + "".join(f"<u{i}@example.jp>\n    (reason: 550-5.1.1 {i} is none)\n" for i in range(n)) + "\n   ----- Transcript of session follows -----\n"
        + "".join(f">>> RCPT To:<u{i}@example.jp>\n<<< 550-5.1.1 {i} is none\n<<< 550 5.1.1 of ours\n" for i in range(n)))),
    "a report of many recipients and many replies": (300, lambda n: (
        REPORT.replace("failed\n", "the remote server said 550 no (in reply to RCPT TO command)\n" * n)
        + "".join(f"Final-Recipient: rfc822; u{i}@example.jp\nAction: failed\nStatus: 5.1.1\n\n" for i in range(n)) + "--b--\n")),
    "a message of many parts": (2000, repeated(BOUNCE + "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\n550 5.1.1 x{}\n", "--b--\n")),
    "boundaries that open and never close": (
        2000, repeated(BOUNCE + "Content-Type: multipart/mixed; boundary=b0\n\n",
                       "--b{0}\nContent-Type: multipart/mixed; boundary=b{0}x\n\n")),
    "HTML without an end": (20000, repeated(BOUNCE + "Content-Type: text/html\n\n", "<a <b &lt", "\n" + SAID)),
    "encoded words": (4000, repeated(BOUNCE + "X-Y: y\nTo:", " =?utf-8?q?a?=\n", "\n" + SAID)),
    "an mbox": (300, repeated("", "From a@b Thu Nov 26 00:00:00 2026\n" + BOUNCE + "\n" + SAID + "\n")),
    "a log of one queue id": (1000, repeated("", POSTFIX.replace("{}", "u{0}@example.com", 1).replace("{}", "deferred"))),
    "a log of one queue id that expires": (
        1000, repeated("", POSTFIX.replace("{}", "u{0}@example.com", 1).replace("{}", "deferred"),
                       "Nov 25 10:00:00 mx postfix/qmgr[1]: 4ABC12: from=<a@b.example>, status=expired, returned to sender\n")),
    "a log of one recipient tried again": (1000, repeated("", POSTFIX.replace("{}", "u@example.com", 1).replace("{}", "deferred"))),
    "one SES event": (400, ses),
    "an array of events": (400, lambda n: json.dumps([
        {"event": "bounce", "email": f"u{i}@example.jp", "sg_event_id": str(i), "reason": "550 5.1.1 user unknown"} for i in range(n)])),
    "JSON that opens without end": (20000, repeated('{"a":', "[")),
    "replies pasted one below the other": (500, repeated("", "550 5.1.1 <u{}@example.jp>: user unknown\n\n")),
    "a reply of one line": (20000, repeated("550 5.1.1 ", "user unknown ", "\n")),
    "quoting marks": (20000, repeated("", "> > > ", "\n" + SAID)),
}

VERIFY = {
    "h= of many names": (20000, repeated("DKIM-Signature: v=1; a=rsa-sha256; d=example.jp; s=s; bh=aGk=; b=YQ==; h=from", ":x", "\n" + MESSAGE + "\nhi\n")),
    "h= of many names, and as many fields": (
        1000, lambda n: "DKIM-Signature: v=1; a=rsa-sha256; d=example.jp; s=s; bh=aGk=; b=YQ==; h=from" + ":y" * n + "\n" + "Y: z\n" * n +
        MESSAGE + "\nhi\n"),
    "many Authentication-Results": (1000, repeated("", "Authentication-Results: mx{}; spf=pass smtp.mailfrom=example.jp; dkim=fail\n", MESSAGE + "\nhi\n")),
    "one long Authentication-Results": (4000, repeated("Authentication-Results: mx; spf=pass", "; dkim=pass header.d=a{}", "\n" + MESSAGE + "\nhi\n")),
    "many authors": (4000, repeated("From: ", "a{}@example.jp, ", "b@example.jp\n\nhi\n")),
    "carriage returns alone": (20000, repeated("X: y", "\r", "\n" + MESSAGE + "\nhi\n")),
    "a group in From:": (4000, repeated("From: ", "(((x)))", " b@example.jp\n\nhi\n")),
    "a long body": (20000, repeated(MESSAGE + "DKIM-Signature: v=1; a=rsa-sha256; d=example.jp; s=s; bh=aGk=; b=YQ==; h=from\n\n", "  \t \n", "x\n")),
}

ZONES = {
    "many addresses at one name": (4000, lambda n: 'example.jp. TXT "v=spf1 a:big.example -all"\n' + "".join(
        f"big.example. A 10.{i >> 16}.{i >> 8 & 255}.{i & 255}\n" for i in range(n))),
    "many names": (4000, lambda n: 'example.jp. TXT "v=spf1 -all"\n' + "".join(f"n{i}.example. A 192.0.2.1\n" for i in range(n))),
    "the same record again and again": (4000, lambda n: 'example.jp. TXT "v=spf1 -all"\n' * n),
    "a record of many terms": (500, lambda n: 'example.jp. TXT ' + " ".join(f'"ip4:10.0.{i >> 8}.{i & 255} "' for i in range(n)).replace(
        '"ip4', '"v=spf1 ip4', 1) + "\n"),
}


def instructions(tmp_path, arguments):
    counts = tmp_path / "counts"
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}", TODOKU, *arguments], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, timeout=120, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    found = re.search(rb"Collected : (\d+)", done.stderr)
    assert found, done.stderr.decode()[-2000:]
    return int(found.group(1))


def grows(tmp_path, arguments, build, n):
    assert shutil.which("valgrind"), "valgrind counts the instructions"
    if b"__asan_init" in pathlib.Path(TODOKU).read_bytes():
        pytest.skip("valgrind cannot run a sanitised program")
    counts = []
    for size in (0, n, 2 * n):
        (tmp_path / "input").write_text(build(size))
        counts.append(instructions(tmp_path, arguments))
    none, small, large = counts
    assert large - none < 2.3 * max(small - none, 200_000), counts


@pytest.mark.parametrize("name", WHY)
def test_a_refusal_is_explained_in_linear_time(tmp_path, name):
    n, build = WHY[name]
    grows(tmp_path, ["why", "--json", "--jobs", "1", tmp_path / "input"], build, n)


@pytest.mark.parametrize("name", VERIFY)
def test_a_message_is_verified_in_linear_time(tmp_path, name):
    n, build = VERIFY[name]
    (tmp_path / "zone").write_text(ZONE)
    grows(tmp_path, ["verify", "--zone", tmp_path / "zone", "--ip", "192.0.2.1", "--mail-from", "a@example.jp", tmp_path / "input"], build, n)


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_is_read_and_judged_in_linear_time(tmp_path, name):
    n, build = ZONES[name]
    grows(tmp_path, ["spf", "--zone", tmp_path / "input", "--ip", "192.0.2.1", "--mail-from", "a@example.jp"], build, n)
