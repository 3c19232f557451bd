"""`todoku web` as a client meets it: the program's own answers, and nobody who may not ask, breaks it or reaches out of it."""
import concurrent.futures
import contextlib
import gzip
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

import jsonschema
import pytest
import yaml

from web_server import ROOT, TODOKU, Server

EXAMPLES = sorted(p.name for p in (ROOT / "examples").glob("*.eml"))
API = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
BOUNCE = (ROOT / "examples/gmail-spf-hard-fail.eml").read_bytes()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("web"))
    yield server
    server.end()


def program(*arguments, stdin=b""):
    return subprocess.run([TODOKU, *arguments], input=stdin, capture_output=True, timeout=60, cwd=ROOT,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}).stdout


def referred(schema):
    """With what it refers to in its place: a file, or a part of the API's own."""
    if isinstance(schema, list):
        return [referred(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and schema["$ref"].startswith("../"):
        return json.loads((ROOT / "docs" / schema["$ref"]).read_text())
    if "$ref" in schema:
        part = API
        for name in schema["$ref"].removeprefix("#/").split("/"):
            part = part[name]
        return referred(part)
    return {name: referred(s) for name, s in schema.items()}


def hold(path, method, status, fields, body):
    """The answer against what docs/openapi.yaml says of it."""
    responses = referred(API["paths"][path][method.lower()]["responses"])
    said = responses.get(str(status), responses.get("default"))
    kind = fields["Content-Type"].split(";")[0]
    assert said is not None and kind in said["content"], (status, kind)
    schema = said["content"][kind].get("schema")
    for line in body.decode().splitlines() if schema else []:
        jsonschema.Draft202012Validator(schema).validate(json.loads(line))


@pytest.mark.parametrize("name", EXAMPLES)
def test_why_answers_as_the_program_does(server, name):
    bounce = (ROOT / "examples" / name).read_bytes()
    status, fields, body = server.ask("POST", "/api/why", bounce)
    assert (status, fields["Content-Type"]) == (200, "application/jsonl; charset=utf-8")
    assert body == program("why", "--json", "--offline", stdin=bounce)
    hold("/api/why", "post", status, fields, body)
    status, fields, body = server.ask("POST", "/api/why?dns=0&lang=ja", bounce, Accept="text/html")
    assert body == program("why", "--format", "html", "--offline", "--lang", "ja", stdin=bounce)


def test_a_page_has_the_record_that_the_dns_proves(server):
    status, _, body = server.ask("POST", "/api/why", BOUNCE, Accept="text/html")
    assert status == 200 and b"v=spf1 ip4:192.0.2.25 include:_spf.esp.example ip4:198.51.100.7 -all" in body
    (line,) = server.ask("POST", "/api/why?dns=1", BOUNCE)[2].splitlines()
    assert json.loads(line)["dns"]["state"] == "still"


@pytest.mark.parametrize("path", ["/api/check?domain=example.jp", "/api/check?domain=example.jp&ip=192.0.2.25&bulk=1&selector=s"])
def test_check_is_held_by_its_schema(server, path):
    status, fields, body = server.ask("GET", path)
    assert status == 200 and json.loads(body)["domain"] == "example.jp"
    hold("/api/check", "get", status, fields, body)
    assert b"<article" in server.ask("GET", path, Accept="text/html")[2]


def test_verify_is_held_by_its_schema(server):
    status, fields, body = server.ask("POST", "/api/verify?ip=192.0.2.25&mail-from=a@example.jp", BOUNCE)
    assert status == 200 and json.loads(body)["spf"]["result"] == "fail"
    hold("/api/verify", "post", status, fields, body)
    assert b"<article" in server.ask("POST", "/api/verify", BOUNCE, Accept="text/html")[2]


def test_codes_are_held_by_their_schema(server):
    status, fields, body = server.ask("GET", "/api/codes")
    hold("/api/codes", "get", status, fields, body)
    replies = [json.loads(line) for line in body.splitlines()]
    assert len(replies) > 50 and {r["receiver"] for r in replies} == {"google"}
    assert any("hard fail policy" in r["reply"].replace("\n", " ").replace("  ", " ") or "hard" in r["reply"] for r in replies)
    receivers = [json.loads(line)["receiver"] for line in server.ask("GET", "/api/codes?receiver=")[2].splitlines()]
    assert {"google", "microsoft"} <= set(receivers)
    status, fields, body = server.ask("GET", "/api/codes?receiver=nobody")
    assert status == 404
    hold("/api/codes", "get", status, fields, body)


@pytest.mark.parametrize("method, path, status, kind", [
    ("GET", "/nothing", 404, "not-found"), ("GET", "/../etc/passwd", 404, "not-found"), ("GET", "/api/why", 405, "method-not-allowed"),
    ("POST", "/", 405, "method-not-allowed"), ("POST", "/api/check?domain=example.jp", 405, "method-not-allowed"),
    ("GET", "/api/check", 400, "bad-request"), ("GET", "/api/check?domain=", 400, "bad-request"),
    ("GET", "/api/check?domain=192.0.2.1", 400, "bad-request"), ("GET", "/api/check?domain=example.jp&zone=/etc/passwd", 400, "bad-request"),
    ("GET", "/api/check?domain=example.jp&ip=x", 400, "bad-request"),
    ("POST", "/api/why?catalog=/etc", 400, "bad-request"), ("POST", "/api/verify?domain=a", 400, "bad-request"),
])
def test_what_goes_wrong_is_a_problem(server, method, path, status, kind):
    got, fields, body = server.ask(method, path, b"550 x" if method == "POST" else None)
    problem = json.loads(body)
    assert (got, problem["status"], problem["type"]) == (status, status, f"urn:todoku:problem:{kind}")
    assert fields["Content-Type"] == "application/problem+json"
    jsonschema.Draft202012Validator(referred(API["components"]["schemas"]["problem"])).validate(problem)


def test_no_value_becomes_an_option(server):
    assert json.loads(server.ask("GET", "/api/check?domain=--help")[2])["domain"] == "--help"
    assert b"--selector" in server.ask("GET", "/api/check?domain=example.jp&selector=--zone%3D/etc/passwd")[2]
    assert server.ask("POST", "/api/verify?helo=--html", BOUNCE)[1]["Content-Type"].startswith("application/jsonl")


def test_an_input_that_cannot_be_read_is_a_problem(server):
    status, _, body = server.ask("POST", "/api/why", b"\x1f\x8b\x08\x00" + b"\xff" * 100)
    assert status == 422 and json.loads(body)["detail"]


def test_a_packed_log_is_read(server):
    status, _, body = server.ask("POST", "/api/why", gzip.compress((ROOT / "examples/postfix.log").read_bytes()))
    assert status == 200 and len(body.splitlines()) > 1


def test_japanese_in_its_old_charsets_is_read_without_files(server):
    mail = ("From: MAILER-DAEMON@example.jp\nSubject: Undelivered Mail\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
            "<taro@example.com>: 宛先が見つかりません\n550 5.1.1 ユーザー不明①\n").encode("iso2022_jp_ext", "replace")
    for charset in ("shift_jis", "euc_jp", "gb18030", "koi8-r"):
        body = mail.replace(b"iso-2022-jp", charset.encode())
        assert server.ask("POST", "/api/why", body)[2] == program("why", "--json", "--offline", stdin=body)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.nip.io", "localhost.evil.example", ""])
@pytest.mark.parametrize("path", ["/", "/api/codes", "/metrics", "/healthz"])
def test_a_name_that_rebinds_gets_nothing(server, host, path):
    status, _, body = server.ask("GET", path, Host=host)
    assert status in (400, 421) and b"google" not in body


@pytest.mark.parametrize("fields", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}])
def test_another_sites_page_gets_nothing(server, fields):
    status, _, body = server.ask("POST", "/api/why", BOUNCE, **fields)
    assert status == 403 and json.loads(body)["type"].endswith("wrong-origin")


def test_every_answer_forbids_what_the_page_does_not_need(server):
    for method, path in (("GET", "/"), ("GET", "/page.js"), ("POST", "/api/why"), ("GET", "/nothing"), ("GET", "/healthz")):
        _, fields, _ = server.ask(method, path, b"550 5.1.1 x" if method == "POST" else None)
        policy = fields["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src 'self'" in policy
        assert fields["X-Content-Type-Options"] == "nosniff" and fields["Referrer-Policy"] == "no-referrer"


def test_the_page_has_no_inline_script_and_nothing_from_elsewhere(server):
    page = server.ask("GET", "/")[2].decode()
    assert "<script src=\"page.js\"" in page and page.count("<script") == 1 and "style=" not in page and " on" + "click" not in page
    assert "https://" not in page and "http://" not in page


def test_head_has_no_body(server):
    status, fields, body = server.ask("HEAD", "/")
    assert status == 200 and body == b""


def test_who_has_no_token_gets_nothing(tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    server = Server(tmp_path, "--token", str(tmp_path / "token"))
    for path in ("/api/codes", "/metrics"):
        assert server.ask("GET", path)[0] == 401
        assert server.ask("GET", path, Authorization="Bearer s3cre")[0] == 401
        assert server.ask("GET", path, Authorization="Bearer s3cret")[0] == 200
    assert server.ask("POST", "/api/why", BOUNCE)[0] == 401
    assert server.ask("GET", "/")[0] == 200 and server.ask("GET", "/healthz")[0] == 200
    server.end()


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:80", "localhost", "127.0.0.1", ""])
def test_others_reach_it_only_with_a_token(address):
    done = subprocess.run([TODOKU, "web", "--listen", address], capture_output=True, timeout=20)
    assert done.returncode == 64 and b"--token" in done.stderr


def test_a_name_of_its_own_is_taken(tmp_path):
    server = Server(tmp_path, "--host", "todoku.example.jp")
    assert server.ask("GET", "/", Host="todoku.example.jp")[0] == 200
    assert server.ask("GET", "/", Host="other.example.jp")[0] == 421
    server.end()


def test_more_than_25_mb_is_refused(server):
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26214401\r\n\r\n" + b"x" * 1000)
    assert b" 413 " in connection.recv(1000)
    connection.close()
    assert server.ask("GET", "/healthz")[0] == 200


@pytest.mark.parametrize("said", [
    b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"\x16\x03\x01\x02\x00\x01", b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf",
    b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n\r\n",
    b"GET /%00%zz?%=&&=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET http://[::1/ HTTP/9.9\r\n\r\n", b"\r\n\r\n\0\0",
    b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
])
def test_half_and_wrong_requests_harm_nobody(server, said):
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(said)
    assert server.ask("POST", "/api/why", BOUNCE)[0] == 200
    connection.close()
    assert server.process.poll() is None


def children(server):
    pid = server.process.pid
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_worker_that_is_killed_is_a_problem_and_no_loss_to_others(server):
    big = (ROOT / "examples/postfix.log").read_bytes() * 3000
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        victims = [pool.submit(server.ask, "POST", "/api/why?summary=1", big) for _ in range(4)]
        killed = 0
        while not all(v.done() for v in victims):
            for pid in children(server):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
            time.sleep(0.002)
        statuses = {v.result()[0] for v in victims}
    assert killed > 0 and statuses <= {200, 500, 503} and 500 in statuses
    assert server.ask("POST", "/api/why", BOUNCE)[0] == 200
    assert server.metric("todoku_jobs_running") == 0 and server.metric("todoku_jobs_died_total") > 0


def test_many_clients_are_all_answered(server):
    wanted = program("why", "--json", "--offline", stdin=BOUNCE)
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(200)]
    for i, connection in enumerate(idle):
        connection.sendall(b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"[: 5 + i % 60])
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda _: server.ask("POST", "/api/why", BOUNCE), range(400)))
    assert [a[0] for a in answers] == [200] * 400 and {a[2] for a in answers} == {wanted}
    for connection in idle:
        connection.close()


def test_a_worker_has_neither_files_nor_network(tmp_path, server):
    """Its system calls, looked at from outside: seccomp is on, and it may not gain privileges."""
    big = (ROOT / "examples/postfix.log").read_bytes() * 10000
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(server.ask, "POST", "/api/why?summary=1", big)
        seen = set()
        while not answer.done():
            for pid in children(server):
                try:
                    text = pathlib.Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
                seen.add((fields["Seccomp"].strip(), fields["NoNewPrivs"].strip()))
    assert ("2", "1") in seen
    assert answer.result()[0] in (200, 503)


def test_metrics_count_what_was_answered(server):
    before = server.ask("GET", "/metrics")[2].decode()
    assert server.ask("GET", "/healthz")[0] == 200
    after = server.ask("GET", "/metrics")[2].decode()
    line = 'todoku_http_requests_total{route="healthz",status="2xx"} '
    count = [int(next(x for x in text.splitlines() if x.startswith(line)).split()[-1]) for text in (before, after)]
    assert count[1] == count[0] + 1


def test_bodies_that_never_end_are_bounded_and_others_are_answered(server):
    """Forty clients that each hold 24 of their 25 MB: beyond the budget connections end, and nobody else notices."""
    piece, held = b"x" * (1 << 20), []
    for _ in range(40):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        held.append(connection)
        with contextlib.suppress(OSError):
            connection.sendall(b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26000000\r\n\r\n")
            for _ in range(24):
                connection.sendall(piece)
    assert 100 << 20 < server.metric("todoku_buffers_bytes") < 600 << 20
    assert server.ask("GET", "/healthz")[0] == 200
    for connection in held:
        connection.close()
    assert server.ask("POST", "/api/why", BOUNCE)[0] == 200


def test_an_answer_that_is_read_slowly_keeps_nobody_waiting(server):
    slow = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    log = (ROOT / "examples/postfix.log").read_bytes() * 1000
    slow.sendall(b"POST /api/why HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(log) + log)
    assert server.ask("POST", "/api/why", BOUNCE)[0] == 200
    received = b""
    while piece := slow.recv(1 << 16):
        received += piece
    assert received.partition(b"\r\n\r\n")[2] == program("why", "--json", "--offline", stdin=log)
    slow.close()
