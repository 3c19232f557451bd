"""What comes from anywhere: bounded time, a clear message, nothing invented, the rest still processed."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
REPORT = b"""From: MAILER-DAEMON@mx.example.jp
To: hanako@example.jp
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.jp

Final-Recipient: rfc822; taro@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <taro@example.com>: Recipient address rejected: User unknown

--b
Content-Type: text/rfc822-headers

From: hanako@example.jp
To: taro@example.com

--b--
"""


def todoku(*arguments, stdin=b"", seconds=30):
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    run = subprocess.run([TODOKU, "why", "--offline", *arguments], input=stdin, capture_output=True, cwd=ROOT, env=environment, timeout=seconds)
    assert run.returncode in (0, 1, 64, 65, 74), run.stderr
    return run


def verdicts(stdin, *arguments, seconds=30):
    return [json.loads(line) for line in todoku("--json", *arguments, stdin=stdin, seconds=seconds).stdout.splitlines()]


def test_a_bounce_cut_at_any_byte_names_nobody_else():
    for end in range(0, len(REPORT), 7):
        for v in verdicts(REPORT[:end]):
            assert v["recipient"] is None or "taro@example.com".startswith(v["recipient"]), (end, v["recipient"])


def test_nul_bytes_do_not_stop_the_reading():
    (v,) = verdicts(REPORT.replace(b"Action: failed\n", b"X-Odd: \0\0\0\nAction: failed\n"))
    assert (v["recipient"], v["cause"]) == ("taro@example.com", "recipient.unknown")
    verdicts(b"\0" * 100_000)
    verdicts(b"550 5.1.1 no\0such\0user " + b"\0" * 1000)


def test_a_line_of_ten_megabytes_is_read_in_time():
    line = b"x" * 10_000_000
    (v,) = verdicts(REPORT.replace(b"From: hanako", b"X-Long: " + line + b"\nFrom: hanako"))
    assert v["cause"] == "recipient.unknown"
    verdicts(line)
    verdicts(b"550 5.1.1 " + line)
    verdicts(b"Nov 23 10:00:00 mx postfix/smtp[1]: 4ABC12: to=<a@example.com>, status=bounced (" + line + b")\n")


def test_ten_thousand_nested_parts_come_to_an_end():
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(10_000))
    todoku("--json", stdin=b"From: MAILER-DAEMON@example.jp\nSubject: failure notice\n" + nested)
    rfc822 = b"Content-Type: message/rfc822\n\n" * 10_000
    todoku("--json", stdin=b"From: MAILER-DAEMON@example.jp\nSubject: failure notice\n" + rfc822)


def test_a_hundred_thousand_recipients_are_all_told():
    one = b"Final-Recipient: rfc822; u%d@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
    blocks = b"".join(one % i for i in range(100_000))
    found = verdicts(REPORT.replace(b"--b\nContent-Type: text/rfc822-headers", blocks + b"--b\nContent-Type: text/rfc822-headers"), seconds=60)
    assert len(found) == 100_001
    assert len({v["recipient"] for v in found}) == 100_001


def test_a_hundred_thousand_recipients_without_a_word_on_each_are_told_in_time():
    blocks = b"".join(b"Final-Recipient: rfc822; u%d@example.com\nAction: failed\n\n" % i for i in range(100_000))
    prose = b"".join(b"<u%d@example.com>: 550 no\n" % i for i in range(20_000))
    text = REPORT.replace(b"Your mail could not be delivered.\n", prose).replace(b"--b\nContent-Type: text/rfc", blocks + b"--b\nContent-Type: text/rfc")
    assert len(verdicts(text, seconds=60)) == 100_001


def test_a_notice_may_name_thousands():
    prose = b"".join(b"<u%d@example.com>:\n550 no such user\n\n" % i for i in range(1500))
    found = verdicts(b"From: MAILER-DAEMON@example.jp\nSubject: failure notice\n\n" + prose)
    assert len(found) == 1500


def test_base64_that_is_none_invents_nothing():
    text = REPORT.replace(b"Content-Type: message/delivery-status\n", b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n")
    for v in verdicts(text):
        assert v["recipient"] in (None, "taro@example.com")


def test_a_boundary_that_begins_another_is_not_taken_for_it():
    text = REPORT.replace(b"--b\n\nYour", b"--bb\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; evil@example.com\nAction: failed\n\n--b\n\nYour")
    assert [v["recipient"] for v in verdicts(text)] == ["taro@example.com"]


def test_what_cannot_be_read_is_named_and_the_rest_is_processed(tmp_path):
    packed = tmp_path / "packed.bz2"
    packed.write_bytes(b"BZh91AY&SY" + bytes(100))
    (tmp_path / "zgood.eml").write_bytes(REPORT)
    run = todoku("--json", str(tmp_path))
    assert run.returncode == 65
    assert str(packed) in run.stderr.decode()
    assert json.loads(run.stdout)["recipient"] == "taro@example.com"


def test_links_and_pipes_within_a_folder_lead_nowhere(tmp_path):
    (tmp_path / "good.eml").write_bytes(REPORT)
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "round").symlink_to(".")
    (tmp_path / "loop.eml").symlink_to("loop.eml")
    os.mkfifo(tmp_path / "pipe")
    run = todoku("--json", str(tmp_path))
    assert len(run.stdout.splitlines()) == 1 and run.returncode == 65, "what was not read is said"
    assert run.stderr.decode().count("a symbolic link within a folder: not followed") == 3


def test_a_pipe_among_the_rules_is_refused(tmp_path):
    os.mkfifo(tmp_path / "own.rule")
    run = todoku("--catalog", str(tmp_path), "550 x")
    assert run.returncode == 65 and "own.rule: not a file" in run.stderr.decode()


def test_gzip_padded_with_zeros_and_zstd_behind_a_skippable_frame_unpack(tmp_path):
    import gzip
    (tmp_path / "padded.gz").write_bytes(gzip.compress(REPORT) + bytes(1000))
    assert len(todoku("--json", str(tmp_path / "padded.gz")).stdout.splitlines()) == 1
    (tmp_path / "rubbish.gz").write_bytes(gzip.compress(REPORT) + bytes(10) + b"x" * 20)
    assert "damaged" in todoku("--json", str(tmp_path / "rubbish.gz")).stderr.decode()
    frame = len(REPORT).to_bytes(8, "little")  # RFC 8878 section 3.1.1: one raw block, its size told, no checksum
    block = (len(REPORT) << 3 | 1).to_bytes(3, "little")
    zstd = b"\x28\xb5\x2f\xfd\xe0" + frame + block + REPORT
    (tmp_path / "skip.zst").write_bytes(b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zstd)
    assert len(todoku("--json", str(tmp_path / "skip.zst")).stdout.splitlines()) == 1


def test_what_cannot_be_written_is_said():
    with open("/dev/full", "wb") as full:
        for arguments in (["--help"], ["why", "--help"], ["why", "--offline", "550 5.1.1 user unknown"]):
            done = subprocess.run([TODOKU, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=20)
            assert done.returncode == 74 and b"standard output" in done.stderr


def test_a_key_whose_record_was_never_seen_is_not_left_behind(tmp_path):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([TODOKU, "dkim", "keygen", "--domain", "example.jp", "--selector", "s", "--out", tmp_path / "key"], stdout=full,
                              stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 74 and not (tmp_path / "key").exists()


def test_threads_change_nothing_of_what_is_said(tmp_path):
    mbox = b"".join(b"From a@b Thu Nov 26 00:00:00 2026\n" + REPORT.replace(b"taro", b"taro%d" % (i % 7)) + b"\n" for i in range(3000))
    (tmp_path / "mbox").write_bytes(mbox)
    for how in ([], ["--summary"], ["--brief"], ["--json"]):
        said = {todoku(*how, "--jobs", str(jobs), str(tmp_path / "mbox")).stdout for jobs in (1, 2, 4, 4, 4)}
        assert len(said) == 1


def test_a_report_of_very_many_recipients_is_written_as_it_is_read(tmp_path):
    fields = "".join(f"Final-Recipient: rfc822; u{i}@example.jp\nAction: failed\nStatus: 5.1.1\n\n" for i in range(100000))
    (tmp_path / "report").write_bytes(REPORT.split(b"Final-Recipient")[0] + fields.encode() + b"--b--\n")
    small = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")  # a child is charged with its parent's size
    used = subprocess.run([sys.executable, "-c", small, TODOKU, "why", "--json", tmp_path / "report"], capture_output=True, check=True)
    assert int(used.stdout) < 150_000 or b"__asan_init" in pathlib.Path(TODOKU).read_bytes(), "kilobytes; what is written is 250 MB"


def test_records_that_are_equal_are_one(tmp_path):
    (tmp_path / "zone").write_text('example.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n' * 2)
    done = subprocess.run([TODOKU, "spf", "--ip", "192.0.2.25", "--mail-from", "a@example.jp", "--zone", tmp_path / "zone"], capture_output=True)
    assert done.stdout.startswith(b"pass")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_named(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    run = todoku("--json", str(tmp_path))
    assert run.returncode == 65 and str(locked) in run.stderr.decode()


def test_a_closed_pipe_ends_the_run_quietly(tmp_path):
    box = tmp_path / "box"
    box.write_bytes((b"From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n" + REPORT + b"\n") * 20_000)
    run = subprocess.run(["bash", "-c", f"{TODOKU} why --json {box} | head -n 1 >/dev/null; echo ${{PIPESTATUS[0]}}"],
                         capture_output=True, text=True, timeout=30)
    assert run.stderr == ""
    assert run.stdout.strip() == "74"


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_any_line_end_will_do_in_a_message_and_in_a_mailbox(end):
    message = REPORT.replace(b"\n", end)
    assert [v["recipient"] for v in verdicts(message)] == ["taro@example.com"]
    box = b"".join(b"From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n" + REPORT + b"\n" for _ in range(3)).replace(b"\n", end)
    assert [v["source"]["message"] for v in verdicts(box)] == [1, 2, 3]


@pytest.mark.parametrize("form", [[], ["--json"], ["--summary"]])
def test_nothing_in_mail_steers_the_terminal(form):
    evil = "\x1b]0;owned\x07\x1b[31m\u009b1m\u202eevil\u2066\x00".encode()
    text = REPORT.replace(b"User unknown", b"User unknown " + evil).replace(b"taro@example.com", b"taro" + evil + b"@example.com")
    for stdin in (text, b"550 5.1.1 User unknown " + evil):
        out = todoku(*form, stdin=stdin)
        for byte in out.stdout.decode() + out.stderr.decode():
            assert byte == "\n" or ord(byte) >= 0x20 and not 0x7f <= ord(byte) < 0xa0
            assert form == ["--json"] or byte not in "\u202e\u2066"


@pytest.mark.parametrize("place", range(4))
def test_a_boundary_damaged_on_its_way_leaves_what_can_be_read(place):
    """The parts have no beginning, or the report is none: what is left names nobody else, and is no crash."""
    bounce = (ROOT / "examples/gmail-spf-hard-fail.eml").read_bytes()
    boundary = bounce.split(b'boundary="')[1].split(b'"')[0]
    parts = bounce.split(boundary)
    for damaged in (b"]".join((boundary[:9], boundary[10:])), b""):
        message = boundary.join(parts[:place + 1]) + damaged + boundary.join(parts[place + 1:])
        done = subprocess.run([TODOKU, "why", "--json", "--offline", "-"], input=message, capture_output=True, timeout=20)
        assert done.returncode in (0, 1), done.stderr
        assert {json.loads(line)["recipient"] for line in done.stdout.splitlines()} <= {None, "hanako.suzuki@gmail.com"}


@pytest.mark.parametrize("kind", ["image/png", "multipart/report; boundary=b", "t/"])
def test_a_bounce_whose_header_alone_names_somebody_is_told(kind):
    message = f"Return-Path: <>\nX-Failed-Recipients: taro@example.jp\nSubject: Mail delivery failed\nContent-Type: {kind}\n\nx\n"
    for one in (message, message.replace("\n\nx", "")):
        done = subprocess.run([TODOKU, "why", "--json", "--offline", "-"], input=one.encode(), capture_output=True, timeout=20)
        assert [json.loads(line)["recipient"] for line in done.stdout.splitlines()] == ["taro@example.jp"], (done.returncode, done.stderr)
