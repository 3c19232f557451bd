"""ARC against the public suite, where it is present: every chain is judged as it says."""
import json
import os
import pathlib
import subprocess

import pytest
import yaml

from zones import txt

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SUITE = ROOT / "../shared/suites/arc/arc-draft-validation-tests.yml"


def chains():
    if not SUITE.exists():
        return
    for document in yaml.safe_load_all(SUITE.read_text(encoding="utf-8")):
        for name, test in (document or {}).get("tests", {}).items():
            yield pytest.param(document["txt-records"], test, id=name)


@pytest.mark.skipif(not SUITE.exists(), reason="the ARC suite is not there")
@pytest.mark.parametrize("records, test", chains())
def test_a_chain_is_judged_as_the_suite_says(records, test, tmp_path):
    (tmp_path / "zone").write_text("".join(txt(name, text) for name, text in records.items()))
    (tmp_path / "message").write_bytes(test["message"].replace("\n", "\r\n").encode("utf-8"))
    done = subprocess.run([TODOKU, "verify", "--json", "--zone", tmp_path / "zone", tmp_path / "message"],
                          capture_output=True, timeout=20, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    arc = json.loads(done.stdout)["arc"]
    wanted = (test["cv"] or "fail").lower()  # the suite leaves it open for chains that say themselves that they failed
    assert arc["result"] == wanted, (test["description"], arc["problem"], arc["failed_at"])


@pytest.mark.skipif(not SUITE.exists(), reason="the ARC suite is not there")
def test_all_of_the_suite_is_run():
    assert len(list(chains())) == 171
