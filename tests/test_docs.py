"""The manual and the completions tell of what the program really does."""
import email
import email.policy
import json
import os
import pathlib
import re
import shlex
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
COMMANDS = ["why", "check", "verify", "spf", "dkim", "dmarc", "web", "gate", "doctor", "catalog"]
FACES = {"gate": [[], ["--milter", "-"], ["enable"], ["disable"]]} # a command that has several
PAGES = ["todoku.1", *(f"todoku-{command}.1" for command in COMMANDS)]


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **more)


def options_of(command):
    faces = FACES.get(command, [[]])
    return [o for face in faces for o in re.findall(r"^  (--[a-z-]+)", run(TODOKU, command, *face, "--help").stdout, re.M)]


def plain(page):
    return (ROOT / "man" / page).read_text().replace("\\-", "-")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["", "ja/"])
def test_every_option_stands_in_the_manual(command, lang):
    options = options_of(command)
    assert options
    text = plain(f"{lang}todoku-{command}.1")
    assert [o for o in options if o not in text] == []


@pytest.mark.parametrize("file", ["todoku.bash", "_todoku", "todoku.fish"])
def test_every_option_is_completed(file):
    text = (ROOT / "completion" / file).read_text()
    for option in {o for command in COMMANDS for o in options_of(command)}:
        assert option in text or f"-l {option[2:]}" in text, option


@pytest.mark.parametrize("lang", ["", "ja/"])
def test_every_member_of_the_json_output_stands_in_the_manual(lang):
    line = run(TODOKU, "why", "--json", "examples/gmail-spf-hard-fail.eml", cwd=ROOT).stdout
    words = set(re.findall(r"[a-z_]+", plain(f"{lang}todoku-why.1")))
    members = json.loads(line)
    names = set(members) | set(members["source"]) | set(members["retry"]) | set(members["suppress"])
    assert names - words == set()
    group = run(TODOKU, "why", "--json", "--summary", "examples/gmail-spf-hard-fail.eml", cwd=ROOT).stdout
    assert set(json.loads(group)) - words == set()


@pytest.mark.parametrize("page", PAGES + [f"ja/{p}" for p in PAGES])
def test_a_page_renders_without_a_warning(page):
    macros = ["-mja", "-man"] if page.startswith("ja/") else ["-man"]
    assert run("groff", "-k", "-Tutf8", *macros, "-ww", "-z", str(ROOT / "man" / page)).stderr == ""


def rendered(page):
    macros = ["-mja", "-man"] if page.startswith("ja/") else ["-man"]
    out = run("groff", "-k", "-Tutf8", "-P-c", *macros, "-rLL=300n", str(ROOT / "man" / page)).stdout
    return re.sub(r".\x08", "", out) # what is bold is struck twice


def glued_arguments(line):
    """Macros that alternate between two fonts put no blank between their arguments: .BR --lang ja is --langja."""
    if not re.match(r"\.(BR|RB|BI|IB|IR|RI) ", line):
        return False
    arguments = [re.sub(r"\\f[A-Z]", "", a.strip('"')) for a in re.findall(r'"[^"]*"|[^ "]+', line[4:])]
    return any(re.search(r"[A-Za-z0-9]$", a) and re.match(r"[A-Za-z0-9]|\\-\\-", b) for a, b in zip(arguments, arguments[1:]))


@pytest.mark.parametrize("page", PAGES + [f"ja/{p}" for p in PAGES])
def test_no_words_of_a_page_run_together(page):
    known = {o for command in COMMANDS for o in options_of(command)} | {"--version", "--help"}
    text = re.sub(r"^ *curl .*", "", rendered(page), flags=re.M) # another program's options
    assert [o for o in re.findall(r"(?<![\w-])--[A-Za-z][\w-]*", text, re.A) if o not in known] == []
    assert re.findall(r"\w+\([1-8]\)[A-Za-z]+|\w+\)[A-Za-z]\w*|\w+--[a-z]+", text, re.A) == []
    assert re.findall(r"[a-z],[a-zA-Z]{2,}", re.sub(r"\S*[=\[]\S*", "", text)) == []
    assert [line for line in (ROOT / "man" / page).read_text().splitlines() if glued_arguments(line)] == []


def complete(*words):
    script = """source completion/todoku.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _todoku; printf '%s\\n' "${COMPREPLY[@]}" """
    path = f"{pathlib.Path(TODOKU).parent}:{os.environ['PATH']}"
    return run("bash", "-c", script, "bash", *words, cwd=ROOT, env={"PATH": path}).stdout.split()


def test_bash_completes_commands_options_and_names():
    assert complete("todoku", "w") == ["why", "web"]
    assert complete("todoku", "ve") == ["verify"]
    assert complete("todoku", "dkim", "k") == ["keygen"]
    assert complete("todoku", "why", "--l") == ["--lang"]
    assert complete("todoku", "why", "--lang", "") == ["ja", "en"]
    assert complete("todoku", "gate", "--mode", "e") == ["enforce"]
    assert complete("todoku", "gate", "--ma") == ["--mailboxes", "--maildir"]
    assert complete("todoku", "gate", "--milter", "inet:8891@localhost", "--ma") == []
    assert complete("todoku", "catalog", "show", "auth.dmarc-") == ["auth.dmarc-missing"]
    assert complete("todoku", "why", "examples/gmail-spf") == ["examples/gmail-spf-hard-fail.eml"]


@pytest.mark.parametrize("script", sorted(p.name for p in (ROOT / "docs").glob("make_*.py")))
def test_what_is_generated_is_current(script):
    made = run("/usr/bin/python3", str(ROOT / "docs" / script), "--check", env={**os.environ, "TODOKU": TODOKU})
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("page", ["gmail.md", "gmail.ja.md"])
def test_every_link_within_the_page_on_gmail_leads_somewhere(page):
    text = (ROOT / "docs" / page).read_text()
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert len(anchors) == len(set(anchors)) > 80
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == set(anchors)


@pytest.mark.parametrize("page", ["gmail.md", "gmail.ja.md"])
def test_every_wording_of_gmail_that_is_known_stands_on_the_page(page):
    def words(reply): # less the codes and the session's name
        reply = re.sub(r"(?m)( \w+-\w+\.\d+)? - gsmtp$", "", reply)
        return " ".join(re.sub(r"(?m)^\d{3}[ -](\d\.\d+\.\d+ ?)?", "", reply).split()).lower()
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / "docs" / page).read_text(), re.M | re.S)
    told = {words(reply) for block in blocks for reply in block.split("\n\n")}
    rules = [r for r in re.split(r"\n\n", (ROOT / "catalog/google.rule").read_text())
             if re.search(r"^Rule: google\.", r, re.M) and re.search(r"^Text:", r, re.M)]
    samples = [words(re.sub(r"(?m)^ ", "", s)) for r in rules for s in re.findall(r"^Sample:((?: .*\n?|\n .*)+)", r, re.M)]
    assert len(samples) > 180 and set(samples) - told == set()


def consoles(page):
    """Each command that a page shows behind `$ `, and the lines it shows of what comes of it."""
    for block in re.findall(r"^```console\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S):
        for shown in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *lines = shown.splitlines()
            yield command, lines


SHOWN = [(page, *shown) for page in ("README.md", "README.ja.md") for shown in consoles(page)]


@pytest.mark.parametrize("page, command, lines", SHOWN)
def test_a_command_of_the_readme_says_what_stands_there(page, command, lines):
    name, *words = shlex.split(command)
    assert name == "todoku" and len(lines) > 1
    lang = "ja" if ".ja." in page else "en"
    words += ["--offline"] if words[0] == "why" else []
    said = run(TODOKU, *words, "--lang", lang, cwd=ROOT, env={**os.environ, "COLUMNS": "80"}).stdout.splitlines()
    for line in lines: # in this order; … stands for what is left out
        if line != "…":
            assert line in said
            said = said[said.index(line) + 1:]


def test_the_readmes_answer_the_three_questions():
    assert len(SHOWN) == 8


SUBJECTS = {"Undelivered Mail Returned to Sender", "Delayed Mail (still being retried)", "ご注文の確認"}


@pytest.mark.parametrize("example", sorted(p.name for p in (ROOT / "examples").glob("*.eml")))
def test_the_subjects_of_an_example_are_what_people_write(example):
    message = email.message_from_bytes((ROOT / "examples" / example).read_bytes(), policy=email.policy.default)
    headers = [email.message_from_string(part.get_content(), policy=email.policy.default)
               for part in message.walk() if part.get_content_type() == "text/rfc822-headers"]
    subjects = [str(m["Subject"]) for m in (message, *headers)]
    assert len(subjects) == 2 and set(subjects) <= SUBJECTS
