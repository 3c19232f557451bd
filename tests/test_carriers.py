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


def pasted(mta, lines):
    return "\n".join(lines) + "\n"


def pasted_in_one_line(mta, lines):
    return one_line(lines) + "\n"


def quoted(mta, lines):
    return "".join(f"> {line}\n" for line in lines)


def indented(mta, lines):
    return "\n\n" + "".join(f"      {line}\n" for line in lines)


def in_quotation_marks(mta, lines):
    return f'"{one_line(lines)}"\n'


def in_japanese_prose(mta, lines):
    return "Gmail 宛てに送ると次のエラーで戻ってきます。\n\n" + pasted(mta, lines)


def in_english_prose(mta, lines):
    return "Hello,\n\nmail to one of our customers comes back with this:\n\n" + pasted(mta, lines)


def in_a_code_fence(mta, lines):
    return "```\n" + pasted(mta, lines) + "```\n"


def with_crlf(mta, lines):
    return "\r\n".join(lines) + "\r\n"


def with_escaped_line_ends(mta, lines):
    return "\\r\\n".join(lines) + "\n"


def said_by_host(mta, lines):
    return f"host {mta}[192.0.2.1] said: {one_line(lines)} (in reply to end of DATA command)\n"


def smtp_transcript(mta, lines):
    return f">>> DATA (EOF)\n" + "".join(f"<<< {line}\n" for line in lines)


def python_tuple(mta, lines):
    code, _, _ = without_codes(lines)
    text = "\\n".join(line[4:] for line in lines)
    return f"smtplib.SMTPDataError: ({code}, b'{text}')\n" if "'" not in text else f'smtplib.SMTPDataError: ({code}, b"{text}")\n'


def nodemailer(mta, lines):
    return json.dumps({"code": "EMESSAGE", "response": "\n".join(lines), "responseCode": int(lines[0][:3]), "command": "DATA"}) + "\n"


def diagnostic_code_line(mta, lines):
    return "Diagnostic-Code: smtp; " + "\n ".join(lines) + "\n"


FRAMES = CARRIERS + [pasted, pasted_in_one_line, quoted, indented, in_quotation_marks, in_japanese_prose, in_english_prose, in_a_code_fence,
                     with_crlf, with_escaped_line_ends, said_by_host, smtp_transcript, python_tuple, nodemailer, diagnostic_code_line]

# Causes that say a class, or that some check failed and not which: less than the rule's own, never another.
VAGUE = {"undetermined", "policy.refused", "rate.unspecified", "auth.failed", "server.temporary", "server.error", "content.refused",
         "delivery.refused", "delivery.failed", "format.malformed", "protocol.violation", "protocol.sequence", "recipient.unavailable",
         "connection.blocked", "submission.temporary"}
# Half of "neither SPF nor DKIM passes" is said by each of its lines.
HALVES = {"auth.none": {"auth.spf", "auth.dkim"}}


def says_its_own_or_less(v, cause):
    # Where no word and no mark of the receiver is left, the code means what the registry says.
    by_registry = v["rule"] is not None and v["rule"].startswith(("any.status-", "any.code-", "any.reply-"))
    return v["cause"] == cause or v["cause"] in VAGUE or v["cause"] in HALVES.get(cause, ()) or by_registry


def cuts(lines, every):
    n = len(lines)
    spans = [(a, b) for a in range(n) for b in range(a + 1, n + 1)] if every else [(0, 1), (n - 1, n), (n // 2, n // 2 + 1)]
    return {tuple(lines[a:b]) for a, b in spans}


@pytest.mark.parametrize("frame", FRAMES, ids=lambda c: c.__name__)
def test_a_cut_reply_gives_its_rules_cause_or_less_and_never_another(frame, tmp_path):
    wanted = {}
    for rule, cause, lines in samples():
        for cut in cuts([line.replace("user@example.jp", TO) for line in lines], every=frame is pasted):
            wanted.setdefault(cut, set()).add(cause)
    for n, cut in enumerate(wanted):
        (tmp_path / str(n)).write_text(frame("smtp.google.com", list(cut)), newline="")
    told = verdicts(tmp_path)
    wrong = [(causes, v["cause"], v["rule"], cut) for n, (cut, causes) in enumerate(wanted.items()) for v in told[str(n)]
             if not any(says_its_own_or_less(v, cause) for cause in causes)]
    assert wrong == []
    assert len(told) > len(wanted) // 2


def test_there_are_thirty_frames():
    assert len(FRAMES) >= 30


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
