"""Every output in JSON is what its schema in share/todoku/schema says, to the member."""
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
RECORDS = ['v=spf1 ip4:198.51.100.0/24 include:gone.example -all', 'v=spf1 –all', '“v=spf1 mx ~all”', 'v=spf1 +all', 'v=spf1 ip4:192.0.2.25 -all', 'x']
POLICIES = ['v=DMARC1; p=reject; rua=mailto:a@example.jp', 'v=DMARC1 p=none', 'v=DMARC1; p=reject; sp=yes', 'v=DMARC1; p=none; pct=3; t=y']
MESSAGE = ROOT / "examples/gmail-dmarc-reject.eml"


def outputs(*arguments, stdin=b""):
    done = subprocess.run([TODOKU, *arguments], input=stdin, capture_output=True, timeout=120, cwd=ROOT,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    assert done.returncode in (0, 1, 65, 75), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def hold(name, found):
    schema = json.loads((ROOT / f"schema/{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert found
    for one in found:
        errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(one)]
        assert not errors, errors


@pytest.fixture(params=range(len(RECORDS)))
def zone(request, tmp_path):
    policy = POLICIES[request.param % len(POLICIES)]
    text = (f'example.jp. TXT "{RECORDS[request.param]}"\n_dmarc.example.jp. TXT "{policy}"\nexample.jp. MX 10 mail.example.jp.\n'
            "mail.example.jp. A 192.0.2.25\n25.2.0.192.in-addr.arpa. PTR mail.example.jp.\n"
            's._domainkey.example.jp. TXT "v=DKIM1; k=rsa; p="\n')
    (tmp_path / "zone").write_text(text)
    return tmp_path / "zone"


def test_why(zone):
    hold("why", outputs("why", "--json", "--zone", zone, "examples"))
    hold("why", outputs("why", "--json", "--offline", "tests/notices", "tests/pasted", "tests/logs", "tests/replies"))


def test_the_summary_of_why():
    hold("why-summary", outputs("why", "--json", "--summary", "examples", "tests/notices", "tests/logs"))


@pytest.mark.parametrize("repair", [[], ["--repair"]])
def test_spf(zone, repair):
    hold("spf", outputs("spf", "--json", "--zone", zone, "--ip", "192.0.2.25", "--mail-from", "a@example.jp", *repair))
    hold("spf", outputs("spf", "--json", "--zone", zone, "--ip", "2001:db8::1", "--helo", "nothing.example", *repair))


def test_dmarc(zone):
    hold("dmarc", outputs("dmarc", "--json", "--zone", zone, "--from", "a@example.jp", "--spf", "pass:example.jp", "--dkim", "fail:b.example"))
    hold("dmarc", outputs("dmarc", "--json", "--zone", zone, "--from", "a@b.example, c@d.example"))


def test_verify(zone):
    hold("verify", outputs("verify", "--json", "--zone", zone, MESSAGE))
    hold("verify", outputs("verify", "--json", "--zone", zone, "--ip", "192.0.2.25", "--mail-from", "a@example.jp", "--helo", "mail.example.jp", MESSAGE))


def test_check(zone):
    hold("check", outputs("check", "--json", "--zone", zone, "example.jp"))
    hold("check", outputs("check", "--json", "--zone", zone, "example.jp", "--ip", "192.0.2.25", "--selector", "s", "--bulk"))
    hold("check", outputs("check", "--json", "--zone", zone, "example.jp", "--message", MESSAGE, "--ip", "192.0.2.99"))


@pytest.mark.parametrize("algorithm", ["rsa", "ed25519"])
def test_a_key_and_a_signature(tmp_path, algorithm):
    key, zone = tmp_path / "key", tmp_path / "zone"
    (made,) = outputs("dkim", "keygen", "--json", "--domain", "example.jp", "--selector", "s", "--algorithm", algorithm, "--out", key)
    hold("dkim-keygen", [made])
    zone.write_text("s._domainkey.example.jp. TXT " + " ".join(f'"{part}"' for part in made["strings"]) + "\n")
    signed = subprocess.run([TODOKU, "dkim", "sign", "--domain", "example.jp", "--selector", "s", "--key", key, MESSAGE], capture_output=True).stdout
    found = outputs("dkim", "verify", "--json", "--zone", zone, "-", stdin=signed)
    assert found[0]["result"] == "pass"
    hold("dkim", found)
    hold("dkim", outputs("dkim", "verify", "--json", "--zone", zone, "-", stdin=signed.replace(b"Subject:", b"Subject: changed")))
    hold("verify", outputs("verify", "--json", "--zone", zone, "-", stdin=signed + b"more\n"))
