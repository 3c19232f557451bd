"""Every command that is proposed can be run as it stands: with no usage error, whole on a line of its own."""
import os
import pathlib
import re
import shlex
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
FACTS = {"ip": "192.0.2.25", "domain": "example.jp", "recipient_domain": "example.com", "sender_domain": "example.jp", "host": "mx.example.com"}
PLACES = {"<IP>": "192.0.2.25", "<DOMAIN>": "example.jp", "<SELECTOR>": "new", "<HOST>": "mx.example.com"}


def in_the_catalogue():
    for path in sorted(ROOT.glob("catalog/*.rule")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.match(r"(Title|Why|Remedy|Change)-(en|ja):| ", line):
                for command in re.findall(r"`([^`]+ [^`]*)`", line):
                    if command.split()[0] in ("todoku", "dig", "nc"):
                        yield pytest.param(command, id=f"{path.name}:{number}")


def in_the_renderings():
    for path in sorted(ROOT.glob("src/render/*.c")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip().startswith(("/*", "*")):
                for command in re.findall(r"`(todoku [^`]*)`", line):
                    yield pytest.param(command, id=f"{path.name}:{number}")


def filled(command, tmp_path):
    for name, value in FACTS.items():
        command = command.replace("{" + name + "}", value)
    command = re.sub(r"\{\d\}", "example.jp", command)
    for place, value in PLACES.items():
        command = command.replace(place, value)
    return command.replace("<FILE>", str(tmp_path / "file"))


@pytest.mark.parametrize("command", [*in_the_catalogue(), *in_the_renderings()])
def test_a_proposed_command_is_complete(tmp_path, command):
    words = shlex.split(filled(command, tmp_path))
    assert not any(c in word for word in words for c in "{}<>()"), "a fact that nobody fills in"
    if words[0] != "todoku":
        assert words[0] in ("dig", "nc") and len(words) > 1
        return
    if "keygen" not in words:
        (tmp_path / "file").write_text("From: a@example.jp\n\nhi\n")
    (tmp_path / "zone").write_text('example.jp. TXT "v=spf1 -all"\n')
    done = subprocess.run([TODOKU, *words[1:], "--zone", tmp_path / "zone"], capture_output=True, timeout=60)
    assert done.returncode in (0, 1, 75), done.stderr.decode()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_command_stands_whole_on_a_line_of_its_own(lang):
    reply = "550 5.7.23 SPF validation failed for example.jp from 192.0.2.25"
    text = subprocess.run([TODOKU, "why", "--offline", "--lang", lang, reply], capture_output=True, timeout=20,
                          env={"PATH": os.environ["PATH"], "COLUMNS": "60"}).stdout.decode()
    lines = [line.strip() for line in text.splitlines()]
    commands = [line for line in lines if line.startswith(("todoku ", "dig "))]
    assert any(re.fullmatch(r"dig -x \S+", command) for command in commands), text
    assert any(re.fullmatch(r"todoku spf --repair --ip \S+ --mail-from \S+", command) for command in commands), text
