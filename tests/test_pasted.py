"""What people paste and programs print: each reply is a failure of its own, with its recipient, cause and permanence."""
import collections
import csv
import json
import os
import pathlib
import subprocess

import pytest

TODOKU = os.environ["TODOKU"]
PASTED = pathlib.Path(__file__).parent / "pasted"


def rows_by_file():
    with open(PASTED / "expected.tsv", encoding="utf-8") as table:
        rows = collections.defaultdict(list)
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["file"]].append(row)
    return rows


ROWS = rows_by_file()


def verdicts(path):
    told = subprocess.run([TODOKU, "why", "--json", "--offline", path], capture_output=True, check=False).stdout
    return [json.loads(line) for line in told.decode("utf-8").splitlines()]


def fits(want, got):
    return want == "*" or (got or "-") in (want or "-").split("|")


def test_every_file_has_its_rows():
    assert set(ROWS) == {path.name for path in PASTED.iterdir() if path.name not in ("expected.tsv", "README.md")}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_reply_is_told_with_its_cause_and_no_other(name):
    rows = [row for row in ROWS[name] if row["cause"] != "-"]
    told = verdicts(PASTED / name)
    assert [v["reply"] for v in told][len(rows):] == []
    assert len(told) == len(rows)
    for row, v in zip(rows, told):
        got = {"recipient": v["recipient"], "cause": v["cause"], "permanence": v["permanence"]}
        assert {key: value for key, value in got.items() if not fits(row[key], value)} == {}, v["reply"]


def test_what_tells_nothing_is_called_so(tmp_path):
    cases = {"a.pdf": (b"%PDF-1.7\n", "PDF"), "b.msg": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".msg"),
             "c.bin": (b"\x7fELF\x02\x01\x01" + bytes(200), "binary"), "d.txt": (b"good morning\n", "not a mail")}
    for name, (content, words) in cases.items():
        (tmp_path / name).write_bytes(content)
        ran = subprocess.run([TODOKU, "why", "--lang", "en", "--offline", tmp_path / name], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert words in ran.stderr


def test_one_that_refuses_itself_is_told_so():
    ran = subprocess.run([TODOKU, "why", "--lang", "en", "--offline", PASTED / "smtpd-rejects.log"], capture_output=True, text=True, check=False)
    assert "your own server that refuses" in " ".join(ran.stdout.split())
    assert verdicts(PASTED / "smtpd-rejects.log")[0]["refused_here"] is True
