"""NSD, a real name server, unpacked from Debian's packages below the build folder and run on loopback."""
import os
import pathlib
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNPACKED = ROOT / "build/peers/nsd"
PACKAGES = ["nsd", "libprotobuf-c1", "libfstrm0"]
HEAD = ". 60 IN SOA ns.example. admin.example. 1 3600 600 86400 5\n. 60 IN NS ns.example.\n"


def unpack():
    if (UNPACKED / "done").exists():
        return
    UNPACKED.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=UNPACKED, check=True, capture_output=True)
    for package in UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
    (UNPACKED / "done").touch()


def free_port(wanted=0):
    """A port that nobody has, neither with UDP nor with TCP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            udp.bind(("127.0.0.1", wanted))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                if wanted:
                    raise
                continue
            return udp.getsockname()[1]


class Nsd:
    """Serves the root zone with `records` in it; knows nothing else."""

    def __init__(self, folder, records, port=0):
        unpack()
        self.folder = pathlib.Path(folder)
        self.port = free_port(port)
        self.address = f"127.0.0.1:{self.port}"
        (self.folder / "nsd.conf").write_text(
            f'server:\n ip-address: 127.0.0.1@{self.port}\n username: ""\n zonesdir: "{self.folder}"\n database: ""\n'
            f' pidfile: "{self.folder}/pid"\n logfile: "{self.folder}/log"\n zonelistfile: "{self.folder}/list"\n'
            f' xfrdfile: "{self.folder}/xfrd"\n xfrdir: "{self.folder}"\n server-count: 1\n'
            'remote-control:\n control-enable: no\nzone:\n name: "."\n zonefile: "zone"\n')
        self.process = None
        self.serve(records)

    def serve(self, records):
        """Starts with these records, in place of those before."""
        self.close()
        (self.folder / "zone").write_text(HEAD + records)
        libraries = ":".join(str(p) for p in (UNPACKED / "usr/lib").glob("*-linux-gnu"))
        self.process = subprocess.Popen([UNPACKED / "usr/sbin/nsd", "-d", "-c", self.folder / "nsd.conf"],
                                        env={**os.environ, "LD_LIBRARY_PATH": libraries}, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self.answers():
                return
            time.sleep(0.05)
        self.close()
        raise RuntimeError("nsd did not start: " + (self.folder / "log").read_text())

    def answers(self):
        question = b"\0\1\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1"  # . NS
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.2)
            try:
                s.sendto(question, ("127.0.0.1", self.port))
                return s.recv(512)[3] & 15 == 0
            except OSError:
                return False

    def close(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
