"""`todoku spf` against a zone of its own, and against the SPF project's conformance suites."""
import json
import os
import pathlib
import subprocess
import time

import pytest

import suites
from dns_server import Server

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))


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


def cases(name):
    import yaml
    found = []
    for scenario in yaml.safe_load_all(suites.pyspf(name).read_text()):
        if scenario:
            found += [pytest.param(scenario, test, id=name) for name, test in scenario["tests"].items()]
    return found


def judged(scenario, test, tmp_path):
    run = spf(zone_of(scenario["zonedata"]), tmp_path, "--json", "--ip", test["host"], "--helo", test["helo"] or "",
              "--mail-from", test["mailfrom"] or "<>")
    assert run.returncode in (0, 1, 75), run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("scenario,test", cases("rfc7208-tests.yml"))
def test_the_suite_of_rfc_7208(scenario, test, tmp_path):
    got = judged(scenario, test, tmp_path)
    wanted = test["result"] if isinstance(test["result"], list) else [test["result"]]
    if test["spec"] == "4.5/6" and "identical" in test["description"]:
        wanted = wanted[1:]  # in the DNS records that are equal are one (RFC 2181 section 5), as the suite says itself
    assert got["result"] == wanted[0], got
    if "explanation" in test and test["explanation"] != "DEFAULT":
        assert got["explanation"] == test["explanation"]


@pytest.mark.parametrize("scenario,test", cases("rfc4408-tests.yml"))
def test_the_suite_of_rfc_4408_where_rfc_7208_left_it_alone(scenario, test, tmp_path):
    got = judged(scenario, test, tmp_path)
    wanted = test["result"]
    assert got["result"] in (wanted if isinstance(wanted, list) else [wanted]), got


ZONE = """$ORIGIN example.jp.
$TTL 1h
@	TXT ( "v=spf1 ip4:192.0.2.0/24 include:_spf"
	      ".example.net a:mail.example.jp -all" )	; two strings, one record
mail	A 198.51.100.7
_spf.example.net.	TXT "v=spf1 ip6:2001:db8::/32 ?all"
broken	TXT "v=spf1 ipv4:192.0.2.1 -all"
twice	TXT "v=spf1 -all"
	TXT "v=spf1 +all"
slow	SERVFAIL
*.wild	TXT "v=spf1 exists:%{ir}.list.example.jp ~all"
7.100.51.198.list	A 127.0.0.2
why	TXT "%{i} may not send for %{d}"
told	TXT "v=spf1 -all exp=why.example.jp"
alias	CNAME example.jp.
many	TXT "v=spf1 a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp a:mail.example.jp -all"
"""


@pytest.mark.parametrize("ip,sender,result,status,matched", [
    ("192.0.2.9", "a@example.jp", "pass", 0, "ip4:192.0.2.0/24"),
    ("::ffff:192.0.2.9", "a@example.jp", "pass", 0, "ip4:192.0.2.0/24"),
    ("2001:db8::1", "a@example.jp", "pass", 0, "include:_spf.example.net"),
    ("198.51.100.7", "a@EXAMPLE.jp", "pass", 0, "a:mail.example.jp"),
    ("203.0.113.1", "a@alias.example.jp", "fail", 1, "-all"),
    ("198.51.100.7", "a@x.wild.example.jp", "pass", 0, "exists:%{ir}.list.example.jp"),
    ("203.0.113.1", "a@x.wild.example.jp", "softfail", 1, "~all"),
    ("203.0.113.1", "a@broken.example.jp", "permerror", 1, None),
    ("203.0.113.1", "a@twice.example.jp", "permerror", 1, None),
    ("203.0.113.1", "a@many.example.jp", "permerror", 1, None),
    ("203.0.113.1", "a@slow.example.jp", "temperror", 75, None),
    ("203.0.113.1", "a@absent.example.jp", "none", 1, None),
])
def test_each_result_is_told_with_what_decided(ip, sender, result, status, matched, tmp_path):
    run = spf(ZONE, tmp_path, "--json", "--ip", ip, "--mail-from", sender)
    got = json.loads(run.stdout)
    assert (got["result"], run.returncode, got["matched"]) == (result, status, matched)


def test_people_are_told_in_their_language(tmp_path):
    ja = spf(ZONE, tmp_path, "--lang", "ja", "--ip", "203.0.113.1", "--mail-from", "a@told.example.jp").stdout.decode()
    en = spf(ZONE, tmp_path, "--lang", "en", "--ip", "203.0.113.1", "--mail-from", "a@told.example.jp").stdout.decode()
    assert ja.startswith("fail\ntold.example.jp は 203.0.113.1 からの送信を禁止しています(-all)。\n")
    assert en.startswith("fail\ntold.example.jp forbids 203.0.113.1 to send its mail: -all.\n")
    assert "203.0.113.1 may not send for told.example.jp" in en


def test_the_trace_counts_the_look_ups(tmp_path):
    got = json.loads(spf(ZONE, tmp_path, "--json", "--ip", "198.51.100.7", "--mail-from", "a@example.jp").stdout)
    assert [(s["depth"], s["term"], s["matched"], s["lookups"]) for s in got["steps"]] == [
        (0, "ip4:192.0.2.0/24", "no", 0), (0, "include:_spf.example.net", "no", 1),
        (1, "ip6:2001:db8::/32", "no", 1), (1, "?all", "yes", 1), (0, "a:mail.example.jp", "yes", 2)]


def repaired(tmp_path, ip, sender, zone=ZONE):
    return json.loads(spf(zone, tmp_path, "--repair", "--json", "--ip", ip, "--mail-from", sender).stdout)["repair"]


@pytest.mark.parametrize("sender,after", [
    ("a@example.jp", "v=spf1 ip4:203.0.113.1 ip4:192.0.2.0/24 include:_spf.example.net a:mail.example.jp -all"),
    ("a@broken.example.jp", "v=spf1 ip4:203.0.113.1 ip4:192.0.2.1 -all"),
    ("a@twice.example.jp", "v=spf1 ip4:203.0.113.1 +all"),
    ("a@absent.example.jp", "v=spf1 ip4:203.0.113.1 ~all"),
])
def test_a_repaired_record_passes_when_it_is_published(sender, after, tmp_path):
    repair = repaired(tmp_path, "203.0.113.1", sender)
    assert (repair["obstacle"], repair["after"]) == ("none", after)
    name = sender.partition("@")[2]
    published = f'{name}. TXT "{after}"\n' + "".join(
        line + "\n" for line in ZONE.splitlines() if line.startswith(("$", "mail", "_spf")))
    run = spf(published, tmp_path, "--ip", "203.0.113.1", "--mail-from", sender)
    assert run.stdout.startswith(b"pass\n") and run.returncode == 0


def test_a_repair_that_cannot_be_proved_is_not_shown(tmp_path):
    assert repaired(tmp_path, "192.0.2.9", "a@example.jp")["obstacle"] == "not-needed"
    assert repaired(tmp_path, "192.0.2.9", "a@slow.example.jp")["obstacle"] == "lookup-failed"
    odd = repaired(tmp_path, "192.0.2.9", "a@example.jp", 'example.jp. TXT "v=spf1 wat:x -all"\n')
    assert (odd["obstacle"], odd["at_fault"], odd["after"]) == ("broken-term", "wat:x", None)
    assert repaired(tmp_path, "192.0.2.9", "a@nowhere")["obstacle"] == "no-domain"


def test_what_stays_broken_for_others_is_said(tmp_path):
    names = " ".join(f"exists:%{{i}}.m{i}.example.jp" for i in range(11))
    zone = f'example.jp. TXT "v=spf1 a {names} -all"\nexample.jp. A 192.0.2.1\n' + "".join(f"*.m{i}.example.org. A 192.0.2.{i}\n" for i in range(11))
    repair = repaired(tmp_path, "203.0.113.1", "a@example.jp", zone)
    assert repair["obstacle"] == "none" and repair["still_broken"]
    assert repaired(tmp_path, "203.0.113.1", "a@many.example.jp")["still_broken"] is None  # eleven times the same


def test_a_long_record_is_cut_into_strings_between_terms(tmp_path):
    terms = " ".join(f"ip4:198.51.100.{i}" for i in range(40))
    repair = repaired(tmp_path, "2001:db8::9", "a@example.jp", f'example.jp. TXT "v=spf1 {terms} -all"\n')
    assert "".join(repair["strings"]) == repair["after"] and repair["added"] == "ip6:2001:db8::9"
    assert len(repair["strings"]) > 2 and all(len(s) <= 255 for s in repair["strings"])
    assert all(s.endswith(" ") for s in repair["strings"][:-1])


def test_whose_the_address_is_stands_beside_the_advice(tmp_path):
    zone = ZONE + "1.113.0.203.in-addr.arpa. PTR out.example.jp.\nout A 203.0.113.1\n"
    assert repaired(tmp_path, "203.0.113.1", "a@example.jp", zone)["address"] == {"confirmed": True, "name": "out.example.jp"}
    assert repaired(tmp_path, "203.0.113.1", "a@example.jp")["address"] == {"confirmed": False, "name": None}
    out = spf(zone, tmp_path, "--repair", "--format", "every", "--lang", "en", "--ip", "203.0.113.1", "--mail-from", "a@example.jp").stdout.decode()
    assert out.index("New SPF record") < out.index("Zone file") < out.index("Web panel") < out.index("Route 53")
    assert out.index("Route 53") < out.index("out.example.jp, and the name leads back to it")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_to_change_stands_above_how_it_was_found(lang, tmp_path):
    out = spf(ZONE, tmp_path, "--repair", "--lang", lang, "--ip", "203.0.113.1", "--mail-from", "a@example.jp").stdout.decode()
    change = {"en": "Replace the SPF record", "ja": "SPF レコードを書き換えてください"}[lang]
    after = "\nv=spf1 ip4:203.0.113.1 ip4:192.0.2.0/24 include:_spf.example.net a:mail.example.jp -all\n"
    before = ": v=spf1 ip4:192.0.2.0/24 include:_spf.example.net a:mail.example.jp -all\n"
    trace = {"en": "ip4:192.0.2.0/24  does not match", "ja": "ip4:192.0.2.0/24  不一致"}[lang]
    assert out.startswith("fail\n") and out.index(change) < out.index(after) < out.index(before) < out.index(trace)


def test_without_a_sender_the_name_in_helo_is_judged(tmp_path):
    got = json.loads(spf(ZONE, tmp_path, "--json", "--ip", "192.0.2.9", "--helo", "example.jp", "--mail-from", "<>").stdout)
    assert (got["result"], got["identity"]) == ("pass", "helo")


@pytest.mark.parametrize("zone,line,what", [
    ('x TXT "open\n', 1, "not closed"), ("x A 192.0.2.256\n", 1, "not an address"), ("a A 192.0.2.1\nx MX ten mx\n", 2, "MX takes"),
    ("$WHAT x\n", 1, "directive"), (" A 192.0.2.1\n", 1, "without a name"), ("x TXT (\n\n", 1, "parenthesis"),
])
def test_an_unsound_zone_is_refused_with_its_line(zone, line, what, tmp_path):
    run = spf(zone, tmp_path, "--ip", "192.0.2.1", "--helo", "example.jp")
    assert run.returncode == 65
    assert f"zone:{line}: " in run.stderr.decode() and what in run.stderr.decode()


def test_an_empty_zone_knows_of_nothing(tmp_path):
    assert json.loads(spf("; nothing\n", tmp_path, "--json", "--ip", "192.0.2.1", "--helo", "example.jp").stdout)["result"] == "none"


def ask(server, *arguments):
    return subprocess.run([TODOKU, "spf", "--dns", server.address, *arguments], capture_output=True, timeout=20,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})


def test_a_resolver_is_asked():
    zone = {
        "example.jp": [("TXT", "v=spf1 include:_spf.example.net mx -all" + " " * 300), ("MX", (10, "mx.example.jp"))],
        "mx.example.jp": [("A", "192.0.2.25")],
        "_spf.example.net": [("TXT", "v=spf1 ip4:198.51.100.0/24 ?all")],
    }
    with Server(zone) as server:
        run = ask(server, "--json", "--ip", "192.0.2.25", "--mail-from", "a@example.jp")
        assert (json.loads(run.stdout)["result"], json.loads(run.stdout)["matched"]) == ("pass", "mx")
        run = ask(server, "--json", "--ip", "192.0.2.25", "--mail-from", "a@absent.example.jp")
        assert json.loads(run.stdout)["result"] == "none"


@pytest.mark.parametrize("answer", ["SILENT", "GARBAGE"])
def test_a_resolver_that_does_not_answer_is_a_temporary_error_in_time(answer):
    with Server({"example.jp": answer}) as server:
        began = time.monotonic()
        run = ask(server, "--json", "--timeout", "2", "--ip", "192.0.2.25", "--mail-from", "a@example.jp")
        assert json.loads(run.stdout)["result"] == "temperror"
        assert run.returncode == 75 and time.monotonic() - began < 8


MANY = ('example.jp. TXT "v=spf1 mx a ' + " ".join(f"include:{c}.example.net" for c in "abcdefghi") + ' -all"\n'
        "example.jp. A 192.0.2.1\nexample.jp. MX 10 mx.example.jp.\nmx.example.jp. A 192.0.2.2\nmx.example.jp. AAAA 2001:db8::2\n"
        + "".join(f'{c}.example.net. TXT "v=spf1 ip4:10.{i}.0.0/16 ~all"\n' for i, c in enumerate("abcefghi"))
        + 'd.example.net. TXT "v=spf1 exists:%{i}.d.example.net ~all"\n')


def kept(zone, tmp_path, ip):
    return json.loads(spf(zone, tmp_path, "--ip", ip, "--mail-from", "a@example.jp", "--repair", "--json").stdout)["repair"]


def test_a_record_is_kept_within_ten_look_ups_and_it_is_said_what_gave_way(tmp_path):
    got = kept(MANY, tmp_path, "203.0.113.9")
    assert got["obstacle"] == "none" and got["lookups"] <= 10 and got["still_broken"] is None
    assert got["replaced"][:2] == ["a", "mx"] and "ip6:2001:db8::2" in got["after"] and "include:d.example.net" in got["after"]
    zone = MANY.replace(MANY.splitlines()[0], "example.jp. TXT ( " + " ".join(quoted(s) for s in got["strings"]) + " )")
    for ip in ("203.0.113.9", "192.0.2.1", "192.0.2.2", "2001:db8::2", *(f"10.{i}.1.1" for i in range(8))):
        assert spf(zone, tmp_path, "--ip", ip, "--mail-from", "a@example.jp").returncode == 0, ip


def test_an_address_that_stands_behind_the_tenth_look_up_is_not_added_once_more(tmp_path):
    got = kept(MANY, tmp_path, "10.7.1.1")
    assert got["obstacle"] == "none" and got["added"] is None and got["lookups"] <= 10


def test_a_misspelt_record_is_mended_without_adding_what_stands_in_it(tmp_path):
    got = kept('example.jp. TXT "v=spf1 ipv4:192.0.2.1 -all"\n', tmp_path, "192.0.2.1")
    assert got["after"] == "v=spf1 ip4:192.0.2.1 -all" and got["added"] is None


def test_what_cannot_be_flattened_is_left_alone(tmp_path):
    zone = 'example.jp. TXT "v=spf1 ' + " ".join(f"exists:%{{i}}.{c}.example.net" for c in "abcdefghijkl") + ' -all"\n'
    got = kept(zone, tmp_path, "203.0.113.9")
    assert got["obstacle"] == "none" and got["replaced"] == [] and got["still_broken"]


def test_an_address_of_a_known_service_gets_the_services_include(tmp_path):
    zone = ('example.jp. TXT "v=spf1 ip4:192.0.2.1 -all"\n5.113.0.203.in-addr.arpa. PTR o1.ptr.sendgrid.net.\n'
            'o1.ptr.sendgrid.net. A 203.0.113.5\nsendgrid.net. TXT "v=spf1 ip4:203.0.113.0/24 ~all"\n')
    got = kept(zone, tmp_path, "203.0.113.5")
    assert got["after"] == "v=spf1 include:sendgrid.net ip4:192.0.2.1 -all" and got["service"] == "sendgrid"
    astray = zone.replace("A 203.0.113.5", "A 203.0.113.6")
    assert kept(astray, tmp_path, "203.0.113.5")["added"] == "ip4:203.0.113.5", "a name anybody could have written proves nothing"


def test_no_more_is_asked_than_ten_terms_allow(tmp_path):
    zone = 'example.jp. TXT "v=spf1 ' + " ".join(f"include:s{i}.example.jp" for i in range(200)) + ' -all"\n'
    (tmp_path / "zone").write_text(zone + "".join(f's{i}.example.jp. TXT "v=spf1 ip4:198.51.100.{i} -all"\n' for i in range(200)))
    subprocess.run([TODOKU, "spf", "--zone", tmp_path / "zone", "--ip", "192.0.2.1", "--mail-from", "a@example.jp",
        "--evidence", tmp_path / "evidence"], capture_output=True)
    assert sum(line[0] != " " for line in (tmp_path / "evidence").read_text().splitlines()[2:]) == 11


@pytest.mark.parametrize("record, after", [
    ('"\\"v=spf1 include:_spf.esp.example ip4:198.51.100.7 -all\\""', "v=spf1 ip4:192.0.2.25 include:_spf.esp.example ip4:198.51.100.7 -all"),
    ('"“v=spf1 ip4:192.0.2.25 -all”"', "v=spf1 ip4:192.0.2.25 -all"),
    ('" v=spf1 ip4:198.51.100.7 -all"', "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all"),
    ('"spf1 ip4:198.51.100.7 -all"', "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all"),
    ('"v=spf1ip4:198.51.100.7 -all"', "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all"),
    ('"v=spf1 ip4: 192.0.2.25 ip4:198.51.100.7 -all"', "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all"),
    ('"v=spf1 ip4:192.0.2.25 –all"', "v=spf1 ip4:192.0.2.25 -all"),
    ('"v=spf1 include=_spf.esp.example ~all"', "v=spf1 ip4:192.0.2.25 include:_spf.esp.example ~all"),
    ('"v=spf1 a:192.0.2.25,198.51.100.7 ~all"', "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 ~all"),
    ('"v=spf1 ip4:198.51.100.7~all"', "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 ~all"),
    ('"v=spf1 -all ip4:192.0.2.25"', "v=spf1 ip4:192.0.2.25 -all"),
    ('"v=spf1 include:nobody.example ip4:192.0.2.25 -all"', "v=spf1 ip4:192.0.2.25 -all"),
])
def test_a_record_that_is_almost_right_is_mended_and_keeps_its_senders(tmp_path, record, after):
    (tmp_path / "zone").write_text(f'example.jp. TXT {record}\n_spf.esp.example. TXT "v=spf1 ip4:203.0.113.0/24 -all"\n')
    done = subprocess.run([TODOKU, "spf", "--repair", "--json", "--zone", tmp_path / "zone", "--ip", "192.0.2.25",
        "--mail-from", "a@example.jp"], capture_output=True)
    repair = json.loads(done.stdout)["repair"]
    assert (repair["obstacle"], repair["after"], repair["lost"], repair["still_broken"]) == ("none", after, None, None)


@pytest.mark.parametrize("text, result, slips, meant", [
    ('"v=spf1 ip4:192.0.2.25 -all"', "none", ["quotes"], "v=spf1 ip4:192.0.2.25 -all"),
    ("spf1 ip4:192.0.2.25 -all", "none", ["version"], "v=spf1 ip4:192.0.2.25 -all"),
    ("v=spf1 ip4: 192.0.2.25 -all", "permerror", ["stray-blank"], "v=spf1 ip4:192.0.2.25 -all"),
    ("v=spf1 include=b.example -all", "fail", ["sign"], "v=spf1 include:b.example -all"),
    ("v=spf1 ip4:192.0.2.25 -all", "pass", None, None),
    ("google-site-verification=x", "none", None, None)])
def test_a_record_that_is_almost_one_is_told_with_what_was_meant(tmp_path, text, result, slips, meant):
    zone, options = f"example.jp. TXT {quoted(text)}\n", ("--ip", "192.0.2.25", "--mail-from", "a@example.jp")
    found = json.loads(spf(zone, tmp_path, *options, "--json").stdout)
    near = found["near_miss"]
    assert found["result"] == result
    assert near is None if slips is None else ([s["slip"] for s in near["slips"]], near["meant"], near["record"], near["name"]) == (slips, meant, text, "example.jp")
    said = spf(zone, tmp_path, *options, "--lang", "en").stdout.decode()
    assert ("As it was meant: " in said) == (slips is not None)


def test_where_it_cannot_be_told_what_was_meant_nothing_is_made_up(tmp_path):
    done = spf(f"example.jp. TXT {quoted('v=spf mail.example.jp -all')}\n", tmp_path, "--ip", "192.0.2.25", "--mail-from", "a@example.jp", "--lang", "en")
    assert "cannot be told" in done.stdout.decode() and "As it was meant" not in done.stdout.decode()
