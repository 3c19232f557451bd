"""A file of options for a service: taken, refused with its file and line, and overruled by the command line."""
import subprocess

import pytest

from gate import TODOKU, Client, Gate


def check(tmp_path, text, *arguments, lang="en"):
    (tmp_path / "gate.conf").write_text(text)
    return subprocess.run([TODOKU, "gate", "--config", tmp_path / "gate.conf", "--check", "--lang", lang, *arguments], capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize("text", [
    "# a comment\n\nsmtp 127.0.0.1:0\npolicy = google-bulk\nquiet\n", "milter unix:/tmp/x.sock\nmode enforce\ninternal 192.0.2.0/24\ninternal 2001:db8::/32\n", ""])
def test_what_is_sound_is_said_to_be(tmp_path, text):
    done = check(tmp_path, text)
    assert (done.returncode, done.stderr) == (0, "todoku: all is sound\n"), done.stderr


@pytest.mark.parametrize("text,told", [
    ("smtp 127.0.0.1:0\ncolour red\n", ":2: colour: there is no such option\n"), ("quiet yes\n", ":1: quiet: it takes no value\n"),
    ("policy\n", ":1: policy: a value is wanted\n"), ("milter unix:/tmp/x\nmailboxes f\n", ":2: mailboxes: there is no such option\n"),
    ("policy none\n", "todoku: --policy cannot be 'none'\n"), ("mailboxes /no/such\n", "/no/such"), ("milter unix:/tmp/x\nmode loud\n", "loud")])
def test_what_is_not_is_told_with_its_line(tmp_path, text, told):
    done = check(tmp_path, text)
    assert done.returncode in (64, 65) and told in done.stderr, done.stderr


def test_a_file_that_is_not_there_is_told(tmp_path):
    done = subprocess.run([TODOKU, "gate", "--config", tmp_path / "none", "--check"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 65 and "none" in done.stderr


def test_the_command_line_counts_where_both_speak(tmp_path):
    (tmp_path / "gate.conf").write_text("name wrong.example\nsize 5000\n")
    gate = Gate(tmp_path, "--config", tmp_path / "gate.conf", zone="x. A 192.0.2.1\n", api=False)
    with Client(gate, "192.0.2.25") as client:
        assert client.esmtp_features["size"] == "5000"
        assert client.ehlo_resp.startswith(b"mx.gmail.test ")
    assert gate.close() == 0


@pytest.mark.parametrize("face", [["--smtp", "127.0.0.1:0"], ["--milter", "unix:/tmp/x.sock"]])
def test_a_policy_that_names_no_rule_is_told_by_both_faces(tmp_path, face):
    (tmp_path / "own.policy").write_text("Policy: mine\nOn: ptr google.no-such-rule\n")
    done = subprocess.run([TODOKU, "gate", *face, "--check", "--lang", "en", "--policies", tmp_path / "own.policy", "--policy", "mine"],
                          capture_output=True, text=True, timeout=20)
    assert done.returncode == 65 and "mine: no rule google.no-such-rule" in done.stderr
