"""`todoku spf` against a zone of its own, and against the conformance suite where it is present."""
import ipaddress
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SUITE = ROOT / "../shared/suites/spf-rfc7208/rfc7208-tests.yml"


def spf(zone, tmp_path, *arguments):
    file = tmp_path / "zone"
    file.write_text(zone)
    return subprocess.run([TODOKU, "spf", "--zone", file, *arguments], capture_output=True, timeout=20,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})


def quoted(text):
    return '"' + "".join(c if " " <= c < "\x7f" and c not in '"\\;' else f"\\{b:03d}" for b in text.encode("latin-1") for c in [chr(b)]) + '"'


def escaped(name):
    """A name in a zone file: what would end a word there is escaped."""
    if not name:
        return "."
    return "".join(c if c.isalnum() or c in "-_.*" else f"\\{ord(c):03d}" for c in name) + ("" if name.endswith(".") else ".")


def zone_of(data):
    """The suite's zone data as zone text; an SPF record stands for TXT where there is none of that name."""
    lines = []
    for name, records in data.items():
        owner = escaped(name)
        if not any("TXT" in r for r in records if isinstance(r, dict)):
            records = records + [{"TXT": r["SPF"]} for r in records if isinstance(r, dict) and "SPF" in r]
        for r in records:
            if r == "TIMEOUT":
                lines.append(f"{owner} SERVFAIL")
                continue
            (kind, value), = r.items()
            if kind == "TXT" and value == "NONE" or kind == "SPF":
                continue
            if kind == "TXT":
                parts = value if isinstance(value, list) else [value]
                lines.append(f"{owner} TXT " + (" ".join(quoted(p) for p in parts) or '""'))
            elif kind == "MX":
                lines.append(f"{owner} MX {value[0]} {escaped(value[1])}")
            elif kind in ("A", "AAAA"):
                lines.append(f"{owner} {kind} {value}")
            else:
                lines.append(f"{owner} {kind} {escaped(value)}")
    return "\n".join(lines) + "\n"


def cases():
    if not SUITE.exists():
        return []
    import yaml
    found = []
    for scenario in yaml.safe_load_all(SUITE.read_text()):
        if scenario:
            found += [pytest.param(scenario, test, id=name) for name, test in scenario["tests"].items()]
    return found


@pytest.mark.skipif(not SUITE.exists(), reason="the conformance suite is not there")
@pytest.mark.parametrize("scenario,test", cases())
def test_the_suite_of_rfc_7208(scenario, test, tmp_path):
    run = spf(zone_of(scenario["zonedata"]), tmp_path, "--json", "--ip", test["host"], "--helo", test["helo"] or "",
              "--mail-from", test["mailfrom"] or "<>")
    assert run.returncode in (0, 1, 75), run.stderr
    got = json.loads(run.stdout)
    wanted = test["result"]
    assert got["result"] == (wanted[0] if isinstance(wanted, list) else wanted), got
    if "explanation" in test and test["explanation"] != "DEFAULT":
        assert got["explanation"] == test["explanation"]
