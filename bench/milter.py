"""The milter against opendkim, both with the same message and the same name server, in a network of their own."""
import json
import os
import pathlib
import subprocess
import sys
import time

import gate  # finds those of tests
import nsd
import postfix
from milter_client import Mta

ROOT = pathlib.Path(__file__).resolve().parent.parent

TODOKU, CLIENT = str(ROOT / "build/todoku"), ROOT / "build/bench/milter_client"
UNPACKED = ROOT / "build/peers/opendkim"
PACKAGES = ["opendkim", "libopendkim11", "libmilter1.0.1", "libvbr2", "librbl1", "libmemcached11", "libhashkit2", "liblua5.3-0",
            "libopendbx1", "libbsd0", "libldap-2.5-0", "libdb5.3"]
MESSAGES, CONNECTIONS = 8000, 4


def unpack():
    """False: the peer cannot be had here."""
    if (UNPACKED / "done").exists():
        return True
    UNPACKED.mkdir(parents=True, exist_ok=True)
    wanted = [p for p in PACKAGES if p == "opendkim" or not postfix.is_installed(p)]
    if subprocess.run(["apt-get", "download", "-q", *wanted], cwd=UNPACKED, capture_output=True).returncode != 0:
        return False
    for package in UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
    (UNPACKED / "done").touch()
    return True


def wait_for(path):
    for _ in range(200):
        if os.path.exists(path):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{path} did not appear")


def start_todoku(folder):
    process = subprocess.Popen([TODOKU, "gate", "--milter", f"unix:{folder}/ours", "--mode", "enforce", "--dns", "127.0.0.1", "--quiet"],
                               stderr=subprocess.DEVNULL)
    wait_for(folder / "ours")
    return process


def start_opendkim(folder):
    (folder / "nobody").write_text("198.51.100.99\n")
    (folder / "opendkim.conf").write_text(
        f"Mode v\nSyslog no\nBackground no\nSocket local:{folder}/peer\nInternalHosts {folder}/nobody\nNameservers 127.0.0.1\n"
        f"ExternalIgnoreList {folder}/nobody\nPeerList {folder}/nobody\n")
    libraries = ":".join(str(p) for p in (UNPACKED / "usr/lib", *(UNPACKED / "usr/lib").glob("*-linux-gnu")))
    process = subprocess.Popen([UNPACKED / "usr/sbin/opendkim", "-f", "-x", folder / "opendkim.conf"],
                               env={**os.environ, "LD_LIBRARY_PATH": libraries}, stderr=subprocess.DEVNULL)
    wait_for(folder / "peer")
    return process


def blast(path, folder, connections):
    """Messages a second, and the median answer in milliseconds."""
    out = subprocess.run([CLIENT, path, str(connections), str(MESSAGES), folder / "wire"], capture_output=True, text=True, check=True)
    return [float(word) for word in out.stdout.split()][:2]


def cpu(process):
    """Seconds it has worked."""
    words = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def check(path, folder):
    """A wrong answer has no speed."""
    with Mta(str(path)) as mta:
        mta.client("192.0.2.25")
        assert b"dkim=pass" in mta.message((folder / "wire").read_bytes(), sender="<shop@example.jp>"), path


def measure(folder, process, name):
    check(folder / name, folder)
    rates, medians = [], []
    before = cpu(process)
    for _ in range(3):
        rate, _ = blast(folder / name, folder, CONNECTIONS)
        _, median = blast(folder / name, folder, 1)
        rates.append(rate)
        medians.append(median)
    return {"rate": max(rates), "median": min(medians), "cpu": (cpu(process) - before) / (6 * MESSAGES)}


def inside(folder):
    """Both, one after the other, where port 53 is ours."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    server = nsd.Nsd(folder / "nsd", (folder / "zone").read_text(), 53)
    told = {}
    for name, start in (("ours", start_todoku), ("peer", start_opendkim)):
        if name == "ours" or (UNPACKED / "done").exists():
            process = start(folder)
            told[name] = measure(folder, process, name)
            process.terminate()
            process.wait()
    server.close()
    print(json.dumps(told))


def figures(folder):
    has_peer = unpack()
    for name in ("ours", "peer", "key"):
        (folder / name).unlink(missing_ok=True)
    (folder / "nsd").mkdir(exist_ok=True)
    nsd.unpack()
    gate.sign(folder)
    (folder / "wire").write_bytes((folder / "signed").read_bytes().replace(b"\n", b"\r\n"))
    done = subprocess.run(["unshare", "--net", sys.executable, __file__, folder], capture_output=True, text=True)
    if done.returncode != 0:
        yield ("milter: a message of 9.4 kB", "not measured", "no network namespace can be had: " + done.stderr[-80:].strip(), None, "", None)
        return
    told = json.loads(done.stdout)
    ours, peer = told["ours"], told.get("peer")
    yield ("milter: a message of 9.4 kB, judged in full, a core", f"{1 / ours['cpu']:,.0f}/s", f"median {ours['median']:.2f} ms", None,
           "12,000/s", 1 / ours["cpu"] >= 12000)
    if not has_peer:
        yield ("milter: the same", "not measured", "opendkim cannot be had", None, "", None)
        return
    for what, mine, its, ratio in (("its rate, four connections", f"{ours['rate']:,.0f}/s", f"{peer['rate']:,.0f}/s", ours["rate"] / peer["rate"]),
                                   ("messages a second of CPU", f"{1 / ours['cpu']:,.0f}", f"{1 / peer['cpu']:,.0f}", peer["cpu"] / ours["cpu"])):
        yield (f"milter: {what}", mine, f"opendkim, DKIM alone {its}", ratio, "at least 8", ratio >= 8)


if __name__ == "__main__":
    inside(pathlib.Path(sys.argv[1]))
