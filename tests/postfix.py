"""Postfix, unpacked from Debian's packages below the build folder and run on loopback: a submission port, a queue of its
own, and a log. Needs root, as Postfix does."""
import atexit
import os
import pathlib
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNPACKED = ROOT / "build/peers/postfix"
PACKAGES = ["postfix", "libicu72|libicu76", "libsasl2-2", "libdb5.3|libdb5.3t64", "libnsl2"]


def is_installed(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", package], capture_output=True)
    return done.stdout == b"installed"


def unpack():
    if (UNPACKED / "done").exists():
        return
    UNPACKED.mkdir(parents=True, exist_ok=True)
    for names in PACKAGES:
        names = names.split("|")
        if any(is_installed(n) and n != "postfix" for n in names):
            continue
        for name in names:
            if subprocess.run(["apt-get", "download", "-q", name], cwd=UNPACKED, capture_output=True).returncode == 0:
                break
        else:
            raise RuntimeError(f"none of {names} can be downloaded")
    for package in UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
    (UNPACKED / "done").touch()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def folder_for_all(prefix):
    """Postfix's unprivileged processes must get there: pytest closes its own folders whenever another run of it begins."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    return folder


class Postfix:
    """Relays all it is given to `relay` ("127.0.0.1:2525"); `settings` are main.cf's."""

    def __init__(self, relay, settings=None, smtpd="", smtp=""):
        unpack()
        self.folder = folder_for_all("postfix-")
        self.port = free_port()
        self.log = self.folder / "log"
        for name in ("conf", "queue", "data"):
            (self.folder / name).mkdir()
        subprocess.run(["chown", "nobody", self.folder / "data"], check=True)
        host, port = relay.rsplit(":", 1)
        main = {
            "compatibility_level": "3.6", "daemon_directory": UNPACKED / "usr/lib/postfix/sbin",
            "command_directory": UNPACKED / "usr/sbin", "shlib_directory": UNPACKED / "usr/lib/postfix",
            "meta_directory": UNPACKED / "etc/postfix", "queue_directory": self.folder / "queue",
            "data_directory": self.folder / "data", "mail_owner": "nobody", "setgid_group": "tty", "default_privs": "daemon",
            "import_environment": "MAIL_CONFIG LD_LIBRARY_PATH", "maillog_file": self.log, "maillog_file_prefixes": "/",
            "myhostname": "mail.example.jp", "mydestination": "", "mynetworks": "127.0.0.0/8", "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4", "relayhost": f"[{host}]:{port}", "alias_maps": "", "local_recipient_maps": "",
            "smtp_tls_security_level": "none", "smtp_host_lookup": "native", "disable_dns_lookups": "yes",
            "notify_classes": "", "minimal_backoff_time": "1s", "maximal_backoff_time": "2s", "queue_run_delay": "1s",
            "smtputf8_enable": "yes", "smtpd_recipient_restrictions": "permit_mynetworks reject",
            # the bounce must come back somewhere that a test can see: a mailbox
            "virtual_mailbox_domains": "bounces.example", "virtual_mailbox_base": self.folder / "mail",
            "virtual_mailbox_maps": "inline:{{returns@bounces.example=returns/}}", "virtual_uid_maps": f"static:{os.getuid() or 65534}",
            "virtual_gid_maps": "static:65534", **(settings or {}),
        }
        (self.folder / "mail").mkdir()
        subprocess.run(["chown", "65534:65534", self.folder / "mail"], check=True)
        (self.folder / "conf/main.cf").write_text("".join(f"{k} = {v}\n" for k, v in main.items()))
        (self.folder / "conf/master.cf").write_text(
            f"127.0.0.1:{self.port} inet n - n - - smtpd{smtpd}\n" +
            "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 1 1 qmgr\n"
            "rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n"
            "trace unix - - n - 0 bounce\nverify unix - - n - 1 verify\nproxymap unix - - n - - proxymap\n"
            f"smtp unix - - n - - smtp{smtp}\nrelay unix - - n - - smtp{smtp}\nerror unix - - n - - error\n"
            "retry unix - - n - - error\nvirtual unix - n n - - virtual\nanvil unix - - n - 1 anvil\n"
            "scache unix - - n - 1 scache\ntlsmgr unix - - n 1000? 1 tlsmgr\npostlog unix-dgram n - n - 1 postlogd\n")
        self.make_queue()
        self.environment = {**os.environ, "MAIL_CONFIG": str(self.folder / "conf"), "LD_LIBRARY_PATH": ":".join(
            [str(UNPACKED / "usr/lib/postfix")] + [str(p) for p in (UNPACKED / "usr/lib").glob("*-linux-gnu")])}
        self.process = subprocess.Popen([UNPACKED / "usr/lib/postfix/sbin/master", "-c", self.folder / "conf", "-d"],
                                        env=self.environment, stdout=subprocess.DEVNULL, stderr=open(self.folder / "stderr", "w"),
                                        start_new_session=True)
        self.wait_for_port()

    def make_queue(self):
        queue = self.folder / "queue"
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"):
            (queue / name).mkdir()
            subprocess.run(["chown", "nobody", queue / name], check=True)
            os.chmod(queue / name, 0o700)
        for name in ("maildrop", "public"):
            (queue / name).mkdir()
            subprocess.run(["chown", "nobody:tty", queue / name], check=True)
            os.chmod(queue / name, 0o730 if name == "maildrop" else 0o710)
        (queue / "pid").mkdir()

    def wait_for_port(self):
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    if s.recv(3) == b"220":
                        return
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError("Postfix did not start: " + (self.folder / "stderr").read_text() + (self.log.read_text() if self.log.exists() else ""))

    def send(self, sender, recipient, message, **options):
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as s:
            return s.sendmail(sender, [recipient], message, **options)

    def read_log(self):
        return self.log.read_text() if self.log.exists() else ""

    def wait_for(self, pattern, seconds=20):
        """The first match in its log."""
        for _ in range(int(seconds / 0.05)):
            found = re.search(pattern, self.read_log())
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{pattern} is not in Postfix's log:\n" + self.read_log())

    def bounces(self):
        return [p.read_bytes() for p in sorted((self.folder / "mail").rglob("new/*"))]

    def wait_for_bounce(self, n=1, seconds=20):
        for _ in range(int(seconds / 0.05)):
            if len(self.bounces()) >= n:
                return self.bounces()[n - 1]
            time.sleep(0.05)
        raise AssertionError("no bounce came:\n" + self.read_log())

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait()
