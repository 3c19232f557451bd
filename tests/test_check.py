"""`todoku check`: every requirement, each with what was seen; and the reply that Gmail would give."""
import json
import os
import pathlib
import subprocess

import pytest

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
    assert status == 0 and found["failed"] == 0 and found["gmail"] == {"refused": False, "replies": []}
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
    ("no DMARC", HOST, "dmarc.record", "fail"),
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
