"""`todoku dkim`: what is signed here verifies elsewhere and the other way round; what broke is said."""
import base64
import json
import os
import pathlib
import random
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import dkim as dkimpy
import pytest

from zones import txt

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SUITE = ROOT / "../shared/suites/dkim"
JUDGES = pathlib.Path(os.environ.get("TODOKU_CASES", ROOT / "../shared/cases")) / "judges"
MESSAGES = 100 if "asan" in TODOKU else 1000
WAYS = [(h, b) for h in ("simple", "relaxed") for b in ("simple", "relaxed")]
MESSAGE = (b"From: Taro <taro@example.jp>\r\nTo: hanako@gmail.com\r\nSubject: Hello\r\nDate: Mon, 23 Nov 2026 10:00:00 +0900\r\n"
           b"Message-ID: <1@example.jp>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           b"Content-Transfer-Encoding: 8bit\r\n\r\nHello  there,\r\n\r\nthis is a test. \r\n.dot\r\nFrom me\r\nCaf\xc3\xa9\r\n")


def todoku(*arguments, data=None, check=True):
    done = subprocess.run([TODOKU, "dkim", *arguments], input=data, capture_output=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    assert not check or done.returncode in (0, 1, 75), done.stderr
    return done


class Signer:
    def __init__(self, folder, algorithm="rsa", selector="mail"):
        self.folder, self.selector = folder, selector
        self.pem = folder / f"{selector}.pem"
        made = json.loads(todoku("keygen", "--domain", "example.jp", "--selector", selector, "--algorithm", algorithm,
                                 "--out", self.pem, "--json").stdout)
        self.record = made["record"]
        self.strings = made["strings"]
        self.zone = folder / f"{selector}.zone"
        self.zone.write_text(txt(made["name"], self.record))

    def sign(self, message, *options):
        return todoku("sign", "--domain", "example.jp", "--selector", self.selector, "--key", self.pem, *options, "-",
                      data=message).stdout

    def verify(self, message, *options):
        return json.loads(todoku("verify", "--json", "--zone", self.zone, *options, "-", data=message).stdout)


@pytest.fixture(scope="module")
def rsa(tmp_path_factory):
    return Signer(tmp_path_factory.mktemp("rsa"))


@pytest.fixture(scope="module")
def ed25519(tmp_path_factory):
    return Signer(tmp_path_factory.mktemp("ed25519"), "ed25519", "ed")


def made_up(random_):
    """A message full of what canonicalization has to deal with."""
    blank = lambda: random_.choice(["", "", " ", "  ", "\t", " \t "])
    words = lambda: blank().join(random_.choice(["a", "word", "=20", "\u3042", "x" * 80]) + " " for _ in range(random_.randrange(8)))
    fields = ["From: a@example.jp", f"Subject:{blank()}{words()}x{blank()}", "Date: Mon, 23 Nov 2026 10:00:00 +0900", "To: b@example.com"]
    fields += [f"X-{random_.choice('AB')}: {words()}\r\n{random_.choice([' ', chr(9)])}{words()}y" for _ in range(random_.randrange(3))]
    random_.shuffle(fields)
    lines = [words() + blank() for _ in range(random_.randrange(12))] + [""] * random_.randrange(3)
    return ("\r\n".join(fields) + "\r\n\r\n" + "\r\n".join(lines) + random_.choice(["\r\n", "\r\n\r\n"])).encode()


def messages(seed):
    random_ = random.Random(seed)
    return [made_up(random_) for _ in range(MESSAGES)]


def in_parallel(work, items):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, items))


@pytest.fixture(scope="module")
def opendkim(tmp_path_factory):
    program = tmp_path_factory.mktemp("peer") / "opendkim_peer"
    subprocess.run(["cc", "-o", program, ROOT / "tests/opendkim_peer.c", "-lopendkim"], check=True)
    return program


def test_what_we_sign_verifies_with_opendkim_and_dkimpy(rsa, opendkim, tmp_path):
    def sign(numbered):
        i, message = numbered
        signed = rsa.sign(message, "--canonicalization", "/".join(WAYS[i % 4]))
        (tmp_path / str(i)).write_bytes(signed)
        return signed

    signed = in_parallel(sign, list(enumerate(messages(1))))
    key = rsa.record.encode()
    assert [i for i, s in enumerate(signed) if not dkimpy.verify(s, dnsfunc=lambda *a, **k: key)] == []
    (tmp_path / "key").write_bytes(key)
    told = subprocess.run([opendkim, "verify", tmp_path / "key", *[tmp_path / str(i) for i in range(MESSAGES)]],
                          capture_output=True, text=True, check=True).stdout.split()
    assert [i for i, word in enumerate(told) if word != "pass"] == [] and len(told) == MESSAGES


def test_what_dkimpy_signs_verifies_here(rsa):
    key = subprocess.run(["openssl", "rsa", "-in", rsa.pem, "-traditional"], capture_output=True, check=True).stdout

    def verify(numbered):
        i, message = numbered
        header, body = (way.encode() for way in WAYS[i % 4])
        signature = dkimpy.sign(message, b"mail", b"example.jp", key, canonicalize=(header, body), include_headers=[b"from", b"subject", b"to", b"x-a", b"x-b"])
        return rsa.verify(signature + message)["result"]

    assert [i for i, result in enumerate(in_parallel(verify, list(enumerate(messages(2))))) if result != "pass"] == []


def test_what_opendkim_signs_verifies_here(rsa, opendkim, tmp_path):
    files = [tmp_path / str(i) for i in range(MESSAGES)]
    for file, message in zip(files, messages(3)):
        file.write_bytes(message)
    for way in range(4):
        subprocess.run([opendkim, "sign", rsa.pem, "example.jp", "mail", str(way // 2), str(way % 2), *files[way::4]],
                       capture_output=True, check=True)
    verify = lambda file: rsa.verify(pathlib.Path(f"{file}.signed").read_bytes())["result"]
    assert [i for i, result in enumerate(in_parallel(verify, files)) if result != "pass"] == []


def test_an_ed25519_signature_verifies_with_dkimpy_and_here(ed25519):
    for way in WAYS:
        signed = ed25519.sign(MESSAGE, "--canonicalization", "/".join(way))
        assert dkimpy.verify(signed, dnsfunc=lambda *a, **k: ed25519.record.encode())
        assert ed25519.verify(signed)["result"] == "pass"


def broken(signer, change, *options):
    signed = signer.sign(MESSAGE, *options)
    changed = change(signed)
    assert changed != signed
    found = signer.verify(changed)
    return found["result"], found["signatures"][0]["damage"], found["signatures"][0]


@pytest.mark.parametrize("signer", ["rsa", "ed25519"])
@pytest.mark.parametrize("what, change, member, value", [
    ("a footer", lambda m: m + b"-- \r\nlist footer\r\n", "body", "appended"),
    ("quoted-printable", lambda m: m.replace(b"Caf\xc3\xa9", b"Caf=C3=A9").replace(b"test. \r\n", b"test.=20\r\n").replace(b"Encoding: 8bit", b"Encoding: quoted-printable"), "body", "encoded"),
    ("dots doubled", lambda m: m.replace(b"\r\n.dot", b"\r\n..dot"), "body", "dots"),
    ("a mailbox's mark", lambda m: m.replace(b"\r\nFrom me", b"\r\n>From me"), "body", "from-lines"),
    ("another text", lambda m: m.replace(b"Hello  there", b"Hello  where"), "body", "unknown"),
    ("no body", lambda m: m[:m.index(b"\r\n\r\n") + 4], "body", "emptied"),
    ("a subject's mark", lambda m: m.replace(b"Subject: ", b"Subject: [list] "), "header", "altered"),
    ("a field added", lambda m: m.replace(b"To: ", b"Cc: x@example.org\r\nTo: ", 1), "header", "added"),
    ("folded anew", lambda m: m.replace(b"Date: Mon, ", b"Date: Mon,\r\n\t"), "header", "blanks"),
    ("another subject", lambda m: m.replace(b"Subject: Hello", b"Subject: Goodbye"), "header", "unknown|header-or-key"),
    ("a banner", lambda m: m.replace(b"\r\n\r\nHello", b"\r\n\r\nCAUTION: from outside\r\n\r\nHello"), "body", "prepended"),
    ("a banner and a footer", lambda m: m.replace(b"\r\n\r\nHello", b"\r\n\r\nCAUTION\r\n\r\nHello") + b"-- \r\nlist\r\n", "body", "around"),
    ("lines in between", lambda m: m.replace(b".dot", b"an advertisement\r\nof two lines\r\n.dot"), "body", "inserted"),
    ("base64", lambda m: m[:m.index(b"\r\n\r\n") + 4].replace(b"Encoding: 8bit", b"Encoding: base64") + base64.encodebytes(m[m.index(b"\r\n\r\n") + 4:]).replace(b"\n", b"\r\n"), "body", "encoded"),
    ("a list's tag and From", lambda m: m.replace(b"Subject: ", b"Subject: [list] ").replace(b"From: Taro <taro@example.jp>", b"From: Taro via List <list@example.org>\r\nReply-To: Taro <taro@example.jp>"), "header", "altered"),
    ("a list that keeps only the address", lambda m: m.replace(b"Subject: ", b"Subject: [list] ").replace(b"From: Taro <taro@example.jp>", b"From: 'Taro' via List <list@example.org>\r\nX-Original-Sender: taro@example.jp"), "header", "altered"),
    ("a list that keeps it in Cc", lambda m: m.replace(b"Subject: ", b"Subject: [list] ").replace(b"From: Taro <taro@example.jp>", b"From: List <list@example.org>\r\nCc: Taro <taro@example.jp>"), "header", "altered"),
    ("a field removed", lambda m: m.replace(b"Message-ID: <1@example.jp>\r\n", b""), "header", "removed"),
    ("a hash damaged", lambda m: re.sub(rb"bh=.", lambda f: b"bh=A" if f[0] != b"bh=A" else b"bh=B", m), "body", "hash-damaged"),
    ("a hash cut", lambda m: re.sub(rb"bh=....", b"bh=", m), "body", "hash-damaged"),
    ("another encoding named", lambda m: m.replace(b"Encoding: 8bit", b"Encoding: base64"), "header", "altered"),
])
def test_what_broke_is_said(signer, what, change, member, value, request):
    header = "relaxed" if what != "folded anew" else "simple"
    result, damage, _ = broken(request.getfixturevalue(signer), change, "--canonicalization", f"{header}/simple")
    assert result == "fail" and damage[member] in value.split("|")


PARTS = (b"From: Taro <taro@example.jp>\r\nTo: hanako@gmail.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
         b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n--b\r\n"
         b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n--b--\r\n")
PLAIN, PAGE = "Hello, caf\u00e9\r\nTaro".encode(), "<html><body><p>Hello, caf\u00e9</p>\r\n</body></html>".encode()
QUOTED_PLAIN, QUOTED_PAGE = PLAIN.replace(b"\xc3\xa9", b"=C3=A9"), PAGE.replace(b"\xc3\xa9", b"=C3=A9")


@pytest.mark.parametrize("what, was, became, damage", [
    ("a footer in the text", (b"8bit", PLAIN, b"8bit", PAGE), (b"8bit", PLAIN + b"\r\n-- \r\nfooter", b"8bit", PAGE), "inserted"),
    ("a footer in the page", (b"8bit", PLAIN, b"8bit", PAGE), (b"8bit", PLAIN, b"8bit", PAGE.replace(b"</body>", b"<p>footer</p>\r\n</body>")), "inserted"),
    ("a footer in both", (b"8bit", PLAIN, b"8bit", PAGE), (b"8bit", PLAIN + b"\r\n-- \r\nfooter", b"8bit", PAGE.replace(b"</body>", b"<p>footer</p>\r\n</body>")), "inserted"),
    ("8bit made quoted-printable", (b"8bit", PLAIN, b"8bit", PAGE), (b"quoted-printable", QUOTED_PLAIN, b"quoted-printable", QUOTED_PAGE), "encoded"),
    ("one part made base64", (b"8bit", PLAIN, b"quoted-printable", QUOTED_PAGE), (b"base64", base64.b64encode(PLAIN), b"quoted-printable", QUOTED_PAGE), "encoded"),
    ("quoted-printable made base64", (b"quoted-printable", QUOTED_PLAIN, b"quoted-printable", QUOTED_PAGE), (b"base64", base64.b64encode(PLAIN), b"base64", base64.b64encode(PAGE)), "encoded"),
    ("base64 made quoted-printable", (b"base64", base64.b64encode(PLAIN), b"base64", base64.b64encode(PAGE)), (b"quoted-printable", QUOTED_PLAIN, b"quoted-printable", QUOTED_PAGE), "encoded"),
])
def test_what_became_of_a_part_is_said(rsa, what, was, became, damage):
    signed = rsa.sign(PARTS % was)
    field = signed[:len(signed) - len(PARTS % was)]
    found = rsa.verify(field + PARTS % became)["signatures"][0]
    assert found["result"] == "fail" and found["damage"]["body"] == damage


def test_fields_changed_together_are_all_named(rsa):
    _, damage, _ = broken(rsa, lambda m: m.replace(b"Subject: ", b"Subject: [list] ").replace(b"From: Taro <taro@example.jp>", b"From: Taro via List <list@example.org>\r\nX-Original-From: Taro <taro@example.jp>") + b"-- \r\nlist footer\r\n")
    assert {c["before"] for c in damage["changes"]} == {"Subject: Hello", "From: Taro <taro@example.jp>"} and damage["body"] == "appended"


def test_a_removed_field_is_named_in_words(rsa):
    changed = rsa.sign(MESSAGE).replace(b"Message-ID: <1@example.jp>\r\n", b"")
    assert b"not there any more: message-id" in todoku("verify", "--lang", "en", "--zone", rsa.zone, "-", data=changed).stdout.lower()


def test_a_key_under_another_usual_selector_is_named_where_the_signature_is_its_own(rsa, tmp_path):
    (tmp_path / "zone").write_text(txt("selector1._domainkey.example.jp", rsa.record))
    check = json.loads(todoku("verify", "--json", "--zone", tmp_path / "zone", "-", data=rsa.sign(MESSAGE)).stdout)["signatures"][0]
    assert (check["damage"]["key"], check["damage"]["found_at"]) == ("selector", "selector1._domainkey.example.jp")
    other = Signer(tmp_path, selector="other")
    (tmp_path / "zone").write_text(txt("selector1._domainkey.example.jp", other.record))
    check = json.loads(todoku("verify", "--json", "--zone", tmp_path / "zone", "-", data=rsa.sign(MESSAGE)).stdout)["signatures"][0]
    assert check["damage"]["key"] == "not-found"


@pytest.mark.skipif(not JUDGES.exists(), reason="the given cases are not there")
@pytest.mark.parametrize("name, result, member, value, says", [
    ("googlegroups-tag-from", "fail", "header", "altered", "From: \"Sato, Taro\" <taro@example.jp>"),
    ("banner-on-top", "fail", "body", "prepended", "CAUTION"),
    ("ed25519-other-key-called-header-changed", "fail", "header", "header-or-key", "cannot be told apart"),
    ("key-plus-lost-called-cut", "permerror", "key", "plus-lost", "became a blank"),
    ("signed-field-removed", "fail", "header", "removed", "message-id"),
    ("i-quoted-printable", "pass", "header", "none", "pass"),
    ("z-two-altered", "fail", "header", "altered", "To: Hanako"),
])
def test_the_given_messages_are_explained(name, result, member, value, says):
    zone, message = JUDGES / f"dkim-{name}.zone", JUDGES / f"dkim-{name}.eml"
    check = json.loads(todoku("verify", "--json", "--zone", zone, message).stdout)["signatures"][0]
    words = todoku("verify", "--lang", "en", "--zone", zone, message).stdout.decode()
    assert (check["result"], check["damage"][member]) == (result, value) and says in " ".join(words.split())
    assert "cut" not in words


@pytest.mark.parametrize("was, became", [(b"one\r\ntwo\r\n", b"one \r\ntwo\t\r\n"), (b"one two\r\n", b"one  two\r\n"), (b"one\r\n-- \r\nTaro\r\n", b"one\r\n--\r\nTaro\r\n")])
def test_changed_blanks_are_told_where_the_original_can_be_known(rsa, was, became):
    signed = rsa.sign(MESSAGE[:MESSAGE.index(b"\r\n\r\n") + 4] + was, "--canonicalization", "simple/simple")
    assert rsa.verify(signed.replace(was, became))["signatures"][0]["damage"]["body"] == "blanks"


def test_a_footer_is_shown_with_where_it_begins(rsa):
    _, damage, check = broken(rsa, lambda m: m + b"\r\n\r\n-- \r\nlist footer\r\n")
    assert damage["added"] == "--" and damage["kept"] < check["body_size"]


def test_copies_of_the_fields_tell_what_stood_there(rsa):
    _, damage, _ = broken(rsa, lambda m: m.replace(b"\r\nSubject: Hello", b"\r\nSubject: Goodbye"), "--copy")
    assert damage["header"] == "altered" and damage["before"] == "Subject: Hello"


def test_another_key_than_the_published_one_is_told_from_a_changed_header(rsa, tmp_path):
    other = Signer(tmp_path)
    found = rsa.verify(other.sign(MESSAGE))["signatures"][0]
    assert found["result"] == "fail" and found["damage"]["header"] == "other-key"


@pytest.mark.parametrize("what, zone, problem, damage", [
    ("no key", lambda r: "example.jp. A 192.0.2.1\n", "key.none", "not-found"),
    ("the zone's name twice", lambda r: txt("mail._domainkey.example.jp.example.jp", r), "key.none", "elsewhere"),
    ("no _domainkey", lambda r: txt("mail.example.jp", r), "key.none", "elsewhere"),
    ("two records", lambda r: txt("mail._domainkey.example.jp", r[:200]) + txt("mail._domainkey.example.jp", r[200:]), "key.cut", "in-pieces"),
    ("cut", lambda r: txt("mail._domainkey.example.jp", r[:255]), "key.cut", "cut"),
    ("+ became a blank", lambda r: txt("mail._domainkey.example.jp", r.replace("+", " ")), "key.damaged", "plus-lost"),
    ("quotes in it", lambda r: txt("mail._domainkey.example.jp", r[:200] + '" "' + r[200:]), "key.quote", "quoted"),
    ("revoked", lambda r: txt("mail._domainkey.example.jp", "v=DKIM1; p="), "key.revoked", "other"),
    ("of the wrong kind", lambda r: txt("mail._domainkey.example.jp", r.replace("k=rsa", "k=ed25519")), "key.other-kind", "other"),
    ("not for mail", lambda r: txt("mail._domainkey.example.jp", r.replace("k=rsa", "k=rsa; s=tlsrpt")), "key.not-for-mail", "other"),
    ("for another hash", lambda r: txt("mail._domainkey.example.jp", r.replace("k=rsa", "k=rsa; h=sha1")), "key.hash", "other"),
    ("signature.version", lambda r: txt("mail._domainkey.example.jp", r.replace("DKIM1;", "DKIM2;")), "key.version", "other"),
])
def test_what_is_wrong_with_a_key_is_said(rsa, tmp_path, what, zone, problem, damage):
    (tmp_path / "zone").write_text(zone(rsa.record))
    done = todoku("verify", "--json", "--zone", tmp_path / "zone", "-", data=rsa.sign(MESSAGE))
    check = json.loads(done.stdout)["signatures"][0]
    assert (check["result"], check["problem"], check["damage"]["key"]) == ("permerror", problem, damage) and done.returncode == 1


def test_a_key_found_elsewhere_is_named(rsa, tmp_path):
    (tmp_path / "zone").write_text(txt("mail._domainkey.example.jp.example.jp", rsa.record))
    check = json.loads(todoku("verify", "--json", "--zone", tmp_path / "zone", "-", data=rsa.sign(MESSAGE)).stdout)["signatures"][0]
    assert check["damage"]["found_at"] == "mail._domainkey.example.jp.example.jp"


@pytest.mark.parametrize("zone", [
    lambda r: txt("mail._domainkey.example.jp.example.jp", r),
    lambda r: txt("mail._domainkey.example.jp", r[:200]) + txt("mail._domainkey.example.jp", r[200:]),
    lambda r: txt("mail._domainkey.example.jp", r[:200] + '" "' + r[200:])])
def test_the_key_record_as_it_should_stand_is_proved(rsa, tmp_path, zone):
    (tmp_path / "zone").write_text(zone(rsa.record))
    signed = rsa.sign(MESSAGE)
    damage = json.loads(todoku("verify", "--json", "--zone", tmp_path / "zone", "-", data=signed).stdout)["signatures"][0]["damage"]
    assert damage["proved"] and damage["record"].replace(" ", "") == rsa.record.replace(" ", "")
    assert b"Proved" in todoku("verify", "--zone", tmp_path / "zone", "--lang", "en", "-", data=signed).stdout


def test_a_look_up_that_fails_is_a_temperror(rsa, tmp_path):
    (tmp_path / "zone").write_text("mail._domainkey.example.jp. SERVFAIL\n")
    done = todoku("verify", "--json", "--zone", tmp_path / "zone", "-", data=rsa.sign(MESSAGE))
    assert json.loads(done.stdout)["result"] == "temperror" and done.returncode == 75


@pytest.mark.parametrize("what, change, result, problem", [
    ("no From signed", lambda m: re.sub(rb"h=from:from:", b"h=", m), "permerror|neutral", "signature.no-from"),
    ("i= elsewhere", lambda m: m.replace(b" d=example.jp;", b" d=example.jp; i=@example.org;"), "neutral", "signature.identity"),
    ("a tag twice", lambda m: m.replace(b" d=example.jp;", b" d=example.jp; d=example.jp;"), "neutral", "tag.twice"),
    ("rsa-sha1", lambda m: m.replace(b"rsa-sha256", b"rsa-sha1"), "policy", "signature.sha1"),
    ("signature.algorithm", lambda m: m.replace(b"rsa-sha256", b"rsa-sha3"), "neutral", "signature.algorithm"),
    ("no body hash", lambda m: re.sub(rb"bh=[^;]*;", b"", m), "neutral", "tag.missing"),
    ("version 2", lambda m: m.replace(b"v=1;", b"v=2;"), "neutral", "signature.version"),
])
def test_an_unsound_signature_is_said_so(rsa, what, change, result, problem):
    check = rsa.verify(change(rsa.sign(MESSAGE)))["signatures"][0]
    assert check["result"] in result.split("|") and check["problem"] == problem


def test_a_signature_expires(rsa):
    signed = rsa.sign(MESSAGE, "--now", "1700000000", "--expires", "60")
    assert rsa.verify(signed, "--now", "1700000060")["result"] == "pass"
    assert rsa.verify(signed, "--now", "1700000061")["signatures"][0]["problem"] == "signature.expired"


def test_ninety_signatures_are_not_all_evaluated(rsa):
    signed = rsa.sign(MESSAGE)
    field = signed[:len(signed) - len(MESSAGE)]
    found = rsa.verify(field * 90 + MESSAGE)
    assert found["result"] == "pass" and found["found"] == 90 and len(found["signatures"]) == 16


def test_a_file_of_the_system_has_its_line_ends_restored(rsa):
    assert rsa.verify(rsa.sign(MESSAGE).replace(b"\r\n", b"\n"))["result"] == "pass"
    assert rsa.verify(rsa.sign(MESSAGE.replace(b"\r\n", b"\n")))["result"] == "pass"


def test_a_record_is_cut_into_strings_of_255_bytes(rsa):
    assert all(len(s) <= 255 for s in rsa.strings) and "".join(rsa.strings) == rsa.record and len(rsa.strings) > 1


def test_a_private_key_is_for_its_owner_alone_and_never_overwritten(rsa):
    assert rsa.pem.stat().st_mode & 0o777 == 0o600
    before = rsa.pem.read_bytes()
    again = todoku("keygen", "--domain", "x.jp", "--selector", "s", "--out", rsa.pem, check=False)
    assert again.returncode == 74 and rsa.pem.read_bytes() == before


def test_evidence_judges_again_the_same_without_a_network(rsa, tmp_path):
    signed = rsa.sign(MESSAGE)
    first = todoku("verify", "--json", "--zone", rsa.zone, "--evidence", tmp_path / "evidence", "-", data=signed)
    again = todoku("verify", "--json", "--replay", tmp_path / "evidence", "-", data=signed)
    assert first.stdout == again.stdout and again.returncode == 0


@pytest.mark.skipif(not SUITE.exists(), reason="the DKIM messages are not there")
@pytest.mark.parametrize("file, name, key, result", [
    ("rfc6376.signed.msg", "test._domainkey.football.example.com", "test.txt", "pass"),
    ("ed25519test2.msg", "sed._domainkey.test.ex", "eximtest.dns", "pass"),
    ("ed25519test2.msg", "sed._domainkey.test.ex", "ed25519test.dns", "fail"),
    ("ed25519test2.msg", "sed._domainkey.test.ex", "test_tlsrpt.txt", "permerror"),
    ("ed25519test2.msg", "sed._domainkey.test.ex", "badversion.txt", "permerror"),
    ("ed25519test2.msg", "sed._domainkey.test.ex", "badk.txt", "permerror"),
    ("test_nofrom.message", "x.jp", "test.txt", "none"),
])
def test_the_given_messages_are_judged(file, name, key, result, tmp_path):
    (tmp_path / "zone").write_text(txt(name, (SUITE / key).read_text().strip()))
    done = todoku("verify", "--json", "--zone", tmp_path / "zone", SUITE / file)
    assert json.loads(done.stdout)["result"] == result


@pytest.mark.parametrize("option, value", [("--domain", "example.jp\r\nBcc: x@y.example"), ("--domain", "a b.jp"), ("--selector", "mail;x"), ("--domain", "$INCLUDE/etc/passwd"),
                                           ("--identity", "@example.jp\r\nBcc: x@y.example"), ("--headers", "from:to\r\nBcc")])
def test_no_argument_can_end_the_field_that_is_signed(rsa, option, value):
    options = {"--domain": "example.jp", "--selector": "mail", "--key": rsa.pem} | {option: value}
    done = todoku("sign", *[part for pair in options.items() for part in pair], "-", data=MESSAGE, check=False)
    assert done.returncode == 64 and done.stdout == b"" and b"\r" not in done.stderr


def test_a_name_in_unicode_is_published_as_the_dns_has_it(tmp_path):
    made = json.loads(todoku("keygen", "--domain", "\u4f8b\u3048.jp", "--selector", "s", "--algorithm", "ed25519", "--out", tmp_path / "k", "--json").stdout)
    assert made["name"] == "s._domainkey.xn--r8jz45g.jp"


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\nb", "a\rb", "a\u202eb"])
def test_a_files_name_does_not_steer_the_terminal(tmp_path, name):
    done = todoku("verify", "--zone", tmp_path / name, "-", data=MESSAGE, check=False)
    assert done.returncode == 65 and done.stderr.count(b"\n") == 1 and not re.search(rb"[\x00-\x09\x0b-\x1f]|\xe2\x80\xae", done.stderr)
