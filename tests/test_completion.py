"""What the three shells offer, asked of the shells themselves."""
import os
import pathlib
import re
import subprocess

import pytest
import shells
from test_docs import COMMANDS, FACES

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
SHELLS = {"bash": shells.bash, "zsh": shells.zsh, "fish": shells.fish}


@pytest.fixture(params=SHELLS)
def offers(request, tmp_path):
    (tmp_path / "bounce.eml").write_text("")
    (tmp_path / "folder").mkdir()
    return lambda line: {o.rstrip("/") for o in SHELLS[request.param](line, TODOKU, tmp_path)}


@pytest.mark.parametrize("line, wanted", [
    ("todoku ", {"why", "check", "verify", "spf", "dkim", "dmarc", "web", "gate", "doctor", "catalog"}),
    ("todoku g", {"gate"}),
    ("todoku gate en", {"enable"}),
    ("todoku doctor --lang ", {"ja", "en"}),
    ("todoku doctor --postfix ", {"folder"}),
    ("todoku why --lang ", {"ja", "en"}),
    ("todoku spf --lang ", {"ja", "en"}),
    ("todoku gate --lang ", {"ja", "en"}),
    ("todoku why --color ", {"auto", "always", "never"}),
    ("todoku web --color ", {"auto", "always", "never"}),
    ("todoku catalog --color ", {"auto", "always", "never"}),
    ("todoku why --format ", {"html", "json", "sisimai", "value", "zone", "panel", "route53", "every"}),
    ("todoku spf --format ", {"value", "zone", "panel", "route53", "every"}),
    ("todoku dkim --algorithm ", {"rsa", "ed25519"}),
    ("todoku gate --policy ", {"google", "google-bulk", "standard"}),
    ("todoku gate --milter inet:8891 --mode ", {"monitor", "enforce", "outgoing"}),
    ("todoku check --domains bo", {"bounce.eml"}),
    ("todoku why --catalog ", {"folder"}),
    ("todoku gate --maildir ", {"folder"}),
    ("todoku why bo", {"bounce.eml"}),
    ("todoku verify bo", {"bounce.eml"}),
    ("todoku catalog list ", {"causes", "rules", "providers"}),
    ("todoku catalog show auth.dmarc-m", {"auth.dmarc-missing"}),
])
def test_a_shell_offers_what_fits_and_nothing_else(offers, line, wanted):
    assert {o for o in offers(line) if not o.startswith("-")} == wanted


@pytest.mark.parametrize("line", ["todoku check bo", "todoku spf --ip bo", "todoku check --helo bo", "todoku why --dns bo",
                                  "todoku gate --client bo", "todoku web --listen bo"])
def test_a_domain_or_an_address_is_no_file(offers, line):
    assert offers(line) == set()


@pytest.mark.parametrize("line, wanted", [("todoku spf --rep", {"--repair", "--replay"}), ("todoku why --summ", {"--summary"}),
                                          ("todoku check --bu", {"--bulk"}), ("todoku gate --onc", {"--once"})])
def test_an_option_is_completed(offers, line, wanted):
    assert {o.split("[")[0] for o in offers(line)} == wanted


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_offered(offers, command):
    for face in FACES.get(command, [[]]):
        told = subprocess.run([TODOKU, command, *face, "--help"], capture_output=True, text=True, check=True).stdout
        wanted = set(re.findall(r"^  (--[a-z-]+)", told, re.M)) - set(face)
        assert wanted - offers(" ".join(["todoku", command, *face, "--"])) == set()
