"""The milter in a real Postfix: what a mail server's administrator sees."""
import re
import smtplib
import subprocess

import dkim
import pytest

from postfix import UNPACKED, Postfix, folder_for_all
from smtp_sink import Sink
from test_milter import MESSAGE, Gate, Keys

FORGED = (b"Authentication-Results: MX.example.com; dmarc=pass\r\nAuthentication-Results: mx.example.org; spf=pass\r\n"
          b"Authentication-Results : mx.example.com; spf=pass\r\nAuthentication-Results:\r\n (x) mx.example.com; dkim=pass\r\n")


class Mail:
    """Postfix, the filter before its queue, and a server behind it that keeps what is delivered."""

    def __init__(self, *options):
        folder = folder_for_all("milter-")
        self.keys, self.sink = Keys(folder), Sink()
        self.gate = Gate(folder, self.keys, "--internal", "198.51.100.0/24", "--socket-group", "nogroup", *options)
        try:
            self.postfix = self.start_postfix()
        except Exception:
            self.gate.close()
            raise

    def start_postfix(self):
        milter = "unix:" + self.gate.path
        return Postfix(self.sink.address, {
            "smtpd_milters": milter, "non_smtpd_milters": milter, "milter_default_action": "tempfail",
            "smtpd_authorized_xclient_hosts": "127.0.0.0/8", "relay_domains": "example.com", "export_environment": "MAIL_CONFIG LD_LIBRARY_PATH",
            "smtpd_recipient_restrictions": "permit_mynetworks reject_unauth_destination"})

    def send(self, message, ip="192.0.2.1", sender="taro@example.jp"):
        """Through a client of this address; the message as it was delivered, without Postfix's own Received."""
        n = len(self.sink.messages)
        with smtplib.SMTP("127.0.0.1", self.postfix.port, timeout=30) as smtp:
            assert smtp.docmd("XCLIENT", f"ADDR={ip} NAME=mail.example.jp")[0] == 220
            smtp.ehlo("mail.example.jp")
            smtp.sendmail(sender, ["hanako@example.com"], message)
        return without_received(self.sink.wait(n + 1))

    def close(self):
        self.postfix.close()
        self.gate.close()


def without_received(message):
    return re.sub(rb"(?m)^Received: .*\r\n([ \t].*\r\n)*", b"", message)


@pytest.fixture(scope="module")
def mail():
    mails = {}

    def start(*options):
        if options not in mails:
            mails[options] = Mail(*options)
        return mails[options]
    yield start
    for m in mails.values():
        m.close()


def test_results_stand_on_top_and_the_message_below_is_as_it_came(mail):
    delivered = mail().send(MESSAGE)
    assert delivered.startswith(b"Authentication-Results: mx.example.com;\r\n\tspf=pass smtp.mailfrom=taro@example.jp;")
    assert b"dmarc=pass" in delivered and delivered.endswith(MESSAGE)


def test_forged_results_of_our_name_are_gone(mail):
    delivered = mail().send(FORGED + MESSAGE, ip="203.0.113.7")
    assert re.findall(rb"(?im)^authentication-results ?:\s*(?:\(x\) )?(\S+)", delivered) == [b"mx.example.com;", b"mx.example.org;"]
    assert b"dmarc=fail" in delivered and b"=pass" in delivered and b"dmarc=pass" not in delivered


def test_a_simple_signature_verifies_behind_postfix(mail):
    m = mail()
    message = MESSAGE.replace(b"Subject: order", b"Subject:\r\n order  of\r\n\ttwo").replace(b"To: hanako", b"To:hanako")
    pem = subprocess.run(["openssl", "rsa", "-in", m.keys.rsa, "-traditional"], capture_output=True, check=True).stdout
    signature = dkim.sign(message, b"mail", b"example.jp", pem, canonicalize=(b"simple", b"simple"))
    assert b"dkim=pass header.d=example.jp" in m.send(signature + message, ip="203.0.113.7")


def test_a_refusal_reaches_the_client_with_its_code(mail, tmp_path):
    (tmp_path / "policies").write_text("Policy: ours\nSays-en: DMARC alone\nSays-ja: DMARC のみ\nOn: dmarc google.dmarc-policy\n")
    m = mail("--mode", "enforce", "--policies", tmp_path / "policies", "--policy", "ours")
    with pytest.raises(smtplib.SMTPDataError) as refused:
        m.send(MESSAGE, ip="203.0.113.7")
    assert refused.value.smtp_code == 550
    assert refused.value.smtp_error.startswith(b"5.7.26 Unauthenticated email from example.jp is not accepted due to domain's")
    assert b"dmarc=pass" in m.send(MESSAGE)
    assert "milter-reject: END-OF-MESSAGE from mail.example.jp[203.0.113.7]: 5.7.26" in m.postfix.read_log()
    assert re.search(r"(?m)^[0-9A-F]+: judged taro@example.jp from 203.0.113.7 .*: refused$", m.gate.log.read_text())


def test_mail_of_an_internal_client_is_signed_and_verifies_elsewhere(mail):
    m = mail()
    delivered = m.send(MESSAGE, ip="198.51.100.7")
    assert delivered.startswith(b"DKIM-Signature:") and b"Authentication-Results" not in delivered
    for i in range(2):
        assert dkim.DKIM(delivered).verify(idx=i, dnsfunc=m.keys.answer)


def test_what_postfix_adds_to_a_poor_message_is_signed_too(mail):
    m = mail()
    delivered = m.send(b"From: taro@example.jp\r\n\r\nhello\r\n", ip="198.51.100.7")
    assert dkim.DKIM(delivered).verify(dnsfunc=m.keys.answer)


def test_mail_of_a_program_on_the_host_is_signed(mail):
    m = mail()
    n = len(m.sink.messages)
    subprocess.run([UNPACKED / "usr/sbin/sendmail", "-C", m.postfix.folder / "conf", "-f", "taro@example.jp", "hanako@example.com"],
                   input=b"From: taro@example.jp\nTo: hanako@example.com\nSubject: order\n\nThank you.\n", check=True,
                   env=m.postfix.environment)
    delivered = without_received(m.sink.wait(n + 1))
    assert b"Authentication-Results" not in delivered and dkim.DKIM(delivered).verify(dnsfunc=m.keys.answer)


def test_several_messages_of_one_session_are_judged_each(mail):
    m = mail()
    n = len(m.sink.messages)
    with smtplib.SMTP("127.0.0.1", m.postfix.port, timeout=30) as smtp:
        smtp.docmd("XCLIENT", "ADDR=192.0.2.1 NAME=mail.example.jp")
        smtp.ehlo("mail.example.jp")
        for sender in "taro@example.jp", "taro@example.org", "taro@example.jp":
            smtp.sendmail(sender, ["hanako@example.com"], MESSAGE.replace(b"taro@example.jp", sender.encode()))
            m.sink.wait(n + 1)
            n += 1
    assert [b"dmarc=pass" in d for d in m.sink.messages[-3:]] == [True, False, True]


def test_a_large_message_goes_through_whole(mail):
    body = b"".join(b"%07d " % i * 9 + b"\r\n" for i in range(40000))
    delivered = mail().send(MESSAGE + body)
    assert b"spf=pass" in delivered and delivered.endswith(body)


def test_a_sealed_message_passes_elsewhere(mail):
    m = mail("--seal", "mx.example.com")
    delivered = m.send(MESSAGE)
    assert dkim.arc_verify(delivered, dnsfunc=m.keys.answer)[0] == b"pass"


def test_without_a_filter_postfix_says_try_again():
    m = Mail()
    m.gate.close()
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        m.send(MESSAGE)
    assert refused.value.smtp_code == 451
    m.postfix.close()
