"""`todoku check`: every requirement, each with what was seen; and the reply that Gmail would give."""
import json
import os
import pathlib
import subprocess

import pytest

from dns_server import Server
from zones import txt

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
MESSAGE = ("Return-Path: <taro@example.jp>\nReceived: from mail.example.jp (mail.example.jp [192.0.2.25]) by mx.example.com with ESMTPS; x\n"
           "From: taro@example.jp\nDate: Mon, 23 Nov 2026 10:00:00 +0900\nMessage-ID: <1@example.jp>\nSubject: x\n\nhello\n")
HOST = "25.2.0.192.in-addr.arpa. PTR mail.example.jp.\nmail.example.jp. A 192.0.2.25\n"
GOOD = ('example.jp. TXT "v=spf1 ip4:192.0.2.0/24 -all"\n_dmarc.example.jp. TXT "v=DMARC1; p=reject; rua=mailto:d@example.jp"\n'
        "example.jp. MX 10 mail.example.jp.\n" + HOST)


def run(*arguments, data=None):
    return subprocess.run([TODOKU, *arguments], input=data, capture_output=True, timeout=30,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    folder = tmp_path_factory.mktemp("key")
    made = json.loads(run("dkim", "keygen", "--domain", "example.jp", "--selector", "mail", "--out", folder / "pem", "--json").stdout)
    return folder / "pem", made["record"]


def check(tmp_path, zone, *options, message=None):
    (tmp_path / "zone").write_text(zone)
    if message is not None:
        (tmp_path / "message").write_text(message)
        options += ("--message", str(tmp_path / "message"))
    done = run("check", "example.jp", "--json", "--zone", tmp_path / "zone", *options)
    assert done.returncode in (0, 1, 75), done.stderr
    return json.loads(done.stdout), done.returncode


def states(found, identity):
    return [i["state"] for i in found["items"] if i["id"] == identity]


def signed(key, message=MESSAGE):
    return run("dkim", "sign", "--domain", "example.jp", "--selector", "mail", "--key", key[0], "-", data=message.encode()).stdout.decode()


def test_a_domain_in_order_passes_and_so_does_its_mail(tmp_path, key):
    found, status = check(tmp_path, GOOD + txt("mail._domainkey.example.jp", key[1]), message=signed(key))
    assert status == 0 and found["failed"] == 0 and found["gmail"] == {"refused": False, "replies": [], "cases": []}
    assert states(found, "mail.authentication") == ["pass"] and states(found, "dkim.key") == ["pass"]


@pytest.mark.parametrize("what, zone, identity, state", [
    ("no SPF", HOST, "spf.record", "fail"),
    ("two SPF records", 'example.jp. TXT "v=spf1 -all"\nexample.jp. TXT "v=spf1 a -all"\n', "spf.record", "fail"),
    ("a misspelt term", 'example.jp. TXT "v=spf1 ipv4:192.0.2.1 -all"\n', "spf.record", "fail"),
    ("a missing include", 'example.jp. TXT "v=spf1 include:gone.example -all"\n', "spf.record", "fail"),
    ("+all", 'example.jp. TXT "v=spf1 +all"\n', "spf.all", "fail"),
    ("no all", 'example.jp. TXT "v=spf1 ip4:192.0.2.1"\n', "spf.all", "warn"),
    ("ptr", 'example.jp. TXT "v=spf1 ptr -all"\n', "spf.ptr", "warn"),
    ("eleven look-ups", 'example.jp. TXT "v=spf1 ' + " ".join(["a"] * 11) + ' -all"\nexample.jp. A 192.0.2.1\n', "spf.lookups", "fail"),
    ("too long", 'example.jp. TXT ( "v=spf1 ' + '" "'.join(f"ip4:192.0.2.{i} " for i in range(60)) + '-all" )\n', "spf.size", "warn"),
    ("no DMARC", HOST, "dmarc.record", "warn"),
    ("DMARC twice", '_dmarc.example.jp. TXT "v=DMARC1; p=none"\n_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n', "dmarc.record", "fail"),
    ("DMARC at the domain itself", 'example.jp. TXT "v=DMARC1; p=reject"\n', "dmarc.record", "fail"),
    ("p=none", '_dmarc.example.jp. TXT "v=DMARC1; p=none"\n', "dmarc.policy", "warn"),
    ("no such policy", '_dmarc.example.jp. TXT "v=DMARC1; p=refuse"\n', "dmarc.syntax", "fail"),
    ("reports elsewhere, unasked", '_dmarc.example.jp. TXT "v=DMARC1; p=reject; rua=mailto:d@example.org"\n', "dmarc.rua", "warn"),
    ("null MX", "example.jp. MX 0 .\n", "mx", "warn"),
    ("SPF cannot be asked", "example.jp. SERVFAIL\n", "spf.record", "unknown"),
])
def test_what_is_wrong_is_found(tmp_path, what, zone, identity, state):
    assert state in states(check(tmp_path, zone)[0], identity)


def test_reports_elsewhere_are_fine_where_they_are_taken(tmp_path):
    zone = ('_dmarc.example.jp. TXT "v=DMARC1; p=reject; rua=mailto:d@example.org"\n'
            'example.jp._report._dmarc.example.org. TXT "v=DMARC1"\n')
    assert states(check(tmp_path, zone)[0], "dmarc.rua") == []


def test_a_guessed_selector_never_proves_that_a_key_is_missing(tmp_path, key):
    assert states(check(tmp_path, GOOD)[0], "dkim.key") == ["unknown"]
    found, _ = check(tmp_path, GOOD + txt("selector1._domainkey.example.jp", key[1]))
    assert states(found, "dkim.key") == ["pass"]
    assert states(check(tmp_path, GOOD, "--selector", "mail")[0], "dkim.key") == ["fail"]


@pytest.mark.parametrize("what, record, state", [
    ("cut", lambda r: r[:255], "fail"), ("revoked", lambda r: "v=DKIM1; p=", "fail"),
    ("Ed25519 alone", lambda r: "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "warn"),
    ("512 bit", lambda r: "v=DKIM1; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMJk9yo3gIIWpWRhvw9q2r9bsV7cRcHPzDYZBqTzbq/Ru8sFLVXC5oFTuUr3ojWLYHLjRo8VCkK4v1m4CvPFVGUCAwEAAQ==", "fail"),
])
def test_a_key_that_does_not_count_is_said_so(tmp_path, key, what, record, state):
    assert state in states(check(tmp_path, GOOD + txt("mail._domainkey.example.jp", record(key[1])), "--selector", "mail")[0], "dkim.key")


def test_the_published_key_is_compared_with_the_signers(tmp_path, key):
    zone = GOOD + txt("mail._domainkey.example.jp", key[1])
    assert states(check(tmp_path, zone, "--selector", "mail", "--key", str(key[0]))[0], "dkim.key-file") == ["pass"]
    other = tmp_path / "other.pem"
    run("dkim", "keygen", "--domain", "x.jp", "--selector", "s", "--out", other)
    assert states(check(tmp_path, zone, "--selector", "mail", "--key", str(other))[0], "dkim.key-file") == ["fail"]


def test_selectors_are_taken_from_a_log(tmp_path, key):
    (tmp_path / "log").write_text("Nov 23 10:00:00 mail opendkim[1]: 4F: DKIM-Signature field added (s=mail, d=example.jp)\n")
    zone = GOOD + txt("mail._domainkey.example.jp", key[1])
    assert states(check(tmp_path, zone, "--log", str(tmp_path / "log"))[0], "dkim.key") == ["pass"]


@pytest.mark.parametrize("what, zone, message, options, rule", [
    ("p=reject and nothing passes", GOOD.replace("ip4:192.0.2.0/24", "ip4:198.51.100.1"), MESSAGE, [], "google.dmarc-policy"),
    ("-all and nothing passes", 'example.jp. TXT "v=spf1 -all"\n' + HOST, MESSAGE, [], "google.spf-hard-fail"),
    ("~all and nothing passes", 'example.jp. TXT "v=spf1 ~all"\n' + HOST, MESSAGE, [], "google.unauthenticated"),
    ("no name", 'example.jp. TXT "v=spf1 ip4:192.0.2.0/24 -all"\n', MESSAGE, [], "google.ptr"),
    ("no From", GOOD, MESSAGE.replace("From: taro@example.jp\n", ""), [], "google.from-missing"),
    ("two authors", GOOD, MESSAGE.replace("From: taro", "From: x@example.org, taro"), [], "google.from-multiple"),
    ("no Message-ID", GOOD, MESSAGE.replace("Message-ID: <1@example.jp>\n", ""), [], "google.message-id-missing"),
    ("Subject twice", GOOD, MESSAGE.replace("Subject: x\n", "Subject: x\nSubject: y\n"), [], "google.duplicate-headers"),
    ("bulk without DKIM", GOOD, MESSAGE, ["--bulk"], "google.dkim-required"),
    ("bulk without DMARC", 'example.jp. TXT "v=spf1 ip4:192.0.2.0/24 -all"\n' + HOST, MESSAGE, ["--bulk"], "google.dmarc-missing"),
])
def test_gmails_reply_is_foretold_in_its_own_words(tmp_path, what, zone, message, options, rule):
    found, status = check(tmp_path, zone, *options, message=message)
    replies = {r["rule"]: r for r in found["gmail"]["replies"]}
    assert rule in replies and status == 1
    told = json.loads(run("why", "--json", "-", data=replies[rule]["reply"].encode()).stdout)
    assert told["rule"] == rule, "what is foretold is explained as what it is"


def test_an_ed25519_signature_alone_does_not_count(tmp_path):
    pem = tmp_path / "pem"
    record = json.loads(run("dkim", "keygen", "--domain", "example.jp", "--selector", "ed", "--algorithm", "ed25519", "--out", pem, "--json").stdout)["record"]
    mail = run("dkim", "sign", "--domain", "example.jp", "--selector", "ed", "--key", pem, "-", data=MESSAGE.encode()).stdout.decode()
    found, _ = check(tmp_path, GOOD.replace("ip4:192.0.2.0/24", "ip4:198.51.100.1") + txt("ed._domainkey.example.jp", record), message=mail)
    assert found["gmail"]["refused"] and states(found, "mail.authentication") == ["fail"]


def test_one_click_unsubscription_is_asked_of_bulk_mail_but_never_refused(tmp_path, key):
    zone = GOOD + txt("mail._domainkey.example.jp", key[1])
    found, status = check(tmp_path, zone, "--bulk", message=signed(key))
    assert states(found, "mail.unsubscribe") == ["warn"] and status == 0
    mail = signed(key, MESSAGE.replace("Subject", "List-Unsubscribe: <https://example.jp/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nSubject"))
    assert states(check(tmp_path, zone, "--bulk", message=mail)[0], "mail.unsubscribe") == ["pass"]


def test_what_the_dns_did_not_answer_is_not_held_against_anybody(tmp_path):
    assert check(tmp_path, "example.jp. SERVFAIL\n_dmarc.example.jp. SERVFAIL\n")[1] in (1, 75)
    found, _ = check(tmp_path, "example.jp. SERVFAIL\n_dmarc.example.jp. SERVFAIL\n")
    assert found["failed"] == 0


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_finding_is_said_in_both_languages(tmp_path, lang):
    (tmp_path / "zone").write_text(HOST)
    (tmp_path / "message").write_text(MESSAGE)
    out = run("check", "example.jp", "--zone", tmp_path / "zone", "--message", tmp_path / "message", "--bulk", "--lang", lang).stdout.decode()
    assert "{" not in out and ("不合格" in out) == (lang == "ja")


KEY = ("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuKf0NFjwOJns2QvjXF+0xdm8cwhWZq1P7NybZKaj45a4s9+p8gC4K9TyJevV525QNnDg6iJVZ2mn"
       "Azgmop4wz+CR9IGexnm1UkTDvJa57Q9iDs0lObB51dFR5LLseyERbKPRe5EWiL/fIsWzIsrAUTsuyYsYXEdFcQkFBTVwA43FoITXlOMMPdTykKnrTTeSfqRi97HuFr8O5umJP9f6"
       "o0rkrvWnop91as1LU46dvJbJygVLWVZtRvhH3AAq6e02dud6VgcMHocg2XwG+SjA8mDyFEs45VC2dKnWZofT9lJEhsVAdpLCpJt6lSrojUW4neYOuZRpbhvG8DuYT7tUUQIDAQAB")
SPF = 'example.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n'
DMARC = '_dmarc.example.jp. TXT "v=DMARC1; p=reject; rua=mailto:d@example.jp"\n'
MX = "example.jp. MX 10 mail.example.jp.\n"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spf(text):
    return f"example.jp. TXT {quoted(text)}\n" + DMARC + MX + HOST


def dmarc(text, name="_dmarc.example.jp"):
    return f"{name}. TXT {quoted(text)}\n" + SPF + MX + HOST


def dkim(text, name="sel._domainkey.example.jp"):
    return txt(name, text) + SPF + DMARC + MX + HOST


def mx(records):
    return SPF + DMARC + HOST + records


MENDED = "v=spf1 ip4:192.0.2.25 -all"
POLICY = "v=DMARC1; p=none; rua=mailto:d@example.jp"


@pytest.mark.parametrize("what, zone, identity, state, record", [
    ("quotation marks in SPF", spf('"v=spf1 ip4:192.0.2.25 -all"'), "spf.record", "fail", MENDED),
    ("curly ones", spf("“v=spf1 ip4:192.0.2.25 -all”"), "spf.record", "fail", MENDED),
    ("a blank in front", spf(" v=spf1 ip4:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("full-width blanks", spf("v=spf1　ip4:192.0.2.25　-all"), "spf.record", "fail", MENDED),
    ("no v=", spf("spf1 ip4:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("no 1", spf("v=spf ip4:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("grown together", spf("v=spf1ip4:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("a blank within a term", spf("v=spf1 ip4: 192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("a dash", spf("v=spf1 ip4:192.0.2.25 –all"), "spf.record", "fail", MENDED),
    ("commas", spf("v=spf1,ip4:192.0.2.25,-all"), "spf.record", "fail", MENDED),
    ("a TTL pasted along", spf("3600 IN TXT v=spf1 ip4:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("include=", spf("v=spf1 include=_spf.example.net -all") + '_spf.example.net. TXT "v=spf1 ip4:192.0.2.25 -all"\n', "spf.record", "fail",
     "v=spf1 include:_spf.example.net -all"),
    ("an address as a host", spf("v=spf1 a:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("an address alone", spf("v=spf1 192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("~all grown on", spf("v=spf1 mx~all"), "spf.record", "fail", "v=spf1 mx ~all"),
    ("what could mean anything", spf("v=spf1 mail.example.jp -all"), "spf.record", "fail", None),
    ("SPF at the name twice", "example.jp.example.jp. TXT " + quoted(MENDED) + "\n" + DMARC + MX + HOST, "spf.record", "fail", MENDED),
    ("SPF at spf.", "spf.example.jp. TXT " + quoted(MENDED) + "\n" + DMARC + MX + HOST, "spf.record", "fail", MENDED),
    ("a CNAME at the apex", "example.jp. CNAME host.example.net.\nhost.example.net. A 192.0.2.80\n" + DMARC, "domain.cname", "fail", None),
    ("no such domain", "example.org. A 192.0.2.1\n", "domain", "fail", None),
    ("?all", spf("v=spf1 ip4:192.0.2.25 ?all"), "spf.all", "warn", None),
    ("terms behind all", spf("v=spf1 -all ip4:192.0.2.25"), "spf.all", "warn", None),
    ("redirect beside all", spf("v=spf1 redirect=_spf.example.jp -all"), "spf.redirect", "warn", None),
    ("everybody's addresses", spf("v=spf1 ip4:0.0.0.0/0 -all"), "spf.range", "fail", None),
    ("a /8", spf("v=spf1 ip4:10.0.0.0/8 -all"), "spf.range", "warn", None),
    ("quotation marks in DMARC", dmarc('"v=DMARC1; p=none; rua=mailto:d@example.jp"'), "dmarc.record", "fail", POLICY),
    ("no semicolons", dmarc("v=DMARC1 p=none rua=mailto:d@example.jp"), "dmarc.record", "fail", POLICY),
    ("lower case", dmarc("v=dmarc1; p=none; rua=mailto:d@example.jp"), "dmarc.record", "fail", POLICY),
    ("no version", dmarc("p=none; rua=mailto:d@example.jp"), "dmarc.record", "fail", POLICY),
    ("the version last", dmarc("p=none; rua=mailto:d@example.jp; v=DMARC1"), "dmarc.record", "fail", POLICY),
    ("backslashes", dmarc("v=DMARC1\\; p=none\\; rua=mailto:d@example.jp"), "dmarc.record", "fail", POLICY),
    ("no mailto:", dmarc("v=DMARC1; p=none; rua=d@example.jp"), "dmarc.record", "warn", POLICY),
    ("a blank for a comma", dmarc("v=DMARC1; p=none; rua=mailto:d@example.jp mailto:e@example.jp"), "dmarc.record", "warn", POLICY + ",mailto:e@example.jp"),
    ("rau=", dmarc("v=DMARC1; p=none; rau=mailto:d@example.jp"), "dmarc.record", "warn", POLICY),
    ("a policy misspelt", dmarc("v=DMARC1; p=quarentine; rua=mailto:d@example.jp"), "dmarc.record", "fail", POLICY.replace("none", "quarantine")),
    ("no such sp", dmarc("v=DMARC1; p=reject; sp=yes"), "dmarc.syntax", "fail", "v=DMARC1; p=reject"),
    ("no such np", dmarc("v=DMARC1; p=reject; np=never"), "dmarc.syntax", "fail", "v=DMARC1; p=reject"),
    ("no such sp before others", dmarc("v=DMARC1; sp=on; p=reject; np=never; adkim=x; rua=mailto:d@example.jp"), "dmarc.syntax", "fail",
     "v=DMARC1; p=reject; rua=mailto:d@example.jp"),
    ("no such p", dmarc("v=DMARC1; p=all; rua=mailto:d@example.jp"), "dmarc.syntax", "fail", None),
    ("the name twice", dmarc(POLICY, "_dmarc.example.jp.example.jp"), "dmarc.record", "fail", POLICY),
    ("no underscore", dmarc(POLICY, "dmarc.example.jp"), "dmarc.record", "fail", POLICY),
    ("two underscores", dmarc(POLICY, "__dmarc.example.jp"), "dmarc.record", "fail", POLICY),
    ("at the apex, and miswritten", dmarc("v=DMARC1 p=none rua=mailto:d@example.jp", "example.jp").replace(SPF, ""), "dmarc.record", "fail", POLICY),
    ("a CNAME that leads nowhere", "_dmarc.example.jp. CNAME gone.example.net.\n" + SPF + MX + HOST, "dmarc.record", "fail", None),
    ("none at all", SPF + MX + HOST, "dmarc.record", "warn", "v=DMARC1; p=none; rua=mailto:postmaster@example.jp"),
    ("t=y", dmarc("v=DMARC1; p=reject; t=y; rua=mailto:d@example.jp"), "dmarc.testing", "warn", None),
    ("pct", dmarc("v=DMARC1; p=reject; pct=20; rua=mailto:d@example.jp"), "dmarc.pct", "warn", None),
    ("fo without ruf", dmarc("v=DMARC1; p=reject; fo=1; rua=mailto:d@example.jp"), "dmarc.fo", "warn", None),
    ("https:", dmarc("v=DMARC1; p=reject; rua=https://example.jp/r"), "dmarc.rua", "warn", None),
    ("ruf elsewhere, unasked", dmarc("v=DMARC1; p=reject; rua=mailto:d@example.jp; ruf=mailto:d@example.org"), "dmarc.rua", "warn", None),
    ("an unknown tag", dmarc("v=DMARC1; p=reject; x=1; rua=mailto:d@example.jp"), "dmarc.tag", "warn", None),
    ("quotation marks in a key", dkim(f'"{KEY}"'), "dkim.key", "fail", KEY),
    ("a key without a semicolon", dkim(KEY.replace("DKIM1;", "DKIM1")), "dkim.key", "fail", KEY),
    ("v:DKIM1", dkim(KEY.replace("v=", "v:")), "dkim.key", "fail", KEY),
    ("a key whose + became a blank", dkim(KEY.replace("+", " ")), "dkim.key", "fail", KEY),
    ("a key at the name twice", dkim(KEY, "sel._domainkey.example.jp.example.jp"), "dkim.key", "fail", KEY),
    ("an MX that does not exist", mx("example.jp. MX 10 gone.example.jp.\n"), "mx", "fail", None),
    ("an MX that is an address", mx("example.jp. MX 10 192.0.2.25.\n"), "mx", "fail", None),
    ("an MX without an address", mx('example.jp. MX 10 m.example.jp.\nm.example.jp. TXT "x"\n'), "mx", "fail", None),
    ("localhost as MX", mx("example.jp. MX 10 localhost.\n"), "mx", "fail", None),
    ("a private MX", mx("example.jp. MX 10 m.example.jp.\nm.example.jp. A 10.0.0.1\n"), "mx", "fail", None),
    ("a CNAME as MX", mx("example.jp. MX 10 m.example.jp.\nm.example.jp. CNAME mail.example.jp.\n"), "mx", "warn", None),
    ("a null MX beside another", mx(MX + "example.jp. MX 0 .\n"), "mx", "fail", None),
    ("MTA-STS without id", mx(MX + '_mta-sts.example.jp. TXT "v=STSv1;"\n'), "mta-sts", "warn", None),
    ("MTA-STS without its host", mx(MX + '_mta-sts.example.jp. TXT "v=STSv1; id=1"\n'), "mta-sts", "warn", None),
    ("MTA-STS twice", mx(MX + '_mta-sts.example.jp. TXT "v=STSv1; id=1"\n_mta-sts.example.jp. TXT "v=STSv1; id=2"\n'), "mta-sts", "warn", None),
    ("TLS-RPT without rua", mx(MX + '_smtp._tls.example.jp. TXT "v=TLSRPTv1;"\n'), "tls-rpt", "warn", None),
    ("TLS-RPT without mailto:", mx(MX + '_smtp._tls.example.jp. TXT "v=TLSRPTv1; rua=d@example.jp"\n'), "tls-rpt", "warn", "v=TLSRPTv1; rua=mailto:d@example.jp"),
    ("a PTR that is an address", SPF + DMARC + MX + "25.2.0.192.in-addr.arpa. PTR 192.0.2.25.\n", "ptr", "fail", None),
    ("a generic PTR", SPF + DMARC + MX + "25.2.0.192.in-addr.arpa. PTR 192-0-2-25.dyn.example.net.\n192-0-2-25.dyn.example.net. A 192.0.2.25\n", "ptr.generic", "warn", None),
    ("HELO at another address", SPF + DMARC + MX + HOST + "other.example.jp. A 198.51.100.1\n", "helo", "warn", None),
    ("an address that SPF does not name", spf("v=spf1 ip4:198.51.100.7 -all"), "spf.ip", "fail", "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all"),
    ("a dead include, whoever sends", spf("v=spf1 include:gone.example ip4:192.0.2.25 -all"), "spf.record", "fail", MENDED),
    ("two dead includes", spf("v=spf1 include:gone.example ip4:192.0.2.25 include:b.gone.example -all"), "spf.record", "fail", MENDED),
    ("a dead include", spf("v=spf1 include:gone.example ip4:192.0.2.25 -all"), "spf.ip", "fail", MENDED),
], ids=lambda value: value if isinstance(value, str) and len(value) < 40 and "\n" not in value else "")
def test_each_mistake_is_found_with_the_record_that_mends_it(tmp_path, what, zone, identity, state, record):
    options = ["--ip", "192.0.2.25", "--helo", "other.example.jp" if what.startswith("HELO") else "mail.example.jp"]
    options += ["--selector", "sel"] if identity == "dkim.key" else []
    items = [i for i in check(tmp_path, zone, *options)[0]["items"] if i["id"] == identity and i["state"] == state]
    assert items and any(i["record"] == record for i in items), [(i["says"], i["record"]) for i in items]


@pytest.mark.parametrize("zone", [
    'example.jp. TXT "v=spf1 include:%{ir}.%{v}.%{d}.spf.example.net ~all"\n25.2.0.192.in-addr.example.jp.spf.example.net. TXT "v=spf1 ip4:192.0.2.25 -all"\n'
    + DMARC + MX + HOST,
    'example.jp. TXT "v=spf1 exists:%{i}._spf.example.net -all"\n192.0.2.25._spf.example.net. A 127.0.0.2\n' + DMARC + MX + HOST])
def test_a_record_made_for_each_sender_is_not_judged_by_one_that_does_not_exist(tmp_path, zone):
    found, status = check(tmp_path, zone, "--ip", "192.0.2.25")
    assert found["failed"] == 0 and status == 0


@pytest.mark.parametrize("record, findings", [
    ("v=DMARC1 p=none rua=mailto:d@example.org", {"dmarc.record", "dmarc.policy", "dmarc.rua"}),
    ('"v=DMARC1; p=reject; pct=20; t=y; x=1; fo=1; rua=mailto:d@example.jp"', {"dmarc.record", "dmarc.pct", "dmarc.testing", "dmarc.tag", "dmarc.fo"}),
    ("v=dmarc1; p=reject", {"dmarc.record", "dmarc.rua"}),
    ("v=dmarc1; p=reject; sp=yes; rua=mailto:d@example.jp", {"dmarc.record"})])
@pytest.mark.parametrize("name", ["_dmarc.example.jp", "dmarc.example.jp"])
def test_behind_a_slip_the_record_is_looked_at_as_it_was_meant(tmp_path, name, record, findings):
    items = check(tmp_path, dmarc(record, name))[0]["items"]
    assert {i["id"] for i in items if i["id"].startswith("dmarc") and i["state"] in ("fail", "warn")} == findings


def test_a_parked_domain_done_well_has_nothing_to_mend(tmp_path):
    found, status = check(tmp_path, 'example.jp. MX 0 .\nexample.jp. TXT "v=spf1 -all"\n_dmarc.example.jp. TXT "v=DMARC1; p=reject; sp=reject; np=reject"\n'
                          '*._domainkey.example.jp. TXT "v=DKIM1; p="\n')
    assert status == 0 and all(i["state"] in ("pass", "unknown") for i in found["items"])


def test_nothing_is_proposed_for_a_domain_that_does_not_exist(tmp_path):
    found, _ = check(tmp_path, "example.org. A 192.0.2.1\n", "--ip", "192.0.2.25")
    assert [i["id"] for i in found["items"]] == ["domain"] and found["items"][0]["record"] is None and found["gmail"] is None


def test_gmails_answer_is_foretold_by_cases_where_no_message_tells(tmp_path):
    found, _ = check(tmp_path, 'example.jp. TXT "v=spf1 ip4:198.51.100.1 -all"\n' + DMARC + MX + HOST, "--ip", "192.0.2.25")
    assert found["gmail"]["refused"] is None and [(c["when"], c["refused"]) for c in found["gmail"]["cases"]] == [("unsigned", True), ("signed", False)]


SHARED = ROOT.parent / "shared" / "cases" / "judges"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the cases are not beside the clone")
@pytest.mark.parametrize("name, says", [
    ("cname-apex", "CNAME"), ("dmarc-doubled", "_dmarc.example.jp.example.jp"), ("dmarc-missing-semicolons", "almost right"),
    ("dmarc-quoted", "almost right"), ("dmarc-sp-bogus-no-rua", "not none, quarantine or reject"), ("en-dash-all", "–all"),
    ("include", "include=_spf"), ("include-without-spf", "nospf.esp.example"), ("ip4-space", "ip4: 192"), ("mx-nxdomain", "does not exist"),
    ("mx-to-ip", "never an address"), ("nonexistent-domain", "does not exist"), ("ptr-bare-domain-to-in-addr", "no host name"),
    ("smart-quotes-spf", "“v=spf1"), ("spf-quoted-repair-loses-senders", '"v=spf1'), ("dkim-quoted", "not one as written"),
    ("dkim-missing-semicolon", "not one as written")])
def test_the_cases_fail_for_their_own_reason(name, says):
    done = run("check", "example.jp", "--json", "--lang", "en", "--zone", SHARED / f"{name}.zone", "--ip", "192.0.2.25", "--selector", "sel")
    failed = [i["says"]["en"] for i in json.loads(done.stdout)["items"] if i["state"] == "fail"]
    assert failed and says in failed[0]


def test_what_the_resolver_does_not_answer_is_named_and_neither_passed_nor_failed():
    with Server({"example.jp": "SILENT"}) as server:
        done = run("check", "example.jp", "--dns", server.address, "--timeout", "1", "--lang", "en")
    assert done.returncode == 75 and b"could not be checked" in done.stdout.splitlines()[0]
    assert server.address.encode() in done.stderr and b"no answer" in done.stderr


def test_a_resolver_that_is_named_is_asked_for_names_under_test_too():
    with Server({"example.test": [("TXT", "v=spf1 ip4:192.0.2.25 -all")], "_dmarc.example.test": [("TXT", "v=DMARC1; p=none")]}) as server:
        done = run("check", "example.test", "--dns", server.address, "--json")
    assert states(json.loads(done.stdout), "spf.record") == ["pass"]
