"""./dev bench: every speed as a ratio to a peer or a floor, both taken in this run.

A figure that is missed is told, and is no failure: machines differ, and so do their neighbours."""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import time

import gate
import logs
import milter

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
TODOKU = str(BUILD / "todoku")
SUITE = ROOT / "../shared/suites/bounces/bsd"
LOG_LINES = 2_000_000
OTHER_LOG_SIZE = 60_000_000
DISCARD = subprocess.DEVNULL


def wall(command, core=None, **more):
    """Seconds of one run."""
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    began = time.perf_counter()
    subprocess.run(command, stdout=more.pop("stdout", DISCARD), stderr=DISCARD, **more)
    return time.perf_counter() - began


def spawn(argv):
    """The same for a very short run: nothing but spawn and wait."""
    null = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    began = time.perf_counter()
    os.waitpid(os.posix_spawn(argv[0], argv, os.environ, file_actions=null), 0)
    return time.perf_counter() - began


def memory(argv):
    """Peak memory in kB."""
    return int(subprocess.run([BUILD / "bench/bench", "--memory", *argv], capture_output=True, text=True, check=True).stdout)


def in_turn(times, *runs):
    """Each run several times, one after the other, so that a busy moment hits all of them."""
    taken = [[] for _ in runs]
    for _ in range(times):
        for list_, run in zip(taken, runs):
            list_.append(run())
    return taken


def missing(figure, package):
    """A row whose peer was not there when the programs were built."""
    return (figure, "not measured", f"{package} is missing", None, "", None)


def in_memory():
    folder = SUITE if SUITE.is_dir() else ROOT / "examples"
    folders = [SUITE.parent / name for name in ("bsd", "dos", "mac", "not")] if folder == SUITE else [folder]
    out = subprocess.run([BUILD / "bench/bench", *folders], capture_output=True, text=True, check=True).stdout
    b = json.loads(out)
    s = b["seconds"]
    where = "the collection" if folder == SUITE else "the project's own examples (the collection is not there)"
    per_second, mb = b["messages"] / s["bounces"], b["bytes"] / s["bounces"] / 1e6
    replies = b["replies"] / s["replies"]
    yield (f"bounces explained, one core, in memory: {b['messages']} of {where}", f"{per_second:,.0f}/s, {mb:.0f} MB/s",
           f"memchr for line ends {b['bytes'] / s['lines'] / 1e9:.1f} GB/s", s["bounces"] / s["lines"], "60,000/s", per_second >= 6e4)
    figure = f"replies judged, one core: {b['replies']}, {b['reply_bytes'] // b['replies']} bytes each, {b['rules']} rules"
    if s["literals"] > 0:
        peer = b["replies"] / s["literals"]
        yield (figure, f"{replies:,.0f}/s", f"Hyperscan, literals alone {peer:,.0f}/s", replies / peer, "at least 1", replies >= peer)
    else:
        yield missing(figure, "libhyperscan-dev")
    yield (f"the same with {b['rules_twice']} rules", f"{b['replies'] / s['twice']:,.0f}/s", f"{b['rules']} rules",
           s["twice"] / s["replies"], "at most 1.1", s["twice"] / s["replies"] <= 1.1)


def start_up():
    argv = [TODOKU, "why", "--offline", str(ROOT / "examples/gmail-spf-hard-fail.eml")]
    floor, ours = in_turn(200, lambda: spawn(["/bin/true"]), lambda: spawn(argv))
    f, o = statistics.median(floor), statistics.median(ours)
    peak = max(memory(argv) for _ in range(5))
    yield ("one bounce on the command line", f"{o * 1e3:.2f} ms", f"/bin/true {f * 1e3:.2f} ms", o / f, "at most 5", o / f <= 5)
    yield ("its peak memory", f"{peak / 1024:.1f} MB", None, None, "under 8 MB", peak < 8192)


def write_log(path):
    """A busy server's day: one line in fifty a failure, five lines a message."""
    rng = random.Random(20261123)
    hex_ = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
    failures = [
        "dsn=5.1.1, status=bounced (host gmail-smtp-in.l.google.com[142.251.8.27] said: 550-5.1.1 The email account that you tried to "
        "reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary "
        "spaces. For more information, go to 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id}.{n} - gsmtp (in reply to RCPT TO command))",
        "dsn=5.7.26, status=bounced (host gmail-smtp-in.l.google.com[142.251.8.27] said: 550-5.7.26 The MAIL FROM domain [example.jp] has an "
        "SPF record with a hard fail 550-5.7.26 policy (-all) but it fails to pass SPF checks with the ip: 550-5.7.26 [192.0.2.{n}]. "
        "{id} - gsmtp (in reply to end of DATA command))",
        "dsn=4.4.1, status=deferred (connect to mx.example.net[198.51.100.{n}]:25: Connection timed out)",
        "dsn=4.2.2, status=deferred (host mx.example.com[203.0.113.{n}] said: 452 4.2.2 <u{n}@example.com> mailbox full (in reply to RCPT TO command))",
    ]
    with open(path, "w") as log:
        for message in range(LOG_LINES // 5):
            second = message * 86400 // (LOG_LINES // 5)
            when = f"Nov 23 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02} mail postfix"
            id_ = "4" + "".join(rng.choices(hex_, k=14))
            n = rng.randrange(1, 255)
            outcome = rng.choice(failures).format(id=id_.lower(), n=n) if message % 10 == 0 else (
                f"dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {id_[::-1]})")
            log.write(
                f"{when}/smtpd[{2000 + n}]: {id_}: client=app.example.jp[192.0.2.80]\n"
                f"{when}/cleanup[{2300 + n}]: {id_}: message-id=<{message}.{id_}@example.jp>\n"
                f"{when}/qmgr[901]: {id_}: from=<info{n}@example.jp>, size={3000 + n}, nrcpt=1 (queue active)\n"
                f"{when}/smtp[{2600 + n}]: {id_}: to=<user{message}@gmail.com>, relay=gmail-smtp-in.l.google.com[142.251.8.27]:25, "
                f"delay=2.1, delays=0.1/0/0.9/1.1, {outcome}\n"
                f"{when}/qmgr[901]: {id_}: removed\n")


def log_speed():
    path = BUILD / "bench-mail.log"
    if not path.exists():
        write_log(path)
    size = path.stat().st_size
    core = max(os.sched_getaffinity(0))
    # through a pipe: grep stops at the first match where nobody reads
    grep = ["grep", "-c", "status=bounced", str(path)]
    ours = [TODOKU, "why", "--json", "--jobs", "1", str(path)]
    floor, taken = in_turn(5, lambda: wall(grep, core, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}), lambda: wall(ours, core))
    f, o = min(floor), min(taken)
    yield (f"a busy Postfix log of {size // 1_000_000} MB, one core", f"{size / o / 1e6:.0f} MB/s",
           f"grep -c {size / f / 1e6:,.0f} MB/s", o / f, "at most 3", o / f <= 3)
    e = min(in_turn(3, lambda: wall(ours[:3] + ours[5:]))[0])
    yield (f"the same on {os.cpu_count()} cores", f"{size / e / 1e6:.0f} MB/s", "one core", e / o, "", None)


def other_logs():
    core = max(os.sched_getaffinity(0))
    for name in logs.FORMATS:
        path = BUILD / f"bench-{name}.log"
        if not path.exists():
            logs.write(path, name, OTHER_LOG_SIZE)
        size = path.stat().st_size
        floor, taken = in_turn(3, lambda: wall(["grep", "-c", "gsmtp", str(path)], core, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}),
                               lambda: wall([TODOKU, "why", "--offline", "--json", "--jobs", "1", str(path)], core))
        f, o = min(floor), min(taken)
        yield (f"a busy log of {name}, {size // 1_000_000} MB, one core", f"{size / o / 1e6:.0f} MB/s", f"grep -c {size / f / 1e6:,.0f} MB/s", o / f,
               "at least 300 MB/s", size / o >= 300e6)


def compressed_logs():
    path = BUILD / "bench-exim.log"
    for command, suffix in (("gzip", "gz"), ("zstd", "zst"), ("xz", "xz")):
        packed = path.with_name(f"{path.name}.{suffix}")
        if not shutil.which(command):
            continue
        if not packed.exists():
            with open(packed, "wb") as out:
                subprocess.run([command, "-c", str(path)], stdout=out, check=True)
        floor, taken = in_turn(3, lambda: wall([command, "-dc", str(packed)]), lambda: wall([TODOKU, "why", "--offline", "--json", str(packed)]))
        f, o = min(floor), min(taken)
        yield (f"the log of exim in {command}, all cores", f"{path.stat().st_size / o / 1e6:.0f} MB/s",
               f"{command} -dc {path.stat().st_size / f / 1e6:,.0f} MB/s", o / f, "at most 1.2", o / f <= 1.2)


def mailbox_speed():
    folder = SUITE if SUITE.is_dir() else ROOT / "examples"
    path, copies = BUILD / "bench.mbox", 300 if folder == SUITE else 10000
    if not path.exists():
        one = b"".join(b"From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n" + p.read_bytes().rstrip(b"\n") + b"\n\n"
                       for p in sorted(folder.glob("*.eml")) if not p.read_bytes().startswith(b"From "))
        with open(path, "wb") as box:
            for _ in range(copies):
                box.write(one)
    size = path.stat().st_size
    ours = [TODOKU, "why", "--json", str(path)]
    one, every = in_turn(3, lambda: wall(ours[:3] + ["--jobs", "1"] + ours[3:]), lambda: wall(ours))
    o, e, peak = min(one), min(every), memory(ours)
    yield (f"a mailbox of {size // 1_000_000} MB, one core, with reading it", f"{size / o / 1e6:.0f} MB/s", None, None, "", None)
    yield (f"the same on {os.cpu_count()} cores", f"{size / e / 1e6:.0f} MB/s", "one core", e / o, "", None)
    yield ("peak memory for it", f"{peak / 1024:.0f} MB", None, None, "bounded", peak < 512 * 1024)


JUDGED = """
ip4.example.com. TXT "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/25 ip4:203.0.113.64/26 -all"
include.example.com. TXT "v=spf1 include:one.example.com -all"
one.example.com. TXT "v=spf1 ip4:198.51.100.0/24 include:two.example.com ~all"
two.example.com. TXT "v=spf1 ip4:192.0.2.0/24 ~all"
mx.example.com. TXT "v=spf1 mx a -all"
mx.example.com. MX 10 mail1.example.com.
mx.example.com. MX 20 mail2.example.com.
mail1.example.com. A 198.51.100.1
mail2.example.com. A 198.51.100.2
_dmarc.example.com. TXT "v=DMARC1; p=reject; sp=quarantine"
"""


def write_judged(folder):
    """The messages both sides judge, signed once; the key record and the zone."""
    if (folder / "zone").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pem").unlink(missing_ok=True)
    sign = [TODOKU, "dkim", "sign", "--domain", "example.com", "--selector", "s", "--key", folder / "pem", "-"]
    made = json.loads(subprocess.run([TODOKU, "dkim", "keygen", "--domain", "example.com", "--selector", "s", "--out", folder / "pem",
                                      "--json"], capture_output=True, check=True).stdout)
    words = random.Random(1)
    header = "".join(f"{name}: {value}\r\n" for name, value in [
        ("From", "Taro <taro@example.com>"), ("To", "hanako@example.org"), ("Subject", "A message of the usual size"),
        ("Date", "Mon, 23 Nov 2026 10:00:00 +0900"), ("Message-ID", "<1@example.com>"), ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"), *((f"X-Trace-{i}", "x" * 60) for i in range(12))])
    for name, size in (("5k", 5_000), ("100k", 100_000)):
        body = ""
        while len(body) < size:
            body += " ".join("x" * words.randrange(1, 12) for _ in range(words.randrange(1, 14))) + "\r\n"
        message = (header + "\r\n" + body).encode()
        signed = subprocess.run(sign, input=message, capture_output=True, check=True).stdout
        (folder / f"{name}.eml").write_bytes(signed)
        if name == "5k":
            field = signed[:len(signed) - len(message)]
            others = [subprocess.run([*sign, "--now", str(1_700_000_000 + i)], input=message, capture_output=True, check=True)
                      .stdout[:-len(message)] for i in range(89)]
            (folder / "90.eml").write_bytes(field + b"".join(others) + message)
    (folder / "key").write_text(made["record"])
    strings = " ".join(f'"{s}"'.replace(";", "\\;") for s in made["strings"])
    (folder / "zone").write_text(JUDGED + f"s._domainkey.example.com. TXT ( {strings} )\n")


def rates(program, folder):
    out = subprocess.run(["taskset", "-c", "0", BUILD / f"bench/{program}", folder], capture_output=True, text=True, check=True).stdout
    return {name: float(rate) for name, rate in (line.split() for line in out.splitlines())}


def judges():
    folder = BUILD / "bench-judged"
    write_judged(folder)
    has_peers = (BUILD / "bench/peers").exists()
    ours, peers = {}, {}
    for _ in range(5):  # in turn, and the best of each counts
        for all_, program in ((ours, "judges"), (peers, "peers")):
            if program == "judges" or has_peers:
                for name, rate in rates(program, folder).items():
                    all_[name] = max(rate, all_.get(name, 0))
    for size in ("5k", "100k"):
        mine, floor = ours[f"dkim-{size}"], ours[f"floor-{size}"]
        yield (f"DKIM verified, RSA-2048, relaxed, body of {size}, one core", f"{mine:,.0f}/s", f"OpenSSL alone {floor:,.0f}/s", mine / floor,
               "at least 0.85", mine / floor >= 0.85)
    many = ours["dkim-5k"] / ours["dkim-90"]
    yield ("a message with 90 different signatures", f"{ours['dkim-90']:,.0f}/s", "with one", many, "at most 20", many <= 20)
    for name, figure, wanted in (("dkim-5k", "DKIM, 5k", 8), ("dkim-100k", "DKIM, 100k", 10), ("spf-ip4", "SPF: addresses alone", 2),
                                 ("spf-include", "SPF: includes", 2), ("spf-mx", "SPF: mx", 2), ("dmarc", "DMARC", 1)):
        peer = "libopendkim" if "dkim" in name else "libspf2" if "spf" in name else "libopendmarc"
        if not has_peers:
            yield missing(figure, peer + "-dev")
            continue
        yield (figure, f"{ours[name]:,.0f}/s", f"{peer} {peers[name]:,.0f}/s", ours[name] / peers[name], f"at least {wanted}",
               ours[name] / peers[name] >= wanted)


def gates():
    folder = BUILD / "bench/gate"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key").unlink(missing_ok=True)
    yield from gate.figures(folder)


def milters():
    folder = BUILD / "bench/milter"
    folder.mkdir(parents=True, exist_ok=True)
    yield from milter.figures(folder)


def main():
    options = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    options.add_argument("--json", action="store_true", help="one object a figure")
    options = options.parse_args()
    if not options.json:
        print(f"{'figure':<74} {'ours':<24} {'floor or peer':<32} {'ratio':>6}  wanted")
    for part in (judges, gates, milters, in_memory, start_up, log_speed, other_logs, compressed_logs, mailbox_speed):
        for figure, ours, floor, ratio, wanted, met in part():
            if options.json:
                print(json.dumps(dict(figure=figure, ours=ours, floor=floor, ratio=ratio, wanted=wanted or None, met=met)))
                continue
            verdict = "" if met is None else "  met" if met else "  MISSED"
            print(f"{figure:<74} {ours:<24} {floor or '':<32} {'' if ratio is None else f'{ratio:.2f}':>6}  {wanted}{verdict}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
