"""The page that needs no server (`./dev page`): the same engine as WebAssembly, the same answers, and no mail leaves the browser."""
import base64
import functools
import gzip
import http.server
import json
import os
import pathlib
import subprocess
import threading

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browser import Browser

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
PAGE = ROOT / "build/page"
PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7z", b"BZh")
SAMPLES = [p for folder in ("tests/notices", "tests/replies", "tests/pasted", "tests/hooks", "tests/logs", "tests/cases", "examples")
           for p in sorted((ROOT / folder).rglob("*")) if p.is_file() and not p.read_bytes().startswith(PACKED)]
BATCH = 100

# Explains each of a list of inputs in base64, one behind the other.
EXPLAIN = """
const [inputs, form, done] = arguments, answers = [];
const worker = new Worker("worker.js");
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const next = () => inputs.length === answers.length ? (worker.terminate(), done(answers))
    : worker.postMessage({ id: answers.length, what: "why", blob: new Blob([bytes(inputs[answers.length])]), form, lang: "en" });
worker.onmessage = async ({ data }) => { if (data.progress === undefined) { answers.push(data.fault ?? await data.answer.text()); next(); } };
next();
"""

DROP = """
const data = new DataTransfer();
data.items.add(new File([arguments[0]], "bounce.eml"));
document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    subprocess.run([ROOT / "dev", "page"], check=True, cwd=ROOT, capture_output=True, timeout=600)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("downloads"))
    browser.set_script_timeout(300)
    yield browser
    browser.quit()


@pytest.fixture
def page(chromium, site):
    chromium.size(1280)
    chromium.theme("light")
    chromium.get("about:blank")
    chromium.console()
    chromium.requests()
    chromium.get(site)
    if chromium.execute_script("return document.documentElement.lang") != "en":
        chromium.find_element(By.ID, "language").click()
    yield chromium
    assert chromium.console() == []
    assert [url for url in chromium.requests() if not url.startswith((site, "blob:" + site, "data:", "about:"))] == []


def wait(page, condition):
    return WebDriverWait(page, 60, poll_frequency=.02).until(condition)


def shown(page):
    return page.find_element(By.ID, "output").text


def natively(data, *arguments):
    return subprocess.run([TODOKU, "why", "--offline", "--quiet", *arguments], input=data, capture_output=True, timeout=60, cwd=ROOT,
                          env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}).stdout.decode()


@pytest.mark.parametrize("first", range(0, len(SAMPLES), BATCH))
def test_every_sample_is_judged_as_the_program_does(page, first):
    samples = SAMPLES[first:first + BATCH]
    answers = page.execute_async_script(EXPLAIN, [base64.b64encode(p.read_bytes()).decode() for p in samples], "jsonl")
    different = [str(p.relative_to(ROOT)) for p, answer in zip(samples, answers) if answer != natively(p.read_bytes(), "--json")]
    assert different == []


def test_a_page_is_the_programs_to_the_byte(page):
    data = (ROOT / "examples/gmail-spf-hard-fail.eml").read_bytes()
    (answer,) = page.execute_async_script(EXPLAIN, [base64.b64encode(data).decode()], "html")
    assert answer == natively(data, "--format", "html")


@pytest.mark.parametrize("name, says", [
    ("gmail-spf-hard-fail.eml", "The SPF record ends in -all"), ("gmail-no-such-user.eml", "No such account at Google"),
    ("postfix.log", "2 failures of 2 kinds"),
])
def test_an_example_is_explained(page, name, says):
    page.find_element(By.CSS_SELECTOR, f"[data-example='{name}']").click()
    wait(page, lambda p: says in shown(p))


def test_what_needs_the_dns_is_not_offered(page):
    assert [link.get_attribute("data-view") for link in page.find_elements(By.CSS_SELECTOR, "nav a") if link.is_displayed()] == ["why", "codes"]


def test_codes_are_there(page):
    page.find_element(By.CSS_SELECTOR, "nav [data-view=codes]").click()
    wait(page, lambda p: p.find_elements(By.CSS_SELECTOR, ".code"))
    wait(page, lambda p: len(p.find_elements(By.CSS_SELECTOR, "#receiver option")) > 5)


def test_a_packed_log_is_read(page):
    packed = base64.b64encode(gzip.compress((ROOT / "examples/postfix.log").read_bytes())).decode()
    (answer,) = page.execute_async_script(EXPLAIN, [packed], "jsonl")
    assert [json.loads(line)["recipient"] for line in answer.splitlines()] == ["hanako.suzuki@gmail.com", "taro@example.com"]


def test_a_log_of_any_size_never_freezes_the_page_and_can_be_cancelled(page):
    page.execute_script("window.ticks = 0; setInterval(() => window.ticks++, 10);"
                        "const text = arguments[0].repeat(2000), data = new DataTransfer(); data.items.add(new File(Array(80).fill(text), 'log'));"
                        "document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))",
                        (ROOT / "examples/postfix.log").read_text())
    wait(page, lambda p: "%" in p.find_element(By.ID, "state").text)
    before = page.execute_script("return window.ticks")
    wait(page, lambda p: p.execute_script("return window.ticks") > before)
    page.find_element(By.ID, "cancel").click()
    wait(page, lambda p: "Cancelled." in shown(p))
    page.execute_script(DROP, "550 5.1.1 <taro@example.com>: user unknown")
    wait(page, lambda p: "taro@example.com" in shown(p))


def test_it_works_without_a_network_once_it_was_loaded(page, site):
    page.execute_async_script("navigator.serviceWorker.ready.then(arguments[0])")
    try:
        page.execute_cdp_cmd("Network.enable", {})
        page.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        page.get(site)
        page.execute_script(DROP, (ROOT / "examples/gmail-no-such-user.eml").read_text())
        wait(page, lambda p: "No such account at Google" in shown(p))
    finally:
        page.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})


def test_the_whole_page_is_small(site):
    files = [p for p in PAGE.rglob("*") if p.is_file()]
    assert sum(len(gzip.compress(p.read_bytes(), 9)) for p in files) < 700_000
