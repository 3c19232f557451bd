"""The milter as an MTA meets it: over its protocol, and in a real Postfix."""
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import dkim
import pytest

from dns_server import Server
from milter_client import Mta, Refused
from nsd import Nsd
from zones import txt

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

MESSAGE = (b"From: Taro <taro@example.jp>\r\nTo: hanako@example.com\r\nSubject: order\r\n"
           b"Date: Sat, 28 Nov 2026 10:00:00 +0900\r\nMessage-ID: <1@example.jp>\r\n\r\nThank you.\r\n")
ODD = (b"From:Taro <taro@example.jp>\r\nTo:\r\n hanako@example.com\r\nsubject:  order \r\n\tof two\r\nX-Empty:\r\n"
       b"Date:\tSat, 28 Nov 2026 10:00:00 +0900\r\nMessage-ID: <1@example.jp>\r\n\r\n.\r\n\r\nFrom me\r\n  x \r\n\r\n\r\n")


def key(folder, name, kind="rsa"):
    """A private key in a file, and its record."""
    file = folder / f"{name}.pem"
    done = subprocess.run([TODOKU, "dkim", "keygen", "--domain", "example.jp", "--selector", name, "--algorithm", kind,
                           "--out", file, "--format", "value"], capture_output=True, text=True, check=True, env=ENVIRONMENT)
    return file, done.stdout.strip().splitlines()[-1].strip().strip('"')


class Keys:
    def __init__(self, folder):
        self.folder = folder
        self.rsa, self.rsa_record = key(folder, "mail")
        self.ed25519, self.ed25519_record = key(folder, "ed", "ed25519")
        self.arc, self.arc_record = key(folder, "arc")
        (folder / "keys").write_text(f"# who signs\nexample.jp mail {self.rsa.name}\nexample.jp ed {self.ed25519}\n"
                                     f"mx.example.com arc {self.arc}\n")
        self.records = {"mail._domainkey.example.jp": self.rsa_record, "ed._domainkey.example.jp": self.ed25519_record,
                        "arc._domainkey.mx.example.com": self.arc_record}

    def answer(self, name, **_):
        return self.records.get(name.decode().rstrip(".").lower(), "").encode() or None

    def zone(self):
        return ("example.jp. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n_dmarc.example.jp. TXT \"v=DMARC1; p=reject\"\n"
                "example.jp. MX 10 mail.example.jp.\nmail.example.jp. A 192.0.2.1\n1.2.0.192.in-addr.arpa. PTR mail.example.jp.\n"
                + "".join(txt(n, r) for n, r in self.records.items()))


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return Keys(tmp_path_factory.mktemp("keys"))


class Gate:
    """`todoku gate --milter` on a socket of its own."""

    def __init__(self, folder, keys, *options, dns=None, table=None):
        self.path = str(folder / "milter")
        (folder / "zone").write_text(keys.zone())
        where = ["--dns", dns] if dns else ["--zone", folder / "zone"]
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [TODOKU, "gate", "--milter", "unix:" + self.path, "--authserv-id", "mx.example.com", "--keys", table or keys.folder / "keys",
             *where, *options], stdout=self.log.open("wb"), stderr=subprocess.PIPE, env=ENVIRONMENT)
        self.told = self.process.stderr.readline().decode()
        assert "listening on unix:" in self.told, self.told

    def mta(self, *client, **options):
        names = ("version", "actions", "events")
        mta = Mta(self.path, **{n: options.pop(n) for n in names if n in options})
        mta.client(*client, **options)
        return mta

    def close(self):
        self.process.terminate()
        status = self.process.wait(timeout=60)
        assert status == 0, self.process.stderr.read()


@pytest.fixture
def gate(tmp_path, keys):
    gates = []

    def start(*options, **more):
        gates.append(Gate(tmp_path, keys, *options, **more))
        return gates[-1]
    yield start
    for g in gates:
        g.close()


def test_what_is_found_stands_on_top(gate):
    with gate("--mode", "enforce").mta() as mta:
        delivered = mta.message(MESSAGE)
    results, rest = delivered.split(b"\r\nFrom:", 1)
    assert results.startswith(b"Authentication-Results: mx.example.com;\r\n\tspf=pass smtp.mailfrom=taro@example.jp;")
    assert b"dmarc=pass header.from=example.jp policy.dmarc=reject" in results and b"iprev=pass" in results
    assert b"From:" + rest == MESSAGE


def test_who_fails_gets_the_policys_words(gate):
    g = gate("--mode", "enforce", "--policy", "standard")
    with g.mta("203.0.113.7") as mta, pytest.raises(Refused, match="^y 550 5.7.1 Rejected by DMARC policy for example.jp$"):
        mta.message(MESSAGE)
    log = g.log.read_text()
    assert "4XyzABC: judged taro@example.jp from 203.0.113.7 (mail.example.jp): spf=fail dkim=none arc=none dmarc=fail: refused" in log
    assert "Sign with DKIM as d=example.jp" in log


def test_who_fails_is_taken_where_we_only_watch_and_the_log_says_so(gate):
    g = gate()
    with g.mta("203.0.113.7") as mta:
        assert b"dmarc=fail" in mta.message(MESSAGE)
    assert "taken, but would be refused" in g.log.read_text()


@pytest.mark.parametrize("header", ["simple", "relaxed"])
@pytest.mark.parametrize("body", ["simple", "relaxed"])
@pytest.mark.parametrize("message", [MESSAGE, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("chunk", [1, 7, 65535])
def test_a_signature_made_elsewhere_verifies(gate, keys, header, body, message, chunk):
    pem = subprocess.run(["openssl", "rsa", "-in", keys.rsa, "-traditional"], capture_output=True, check=True).stdout
    signature = dkim.sign(message, b"mail", b"example.jp", pem, canonicalize=(header.encode(), body.encode()))
    with gate().mta("203.0.113.7") as mta:
        assert b"dkim=pass header.d=example.jp" in mta.message(signature + message, chunk=chunk)


@pytest.mark.parametrize("message", [MESSAGE, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("events", [0x1fffff, 0x0fffff, 0x7f], ids=["all", "without blanks", "with answers"])
def test_what_we_sign_verifies_elsewhere(gate, keys, message, events):
    if events != 0x1fffff:
        message = message.replace(b"From:Taro", b"From: Taro").replace(b"Empty:", b"Empty: x")
    with gate().mta(events=events) as mta:
        delivered = mta.message(message, auth_authen="taro")
    assert delivered.startswith(b"DKIM-Signature: v=1; a=") and delivered.endswith(message) and b"Authentication-Results" not in delivered
    assert dkim.DKIM(delivered).verify(idx=0, dnsfunc=keys.answer) and dkim.DKIM(delivered).verify(idx=1, dnsfunc=keys.answer)


def test_a_domain_without_a_key_is_not_signed_and_the_log_says_so(gate):
    g = gate()
    with g.mta() as mta:
        other = MESSAGE.replace(b"taro@example.jp", b"taro@example.org")
        assert mta.message(other, auth_authen="taro") == other
    assert "no key for example.org" in g.log.read_text()


def test_forged_results_of_our_name_go_and_others_stay(gate):
    forged = (b"Authentication-Results: MX.Example.Com; dmarc=pass\r\nAuthentication-Results: mx.example.org; spf=pass\r\n"
              b"authentication-results: (a) \"mx.example.com\" 1; dkim=pass\r\n")
    with gate().mta("203.0.113.7") as mta:
        delivered = mta.message(forged + MESSAGE)
    assert re.findall(rb"(?im)^authentication-results: (\S+)", delivered) == [b"mx.example.com;", b"mx.example.org;"]
    assert b"dmarc=fail" in delivered and b"dmarc=pass" not in delivered


def test_a_sealed_message_passes_elsewhere(gate, keys):
    with gate("--seal", "mx.example.com").mta() as mta:
        once = mta.message(MESSAGE)
        twice = mta.message(once)
    for message, sets in (once, 1), (twice, 2):
        cv, results, reason = dkim.arc_verify(message, dnsfunc=keys.answer)
        assert (cv, len(results)) == (b"pass", sets), reason


def test_mail_on_its_way_out_is_looked_at_as_its_receivers_will(gate):
    g = gate("--mode", "outgoing")
    with g.mta() as mta:
        mta.message(MESSAGE, auth_authen="taro")
        mta.message(MESSAGE.replace(b"Message-ID: <1@example.jp>\r\n", b""), auth_authen="taro")
        assert mta.message(MESSAGE) == MESSAGE
    signed, refused, *_ = [line for line in g.log.read_text().splitlines() if "signed" in line]
    assert "dkim=pass" in signed and "signatures=2: taken" in signed and "would be refused" in refused


def test_mail_on_its_way_out_can_be_refused(gate):
    with gate("--mode", "outgoing", "--refuse").mta() as mta, pytest.raises(Refused, match="^y 550-5.7.1 .*Message-ID"):
        mta.message(MESSAGE.replace(b"Message-ID: <1@example.jp>\r\n", b""), auth_authen="taro")


def test_an_mta_of_version_2_is_served(gate):
    with gate().mta(version=2, actions=0x3f, events=0x7f) as mta:
        assert (mta.version, mta.actions, mta.events) == (2, 0x31, 0)
        assert mta.message(MESSAGE).startswith(b"Authentication-Results: mx.example.com;\r\n\tspf=pass")


ODD_PACKETS = {
    "a macro without its value": [(b"D", b"M{auth_type}\0plain\0i\0"), (b"M", b"<a@example.jp>\0")],
    "a client cut short": [(b"C", b"mx\0")],
    "a message out of order": [(b"E", b""), (b"L", b"a\0b\0")],
    "a letter that is none": [(b"\xff", b"x" * 1000)],
    "another greeting": [(b"O", b"\0" * 12)],
}


@pytest.mark.parametrize("what", ODD_PACKETS)
def test_no_packet_ends_the_filter(gate, what):
    g = gate()
    with g.mta() as mta:
        try:
            for letter, data in ODD_PACKETS[what]:
                mta.send(letter, data)
        except OSError:
            pass
    for raw in b"\0\0\0\0", b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\rO", os.urandom(5000):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(g.path)
            s.sendall(raw)
    with g.mta() as mta:
        assert mta.message(MESSAGE).startswith(b"Authentication-Results:")


def test_a_client_that_goes_at_any_byte_leaves_the_filter_well(gate, keys, tmp_path):
    class Recorder(Mta):
        def send(self, letter, data=b""):
            stream.append(struct.pack("!I", len(data) + 1) + letter + data)
            super().send(letter, data)

    g, stream = gate(), []
    with Recorder(g.path) as mta:
        mta.client()
        mta.message(MESSAGE)
    whole = b"".join(stream)
    for n in range(0, len(whole), 3):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(g.path)
            s.sendall(whole[:n])
    with g.mta() as mta:
        assert mta.message(MESSAGE).startswith(b"Authentication-Results:")


def test_keys_are_read_anew_and_unsound_ones_leave_the_old(gate, tmp_path, keys):
    table = tmp_path / "table"
    table.write_text(f"example.jp mail {keys.rsa}\n")
    g = gate(table=table)

    def selectors():
        with g.mta() as mta:
            return re.findall(rb"\bs=(\w+);", mta.message(MESSAGE, auth_authen="taro"))

    def reload(text, told):
        table.write_text(text)
        g.process.send_signal(signal.SIGHUP)
        while told not in g.process.stderr.readline().decode():
            pass

    assert selectors() == [b"mail"]
    reload(f"example.jp ed {keys.ed25519}\n", "read anew")
    assert selectors() == [b"ed"]
    reload("example.jp nonsense\n", "the old settings stay")
    assert selectors() == [b"ed"]


def test_what_was_begun_is_finished_when_it_is_stopped(gate):
    g = gate()
    mta = g.mta()
    mta.tell(b"M", b"<taro@example.jp>\0")
    g.process.terminate()
    while os.path.exists(g.path):
        time.sleep(0.01)
    delivered = mta.message(MESSAGE)
    mta.close()
    assert delivered.startswith(b"Authentication-Results:") and g.process.wait(timeout=25) == 0


def test_many_at_once_with_a_real_name_server(gate, keys, tmp_path):
    nsd = Nsd(tmp_path, keys.zone())
    g = gate(dns=nsd.address)

    def session(n):
        with g.mta("192.0.2.1" if n % 2 else "203.0.113.7") as mta:
            return [b"spf=pass" in mta.message(MESSAGE) for _ in range(20)]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(session, range(32))) == [[bool(n % 2)] * 20 for n in range(32)]
    nsd.close()


def test_a_dns_that_fails_is_a_temporary_error_in_the_results(gate):
    with Server({"example.jp": "GARBAGE"}) as dns, gate("--mode", "enforce", dns=dns.address).mta() as mta:
        assert b"spf=temperror" in mta.message(MESSAGE)


def test_a_dns_that_says_nothing_makes_the_mta_wait_and_not_give_up(gate):
    with Server({"example.jp": "SILENT"}) as dns, gate("--mode", "enforce", dns=dns.address).mta() as mta:
        assert b"spf=temperror" in mta.message(MESSAGE) and mta.progress >= 1


@pytest.mark.parametrize("options, status, says", [
    (["--check"], 0, "all is sound"),
    (["--check", "--mode", "other"], 64, "--mode cannot be 'other'"),
    (["--check", "--policy", "other"], 65, "--policy cannot be 'other'"),
    (["--check", "--internal", "192.0.2.1/24"], 64, "--internal cannot be '192.0.2.1/24'"),
    (["--check", "--seal", "example.org"], 64, "--seal needs --keys"),
    (["--milter", "here"], 74, "an address is wanted as unix:PATH"),
    (["operand"], 64, "options alone"),
])
def test_settings_are_checked_before_it_serves(tmp_path, options, status, says):
    done = subprocess.run([TODOKU, "gate", "--milter", f"unix:{tmp_path}/s" if "here" not in options else "there", *options],
                          capture_output=True, text=True, env=ENVIRONMENT, timeout=20)
    assert done.returncode == status and says in done.stderr


def test_a_fault_in_the_key_table_is_told_with_its_line(tmp_path):
    (tmp_path / "keys").write_text("\n# x\nexample.jp mail /nowhere/key.pem\n")
    done = subprocess.run([TODOKU, "gate", "--milter", f"unix:{tmp_path}/s", "--keys", tmp_path / "keys", "--check"],
                          capture_output=True, text=True, env=ENVIRONMENT, timeout=20)
    assert done.returncode == 65 and f"{tmp_path}/keys:3: the key cannot be read: /nowhere/key.pem" in done.stderr


def test_strangers_may_not_use_the_socket(gate):
    assert os.stat(gate().path).st_mode & 0o777 == 0o660


@pytest.mark.parametrize("page", ["milter.md", "milter.ja.md"])
def test_the_guide_names_only_options_that_are_there(page):
    told = "".join(subprocess.run([TODOKU, "gate", *words, "--help"], capture_output=True, text=True, env=ENVIRONMENT).stdout
                   for words in ([], ["--milter", "-"], ["enable"]))
    text = (ROOT / "docs" / page).read_text()
    options = {o for o in re.findall(r"--[a-z][a-z-]+", text) if f"{o} " not in "--domain --selector --out --format "}
    assert options - set(re.findall(r"--[a-z-]+", told)) == set() and len(options) > 10


def test_the_guides_policy_is_read(tmp_path, keys):
    for page in "milter.md", "milter.ja.md":
        text = (ROOT / "docs" / page).read_text()
        (tmp_path / "policies").write_text(re.sub("(?m)^    ", "", re.search(r"(?m)^    Policy: ours\n(    .*\n)+", text).group(0)))
        done = subprocess.run([TODOKU, "gate", "--milter", f"unix:{tmp_path}/s", "--keys", keys.folder / "keys", "--policies",
                               tmp_path / "policies", "--policy", "ours", "--check"], capture_output=True, text=True, env=ENVIRONMENT)
        assert done.returncode == 0 and "all is sound" in done.stderr
