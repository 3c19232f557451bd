"""Google's replies, line by line and in one line, inside every kind of input that can carry them: always the same cause."""
import collections
import csv
import io
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
MTAS = ["smtp.google.com", "relay.example.net"]
TO, SENDER = "taro@example.jp", "info@example.com"


def samples():
    """(rule, cause, lines) of the catalogue's replies of Google that begin with a code."""
    for stanza in (ROOT / "catalog/google.rule").read_text(encoding="utf-8").split("\n\n"):
        fields = re.findall(r"^([A-Z][A-Za-z-]*):((?:.*)(?:\n .*)*)", stanza, re.M)
        named = dict(fields)
        if "Rule" not in named:
            continue
        for name, value in fields:
            lines = [line.strip() for line in value.strip("\n").split("\n") if line.strip()]
            if name == "Sample" and lines and re.match(r"[45]\d\d[ -]", lines[0]) and "gsmtp" in value:
                yield named["Rule"].strip(), named["Cause"].strip(), lines


def verdicts(folder):
    run = subprocess.run([TODOKU, "why", "--offline", "--json", str(folder)], capture_output=True, timeout=60)
    told = collections.defaultdict(list)
    for v in map(json.loads, run.stdout.splitlines()):
        told[pathlib.Path(v["source"]["file"]).name].append(v)
    return told


def one_line(lines):
    return " ".join(lines)


def without_codes(lines):
    """As programs log it that take the reply apart: (code, status or None, words)."""
    code, status, words = lines[0][:3], None, []
    for line in lines:
        rest = line[4:]
        found = re.match(r"(\d\.\d{1,3}\.\d{1,3}) ?", rest)
        if found:
            status, rest = found.group(1), rest[found.end():]
        words.append(rest)
    return code, status, words


def postfix_log(mta, lines, sent="bounced"):
    return (f"Nov 23 10:00:00 mx1 postfix/smtp[1]: 4ABC1234: to=<{TO}>, relay={mta}[192.0.2.1]:25, delay=1, dsn={lines[0][0]}.0.0, "
            f"status={sent} (host {mta}[192.0.2.1] said: {one_line(lines)} (in reply to end of DATA command))\n")


def exim_log(mta, lines):
    said = "\\n".join(lines)
    return (f"2026-11-23 10:00:00 1rXyZa-000123-AB ** {TO} R=dnslookup T=remote_smtp H={mta} [192.0.2.1]: "
            f"SMTP error from remote mail server after end of data: {said}\n")


def opensmtpd_log(mta, lines):
    return (f'Nov 23 10:00:00 mx1 smtpd[1]: 5f3c1234abcd0001 mta delivery evpid=5f3c1234abcd0001 from=<{SENDER}> to=<{TO}> rcpt=<-> '
            f'source="192.0.2.25" relay="192.0.2.1 ({mta})" delay=1s result="PermFail" stat="{one_line(lines)}"\n')


def sendmail_log(mta, lines):
    return (f"Nov 23 10:00:00 mx1 sendmail[1]: xAN1234A: to=<{TO}>, delay=00:00:01, mailer=esmtp, pri=1, relay={mta}. [192.0.2.1], "
            f"dsn=5.0.0, reply={one_line(lines)}, stat=Service unavailable\n")


def qmail_log(mta, lines):
    said = "/".join(line.replace(" ", "_") for line in lines)
    return ("@400000006741a2b01234abcd info msg 1234: bytes 500 from <info@example.com> qp 99 uid 1000\n"
            f"@400000006741a2b01234abcd starting delivery 5: msg 1234 to remote {TO}\n"
            f"@400000006741a2b01234abcd delivery 5: failure: 192.0.2.1_failed_after_I_sent_the_message./Remote_host_said:_{said}/\n")


def haraka_log(mta, lines):
    code, status, words = without_codes(lines)
    return (f"2026-11-23T10:00:00.000Z [NOTICE] [4C1A7D30.1.1] [outbound] recipient <{TO}> rejected: "
            f"{code} {status or ''} {' '.join(words)}\n")


def kumomta_log(mta, lines):
    code, status, words = without_codes(lines)
    enhanced = dict(zip(("class", "subject", "detail"), map(int, status.split(".")))) if status else None
    return json.dumps({"type": "Bounce", "id": "1d98", "sender": SENDER, "recipient": TO, "queue": "example.jp", "site": "x",
                       "response": {"code": int(code), "enhanced_code": enhanced, "content": "\n".join(words), "command": "."},
                       "peer_address": {"name": mta + ".", "addr": "192.0.2.1"}, "timestamp": 1795392000},
                      separators=(",", ":")) + "\n"


def powermta_log(mta, lines):
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(["b", "2026-11-23 10:00:00+0900", "2026-11-23 09:59:58+0900", SENDER, TO, "", "failed",
                                                   "5.0.0 (undefined status)", "smtp;" + one_line(lines), f"{mta} (192.0.2.1)", "other"])
    return row.getvalue()


def journald(mta, lines):
    ident, message = postfix_log(mta, lines).split(" mx1 ")[1].split(": ", 1)
    return json.dumps({"__REALTIME_TIMESTAMP": "1795392000000000", "_HOSTNAME": "mx1", "SYSLOG_IDENTIFIER": ident.split("[")[0],
                       "_PID": "1", "MESSAGE": message.strip()}) + "\n"


def ses(mta, lines):
    event = {"notificationType": "Bounce", "mail": {"source": SENDER, "messageId": "1", "destination": [TO]},
             "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [
                 {"emailAddress": TO, "action": "failed", "status": "5.0.0", "diagnosticCode": "smtp; " + "\n".join(lines)}]}}
    return json.dumps({"Type": "Notification", "Message": json.dumps(event)})


def sendgrid(mta, lines):
    return json.dumps([{"email": TO, "event": "bounce", "reason": one_line(lines), "status": "5.0.0", "sg_event_id": "1", "timestamp": 1795392000}])


def mailgun(mta, lines):
    return json.dumps({"event-data": {"event": "failed", "severity": "permanent", "recipient": TO, "delivery-status": {
        "code": int(lines[0][:3]), "message": "\n".join(line[4:] for line in lines), "mx-host": mta}}})


def postmark(mta, lines):
    return json.dumps({"RecordType": "Bounce", "Type": "Blocked", "Email": TO, "Details": "smtp;" + one_line(lines), "BouncedAt": "2026-11-23T10:00:00Z"})


HEADER = (f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx1.example.com>\nTo: <{SENDER}>\n"
          "Subject: Undelivered Mail Returned to Sender\nDate: Mon, 23 Nov 2026 10:00:00 +0900\nMIME-Version: 1.0\n")


def report(mta, lines):
    said = "\n ".join(lines)
    return (HEADER + 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
            "Your message could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx1.example.com\n\n"
            f"Final-Recipient: rfc822; {TO}\nAction: failed\nStatus: 5.0.0\nRemote-MTA: dns; {mta}\nDiagnostic-Code: smtp; {said}\n\n--b--\n")


def postfix_notice(mta, lines):
    said = "\n    ".join([f"<{TO}>: host {mta}[192.0.2.1] said:", *lines, "(in reply to end of DATA command)"])
    return HEADER + f"\nThis is the mail system at host mx1.example.com.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n{said}\n"


def exim_notice(mta, lines):
    said = "\n    ".join([f"  {TO}", f"host {mta} [192.0.2.1]", "SMTP error from remote mail server after end of data:", *lines])
    return HEADER + f"\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n{said}\n"


def qmail_notice(mta, lines):
    said = "\n".join([f"<{TO}>:", "192.0.2.1 failed after I sent the message.", "Remote host said: " + lines[0], *lines[1:]])
    return HEADER + f"\nHi. This is the qmail-send program at mx1.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n{said}\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <{SENDER}>\n"


def sendmail_notice(mta, lines):
    said = "\n".join(f"<<< {line}" for line in lines)
    return HEADER + f"\n   ----- The following addresses had permanent fatal errors -----\n<{TO}>\n\n   ----- Transcript of session follows -----\n... while talking to {mta}.:\n>>> DATA\n{said}\n554 5.0.0 Service unavailable\n"


CARRIERS = [postfix_log, exim_log, opensmtpd_log, sendmail_log, qmail_log, haraka_log, kumomta_log, powermta_log, journald, ses, sendgrid,
            mailgun, postmark, report, postfix_notice, exim_notice, qmail_notice, sendmail_notice]


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda c: c.__name__)
def test_googles_words_mean_the_same_whoever_carries_them(carrier, tmp_path):
    wanted = {}
    for n, (rule, cause, lines) in enumerate(samples()):
        lines = [line.replace("user@example.jp", TO) for line in lines]
        for mta in MTAS:
            wanted[f"{n}.{mta}"] = (rule, cause)
            (tmp_path / f"{n}.{mta}").write_text(carrier(mta, lines))
    told = verdicts(tmp_path)
    wrong = [(wanted[name], [(v["recipient"], v["cause"], v["rule"], v["reply"]) for v in told[name]]) for name in wanted
             if [(v["recipient"], v["cause"]) for v in told[name]] != [(TO, wanted[name][1])]]
    assert wrong == []


def test_there_are_replies_to_carry():
    assert len(list(samples())) > 60
