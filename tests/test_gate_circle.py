"""The whole circle with real Postfix and a real name server: sent → refused in Gmail's words → Postfix's bounce → why →
mended → sent again → delivered."""
import json
import pathlib
import re
import subprocess
import time

import pytest

from gate import TODOKU, Gate, message
from nsd import Nsd
from postfix import Postfix

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOST = ("mail.example.jp. 1 IN A 192.0.2.25\n25.2.0.192.in-addr.arpa. 1 IN PTR mail.example.jp.\n")
PASSES = 'example.jp. 1 IN TXT "v=spf1 ip4:192.0.2.25 -all"\n'


class World:
    def __init__(self, folder):
        for name in ("nsd", "postfix"):
            (folder / name).mkdir()
        self.nsd = Nsd(folder / "nsd", HOST + PASSES)
        self.gate = Gate(folder, "--dns", self.nsd.address, "--client", "192.0.2.25")
        self.postfix = Postfix(self.gate.address, {
            "virtual_mailbox_domains": "example.jp", "virtual_mailbox_maps": "inline:{{shop@example.jp=returns/}}"})

    def publish(self, records):
        self.nsd.serve(HOST + records)
        time.sleep(6)  # what was cached is forgotten: TTL 1, and 5 for what was not there

    def send(self, to):
        self.postfix.send("shop@example.jp", to, message(to=to))

    def why(self, bounce, *arguments):
        return subprocess.run([TODOKU, "why", "-", "--lang", "en", "--dns", self.nsd.address, *arguments], input=bounce, capture_output=True, timeout=30).stdout

    def wait_delivered(self, to, n=1):
        for _ in range(400):
            if len(self.gate.delivered(to)) >= n:
                return
            time.sleep(0.05)
        raise AssertionError("not delivered:\n" + self.postfix.read_log())

    def close(self):
        self.postfix.close()
        self.gate.close()
        self.nsd.close()


@pytest.fixture
def world(tmp_path):
    w = World(tmp_path)
    yield w
    w.close()


def refused(world, to, status, cause):
    world.send(to)
    bounce = world.postfix.wait_for_bounce()
    told = json.loads(world.why(bounce, "--json").splitlines()[0])
    assert told["recipient"] == to and told["status"] == status and told["cause"] == cause and told["permanence"] == "permanent"
    return bounce


def test_1_an_address_that_does_not_exist_is_mended_by_its_spelling(world):
    refused(world, "nosuchuser@gmail.test", "5.1.1", "recipient.unknown")
    world.send("suchuser@gmail.test")
    world.wait_delivered("suchuser@gmail.test")


def test_2_a_disabled_account_is_opened_again(world):
    world.gate.get("/api/v1/rules", "PUT", b"ken@gmail.test disabled\n")
    refused(world, "ken@gmail.test", "5.2.1", "recipient.disabled")
    world.gate.get("/api/v1/rules", "PUT", b"ken@gmail.test accept\n")
    world.send("ken@gmail.test")
    world.wait_delivered("ken@gmail.test")


def test_3_dmarc_reject_is_mended_by_the_record_that_was_proved(world):
    dmarc = '_dmarc.example.jp. 1 IN TXT "v=DMARC1; p=reject"\n'
    world.publish('example.jp. 1 IN TXT "v=spf1 ip4:198.51.100.9 -all"\n' + dmarc)
    refused(world, "taro@gmail.test", "5.7.26", "auth.dmarc")
    record = world.gate.transactions()[-1]["verify"]["repair"]["after"]
    world.publish(f'example.jp. 1 IN TXT "{record}"\n' + dmarc)
    world.send("taro@gmail.test")
    world.wait_delivered("taro@gmail.test")
    assert b"dmarc=pass" in world.gate.delivered("taro@gmail.test")[0].read_bytes()


@pytest.mark.parametrize("case,before,cause", [("4 SPF -all", 'example.jp. 1 IN TXT "v=spf1 ip4:198.51.100.9 -all"\n', "auth.spf"),
                                               ("5 neither SPF nor DKIM", "", "auth.none")])
def test_an_spf_record_is_mended_as_why_says(world, case, before, cause):
    world.publish(before)
    bounce = refused(world, "taro@gmail.test", "5.7.26", cause)
    text = world.why(bounce, "--format", "zone").decode()
    record = re.search(r"^(example\.jp\.\s+IN TXT .*)$", text, re.M)
    assert record and "ip4:192.0.2.25" in record.group(1), text
    world.publish(record.group(1).replace("IN TXT", "1 IN TXT") + "\n")
    world.send("taro@gmail.test")
    world.wait_delivered("taro@gmail.test")
    assert b"spf=pass" in world.gate.delivered("taro@gmail.test")[0].read_bytes()


def fill(world, rule):
    world.gate.get("/api/v1/rules", "PUT", rule)
    world.send("small@gmail.test")
    world.wait_delivered("small@gmail.test")


def test_6_a_full_mailbox_takes_mail_when_space_is_free(world):
    fill(world, b"small@gmail.test accept quota=1000 hard\n")
    refused(world, "small@gmail.test", "5.2.2", "recipient.full")
    for path in world.gate.delivered("small@gmail.test"):
        path.unlink()
    world.send("small@gmail.test")
    world.wait_delivered("small@gmail.test")


def test_7_a_mailbox_full_for_now_gets_it_by_postfixs_own_retry(world):
    fill(world, b"small@gmail.test accept quota=1000\n")
    world.send("small@gmail.test")
    line = world.postfix.wait_for(r".*status=deferred.*").group(0)
    told = json.loads(world.why((line + "\n").encode(), "--json").splitlines()[0])
    assert (told["cause"], told["permanence"]) == ("recipient.full", "temporary")
    for path in world.gate.delivered("small@gmail.test"):
        path.unlink()
    world.postfix.wait_for(r"status=sent", 30)
    world.wait_delivered("small@gmail.test")


def rules_with_replies():
    for path in sorted((ROOT / "catalog").glob("*.rule")):
        for stanza in path.read_text().split("\n\n"):
            name = re.search(r"^Rule: (.*)$", stanza, re.M)
            if re.search(r"^Stage: (connect|helo|auth|mail)$", stanza, re.M):
                continue  # said before a recipient is named
            reply = re.search(r"^Reply: (\d)", stanza, re.M)
            if name and reply and re.search(r"^Cause: (.*)$", stanza, re.M):
                yield name.group(1), re.search(r"^Cause: (.*)$", stanza, re.M).group(1), reply.group(1)


def test_every_reply_of_the_catalogue_comes_back_as_its_cause_through_postfix(world):
    rules = [r for r in rules_with_replies() if not r[1].startswith(("sender.", "connection.helo"))]
    assert len(rules) > 80
    world.postfix.close()
    world.postfix = Postfix(world.gate.address, {
        "virtual_mailbox_domains": "example.jp", "virtual_mailbox_maps": "inline:{{shop@example.jp=returns/}}",
        "smtp_destination_concurrency_limit": "1", "smtp_destination_recipient_limit": "1", "minimal_backoff_time": "1h",
        "maximal_backoff_time": "1h", "queue_run_delay": "1h", "smtp_destination_concurrency_failed_cohort_limit": "1000",
        "default_destination_concurrency_failed_cohort_limit": "1000"})
    wrong = []
    for rule, cause, _ in rules:
        world.send(f"reply-{rule}@gmail.test")
        line = world.postfix.wait_for(rf".*to=<reply-{re.escape(rule)}@gmail.test>.*status=(deferred|bounced).*").group(0)
        told = json.loads(world.why((line + "\n").encode(), "--json", "--offline").splitlines()[0])
        if told["cause"] != cause:
            wrong.append((rule, cause, told["cause"], line))
    assert not wrong, "\n".join(map(str, wrong))
