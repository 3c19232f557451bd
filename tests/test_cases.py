"""Cases from the field (./dev case FILE): each is explained as its rows say."""
import os
import pathlib
import subprocess

import pytest

import case

ROOT = pathlib.Path(__file__).resolve().parent.parent


def expected():
    found = {}
    for line in (case.CASES / "expected.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        file, *row = line.split("\t")
        found.setdefault(file, []).append(tuple(row))
    return found


@pytest.mark.parametrize("file, wanted", expected().items())
def test_a_case_from_the_field_is_explained(file, wanted):
    told = list(case.rows(case.CASES / file))
    assert told == ([] if wanted[0][1] == "-" else wanted)


def test_every_case_has_a_row():
    assert {p.name for p in case.CASES.iterdir()} == {"expected.tsv", *expected()}


def test_a_case_is_masked_the_same_way_everywhere_and_keeps_the_receivers_names():
    mask = case.Mask()
    masked = mask.all(b"to=<jane.doe@bigcorp.co.uk>, relay=gmail-smtp-in.l.google.com[74.125.20.26], said: 550-5.7.26 [81.2.69.142] "
                      b"jane.doe@bigcorp.co.uk mail.bigcorp.co.uk 2a00:1450:4013:c08::1a 10.0.0.1 postfix/smtp[99]").decode()
    assert masked == ("to=<taro@example.jp>, relay=gmail-smtp-in.l.google.com[192.0.2.25], said: 550-5.7.26 [192.0.2.26] "
                      "taro@example.jp mail.example.jp 2001:db8::1b 10.0.0.1 postfix/smtp[99]")


def test_a_case_becomes_a_test_in_one_command(tmp_path):
    (tmp_path / "tests/cases").mkdir(parents=True)
    (tmp_path / "tests/cases/expected.tsv").write_text("file\trecipient\tcause\tpermanence\n")
    (tmp_path / "catalog").symlink_to(ROOT / "catalog")
    (tmp_path / "tests/case.py").write_text((ROOT / "tests/case.py").read_text())
    (tmp_path / "a bounce.txt").write_text("<jane@bigcorp.co.uk>: 550 5.1.1 The email account that you tried to reach does not exist\n")
    done = subprocess.run(["/usr/bin/python3", tmp_path / "tests/case.py", tmp_path / "a bounce.txt"], capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "TODOKU": case.TODOKU})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tests/cases/a-bounce.txt").read_text().startswith("<taro@example.jp>: 550 5.1.1")
    assert (tmp_path / "tests/cases/expected.tsv").read_text().endswith("a-bounce.txt\ttaro@example.jp\trecipient.unknown\tpermanent\n")
