"""libtodoku as another program meets it: installed, found by pkg-config, shared and static."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("TODOKU", str(ROOT / "build/todoku"))).parent
SANITIZED = "asan" in str(BUILD)


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


@pytest.mark.skipif(SANITIZED, reason="the example is built without sanitizers")
@pytest.mark.parametrize("kind", ["shared", "static"])
def test_the_example_verifies_with_its_own_answers(installed, tmp_path, kind):
    link = flags(installed, "--libs")
    if kind == "static":
        link = [str(installed.parent / "libtodoku.a"), *[f for f in flags(installed, "--libs", "--static") if f not in ("-ltodoku", "-lunistring")]]  # others' libraries stay shared
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-o", tmp_path / "verify",
                    ROOT / "examples/verify.c", *flags(installed, "--cflags"), *link], check=True)
    run = subprocess.run([tmp_path / "verify"], capture_output=True, text=True, env={"LD_LIBRARY_PATH": str(installed.parent)})
    assert run.stdout == "spf=pass dkim=none dmarc=pass\n"
    assert len((ROOT / "examples/verify.c").read_text().splitlines()) < 60


@pytest.mark.skipif(SANITIZED, reason="sanitizers export symbols of their own")
def test_only_what_the_headers_declare_is_exported(installed):
    library = next(installed.parent.glob("libtodoku.so"))
    exported = {line.split()[-1] for line in subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True,
                                                            text=True, check=True).stdout.splitlines()}
    headers = "".join(h.read_text() for h in (installed.parents[2] / "include/todoku").rglob("*.h")) if (installed.parents[2] / "include/todoku").exists() \
        else "".join(h.read_text() for h in installed.parents[4].rglob("include/todoku/*/*.h"))
    assert exported and [name for name in exported if not re.search(rf"\b{name}\b", headers)] == []
    assert {"spf_evaluate", "dkim_verify", "dmarc_evaluate", "arc_validate", "authentication_evaluate"} <= exported
