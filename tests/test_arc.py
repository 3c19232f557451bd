"""ARC: chains of our own making for every clause, and the public suite where it is present."""
import json
import os
import pathlib
import subprocess

import pytest
import yaml

from arc_chain import chain, changed, record, sealed
from zones import txt

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SUITE = ROOT / "../shared/suites/arc/arc-draft-validation-tests.yml"


def judged(message, zone, tmp_path):
    (tmp_path / "zone").write_text(zone)
    (tmp_path / "message").write_bytes(message)
    done = subprocess.run([TODOKU, "verify", "--json", "--zone", tmp_path / "zone", tmp_path / "message"],
                          capture_output=True, timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    return json.loads(done.stdout)["arc"]


SEAL, SIGNATURE, RESULTS = b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"


def with_one(name, instance, old, new):
    def change(field):
        assert old in field, (old, field)
        return field.replace(old, new, 1)
    return lambda hops: changed(chain(hops), name, instance, change)


def without(name, instance):
    return lambda hops: changed(chain(hops), name, instance, lambda field: None)


def twice(name, instance):
    return lambda hops: changed(chain(hops), name, instance, lambda field: [field, field])


def broken_base64(field):
    """Another last but one letter of b=: sound base64 of another signature."""
    at = field.rindex(b"b=") + 12
    return field[:at] + (b"A" if field[at:at + 1] != b"A" else b"B") + field[at + 1:]


def signature_altered(name, instance):
    return lambda hops: changed(chain(hops), name, instance, broken_base64)


def body_changed_at(hop):
    """By the hop, before it seals: the signatures before do not fit any longer, its own does."""
    def build(hops):
        message = chain(hop - 1).replace(b"Thank you", b"Thanks")
        for one in range(hop, hops + 1):
            message = sealed(message, one)
        return message
    return build


# what, how many hops, the message, result, where it failed. RFC 8617 section 5.2 unless said
OWN = [
    ("no set at all", 0, chain, "none", None),
    ("one set", 1, chain, "pass", None),
    ("two sets", 2, chain, "pass", None),
    ("five sets", 5, chain, "pass", None),
    ("the body changed behind the last", 2, lambda n: chain(n).replace(b"Thank you", b"Thanks"), "fail", 2),
    ("a signed field changed behind the last", 2, lambda n: chain(n).replace(b"Subject: order", b"Subject: [list] order"), "fail", 2),
    ("an unsigned field added behind the last", 2, lambda n: b"X-Spam: no\r\n" + chain(n), "pass", None),
    ("the body changed by the second hop, which sealed it", 2, body_changed_at(2), "pass", None),
    ("the first seal missing", 2, without(SEAL, 1), "fail", None),
    ("the first signature missing", 2, without(SIGNATURE, 1), "fail", None),
    ("the first results missing", 2, without(RESULTS, 1), "fail", None),
    ("the last seal missing", 2, without(SEAL, 2), "fail", None),
    ("the middle set missing", 3, lambda n: changed(changed(changed(chain(n), SEAL, 2, lambda f: None), SIGNATURE, 2, lambda f: None),
                                                    RESULTS, 2, lambda f: None), "fail", None),
    ("a seal twice", 2, twice(SEAL, 1), "fail", None),
    ("a signature twice", 2, twice(SIGNATURE, 2), "fail", None),
    ("results twice", 2, twice(RESULTS, 2), "fail", None),
    ("instance 0, section 4.2.1", 1, lambda n: chain(n).replace(b"i=1;", b"i=0;"), "fail", None),
    ("an instance that is no number", 1, with_one(SEAL, 1, b"i=1;", b"i=one;"), "fail", None),
    ("instance 51, section 4.2.1", 1, lambda n: chain(n).replace(b"i=1;", b"i=51;"), "fail", None),
    ("the first seal says cv=pass", 2, with_one(SEAL, 1, b"cv=none", b"cv=pass"), "fail", None),
    ("the second seal says cv=none", 2, with_one(SEAL, 2, b"cv=pass", b"cv=none"), "fail", None),
    ("the last seal says cv=fail", 2, with_one(SEAL, 2, b"cv=pass", b"cv=fail"), "fail", None),
    ("a seal without cv=", 2, with_one(SEAL, 2, b"cv=pass;", b""), "fail", None),
    ("a cv= of another word", 2, with_one(SEAL, 2, b"cv=pass", b"cv=maybe"), "fail", None),
    ("a seal with h=, section 4.1.3", 2, with_one(SEAL, 2, b"cv=pass;", b"cv=pass; h=from;"), "fail", None),
    ("the last seal's signature altered", 2, signature_altered(SEAL, 2), "fail", 2),
    ("the first seal's signature altered", 2, signature_altered(SEAL, 1), "fail", None),
    ("the last message signature altered", 2, signature_altered(SIGNATURE, 2), "fail", 2),
    ("the first message signature altered", 2, signature_altered(SIGNATURE, 1), "fail", None),
    ("the first results altered", 2, with_one(RESULTS, 1, b"spf=pass", b"spf=fail"), "fail", None),
    ("a domain without a key", 2, with_one(SEAL, 2, b"d=mx2.example.org", b"d=mx9.example.org"), "fail", None),
    ("an algorithm that is none", 1, with_one(SEAL, 1, b"a=rsa-sha256", b"a=rsa-sha9"), "fail", None),
    ("SHA-1, RFC 8301 section 3.1", 1, with_one(SIGNATURE, 1, b"a=rsa-sha256", b"a=rsa-sha1"), "fail", None),
]


@pytest.mark.parametrize("what, hops, build, result, failed_at", OWN, ids=[row[0] for row in OWN])
def test_a_chain_of_our_own(what, hops, build, result, failed_at, tmp_path):
    got = judged(build(hops), "".join(txt(f"arc._domainkey.mx{hop}.example.org", record()) for hop in range(1, 6)), tmp_path)
    assert got["result"] == result, got
    if failed_at is not None:
        assert got["failed_at"] == failed_at, got


def test_a_key_that_cannot_be_had_for_now_leaves_a_chain_open(tmp_path):
    zone = txt("arc._domainkey.mx1.example.org", record()) + "arc._domainkey.mx2.example.org. SERVFAIL\n"
    assert judged(chain(2), zone, tmp_path)["result"] not in ("pass", "none")


def chains():
    if not SUITE.exists():
        return
    for document in yaml.safe_load_all(SUITE.read_text(encoding="utf-8")):
        for name, test in (document or {}).get("tests", {}).items():
            yield pytest.param(document["txt-records"], test, id=name)


@pytest.mark.skipif(not SUITE.exists(), reason="the ARC suite is not there")
@pytest.mark.parametrize("records, test", chains())
def test_a_chain_is_judged_as_the_suite_says(records, test, tmp_path):
    arc = judged(test["message"].replace("\n", "\r\n").encode("utf-8"),
                 "".join(txt(name, text) for name, text in records.items()), tmp_path)
    wanted = (test["cv"] or "fail").lower()  # the suite leaves it open for chains that say themselves that they failed
    assert arc["result"] == wanted, (test["description"], arc["problem"], arc["failed_at"])


@pytest.mark.skipif(not SUITE.exists(), reason="the ARC suite is not there")
def test_all_of_the_suite_is_run():
    assert len(list(chains())) == 171
