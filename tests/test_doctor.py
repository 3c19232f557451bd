"""todoku doctor and todoku gate enable, against Postfix's own postconf and a filter that runs."""
import os
import pwd
import re
import subprocess

import pytest

import postfix
from gate import TODOKU


@pytest.fixture
def config(tmp_path):
    postfix.unpack()
    os.chmod(tmp_path, 0o755)
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent.stat().st_mode & 1 == 0:
            os.chmod(parent, parent.stat().st_mode | 0o11)
    for name in ("conf", "queue", "queue/todoku"):
        (tmp_path / name).mkdir()
    (tmp_path / "conf/main.cf").write_text(
        f"queue_directory = {tmp_path}/queue\nmail_owner = nobody\nmaillog_file = \ncompatibility_level = 3.6\n")
    chroot(tmp_path, "n")
    return tmp_path


def chroot(folder, yes):
    (folder / "conf/master.cf").write_text(f"smtp inet n - {yes} - - smtpd\ncleanup unix n - {yes} - 0 cleanup\n")


def environment():
    return {**os.environ, "PATH": f"{postfix.UNPACKED}/usr/sbin:{os.environ['PATH']}", "LANG": "C.UTF-8", "LD_LIBRARY_PATH": str(postfix.UNPACKED / "usr/lib/postfix")}


def run(folder, *words):
    age(folder)
    return subprocess.run([TODOKU, *words, "--postfix", folder / "conf"], capture_output=True, text=True, timeout=60, env=environment())


def age(folder):
    """postconf -n waits until main.cf is older than two seconds."""
    for path in (folder / "conf").iterdir():
        os.utime(path, (1, 1))


def postconf(folder, *words):
    age(folder)
    return subprocess.run(["postconf", "-c", folder / "conf", *words], capture_output=True, text=True, check=True, env=environment()).stdout


@pytest.fixture
def listening(config):
    filters = []

    def start(path, group=None):
        process = subprocess.Popen([TODOKU, "gate", "--milter", f"unix:{path}", "--quiet", *(["--socket-group", group] if group else [])],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        filters.append(process)
        told = process.stderr.readline()  # the socket is there before its group is right
        assert "listening on" in told, told

    yield start
    for process in filters:
        process.terminate()
        process.wait()
        process.stderr.close()


def group_of_nobody():
    import grp
    return grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name


def test_without_a_filter_that_is_said(config):
    done = run(config, "doctor")
    assert done.returncode == 1 and "gate enable" in done.stdout


def test_a_filter_that_answers_is_well(config, listening):
    listening(config / "queue/todoku/milter.sock", group_of_nobody())
    chroot(config, "y")
    run(config, "gate", "enable")
    done = run(config, "doctor")
    assert done.returncode == 0 and done.stdout.count("ok   ") == 2, done.stdout


CASES = [
    ("unix:{folder}/queue/todoku/milter.sock", "y", "cannot see", "Put the socket below"),
    ("unix:todoku/none.sock", "n", "is not there", "Start the filter"),
    ("unix:todoku/file", "n", "is no socket", "Remove it"),
    ("unix:closed/milter.sock", "n", "may not pass through", "chmod o+x"),
    ("unix:todoku/strict.sock", "n", "may not write", "--socket-group"),
    ("inet:127.0.0.1:1", "n", "nobody listens", "Start the filter"),
    ("milter.sock:", "n", "no address", "unix:PATH"),
]


@pytest.mark.parametrize("address,chrooted,what,change", CASES, ids=[c[2] for c in CASES])
def test_what_bars_the_way_is_named_with_the_one_thing_to_change(config, listening, address, chrooted, what, change):
    (config / "queue/todoku/file").write_text("")
    (config / "queue/closed").mkdir(mode=0o700)
    listening(config / "queue/todoku/strict.sock")
    os.chmod(config / "queue/todoku/strict.sock", 0o600)
    chroot(config, chrooted)
    postconf(config, "-e", "smtpd_milters = { " + address.format(folder=config) + ", default_action=accept }")
    done = run(config, "doctor")
    assert done.returncode == 1 and what in done.stdout and change in done.stdout, done.stdout


def test_enable_shows_what_changed_and_its_undo_takes_it_back(config):
    postconf(config, "-e", "smtpd_milters = inet:127.0.0.1:8891, { unix:other, default_action=accept }")
    before = (config / "conf/main.cf").read_text()
    shown = run(config, "gate", "enable", "--dry-run")
    assert (config / "conf/main.cf").read_text() == before
    done = run(config, "gate", "enable")
    assert done.returncode == 0 and done.stdout.startswith(shown.stdout)
    assert "- smtpd_milters = inet:127.0.0.1:8891, { unix:other, default_action=accept }\n+ smtpd_milters = unix:todoku/milter.sock, inet:127.0.0.1:8891, { unix:other, default_action=accept }\n" in done.stdout
    assert postconf(config, "-h", "milter_default_action") == "accept\n"
    assert run(config, "gate", "enable").stdout == "Nothing is to be changed.\n"
    for command in re.findall(r"^  (postconf .*)$", done.stdout, re.M):
        subprocess.run(["sh", "-c", command], check=True, env=environment())
    assert sorted((config / "conf/main.cf").read_text().split("\n")) == sorted(before.split("\n"))


def test_disable_takes_out_ours_alone(config):
    postconf(config, "-e", "smtpd_milters = inet:127.0.0.1:8891")
    run(config, "gate", "enable")
    done = run(config, "gate", "disable")
    assert done.returncode == 0 and postconf(config, "-h", "smtpd_milters") == "inet:127.0.0.1:8891\n"
    assert postconf(config, "-h", "non_smtpd_milters").strip() == ""


def test_without_postfix_that_is_said(tmp_path):
    for words in (["doctor"], ["gate", "enable"]):
        done = subprocess.run([TODOKU, *words, "--lang", "en"], capture_output=True, text=True, env={**os.environ, "PATH": "/nowhere"})
        assert done.returncode == 65 and "postconf is needed" in done.stderr
