"""`--format html`: one page that stands alone, says what the text says, and lets nothing of a stranger's become markup."""
import html.parser
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
EXAMPLES = sorted(p.stem for p in (ROOT / "examples").glob("*.eml"))
HOSTILE = (ROOT / "tests/hostile/strings.txt").read_text().splitlines() + ["\u202egnp.exe", "\x1b]0;x\x07\x1b[2J", "\u200b\ufeff\u2066", "日本語<b>"]
VOID = {"meta", "input", "rect"}
ZONE = """example.jp. TXT "v=spf1 include:_spf.esp.example ip4:198.51.100.7 -all"
_spf.esp.example. TXT "v=spf1 ip4:203.0.113.0/24 ~all"
_dmarc.example.jp. TXT "v=DMARC1; p=none"
25.2.0.192.in-addr.arpa. PTR mail.example.jp.
mail.example.jp. A 192.0.2.25
"""


class Page(html.parser.HTMLParser):
    """Its elements in their order, its text by language, and whether every element is closed where it was opened."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.open, self.links = [], {"ja": "", "en": ""}, [], []
        self.style, self.lang = "", None
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, tuple(sorted(name for name, _ in attributes))))
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if "say" in attributes.get("class", "").split():
            self.lang = attributes["lang"]
        self.links += [value for name, value in attributes.items() if name in ("href", "src", "action", "data", "srcset", "style")]
        assert not [name for name in attributes if name.startswith("on")]

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, tuple(sorted(name for name, _ in attributes))))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        elif self.lang:
            self.text[self.lang] += data + " "


def todoku(*arguments, stdin=b"", **more):
    done = subprocess.run([TODOKU, *arguments], input=stdin, capture_output=True, timeout=60, cwd=ROOT,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more})
    assert done.returncode in (0, 1, 65, 75), done.stderr
    return done.stdout.decode()


def why(*arguments, stdin=b""):
    return Page(todoku("why", "--offline", "--format", "html", *arguments, stdin=stdin))


def squeezed(text):
    return re.sub(r"[\s`^]+", "", text)


@pytest.fixture
def zone(tmp_path):
    (tmp_path / "zone").write_text(ZONE)
    return str(tmp_path / "zone")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_page_says_what_the_text_says_in_both_languages(name, zone):
    page = Page(todoku("why", "--zone", zone, "--format", "html", f"examples/{name}.eml"))
    for lang in ("ja", "en"):
        said = squeezed(page.text[lang])
        text = todoku("why", "--zone", zone, "--lang", lang, f"examples/{name}.eml", COLUMNS="120")
        for line in text.splitlines():
            for words in re.split(r"\s{2,}|\d\. ", line.strip()):
                if not re.fullmatch(r"[\s^]*", words):
                    assert squeezed(words) in said, (lang, words)


def test_a_page_stands_alone():
    text = todoku("why", "--offline", "--format", "html", "examples/gmail-spf-hard-fail.eml")
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "link", "iframe", "img", "object", "embed", "form", "base"})
    assert "url(" not in page.style and "@import" not in page.style
    assert all(link.startswith("https://support.google.com/") for link in page.links), "only its source, for who clicks"
    assert "default-src 'none'" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_stranger_becomes_markup(hostile):
    bounce = (ROOT / "tests/hostile/bounce.eml").read_bytes()
    tame, wild = (why(stdin=bounce.replace(b"HOSTILE", text.encode())) for text in ("harmless", hostile))
    assert [e for e in wild.elements if e[0] != "code"] == [e for e in tame.elements if e[0] != "code"], "`x` is <code> and no more"
    assert wild.links == tame.links


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if "/" not in h])
def test_nothing_of_a_file_name_becomes_markup(hostile, tmp_path):
    pages = []
    for name in ("harmless", hostile):
        (tmp_path / name).write_text("554 5.7.1 Nobody knows these words\n")
        pages.append(why(str(tmp_path / name)))
    assert [e for e in pages[1].elements if e[0] != "code"] == pages[0].elements and "\x1b" not in pages[1].text["en"]


def test_nothing_of_a_record_becomes_markup(tmp_path):
    pages = []
    for words in ("harmless", "<script>alert(1)</script>"):
        (tmp_path / "zone").write_text(f'example.jp. TXT "v=spf1 ip4:198.51.100.7 exists:{words}.example.jp ?all"\n')
        pages.append(Page(todoku("check", "example.jp", "--html", "--zone", str(tmp_path / "zone"))))
        Page(todoku("verify", "examples/gmail-dmarc-reject.eml", "--ip", "192.0.2.25", "--mail-from", "a@example.jp", "--html", "--zone",
                    str(tmp_path / "zone")))
    assert "script" not in {tag for page in pages for tag, _ in page.elements}


def test_many_failures_have_a_table_above():
    page = why("examples/postfix.log", "examples/gmail-no-such-user.eml")
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == 2 and tags.index("table") < tags.index("article")
    assert "failures of" in page.text["en"] and "配信リストから外す宛先" in page.text["ja"]
    table = why("--summary", "examples/postfix.log")
    assert "article" not in {tag for tag, _ in table.elements} and "table" in {tag for tag, _ in table.elements}


def test_a_record_that_was_proved_stands_in_a_box_in_every_form(zone):
    page = Page(todoku("why", "--zone", zone, "--format", "html", "examples/gmail-spf-hard-fail.eml"))
    for words in ("+ ip4:192.0.2.25", "v=spf1 ip4:192.0.2.25 include:_spf.esp.example ip4:198.51.100.7 -all", "example.jp. IN TXT", "Route 53"):
        assert words in page.text["ja"].replace("\t", " ") and words in page.text["en"].replace("\t", " ")


@pytest.mark.parametrize("given, says", [(b"", "No reply, bounce or log line was found"), (b"hello there, how are you\n", "This is not a mail, a log")])
def test_a_page_says_why_there_is_nothing_to_explain(given, says):
    page = why(stdin=given)
    assert says in page.text["en"] and "article" not in {tag for tag, _ in page.elements}


def test_a_check_is_a_page(zone):
    page = Page(todoku("check", "example.jp", "--ip", "192.0.2.25", "--html", "--zone", zone))
    said = squeezed(page.text["en"])
    for line in todoku("check", "example.jp", "--ip", "192.0.2.25", "--zone", zone, COLUMNS="120").splitlines():
        for words in re.split(r"\s{2,}|→ |\(proved\)", line.strip()):
            words = re.sub(r"^(pass|warn|FAIL|note) ", "", words)
            if words and not words.endswith(" TXT") and not words.endswith(" TXT "):
                assert squeezed(words) in said, words


def test_a_verified_message_is_a_page(zone):
    page = Page(todoku("verify", "examples/gmail-dmarc-reject.eml", "--ip", "192.0.2.25", "--mail-from", "info@example.jp", "--html", "--zone", zone))
    for words in ("example.jp forbids 192.0.2.25 to send its mail", "include:_spf.esp.example", "not aligned", "Authentication-Results:",
                  "What Gmail would answer"):
        assert words in page.text["en"], words
