"""The Debian package as it stands in the tree. `./dev deb` builds it, `./dev deb --test` installs and uses it in a bare root."""
import pathlib
import re
import shutil
import subprocess

import pytest

from gate import ROOT, TODOKU

PACKAGING = ROOT / "packaging"
DEBIAN = PACKAGING / "debian"
UNITS = sorted((PACKAGING / "systemd").iterdir())
SERVICES = [u for u in UNITS if u.suffix == ".service"]


def version():
    return re.search(r"^ *version: '(.*)',$", (ROOT / "meson.build").read_text(), re.M).group(1)


def fields(name):
    """Control files' paragraphs: a dictionary each."""
    for paragraph in re.split(r"\n\n+", (DEBIAN / name).read_text().strip()):
        yield dict(re.findall(r"^([A-Za-z-]+):[ \n]*((?:.*)(?:\n[ \t].*)*)", paragraph, re.M))


def test_the_version_stands_in_one_place_and_all_others_agree():
    changelog = re.match(r"todoku \((.*)-\d+\)", (DEBIAN / "changelog").read_text()).group(1)
    changes = re.search(r"^## (\S+)", (ROOT / "CHANGES.md").read_text(), re.M).group(1)
    says = subprocess.run([TODOKU, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    assert [changelog, changes, says] == [version()] * 3


def test_the_symbols_are_those_of_the_header():
    listed = re.findall(r"^ (todoku_\w+)@TODOKU_0 ", (DEBIAN / "libtodoku0.symbols").read_text(), re.M)
    header = (ROOT / "include/todoku/todoku.h").read_text()
    library = pathlib.Path(TODOKU).parent / f"src/libtodoku.so.{version()}"
    names = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    exported = set(re.findall(r"(todoku_\w+)@@TODOKU_0", names))
    if exported:  # a build under a sanitizer exports names of the sanitizer's own, so it has no versions
        assert listed == sorted(exported)
    assert [n for n in listed if not re.search(rf"\b{n}\(", header)] == []


def test_all_that_the_build_needs_is_asked_for_and_nothing_else():
    """./dev and the package name the same libraries."""
    wanted = re.search(r"^build_packages=\((.*)\)", (ROOT / "dev").read_text(), re.M).group(1).split()
    asked = re.findall(r"[\w.+-]+-dev\b", next(fields("control"))["Build-Depends"])
    assert sorted(set(asked) - {"libcmocka-dev"}) == sorted(n for n in wanted if n.endswith("-dev") and n != "libc6-dev")


def test_every_file_that_a_package_takes_from_the_tree_is_there():
    for listing in [*DEBIAN.glob("*.install"), *DEBIAN.glob("*.docs"), *DEBIAN.glob("*.examples")]:
        for line in listing.read_text().splitlines():
            source = line.split()[0]
            if not source.startswith("usr/"):  # what meson installs
                assert list(ROOT.glob(source)), f"{listing.name}: {line}"


def test_every_unit_is_installed_by_the_rules():
    rules = (DEBIAN / "rules").read_text()
    for unit in UNITS:
        assert f"--name={unit.stem}" in rules and unit.name in rules
        assert f"debian/todoku-gate.{unit.name}" in (DEBIAN / "clean").read_text().split()


def test_the_container_has_every_library_of_the_program():
    needed = re.findall(r"NEEDED +(\S+)", subprocess.run(["objdump", "-p", TODOKU], capture_output=True, text=True, check=True).stdout)
    text = (ROOT / "Containerfile").read_text()
    for library in needed:
        found = subprocess.run(["dpkg-query", "-S", f"*/{library}"], capture_output=True, text=True).stdout
        packages = {line.split(":")[0] for line in found.splitlines()}
        assert [p for p in packages if re.search(rf"[ ]{re.escape(p)}(?= )", text)] or "san" in library, f"{library} of {packages}"


@pytest.mark.parametrize("lang", ["", ".ja"])
def test_the_guide_lists_all_libraries_that_the_build_needs(lang):
    wanted = re.search(r"^build_packages=\((.*)\)", (ROOT / "dev").read_text(), re.M).group(1).split()
    listed = re.findall(r"^\|[^|]*\| `([^`]+-dev)` \|", (ROOT / f"docs/install{lang}.md").read_text(), re.M)
    assert sorted(listed) == sorted(n for n in wanted if n.endswith("-dev") and n != "libc6-dev")


@pytest.fixture
def root(tmp_path):
    """A root with our units and programs that can be called, for systemd-analyze."""
    for folder in ("usr/bin", "bin", "usr/lib/systemd/system", "etc/todoku/keys"):
        (tmp_path / folder).mkdir(parents=True)
    for program in ("usr/bin/todoku", "bin/kill"):
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    for unit in UNITS:
        shutil.copy(unit, tmp_path / "usr/lib/systemd/system")
    for target in ("sysinit", "basic", "shutdown", "sockets", "network-online", "nss-lookup"):
        (tmp_path / f"usr/lib/systemd/system/{target}.target").write_text("[Unit]\n")
    return tmp_path


@pytest.mark.parametrize("unit", UNITS, ids=lambda u: u.name)
def test_systemd_understands_every_line(root, unit):
    done = subprocess.run(["systemd-analyze", "verify", f"--root={root}", "--man=no", f"/usr/lib/systemd/system/{unit.name}"],
                          capture_output=True, text=True, timeout=60)
    assert [line for line in done.stderr.splitlines() if "todoku" in line] == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda u: u.name)
def test_a_service_that_is_broken_into_can_do_little(unit):
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", unit], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda u: u.name)
def test_what_a_service_starts_is_a_command_of_ours(unit, tmp_path):
    """ExecStart and its configuration, as the program itself checks them."""
    configuration = re.search(r"^ExecStart=(.*)$", unit.read_text(), re.M).group(1).split()
    for file in (PACKAGING / "etc").iterdir():
        (tmp_path / file.name).write_text(file.read_text().replace("/etc/todoku", str(tmp_path)))
    words = [w.replace("/etc/todoku", str(tmp_path)) for w in configuration[1:]]
    done = subprocess.run([TODOKU, *words, "--check"], capture_output=True, text=True, timeout=60, env={"LANG": "C.UTF-8"})
    assert done.returncode == 0 and "all is sound" in done.stderr, done.stderr


def test_the_sample_settings_are_options_that_there_are(tmp_path):
    """What stands behind a # as an option is taken when the # goes."""
    (tmp_path / "mail").mkdir()
    for name, words in (("milter.conf", ["--milter", "systemd"]), ("gate.conf", ["--smtp", "systemd"])):
        text = re.sub(r"(?m)^#(?=\w)", "", (PACKAGING / "etc" / name).read_text())
        text = text.replace("/etc/todoku/keys.table", str(PACKAGING / "etc/keys.table")).replace("/var/lib/todoku-gate", str(tmp_path))
        (tmp_path / name).write_text(text)
        done = subprocess.run([TODOKU, "gate", *words, "--config", tmp_path / name, "--check"], capture_output=True, text=True,
                              timeout=60, env={"LANG": "C.UTF-8"})
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", sorted(PACKAGING.glob("*.sh")) + sorted(DEBIAN.glob("*.p*rm")), ids=lambda s: s.name)
def test_the_scripts_can_be_read_by_their_shell(script):
    shell = "bash" if script.suffix == ".sh" else "sh"
    assert subprocess.run([shell, "-n", script], capture_output=True).stderr == b""
