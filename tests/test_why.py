"""`todoku why` as its user meets it: the program at $TODOKU (build/todoku)."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
GOLDEN = ROOT / "tests/golden"
SUITES = ROOT / "../shared/suites/bounces"


def todoku(*arguments, stdin=b"", **more):
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more}
    return subprocess.run([TODOKU, *arguments], input=stdin, capture_output=True, cwd=ROOT, env=environment, timeout=60)


def verdicts(*arguments, stdin=b""):
    run = todoku("why", "--json", *arguments, stdin=stdin)
    return [json.loads(line) for line in run.stdout.splitlines()]


PAGE = {
    "gmail-no-such-user": ("recipient.unknown", "permanent", "at-once"),
    "gmail-disabled-user": ("recipient.disabled", "permanent", "at-once"),
    "gmail-dmarc-reject": ("auth.dmarc", "permanent", "never"),
    "gmail-spf-hard-fail": ("auth.spf", "permanent", "never"),
    "gmail-no-authentication": ("auth.none", "permanent", "never"),
    "gmail-mailbox-full-552": ("recipient.full", "permanent", "after"),
    "gmail-mailbox-full-452": ("recipient.full", "temporary", "after"),
}


@pytest.mark.parametrize("name", PAGE)
def test_the_cases_of_the_page_have_their_cause(name):
    cause, permanence, suppress = PAGE[name]
    (v,) = verdicts(f"examples/{name}.eml")
    assert (v["cause"], v["permanence"], v["suppress"]["when"]) == (cause, permanence, suppress)
    assert v["receiver"] == "google" and v["schema"] == 2
    assert v["title"]["ja"] and v["title"]["en"] and v["remedy"]["ja"] and v["remedy"]["en"]
    assert all(step and "{" not in step and "\n" not in step for lang in ("ja", "en") for step in v["remedy"][lang])


@pytest.mark.parametrize("name", PAGE)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_cases_of_the_page_read_as_agreed(name, lang):
    out = todoku("why", "--offline", "--lang", lang, f"examples/{name}.eml").stdout.decode()
    wanted = GOLDEN / f"{name}.{lang}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        wanted.write_text(out)
    assert out == wanted.read_text()


def test_brief_is_one_line_a_failure():
    out = todoku("why", "--brief", "examples/postfix.log", "examples/gmail-no-such-user.eml").stdout.decode().splitlines()
    assert out[0] == ("examples/postfix.log:5: hanako.suzuki@gmail.com: The SPF record ends in -all and does not list the sending "
                      "server (permanent error)")
    assert out[-1] == "examples/gmail-no-such-user.eml:1: tarou.yamada@gmail.com: No such account at Google (permanent error)"
    assert all(line.startswith("examples/") for line in out)


def test_the_quoted_reply_hangs_below_its_own_text():
    out = todoku("why", "--offline", "--lang", "en", "examples/gmail-spf-hard-fail.eml").stdout.decode()
    reply = out[out.rindex("\n", 0, out.index("The reply")) + 1:out.index("  How sure")].splitlines()
    column = reply[0].index("The MAIL FROM")
    tails = [line for line in reply[1:] if line and "^" not in line]
    assert tails and all(len(line) - len(line.lstrip()) == column for line in tails)


SPF = """550-5.7.26 The MAIL FROM domain [example.jp] has an SPF record with a hard fail
550-5.7.26 policy (-all) but it fails to pass SPF checks with the ip:
550-5.7.26 [192.0.2.25]. To best protect our users from spam and phishing,
550-5.7.26 the message has been blocked. For more information, go to
550 5.7.26  https://support.google.com/mail/answer/81126#authentication x-y - gsmtp"""

PASTES = {
    "as on the wire": SPF,
    "line ends lost": SPF.replace("\n", " "),
    "in quotes": f'"{SPF}"',
    "as sendmail shows it": "\n".join("<<< " + line for line in SPF.splitlines()),
    "as Postfix says it": f"host gmail-smtp-in.l.google.com[142.251.8.27] said: {SPF} (in reply to end of DATA command)",
    "with the last line lost": SPF.rsplit("\n", 1)[0],
    "with a client address": SPF.replace("5.7.26 The", "5.7.26 [192.0.2.25      15] The", 1),
    "with full-width blanks": SPF.replace(" has an SPF", "\u3000has\u3000an SPF"),
    "with CRLF": SPF.replace("\n", "\r\n"),
    "codes lost": "\n".join(line[11:] for line in SPF.splitlines()),
}


@pytest.mark.parametrize("how", PASTES)
def test_a_pasted_reply_is_known(how):
    (v,) = verdicts(stdin=PASTES[how].encode())
    assert v["cause"] == "auth.spf" and v["facts"]["domain"] == "example.jp" and v["facts"]["ip"] == "192.0.2.25"
    assert v["receiver"] == "google"


def test_a_reply_may_be_the_argument():
    (v,) = verdicts(SPF)
    assert v["rule"] == "google.spf-hard-fail"


def test_a_status_alone_may_be_the_argument():
    (v,) = verdicts("5.2.2")
    assert v["cause"] == "recipient.full"


def test_a_pasted_report_tells_of_its_failed_recipients_alone():
    report = b"""Reporting-MTA: dns; mail.example.jp

Final-Recipient: rfc822; taro@example.com
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; jiro@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
"""
    assert [v["recipient"] for v in verdicts("-", stdin=report)] == ["jiro@example.com"]
    delivered = todoku("why", "-", stdin=report.split(b"\n\nFinal-Recipient: rfc822; jiro")[0])
    assert delivered.returncode == 1 and b"cause" not in delivered.stdout.lower()


def test_a_log_is_joined_with_its_senders():
    spf, timeout = verdicts("examples/postfix.log")
    assert (spf["cause"], spf["sender"], spf["recipient"]) == ("auth.spf", "info@example.jp", "hanako.suzuki@gmail.com")
    assert (timeout["cause"], timeout["sender"]) == ("connection.no-answer", "news@example.jp")


def test_an_mbox_keeps_its_order_on_all_cores(tmp_path):
    one = (ROOT / "examples/gmail-spf-hard-fail.eml").read_bytes()
    mbox = tmp_path / "mbox"
    with mbox.open("wb") as f:
        for i in range(3000):
            f.write(b"From MAILER-DAEMON Mon Nov 23 10:15:04 2026\n")
            f.write(one.replace(b"hanako.suzuki@", b"hanako.%d@" % i) + b"\n")
    found = verdicts(str(mbox))
    assert [v["recipient"] for v in found] == [f"hanako.{i}@gmail.com" for i in range(3000)]
    assert [v["source"]["message"] for v in found] == list(range(1, 3001))


def test_a_folder_is_read_and_what_cannot_be_is_told(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/1").write_bytes((ROOT / "examples/gmail-no-such-user.eml").read_bytes())
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    run = todoku("why", "--json", str(tmp_path))
    assert run.returncode == 65 and b"broken" in run.stderr
    assert len(run.stdout.splitlines()) == 1


def test_line_ends_do_not_matter():
    one = (ROOT / "examples/gmail-spf-hard-fail.eml").read_bytes()
    wanted = {k: v for k, v in verdicts(stdin=one)[0].items() if k in ("cause", "recipient", "facts", "message_id")}
    for end in (b"\r\n", b"\r"):
        got = verdicts(stdin=one.replace(b"\n", end))[0]
        assert {k: got[k] for k in wanted} == wanted


def test_exit_statuses_are_as_documented():
    assert todoku("why", "--offline", SPF).returncode == 0
    assert todoku("why", "--offline", "550 5.0.0 xyzzy plugh").returncode in (0, 1)
    assert todoku("why", stdin=b"").returncode == 1
    assert todoku("why", "--nonsense").returncode == 64
    assert todoku("why", "/no/such/file").returncode == 65


def test_terminal_escapes_never_reach_the_terminal():
    out = todoku("why", stdin=b"550 5.1.1 \x1b]0;owned\x07\x1b[31m user unknown \xc2\x9b31m").stdout
    assert b"\x1b" not in out and b"\x07" not in out and b"\xc2\x9b" not in out


def test_a_message_cut_at_any_byte_is_survived():
    one = (ROOT / "examples/gmail-spf-hard-fail.eml").read_bytes()
    for n in range(0, len(one), 61):
        assert todoku("why", "--json", stdin=one[:n]).returncode in (0, 1)


def test_a_hundred_thousand_recipients_are_each_told():
    head = b"Content-Type: multipart/report; boundary=b; report-type=delivery-status\nFrom: MAILER-DAEMON\n\n--b\n"
    head += b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n"
    blocks = b"".join(b"Final-Recipient: rfc822; u%d@example.net\nAction: failed\nStatus: 5.1.1\n\n" % i for i in range(100000))
    assert len(todoku("why", "--json", stdin=head + blocks + b"--b--\n").stdout.splitlines()) == 100000


def test_an_operator_s_rule_is_used_and_a_bad_one_refused(tmp_path):
    rule = "Rule: any.moon\nText: the moon is in the wrong phase\nCause: server.busy\nSource: us\nChecked: 2026-11-23\nSample: 450 the moon is in the wrong phase\n"
    (tmp_path / "own.rule").write_text(rule)
    run = todoku("why", "--json", "--catalog", str(tmp_path), "450 The moon is in the wrong phase")
    assert json.loads(run.stdout)["rule"] == "any.moon"
    (tmp_path / "own.rule").write_text(rule.replace("server.busy", "server.moon"))
    run = todoku("why", "--catalog", str(tmp_path), "450 x")
    assert run.returncode == 65 and b"own.rule:3: no such cause" in run.stderr


def test_a_summary_counts_by_cause():
    files = [str(p) for p in sorted((ROOT / "examples").glob("gmail-*.eml"))] + ["examples/postfix.log"]
    out = todoku("why", "--summary", "--lang", "en", *files).stdout.decode()
    assert out.splitlines()[0] == "9 failures of 8 kinds: 7 permanent, 2 temporary. 2 addresses to take off the list."
    assert "\n       2  22.2%  ##          The SPF record ends in -all and does not list the\n" in out


def test_what_needs_nobody_never_comes_first():
    waits = "".join(f"450 4.2.0 <a{i}@example.jp>: Recipient address rejected: Greylisted\n\n" for i in range(5))
    out = todoku("why", "--summary", "--lang", "en", stdin=(waits + "550 5.1.1 <b@example.jp>: user unknown\n").encode()).stdout.decode()
    assert out.splitlines()[0] == "6 failures of 2 kinds: 1 permanent, 5 temporary. 1 address to take off the list."
    assert out.index("does not exist") < out.lower().index("greylisted")


def test_the_rooms_include_only_what_they_may():
    run = subprocess.run(["/usr/bin/python3", str(ROOT / "tests/check_rooms.py")], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.mark.skipif(not SUITES.is_dir(), reason="the public collection of bounces is not here")
def test_real_bounces_are_mostly_explained_and_nothing_is_invented():
    found = verdicts(str(SUITES / "bsd"))
    assert len(found) > 300
    assert sum(v["cause"] != "undetermined" for v in found) > 0.9 * len(found)
    assert verdicts(str(SUITES / "not")) == []


def test_an_operator_teaches_the_notice_of_another_mailer(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/pigeon.rule").write_text("Notice: pigeon\nFrom: the loft\nSubject: your bird came back\n"
                                                "Opening: the pigeon could not land\nCopy: it still carried\n")
    bounce = tmp_path / "bounce.eml"
    bounce.write_text("From: The Loft <loft@example.com>\nTo: hanako@example.jp\nSubject: Your bird came back\n\n"
                      "The pigeon could not land at\n\n<taro@example.net>:\n550 5.1.1 no such roof, user unknown\n\n"
                      "It still carried:\n\nTo: jiro@example.org\nSubject: hello\n")
    taught = todoku("why", "--json", "--offline", "--catalog", str(tmp_path / "rules"), str(bounce))
    untaught = todoku("why", "--json", "--offline", str(bounce))
    told = json.loads(taught.stdout)
    assert (told["source"]["format"], told["recipient"], told["cause"]) == ("pigeon", "taro@example.net", "recipient.unknown")
    assert b"pigeon" not in untaught.stdout and b"taro@example.net" not in untaught.stdout
