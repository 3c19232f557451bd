"""The page of `todoku web` in a real Chromium: what a person sees, in both languages, and that nothing leaves the machine."""
import csv
import io
import json
import time

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from browser import Browser
from web_server import ROOT, Server

EXAMPLES = {
    "gmail-spf-hard-fail.eml": ("SPF レコード", "The SPF record ends in -all"),
    "gmail-dmarc-reject.eml": ("DMARC", "The mail fails DMARC"),
    "gmail-no-authentication.eml": ("SPF も DKIM も", "Neither SPF nor DKIM passes"),
    "gmail-no-such-user.eml": ("アカウントがありません", "No such account at Google"),
    "gmail-mailbox-full-552.eml": ("容量", "storage is full"),
    "postfix.log": ("エラー 2 件", "2 failures of 2 kinds"),
}
RECORD = "v=spf1 ip4:192.0.2.25 include:_spf.esp.example ip4:198.51.100.7 -all"

# The least contrast of text against what is behind it. WCAG 2.2, 1.4.3
CONTRAST = """
const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
const colour = (text) => text.match(/[\\d.]+/g).map(Number);
const behind = (e) => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); if ((c[3] ?? 1) > .99) return c.slice(0, 3); }
    return [255, 255, 255]; };
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility()) continue;
    const a = light(colour(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([ratio.toFixed(2), walk.currentNode.data.trim().slice(0, 40)]);
}
return found;
"""

DROP = """
const [name, text, where] = arguments, data = new DataTransfer();
data.items.add(new File([text], name));
for (const kind of ["dragenter", "dragover", "drop"])
    document.querySelector(where).dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("web"))
    yield server
    server.end()


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def chromium(downloads):
    browser = Browser(downloads)
    yield browser
    browser.quit()


@pytest.fixture
def page(chromium, server):
    """The page, freshly loaded; afterwards: nothing on the console, nothing asked of anywhere else."""
    chromium.size(1280)
    chromium.theme("light")
    chromium.get("about:blank")
    chromium.console()
    chromium.requests()
    chromium.get(server.url)
    speak(chromium, "en")
    yield chromium
    assert chromium.console() == []
    assert [url for url in chromium.requests() if not url.startswith((server.url, "blob:" + server.url, "data:", "about:"))] == []


def speak(page, lang):
    if page.execute_script("return document.documentElement.lang") != lang:
        page.find_element(By.ID, "language").click()


def wait(page, condition):
    return WebDriverWait(page, 20, poll_frequency=.02).until(condition)


def shown(page):
    return page.find_element(By.ID, "output").text


def try_example(page, name):
    page.find_element(By.CSS_SELECTOR, f"[data-example='{name}']").click()
    wait(page, lambda p: p.find_element(By.ID, "keep").is_displayed())


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_explained_in_both_languages(page, name):
    try_example(page, name)
    for lang, says in zip(("ja", "en"), EXAMPLES[name]):
        speak(page, lang)
        assert says in shown(page)
    assert "送信者" not in shown(page)


def test_a_bounce_is_dropped_anywhere(page):
    page.execute_script(DROP, "bounce.eml", (ROOT / "examples/gmail-spf-hard-fail.eml").read_text(), "h1")
    wait(page, lambda p: RECORD in shown(p))
    assert not page.find_element(By.ID, "over").is_displayed()


def test_a_bounce_dropped_on_another_view_is_explained(page, server):
    page.get(server.url + "#codes")
    page.execute_script(DROP, "bounce.eml", (ROOT / "examples/gmail-spf-hard-fail.eml").read_text(), "h1")
    wait(page, lambda p: RECORD in shown(p))


def test_a_reply_is_pasted_and_sent_by_the_keyboard_alone(page):
    page.find_element(By.ID, "text-why").send_keys("550 5.1.1 <taro@example.com>: user unknown", Keys.CONTROL, Keys.ENTER)
    wait(page, lambda p: "taro@example.com" in shown(p))


def test_the_keyboard_reaches_everything_in_order(page):
    reached = []
    for _ in range(40):
        ActionChains(page).send_keys(Keys.TAB).perform()
        focused = page.switch_to.active_element
        reached.append(focused.get_attribute("id") or focused.get_attribute("data-view") or focused.get_attribute("data-example") or focused.text)
        outline = page.execute_script("const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth + document.activeElement.type")
        assert focused.tag_name == "body" or "none" not in outline or "file" in outline, reached[-1]
    wanted = ["why", "check", "verify", "codes", "language", "text-why", "file-why", "gmail-spf-hard-fail.eml"]
    assert [r for r in reached if r in wanted][:len(wanted)] == wanted


def test_a_file_is_chosen(page, tmp_path):
    (tmp_path / "log").write_bytes((ROOT / "examples/postfix.log").read_bytes())
    page.find_element(By.ID, "file-why").send_keys(str(tmp_path / "log"))
    wait(page, lambda p: "2 failures of 2 kinds" in shown(p))


def test_a_record_is_copied(page):
    try_example(page, "gmail-spf-hard-fail.eml")
    button = next(b for b in page.find_elements(By.CSS_SELECTOR, "button.copy-it") if b.is_displayed())
    assert button.text == "Copy"
    button.click()
    wait(page, lambda _: button.text == "Copied")
    assert page.execute_async_script("navigator.clipboard.readText().then(arguments[0])") == RECORD


def kept(downloads, name):
    file = downloads / name
    for _ in range(500):
        if file.exists() and file.stat().st_size > 0:
            break
        time.sleep(.02)
    data = file.read_bytes()
    file.unlink()
    return data


def test_a_result_is_kept_in_each_form(page, downloads, server):
    try_example(page, "postfix.log")
    page.find_element(By.ID, "keep-json").click()
    verdicts = [json.loads(line) for line in kept(downloads, "todoku.jsonl").splitlines()]
    assert [v["recipient"] for v in verdicts] == ["hanako.suzuki@gmail.com", "taro@example.com"]
    page.find_element(By.ID, "keep-csv").click()
    rows = list(csv.DictReader(io.StringIO(kept(downloads, "todoku.csv").decode("utf-8-sig"))))
    assert [(r["recipient"], r["suppress"]) for r in rows] == [("hanako.suzuki@gmail.com", "never"), ("taro@example.com", "never")]
    page.find_element(By.ID, "keep-html").click()
    report = kept(downloads, "todoku.html")
    assert b"<style>" in report and b"<script" not in report and RECORD.encode() in report


def test_a_kept_page_shows_one_language_at_a_time_without_a_script(chromium, page, downloads, tmp_path):
    try_example(page, "gmail-spf-hard-fail.eml")
    page.find_element(By.ID, "keep-html").click()
    (tmp_path / "report.html").write_bytes(kept(downloads, "todoku.html"))
    chromium.get((tmp_path / "report.html").as_uri())
    body = chromium.find_element(By.TAG_NAME, "body")
    chromium.find_element(By.CSS_SELECTOR, "label[for=lang-ja]").click()
    assert "変更内容" in body.text and "Who must act" not in body.text
    chromium.find_element(By.CSS_SELECTOR, "label[for=lang-en]").click()
    assert "変更内容" not in body.text and "Who must act" in body.text
    assert chromium.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    chromium.requests()


def test_many_are_filtered(page):
    try_example(page, "postfix.log")
    page.find_element(By.ID, "filter").send_keys("taro@example.com")
    assert len([c for c in page.find_elements(By.CSS_SELECTOR, "article.card") if c.is_displayed()]) == 1
    page.find_element(By.ID, "filter").clear()


def test_a_domain_is_checked(page):
    page.find_element(By.CSS_SELECTOR, "nav [data-view=check]").click()
    form = page.find_element(By.ID, "form-check")
    form.find_element(By.NAME, "domain").send_keys("example.jp")
    form.find_element(By.NAME, "ip").send_keys("192.0.2.25", Keys.ENTER)
    wait(page, lambda p: "example.jp: 1 failed" in shown(p))
    assert RECORD in shown(page) and "What Gmail would answer" in shown(page)
    speak(page, "ja")
    assert "example.jp: 不合格が 1 件" in shown(page)


def test_a_domain_that_is_none_is_said_to_be_none(page):
    page.find_element(By.CSS_SELECTOR, "nav [data-view=check]").click()
    page.find_element(By.ID, "form-check").find_element(By.NAME, "domain").send_keys("192.0.2.1", Keys.ENTER)
    wait(page, lambda p: "is an IP address" in shown(p))
    page.get_log("browser")  # Chromium notes every status of 400


def test_a_message_is_verified(page):
    page.find_element(By.CSS_SELECTOR, "nav [data-view=verify]").click()
    form = page.find_element(By.ID, "form-verify")
    form.find_element(By.NAME, "ip").send_keys("192.0.2.25")
    form.find_element(By.NAME, "mail-from").send_keys("info@example.jp")
    page.execute_script("document.getElementById('text-verify').value = arguments[0]", (ROOT / "examples/gmail-dmarc-reject.eml").read_text())
    form.submit()
    wait(page, lambda p: "Authentication-Results" in shown(p))
    assert "include:_spf.esp.example" in shown(page) and "not aligned" in shown(page)


def test_codes_are_searched_in_both_languages(page):
    page.find_element(By.CSS_SELECTOR, "nav [data-view=codes]").click()
    wait(page, lambda p: p.find_elements(By.CSS_SELECTOR, ".code"))
    for lang, words in (("en", "hard fail"), ("ja", "容量")):
        speak(page, lang)
        search = page.find_element(By.ID, "search")
        search.clear()
        search.send_keys(words)
        seen = [c for c in page.find_elements(By.CSS_SELECTOR, ".code") if c.is_displayed()]
        assert 0 < len(seen) < 20
    page.find_element(By.ID, "search").clear()
    wait(page, lambda p: len(p.find_elements(By.CSS_SELECTOR, "#receiver option")) > 5)
    page.find_element(By.CSS_SELECTOR, "#receiver option[value=microsoft]").click()
    wait(page, lambda p: "Microsoft" in p.find_element(By.ID, "codes").text)


@pytest.mark.parametrize("width", [375, 768, 3840])
@pytest.mark.parametrize("view", ["why", "check", "verify", "codes"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nothing_is_wider_than_the_window(page, server, width, view, lang):
    page.size(width)
    page.get(server.url + "#" + view)
    speak(page, lang)
    if view == "why":
        try_example(page, "gmail-spf-hard-fail.eml")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert page.execute_script("return [...document.querySelectorAll('button, .button, nav a')].filter((e) => e.checkVisibility() && "
                               "!e.closest('.copied-from') && e.getBoundingClientRect().height < 24).length") == 0, "WCAG 2.2, 2.5.8"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["why", "check", "codes"])
def test_all_text_can_be_read(page, server, theme, view):
    page.theme(theme)
    page.get(server.url + "#" + view)
    if view == "why":
        try_example(page, "gmail-spf-hard-fail.eml")
    elif view == "check":
        page.find_element(By.ID, "form-check").find_element(By.NAME, "domain").send_keys("example.jp", Keys.ENTER)
        wait(page, lambda p: "example.jp" in shown(p))
    else:
        wait(page, lambda p: p.find_elements(By.CSS_SELECTOR, ".code"))
    assert page.execute_script(CONTRAST) == []


def test_nothing_in_a_bounce_runs_or_is_fetched(page):
    bounce = (ROOT / "tests/hostile/bounce.eml").read_text()
    for hostile in (ROOT / "tests/hostile/strings.txt").read_text().splitlines():
        page.execute_script(DROP, "x\"><img src=x onerror=alert(1)>.eml", bounce.replace("HOSTILE", hostile), "h1")
        wait(page, lambda p: "taro@example.com" in shown(p) and p.find_element(By.ID, "keep").is_displayed())
        assert page.execute_script("return document.querySelectorAll('#output :is(script, img, svg:not(.bar), style, meta, iframe)').length") == 0


def test_what_is_too_large_is_told_and_not_sent(page):
    page.execute_script("const data = new DataTransfer(); data.items.add(new File([new Uint8Array(26 * 1024 * 1024)], 'big'));"
                        "document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))")
    wait(page, lambda p: "larger than 25 MB" in shown(p))


def test_a_large_log_can_be_cancelled(page):
    page.execute_script("const data = new DataTransfer(); data.items.add(new File([arguments[0].repeat(9000)], 'log'));"
                        "document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))",
                        (ROOT / "examples/postfix.log").read_text())
    page.execute_script("document.getElementById('cancel').click()")
    wait(page, lambda p: "Cancelled." in shown(p))


def test_a_token_is_asked_for_once(chromium, tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    server = Server(tmp_path, "--token", str(tmp_path / "token"))
    chromium.get(server.url)
    chromium.find_element(By.CSS_SELECTOR, "[data-example='gmail-no-such-user.eml']").click()
    wait(chromium, lambda p: p.find_element(By.ID, "token").is_displayed())
    chromium.find_element(By.ID, "token").send_keys("s3cret", Keys.ENTER)
    wait(chromium, lambda p: p.find_element(By.ID, "keep").is_displayed())
    try_example(chromium, "gmail-spf-hard-fail.eml")
    chromium.get("about:blank")
    server.end()
