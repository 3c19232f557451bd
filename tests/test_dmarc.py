"""`todoku dmarc` against the table beside this file (tests/dmarc/README.md has its format)."""
import json
import os
import pathlib
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
TABLE = pathlib.Path(os.environ.get("DMARC_TABLE", ROOT / "tests/dmarc/rfc9989.yml"))


def rows():
    for document in yaml.safe_load_all(TABLE.read_text(encoding="utf-8")):
        for name, test in document["tests"].items():
            yield pytest.param(document["zone"], test, id=name)


def evaluate(zone, test, tmp_path):
    file = tmp_path / "zone"
    file.write_text(zone, encoding="utf-8")
    command = [TODOKU, "dmarc", "--json", "--zone", file]
    for value in test["from"]:
        command += ["--from", value]
    if "spf" in test:
        command += ["--spf", f"{test['spf']['result']}:{test['spf'].get('domain') or ''}"]
    for signature in test.get("dkim", []):
        command += ["--dkim", f"{signature['result']}:{signature['domain']}"]
    done = subprocess.run(command, capture_output=True, timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    assert done.returncode in (0, 1, 75), done.stderr
    return json.loads(done.stdout)


def differences(expected, got):
    for key, value in expected.items():
        wanted = value if isinstance(value, list) and key != "queries" else [value]
        told = got.get(key)
        told = "" if told is None else told
        if told not in ["" if w is None else w for w in wanted]:
            yield f"{key}: {told!r}, not {value!r}"


@pytest.mark.parametrize("zone, test", rows())
def test_the_table_holds(zone, test, tmp_path):
    got = evaluate(zone, test, tmp_path)
    assert not list(differences(test["expect"], got))
    assert not list(differences(test.get("expect_rfc7489", {}), got["rfc7489"]))


def test_the_table_is_large_enough():
    assert len(list(rows())) >= 120


def test_pct_0_is_one_level_lower_for_those_who_follow_rfc_7489(tmp_path):
    (tmp_path / "zone").write_text('_dmarc.example.jp. TXT "v=DMARC1; p=reject; pct=0"\n')
    done = subprocess.run([TODOKU, "dmarc", "--json", "--zone", tmp_path / "zone", "--from", "a@example.jp"], capture_output=True)
    found = json.loads(done.stdout)
    assert found["differs"] and (found["applied"], found["rfc7489"]["applied"]) == ("reject", "quarantine")


@pytest.mark.parametrize("name, text, near", [
    ("_dmarc.example.jp", "v=DMARC1 p=reject", ("_dmarc.example.jp", "v=DMARC1; p=reject")),
    ("_dmarc.example.jp", "v=dmarc1; p=reject", ("_dmarc.example.jp", "v=DMARC1; p=reject")),
    ("_dmarc.b.example.jp", "v=DMARC1 p=reject", ("_dmarc.b.example.jp", "v=DMARC1; p=reject")),
    ("_dmarc.example.jp", "v=DMARC1; p=reject; rau=mailto:d@example.jp", ("_dmarc.example.jp", "v=DMARC1; p=reject; rua=mailto:d@example.jp")),
    ("_dmarc.example.jp", "v=DMARC1; p=reject", None),
    ("_dmarc.example.jp", "something else", None)])
def test_a_record_that_is_almost_one_is_told_with_what_was_meant(tmp_path, name, text, near):
    (tmp_path / "zone").write_text(f'{name}. TXT "{text.replace(";", chr(92) + ";")}"\n')
    run = [TODOKU, "dmarc", "--zone", tmp_path / "zone", "--from", "a@b.example.jp", "--lang", "en"]
    found = json.loads(subprocess.run([*run, "--json"], capture_output=True).stdout)["near_miss"]
    assert (found and (found["name"], found["meant"])) == near
    assert ("As it was meant: " in subprocess.run(run, capture_output=True).stdout.decode()) == (near is not None)
