"""todoku gate: what a client is told, and why, as a sender meets it."""
import email
import json
import os
import pathlib
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error

import pytest

from gate import TODOKU, Client, Gate, message

ROOT = pathlib.Path(__file__).resolve().parent.parent
ZONE = """$ORIGIN example.jp.
@ TXT "v=spf1 ip4:192.0.2.25 -all"
_dmarc TXT "v=DMARC1; p=reject"
mail A 192.0.2.25
$ORIGIN .
25.2.0.192.in-addr.arpa. PTR mail.example.jp.
26.2.0.192.in-addr.arpa. PTR other.example.net.
other.example.net. A 192.0.2.26
hard.example. TXT "v=spf1 ip4:198.51.100.1 -all"
soft.example. TXT "v=spf1 ip4:198.51.100.1 ~all"
plain.example. A 192.0.2.26
slow.example. SERVFAIL
_dmarc.slow.example. TXT "v=DMARC1; p=reject"
"""
NOT_LISTED = "192.0.2.26"


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    server = Gate(tmp_path_factory.mktemp("gate"), zone=ZONE)
    yield server
    assert server.close() == 0


def offer(gate, sender="shop@example.jp", recipient="taro@gmail.test", ip="192.0.2.25", author=None, **words):
    with Client(gate, ip) as client:
        return client.offer(sender, recipient, message(author or sender, **words))


def test_mail_that_passes_is_taken_and_delivered_with_its_results(gate):
    assert offer(gate, recipient="hanako@gmail.test")[:2] == (250, "2.0.0")
    (path,) = gate.delivered("hanako@gmail.test")
    told = email.message_from_bytes(path.read_bytes())
    assert told["Return-Path"] == "<shop@example.jp>"
    assert "spf=pass" in told["Authentication-Results"] and "dmarc=pass" in told["Authentication-Results"]
    assert "[192.0.2.25]" in told["Received"] and "for <hanako@gmail.test>" in told["Received"]
    assert told.get_payload() == "hello\n"


REFUSALS = [
    ("shop@example.jp", NOT_LISTED, 550, "5.7.26", "due to domain's DMARC policy", "auth.dmarc"),
    ("shop@hard.example", NOT_LISTED, 550, "5.7.26", "hard fail policy (-all)", "auth.spf"),
    ("shop@soft.example", NOT_LISTED, 550, "5.7.26", "unauthenticated", "auth.none"),
    ("shop@plain.example", NOT_LISTED, 550, "5.7.26", "unauthenticated", "auth.none"),
    ("shop@example.jp", "203.0.113.1", 550, "5.7.25", "PTR record", "connection.ptr"),
    ("shop@example.jp", "2001:db8::1", 550, "5.7.1", "IPv6", "auth.ipv6"),
    ("shop@slow.example", NOT_LISTED, 451, "4.7.26", "DNS", "auth.dns"),
]


@pytest.mark.parametrize("sender,ip,code,status,words,cause", REFUSALS, ids=[f"{r[0]} from {r[1]}" for r in REFUSALS])
def test_mail_that_fails_is_refused_in_gmails_words_and_why_knows_them(gate, sender, ip, code, status, words, cause):
    n = len(gate.transactions(0))
    got = offer(gate, sender, ip=ip)
    assert got[:2] == (code, status) and words.lower() in got[2].lower(), got
    told = gate.transactions(n + 1)[-1]
    assert told["taken"] is False and told["cause"].split(".")[0] == cause.split(".")[0], told["cause"]
    done = subprocess.run([TODOKU, "why", "--offline", "--json", told["reply"]], capture_output=True, timeout=20)
    assert json.loads(done.stdout)["cause"] == told["cause"]


CASES = [
    ("nosuchuser", 550, "5.1.1", "does not exist"), ("disabled", 550, "5.2.1", "inactive"), ("full", 552, "5.2.2", "out of storage"),
    ("full-for-now", 452, "4.2.2", "out of storage"), ("toofast", 450, "4.2.1", "rate"),
    ("reply-google.no-such-user", 550, "5.1.1", "does not exist"), ("reply-google.spf-hard-fail", 550, "5.7.26", "hard fail"),
    ("reply-google.rate-ip", 421, "4.7.28", "unusual rate"), ("FULL", 552, "5.2.2", "out of storage"),
]


@pytest.mark.parametrize("name,code,status,words", CASES, ids=[c[0] for c in CASES])
def test_a_local_part_that_names_a_case_gives_it(gate, name, code, status, words):
    got = offer(gate, recipient=f"{name}@gmail.test")
    assert got[:2] == (code, status) and words in got[2]


def test_a_greylisted_recipient_is_taken_the_second_time(gate):
    assert offer(gate, recipient="greylist@gmail.test")[0] == 451
    assert offer(gate, recipient="greylist@gmail.test")[0] == 250


def test_a_rate_is_really_counted(gate):
    got = [offer(gate, recipient="rate-3-per-hour@gmail.test")[0] for _ in range(5)]
    assert got == [250, 250, 250, 421, 421]


def test_a_slow_recipient_holds_up_nobody_else(gate):
    done = []
    waits = threading.Thread(target=lambda: done.append(offer(gate, recipient="slow-2@gmail.test")))
    begin = time.monotonic()
    waits.start()
    assert offer(gate)[0] == 250 and not done
    waits.join()
    assert done[0][0] == 250 and time.monotonic() - begin >= 2


def test_a_connection_is_dropped_at_data(gate):
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        offer(gate, recipient="drop-at-data@gmail.test")


def test_a_header_names_the_reply(gate):
    assert offer(gate, extra="X-Todoku-Reply: google.likely-spam\r\n")[:2] == (550, "5.7.1")


FORMS = [
    ("no From", b"Subject: x\r\nMessage-ID: <1@example.jp>\r\n\r\nx\r\n", "5.7.1"),
    ("two From fields", b"From: a@example.jp\r\nFrom: b@example.jp\r\nMessage-ID: <1@example.jp>\r\n\r\nx\r\n", "5.7.1"),
    ("two Subjects", message(extra="Subject: again\r\n").encode(), "5.7.1"),
    ("a bare LF", message(body="a\nb\r\n").encode(), "5.6.0"),
    ("a bare CR", message(body="a\rb\r\n").encode(), "5.6.0"),
    ("raw 8bit in the header", "From: shop@example.jp\r\nSubject: 件名\r\nMessage-ID: <1@example.jp>\r\n\r\nx\r\n".encode(), "5.7.1"),
    ("too many hops", message(extra="Received: from a by b; x\r\n" * 60).encode(), "5.4.6"),
    ("a blocked attachment", message(extra='MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n',
                                     body='--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Disposition: attachment; '
                                          "filename*0=\"inv\"; filename*1=\"oice.exe\"\r\n\r\nMZ\r\n--b--\r\n").encode(), "5.7.0"),
]


@pytest.mark.parametrize("what,data,status", FORMS, ids=[f[0] for f in FORMS])
def test_what_is_not_in_form_is_refused(gate, what, data, status):
    with Client(gate, "192.0.2.25") as client:
        got = client.offer("shop@example.jp", "taro@gmail.test", data)
    assert got[0] // 100 == 5 and got[1] == status, got


def test_what_is_wrong_with_the_form_is_named_with_its_place(gate):
    data = message(body="a\nb\r\n").encode()
    n = len(gate.transactions(0))
    with Client(gate, "192.0.2.25") as client:
        client.offer("shop@example.jp", "taro@gmail.test", data)
    (found,) = [f for f in gate.transactions(n + 1)[-1]["form"] if f["kind"] == "bare-lf"]
    assert found["minded"] and found["byte"] == data.index(b"\nb") and found["count"] == 1
    assert f"LF without CR (byte {found['byte']})" in (gate.folder / "gate.out").read_text()


def test_a_header_in_utf8_is_lawful_where_it_was_said(gate):
    data = "From: shop@example.jp\r\nSubject: 件名\r\nMessage-ID: <1@example.jp>\r\n\r\nx\r\n".encode()
    with Client(gate, "192.0.2.25") as client:
        assert client.docmd("MAIL", "FROM:<shop@example.jp> SMTPUTF8")[0] == 250
        client.docmd("RCPT", "TO:<taro@gmail.test>")
        client.docmd("DATA")
        client.send(data + b".\r\n")
        assert client.getreply()[0] == 250


def test_of_several_recipients_only_those_are_refused_who_must_be(gate):
    with Client(gate, "192.0.2.25") as client:
        refused = client.sendmail("shop@example.jp", ["nosuchuser@gmail.test", "jiro@gmail.test", "full@gmail.test"], message())
    assert {a: r[0] for a, r in refused.items()} == {"nosuchuser@gmail.test": 550, "full@gmail.test": 552}
    assert len(gate.delivered("jiro@gmail.test")) == 1


def test_what_is_offered_is_what_gmail_offers_in_its_order(gate):
    with Client(gate, "192.0.2.25", ehlo=False) as client:
        code, text = client.docmd("EHLO", "mail.example.jp")
    lines = text.decode().split("\n")
    assert code == 250 and lines[0] == "mx.gmail.test at your service, [192.0.2.25]"
    assert [x for x in lines[1:] if not x.startswith("XCLIENT")] == [
        "SIZE 157286400", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING", "SMTPUTF8"]


def insecure():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_a_session_goes_on_within_tls(gate):
    with Client(gate, "192.0.2.25") as client:
        client.starttls(context=insecure())
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.offer("shop@example.jp", "tls@gmail.test", message())[0] == 250
    assert b"with ESMTPS id" in gate.delivered("tls@gmail.test")[0].read_bytes()


def test_what_was_said_before_a_handshake_is_thrown_away(gate):
    with socket.create_connection(("127.0.0.1", gate.port), 20) as s:
        s.recv(1000)
        s.sendall(b"EHLO a.example\r\n")
        s.recv(1000)
        s.sendall(b"STARTTLS\r\nRSET\r\n")  # injected in plain text: must not be answered within TLS
        said = s.recv(1000)
        assert said.startswith(b"220 2.0.0") and said.count(b"\r\n") == 1
        with insecure().wrap_socket(s) as t:
            t.sendall(b"NOOP\r\n")
            assert t.recv(1000).startswith(b"250 2.0.0 OK")


def test_commands_in_one_packet_are_answered_in_their_order(gate):
    with socket.create_connection(("127.0.0.1", gate.port), 20) as s:
        f = s.makefile("rb")
        f.readline()
        s.sendall(b"EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<nosuchuser@c.example>\r\nRCPT TO:<d@c.example>\r\nBDAT 4\r\nA:b\nRSET\r\nQUIT\r\n")
        codes = [line[:3].decode() for line in f if line[3:4] == b" "]
    assert codes == ["250", "250", "550", "250", "250", "250", "221"]


def test_a_message_in_chunks_is_judged_as_any_other(gate):
    data = message(to="chunks@gmail.test").encode()
    with Client(gate, "192.0.2.25") as client:
        client.docmd("MAIL", "FROM:<shop@example.jp>")
        client.docmd("RCPT", "TO:<chunks@gmail.test>")
        for at in range(0, len(data), 50):
            part = data[at:at + 50]
            client.send(b"BDAT %d%s\r\n" % (len(part), b" LAST" if at + 50 >= len(data) else b"") + part)
            assert client.getreply()[0] == 250
    assert len(gate.delivered("chunks@gmail.test")) == 1


@pytest.mark.parametrize("version", [1, 2])
def test_a_proxy_header_says_who_the_client_is(tmp_path, version):
    gate = Gate(tmp_path, "--proxy", zone=ZONE, api=False)
    head = (b"PROXY TCP4 192.0.2.25 127.0.0.1 1234 25\r\n" if version == 1 else
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes([192, 0, 2, 25, 127, 0, 0, 1]) + b"\x04\xd2\0\x19")
    with socket.create_connection(("127.0.0.1", gate.port), 20) as s:
        for byte in head:
            s.sendall(bytes([byte]))
        f = s.makefile("rwb")
        assert f.readline().startswith(b"220 ")
        f.write(b"EHLO a.example\r\n")
        f.flush()
        assert b"[192.0.2.25]" in f.readline()
    assert gate.close() == 0


def test_from_this_machine_without_a_stand_in_the_host_is_not_known(gate):
    assert offer(gate, ip=None)[0] == 250
    assert "spf=none" not in gate.transactions()[-1]["authentication_results"]


def test_a_signature_saves_what_spf_does_not(tmp_path):
    key = ["--domain", "example.jp", "--selector", "s"]
    made = subprocess.run([TODOKU, "dkim", "keygen", *key, "--out", tmp_path / "key", "--format", "zone"], capture_output=True, check=True)
    record = re.search(r"^s\._domainkey\.example\.jp\.[^)]*\)", made.stdout.decode(), re.M).group(0)
    (tmp_path / "mail").write_bytes(message().encode())
    field = subprocess.run([TODOKU, "dkim", "sign", *key, "--key", tmp_path / "key", "--field-only", tmp_path / "mail"],
                           capture_output=True, check=True).stdout
    field = re.sub(rb"\r?\n", b"\r\n", field)
    gate = Gate(tmp_path, zone=ZONE + record + "\n", api=False)
    with Client(gate, NOT_LISTED) as client:
        assert client.offer("shop@example.jp", "taro@gmail.test", field + message().encode())[0] == 250
        assert client.offer("shop@example.jp", "taro@gmail.test", field + message(body="changed\r\n").encode())[1] == "5.7.26"
    assert gate.close() == 0


def test_the_api_lists_searches_shows_and_forgets(gate):
    assert offer(gate, recipient="api@gmail.test", body="find me\r\n")[0] == 250
    found = gate.get_json("/api/v1/search?query=to:api@gmail.test")
    assert found["total"] == 1 and found["messages"][0]["Subject"] == "hello" and found["messages"][0]["Snippet"] == "find me"
    number = found["messages"][0]["ID"]
    assert gate.get_json(f"/api/v1/message/{number}")["ID"] == number
    assert gate.get(f"/api/v1/message/{number}/raw").endswith(b"\r\n\r\nfind me\r\n")
    assert gate.get_json("/api/v1/message/latest?query=to:api@gmail.test")["ID"] == number
    offer(gate, recipient="nosuchuser@gmail.test")
    for _ in range(100):  # told when the connection has ended
        (latest, *_) = gate.get_json("/api/v1/transactions")["transactions"]
        if not latest["taken"]:
            break
        time.sleep(0.05)
    assert latest["taken"] is False and latest["recipients"][0]["rule"] == "google.no-such-user"
    gate.get("/api/v1/messages", "DELETE", json.dumps({"IDs": [number]}).encode())
    assert gate.get_json("/api/v1/search?query=to:api@gmail.test")["total"] == 0
    with pytest.raises(urllib.error.HTTPError) as none:
        gate.get(f"/api/v1/message/{number}")
    assert none.value.code == 404 and json.loads(none.value.read())["title"] == "no such message"


def test_rules_are_set_while_it_runs_and_unsound_ones_change_nothing(gate):
    gate.get("/api/v1/rules", "PUT", b"ken@gmail.test disabled\n@full.test full\n")
    assert offer(gate, recipient="ken@gmail.test")[:2] == (550, "5.2.1")
    assert offer(gate, recipient="anybody@full.test")[:2] == (552, "5.2.2")
    with pytest.raises(urllib.error.HTTPError) as wrong:
        gate.get("/api/v1/rules", "PUT", b"ken@gmail.test accept\n@x.test reply-no.such-rule\n")
    assert json.loads(wrong.value.read())["detail"] == "line 2: no rule with a reply has this name: no.such-rule"
    assert offer(gate, recipient="ken@gmail.test")[0] == 550
    gate.get("/api/v1/rules", "PUT", b"")
    assert offer(gate, recipient="ken@gmail.test")[0] == 250


def test_another_sites_page_cannot_ask_the_api(gate):
    with pytest.raises(urllib.error.HTTPError) as refused:
        gate.get("/api/v1/messages", headers={"Host": "attacker.example"})
    assert refused.value.code == 403


def test_metrics_are_counted(gate):
    text = gate.get("/metrics").decode()
    assert re.search(r"^todoku_gate_messages_taken_total [1-9]", text, re.M) and "@" not in text


def test_a_quota_makes_452_and_552_real(tmp_path):
    rules = tmp_path / "rules"
    rules.write_text("small@gmail.test accept quota=2k\nhard@gmail.test accept quota=2k hard\n")
    gate = Gate(tmp_path, "--mailboxes", rules, zone=ZONE, api=False)
    big = message(body="x" * 900 + "\r\n")
    for name, codes in (("small", [250, 452, 452]), ("hard", [250, 552, 552])):
        with Client(gate, "192.0.2.25") as client:
            assert [client.offer("shop@example.jp", f"{name}@gmail.test", big)[0] for _ in range(3)] == codes
    for path in gate.delivered("small@gmail.test"):
        path.unlink()
    assert offer(gate, recipient="small@gmail.test")[0] == 250
    assert gate.close() == 0


def test_what_is_too_large_is_refused_by_its_size(tmp_path):
    gate = Gate(tmp_path, "--size", "5000", zone=ZONE, api=False)
    with Client(gate, "192.0.2.25") as client:
        assert client.docmd("MAIL", "FROM:<a@example.jp> SIZE=5001")[0] == 552
        got = client.offer("shop@example.jp", "taro@gmail.test", message(body="x" * 900 + "\r\n" + ("y" * 900 + "\r\n") * 9))
        assert got[:2] == (552, "5.3.4") and "limits of 5000 bytes" in got[2]
    assert gate.close() == 0


def test_policies_of_ones_own_are_kept_to(tmp_path):
    (tmp_path / "own.policy").write_text("Policy: mine\nLike: google\nOn: ptr accept\nOn: spf-fail any.dmarc\n")
    gate = Gate(tmp_path, "--policies", tmp_path / "own.policy", "--policy", "mine", zone=ZONE, api=False)
    assert offer(gate, "shop@hard.example", ip="203.0.113.1")[2].startswith("Rejected by DMARC policy for hard.example")
    assert gate.close() == 0
    (tmp_path / "own.policy").write_text("Policy: mine\nOn: nothing any.dmarc\n")
    done = subprocess.run([TODOKU, "gate", "--lang", "en", "--policies", tmp_path / "own.policy"], capture_output=True, timeout=20)
    assert done.returncode == 65 and b"own.policy:2: nothing that a receiver minds has this name: nothing" in done.stderr


def test_bulk_senders_are_asked_for_more(tmp_path):
    (tmp_path / "own.policy").write_text("Policy: mine\nLike: google\nBulk: google-bulk 3\n")
    gate = Gate(tmp_path, "--policies", tmp_path / "own.policy", "--policy", "mine", zone=ZONE, api=False)
    got = [offer(gate)[:2] for _ in range(4)]
    assert got == [(250, "2.0.0"), (250, "2.0.0"), (550, "5.7.30"), (550, "5.7.30")]
    assert gate.close() == 0


ONCE = """
import os, smtplib
with smtplib.SMTP(os.environ["TODOKU_GATE_HOST"], int(os.environ["TODOKU_GATE_PORT"])) as s:
    s.ehlo("mail.example.jp"); s.docmd("XCLIENT", "ADDR=192.0.2.25"); s.ehlo("mail.example.jp")
    try: s.sendmail("shop@example.jp", ["RECIPIENT@gmail.test"], "From: shop@example.jp\\r\\nMessage-ID: <1@example.jp>\\r\\n\\r\\nx\\r\\n")
    except smtplib.SMTPException: pass
"""


@pytest.mark.parametrize("recipient,status", [("taro", 0), ("nosuchuser", 1), ("full-for-now", 1)])
def test_a_test_command_is_run_and_its_mail_decides(tmp_path, recipient, status):
    (tmp_path / "zone").write_text(ZONE)
    done = subprocess.run([TODOKU, "gate", "--zone", tmp_path / "zone", "--once", "--", sys.executable, "-c", ONCE.replace("RECIPIENT", recipient)],
                          capture_output=True, timeout=60)
    assert done.returncode == status, done.stdout.decode() + done.stderr.decode()


def test_a_test_command_that_fails_or_sends_nothing_is_told_by_the_status(tmp_path):
    (tmp_path / "zone").write_text(ZONE)
    for command, status in (("exit 7", 7), ("true", 1), ("kill -9 $$", 137)):
        done = subprocess.run([TODOKU, "gate", "--quiet", "--zone", tmp_path / "zone", "--once", "--", "sh", "-c", command], capture_output=True, timeout=60)
        assert done.returncode == status


def test_a_client_that_dies_at_any_byte_harms_nobody(gate):
    session = (b"EHLO a.example\r\nMAIL FROM:<shop@example.jp>\r\nRCPT TO:<byte@gmail.test>\r\nDATA\r\n" + message().encode() + b".\r\nQUIT\r\n")
    for n in range(0, len(session) - 9, 3):
        with socket.create_connection(("127.0.0.1", gate.port), 20) as s:
            s.sendall(session[:n])
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert offer(gate)[0] == 250


def test_sigterm_lets_a_message_that_was_begun_come_in(tmp_path):
    gate = Gate(tmp_path, zone=ZONE, api=False)
    with Client(gate, "192.0.2.25") as client, Client(gate, "192.0.2.25") as idle:
        client.docmd("MAIL", "FROM:<shop@example.jp>")
        client.docmd("RCPT", "TO:<taro@gmail.test>")
        client.docmd("DATA")
        gate.process.terminate()
        assert idle.getreply()[0] == 421
        client.send(message().encode() + b".\r\n")
        assert client.getreply()[0] == 250
    assert gate.process.wait(40) == 0
    assert len(gate.delivered("taro@gmail.test")) == 1


def test_a_full_disk_is_a_temporary_refusal(tmp_path):
    gate = Gate(tmp_path, zone=ZONE, api=False)
    (gate.maildir / "taro@gmail.test").mkdir(parents=True)
    (gate.maildir / "taro@gmail.test" / "tmp").write_text("in the way: nothing can be stored")
    got = offer(gate)
    assert got[0] in (451, 452) and got[1].startswith("4.3.")
    assert gate.close() == 0


def test_killed_at_any_moment_each_message_that_was_answered_is_there_once(tmp_path):
    gate = Gate(tmp_path, zone=ZONE, api=False)
    answered, numbers, lock = [], iter(range(100000)), threading.Lock()

    def send():
        try:
            with Client(gate, "192.0.2.25") as client:
                while True:
                    with lock:
                        n = next(numbers)
                    if client.offer("shop@example.jp", "taro@gmail.test", message(body=f"number {n} end\r\n"))[0] == 250:
                        answered.append(n)
        except (OSError, smtplib.SMTPException, IndexError, ValueError):
            pass

    threads = [threading.Thread(target=send) for _ in range(4)]
    for t in threads:
        t.start()
    time.sleep(1.5)
    gate.process.kill()
    for t in threads:
        t.join()
    gate.process.wait()
    gate.text.close()
    there = [re.search(rb"number (\d+) end\n$", p.read_bytes()) for p in gate.delivered("taro@gmail.test")]
    assert all(there), "what is there is whole"
    there = sorted(int(m.group(1)) for m in there)
    assert len(there) == len(set(there)) and len(answered) > 20
    assert set(answered) <= set(there) and len(there) - len(answered) <= len(threads)
