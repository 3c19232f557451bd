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
    ('Received: from h (h [192.0.2.25]) by mx\nReceived-SPF: pass (x) client-ip=192.0.2.25; envelope-from="taro@example.jp"; helo=h.example;\n', "192.0.2.25", "h.example", "taro@example.jp", "received-spf"),
    ('Received: from h (h [192.0.2.25]) by mx\nReceived-SPF: pass (x) client-ip=192.0.2.99; envelope-from="taro@example.jp"; helo=h.example;\n', "192.0.2.25", "h", None, "received"),
    ('Received-SPF: pass (x) client-ip=192.0.2.25; envelope-from="taro@example.jp"; helo=h.example;\n', None, None, None, "unknown"),
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


@pytest.mark.parametrize("what, message, options, zone, result, status", [
    ("no host", BODY, [], ZONE, None, 75),
    ("a host, but no MAIL FROM", BODY, ["--ip", "192.0.2.25"], ZONE, None, 75),
    ("MAIL FROM of another domain: SPF cannot align", BODY, ["--mail-from", "a@example.org"], ZONE, "fail", 1),
    ("MAIL FROM of a subdomain: it could", BODY, ["--mail-from", "a@mail.example.jp"], ZONE, None, 75),
    ("no host and no policy", BODY, [], "x. A 192.0.2.1\n", "none", 75),
    ("no author is none, whoever sends", "From: a@b@example.jp\n\nx\n", [], ZONE, "permerror", 1),
])
def test_what_is_not_known_has_not_failed(tmp_path, what, message, options, zone, result, status):
    got, told = verify(tmp_path, message, *options, zone=zone)
    assert (got["dmarc"]["result"], told, got["accepted"]) == (result, status, False)
    assert "dmarc=unknown" not in got["authentication_results"]


def headline(tmp_path, message, *options, zone):
    (tmp_path / "zone").write_text(zone)
    done = subprocess.run([TODOKU, "verify", "--lang", "en", "--zone", tmp_path / "zone", *options, "-"], input=message.encode(),
                          capture_output=True, timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    return " ".join(done.stdout.decode().split("Connection")[0].split())


NEIGHBOURS = ('attacker.github.io. TXT "v=spf1 ip4:203.0.113.9 -all"\nvictim.github.io. A 192.0.2.7\n_dmarc.github.io. TXT "v=DMARC1; p=reject"\n')


def test_the_headline_says_no_more_than_is_proved(tmp_path):
    ip = ["--ip", FORGER, "--mail-from"]
    assert "really sent it" in headline(tmp_path, BODY, "--ip", "192.0.2.25", "--mail-from", "taro@example.jp", zone=ZONE)
    assert "really sent it" in headline(tmp_path, BODY, "--ip", "192.0.2.25", "--mail-from", "taro@m.example.jp", zone=ZONE + 'm.example.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n')
    neighbour = headline(tmp_path, "From: <admin@victim.github.io>\n\nx\n", *ip, "a@attacker.github.io", zone=NEIGHBOURS)
    assert "really sent it" not in neighbour and "is not proved" in neighbour
    assert "really sent it" in headline(tmp_path, "From: <a@attacker.github.io>\n\nx\n", *ip, "a@attacker.github.io", zone=NEIGHBOURS)
    mapped = headline(tmp_path, "From: <taro@\uff45xample.jp>\n\nx\n", "--ip", "192.0.2.25", "--mail-from", "taro@example.jp", zone=ZONE)
    assert "really sent it" not in mapped and "other characters" in mapped
    assert "not known" in headline(tmp_path, BODY, zone=ZONE) and "fails DMARC," in headline(tmp_path, BODY, zone=ZONE)


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


SAFETY = pathlib.Path(os.environ.get("TODOKU_CASES", ROOT / "../shared/cases")) / "safety"
FORGER = "203.0.113.9"
VICTIM_ZONE = ('attacker.example. TXT "v=spf1 ip4:203.0.113.9 -all"\n*.attacker.example. TXT "v=spf1 ip4:203.0.113.9 -all"\n'
               '_dmarc.attacker.example. TXT "v=DMARC1; p=none"\nlegit.example. TXT "v=spf1 ip4:192.0.2.25 -all"\n'
               '_dmarc.legit.example. TXT "v=DMARC1; p=reject"\n')

# What common readers show of a From: that no grammar has, after the published cases of espoofer (Chen, Paxson, Jiang: Composition
# Kills, USENIX Security 2020, figures 6 and 8): T Thunderbird, O Outlook, G Gmail on the web, M Apple Mail; the victim is who
# at least one of them shows.
SHOWN_AS_THE_VICTIM = [
    ("A8 several From, the last counts (M)", "From: <any@attacker.example>\r\nFrom: <admin@legit.example>\r\n"),
    ("A8 several From, the first counts (G, T)", "From: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("A9 a blank before the name (O)", " From: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("A9 the other way (O)", "From: <any@attacker.example>\r\n From: <admin@legit.example>\r\n"),
    ("A10 a blank behind the name (M, T)", "From : <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("A10 the other way (M, T)", "From: <any@attacker.example>\r\nFrom : <admin@legit.example>\r\n"),
    ("A11 a fold behind the name (O)", "From\r\n : <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("A11 the other way (O)", "From: <any@attacker.example>\r\nFrom\r\n : <admin@legit.example>\r\n"),
    ("A12 Sender where From is not understood (O)", "From\r\n : <any@attacker.example>\r\nSender: <admin@legit.example>\r\n"),
    ("A12 no From at all", "Sender: <admin@legit.example>\r\n"),
    ("A13 Resent-From where From is not understood", "From\r\n : <any@attacker.example>\r\nResent-From: <admin@legit.example>\r\n"),
    ("A14 two addresses (G, T: both; M: the first)", "From: <admin@legit.example>, <any@attacker.example>\r\n"),
    ("A14 the other way", "From: <any@attacker.example>, <admin@legit.example>\r\n"),
    ("A15 an encoded address (O, Yahoo)", "From: =?utf-8?B?PGFkbWluQGxlZ2l0LmV4YW1wbGU+?=,<any@attacker.example>\r\n"),
    ("A15 an encoded address and no comma", "From: =?utf-8?B?PGFkbWluQGxlZ2l0LmV4YW1wbGU+?= <any@attacker.example>\r\n"),
    ("A15 an encoded local part", "From: =?utf-8?B?YWRtaW5AbGVnaXQuZXhhbXBsZQ==?=@attacker.example\r\n"),
    ("A15 encoded, with NUL (mailsploit)", "From: =?utf-8?B?YWRtaW5AbGVnaXQuZXhhbXBsZQ==?==?utf-8?Q?=00?=@attacker.example\r\n"),
    ("A16 a route (O)", "From: <@legit.example,@any.example:any@attacker.example>\r\n"),
    ("A16 the other way", "From: <@attacker.example,@any.example:admin@legit.example>\r\n"),
    ("A17 a quoted pair (M)", "From: <admin@legit.example>\\,<any@attacker.example>\r\n"),
    ("A18 a bare address before the angle (O, M)", "From: admin@legit.example,<any@attacker.example>\r\n"),
    ("A18 without the comma", "From: admin@legit.example <any@attacker.example>\r\n"),
    ("A19 text behind the angle (O)", "From: <any@attacker.example>admin@legit.example\r\n"),
    ("A19 a blank between", "From: <any@attacker.example> admin@legit.example\r\n"),
    ("A19 two angles", "From: <any@attacker.example> <admin@legit.example>\r\n"),
    ("A19 the other way", "From: <admin@legit.example><any@attacker.example>\r\n"),
    ("two @", "From: admin@legit.example@attacker.example\r\n"),
    ("a list within the angles", "From: <admin@legit.example,any@attacker.example>\r\n"),
    ("an open angle", "From: <any@attacker.example\r\n"),
    ("an open comment", "From: any@attacker.example (admin@legit.example\r\n"),
    ("NUL", "From: admin@legit.example\0attacker.example\r\n"),
    ("NUL before the @", "From: admin@legit.example\0@attacker.example\r\n"),
    ("a blank in the domain", "From: admin@legit.example attacker.example\r\n"),
    ("a blank in the domain, in angles", "From: <admin@legit.example .attacker.example>\r\n"),
    ("a no-break space in the domain", "From: <admin@legit.example\u00a0.attacker.example>\r\n"),
    ("a full-width @ in the domain", "From: <admin@legit.example\uff20attacker.example>\r\n"),
    ("a byte order mark", "\ufeffFrom: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a blank line in front", "\r\nFrom: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a comment that is an address", "From: admin@legit.example(@attacker.example)\r\n"),
    ("an angle in a comment", "From: (<admin@legit.example>) any@attacker.example\r\n"),
    ("a group's name", "From: admin@legit.example: any@attacker.example;\r\n"),
    ("a carriage return within From", "From: any@attacker.example\rFrom: admin@legit.example\r\n"),
    ("a carriage return within another field", "X: y\rFrom: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("carriage returns, blanks and NUL before it", "X: y\r\r \0from :<admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a carriage return within another field's fold", "X: y\r\n z\rFROM: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a vertical tab behind From:", "From:\x0b<admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a vertical tab before it", "X: y\r\n\x0bFrom: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a no-break space behind From", "From\u00a0: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("an invisible character before From", "\u200bFrom: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("NUL within From's name", "From\0: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("From in other letters", "FROM: <any@attacker.example>\r\nfrom: <admin@legit.example>\r\n"),
    ("a line of blanks between", "X: y\r\n\t\r\nFrom: <admin@legit.example>\r\nFrom: <any@attacker.example>\r\n"),
    ("a mark that turns the text", "From: <admin@legit.example\u202e.attacker.example>\r\n"),
    ("a literal that is a name", "From: admin@[legit.example]@attacker.example\r\n"),
    ("a slash between addresses", "From: admin@legit.example/any@attacker.example\r\n"),
    ("an ampersand between addresses", "From: admin@legit.example&any@attacker.example\r\n"),
    ("an address in apostrophes as name", "From: 'admin@legit.example' <any@attacker.example>\r\n"),
    ("an address in brackets as name", "From: [admin@legit.example] <any@attacker.example>\r\n"),
    ("an address folded before the angle", "From: admin@legit.example\r\n <any@attacker.example>\r\n"),
    ("empty elements between", "From: <any@attacker.example> , , <admin@legit.example>\r\n"),
    ("an ideographic full stop in the name's address", "From: admin@legit\u3002example <any@attacker.example>\r\n"),
    ("an encoded line end and From", "From: =?utf-8?q?a=0D=0AFrom:_admin=40legit.example?= <any@attacker.example>\r\n"),
    ("a quoted address as local part", 'From: "admin@legit.example"@attacker.example\r\n'),
]


@pytest.mark.parametrize("what, header", SHOWN_AS_THE_VICTIM)
def test_nothing_passes_that_a_mail_reader_shows_as_somebody_else(tmp_path, what, header):
    message = header + "To: v@victim.example\r\nSubject: t\r\n\r\nHi\r\n"
    got, status = verify(tmp_path, message, "--ip", FORGER, "--mail-from", "any@attacker.example", zone=VICTIM_ZONE)
    assert status == 1 and got["accepted"] is False and got["dmarc"]["result"] in ("permerror", "fail")


@pytest.mark.parametrize("mail_from, helo", [
    ("any@mailfrom.notexist.legit.example", "helo.attacker.example"),  # A1
    ("(any@legit.example", "attacker.example"), ("any@legit.example(a.attacker.example", "attacker.example"),  # A2, A5
    ("any@legit.example'@any.attacker.example", "attacker.example"), ("@legit.example,@any.example:'any@attacker.example", "attacker.example"),  # A6, A7
    ("<>", "attacker.example"), ("admin@legit.example\u00a0.attacker.example", "x"),
])
def test_no_odd_envelope_speaks_for_the_victim(tmp_path, mail_from, helo):
    got, status = verify(tmp_path, "From: <admin@legit.example>\r\n\r\nHi\r\n", "--ip", FORGER, "--mail-from", mail_from, "--helo", helo, zone=VICTIM_ZONE)
    assert status == 1 and got["accepted"] is False and got["dmarc"]["result"] == "fail"


@pytest.mark.parametrize("header", [
    "From: Taro <taro@example.jp>", 'From: "Sato, Taro" <taro@example.jp>', "From : taro@example.jp", "From: taro@example.jp (Taro)",
    "From: taro@example.jp <taro@example.jp>", "From: =?utf-8?b?5L2Q6Jek?= <taro@example.jp>", "From: \u4f50\u85e4 <taro@example.jp>",
    'From: "boss@bank.example via List" <list@example.jp>', "From: Team: taro@example.jp, jiro@example.jp;", "From: taro..x.@example.jp",
    "From:\r\n Taro\r\n <taro@example.jp>", "From: [ML 1] J. P. Taro <taro@example.jp>"])
def test_a_from_that_all_read_alike_is_judged(tmp_path, header):
    got, status = verify(tmp_path, header + "\r\n\r\nHi\r\n", "--ip", "192.0.2.25", "--mail-from", "taro@example.jp")
    assert (got["dmarc"]["author_domain"], got["dmarc"]["result"], status) == ("example.jp", "pass", 0)


def test_only_a_real_mbox_line_is_dropped(tmp_path):
    options = ["--ip", "192.0.2.25", "--mail-from", "taro@example.jp"]
    assert verify(tmp_path, "From taro@example.jp Mon Nov 23 10:00:00 2026\n" + BODY, *options)[1] == 0
    assert verify(tmp_path, "From : <a@legit.example>\n" + BODY, *options)[0]["dmarc"]["result"] == "permerror"


@pytest.mark.skipif(not SAFETY.exists(), reason="the given cases are not there")
def test_the_given_forgeries_are_seen_through():
    done = subprocess.run(["python3", SAFETY / "score.py", SAFETY, TODOKU], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


WHOLE = "Date: Thu, 26 Nov 2026 10:00:00 +0900\nMessage-ID: <1@example.jp>\n" + BODY


def test_gmail_s_reply_and_the_record_that_mends_it_stand_at_the_end(tmp_path):
    zone = ZONE.replace("192.0.2.0/24", "198.51.100.0/24")
    options = ("--ip", "192.0.2.25", "--mail-from", "taro@example.jp")
    got, status = verify(tmp_path, WHOLE, *options, zone=zone)
    assert status == 1 and got["gmail"]["refused"] is True and got["gmail"]["replies"][0]["rule"] == "google.dmarc-policy"
    assert got["repair"]["after"] == "v=spf1 ip4:192.0.2.25 ip4:198.51.100.0/24 -all"
    text = subprocess.run([TODOKU, "verify", "--lang", "en", "--zone", tmp_path / "zone", *options, "-"], input=WHOLE.encode(),
                          capture_output=True, timeout=20).stdout.decode()
    assert text.index("What Gmail would answer") < text.index("550-5.7.26") < text.index("\n" + got["repair"]["after"] + "\n")


def test_what_is_not_known_is_foretold_by_cases_and_nothing_is_mended(tmp_path):
    got, status = verify(tmp_path, WHOLE)
    assert status == 75 and got["gmail"]["refused"] is None and got["repair"] is None
    assert [(c["when"], c["refused"]) for c in got["gmail"]["cases"]] == [("spf-passes-not", True), ("spf-passes", False)]


def test_what_passes_is_not_mended(tmp_path):
    got, status = verify(tmp_path, WHOLE, "--ip", "192.0.2.25", "--mail-from", "taro@example.jp")
    assert status == 0 and got["gmail"] == {"refused": False, "replies": [], "cases": []} and got["repair"] is None


def test_records_that_are_almost_right_are_told(tmp_path):
    zone = 'example.jp. TXT "spf1 ip4:192.0.2.25 -all"\n_dmarc.example.jp. TXT "v=dmarc1; p=reject"\n'
    options = ("--ip", "192.0.2.25", "--mail-from", "taro@example.jp")
    got, _ = verify(tmp_path, WHOLE, *options, zone=zone)
    assert got["spf"]["near_miss"]["meant"] == "v=spf1 ip4:192.0.2.25 -all" and got["dmarc"]["near_miss"]["meant"] == "v=DMARC1; p=reject"
    for form in ([], ["--html"]):
        said = subprocess.run([TODOKU, "verify", "--lang", "en", "--zone", tmp_path / "zone", *options, *form, "-"], input=WHOLE.encode(),
                              capture_output=True, timeout=20).stdout.decode()
        assert said.count("As it was meant: ") == 2, said


ABOVE = "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=taro@example.jp; dkim=pass header.d=example.jp; dmarc=pass\n"
BORDER = "Received: from mail.example.jp (mail.example.jp [192.0.2.25]) by mx.example.com with ESMTPS; x\n"


@pytest.mark.parametrize("what, header, trusted, mail_from", [
    ("above the border's Received", ABOVE + BORDER, True, "taro@example.jp"),
    ("above an inner hop", ABOVE + "Received: from mx (mx [10.0.0.1]) by store; x\n" + BORDER, True, "taro@example.jp"),
    ("between an inner hop and the border's", "Received: from mx (mx [10.0.0.1]) by store; x\n" + ABOVE + BORDER, True, "taro@example.jp"),
    ("below it, in the name of who took it", BORDER + ABOVE, False, None),
    ("below it, behind the receiver's other fields", BORDER + "Received-SPF: none\nARC-Seal: x\n" + ABOVE, False, None),
    ("below it, in another name", BORDER + ABOVE.replace("mx.example.com", "mx.example.org"), None, None),
    ("below it, behind the sender's fields", BORDER + "To: b@example.com\n" + ABOVE, None, None),
    ("without a border", ABOVE, None, None),
])
def test_what_the_border_found_is_told_and_trusted_only_where_nobody_else_writes(tmp_path, what, header, trusted, mail_from):
    got, _ = verify(tmp_path, header + BODY)
    found = got["border_results"]
    assert (found and found["trusted"]) == trusted and got["mail_from"] == mail_from
    if found:
        assert found["authserv_id"] == "mx.example.com" and [(r["method"], r["result"]) for r in found["results"]] == [
            ("spf", "pass"), ("dkim", "pass"), ("dmarc", "pass")]


def test_the_border_s_results_never_authenticate_by_themselves(tmp_path):
    got, status = verify(tmp_path, ABOVE + BORDER + BODY, zone=ZONE.replace("192.0.2.0/24", "198.51.100.0/24"))
    assert got["border_results"]["trusted"] and got["dmarc"]["result"] == "fail" and not got["accepted"] and status == 1


def test_the_border_s_results_are_of_the_hop_that_is_judged(tmp_path):
    assert verify(tmp_path, ABOVE + BORDER + BODY, "--ip", "192.0.2.25")[0]["border_results"]["trusted"]
    assert verify(tmp_path, ABOVE + BORDER + BODY, "--ip", "192.0.2.26")[0]["border_results"] is None


def said(tmp_path, message, lang="en", zone=ZONE):
    (tmp_path / "zone").write_text(zone)
    done = subprocess.run([TODOKU, "verify", "--lang", lang, "--zone", tmp_path / "zone", "-"], input=message.encode(), capture_output=True,
                          timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "COLUMNS": "400"})
    return " ".join(done.stdout.decode().split())


def test_what_changed_since_the_border_judged_is_said(tmp_path):
    text = said(tmp_path, ABOVE + BORDER + BODY)
    assert "mx.example.com found when it took the mail: spf=pass, dkim=pass, dmarc=pass." in text
    assert "It is otherwise now (dkim pass → none)" in text
    assert "Whoever sent the mail may have written it." in said(tmp_path, BORDER + ABOVE + BODY)
    assert "受信時に判定した結果" in said(tmp_path, ABOVE + BORDER + BODY, "ja")


def test_nothing_of_the_border_s_results_steers_a_terminal(tmp_path):
    text = said(tmp_path, ABOVE.replace("dkim=pass", 'dkim="pa\x1b[31mss"').replace("mx.ex", '"m\x1bx".ex', 1) + BORDER + BODY)
    assert "\x1b" not in text


@pytest.mark.parametrize("end", ["\r", "\r\r", "\x0b", "\0"])
def test_results_with_a_line_end_that_folds_nothing_are_read_to_their_end(tmp_path, end):
    got, _ = verify(tmp_path, ABOVE.replace("; dkim", f"{end}x; dkim") + BORDER + BODY)
    assert [r["method"] for r in got["border_results"]["results"]] == ["spf", "dkim", "dmarc"]
