"""The gate under a service manager: what it is told, and sockets that outlive the process."""
import os
import re
import signal
import smtplib
import socket
import subprocess
import threading

import pytest

from gate import TODOKU, message
from milter_client import Mta

ZONE = ('example.jp. TXT "v=spf1 ip4:192.0.2.0/24 -all"\n_dmarc.example.jp. TXT "v=DMARC1; p=reject"\n'
        "example.jp. MX 10 mail.example.jp.\nmail.example.jp. A 192.0.2.1\n1.2.0.192.in-addr.arpa. PTR mail.example.jp.\n")
KINDS = ["smtp", "milter"]


class Manager:
    """Does what systemd does: makes sockets, hands them over as descriptors from 3, and listens to what it is told."""

    def __init__(self, folder, abstract=False):
        self.folder = folder
        (folder / "zone").write_text(ZONE)
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.settimeout(60)
        name = f"\0todoku-{os.getpid()}-{folder.name}" if abstract else str(folder / "notify")
        self.notified.bind(name)
        self.environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NOTIFY_SOCKET": name.replace("\0", "@")}
        self.running = []

    def start(self, *arguments, sockets=(), pid="$$", **environment):
        """`bash` puts the descriptors where they belong; its process becomes the gate's."""
        moves = " ".join(f"{3 + i}<&{s.fileno()}" for i, s in enumerate(sockets))
        script = f"exec {moves}; " * bool(sockets) + f"LISTEN_PID={pid} exec \"$@\""
        given = {"LISTEN_FDS": str(len(sockets))} if sockets else {}
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", TODOKU, "gate", *arguments, "--zone", self.folder / "zone"],
            pass_fds=[s.fileno() for s in sockets], env={**self.environment, **given, **environment},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.running.append(process)
        return process

    def told(self):
        return self.notified.recv(4096).decode()

    def stop(self, process):
        process.terminate()
        assert process.wait(60) == 0, process.stderr.read()

    def close(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stderr.close()
        self.notified.close()


@pytest.fixture
def manager(tmp_path):
    m = Manager(tmp_path)
    yield m
    m.close()


def arguments(kind, address):
    return ["--smtp", address, "--client", "192.0.2.1", "--name", "mx.example.com"] if kind == "smtp" else ["--milter", address, "--quiet"]


def own(kind, folder):
    return "127.0.0.1:0" if kind == "smtp" else f"unix:{folder}/milter.sock"


def listener(folder=None):
    s = socket.socket(socket.AF_UNIX if folder else socket.AF_INET)
    s.bind(str(folder / "handed.sock") if folder else ("127.0.0.1", 0))
    s.listen(64)
    return s


def send_mail(address):
    with smtplib.SMTP(*address, local_hostname="mail.example.jp", timeout=60) as client:
        return client.sendmail("shop@example.jp", ["taro@gmail.test"], message())


@pytest.mark.parametrize("kind", KINDS)
def test_the_manager_is_told_of_readiness_reloading_and_the_end(manager, kind):
    gate = manager.start(*arguments(kind, own(kind, manager.folder)))
    assert manager.told() == "READY=1"
    gate.send_signal(signal.SIGHUP)
    assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", manager.told())
    assert manager.told() == "READY=1"
    manager.stop(gate)
    assert manager.told() == "STOPPING=1"


def test_a_manager_with_an_abstract_name_is_told_too(tmp_path):
    manager = Manager(tmp_path, abstract=True)
    gate = manager.start(*arguments("milter", own("milter", tmp_path)))
    assert manager.told() == "READY=1"
    manager.stop(gate)
    manager.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_watchdog_is_fed_by_all_loops(manager, kind):
    gate = manager.start(*arguments(kind, own(kind, manager.folder)), "--jobs", "3", WATCHDOG_USEC="400000")
    assert [manager.told() for _ in range(4)] == ["READY=1"] + ["WATCHDOG=1"] * 3
    gate.send_signal(signal.SIGSTOP)
    gate.send_signal(signal.SIGCONT)
    while manager.told() != "WATCHDOG=1":
        pass
    manager.stop(gate)


def test_a_watchdog_of_another_process_is_not_fed(manager):
    gate = manager.start(*arguments("smtp", "127.0.0.1:0"), WATCHDOG_USEC="1000", WATCHDOG_PID="1")
    assert manager.told() == "READY=1"
    for _ in range(20):
        gate.send_signal(signal.SIGHUP)
        assert manager.told().startswith("RELOADING=1")
        assert manager.told() == "READY=1"
    manager.stop(gate)
    assert manager.told() == "STOPPING=1"


def test_a_manager_that_does_not_listen_stops_no_mail(manager):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as others, pytest.raises(BlockingIOError):
        others.setblocking(False)
        while others.sendto(b"X", manager.notified.getsockname()):
            pass
    with listener() as s:
        gate = manager.start(*arguments("smtp", "systemd"), sockets=[s])
        assert send_mail(s.getsockname()) == {}
        manager.stop(gate)


def test_the_gate_takes_mail_on_a_socket_that_was_handed_over(manager):
    with listener() as s:
        gate = manager.start(*arguments("smtp", "systemd"), sockets=[s])
        assert manager.told() == "READY=1"
        assert send_mail(s.getsockname()) == {}
        manager.stop(gate)
        assert f"listening on 127.0.0.1:{s.getsockname()[1]}\n" == gate.stderr.read().removeprefix("todoku: ")


def test_each_socket_goes_where_its_name_says(manager):
    with listener() as mail, listener() as http:
        gate = manager.start(*arguments("smtp", "systemd:mail"), "--api", "systemd:http", sockets=[http, mail],
                             LISTEN_FDNAMES="http:mail")
        assert manager.told() == "READY=1"
        assert send_mail(mail.getsockname()) == {}
        with socket.create_connection(http.getsockname(), 60) as client:
            client.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.0 200")
        manager.stop(gate)


def test_a_descriptor_can_be_named_by_its_number(manager):
    with listener(manager.folder) as s:
        gate = manager.start(*arguments("milter", "fd:3"), sockets=[s])
        assert manager.told() == "READY=1"
        Mta(s.getsockname()).socket.close()
        manager.stop(gate)


@pytest.mark.parametrize("address, reason", [
    ("systemd", "handed over no socket (LISTEN_FDS)"), ("systemd:mail", "handed over no socket of this name"),
    ("fd:0", "no listening socket"), ("fd:77", "no listening socket"), ("fd:x", "a descriptor's number is wanted")])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_handed_over_is_told(manager, kind, address, reason):
    gate = manager.start(*arguments(kind, address))
    assert gate.wait(60) == 74
    assert reason in gate.stderr.read()


def test_sockets_meant_for_another_process_are_left_alone(manager):
    with listener() as s:
        gate = manager.start(*arguments("smtp", "systemd"), sockets=[s], pid="1")
        assert gate.wait(60) == 74
        assert "handed over no socket" in gate.stderr.read()


def test_a_socket_that_does_not_listen_is_refused(manager):
    with socket.socket() as s:
        gate = manager.start(*arguments("smtp", "systemd"), sockets=[s])
        assert gate.wait(60) == 74
        assert "no listening socket" in gate.stderr.read()


def test_who_connects_while_nothing_runs_is_served_by_the_next(manager):
    with listener() as s:
        gate = manager.start(*arguments("smtp", "systemd"), sockets=[s])
        assert manager.told() == "READY=1"
        manager.stop(gate)
        results = []
        waiting = threading.Thread(target=lambda: results.append(send_mail(s.getsockname())))
        waiting.start()
        gate = manager.start(*arguments("smtp", "systemd"), sockets=[s])
        waiting.join()
        assert results == [{}]
        manager.stop(gate)


def test_restarts_under_load_lose_nothing_and_leave_the_socket(manager):
    """MTAs that open, use and close connections all the time see nothing of ten restarts."""
    done, faults, over = [], [], threading.Event()

    def visit(path):
        while not over.is_set():
            try:
                with Mta(path) as mta:
                    mta.client()
                    done.append(b"dmarc=pass" in mta.message(message().encode()))
            except Exception as fault:  # whatever goes wrong is the finding
                faults.append(repr(fault))
                return

    with listener(manager.folder) as s:
        mtas = [threading.Thread(target=visit, args=(s.getsockname(),)) for _ in range(4)]
        for mta in mtas:
            mta.start()
        for _ in range(10):
            gate = manager.start(*arguments("milter", "systemd"), sockets=[s])
            assert manager.told() == "READY=1"
            before = len(done)
            while len(done) < before + 8 and not faults:
                over.wait(0.01)
            manager.stop(gate)
            assert manager.told() == "STOPPING=1"
        gate = manager.start(*arguments("milter", "systemd"), sockets=[s])
        over.set()
        for mta in mtas:
            mta.join()
        manager.stop(gate)
    assert faults == []
    assert all(done)
    assert (manager.folder / "handed.sock").exists()


def test_keys_come_as_credentials(manager):
    credentials = manager.folder / "credentials"
    credentials.mkdir()
    subprocess.run([TODOKU, "dkim", "keygen", "--domain", "example.jp", "--selector", "mail", "--out",
                    credentials / "keys_mail.pem"], check=True, capture_output=True)
    (manager.folder / "keys.table").write_text("example.jp mail keys/mail.pem\n")
    with listener(manager.folder) as s:
        gate = manager.start(*arguments("milter", "systemd"), "--keys", manager.folder / "keys.table", "--internal", "192.0.2.1",
                             sockets=[s], CREDENTIALS_DIRECTORY=str(credentials))
        assert manager.told() == "READY=1", gate.stderr.read()
        with Mta(s.getsockname()) as mta:
            mta.client()
            signed = mta.message(message().encode())
        manager.stop(gate)
    assert signed.startswith(b"DKIM-Signature:") and b"s=mail" in signed
