"""`todoku why` checks what a refusal claims against the DNS, here a zone."""
import json
import os
import pathlib
import subprocess
import time

import pytest

from dns_server import Server
from zones import txt

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SPF = ("550-5.7.26 The MAIL FROM domain [example.jp] has an SPF record with a hard fail policy (-all) but it fails to pass "
       "SPF checks with the ip: [192.0.2.25]. 550 5.7.26 https://support.google.com/mail/answer/81126#authentication - gsmtp")
PTR = ("550-5.7.25 [192.0.2.25] The IP address sending this message does not have a PTR record setup, or the corresponding "
       "forward DNS entry does not point to the sending IP. 550 5.7.25 - gsmtp")
DMARC = ("550-5.7.26 Unauthenticated email from example.jp is not accepted due to domain's DMARC policy. Contact the administrator "
         "of example.jp domain if this was legitimate email. 550 5.7.26 - gsmtp")


def why(tmp_path, zone, reply, *options):
    (tmp_path / "zone").write_text(zone)
    done = subprocess.run([TODOKU, "why", "--zone", tmp_path / "zone", *options, "-"], input=reply.encode(), capture_output=True,
                          timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.decode()


def dns(tmp_path, zone, reply):
    return json.loads(why(tmp_path, zone, reply, "--json"))["dns"]


def test_a_fault_that_is_there_still_gets_its_record(tmp_path):
    found = dns(tmp_path, 'example.jp. TXT "v=spf1 ip4:198.51.100.0/24 -all"\n', SPF)
    assert found["state"] == "still" and found["repair"]["after"] == "v=spf1 ip4:192.0.2.25 ip4:198.51.100.0/24 -all"
    text = why(tmp_path, 'example.jp. TXT "v=spf1 ip4:198.51.100.0/24 -all"\n', SPF)
    assert "\nv=spf1 ip4:192.0.2.25 ip4:198.51.100.0/24 -all\n" in text, "alone on its line"


@pytest.mark.parametrize("how, lines", [
    ("value", ["v=spf1 ip4:192.0.2.25 mx -all"]),
    ("zone", ['sub.example.jp.\tIN TXT ( "v=spf1 ip4:192.0.2.25 mx -all" )']),
    ("panel", ["Name   sub  (some panels: sub.example.jp)", "Type   TXT", "Value  v=spf1 ip4:192.0.2.25 mx -all"]),
    ("route53", ['"v=spf1 ip4:192.0.2.25 mx -all"']),
    ("every", ["v=spf1 ip4:192.0.2.25 mx -all", "Zone file", "Web panel", "Route 53"]),
])
def test_the_record_is_written_as_it_is_wanted(tmp_path, how, lines):
    zone = 'sub.example.jp. TXT "v=spf1 mx -all"\nsub.example.jp. MX 1 m.example.jp.\nm.example.jp. A 198.51.100.1\n'
    text = why(tmp_path, zone, SPF.replace("[example.jp]", "[sub.example.jp]"), "--format", how)
    assert all(f"\n{line}\n" in text for line in lines), text
    assert (how == "every") == ("Zone file" in text)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_record_to_publish_stands_within_the_first_twelve_lines(tmp_path, lang):
    zone = 'example.jp. TXT "v=spf1 include:gone.example ip4:198.51.100.0/24 -all"\n'
    lines = why(tmp_path, zone, SPF, "--lang", lang).splitlines()
    assert "v=spf1 ip4:192.0.2.25 ip4:198.51.100.0/24 -all" in lines[:12]
    assert "  - include:gone.example" in lines[:12] and "  + ip4:192.0.2.25" in lines[:12]


def test_no_step_repeats_what_the_record_above_it_says(tmp_path):
    zone = 'example.jp. TXT "v=spf1 mx -all"\n'
    text = why(tmp_path, zone, SPF)
    assert "What to do" not in text and "todoku spf" not in text and text.count("forger") == 1
    assert "What to do" in why(tmp_path, zone, SPF, "--verbose")


def test_a_missing_dmarc_record_is_written_too(tmp_path):
    reply = ("550-5.7.40 Your message was blocked because the sending domain doesn't have a DMARC record or the DMARC record "
             "doesn't specify a DMARC policy. 550 5.7.40 - gsmtp")
    bounce = forwarded("Return-Path: <a@example.jp>\r\n").replace(DMARC, reply)
    text = why(tmp_path, "example.jp. A 192.0.2.1\n", bounce)
    assert "New DMARC record for _dmarc.example.jp" in text
    assert "\nv=DMARC1; p=none; rua=mailto:postmaster@example.jp\n" in text.split("This message")[0]


def test_an_operator_s_own_cause_is_checked_against_the_dns_too(tmp_path):
    words = "".join(f"{name}-{lang}: The moon does not know {{domain}}\n" for name in ("Title", "Why", "Remedy") for lang in ("en", "ja"))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/own.rule").write_text(
        f"Cause: auth.moon\n{words}Permanence: permanent\nActs: sender-dns\nRetry: no\nSuppress: never\nConfirm: spf\n\n"
        "Rule: any.moon\nText: the moon has not heard of [{domain}] at [{ip}]\nCause: auth.moon\nSource: us\nChecked: 2026-11-26\n"
        "Sample: 550 the moon has not heard of [example.jp] at [192.0.2.25]\n")
    found = json.loads(why(tmp_path, 'example.jp. TXT "v=spf1 -all"\n', "550 The moon has not heard of [example.jp] at [192.0.2.25]",
                           "--catalog", tmp_path / "rules", "--json"))
    assert found["cause"] == "auth.moon" and found["dns"]["state"] == "still"
    assert found["dns"]["repair"]["after"] == "v=spf1 ip4:192.0.2.25 -all"


def test_a_fault_that_was_mended_since_is_said_so(tmp_path):
    zone = 'example.jp. TXT "v=spf1 ip4:192.0.2.0/24 -all"\n'
    assert dns(tmp_path, zone, SPF)["state"] == "mended"
    text = why(tmp_path, zone, SPF)
    assert "It is mended" in text and "New SPF record" not in text
    assert "修正済み" in why(tmp_path, zone, SPF, "--lang", "ja")


def test_a_look_up_that_fails_makes_no_claim(tmp_path):
    assert dns(tmp_path, "example.jp. SERVFAIL\n", SPF)["state"] == "unknown"
    assert "did not answer" in why(tmp_path, "example.jp. SERVFAIL\n", SPF)


@pytest.mark.parametrize("zone, state, name, leads_to", [
    ("x. A 192.0.2.1\n", "still", None, None),
    ("25.2.0.192.in-addr.arpa. PTR mail.example.jp.\n", "still", "mail.example.jp", None),
    ("25.2.0.192.in-addr.arpa. PTR mail.example.jp.\nmail.example.jp. A 198.51.100.1\n", "still", "mail.example.jp", "198.51.100.1"),
    ("25.2.0.192.in-addr.arpa. PTR mail.example.jp.\nmail.example.jp. A 192.0.2.25\n", "mended", "mail.example.jp", None),
])
def test_a_missing_name_is_looked_up(tmp_path, zone, state, name, leads_to):
    found = dns(tmp_path, zone, PTR)
    assert (found["state"], found["ptr"]["name"], found["ptr"]["leads_to"]) == (state, name, leads_to)
    assert found["ptr"]["reverse_name"] == "25.2.0.192.in-addr.arpa"
    assert "25.2.0.192.in-addr.arpa" in why(tmp_path, zone, PTR) or state == "mended"


def test_the_policy_is_shown_and_never_weakened_first(tmp_path):
    text = why(tmp_path, '_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n', DMARC)
    assert "v=DMARC1; p=reject" in text and "d=example.jp" in text and "p=none" not in text
    assert dns(tmp_path, '_dmarc.example.jp. TXT "v=DMARC1; p=none"\n', DMARC)["state"] == "mended"


def bounced(sender, source):
    """A returned message with its envelope sender; the address stands in the reply."""
    reply = DMARC.replace("550-5.7.26 Unauth", f"550-5.7.26 [{source}      18] Unauth")
    return forwarded(f"Return-Path: <{sender}>\r\n").replace(DMARC, reply)


def test_the_ways_out_of_a_dmarc_failure_are_proved(tmp_path):
    zone = ('_dmarc.example.jp. TXT "v=DMARC1; p=reject; aspf=s"\nexample.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n'
            'mail.example.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n')
    found = dns(tmp_path, zone, bounced("a@mail.example.jp", "192.0.2.25"))["dmarc"]
    assert found["result"] == "fail" and found["return_path_passes"] and found["relaxing_passes"]
    found = dns(tmp_path, zone.replace('example.jp. TXT "v=spf1 ip4:192.0.2.25', 'example.jp. TXT "v=spf1 ip4:192.0.2.99'),
                bounced("a@mail.example.jp", "192.0.2.25"))["dmarc"]
    assert not found["return_path_passes"] and not found["relaxing_passes"]


def forwarded(lines):
    return ("Subject: Undelivered Mail Returned to Sender\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: x@example.jp\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
            f"Final-Recipient: rfc822; a@gmail.com\r\nAction: failed\r\nStatus: 5.7.26\r\nDiagnostic-Code: smtp; {DMARC}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{lines}From: taro@example.jp\r\nSubject: x\r\n\r\n--b--\r\n")


@pytest.mark.parametrize("lines, hint", [
    ("X-Forwarded-To: a@gmail.com\r\n", "forwarded"),
    ("Return-Path: <SRS0=abcd=x1=example.org=taro@relay.example>\r\n", "forwarded"),
    ("List-Id: <list.example.org>\r\n", "list"),
    ("DKIM-Signature: v=1; a=rsa-sha256; d=service.example; s=a; h=from; bh=YQ==; b=YQ==\r\n", "other-signer"),
    ("", "unsigned"),
])
def test_the_returned_header_tells_of_other_causes(tmp_path, lines, hint):
    zone = '_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n'
    assert hint in dns(tmp_path, zone, forwarded(lines))["hints"]


BORDER = "Received: from mail.example.jp (mail.example.jp [192.0.2.25]) by relay.example with ESMTPS id 1\r\n"
FOUND = "Authentication-Results: relay.example; spf=pass smtp.mailfrom=taro@example.jp; dkim=pass header.d=example.jp; dmarc=pass\r\n"


@pytest.mark.parametrize("what, lines, passed", [
    ("above the border's Received", FOUND + BORDER, True),
    ("above it, and another host's below", FOUND + BORDER + FOUND.replace("relay", "mx").replace("pass", "fail"), True),
    ("it failed there already", FOUND.replace("pass", "fail") + BORDER, False),
    ("below, where the sender writes too", BORDER + FOUND, False),
    ("behind what the sender's own hosts wrote", BORDER + "X: y\r\n" + FOUND.replace("relay", "other"), False),
    ("no Received at all", FOUND, False),
    ("only SPF, which a forwarder breaks", FOUND.replace("dkim=pass", "dkim=none").replace("dmarc=pass", "dmarc=none") + BORDER, False)])
def test_what_a_forwarder_found_itself_tells_where_it_broke(tmp_path, what, lines, passed):
    zone = '_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n'
    assert ("passed-before" in dns(tmp_path, zone, forwarded(lines))["hints"]) == passed
    text = why(tmp_path, zone, forwarded(lines), "--lang", "en", "--verbose")
    assert ("By its own Authentication-Results, relay.example found it authentic" in " ".join(text.split())) == passed


def test_an_ipv6_way_out_is_pointed_at(tmp_path):
    assert "ipv6" in dns(tmp_path, 'example.jp. TXT "v=spf1 -all"\n', SPF.replace("192.0.2.25", "2001:db8::25"))["hints"]


def test_offline_asks_nothing():
    server = Server({})
    done = subprocess.run([TODOKU, "why", "--offline", "--dns", server.address, SPF], capture_output=True, timeout=20)
    assert done.returncode == 0 and b"DNS now" not in done.stdout and server.asked == []


def test_a_resolver_that_never_answers_holds_nothing_up_for_long():
    server = Server({"example.jp": "SILENT", "25.2.0.192.in-addr.arpa": "SILENT"})
    start = time.monotonic()
    done = subprocess.run([TODOKU, "why", "--dns", server.address, "--lang", "en", SPF], capture_output=True, timeout=20)
    assert time.monotonic() - start < 4
    assert done.returncode == 0 and b"did not answer" in done.stdout and b"SPF" in done.stdout


def test_evidence_replays_the_same_words(tmp_path):
    zone = 'example.jp. TXT "v=spf1 ip4:198.51.100.0/24 -all"\n'
    first = why(tmp_path, zone, SPF, "--evidence", str(tmp_path / "evidence"))
    again = subprocess.run([TODOKU, "why", "--replay", tmp_path / "evidence", "-"], input=SPF.encode(), capture_output=True,
                           timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}).stdout.decode()
    assert first == again
