"""A mistake is answered by one line that says what is wrong; what people write is taken as they mean it."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
ZONE = 'example.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\nxn--r8jz45g.jp. TXT "v=spf1 ip4:192.0.2.25 -all"\n'


def todoku(*arguments, lang="C.UTF-8", stdin=b"", **more):
    return subprocess.run([TODOKU, *arguments], input=stdin, capture_output=True, timeout=60, cwd=ROOT,
                          env={"PATH": os.environ["PATH"], "LANG": lang, **more})


@pytest.mark.parametrize("arguments, says", [
    (["chek", "example.jp"], "todoku: there is no command 'chek'; did you mean check?"),
    (["frobnicate"], "todoku: there is no command 'frobnicate' (`todoku --help` lists them)"),
    (["spf", "--fomat", "x"], "todoku: spf has no option '--fomat'; did you mean --format?"),
    (["spf", "-X"], "todoku: spf has no option '-X' (`todoku spf --help` lists them)"),
    (["spf", "--ip"], "todoku: --ip wants a value\n  --ip ADDRESS         the sending host's, IPv4 or IPv6"),
    (["spf", "--repair=yes"], "todoku: --repair takes no value\n  --repair             the corrected record, proved to pass"),
    (["spf", "--ip", "192.0.2.1", "--ip", "192.0.2.2"], "todoku: --ip was given twice"),
    (["spf", "--mail-from", "a@example.jp"], "todoku: spf: --ip is wanted: which host sends?\nusage: todoku spf --ip ADDRESS"),
    (["spf", "--ip", "192.0.2.1"], "todoku: spf: --mail-from or --helo is wanted: for which domain?"),
    (["spf", "--ip", "300.0.0.1", "--helo", "a"], "todoku: --ip takes an IPv4 or IPv6 address, not '300.0.0.1'"),
    (["check"], "todoku: check: a domain is wanted\nusage: todoku check DOMAIN... [OPTION...]"),
    (["check", ""], "todoku: DOMAIN is empty"),
    (["check", "192.0.2.1"], "todoku: DOMAIN: '192.0.2.1' is an IP address; a domain is wanted"),
    (["check", "[2001:db8::1]"], "is an IP address; a domain is wanted"),
    (["check", "a\x07b.example"], r"todoku: DOMAIN holds a control character: 'a\x07b.example'"),
    (["check", "a" * 64 + ".example"], "is longer than 63 bytes"),
    (["check", ".".join(["a" * 60] * 5)], "is longer than 253 bytes"),
    (["check", "not a domain"], "todoku: DOMAIN takes a domain name, not 'not a domain'"),
    (["verify"], "todoku: verify: a message is wanted: a file, or - for standard input"),
    (["verify", "a", "b"], "todoku: verify: one message at a time"),
    (["dkim", "keygen", "--selector", "s"], "todoku: dkim: --domain is wanted"),
    (["dkim", "sign", "--domain", "example.jp", "--selector", "s", "x"], "todoku: dkim: --key is wanted: the private key that signs"),
    (["dkim", "keygen", "--domain", "example.jp", "--selector", "s", "--bits", "12"], "--bits takes a number from 1024 to"),
    (["dmarc", "--from", "a@example.jp", "--spf", "foo:"], "todoku: --spf takes a result and a domain, as in pass:example.jp, not 'foo:'"),
    (["dmarc", "--from", "a@example.jp", "--spf", "maybe:example.jp"], "as in pass:example.jp"),
    (["why", ""], "todoku: why: an operand is empty"),
    (["why", "--dns", "garbage", "550 x"], "todoku: --dns takes the address of a DNS server, as 192.0.2.53 or [2001:db8::53]:5353, not 'garbage'"),
    (["why", "--dns", "192.0.2.53:x", "550 x"], "--dns takes the address"),
    (["why", "--summary", "--format", "sisimai", "550 x"], "todoku: --summary has no --format sisimai"),
    (["why", "--format", "yaml", "550 x"], "todoku: --format takes html, json, sisimai, value, zone, panel, route53 or every, not 'yaml'"),
    (["why", "--lang", "fr", "550 x"], "todoku: --lang takes ja or en, not 'fr'"),
    (["why", "--color", "pink", "550 x"], "todoku: --color takes auto, always or never, not 'pink'"),
    (["catalog", "shwo"], "todoku: catalog: list, show NAME or check is wanted"),
])
def test_a_mistake_is_named_in_a_line_or_two(arguments, says):
    done = todoku(*arguments)
    assert done.returncode == 64 and done.stdout == b""
    assert says in done.stderr.decode()
    assert len(done.stderr.decode().splitlines()) <= 4, "the whole page is not a help"


@pytest.mark.parametrize("arguments, says", [
    (["chek"], "todoku: 'chek' というコマンドはありません(check のことですか?)"),
    (["spf", "--ip"], "todoku: --ip には値が必要です\n  --ip ADDRESS         送信元の IP アドレス"),
    (["check", "192.0.2.1"], "は IP アドレスです。ドメイン名を指定してください"),
    (["verify"], "todoku: verify: メールのファイルを指定してください"),
    (["why", "--dns", "garbage", "550 x"], "todoku: --dns には DNS サーバーのアドレスを"),
    (["why", "--summary", "--format", "sisimai", "550 x"], "同時に指定できません"),
])
@pytest.mark.parametrize("how", ["LANG", "before", "behind"])
def test_so_it_is_in_japanese(arguments, says, how):
    if how == "LANG":
        done = todoku(*arguments, lang="ja_JP.UTF-8")
    elif how == "before":
        done = todoku("--lang", "ja", *arguments)
    else:
        done = todoku(*arguments, "--lang=ja") if arguments[-1] != "--ip" else todoku(arguments[0], "--lang=ja", *arguments[1:])
    assert done.returncode == 64 and says in done.stderr.decode(), done.stderr.decode()


@pytest.mark.parametrize("command", ["why", "check", "verify", "spf", "dkim", "dmarc", "web", "catalog"])
def test_help_is_there_in_both_languages(command):
    english, japanese = (todoku("--lang", lang, command, "--help") for lang in ("en", "ja"))
    assert english.returncode == japanese.returncode == 0
    assert english.stdout.startswith(b"usage: todoku " + command.encode()) and japanese.stdout.decode().startswith("使い方: todoku " + command)
    options = [[word for word in text.stdout.decode().split() if word.startswith("--")] for text in (english, japanese)]
    assert set(options[0]) == set(options[1])
    assert max(len(line) for line in english.stdout.decode().splitlines()) <= 110


@pytest.mark.parametrize("written", [
    "example.jp", "EXAMPLE.JP", "example.jp.", " example.jp ", "https://example.jp/", "http://user@example.jp:8080/x?y#z", "user@example.jp",
    "<info@example.jp>", "mailto:info@example.jp", "ｅｘａｍｐｌｅ．ｊｐ", "　example.jp",
])
def test_a_domain_is_taken_as_it_is_written(tmp_path, written):
    (tmp_path / "zone").write_text(ZONE)
    done = todoku("check", written, "--json", "--zone", tmp_path / "zone")
    assert json.loads(done.stdout)["domain"] == "example.jp"
    done = todoku("dkim", "keygen", "--json", "--domain", written, "--selector", "s", "--algorithm", "ed25519", "--out", tmp_path / "key")
    assert json.loads(done.stdout)["name"] == "s._domainkey.example.jp"


def test_a_u_label_becomes_an_a_label(tmp_path):
    (tmp_path / "zone").write_text(ZONE)
    assert json.loads(todoku("check", "例え.jp", "--json", "--zone", tmp_path / "zone").stdout)["domain"] == "xn--r8jz45g.jp"
    done = todoku("dkim", "keygen", "--domain", "例え.jp", "--selector", "s", "--algorithm", "ed25519", "--out", tmp_path / "key")
    assert b"s._domainkey.xn--r8jz45g.jp" in done.stdout
    done = todoku("spf", "--json", "--ip", "192.0.2.25", "--mail-from", "太郎@例え.jp", "--zone", tmp_path / "zone")
    assert json.loads(done.stdout)["result"] == "pass"


@pytest.mark.parametrize("ip", ["192.0.2.25", " 192.0.2.25", "[192.0.2.25]", "１９２．０．２．２５", "::ffff:192.0.2.25"])
@pytest.mark.parametrize("sender", ["info@example.jp", "<info@example.jp>", "@example.jp", "example.jp", "mailto:info@example.jp", "info@EXAMPLE.jp"])
def test_an_address_is_taken_as_it_is_written(tmp_path, ip, sender):
    (tmp_path / "zone").write_text(ZONE)
    got = json.loads(todoku("spf", "--json", "--ip", ip, "--mail-from", sender, "--zone", tmp_path / "zone").stdout)
    assert (got["result"], got["domain"], got["ip"]) == ("pass", "example.jp", "192.0.2.25")


def test_an_identifier_of_dmarc_may_be_an_address(tmp_path):
    (tmp_path / "zone").write_text('_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n')
    done = todoku("dmarc", "--json", "--from", "a@example.jp", "--spf", "pass:info@example.jp", "--zone", tmp_path / "zone")
    assert json.loads(done.stdout)["result"] == "pass"


def test_several_domains_are_checked_one_behind_the_other(tmp_path):
    (tmp_path / "zone").write_text(ZONE + 'b.example. TXT "v=spf1 +all"\n')
    (tmp_path / "list").write_text("# ours\nexample.jp\n\n b.example  # theirs\n")
    lines = todoku("check", "--domains", tmp_path / "list", "--json", "--zone", tmp_path / "zone").stdout.splitlines()
    assert [json.loads(line)["domain"] for line in lines] == ["example.jp", "b.example"]
    done = todoku("check", "example.jp", "b.example", "--csv", "--zone", tmp_path / "zone")
    import csv
    rows = list(csv.DictReader(done.stdout.decode().splitlines()))
    assert {row["domain"] for row in rows} == {"example.jp", "b.example"} and done.returncode == 1
    assert any(row["id"] == "spf.all" and row["state"] == "fail" for row in rows)
    again = todoku("check", "--domains", "-", "--json", "--zone", tmp_path / "zone", stdin=b"b.example\n")
    assert json.loads(again.stdout)["domain"] == "b.example"


def test_nothing_of_a_record_becomes_a_formula(tmp_path):
    (tmp_path / "zone").write_text('example.jp. TXT "=cmd|x"\nexample.jp. TXT "v=spf1 -all"\n_dmarc.example.jp. TXT "=HYPERLINK(1)"\n')
    for line in todoku("check", "example.jp", "--csv", "--zone", tmp_path / "zone").stdout.decode().splitlines():
        assert not any(cell.strip('"').startswith(("=", "+", "@")) for cell in line.split(","))


@pytest.mark.parametrize("how, coloured", [("always", True), ("never", False), ("auto", False)])
def test_colour_is_as_it_is_asked_for(how, coloured):
    assert (b"\x1b[" in todoku("why", "--offline", "--color", how, "550 5.1.1 user unknown").stdout) == coloured
    assert (b"\x1b[" in todoku("--color", how, "why", "--offline", "550 5.1.1 user unknown").stdout) == coloured


def test_a_file_that_is_no_key_is_said_to_be_none(tmp_path):
    (tmp_path / "zone").write_text(ZONE)
    (tmp_path / "key").write_text("hello")
    done = todoku("check", "example.jp", "--key", tmp_path / "key", "--zone", tmp_path / "zone")
    assert done.returncode == 65 and b"not a key in PEM" in done.stderr
    assert todoku("check", "example.jp", "--key", "/bin/ls", "--zone", tmp_path / "zone").returncode == 65
