"""Bounces, logs and events of every kind: our samples, each in other clothes, and beside the peer's opinion."""
import collections
import csv
import email
import fnmatch
import gzip
import json
import lzma
import os
import pathlib
import subprocess

import pytest

import transform

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SUITE = ROOT / "../shared/suites/bounces"
NOTICES, LOGS, HOOKS = (ROOT / "tests" / name for name in ("notices", "logs", "hooks"))
suite = pytest.mark.skipif(not SUITE.exists(), reason="the collection of bounces is not here")


def verdicts(*operands):
    run = subprocess.run([TODOKU, "why", "--offline", "--json", *map(str, operands)], capture_output=True, timeout=300)
    assert run.returncode in (0, 1), run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def by_file(folder):
    found = collections.defaultdict(list)
    for v in verdicts(*folder.glob("*.eml")) if folder.name == "notices" else verdicts(folder):
        found[pathlib.Path(v["source"]["file"]).name].append(v)
    return found


def by_folder(folder):
    found = collections.defaultdict(list)
    for v in verdicts(folder):
        found[pathlib.Path(v["source"]["file"]).name].append(v)
    return found


def table(path):
    rows = collections.defaultdict(list)
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["file"]].append(row)
    return rows


NOTICE_ROWS, LOG_ROWS, HOOK_ROWS = (table(folder / "expected.tsv") for folder in (NOTICES, LOGS, HOOKS))


def action_of(v):
    return "complaint" if v["source"]["kind"] == "complaint" else v["action"]


@pytest.fixture(scope="module")
def notices():
    return by_file(NOTICES)


@pytest.mark.parametrize("name", sorted(p.name for p in NOTICES.glob("*.eml")))
def test_a_notice_names_whom_it_is_about_and_why(name, notices):
    rows, told = NOTICE_ROWS[name], notices.get(name, [])
    assert rows, "no row in expected.tsv"
    if rows[0]["recipient"] == rows[0]["cause"] == "-":
        assert told == []
        return
    left = list(told)
    for row in rows:
        mine = [v for v in left if (v["recipient"] or "-").lower() == row["recipient"].lower()]
        assert mine, f"{row['recipient']} is not among {[v['recipient'] for v in told]}"
        left.remove(mine[0])
        assert mine[0]["cause"] in row["cause"].split("|"), mine[0]["reply"]
        if row["action"] in ("failed", "delayed"):
            assert mine[0]["action"] == row["action"]
    assert not left, "more is told than there is"


def fits(wanted, got):
    """A column of the tables: alternatives, "-" for nothing, "*" for anything."""
    return wanted == "*" or (got or "-").lower() in wanted.lower().split("|")


def misfits(row, v):
    sender = "<>" if v["sender"] == "" else v["sender"]
    got = {"recipient": v["recipient"], "cause": v["cause"] or "undetermined", "action": action_of(v), "sender": sender,
           "remote_mta": v["remote_mta"], "status": v["status"]}
    return {name: (row[name], value) for name, value in got.items() if not fits(row[name], value)}


@pytest.mark.parametrize("name", sorted(p.name for p in LOGS.iterdir() if p.suffix not in (".md", ".tsv")))
def test_a_log_tells_every_failed_attempt_and_no_other(name):
    left = verdicts(LOGS / name)
    for row in LOG_ROWS[name]:
        here = [v for v in left if v["source"]["line"] == int(row["line"])]
        here.sort(key=lambda v: len(misfits(row, v)))
        assert here, f"line {row['line']} tells nothing of {row['recipient']}"
        assert misfits(row, here[0]) == {}, row["note"]
        left.remove(here[0])
    assert [(v["source"]["line"], v["recipient"]) for v in left] == []


@pytest.mark.parametrize("name", sorted(p.name for p in HOOKS.iterdir() if p.suffix not in (".md", ".tsv")))
def test_an_event_tells_every_failure_in_its_order(name):
    told, rows = verdicts(HOOKS / name), HOOK_ROWS[name]
    if not told and rows and rows[0]["note"].startswith("optional"):
        return
    assert len(told) == len(rows)
    for row, v in zip(rows, told):
        assert misfits(row, v) == {}, row["note"]


def in_other_clothes(folder, way, tmp_path):
    for path in folder.glob("*.eml"):
        (tmp_path / path.name).write_bytes(transform.WAYS[way](transform.lf(path.read_bytes())))
    return by_file(tmp_path)


def said(told):
    return [(v["recipient"], v["cause"]) for v in told]


def changed(plain, other):
    return {name: (said(plain[name]), said(other.get(name, []))) for name in plain if said(plain[name]) != said(other.get(name, []))}


@pytest.mark.parametrize("way", transform.WAYS)
def test_a_notice_in_other_clothes_says_the_same(way, tmp_path, notices):
    assert changed(notices, in_other_clothes(NOTICES, way, tmp_path)) == {}


@suite
@pytest.mark.parametrize("way", transform.WAYS)
def test_a_real_bounce_in_other_clothes_says_the_same(way, tmp_path):
    differ = changed(by_file(SUITE / "bsd"), in_other_clothes(SUITE / "bsd", way, tmp_path))
    assert len(differ) <= 1, differ  # two parts for people, and the copy now stands first


def is_text(path):
    return b"\0" not in path.read_bytes() and path.read_bytes().isascii()


def shown(folder, way, tmp_path):
    for path in filter(is_text, folder.glob("*.eml")):
        (tmp_path / path.name).write_bytes(transform.SHOWN[way](transform.lf(path.read_bytes())))
    other = by_file(tmp_path)
    return {name: (said(told), said(other.get(name, []))) for name, told in by_file(folder).items()
            if (tmp_path / name).exists() and said(told) != said(other.get(name, []))}


@pytest.mark.parametrize("way", transform.SHOWN)
def test_a_notice_says_the_same_however_it_is_shown(way, tmp_path):
    assert shown(NOTICES, way, tmp_path) == {}


@suite
@pytest.mark.parametrize("way", transform.SHOWN)
def test_a_real_bounce_says_the_same_however_it_is_shown(way, tmp_path):
    assert shown(SUITE / "bsd", way, tmp_path) == {}


def text_alone(path):
    """The part for people, without any header; None where the message has none."""
    for part in email.message_from_bytes(path.read_bytes()).walk():
        if part.get_content_type() == "text/plain" and not part.is_multipart():
            text = part.get_payload(decode=True)
            return text if text.strip() and text.isascii() else None
    return None


def texts_alone(folder):
    """Those that name each recipient, which a text must to be told like its file."""
    found, whole = {}, by_file(folder)
    for path in folder.glob("*.eml"):
        text = text_alone(path)
        named = [v["recipient"] for v in whole.get(path.name, [])]
        if text and named and all(r and r.lower().encode() in text.lower() for r in named):
            found[path.name] = (text, whole[path.name])
    return found


@pytest.mark.parametrize("folder", [NOTICES, pytest.param(SUITE / "bsd", marks=suite)], ids=["ours", "collected"])
def test_the_text_of_a_notice_alone_names_its_recipients(folder, tmp_path):
    texts = texts_alone(folder)
    for name, (text, _) in texts.items():
        (tmp_path / name).with_suffix(".txt").write_bytes(text)
    told = by_folder(tmp_path)
    missed = {name: missing for name, (_, whole) in texts.items()
              if (missing := {v["recipient"].lower() for v in whole}
                  - {(v["recipient"] or "").lower() for v in told[name[:-4] + ".txt"]})}
    assert len(missed) * 20 <= len(texts), missed


@pytest.mark.parametrize("way", transform.COPIED)
@pytest.mark.parametrize("folder", [NOTICES, pytest.param(SUITE / "bsd", marks=suite)], ids=["ours", "collected"])
def test_the_text_of_a_notice_says_the_same_however_it_was_copied(folder, way, tmp_path):
    plain, copied = tmp_path / "plain", tmp_path / "copied"
    plain.mkdir(), copied.mkdir()
    texts = texts_alone(folder)
    for name, (text, _) in texts.items():
        (plain / name).with_suffix(".txt").write_bytes(transform.lf(text))
        (copied / name).with_suffix(".txt").write_bytes(transform.COPIED[way](transform.lf(text)))
    one, other = by_folder(plain), by_folder(copied)
    differ = {name: (said(one[name]), said(other[name])) for name in one if said(one[name]) != said(other[name])}
    assert len(differ) * 50 <= len(texts), differ


def test_a_notice_cut_at_any_line_names_nobody_else(tmp_path, notices):
    for path in NOTICES.glob("*.eml"):
        for n, cut in enumerate(transform.truncations(path.read_bytes())):
            (tmp_path / f"{path.stem}@{n}.eml").write_bytes(cut)
    wrong = []
    for name, told in by_file(tmp_path).items():
        whole = {(v[key] or "").lower() for v in notices.get(name.split("@")[0] + ".eml", [])
                 for key in ("recipient", "original_recipient")}
        wrong += [(name, v["recipient"]) for v in told if v["recipient"] and v["recipient"].lower() not in whole]
    assert wrong == []


def zstd_stored(data):
    """A zstd frame of raw blocks. RFC 8878 section 3.1.1"""
    blocks = [data[i:i + 100_000] for i in range(0, len(data), 100_000)]
    frame = b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little")
    for i, block in enumerate(blocks):
        frame += (len(block) << 3 | (i == len(blocks) - 1)).to_bytes(3, "little") + block
    return frame


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, zstd_stored], ids=["gzip", "xz", "zstd"])
def test_a_compressed_log_is_the_same(pack, tmp_path):
    plain = said(verdicts(LOGS / "exim-mainlog.log"))
    packed = pack((LOGS / "exim-mainlog.log").read_bytes())
    (tmp_path / "log").write_bytes(packed + packed)  # one behind the other, as people join rotated logs
    assert said(verdicts(tmp_path / "log")) == plain + plain


def test_a_cut_or_damaged_compressed_log_says_so_and_keeps_what_came_before(tmp_path):
    packed = gzip.compress((LOGS / "exim-mainlog.log").read_bytes() * 50)
    (tmp_path / "cut.gz").write_bytes(packed[:len(packed) // 2])
    run = subprocess.run([TODOKU, "why", "--offline", "--json", str(tmp_path / "cut.gz")], capture_output=True, timeout=60)
    assert run.returncode == 74 and b"cut short" in run.stderr and run.stdout.count(b"\n") > 10


DEFERRED_THEN_SENT = """\
Nov 23 10:00:00 mx1 postfix/smtp[1]: 4ABC1: to=<taro@example.jp>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.jp[192.0.2.1]:25: Connection timed out)
Nov 23 10:00:01 mx1 postfix/smtp[1]: 4ABC2: to=<jiro@example.jp>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.jp[192.0.2.1]:25: Connection timed out)
Nov 23 10:10:00 mx1 postfix/smtp[1]: 4ABC1: to=<taro@example.jp>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.jp[192.0.2.1]:25: Connection timed out)
Nov 23 10:20:00 mx1 postfix/smtp[1]: 4ABC1: to=<taro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 ok)
Nov 23 10:30:00 mx1 postfix/smtp[1]: 4ABC2: to=<jiro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, delay=1, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command))
"""


def test_what_was_delivered_later_is_said_so(tmp_path):
    (tmp_path / "log").write_text(DEFERRED_THEN_SENT)
    told = [(v["recipient"], v["action"], v["later"]) for v in verdicts(tmp_path / "log")]
    assert told == [("taro@example.jp", "delayed", "delivered"), ("jiro@example.jp", "delayed", "given-up"),
                    ("taro@example.jp", "delayed", "delivered"), ("jiro@example.jp", "failed", None)]


def test_final_keeps_the_last_word_alone(tmp_path):
    (tmp_path / "log").write_text(DEFERRED_THEN_SENT)
    assert [(v["recipient"], v["cause"]) for v in verdicts("--final", tmp_path / "log")] == [("jiro@example.jp", "recipient.unknown")]


def test_a_filter_that_was_down_is_evidence():
    told = [v for v in verdicts(LOGS / "postfix-evidence.log") if v["milter"]]
    assert told and "Milter" in told[0]["milter"]


SISIMAI_FIELDS = ["action", "addresser", "alias", "command", "decodedby", "deliverystatus", "destination", "diagnosticcode",
                  "diagnostictype", "feedbackid", "feedbacktype", "hardbounce", "lhost", "listid", "messageid", "origin", "reason",
                  "recipient", "replycode", "rhost", "senderdomain", "subject", "timestamp", "timezoneoffset", "token"]


def test_the_peers_users_find_their_fields():
    run = subprocess.run([TODOKU, "why", "--format", "sisimai", str(ROOT / "examples/gmail-no-such-user.eml")], capture_output=True)
    (line,) = run.stdout.splitlines()
    found = json.loads(line)
    assert list(found) == SISIMAI_FIELDS
    assert (found["reason"], found["replycode"], found["deliverystatus"], found["hardbounce"]) == ("userunknown", "550", "5.1.1", 1)
    assert found["timestamp"] > 10 ** 9 and len(found["token"]) == 40


def differences():
    with open(ROOT / "tests/sisimai/differences.tsv", encoding="utf-8", newline="") as f:
        return {(row["sisimai"], row["cause"]): row["why"] for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}


def peers_rows():
    with open(SUITE / "sisimai-5.1.jsonl", encoding="utf-8") as f:
        return [row for row in map(json.loads, f) if not row["contested"] and row["reason"]]


@suite
def test_the_peers_recipients_are_found_and_their_reasons_agree_or_are_explained():
    mine, known = collections.defaultdict(list), differences()
    for folder in ("bsd", "dos", "mac"):
        for name, told in by_file(SUITE / folder).items():
            mine[f"{folder}/{name}"] = told
    rows, missed, unexplained, used = peers_rows(), [], [], set()
    for row in rows:
        told = mine[row["file"]]
        same = [v for v in told if (v["recipient"] or "").lower() == row["recipient"].lower()]
        if not same and not row["recipient"].endswith(".invalid"):  # which the peer invents where there is none
            missed.append((row["file"], row["recipient"]))
        for v in (same or told)[:1]:
            if v["sisimai"] == row["reason"]:
                continue
            why = {pair for pair in known if pair[0] == row["reason"] and fnmatch.fnmatch(v["cause"], pair[1])}
            used |= why
            if not why:
                unexplained.append((row["file"], row["reason"], v["cause"]))
    assert len(missed) <= len(rows) // 100 + 1, missed
    assert unexplained == []
    assert used == set(known), "the table says what no row shows"


@suite
def test_nothing_is_claimed_of_what_is_no_bounce():
    assert verdicts(SUITE / "not") == []


@suite
@pytest.mark.parametrize("way", transform.SHOWN)
def test_nothing_is_claimed_of_what_is_no_bounce_however_it_is_shown(way, tmp_path):
    for path in (SUITE / "not").glob("*.eml"):
        (tmp_path / path.name).write_bytes(transform.SHOWN[way](transform.lf(path.read_bytes())))
    assert [(v["source"]["file"], v["recipient"], v["cause"], v["reply"][:80]) for v in verdicts(tmp_path)] == []
