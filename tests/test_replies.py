"""Replies of servers that no rule was written for, in a dozen languages: each is read as its row says."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))


def rows():
    lines = (ROOT / "tests/replies/generic.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def told(reply):
    run = subprocess.run([TODOKU, "why", "--json", "--offline", "-"], input=(reply + "\n").encode(), capture_output=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.parametrize("reply, cause, permanence", rows(), ids=lambda s: s[:40].encode("ascii", "replace").decode())
def test_a_reply_of_no_known_server_has_its_cause(reply, cause, permanence):
    found = [(v["cause"], v["permanence"]) for v in told(reply)]
    assert found == ([] if cause == "-" else [(cause, permanence)])
