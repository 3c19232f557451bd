"""Public suites: beside the clone where someone put them, else fetched below the build folder from Debian's sources."""
import hashlib
import pathlib
import re
import subprocess
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / "../shared/suites"
FETCHED = ROOT / "build/suites"
PYSPF = ("pool/main/p/pyspf/pyspf_2.0.14.orig.tar.gz", "57a7ef01bda090173aafb6af0106251686ed73f03db4e911fcd34c57fc347186")


def debian_mirrors():
    """The archives that apt asks on this machine."""
    folder = pathlib.Path("/etc/apt")
    for path in [*sorted(folder.glob("sources.list.d/*.sources")), *sorted(folder.glob("sources.list.d/*.list")),
                 folder / "sources.list"]:
        if path.exists():
            yield from re.findall(r"(?m)^(?:URIs:|deb(?: \[[^]]*\])?)\s+(https?://\S+/debian)/?(?:\s|$)", path.read_text())


def fetch(path, checksum, to):
    for mirror in dict.fromkeys([*debian_mirrors(), "http://deb.debian.org/debian"]):
        done = subprocess.run(["/usr/lib/apt/apt-helper", "-q", "download-file", f"{mirror}/{path}", to, f"SHA256:{checksum}"],
                              capture_output=True, text=True)
        if done.returncode == 0 and hashlib.sha256(to.read_bytes()).hexdigest() == checksum:
            return
    raise RuntimeError(f"{path} could not be fetched: {done.stderr}")


def pyspf(name):
    """A file of pyspf's tests, which hold the SPF project's suites for RFC 4408 and RFC 7208."""
    path = FETCHED / "pyspf-2.0.14/test" / name
    if not path.exists():
        FETCHED.mkdir(parents=True, exist_ok=True)
        fetch(*PYSPF, FETCHED / "pyspf.tar.gz")
        with tarfile.open(FETCHED / "pyspf.tar.gz") as tar:
            tar.extractall(FETCHED)
    return path
