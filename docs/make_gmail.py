"""Writes docs/gmail.md and docs/gmail.ja.md: each reply of Gmail, its cause and its remedy.

What a reply is stands in catalog/google.rule; what it means is asked of the program itself, with that very reply, so that the
page says what `todoku why` says. `--check` writes nothing and fails where a page is not current.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
PAGES = {"en": ROOT / "docs/gmail.md", "ja": ROOT / "docs/gmail.ja.md"}

COMMON = ["no-such-user", "disabled-user", "mailbox-full-inactive", "mailbox-full", "dmarc-policy", "spf-hard-fail",
          "unauthenticated"]
HOLES = {"recipient": "hanako@gmail.com", "sender": "info@example.jp", "domain": "example.jp", "ip": "192.0.2.25",
         "netblock": "192.0.2.0/24", "helo": "localhost", "command": "EHLO", "size": "36700160", "limit": "26214400",
         "count": "612", "header": "Subject"}

WORDS = {
    "en": {
        "cause": "Why", "do": "What to do", "message": "This message", "address": "The address", "who": "Who must act",
        "as_of": "as of", "also": "also as", "anywhere": "Contents", "common": "The seven commonest", "reply": "reply",
        "meaning": "what it means", "code": "code", "notices": "Without a code: notices of Google's own servers",
        "notice": "notice", "alone": "A code alone", "elsewise": "Other wordings ({n})", "first": "what to do first",
        "alone_lead": "Where a reply was cut and only its codes are left, they mean at Gmail:",
        "never": "Keep it on the list: it is not at fault.", "at-once": "Take it off the list at once.",
        "after": "Keep it for now; take it off the list after {count} failures within {days}.",
        "permanent": "Permanent: do not send it again before the cause is removed.",
        "retry": "Temporary: try again after {after}, then every {every}, for up to {within}.",
        "temporary": "Temporary, but it does not pass by itself: remove the cause, then send again.",
        "unknown": "It depends on the reply's class: 4 is temporary, 5 permanent.",
        "brief": {"never": "keep it", "at-once": "take it off the list", "after": "take it off after {count} times"},
        "units": ["second", "minute", "hour", "day"], "joint": ", ",
    },
    "ja": {
        "cause": "原因", "do": "対処方法", "message": "このメール", "address": "宛先の扱い", "who": "対応する人",
        "as_of": "確認日", "also": "次のコードでも返ります:", "anywhere": "目次", "common": "よくある 7 つの応答", "reply": "応答",
        "meaning": "意味", "code": "コード", "notices": "コードなし: Google 自身のサーバーからの通知",
        "notice": "通知", "alone": "コードだけがわかる場合", "elsewise": "ほかの文面({n} 件)", "first": "最初にすること",
        "alone_lead": "応答が途中で切れていてコードしかわからない場合、Gmail では次の意味です。",
        "never": "配信リストに残してください(アドレスの問題ではありません)。", "at-once": "ただちに配信リストから除外してください。",
        "after": "しばらく残し、{days}以内に {count} 回失敗したら配信リストから除外してください。",
        "permanent": "恒久的なエラー。原因を取り除くまで再送しないでください。",
        "retry": "一時的なエラー。{after}後に再送し、その後は {every}ごとに、最長 {within}続けます。",
        "temporary": "一時的なエラーですが、待つだけでは解消しません。原因を取り除いてから再送してください。",
        "unknown": "応答のコードによります(4 で始まれば一時的、5 で始まれば恒久的)。",
        "brief": {"never": "残す", "at-once": "配信リストから外す", "after": "{count} 回発生したら外す"},
        "units": [" 秒", " 分", " 時間", " 日"], "joint": "、",
    },
}
ACTORS = {
    "sender": ("the sender", "送信者"), "sender-admin": ("the sender's mail administrator", "送信側のメール管理者"),
    "sender-dns": ("whoever keeps the sender's DNS", "送信ドメインの DNS 管理者"), "recipient": ("the recipient", "受信者"),
    "recipient-admin": ("the recipient's mail administrator", "受信側のメール管理者"), "receiver": ("Google", "Google"),
    "nobody": ("nobody", "なし"),
}
CLASSES = {
    "421": ("Not now, and the connection is closed", "一時的な拒否(接続は Gmail 側から切断)"),
    "450": ("Not now: the mailbox", "一時的な拒否(宛先のメールボックス)"),
    "451": ("Not now: something on the way", "一時的な拒否(処理中の問題)"),
    "452": ("Not now: no room, or too many recipients", "一時的な拒否(容量不足、または宛先が多すぎる)"),
    "454": ("Not now: signing in or encryption", "一時的な拒否(ログイン・暗号化)"),
    "550": ("Refused", "拒否"), "552": ("Refused: too large, or no room", "拒否(サイズ・容量の超過)"),
    "553": ("Refused: an address", "拒否(メールアドレスの誤り)"), "554": ("Refused: the message as a whole", "拒否(メール全体)"),
    "5": ("The session: commands and signing in", "SMTP の手順とログイン"),
}
LEADS = {
    "en": """# What Gmail answers, and what to do

Each reply of Gmail and Google Workspace that [todoku](../README.md) knows: what it says, why, what to do, and what becomes of
the recipient's address. `example.jp` stands for your domain, `192.0.2.25` for your server. 日本語: [gmail.ja.md](gmail.ja.md)

Have the reply at hand? This tells it with your own names filled in, and looks into the DNS:

    todoku why '550-5.7.26 …'
""",
    "ja": """# Gmail の応答と対処方法

[todoku](../README.ja.md) が知っている Gmail・Google Workspace の応答の一覧です。文面、原因、対処方法、宛先のアドレスの扱いを
示します。`example.jp` は自分のドメイン、`192.0.2.25` は自分のサーバーに読み替えてください。English: [gmail.md](gmail.md)

手元に応答があれば、次のコマンドで、実際のドメインやアドレスを入れた説明と DNS の現状を表示できます。

    todoku why '550-5.7.26 …'
""",
}


def stanzas(path):
    """The rules of a file, each a name and its values: a list of lines each."""
    for text in re.split(r"\n\n+", re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.M)):
        rule = {}
        for name, first, more in re.findall(r"^([A-Z][\w-]*): ?(.*)((?:\n .*)*)", text, re.M):
            rule.setdefault(name, []).append([first, *(line[1:] for line in more.split("\n")[1:])])
        if rule:
            yield rule


def as_sent(code, status, lines):
    """Each line of a reply carries the codes; RFC 5321 section 4.2.1 has the hyphen."""
    lines = [re.sub(r"\{(\w+)\}", lambda m: HOLES[m[1]], line) for line in lines]
    return "\n".join(f"{code}{' ' if i == len(lines) - 1 else '-'}{status} {line}" for i, line in enumerate(lines))


def reply_of(rule):
    """The reply, and the further codes under which it is given."""
    if "Reply" in rule:
        codes, *lines = rule["Reply"][0]
        first, *others = [pair.split() for pair in codes.split(", ")]
        return as_sent(*first, lines), [" ".join(o) for o in others]
    return samples(rule)[0], []


def samples(rule):
    """Replies as they came, but for the session's name."""
    return [re.sub(r" \w+-\w+\.\d+ - gsmtp", " - gsmtp", "\n".join(filter(None, lines))) for lines in rule["Sample"]]


def codes_of(reply):
    return " ".join(filter(None, re.match(r"(?:(\d{3})[ -](?:(\d\.\d+\.\d+)\b)?)?", reply).groups()))


def words_of(reply):
    """Without the codes, the breaks of its lines and who says it."""
    return " ".join(re.sub(r"(?m)^\d{3}[ -](\d\.\d+\.\d+ ?)?| - gsmtp$", "", reply).split())


def other_wordings(reply, texts):
    """Those that say it otherwise than `reply`, one of each."""
    one_of_each = {words_of(text).lower(): text for text in reversed([reply, *texts])}
    return [text for text in reversed(one_of_each.values()) if text != reply]


def why(reply, rule):
    """What the program says of it: by this rule, or by another one of the same cause."""
    for said in (reply, f"{reply} - gsmtp"):
        line = subprocess.run([TODOKU, "why", "--offline", "--json", "-"], input=said, capture_output=True, text=True).stdout
        for verdict in map(json.loads, line.splitlines()):
            if verdict["rule"] == rule["Rule"][0][0] or verdict["cause"] == rule["Cause"][0][0]:
                return verdict
    raise SystemExit(f"{rule['Rule'][0][0]}: todoku why explains its reply otherwise")


def entries():
    for rule in stanzas(ROOT / "catalog/google.rule"):
        name = rule["Rule"][0][0]
        if rule["Cause"][0][0].startswith("delivery."):
            continue # words that wrap another server's reply
        reply, others = reply_of(rule)
        codes = codes_of(reply)
        earlier = {codes_of(text): text for text in reversed(samples(rule)) if codes_of(text) not in (codes, "", *others)}
        yield {"name": name, "anchor": name.split(".", 1)[1], "reply": reply, "others": others, "words": "Text" in rule,
               "code": codes[:3], "codes": codes, "earlier": earlier, "wordings": other_wordings(reply, samples(rule)),
               "sources": [s[0] for s in rule["Source"]], "checked": rule["Checked"][0][0], "says": why(reply, rule), "own": "Reply" in rule}


def time_of(seconds, lang, every=False):
    units = WORDS[lang]["units"]
    for size, unit in ((86400, 3), (3600, 2), (60, 1), (1, 0)):
        if seconds % size == 0:
            n = seconds // size
            if lang == "en" and n == 1 and every:
                return units[unit]
            return f"{n} {units[unit]}{'s' if n != 1 else ''}" if lang == "en" else f"{n}{units[unit]}"


def message_of(says, lang):
    retry, words = says["retry"], WORDS[lang]
    if says["permanence"] == "temporary" and retry["after"] and not retry["in_vain"]:
        return words["retry"].format(**{k: time_of(retry[k], lang, k == "every") for k in ("after", "every", "within")})
    return words[says["permanence"]]


def address_of(says, lang):
    suppress = says["suppress"]
    return WORDS[lang][suppress["when"]].format(count=suppress["count"], days=time_of(suppress["seconds"] or 0, lang))


def plain(text):
    """Angle brackets outside code would be taken for HTML."""
    return "".join(part if i % 2 else part.replace("<", "&lt;") for i, part in enumerate(re.split(r"(`[^`]*`)", text)))


def link(source):
    source = re.sub(r"^github (\S+)#(\d+)$", r"https://github.com/\1/issues/\2", source)
    return f"[{source.split('://', 1)[1]}]({source})" if source.startswith("https://") else source


def entry(e, lang):
    says, words = e["says"], WORDS[lang]
    steps = "\n".join(f"{i}. {plain(step)}" for i, step in enumerate(says["remedy"][lang], 1))
    actors = words["joint"].join(ACTORS[a][lang == "ja"] for a in says["acts"])
    also = f"{words['also']} {words['joint'].join(e['others'])}\n\n" if e["others"] else ""
    sources = words["joint"].join(map(link, e["sources"]))
    return f"""<a id="{e['anchor']}"></a>
### {(e['codes'] + ' · ') if e['codes'] else ''}{plain(says['title'][lang])}

```
{e['reply']}
```

{also}**{words['cause']}** — {plain(says['why'][lang])}

**{words['do']}**

{steps}

| | |
|---|---|
| {words['message']} | {message_of(says, lang)} |
| {words['address']} | {address_of(says, lang)} |
| {words['who']} | {actors} |

<sub>`{e['name']}` · {sources} · {words['as_of']} {e['checked']}</sub>
{wordings(e, lang)}"""


def wordings(e, lang):
    if not e["wordings"]:
        return ""
    told = "\n\n".join(e["wordings"])
    return f"""
<details><summary>{WORDS[lang]['elsewise'].format(n=len(e['wordings']))}</summary>

```
{told}
```

</details>
"""


def beginning(reply):
    words = words_of(reply)
    cut = words if len(words) <= 70 else words[:70].rsplit(" ", 1)[0] + " …"
    return plain(re.sub(r"https?://\S+", lambda m: f"`{m[0]}`", cut)).replace("|", "\\|")


def unbroken(codes):
    return codes.replace(" ", "&nbsp;")


def row(e, lang, codes, reply):
    return f"| {unbroken(codes)} | [{plain(e['says']['title'][lang])}](#{e['anchor']}) | {beginning(reply)} |"


def common_row(e, lang):
    says, words = e["says"], WORDS[lang]
    first = (says["change"] or {}).get(lang) or says["remedy"][lang][0]
    address = words["brief"][says["suppress"]["when"]].format(count=says["suppress"]["count"])
    return (f"| {'<br>'.join(map(unbroken, [e['codes'], *e['others']]))} | [{plain(says['title'][lang])}](#{e['anchor']}) | {beginning(e['reply'])} "
            f"| {plain(first)}<br>**{words['address']}**: {address} |")


def table(rows, lang):
    words = WORDS[lang]
    return "\n".join([f"| {words['code']} | {words['meaning']} | {words['reply']} |", "|---|---|---|", *rows]) + "\n"


def common(entries_by_anchor, lang):
    words = WORDS[lang]
    head = " | ".join(words[w] for w in ("code", "meaning", "reply", "first"))
    return "\n".join([f"| {head} |", "|---|---|---|---|",
                      *(common_row(entries_by_anchor[name], lang) for name in COMMON)]) + "\n"


def rows(key, groups, lang):
    """What is or was given under a code, also where it is told under another."""
    told = [(e["codes"], e, e["reply"]) for e in groups[key]]
    for e in (e for group in groups.values() for e in group):
        also = [(codes, e, e["reply"]) for codes in e["others"]] + [(codes, e, text) for codes, text in e["earlier"].items()]
        told += [line for line in also if group_of(line[0]) == key]
    return [row(e, lang, codes, reply) for codes, e, reply in sorted(told, key=lambda line: line[0])]


def group_of(codes):
    """The key of CLASSES under which these codes stand."""
    return codes[:3] if codes[:3] in CLASSES else "5" if codes.startswith("5") else ""


def joined(all_entries):
    """A rule for what another one's reply was before is told with that one."""
    told = {(e["says"]["cause"], e["codes"]): e for e in all_entries if e["own"]}
    known = []
    for e in all_entries:
        now = told.get((e["says"]["cause"], e["codes"]), e)
        if e["own"] or now is e:
            known.append(e)
        else:
            now["wordings"] = other_wordings(now["reply"], [*now["wordings"], e["reply"], *e["wordings"]])
            now["earlier"].update(e["earlier"])
    return known


def sections(all_entries):
    """Groups in the order of the page: a key of CLASSES, or none for what has no code."""
    known = joined([e for e in all_entries if e["words"]])
    of = {key: [e for e in known if group_of(e["codes"]) == key] for key in [*CLASSES, ""]}
    missing = {e["code"] for e in of[""]} - {""}
    if missing:
        raise SystemExit(f"CLASSES has no words for {missing}")
    return {key: sorted(group, key=lambda e: e["codes"]) for key, group in of.items() if group}


def heading(key, group, lang):
    if not key:
        return WORDS[lang]["notices"]
    shown = ", ".join(sorted({e["code"] for e in group})) if key == "5" else key
    return f"{shown} – {CLASSES[key][lang == 'ja']}"


def page(all_entries, lang):
    words, by = WORDS[lang], {e["anchor"]: e for e in all_entries}
    groups = sections(all_entries)
    out = [LEADS[lang], f"## {words['anywhere']}\n", f"- [{words['common']}](#common)"]
    out += [f"- [{heading(key, group, lang)}](#code-{key or 'none'}) ({len(group)})" for key, group in groups.items()]
    out += [f"- [{words['alone']}](#alone)\n", f'<a id="common"></a>\n## {words["common"]}\n',
            common(by, lang)]
    for key, group in groups.items():
        out += [f'<a id="code-{key or "none"}"></a>\n## {heading(key, group, lang)}\n',
                table(rows(key, groups, lang), lang), *(entry(e, lang) for e in group)]
    alone = [e for e in all_entries if not e["words"]]
    out += [f'<a id="alone"></a>\n## {words["alone"]}\n', words["alone_lead"] + "\n",
            f"| {words['code']} | {words['meaning']} |\n|---|---|",
            *(f"| {e['codes']} | {plain(e['says']['title'][lang])} |" for e in alone)]
    return "\n".join(out) + "\n"


def main():
    all_entries = list(entries())
    stale = []
    for lang, path in PAGES.items():
        text = page(all_entries, lang)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        raise SystemExit(f"not current: {', '.join(stale)}; run ./dev docs")


if __name__ == "__main__":
    main()
