"""libtodoku as another program meets it: installed, found by pkg-config, shared and static, through its public header alone."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
BUILD = pathlib.Path(TODOKU).parent
HEADER = ROOT / "include/todoku/todoku.h"

pytestmark = pytest.mark.skipif("asan" in str(BUILD) or "tsan" in str(BUILD), reason="the examples are built without sanitizers")

RECORDS = {"example.jp": "v=spf1 ip4:192.0.2.0/24 -all", "_dmarc.example.jp": "v=DMARC1; p=reject"}
MESSAGE = (b"Return-Path: <taro@example.jp>\r\n"
           b"Received: from mail.example.jp (mail.example.jp [192.0.2.25])\r\n\tby mx.example.com (Postfix) with ESMTPS id 1;"
           b" Mon, 24 Nov 2025 16:00:00 +0000\r\n"
           b"From: taro@example.jp\r\nSubject: hello\r\n\r\nhello\r\n")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", folder], check=True, capture_output=True)
    (pc,) = folder.rglob("todoku.pc")
    prefix = re.search(r"^prefix=(.*)$", pc.read_text(), re.M).group(1)
    pc.write_text(pc.read_text().replace(f"prefix={prefix}", f"prefix={folder}{prefix}"))
    return pc.parent


def flags(installed, *options):
    run = subprocess.run(["pkg-config", *options, "todoku"], env={**os.environ, "PKG_CONFIG_PATH": str(installed)},
                         capture_output=True, text=True, check=True)
    return run.stdout.split()


def link_flags(installed, kind):
    if kind == "shared":
        return flags(installed, "--libs")
    others = [f for f in flags(installed, "--libs", "--static") if f != "-ltodoku"]
    if not list(pathlib.Path("/usr/lib").glob("*/libunistring.so")):
        others.remove("-lunistring")  # without its development package; the shared libidn2 brings it
    return [str(installed.parent / "libtodoku.a"), *others]


def build(installed, source, program, kind="shared", before=(), behind=()):
    compiler = ["c++", "-std=c++11"] if source.suffix == ".cc" else ["cc", "-std=c11"]
    subprocess.run([*compiler, "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-o", program, source, *before,
                    *flags(installed, "--cflags"), *link_flags(installed, kind), *behind], check=True)
    return program


def run(installed, *arguments):
    return subprocess.run(arguments, capture_output=True, cwd=ROOT, env={"LD_LIBRARY_PATH": str(installed.parent)}, timeout=60)


def test_the_flags_may_stand_before_the_program(installed, tmp_path):
    """As in `cc $(pkg-config --cflags --libs todoku) program.c`, whatever the linker does with libraries not needed yet."""
    subprocess.run(["cc", *flags(installed, "--cflags", "--libs"), ROOT / "examples/why.c", "-o", tmp_path / "why"], check=True)
    assert run(installed, tmp_path / "why", "examples/gmail-no-such-user.eml").stdout.startswith(b"{")


@pytest.mark.parametrize("kind", ["shared", "static"])
def test_why_is_written_against_the_public_header_alone(installed, tmp_path, kind):
    why = build(installed, ROOT / "examples/why.c", tmp_path / "why", kind)
    samples = sorted(p.relative_to(ROOT) for p in (ROOT / "examples").glob("*.eml")) + [pathlib.Path("examples/postfix.log")]
    assert len(samples) > 5
    for sample in samples:
        ours = run(installed, why, sample)
        assert ours.stdout == subprocess.run([TODOKU, "why", "--json", sample], capture_output=True, cwd=ROOT).stdout
        assert ours.stdout.startswith(b"{") and ours.stderr == b""


@pytest.mark.parametrize("kind", ["shared", "static"])
def test_verify_is_written_against_the_public_header_alone(installed, tmp_path, kind):
    verify = build(installed, ROOT / "examples/verify.c", tmp_path / "verify", kind)
    (tmp_path / "message.eml").write_bytes(MESSAGE)
    (tmp_path / "zone").write_text("".join(f'{name}. TXT "{text}"\n' for name, text in RECORDS.items()))
    ours = run(installed, verify, tmp_path / "message.eml", *[f"{name}={text}" for name, text in RECORDS.items()])
    theirs = subprocess.run([TODOKU, "verify", tmp_path / "message.eml", "--json", "--zone", tmp_path / "zone", "--now", "1764000000",
                             "--authserv-id", "mail.example.jp"], capture_output=True)
    assert ours.stdout == theirs.stdout
    assert b'"accepted":true' in ours.stdout


def test_the_header_is_cxx_and_what_it_signs_verifies(installed, tmp_path):
    sign = build(installed, ROOT / "examples/sign.cc", tmp_path / "sign")
    assert run(installed, sign).stdout == b"dkim=pass\n"


@pytest.mark.parametrize("example", ["why.c", "verify.c", "sign.cc"])
def test_an_example_is_short(example):
    assert len((ROOT / "examples" / example).read_text().splitlines()) < 60


def test_one_header_is_installed_and_exactly_its_functions_are_exported(installed):
    usr = next(p for p in installed.parents if (p / "include").is_dir())
    assert [p.name for p in (usr / "include").rglob("*.h")] == ["todoku.h"]
    declared = set(re.findall(r"\b(todoku_\w+)\(", re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.S)))
    declared -= set(re.findall(r"typedef \w+ (todoku_\w+)\(", HEADER.read_text()))
    shared = subprocess.run(["nm", "-D", "--defined-only", installed.parent / "libtodoku.so"], capture_output=True, text=True, check=True).stdout
    static = subprocess.run(["nm", "-g", "--defined-only", installed.parent / "libtodoku.a"], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in shared.splitlines() if " T " in line}
    assert names == {f"{name}@@TODOKU_0" for name in declared}
    assert {line.split()[-1] for line in static.splitlines() if len(line.split()) == 3} == declared
    assert {line.split()[-1] for line in shared.splitlines()} - names <= {"TODOKU_0"}


def test_the_soname_is_kept(installed):
    out = subprocess.run(["readelf", "-d", installed.parent / "libtodoku.so"], capture_output=True, text=True, check=True).stdout
    assert "[libtodoku.so.0]" in out


def test_the_versions_are_one(installed):
    parts = [re.search(rf"TODOKU_VERSION_{part} (\d+)", HEADER.read_text()).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
    assert ".".join(parts) == re.search(r'TODOKU_VERSION "(.*?)"', HEADER.read_text()).group(1)
    assert flags(installed, "--modversion") == [".".join(parts)]


BESIDE_OPENDKIM = """
#define _DEFAULT_SOURCE 1
#include <stdio.h>
#include <opendkim/dkim.h>
#include <todoku/todoku.h>
int main(void)
{
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	DKIM_STAT status;
	DKIM *dkim = dkim_verify(lib, (const unsigned char *)"id", NULL, &status);
	todoku_message_query query = { .message = todoku_span_of("From: taro@example.jp\\r\\n\\r\\nhello\\r\\n") };
	todoku_evaluation *e = NULL;
	todoku_status ours = todoku_dkim_create(&query, &e);
	printf("%d %d %d\\n", dkim != NULL && status == DKIM_STAT_OK, ours, todoku_evaluate(e));
	todoku_evaluation_free(e);
	dkim_free(dkim);
	dkim_close(lib);
	return 0;
}
"""


@pytest.mark.skipif(not pathlib.Path("/usr/include/opendkim/dkim.h").exists(), reason="libopendkim-dev is not installed")
@pytest.mark.parametrize("kind", ["shared", "static"])
@pytest.mark.parametrize("order", ["before", "behind"])
def test_it_lives_beside_libopendkim(installed, tmp_path, kind, order):
    source = tmp_path / "both.c"
    source.write_text(BESIDE_OPENDKIM)
    both = build(installed, source, tmp_path / "both", kind, **{order: ["-Wl,--no-as-needed", "-lopendkim", "-Wl,--as-needed"]})
    assert run(installed, both).stdout == b"1 0 0\n"


SCARCE = """
#include <stdio.h>
#include <string.h>
#include <todoku/todoku.h>
static bool count(void *n, const todoku_verdict *v) { ++*(int *)n; return todoku_verdict_title(v, TODOKU_JAPANESE).len + todoku_verdict_json(v).len > 0; }
int main(void)
{
	static char text[200000];
	int ok = 0, scarce = 0;
	for (size_t i = 0; i + 40 < sizeof(text); i += 40)
		memcpy(text + i, "550 5.1.1 <taro@example.jp> no such user", 39), text[i + 39] = '\\n';
	for (size_t most = 1; most < 1u << 27; most += most / 4 + 1) {
		todoku_explainer *x = todoku_explainer_create(most);
		todoku_message_query query = { .message = { text, sizeof(text) }, .memory_max = most };
		todoku_evaluation *e;
		int n = 0;
		todoku_status a = todoku_explain(x, text, sizeof(text), "text", count, &n), b = todoku_verify_create(&query, &e);
		if (a == TODOKU_NO_MEMORY && todoku_explain(x, "", 0, "", count, &n) != TODOKU_NO_MEMORY) return 1;
		if (b == TODOKU_OK) b = todoku_evaluate_with_zone(e, "", 0);
		ok += (a == TODOKU_OK && n > 0) + (b == TODOKU_OK);
		scarce += (a == TODOKU_NO_MEMORY) + (b == TODOKU_NO_MEMORY);
		if (a != TODOKU_OK && a != TODOKU_NO_MEMORY && !(a == TODOKU_STOPPED)) return 2;
		todoku_explainer_free(x);
		todoku_evaluation_free(e);
	}
	printf("%s\\n", ok > 4 && scarce > 4 ? "survived" : "untried");
	return 0;
}
"""


def test_memory_that_runs_out_anywhere_is_an_error_and_no_abort(installed, tmp_path):
    source = tmp_path / "scarce.c"
    source.write_text(SCARCE)
    scarce = build(installed, source, tmp_path / "scarce")
    assert run(installed, scarce).stdout == b"survived\n"
